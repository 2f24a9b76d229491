//! What outlives the page: the account that is signed in, and the calls that stand.
//!
//! A page that is loaded anew, or after a crash, goes on where the last one was. Who closes it in a call
//! and does not come back has said goodbye, a little later: the service worker does that.

use super::{Driver, Inner, Session, moment};
use crate::entropy::Entropy;
use crate::phone::{Account, Call, Notice, Phone, Stage};
use crate::platform::locks::{Claim, Lock};
use crate::platform::storage::{self, Area};
use crate::platform::vault::Vault;
use crate::platform::{CryptoEntropy, Timeout, clock, held, page, worker};
use crate::sip::ua::Command;
use crate::station::Input;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// When a page was last there in a call, in milliseconds since 1970.
const SEEN: &str = "webphone.seen";
/// There where somebody is signed in to stay, so that index.html shows no form.
const STAYS: &str = "webphone.stays";
/// The lock of the page that has the telephone, for which index.html looks too.
const TELEPHONE: &str = "webphone.telephone";

/// After how long an account is tried again that the server had and has turned away: seldom enough for
/// those who count failures.
const AGAIN: Duration = Duration::from_secs(300);

/// What is kept, and where.
#[derive(Default)]
pub(super) struct Lasting {
    vault: Option<Vault>,
    /// The account, where the user wants it to be kept.
    account: String,
    /// What is kept, or about to be.
    text: String,
    writes: bool,
    /// Calls are on their way back.
    returns: bool,
    /// One page of the browser has the telephone. Browsers do not freeze a page that holds a lock.
    lock: Option<Lock>,
    /// The page waits for its turn to have it.
    waits: bool,
    /// It asks to have it at once.
    claims: bool,
    /// When the account is tried again that the server has turned away.
    again: Option<Timeout>,
}

/// What becomes of the goodbyes of calls, while the page goes away.
pub(super) enum Farewell {
    /// They go out.
    Said,
    /// They wait with the service worker.
    Waiting(Vec<Vec<u8>>),
    /// Nothing is said any more: another page goes on.
    Unsaid,
}

impl Driver {
    /// Goes on with the account that the last page had, unless somebody signs in before.
    pub(super) fn begin_as_left(&self) {
        let driver = self.clone();
        spawn_local(async move {
            let Ok(vault) = Vault::open().await else { return page::show_form() };
            driver.0.borrow_mut().lasting.vault = Some(vault);
            let is_kept = driver.read_vault().await.is_some();
            if is_kept && driver.is_free() {
                let is_ours = driver.claim_telephone(Claim::IfFree).await;
                if is_ours {
                    // Another page may have had it until now, and may have been seen to leave.
                    driver.begin_with_lock(|driver| driver.is_free() || driver.is_mirror()).await;
                } else if driver.is_free() {
                    driver.become_mirror();
                }
            } else {
                driver.keep_lasting();
            }
            page::show_form();
        });
    }

    /// Nobody has signed in here.
    pub(super) fn is_free(&self) -> bool {
        matches!(self.0.borrow().station.phone().stage(), Stage::SignedOut { fault: None })
    }

    pub(super) fn is_mirror(&self) -> bool {
        self.0.borrow().station.phone().is_mirror()
    }

    /// Shows what another tab has signed in, as a page that has seen only the form.
    pub(super) fn become_mirror(&self) {
        self.update(Phone::leave_to_another);
        self.ask_tabs();
        self.take_telephone(Claim::InTurn);
    }

    /// Whether somebody is signed in, in this tab or another, and wants that to last.
    pub(super) fn somebody_stays() -> bool {
        storage::get(Area::Local, STAYS).ok().flatten().is_some()
    }

    /// Takes the telephone from the page that has it. What rings there cannot be taken along.
    pub(super) fn take_over(&self) {
        if self.0.borrow().station.phone().calls().iter().all(Call::is_up) {
            self.take_telephone(Claim::AtOnce);
        }
    }

    /// Becomes the page that has the telephone, and goes on where another was.
    pub(super) fn take_telephone(&self, claim: Claim) {
        let driver = self.clone();
        spawn_local(async move {
            {
                let lasting = &mut driver.0.borrow_mut().lasting;
                let asked =
                    if claim == Claim::InTurn { &mut lasting.waits } else { &mut lasting.claims };
                if lasting.lock.is_some() || std::mem::replace(asked, true) {
                    return;
                }
            }
            let is_ours = driver.claim_telephone(claim).await;
            {
                let inner = &mut *driver.0.borrow_mut();
                let lasting = &mut inner.lasting;
                if claim == Claim::InTurn {
                    lasting.waits = false;
                    // Who has signed in or out meanwhile has no use for a turn.
                    lasting.lock.take_if(|_| !inner.station.phone().is_mirror());
                } else {
                    lasting.claims = false;
                }
            }
            if is_ours {
                driver.begin_with_lock(Self::is_mirror).await;
            }
        });
    }

