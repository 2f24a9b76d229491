//! What the pages of a browser share: short texts and the vault.

use crate::agent::Seeded;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use webphone::entropy::Entropy;
use webphone::phone::Account;
use webphone::portal::Provision;
use webphone::station::{Act, Ground, Store};

/// Clones are the same browser.
#[derive(Clone, Default)]
pub(crate) struct Browser(Rc<Shared>);

#[derive(Default)]
struct Shared {
    texts: RefCell<BTreeMap<String, String>>,
    vault: RefCell<Option<String>>,
    seeds: Cell<u64>,
}

impl Store for Browser {
    fn get(&self, name: &str) -> Option<String> {
        self.0.texts.borrow().get(name).cloned()
    }

    fn set(&self, name: &str, text: &str) {
        self.0.texts.borrow_mut().insert(name.into(), text.into());
    }

    fn remove(&self, name: &str) {
        self.0.texts.borrow_mut().remove(name);
    }
}

impl Browser {
    /// What a page in it stands on. `seed` is another for each browser of a test.
    pub(crate) fn ground(&self, provision: Provision, seed: u64) -> Ground {
        let browser = self.clone();
        let entropy = move || {
            let count = browser.0.seeds.get() + 1;
            browser.0.seeds.set(count);
            Some(Box::new(Seeded(0x9E37_79B9 + (seed << 8) + count)) as Box<dyn Entropy>)
        };
        Ground {
            provision: Rc::new(provision),
            store: Box::new(self.clone()),
            entropy: Box::new(entropy),
            page_host: None,
        }
    }

    /// What is in the vault.
    pub(crate) fn vault(&self) -> Option<String> {
        self.0.vault.borrow().clone()
    }

    /// Puts this into the vault; an empty text is nothing.
    pub(crate) fn seal(&self, text: String) {
        self.0.vault.replace(Some(text).filter(|text| !text.is_empty()));
    }
}

/// Somebody of `example.com` signs in.
pub(crate) fn sign_in(user: &str, stays: bool) -> Act {
    let address = format!("{user}@example.com");
    let account = Account::parse(&address, "secret", "wss://sip.example.com", None);
    Act::SignIn { account: Box::new(account.expect("an account")), stays }
}

/// What the page proposes: so many calls at once.
pub(crate) fn provision() -> Provision {
    let mut provision = Provision::default();
    provision.settings.max_calls = 2;
    provision
}
