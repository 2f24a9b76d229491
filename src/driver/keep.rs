//! What the browser keeps of an account over a restart besides its book: its settings and its text
//! messages. All of it passes through here, so that another place can take it.

use crate::phone::stored_messages::{self, StoredMessage};
use crate::phone::{Messages, RingBack, Settings, dial};
use crate::platform::page;
use crate::platform::storage::{self, Area};
use crate::sip::wire::{Host, Uri};

const SETTINGS: &str = "webphone.settings.";
const MESSAGES: &str = "webphone.messages.";
/// Where whoever hosts the page may say how many calls there may be at once.
const MAX_CALLS: &str = "webphone-max-calls";
/// Where whoever hosts the page may say what plays the voicemail.
const VOICEMAIL: &str = "webphone-voicemail";
/// Where whoever hosts the page may say in which country's way a called telephone rings.
const RING_BACK: &str = "webphone-ring-back";

/// The settings of an account.
pub(super) fn settings(account: &str) -> Settings {
    Settings::parse(&read(SETTINGS, account), &proposed())
}

/// Keeps the settings of an account.
pub(super) fn keep_settings(account: &str, settings: &Settings) {
    write(SETTINGS, account, &settings.write(&proposed()));
}

/// The text messages of an account, the oldest first.
pub(super) fn messages(account: &str) -> Vec<StoredMessage> {
    stored_messages::read(&read(MESSAGES, account))
}

/// Keeps the text messages of an account.
pub(super) fn keep_messages(account: &str, messages: &Messages) {
    write(MESSAGES, account, &stored_messages::write(&messages.stored()));
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
pub(super) fn voicemail(domain: &str) -> Option<Uri> {
    dial::parse(&page::meta(VOICEMAIL)?, &Host::Name(domain.to_owned()))
}

fn read(kind: &str, account: &str) -> String {
    storage::get(Area::Local, &[kind, account].concat()).ok().flatten().unwrap_or_default()
}

/// Where the browser keeps nothing, the telephone does without.
fn write(kind: &str, account: &str, text: &str) {
    let _ = storage::set(Area::Local, &[kind, account].concat(), text);
}