    /// Goes on with what is kept, where the page is still to do that.
    async fn begin_with_lock(&self, still: fn(&Self) -> bool) {
        let kept = self.read_vault().await.unwrap_or_default();
        let has_lock = self.0.borrow().lasting.lock.is_some();
        if has_lock && still(self) {
            self.go_on(&kept);
        } else {
            self.keep_lasting();
        }
    }

    /// What is kept. A page that was closed as soon as its user had signed out may have left it.
    async fn read_vault(&self) -> Option<String> {
        let vault = self.0.borrow().lasting.vault.clone()?;
        let kept = vault.read().await;
        self.0.borrow_mut().lasting.text = kept.clone().unwrap_or_default();
        kept.filter(|_| Self::somebody_stays())
    }

    async fn claim_telephone(&self, claim: Claim) -> bool {
        let driver = self.clone();
        let lock = Lock::claim(TELEPHONE, claim, move || driver.give_way()).await;
        let is_ours = lock.is_some();
        if is_ours {
            self.0.borrow_mut().lasting.lock = lock;
        }
        is_ours
    }

    /// Another page has taken the telephone.
    fn give_way(&self) {
        {
            let inner = &mut *self.0.borrow_mut();
            inner.lasting.lock = None;
            // Of an account that does not stay, the other page knows nothing.
            if !std::mem::take(&mut inner.lasting.account).is_empty()
                && let Some(session) = &mut inner.session
            {
                session.farewell = Farewell::Unsaid;
                inner.station.phone_mut(moment()).leave_calls();
            }
        }
        self.command(Command::Leave);
        {
            let inner = &mut *self.0.borrow_mut();
            inner.station.end();
            inner.session = None;
        }
        self.close_book();
        self.update(Phone::leave_to_another);
        self.take_telephone(Claim::InTurn);
    }

    /// Goes on with what was kept, or at the sign-in form.
    fn go_on(&self, kept: &str) {
        match Account::read(kept, page::plain_host().as_deref()) {
            Some((account, calls)) => self.resume(account, &calls),
            None => self.sign_out(),
        }
    }

    fn resume(&self, account: Account, calls: &[String]) {
        // A page that could not leave its calls to the worker has ended them.
        let seen = storage::get(Area::Local, SEEN).ok().flatten().and_then(|at| at.parse().ok());
        let calls = seen.map_or(&[][..], |_: u64| calls);
        {
            let lasting = &mut self.0.borrow_mut().lasting;
            lasting.returns = !calls.is_empty();
            lasting.account = account.write();
        }
        if !calls.is_empty() {
            worker::come_back();
        }
        // Without secure random numbers nobody was signed in before.
        let _ = self.begin(account, &mut |phone, domain| {
            phone.go_on(domain, calls, seen.unwrap_or_default());
        });
    }

    /// The user signs in, and wants that to last or not.
    pub(super) fn remember(&self, account: &Account, stays: bool) {
        let account = if stays { account.write() } else { String::new() };
        self.0.borrow_mut().lasting.account = account;
    }

    /// Keeps what has changed, for the next page.
    pub(super) fn keep_lasting(&self) {
        let vault = {
            let inner = &mut *self.0.borrow_mut();
            // What another page has written since is not to be lost.
            if inner.station.is_leaving() || inner.lasting.lock.is_none() || held::is_over() {
                return;
            }
            let text = match inner.station.phone().stage() {
                Stage::SigningIn | Stage::Elsewhere => return,
                // Nobody has signed out: the server may have the account again later.
                Stage::SignedOut { fault: Some(_) } => {
                    if !inner.station.phone().calls().is_empty() {
                        return;
                    }
                    self.wait_to_try(&mut inner.lasting)
                }
                Stage::SignedOut { fault: None } => String::new(),
                Stage::SignedIn => inner.lasting_text(),
            };
            inner.settle_return();
            let has_left = text.is_empty() && *inner.station.phone().stage() != Stage::SignedIn;
            let lasting = &mut inner.lasting;
            if has_left {
                lasting.account.clear();
            }
            if text.is_empty() && !lasting.text.is_empty() {
                let _ = storage::remove(Area::Local, STAYS);
            }
            let (Some(vault), true) = (lasting.vault.clone(), lasting.text != text) else {
                lasting.lock.take_if(|_| has_left && !lasting.writes);
                return;
            };
            lasting.text = text;
            if std::mem::replace(&mut lasting.writes, true) {
                return;
            }
            vault
        };
        self.note_presence();
        let driver = self.clone();
        spawn_local(async move {
            loop {
                let text = driver.0.borrow().lasting.text.clone();
                // Where the browser keeps nothing, the next page begins with the form.
                let _ = if text.is_empty() {
                    vault.clear().await
                } else {
                    let _ = storage::set(Area::Local, STAYS, "1");
                    vault.write(&text, nonce()).await
                };
                let lasting = &mut driver.0.borrow_mut().lasting;
                lasting.writes = lasting.text != text && lasting.lock.is_some();
                if !lasting.writes {
                    break;
                }
            }
            driver.keep_lasting();
        });
    }

