//! Everything the telephone says, in each of its languages.
//!
//! A language is one [`Text`] value, so a missing translation does not compile. `{…}` in a text is
//! filled in by [`fill`].

mod en;
mod es;

use crate::platform::page;
use crate::platform::storage::{self, Area};
use std::cell::Cell;

/// The texts of one language.
pub(crate) struct Text {
    /// The language's BCP 47 tag.
    pub(crate) tag: &'static str,
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
    pub(crate) rooms: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) history: &'static str,
    pub(crate) contacts: &'static str,
    pub(crate) messages: &'static str,
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
    pub(crate) line_unreachable: &'static str,
    pub(crate) no_network: &'static str,
    pub(crate) line_lost: &'static str,
    pub(crate) line_lost_in_call: &'static str,
    pub(crate) try_now: &'static str,
    // How a call is connected.
    pub(crate) connection: &'static str,
    pub(crate) measuring: &'static str,
    pub(crate) grade_good: &'static str,
    pub(crate) grade_fair: &'static str,
    pub(crate) grade_poor: &'static str,
    pub(crate) grade_bad: &'static str,
    pub(crate) decimal_mark: &'static str,
    pub(crate) score: &'static str,
    pub(crate) worst: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) jitter: &'static str,
    pub(crate) round_trip: &'static str,
    pub(crate) bit_rate: &'static str,
    pub(crate) codec: &'static str,
    pub(crate) route: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) direct: &'static str,
    pub(crate) through_relay: &'static str,
    pub(crate) encryption: &'static str,
    pub(crate) not_yet_encrypted: &'static str,
    pub(crate) encrypted: &'static str,
    pub(crate) encrypted_to_server: &'static str,
    pub(crate) encrypted_to_server_meaning: &'static str,
    pub(crate) encrypted_verified: &'static str,
    pub(crate) digits: &'static str,
    pub(crate) digits_match: &'static str,
    pub(crate) compare_digits: &'static str,
    pub(crate) digits_compared: &'static str,
    pub(crate) key_changed: &'static str,
    pub(crate) no_way: &'static str,
    pub(crate) not_secured: &'static str,
    pub(crate) nothing_arrives: &'static str,
    pub(crate) microphone_stopped: &'static str,
    pub(crate) microphone_silent: &'static str,
    pub(crate) nothing_leaves: &'static str,
    pub(crate) nothing_arrives_there: &'static str,
    pub(crate) loss_here: &'static str,
    pub(crate) loss_there: &'static str,
    pub(crate) uneven: &'static str,
    pub(crate) long_way: &'static str,
    pub(crate) poor_sound: &'static str,
    pub(crate) silence_arrives: &'static str,
    pub(crate) check_network: &'static str,
    pub(crate) call_again: &'static str,
    pub(crate) check_microphone: &'static str,
    pub(crate) better_network: &'static str,
    pub(crate) shorter_way: &'static str,
    pub(crate) perhaps_muted: &'static str,
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
    pub(crate) not_encrypted: &'static str,
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
    pub(crate) comes_back: &'static str,
    pub(crate) not_taken_back: &'static str,
    pub(crate) left_call: &'static str,
    pub(crate) take_back: &'static str,
    pub(crate) telephone_elsewhere: &'static str,
    pub(crate) take_over: &'static str,
    pub(crate) in_another_tab: &'static str,
    pub(crate) new_version: &'static str,
    pub(crate) update: &'static str,
    pub(crate) call_lost: &'static str,
    pub(crate) too_many_calls: &'static str,
    pub(crate) hold_refused: &'static str,
    pub(crate) transferred: &'static str,
    pub(crate) transfer_failed: &'static str,
    pub(crate) keys_failed: &'static str,
    // Microphone and browser.
    pub(crate) microphone_refused: &'static str,
    pub(crate) microphone_forbidden: &'static str,
    pub(crate) microphone_missing: &'static str,
    pub(crate) microphone_in_use: &'static str,
    pub(crate) microphone_broken: &'static str,
    /// The call could not be made, as it may go through a relay only.
    pub(crate) no_relay: &'static str,
    pub(crate) local_network_refused: &'static str,
    /// The call goes on without one.
    pub(crate) relay_unusable: &'static str,
    pub(crate) page_not_secure: &'static str,
    pub(crate) no_webrtc: &'static str,
    pub(crate) no_webrtc_lead: &'static str,
    pub(crate) no_webrtc_remedies: [&'static str; 3],
    // Calls that stand.
    pub(crate) hold: &'static str,
    pub(crate) resume: &'static str,
    pub(crate) on_hold: &'static str,
    pub(crate) held_by: &'static str,
    pub(crate) nobody_hears: &'static str,
    pub(crate) keys_sent: &'static str,
    pub(crate) add_call: &'static str,
    pub(crate) more: &'static str,
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
    // Pictures.
    pub(crate) video_call: &'static str,
    pub(crate) answer_with_video: &'static str,
    pub(crate) incoming_video: &'static str,
    pub(crate) share_screen: &'static str,
    pub(crate) stop_sharing: &'static str,
    pub(crate) sharing: &'static str,
    pub(crate) flip_camera: &'static str,
    pub(crate) picture_in_picture: &'static str,
    pub(crate) picture_of: &'static str,
    pub(crate) own_picture: &'static str,
    pub(crate) shows_picture: &'static str,
    pub(crate) show_camera: &'static str,
    pub(crate) not_now: &'static str,
    pub(crate) video_refused: &'static str,
    pub(crate) video_ended: &'static str,
    pub(crate) called_without_video: &'static str,
    pub(crate) camera_refused: &'static str,
    pub(crate) camera_missing: &'static str,
    pub(crate) camera_in_use: &'static str,
    pub(crate) camera_broken: &'static str,
    pub(crate) camera_gone: &'static str,
    pub(crate) camera_not_secure: &'static str,
    pub(crate) screen_not_shared: &'static str,
    // Settings, messages, identity and lamps.
    pub(crate) settings: &'static str,
    pub(crate) do_not_disturb: &'static str,
    pub(crate) do_not_disturb_hint: &'static str,
    pub(crate) auto_answer: &'static str,
    pub(crate) auto_answer_hint: &'static str,
    // Devices, ringing, and who is not heard.
    pub(crate) sound: &'static str,
    pub(crate) sound_and_picture: &'static str,
    pub(crate) microphone: &'static str,
    pub(crate) speaker: &'static str,
    pub(crate) ringer: &'static str,
    pub(crate) camera: &'static str,
    pub(crate) device_default: &'static str,
    pub(crate) device_missing: &'static str,
    pub(crate) device_gone: &'static str,
    pub(crate) device_back: &'static str,
    pub(crate) other_device: &'static str,
    pub(crate) system_decides: &'static str,
    pub(crate) allow_microphone: &'static str,
    pub(crate) allow_microphone_hint: &'static str,
    pub(crate) microphone_level: &'static str,
    pub(crate) test_speaker: &'static str,
    pub(crate) test_ringer: &'static str,
    pub(crate) echo: &'static str,
    pub(crate) echo_hint: &'static str,
    pub(crate) noise: &'static str,
    pub(crate) noise_hint: &'static str,
    pub(crate) gain: &'static str,
    pub(crate) gain_hint: &'static str,
    pub(crate) ringtone: &'static str,
    pub(crate) ringtone_chime: &'static str,
    pub(crate) ringtone_bell: &'static str,
    pub(crate) ringtone_warble: &'static str,
    pub(crate) ringtone_marimba: &'static str,
    pub(crate) ringtone_pulse: &'static str,
    pub(crate) ringtone_rise: &'static str,
    pub(crate) ring_volume: &'static str,
    pub(crate) unheard: &'static str,
    pub(crate) unheard_missing: &'static str,
    pub(crate) unheard_in_use: &'static str,
    pub(crate) unheard_refused: &'static str,
    pub(crate) unheard_not_secure: &'static str,
    pub(crate) unheard_broken: &'static str,
    pub(crate) unheard_silenced: &'static str,
    pub(crate) listen_only: &'static str,
    pub(crate) cannot_ring: &'static str,
    pub(crate) ready_title: &'static str,
    pub(crate) ready_line: &'static str,
    pub(crate) ready_line_later: &'static str,
    pub(crate) ready_line_no: &'static str,
    pub(crate) ready_welcome: &'static str,
    pub(crate) ready_welcome_no: &'static str,
    pub(crate) ready_sound: &'static str,
    pub(crate) ready_microphone: &'static str,
    pub(crate) ready_microphone_later: &'static str,
    pub(crate) ready_microphone_no: &'static str,
    pub(crate) ready_notifications: &'static str,
    pub(crate) ready_notifications_later: &'static str,
    pub(crate) ready_notifications_no: &'static str,
    pub(crate) allow_notifications: &'static str,
    pub(crate) forwarded_to: &'static str,
    pub(crate) forwards: &'static str,
    pub(crate) forwards_to: &'static str,
    pub(crate) follow_redirects: &'static str,
    pub(crate) follow_redirects_hint: &'static str,
    pub(crate) denoise: &'static str,
    pub(crate) denoise_hint: &'static str,
    pub(crate) not_denoised: &'static str,
    pub(crate) relay_only: &'static str,
    pub(crate) relay_only_hint: &'static str,
    pub(crate) max_calls: &'static str,
    pub(crate) ring_back: &'static str,
    pub(crate) ring_back_international: &'static str,
    pub(crate) ring_back_north_america: &'static str,
    pub(crate) ring_back_britain: &'static str,
    pub(crate) ring_back_spain: &'static str,
    pub(crate) ring_back_france: &'static str,
    pub(crate) voicemail_number: &'static str,
    pub(crate) language: &'static str,
    pub(crate) language_of_browser: &'static str,
    pub(crate) missed_from: &'static str,
    pub(crate) missed_in_call: &'static str,
    pub(crate) missed_unserved: &'static str,
    pub(crate) hidden_number: &'static str,
    pub(crate) verified: &'static str,
    pub(crate) via: &'static str,
    pub(crate) unread: &'static str,
    pub(crate) new_message: &'static str,
    pub(crate) write_message: &'static str,
    pub(crate) no_messages: &'static str,
    pub(crate) message: &'static str,
    pub(crate) send: &'static str,
    pub(crate) back: &'static str,
    pub(crate) delete_conversation: &'static str,
    pub(crate) conversation_deleted: &'static str,
    pub(crate) you_wrote: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) delivered: &'static str,
    pub(crate) undelivered: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) message_no_line: &'static str,
    pub(crate) message_no_answer: &'static str,
    pub(crate) message_too_long: &'static str,
    pub(crate) message_not_allowed: &'static str,
    pub(crate) message_unsupported: &'static str,
    pub(crate) message_refused: &'static str,
    pub(crate) lamp_free: &'static str,
    pub(crate) lamp_ringing: &'static str,
    pub(crate) lamp_busy: &'static str,
    pub(crate) lamp_away: &'static str,
    pub(crate) lamp_unknown: &'static str,
    // History, contacts, voicemail.
    pub(crate) search: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) delete_all: &'static str,
    pub(crate) delete_call: &'static str,
    pub(crate) call_deleted: &'static str,
    pub(crate) calls_deleted: &'static str,
    pub(crate) no_calls: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) missed: &'static str,
    pub(crate) only_made: &'static str,
    pub(crate) only_received: &'static str,
    pub(crate) missed_call: &'static str,
    pub(crate) made: &'static str,
    pub(crate) received: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) declined_call: &'static str,
    pub(crate) not_answered: &'static str,
    pub(crate) cause_busy: &'static str,
    pub(crate) cause_unknown: &'static str,
    pub(crate) cause_unavailable: &'static str,
    pub(crate) cause_forbidden: &'static str,
    pub(crate) cause_sound: &'static str,
    pub(crate) cause_server: &'static str,
    pub(crate) cause_microphone: &'static str,
    pub(crate) cause_line: &'static str,
    pub(crate) cause_broken: &'static str,
    pub(crate) cause_in_call: &'static str,
    pub(crate) today: &'static str,
    pub(crate) yesterday: &'static str,
    pub(crate) seconds: &'static str,
    pub(crate) minutes: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) missed_one: &'static str,
    pub(crate) missed_many: &'static str,
    pub(crate) nothing_kept: &'static str,
    pub(crate) book_is_late: &'static str,
    pub(crate) forget_account: &'static str,
    pub(crate) forget_account_hint: &'static str,
    pub(crate) erase: &'static str,
    pub(crate) add_contact: &'static str,
    pub(crate) edit_contact: &'static str,
    pub(crate) import_contacts: &'static str,
    pub(crate) export_contacts: &'static str,
    pub(crate) no_contacts: &'static str,
    pub(crate) contact_name: &'static str,
    pub(crate) organisation: &'static str,
    pub(crate) label: &'static str,
    pub(crate) mobile: &'static str,
    pub(crate) work: &'static str,
    pub(crate) home: &'static str,
    pub(crate) other: &'static str,
    pub(crate) add_number: &'static str,
    pub(crate) remove_number: &'static str,
    pub(crate) favourite: &'static str,
    pub(crate) save: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) contact_deleted: &'static str,
    pub(crate) imported: &'static str,
    pub(crate) not_imported: &'static str,
    pub(crate) contact_empty: &'static str,
    pub(crate) call_peer: &'static str,
    pub(crate) suggestions: &'static str,
    pub(crate) voicemail: &'static str,
    pub(crate) message_one: &'static str,
    pub(crate) message_many: &'static str,
    pub(crate) messages_some: &'static str,
    // Recordings.
    pub(crate) record: &'static str,
    pub(crate) recording: &'static str,
    pub(crate) stop_recording: &'static str,
    pub(crate) saving_recording: &'static str,
    pub(crate) recording_consent: &'static str,
    pub(crate) consent_lead: &'static str,
    pub(crate) everyone_agrees: &'static str,
    pub(crate) recording_unsupported: &'static str,
    pub(crate) recording_not_kept: &'static str,
    pub(crate) recording_full: &'static str,
    pub(crate) recording_broken: &'static str,
    pub(crate) still_recording: &'static str,
    pub(crate) recordings: &'static str,
    pub(crate) recording_kept: &'static str,
    pub(crate) recording_found: &'static str,
    pub(crate) save_file: &'static str,
    pub(crate) play: &'static str,
    pub(crate) delete_recording: &'static str,
    pub(crate) delete_for_good: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) recordings_room: &'static str,
    pub(crate) no_recordings: &'static str,
    pub(crate) recording_unreadable: &'static str,
    pub(crate) kilobytes: &'static str,
    pub(crate) megabytes: &'static str,
}

