//! Everything the telephone says, in each of its languages.
//!
//! A language is one [`Text`] value, so a missing translation does not compile. `{…}` in a text is
//! filled in by [`fill`].

mod en;
mod es;

use crate::platform::page;
use std::cell::Cell;

/// The texts of one language.
pub(crate) struct Text {
    /// The language's BCP 47 tag.
    pub(crate) tag: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_in_lead: &'static str,
    pub(crate) sip_address: &'static str,
    pub(crate) password: &'static str,
    pub(crate) show_password: &'static str,
    pub(crate) server: &'static str,
    pub(crate) connect: &'static str,
    pub(crate) connected: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) disconnected: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) notices: &'static str,
    pub(crate) close: &'static str,
    pub(crate) dial: &'static str,
    pub(crate) number: &'static str,
    pub(crate) keypad: &'static str,
    pub(crate) call: &'static str,
    pub(crate) delete_digit: &'static str,
    pub(crate) calling: &'static str,
    pub(crate) ringing: &'static str,
    pub(crate) hang_up: &'static str,
    pub(crate) incoming: &'static str,
    pub(crate) incoming_from: &'static str,
    pub(crate) unknown_caller: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) decline: &'static str,
    pub(crate) call_time: &'static str,
    pub(crate) in_call_with: &'static str,
    pub(crate) mute: &'static str,
    pub(crate) muted: &'static str,
    pub(crate) sound_blocked: &'static str,
    pub(crate) enable_sound: &'static str,
    pub(crate) line_lost: &'static str,
    pub(crate) line_lost_in_call: &'static str,
    pub(crate) try_now: &'static str,
    // What is wrong with the sign-in form, or with the line.
    pub(crate) bad_address: &'static str,
    pub(crate) no_password: &'static str,
    pub(crate) bad_server: &'static str,
    pub(crate) server_not_secure: &'static str,
    pub(crate) wrong_password: &'static str,
    pub(crate) unknown_user: &'static str,
    pub(crate) forbidden_user: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) server_silent: &'static str,
    pub(crate) server_trouble: &'static str,
    pub(crate) unsupported_authentication: &'static str,
    pub(crate) no_entropy: &'static str,
    // How a call ended.
    pub(crate) busy: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) no_answer: &'static str,
    pub(crate) unavailable: &'static str,
    pub(crate) not_allowed: &'static str,
    pub(crate) incompatible: &'static str,
    pub(crate) call_server_trouble: &'static str,
    // How the advice of those that end with it goes, and what takes its place.
    pub(crate) try_later: &'static str,
    pub(crate) try_in: &'static str,
    pub(crate) call_failed: &'static str,
    pub(crate) call_refused: &'static str,
    pub(crate) bad_number: &'static str,
    pub(crate) not_connected: &'static str,
    pub(crate) caller_gave_up: &'static str,
    pub(crate) answered_elsewhere: &'static str,
    pub(crate) declined_elsewhere: &'static str,
    pub(crate) peer_hung_up: &'static str,
    pub(crate) one_call_only: &'static str,
    pub(crate) sound_lost: &'static str,
    pub(crate) call_lost: &'static str,
    pub(crate) too_many_calls: &'static str,
    pub(crate) hold_refused: &'static str,
    pub(crate) transferred: &'static str,
    pub(crate) transfer_failed: &'static str,
    pub(crate) keys_failed: &'static str,
    // Microphone and browser.
    pub(crate) microphone_refused: &'static str,
    pub(crate) microphone_missing: &'static str,
    pub(crate) microphone_in_use: &'static str,
    pub(crate) microphone_broken: &'static str,
    pub(crate) page_not_secure: &'static str,
    pub(crate) no_webrtc: &'static str,
    pub(crate) no_webrtc_lead: &'static str,
    // Calls that stand.
    pub(crate) hold: &'static str,
    pub(crate) resume: &'static str,
    pub(crate) on_hold: &'static str,
    pub(crate) held_by: &'static str,
    pub(crate) nobody_hears: &'static str,
    pub(crate) keys_sent: &'static str,
    pub(crate) add_call: &'static str,
    pub(crate) calls: &'static str,
    pub(crate) swap: &'static str,
    pub(crate) hang_up_peer: &'static str,
    pub(crate) answer_and_hold: &'static str,
    pub(crate) answer_and_end: &'static str,
    pub(crate) transfer: &'static str,
    pub(crate) transfer_peer: &'static str,
    pub(crate) transfer_now: &'static str,
    pub(crate) consult_first: &'static str,
    pub(crate) transferring: &'static str,
    pub(crate) target_rings: &'static str,
    pub(crate) complete_transfer: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) conference: &'static str,
    pub(crate) split: &'static str,
    pub(crate) merge_calls: &'static str,
    pub(crate) merge_title: &'static str,
    pub(crate) connects_you: &'static str,
    pub(crate) refuse: &'static str,
}

thread_local! {
    static CHOSEN: Cell<&'static Text> = const { Cell::new(&en::TEXT) };
}

/// The texts of the chosen language.
pub(crate) fn text() -> &'static Text {
    CHOSEN.get()
}

/// Chooses the language: `?lang=` if it names one we have, else the first of the browser's
/// languages that we have, else English.
pub(crate) fn choose_language() {
    let asked = page::query_parameter("lang").into_iter().chain(page::languages());
    let chosen = asked.filter_map(|tag| find(&tag)).next().unwrap_or(&en::TEXT);
    CHOSEN.set(chosen);
    page::set_language(chosen.tag);
}

/// `template` with `{name}` replaced by `value`.
pub(crate) fn fill(template: &str, name: &str, value: &str) -> String {
    template.replace(name, value)
}

/// The language of a BCP 47 tag such as `es-CO`.
fn find(tag: &str) -> Option<&'static Text> {
    let language = tag.split(['-', '_']).next()?;
    [&en::TEXT, &es::TEXT].into_iter().find(|text| text.tag.eq_ignore_ascii_case(language))
}
