//! The devices of this browser: what is chosen of them is kept, and what comes and goes is followed.

use super::Driver;
use crate::media::devices::{Change, Device, Devices, Kind, Treatment};
use crate::phone::sound::Unheard;
use crate::platform::storage::{self, Area};
use crate::platform::{Listener, Timeout, devices};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// Where the choice is kept, for all accounts.
const KEY: &str = "webphone.devices";
/// How long the devices must be at rest: a headset comes as several of them, one after the other.
const REST: Duration = Duration::from_millis(400);

impl Driver {
    /// Takes the choice of an earlier visit, and follows what comes and goes from now on.
    pub(super) fn begin_with_devices(&self) -> Listener {
        let kept = storage::get(Area::Local, KEY).ok().flatten().unwrap_or_default();
        self.phone().change_devices(|devices| *devices = Devices::parse(&kept));
        let driver = self.clone();
        devices::on_change(move || {
            let later = driver.clone();
            let rest = Timeout::new(REST, move || later.follow_devices());
            driver.0.borrow_mut().devices_rest = Some(rest);
        })
    }

    /// Chooses a device of this kind, or the system's own.
    pub(super) fn choose_device(&self, kind: Kind, device: Option<Device>) {
        self.change_devices(|devices| devices.choose(kind, device));
        match kind {
            Kind::Microphone => self.renew_microphone(),
            Kind::Camera => self.renew_cameras(),
            Kind::Speaker | Kind::Ringer => {}
        }
    }

    /// Has the browser ask the user for a device to play on, and chooses it for this use.
    pub(super) fn ask_for_speaker(&self, kind: Kind) {
        let driver = self.clone();
        spawn_local(async move {
            if let Some(device) = devices::ask_for_speaker().await {
                driver.list_devices().await;
                driver.choose_device(kind, Some(device));
            }
        });
    }

    /// Has the browser treat the sound of the microphone so.
    pub(super) fn choose_treatment(&self, treatment: Treatment) {
        self.change_devices(|devices| devices.treatment = treatment);
        self.treat_microphone();
    }

    fn change_devices(&self, change: impl FnOnce(&mut Devices)) {
        self.phone().change_devices(change);
        self.keep_devices();
        self.changed();
    }

    fn keep_devices(&self) {
        let text = self.0.borrow().station.phone().devices().write();
        let _ = storage::set(Area::Local, KEY, &text);
    }

    /// Asks the browser what there is. The speakers follow by themselves.
    pub(super) async fn list_devices(&self) -> Vec<Change> {
        let Some(listed) = devices::list().await else { return Vec::new() };
        let (changes, is_other) = {
            let mut phone = self.phone();
            let before = phone.devices().write();
            let changes = phone.follow_devices(listed);
            (changes, phone.devices().write() != before)
        };
        if is_other {
            self.keep_devices();
        }
        self.changed();
        changes
    }

    /// Asks the browser what there is, and opens another microphone where that is called for.
    pub(super) fn follow_devices(&self) {
        let driver = self.clone();
        spawn_local(async move {
            let changes = driver.list_devices().await;
            let is_of_microphone = |change: &Change| {
                use Change::{Back, Default, Gone};
                matches!(change, Gone(Kind::Microphone, _) | Back(Kind::Microphone, _) | Default)
            };
            let unheard = driver.0.borrow().station.phone().unheard();
            let is_without = matches!(unheard, Some(Unheard::Without(_)));
            if is_without || changes.iter().any(is_of_microphone) {
                driver.renew_microphone();
            }
        });
    }
}
