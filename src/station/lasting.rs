//! What outlives the page: the account that is signed in, and the calls that stand.
//!
//! A page that is loaded anew, or after a crash, goes on where the last one was. Who closes it in a call
//! and does not come back has said goodbye, a little later: the service worker does that.

use super::{Claim, Moment, Output, Station};
use crate::phone::{Account, Notice, Stage};
use crate::sip::ua::Command;
use crate::time::Instant;
use std::time::Duration;

/// When a page was last there in a call, in milliseconds since 1970.
const SEEN: &str = "webphone.seen";
/// There where somebody is signed in to stay, so that index.html shows no form.
const STAYS: &str = "webphone.stays";

/// After how long an account is tried again that the server had and has turned away: seldom enough for
/// those who count failures.
const AGAIN: Duration = Duration::from_secs(300);

/// What became of the vault, in which the account and its calls are kept for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vault {
    /// It is open, and this is in it.
    Open(Option<String>),
    /// The browser keeps nothing for this page.
    Unavailable,
    /// It was read for [`Output::ReadVault`], and this is in it.
    Read(Claim, Option<String>),
    /// What [`Output::Seal`] has is in it, or cannot be kept: the next page begins with the form then.
    Written,
}

/// What the service worker is to do with the goodbyes of the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastWords {
    /// Wait with them: this page goes on.
    Wait,
    /// Say them all the same, after a while: this page goes before it could go on.
    WaitAgain,
    /// Say them.
    Say,
    /// They are needed no more.
    Drop,
}

/// What is kept, and what of it is under way.
#[derive(Default)]
pub(super) struct Lasting {
    has_vault: bool,
    /// The account, where its user wants it to be kept.
    pub(super) account: String,
    /// What is kept, or about to be.
    text: String,
    writing: Writing,
    /// Calls are on their way back.
    returns: bool,
    /// When the account is tried again that the server has turned away.
    again: Option<Instant>,
    pub(super) farewell: Farewell,
}

/// Whether something goes into the vault.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Writing {
    #[default]
    Idle,
    Running,
    /// It does, and what is to be kept has changed since.
    Outdated,
}

/// What becomes of the goodbyes of calls, while the page goes away.
#[derive(Default)]
pub(super) enum Farewell {
    /// They go out.
    #[default]
    Said,
    /// They wait with the service worker.
    Waiting(Vec<Vec<u8>>),
    /// Nothing is said any more: another page goes on.
    Unsaid,
}

impl Lasting {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.again
    }

    /// A frame that goes out now; nothing where it is a goodbye that waits.
    pub(super) fn pass(&mut self, frame: Vec<u8>) -> Option<Output> {
        let is_goodbye = frame.starts_with(b"BYE ");
        match &mut self.farewell {
            Farewell::Unsaid if is_goodbye || frame.starts_with(b"REGISTER ") => None,
            Farewell::Waiting(farewell) if is_goodbye => {
                farewell.push(frame);
                None
            }
            _ => Some(Output::Send(frame)),
        }
    }

    /// The goodbyes that wait, which go before the connection is closed.
    pub(super) fn take_goodbyes(&mut self) -> Option<Output> {
        match std::mem::take(&mut self.farewell) {
            Farewell::Waiting(frames) if !frames.is_empty() => Some(Output::Goodbyes(frames)),
            _ => None,
        }
    }
}

impl Station {
    pub(super) fn handle_vault(&mut self, moment: Moment, vault: Vault) -> Vec<Command> {
        match vault {
            Vault::Unavailable => self.outputs.push_back(Output::ShowForm),
            Vault::Open(kept) => {
                self.lasting.has_vault = true;
                let goes_on = self.learn(kept).is_some() && self.is_free();
                let next = if goes_on { Output::Claim(Claim::IfFree) } else { Output::ShowForm };
                self.outputs.push_back(next);
            }
            Vault::Read(claim, kept) => {
                self.tabs.reads = false;
                // Who stays signed in is said from now on: a tab that did not know it may show this one.
                self.tabs.told.clear();
                let kept = self.learn(kept).unwrap_or_default();
                let is_first = claim == Claim::IfFree;
                let is_wanted = self.phone.is_mirror() || (is_first && self.is_free());
                let commands = match self.tabs.has_lock && is_wanted {
                    true => self.go_on(moment, &kept),
                    false => Vec::new(),
                };
                self.outputs.extend(is_first.then_some(Output::ShowForm));
                return commands;
            }
            Vault::Written => {
                let writing = std::mem::take(&mut self.lasting.writing);
                if writing == Writing::Outdated && self.tabs.has_lock {
                    self.seal();
                }
            }
        }
        Vec::new()
    }

    /// Takes note of what is kept. A page that was closed as soon as its user had signed out may have
    /// left it.
    fn learn(&mut self, kept: Option<String>) -> Option<String> {
        self.lasting.text = kept.clone().unwrap_or_default();
        kept.filter(|_| self.somebody_stays())
    }

    /// Whether somebody is signed in, in this tab or another, and wants that to last.
    pub(super) fn somebody_stays(&self) -> bool {
        self.ground.store.get(STAYS).is_some()
    }

    /// Goes on with what was kept, or at the sign-in form.
    fn go_on(&mut self, moment: Moment, kept: &str) -> Vec<Command> {
        match Account::read(kept, self.ground.page_host.as_deref()) {
            Some((account, calls)) => self.resume(moment, account, &calls),
            None => self.sign_out(moment),
        }
    }

