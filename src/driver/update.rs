//! A new version of the page, for which is looked again and again.

use super::Driver;
use crate::platform::{Interval, version};
use crate::station::{Input, Page};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// How often it is looked for while nobody comes back to the page.
const PERIOD: Duration = Duration::from_secs(3600);

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
                driver.input(Input::Page(Page::NewVersion));
            }
        });
    }
}
