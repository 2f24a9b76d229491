//! What the browser keeps of an account over a restart besides its book: its settings.

use crate::media::ring_back::RingBack;
use crate::phone::Settings;
use crate::platform::page;
use crate::platform::storage::{self, Area};

const SETTINGS: &str = "webphone.settings.";
/// Where whoever hosts the page may say how many calls there may be at once.
const MAX_CALLS: &str = "webphone-max-calls";
/// Where whoever hosts the page may say what plays the voicemail.
const VOICEMAIL: &str = "webphone-voicemail";
/// Where whoever hosts the page may say in which country's way a called telephone rings.
const RING_BACK: &str = "webphone-ring-back";

/// The settings of an account.
pub(super) fn settings(account: &str) -> Settings {
    let kept = storage::get(Area::Local, &[SETTINGS, account].concat()).ok().flatten();
    Settings::parse(&kept.unwrap_or_default(), &proposed())
}

/// Keeps the settings of an account. Where the browser keeps nothing, the telephone does without.
pub(super) fn keep_settings(account: &str, settings: &Settings) {
    let text = settings.write(&proposed());
    let _ = storage::set(Area::Local, &[SETTINGS, account].concat(), &text);
}

/// Forgets the settings of an account.
pub(super) fn forget(account: &str) {
    let _ = storage::remove(Area::Local, &[SETTINGS, account].concat());
}

/// What holds until the user chooses something else.
fn proposed() -> Settings {
    let max_calls = page::meta(MAX_CALLS).and_then(|most| most.trim().parse::<usize>().ok());
    let settings = Settings::default();
    let max_calls = max_calls.unwrap_or(settings.max_calls).clamp(1, Settings::MOST_CALLS);
    let ring_back = page::meta(RING_BACK).and_then(|name| RingBack::parse(name.trim()));
    let ring_back = ring_back.unwrap_or(settings.ring_back);
    Settings { max_calls, ring_back, ..settings }
}

/// What plays the voicemail where neither the user nor the server says it.
pub(super) fn voicemail() -> Option<String> {
    page::meta(VOICEMAIL)
}
