//! A new version of the page, which waits until no call is up and the user wants it.

use super::Driver;
use crate::phone::Notice;
use crate::platform::{Interval, page, version};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// How often it is looked for while nobody comes back to the page.
const PERIOD: Duration = Duration::from_secs(3600);

/// What the user knows of a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Update {
    Due,
    /// Once is enough.
    Told,
}

impl Driver {
    /// Looks for it from now on.
    pub(super) fn expect_updates(&self) {
        let driver = self.clone();
        let hourly = Interval::new(PERIOD, move || driver.look_for_update());
        self.0.borrow_mut().hourly = Some(hourly);
    }

    /// Looks whether the web server has another version than the one that runs.
    pub(super) fn look_for_update(&self) {
        let driver = self.clone();
        spawn_local(async move {
            if version::is_outdated().await {
                driver.0.borrow_mut().update.get_or_insert(Update::Due);
                driver.offer_update();
            }
        });
    }

    /// The user has read what is shown.
    pub(super) fn note_read(&self) {
        let inner = &mut *self.0.borrow_mut();
        if inner.phone.notice() == Some(&Notice::NewVersion) {
            inner.update = Some(Update::Told);
        }
    }

    /// Tells of the new version whenever nobody is called and nothing else is told, until that is read.
    pub(super) fn offer_update(&self) {
        let inner = &mut *self.0.borrow_mut();
        let is_idle = inner.phone.calls().is_empty() && inner.phone.notice().is_none();
        if inner.update == Some(Update::Due) && is_idle {
            inner.phone.notify(Notice::NewVersion);
            (inner.on_change)(&inner.phone);
        }
    }

    /// Loads the new version, with the account that is signed in.
    pub fn update_page(&self) {
        page::reload();
    }
}
