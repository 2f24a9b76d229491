//! The devices of this browser that come and go.

use super::Driver;
use crate::media::devices::Kind;
use crate::platform::{Listener, Timeout, devices};
use crate::station::{Act, Input, Page};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// How long the devices must be at rest: a headset comes as several of them, one after the other.
const REST: Duration = Duration::from_millis(400);

impl Driver {
    /// Follows what comes and goes.
    pub(super) fn watch_devices(&self) -> Listener {
        let driver = self.clone();
        devices::on_change(move || {
            let later = driver.clone();
            let rest = Timeout::new(REST, move || later.list_devices());
            driver.0.borrow_mut().devices_rest = Some(rest);
        })
    }

    /// Asks the browser what there is.
    pub(super) fn list_devices(&self) {
        let driver = self.clone();
        spawn_local(async move {
            if let Some(listed) = devices::list().await {
                driver.input(Input::Page(Page::Devices(listed)));
            }
        });
    }

    /// Has the browser ask the user for a device to play on, and chooses it for this use.
    pub(super) fn ask_for_speaker(&self, kind: Kind) {
        let driver = self.clone();
        spawn_local(async move {
            let Some(device) = devices::ask_for_speaker().await else { return };
            if let Some(listed) = devices::list().await {
                driver.input(Input::Page(Page::Devices(listed)));
            }
            driver.act(Act::ChooseDevice(kind, Some(device)));
        });
    }
}
