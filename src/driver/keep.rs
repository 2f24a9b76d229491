//! What the browser keeps of an account over a restart besides its book: its settings.

use crate::phone::Settings;
use crate::platform::storage::{self, Area};

const SETTINGS: &str = "webphone.settings.";

/// The settings of an account, where the page proposes these.
pub(super) fn settings(account: &str, proposed: &Settings) -> Settings {
    let kept = storage::get(Area::Local, &[SETTINGS, account].concat()).ok().flatten();
    Settings::parse(&kept.unwrap_or_default(), proposed)
}

/// Keeps the settings of an account. Where the browser keeps nothing, the telephone does without.
pub(super) fn keep_settings(account: &str, settings: &Settings, proposed: &Settings) {
    let text = settings.write(proposed);
    let _ = storage::set(Area::Local, &[SETTINGS, account].concat(), &text);
}

/// Forgets the settings of an account.
pub(super) fn forget(account: &str) {
    let _ = storage::remove(Area::Local, &[SETTINGS, account].concat());
}