    fn resume(&mut self, moment: Moment, account: Account, calls: &[String]) -> Vec<Command> {
        // A page that could not leave its calls to the worker has ended them.
        let seen = self.ground.store.get(SEEN).and_then(|at| at.parse().ok());
        let calls = seen.map_or(&[][..], |_: u64| calls);
        self.lasting.returns = !calls.is_empty();
        self.lasting.account = account.write();
        if self.lasting.returns {
            self.outputs.push_back(Output::LastWords(LastWords::Wait));
        }
        // Without secure random numbers nobody was signed in before.
        self.begin(moment, account, &mut |phone, domain| {
            phone.set_time_of_day(moment.time_of_day);
            phone.go_on(domain, calls, seen.unwrap_or_default());
        })
    }

    /// Keeps what has changed, for the next page.
    pub(super) fn keep_lasting(&mut self, moment: Moment) {
        // What another page has written since is not to be lost.
        if self.is_leaving() || !self.tabs.has_lock || self.tabs.reads {
            return;
        }
        let text = match self.phone.stage() {
            Stage::SigningIn | Stage::Elsewhere => return,
            // Nobody has signed out: the server may have the account again later.
            Stage::SignedOut { fault: Some(_) } if !self.phone.calls().is_empty() => return,
            Stage::SignedOut { fault: Some(_) } => self.wait_to_try(moment.now),
            Stage::SignedOut { fault: None } => String::new(),
            Stage::SignedIn => self.lasting_text(),
        };
        self.settle_return();
        let has_left = text.is_empty() && *self.phone.stage() != Stage::SignedIn;
        if has_left {
            self.lasting.account.clear();
        }
        if text.is_empty() && !self.lasting.text.is_empty() {
            self.ground.store.remove(STAYS);
        }
        if !self.lasting.has_vault || self.lasting.text == text {
            if has_left && self.lasting.writing == Writing::Idle {
                self.unlock();
            }
            return;
        }
        self.lasting.text = text;
        if self.lasting.writing == Writing::Idle {
            self.note_presence(moment);
            self.seal();
        } else {
            self.lasting.writing = Writing::Outdated;
        }
    }

    fn seal(&mut self) {
        let text = self.lasting.text.clone();
        if !text.is_empty() {
            self.ground.store.set(STAYS, "1");
        }
        self.lasting.writing = Writing::Running;
        self.outputs.push_back(Output::Seal(text));
    }

    fn lasting_text(&self) -> String {
        let account = &self.lasting.account;
        if self.ua.is_none() || account.is_empty() {
            return String::new();
        }
        let mut lines = vec![account.clone()];
        lines.extend(self.phone.left(&|call| self.standing(call)));
        lines.join("\n")
    }

    /// The server has turned the account that is kept away, for a reason that may pass: it is tried again
    /// in a while. Returns what is kept.
    fn wait_to_try(&mut self, now: Instant) -> String {
        let kept = Account::read(&self.lasting.text, self.ground.page_host.as_deref());
        let kept = kept.map_or_else(String::new, |(account, _)| account.write());
        if !kept.is_empty() {
            self.lasting.again.get_or_insert(now + AGAIN);
        }
        kept
    }

    /// Tries it again where it is time for that.
    pub(super) fn try_again(&mut self, moment: Moment) -> Vec<Command> {
        let is_due = self.lasting.again.take_if(|again| *again <= moment.now).is_some();
        if is_due && matches!(self.phone.stage(), Stage::SignedOut { fault: Some(_) }) {
            let kept = self.lasting.text.clone();
            return self.go_on(moment, &kept);
        }
        Vec::new()
    }

    /// Once no call is on its way back any more, the goodbye of the page before is said, or not.
    fn settle_return(&mut self) {
        if self.lasting.returns && !self.phone.is_returning() {
            self.lasting.returns = false;
            let says = matches!(self.phone.notice(), Some(Notice::NotTakenBack(_)));
            let words = if says { LastWords::Say } else { LastWords::Drop };
            self.outputs.push_back(Output::LastWords(words));
        }
    }

    /// The page is there, and in a call.
    pub(super) fn note_presence(&self, moment: Moment) {
        if !self.phone.calls().is_empty() {
            // Without it the user is asked before a call is taken back.
            self.ground.store.set(SEEN, &moment.time_of_day.to_string());
        }
    }

    /// The page goes away. What ends its calls waits with the service worker for another page.
    pub(super) fn leave_page(&mut self, moment: Moment, has_worker: bool) -> Vec<Command> {
        self.leave_book();
        if self.ua.is_none() {
            return Vec::new();
        }
        if self.lasting.returns {
            self.outputs.push_back(Output::LastWords(LastWords::WaitAgain));
        }
        if has_worker && !self.lasting.account.is_empty() {
            self.note_presence(moment);
            self.lasting.farewell = Farewell::Waiting(Vec::new());
            self.phone.leave_calls();
        } else {
            self.ground.store.remove(SEEN);
        }
        vec![Command::Leave]
    }

    /// The browser had kept the page as it was, and shows it again. Its calls may stand.
    pub(super) fn come_back(&mut self) -> Vec<Command> {
        if !self.lasting.account.is_empty() {
            self.outputs.push_back(Output::Reload);
            return Vec::new();
        }
        self.return_to_book();
        let is_in = matches!(self.phone.stage(), Stage::SigningIn | Stage::SignedIn);
        is_in.then_some(Command::Connect).into_iter().collect()
    }
}