/// Where the language is kept that the user has chosen, as its tag.
const LANGUAGE_KEY: &str = "webphone.language";

thread_local! {
    static CHOSEN: Cell<&'static Text> = const { Cell::new(&en::TEXT) };
}

/// The texts of the chosen language.
pub(crate) fn text() -> &'static Text {
    CHOSEN.get()
}

/// The tag of the language that the user has chosen, if that was done.
pub(crate) fn own_language() -> Option<String> {
    storage::get(Area::Local, LANGUAGE_KEY).ok().flatten()
}

/// Keeps the language that the user has chosen, or none if the tag is empty, and speaks it.
pub(crate) fn keep_language(tag: &str) {
    let _ = match tag {
        "" => storage::remove(Area::Local, LANGUAGE_KEY),
        tag => storage::set(Area::Local, LANGUAGE_KEY, tag),
    };
    let chosen = own_language().into_iter().chain(page::languages());
    choose(chosen);
}

/// Speaks the language that index.html has chosen.
pub(crate) fn choose_language() {
    choose(page::language().into_iter());
}

fn choose(asked: impl Iterator<Item = String>) {
    let chosen = asked.filter_map(|tag| find(&tag)).next().unwrap_or(&en::TEXT);
    CHOSEN.set(chosen);
    page::set_language(chosen.tag);
}

/// `template` with `{name}` replaced by `value`.
pub(crate) fn fill(template: &str, name: &str, value: &str) -> String {
    fill_all(template, &[(name, value)])
}

/// `template` with each of these names replaced by its value, in which no name is looked for. A
/// value with letters that run from right to left leaves the order of what stands beside it alone.
pub(crate) fn fill_all(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = from;
        let found = values.iter().find_map(|(name, value)| Some((from.strip_prefix(name)?, value)));
        match found {
            Some((after, value)) => {
                let runs_left = value.chars().any(is_from_the_right);
                text.extend(runs_left.then_some(ISOLATE));
                text.push_str(value);
                text.extend(runs_left.then_some(END_ISOLATE));
                rest = after;
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// First strong isolate, and its end (UAX #9 §2.4).
const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

/// Whether a letter belongs to a script that is written from the right.
fn is_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The language of a BCP 47 tag such as `es-CO`.
fn find(tag: &str) -> Option<&'static Text> {
    let language = tag.split(['-', '_']).next()?;
    [&en::TEXT, &es::TEXT].into_iter().find(|text| text.tag.eq_ignore_ascii_case(language))
}