    /// The server has turned the account that is kept away, for a reason that may pass: it is tried again
    /// in a while. Returns what is kept.
    fn wait_to_try(&self, lasting: &mut Lasting) -> String {
        let kept = Account::read(&lasting.text, page::plain_host().as_deref());
        let kept = kept.map_or_else(String::new, |(account, _)| account.write());
        if !kept.is_empty() && lasting.again.is_none() {
            let driver = self.clone();
            lasting.again = Some(Timeout::new(AGAIN, move || driver.try_again()));
        }
        kept
    }

    fn try_again(&self) {
        let (is_refused, kept) = {
            let inner = &mut *self.0.borrow_mut();
            inner.lasting.again = None;
            let is_refused =
                matches!(inner.station.phone().stage(), Stage::SignedOut { fault: Some(_) });
            (is_refused, inner.lasting.text.clone())
        };
        if is_refused {
            self.go_on(&kept);
        }
    }

    /// The page is there, and in a call.
    pub(super) fn note_presence(&self) {
        if !self.0.borrow().station.phone().calls().is_empty() {
            let now = clock::wall_clock_ms() as u64;
            // Without it the user is asked before a call is taken back.
            let _ = storage::set(Area::Local, SEEN, &now.to_string());
        }
    }

    /// The page goes away. What ends its calls waits with the service worker for another page.
    pub(super) fn leave(&self) {
        self.input(Input::Leaving);
        let (has_session, stays, returns) = {
            let inner = self.0.borrow();
            let lasting = &inner.lasting;
            (inner.session.is_some(), !lasting.account.is_empty(), lasting.returns)
        };
        if !has_session {
            return;
        }
        if returns {
            worker::wait_again();
        }
        let waits = stays && worker::is_there();
        if waits {
            self.note_presence();
        } else {
            // Where nothing is kept, there is nothing to be mistaken.
            let _ = storage::remove(Area::Local, SEEN);
        }
        {
            let inner = &mut *self.0.borrow_mut();
            if let Some(session) = inner.session.as_mut().filter(|_| waits) {
                session.farewell = Farewell::Waiting(Vec::new());
                inner.station.phone_mut(moment()).leave_calls();
            }
        }
        self.command(Command::Leave);
    }

    /// The browser had kept the page as it was, and shows it again. Its calls may stand.
    pub(super) fn come_back(&self) {
        if !self.0.borrow().lasting.account.is_empty() {
            page::reload();
            return;
        }
        self.input(Input::Back);
        let stage = self.0.borrow().station.phone().stage().clone();
        if matches!(stage, Stage::SigningIn | Stage::SignedIn) {
            self.command(Command::Connect);
        }
    }
}

impl Inner {
    fn lasting_text(&self) -> String {
        if self.session.is_none() {
            return String::new();
        }
        let mut lines = vec![self.lasting.account.clone()];
        if !lines[0].is_empty() {
            let station = &self.station;
            lines.extend(station.phone().left(&|call| station.standing(call)));
        }
        lines.join("\n")
    }

    /// Once no call is on its way back any more, the goodbye of the page before is said, or not.
    fn settle_return(&mut self) {
        if self.lasting.returns && !self.station.phone().is_returning() {
            self.lasting.returns = false;
            worker::settle(matches!(self.station.phone().notice(), Some(Notice::NotTakenBack(_))));
        }
    }
}

impl Session {
    /// Sends a frame, unless it is a goodbye that waits.
    pub(super) fn send(&mut self, frame: Vec<u8>) {
        match &mut self.farewell {
            Farewell::Unsaid if frame.starts_with(b"BYE ") || frame.starts_with(b"REGISTER ") => {}
            Farewell::Waiting(farewell) if frame.starts_with(b"BYE ") => farewell.push(frame),
            // A connection that breaks here reports itself as closed.
            _ => drop(self.socket.as_ref().map(|socket| socket.send(&frame))),
        }
    }

    /// Closes the connection, after the worker has taken the goodbyes.
    pub(super) fn close(&mut self) {
        if let Farewell::Waiting(frames) = std::mem::replace(&mut self.farewell, Farewell::Said)
            && !frames.is_empty()
            && !worker::leave(self.url(), &frames)
        {
            frames.into_iter().for_each(|frame| self.send(frame));
        }
        if let Some(socket) = self.socket.take() {
            socket.close();
        }
    }
}

fn nonce() -> [u8; 12] {
    let mut nonce = [0; 12];
    if let Ok(mut entropy) = CryptoEntropy::new() {
        entropy.fill(&mut nonce);
    }
    nonce
}
