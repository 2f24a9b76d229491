//! What outlives the page, and what the pages of a browser have in common: short texts, the vault, the lock
//! of the page that has the telephone, and the channel between them.

use super::Driver;
use crate::entropy::Entropy;
use crate::platform::channel::Channel;
use crate::platform::locks::{self, Lock};
use crate::platform::storage::{self, Area};
use crate::platform::vault::Vault;
use crate::platform::{CryptoEntropy, page, worker};
use crate::portal::Provision;
use crate::station::{self, Claim, Ground, Input, LastWords, Store};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The lock of the page that has the telephone, for which index.html looks too.
const TELEPHONE: &str = "webphone.telephone";
/// The channel between the tabs.
const TABS: &str = "webphone";

/// What there is of it.
#[derive(Default)]
pub(super) struct Lasting {
    vault: Option<Vault>,
    /// Browsers do not freeze a page that holds a lock.
    pub(super) lock: Option<Lock>,
}

/// What the telephone stands on in this browser.
pub(super) fn ground(provision: Rc<Provision>) -> Ground {
    Ground {
        provision,
        store: Box::new(LocalStorage),
        entropy: Box::new(|| Some(Box::new(CryptoEntropy::new().ok()?))),
        page_host: page::plain_host(),
    }
}

struct LocalStorage;

impl Store for LocalStorage {
    fn get(&self, name: &str) -> Option<String> {
        storage::get(Area::Local, name).ok().flatten()
    }

    fn set(&self, name: &str, text: &str) {
        let _ = storage::set(Area::Local, name, text);
    }

    fn remove(&self, name: &str) {
        let _ = storage::remove(Area::Local, name);
    }
}

/// Tells the service worker what becomes of the goodbyes of the page before.
pub(super) fn decide(words: LastWords) {
    match words {
        LastWords::Wait => worker::come_back(),
        LastWords::WaitAgain => worker::wait_again(),
        LastWords::Say => worker::settle(true),
        LastWords::Drop => worker::settle(false),
    }
}

impl Driver {
    /// Hears the other tabs from now on.
    pub(super) fn hear_tabs(&self) {
        let driver = self.clone();
        let channel = Channel::open(TABS, move |text| driver.input(Input::Tab(&text)));
        self.0.borrow_mut().tabs = channel;
    }

    pub(super) fn open_vault(&self) {
        let driver = self.clone();
        spawn_local(async move {
            let event = match Vault::open().await {
                Ok(vault) => {
                    let kept = vault.read().await;
                    driver.0.borrow_mut().lasting.vault = Some(vault);
                    station::Vault::Open(kept)
                }
                Err(_) => station::Vault::Unavailable,
            };
            driver.input(Input::Vault(event));
        });
    }

    pub(super) fn read_vault(&self, claim: Claim) {
        let driver = self.clone();
        spawn_local(async move {
            let vault = driver.0.borrow().lasting.vault.clone();
            let kept = match vault {
                Some(vault) => vault.read().await,
                None => None,
            };
            driver.input(Input::Vault(station::Vault::Read(claim, kept)));
        });
    }

    /// Keeps a text in the vault; an empty one is nothing.
    pub(super) fn seal(&self, text: String) {
        let Some(vault) = self.0.borrow().lasting.vault.clone() else { return };
        let driver = self.clone();
        spawn_local(async move {
            // Where the browser keeps nothing, the next page begins with the form.
            let _ = match text.as_str() {
                "" => vault.clear().await,
                text => vault.write(text, nonce()).await,
            };
            driver.input(Input::Vault(station::Vault::Written));
        });
    }

    /// Asks for the lock of the page that has the telephone.
    pub(super) fn claim(&self, claim: Claim) {
        let driver = self.clone();
        let how = match claim {
            Claim::IfFree => locks::Claim::IfFree,
            Claim::InTurn => locks::Claim::InTurn,
            Claim::AtOnce => locks::Claim::AtOnce,
        };
        spawn_local(async move {
            let loser = driver.clone();
            let on_lost = move || {
                loser.0.borrow_mut().lasting.lock = None;
                loser.input(Input::Lock(station::Lock::Lost));
            };
            let lock = Lock::claim(TELEPHONE, how, on_lost).await;
            let event = match lock {
                Some(_) => station::Lock::Granted(claim),
                None => station::Lock::Denied(claim),
            };
            if lock.is_some() {
                driver.0.borrow_mut().lasting.lock = lock;
            }
            driver.input(Input::Lock(event));
        });
    }
}

fn nonce() -> [u8; 12] {
    let mut nonce = [0; 12];
    if let Ok(mut entropy) = CryptoEntropy::new() {
        entropy.fill(&mut nonce);
    }
    nonce
}
