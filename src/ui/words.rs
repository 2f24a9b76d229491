//! Sentences for what went wrong: what happened, and what to do.

use super::sound;
use super::text::{Text, fill, fill_all};
use crate::media::devices::{Kind as DeviceKind, PictureFailure};
use crate::media::ring_back::RingBack;
use crate::media::ringtone::Ringtone;
use crate::phone::video::Source;
use crate::phone::{
    AccountError, Call, EndReason, Hold, LineFault, MediaFailure, Notice, Party, Phone, Progress,
    RecordingFault, Refusal, Unheard,
};
use std::time::Duration;

/// How a sentence is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that happens.
    Plain,
    /// Something that the user can mend.
    Warning,
    /// Something is broken.
    Error,
}

/// A sentence and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) kind: Kind,
    pub(crate) sentence: String,
}

/// The fields of the sign-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Address,
    Password,
    Server,
}

/// What is wrong with the form, and with which of its fields.
pub(crate) fn account_error(text: &Text, error: AccountError) -> (String, &'static [Field]) {
    let (sentence, fields): (_, &[Field]) = match error {
        AccountError::Address => (text.bad_address, &[Field::Address]),
        AccountError::Password => (text.no_password, &[Field::Password]),
        AccountError::Server => (text.bad_server, &[Field::Server]),
        AccountError::ServerNotSecure => (text.server_not_secure, &[Field::Server]),
    };
    (sentence.to_owned(), fields)
}

/// What is wrong with the line, for an account `user` at the server `host`.
pub(crate) fn line_fault(
    text: &Text,
    fault: &LineFault,
    user: &str,
    host: &str,
) -> (String, &'static [Field]) {
    match fault {
        LineFault::Unreachable | LineFault::Lost => {
            (fill(text.unreachable, "{host}", host), &[Field::Server])
        }
        LineFault::NoAnswer => (fill(text.server_silent, "{host}", host), &[Field::Server]),
        LineFault::WrongPassword => {
            (text.wrong_password.to_owned(), &[Field::Address, Field::Password])
        }
        LineFault::UnsupportedAuthentication => (text.unsupported_authentication.to_owned(), &[]),
        LineFault::Refused { status, .. } => match Refusal::of(*status) {
            Refusal::Unknown => (fill(text.unknown_user, "{user}", user), &[Field::Address]),
            Refusal::Elsewhere | Refusal::NoAnswer | Refusal::Unavailable | Refusal::Trouble => {
                (fill(text.server_trouble, "{code}", &status.to_string()), &[])
            }
            _ => (fill(text.forbidden_user, "{user}", user), &[Field::Address]),
        },
    }
}

/// What a screen reader should say now: what happened, or how the call stands. An incoming call
/// speaks for itself, as its dialog takes the focus.
pub(crate) fn spoken(text: &Text, phone: &Phone) -> Option<String> {
    if let Some(told) = phone.notice() {
        return Some(notice(text, told).sentence);
    }
    if let Some(waiting) = phone.waiting().next() {
        return Some(incoming_from(text, &waiting.party));
    }
    let Some(call) = phone.call() else {
        return phone.cannot_ring().then(|| text.cannot_ring.to_owned());
    };
    let peer = label(text, &call.party);
    match call.progress {
        _ if call.sound_blocked => Some(text.sound_blocked.to_owned()),
        Progress::Incoming | Progress::Answering => None,
        Progress::Up { .. } if phone.unheard().is_some() => {
            phone.unheard().map(|why| unheard(text, why))
        }
        Progress::Up { .. } if call.talks_muted => Some(text.nobody_hears.to_owned()),
        Progress::Up { .. } if phone.is_recorded(call.id) => Some(text.recording.to_owned()),
        Progress::Up { .. } => standing_together(text, phone, call)
            .or_else(|| trouble(text, phone))
            .or_else(|| Some(fill(text.in_call_with, "{peer}", peer))),
        _ => standing(text, call).or_else(|| Some(progress(text, call).to_owned())),
    }
}

/// How far a call has come; nothing once it stands.
pub(crate) fn progress(text: &Text, call: &Call) -> &'static str {
    match call.progress {
        Progress::Calling | Progress::Ringing if call.comes_back() => text.comes_back,
        Progress::Calling => text.calling,
        Progress::Ringing | Progress::EarlyMedia => text.ringing,
        Progress::Incoming => text.incoming,
        Progress::Answering => text.connecting,
        Progress::Up { .. } => "",
    }
}

/// What has become of a call: it is being transferred, sent on, or on hold.
pub(crate) fn standing(text: &Text, call: &Call) -> Option<String> {
    if let Some(transfer) = &call.transfer {
        let template = if transfer.rings { text.target_rings } else { text.transferring };
        return Some(fill(template, "{peer}", label(text, &transfer.target)));
    }
    if let Some(target) = call.forwarded_to.as_deref().filter(|_| !call.is_up()) {
        return Some(fill(text.forwarded_to, "{peer}", target));
    }
    match call.hold {
        Hold { here: true, .. } => Some(text.on_hold.to_owned()),
        Hold { there: true, .. } => Some(fill(text.held_by, "{peer}", label(text, &call.party))),
        _ => None,
    }
}

/// In which countries a ring-back tone is heard.
pub(crate) fn ring_back(text: &Text, custom: RingBack) -> &'static str {
    match custom {
        RingBack::International => text.ring_back_international,
        RingBack::NorthAmerica => text.ring_back_north_america,
        RingBack::Britain => text.ring_back_britain,
        RingBack::Spain => text.ring_back_spain,
        RingBack::France => text.ring_back_france,
    }
}

/// The id of the field in which a device of this kind is chosen, and what such a device is called.
pub(crate) fn device(text: &Text, kind: DeviceKind) -> (&'static str, &'static str) {
    match kind {
        DeviceKind::Microphone => ("choose-microphone", text.microphone),
        DeviceKind::Speaker => ("choose-speaker", text.speaker),
        DeviceKind::Ringer => ("choose-ringer", text.ringer),
        DeviceKind::Camera => ("choose-camera", text.camera),
    }
}

/// What a ringtone is called.
pub(crate) fn ringtone(text: &Text, tone: Ringtone) -> &'static str {
    match tone {
        Ringtone::Chime => text.ringtone_chime,
        Ringtone::Bell => text.ringtone_bell,
        Ringtone::Warble => text.ringtone_warble,
        Ringtone::Marimba => text.ringtone_marimba,
        Ringtone::Pulse => text.ringtone_pulse,
        Ringtone::Rise => text.ringtone_rise,
    }
}

/// That nobody hears the user, and why.
pub(crate) fn unheard(text: &Text, unheard: Unheard) -> String {
    let why = match unheard {
        Unheard::Silenced => text.unheard_silenced,
        Unheard::Without(MediaFailure::MicrophoneNotFound) => text.unheard_missing,
        Unheard::Without(MediaFailure::MicrophoneInUse) => text.unheard_in_use,
        Unheard::Without(MediaFailure::MicrophoneRefused | MediaFailure::MicrophoneForbidden) => {
            text.unheard_refused
        }
        Unheard::Without(MediaFailure::PageNotSecure) => text.unheard_not_secure,
        Unheard::Without(_) => text.unheard_broken,
    };
    fill(text.unheard, "{why}", why)
}

/// The same, of a call and the conference that it is of.
fn standing_together(text: &Text, phone: &Phone, call: &Call) -> Option<String> {
    standing(text, phone.representative(call.id).unwrap_or(call))
}

/// What the user of a call, or of its conference, should bear in mind.
pub(crate) fn hint(text: &Text, phone: &Phone, call: &Call) -> String {
    let muted = match (call.muted, call.talks_muted) {
        (_, true) => text.nobody_hears,
        (true, _) => text.muted,
        _ => "",
    };
    standing_together(text, phone, call)
        .or_else(|| phone.unheard().map(|why| unheard(text, why)))
        .or_else(|| trouble(text, phone).filter(|_| !call.talks_muted))
        .unwrap_or_else(|| muted.to_owned())
}

/// What is wrong with the sound, and what can be done.
fn trouble(text: &Text, phone: &Phone) -> Option<String> {
    sound::trouble(text, phone).map(|(_, cause, remedy)| [&cause, " ", remedy].concat())
}

/// Who calls, with name and number.
pub(crate) fn who(text: &Text, party: &Party) -> String {
    match party.name {
        Some(_) => [label(text, party), ", ", &party.address].concat(),
        None => label(text, party).to_owned(),
    }
}

/// That somebody calls.
pub(crate) fn incoming_from(text: &Text, party: &Party) -> String {
    fill(text.incoming_from, "{peer}", &who(text, party))
}

/// What a notice says.
pub(crate) fn notice(text: &Text, notice: &Notice) -> Words {
    match notice {
        Notice::CallEnded { party, reason } => call_ended(text, party, reason),
        Notice::Forwards { party, to, .. } => {
            let names = [("{peer}", &*named(text, party)), ("{target}", &in_full(text, to))];
            Words { kind: Kind::Plain, sentence: fill_all(text.forwards_to, &names) }
        }
        Notice::CannotAnswer(failure) => Words {
            kind: Kind::Warning,
            sentence: microphone(text, *failure).unwrap_or(text.sound_lost).to_owned(),
        },
        Notice::CannotDial => Words { kind: Kind::Error, sentence: text.bad_number.to_owned() },
        Notice::SoundLost => Words { kind: Kind::Error, sentence: text.sound_lost.to_owned() },
        Notice::NewVersion => Words { kind: Kind::Plain, sentence: text.new_version.to_owned() },
        Notice::NotTakenBack(party) => about(text, Kind::Error, text.not_taken_back, party),
        Notice::CallLost(party) => about(text, Kind::Error, text.call_lost, party),
        Notice::TooManyCalls(party) => about(text, Kind::Plain, text.too_many_calls, party),
        Notice::HoldRefused(party) => about(text, Kind::Error, text.hold_refused, party),
        Notice::Transferred { party, target } => {
            let names = [("{peer}", &*named(text, party)), ("{target}", &named(text, target))];
            Words { kind: Kind::Plain, sentence: fill_all(text.transferred, &names) }
        }
        Notice::TransferFailed { target, status } => {
            let why = rejected_sentence(text, target, *status, "");
            let sentence = fill(text.transfer_failed, "{why}", &why);
            Words { kind: rejected(text, *status).0, sentence }
        }
        Notice::Missed(party) => about(text, Kind::Plain, text.missed_from, party),
        Notice::MissedUnserved(party) => about(text, Kind::Plain, text.missed_unserved, party),
        Notice::MissedInCall(party) => about(text, Kind::Plain, text.missed_in_call, party),
        Notice::DeviceGone(device) => {
            Words { kind: Kind::Warning, sentence: fill(text.device_gone, "{device}", device) }
        }
        Notice::DeviceBack(device) => {
            Words { kind: Kind::Plain, sentence: fill(text.device_back, "{device}", device) }
        }
        Notice::NothingKept => {
            Words { kind: Kind::Warning, sentence: text.nothing_kept.to_owned() }
        }
        Notice::BookIsLate => Words { kind: Kind::Warning, sentence: text.book_is_late.to_owned() },
        Notice::LocalNetworkRefused => {
            Words { kind: Kind::Error, sentence: text.local_network_refused.to_owned() }
        }
        Notice::NoRelay => Words { kind: Kind::Warning, sentence: text.relay_unusable.to_owned() },
        Notice::NotRecorded(fault) => {
            let sentence = match fault {
                RecordingFault::Unsupported => text.recording_unsupported,
                RecordingFault::NothingKept => text.recording_not_kept,
                RecordingFault::Full => text.recording_full,
                RecordingFault::Broken => text.recording_broken,
            };
            Words { kind: Kind::Error, sentence: sentence.to_owned() }
        }
        Notice::StillRecording(party) => about(text, Kind::Warning, text.still_recording, party),
        Notice::NoPicture(source, failure) => Words {
            kind: if *source == Source::Screen { Kind::Plain } else { Kind::Warning },
            sentence: no_picture(text, *source, *failure).to_owned(),
        },
        Notice::VideoRefused(party) => about(text, Kind::Plain, text.video_refused, party),
        Notice::VideoEnded(party) => about(text, Kind::Plain, text.video_ended, party),
        Notice::CalledWithoutVideo(party) => {
            about(text, Kind::Plain, text.called_without_video, party)
        }
        Notice::KeysFailed => Words { kind: Kind::Error, sentence: text.keys_failed.to_owned() },
        Notice::NotDenoised => Words { kind: Kind::Error, sentence: text.not_denoised.to_owned() },
    }
}

fn call_ended(text: &Text, party: &Party, reason: &EndReason) -> Words {
    let (kind, template) = match reason {
        EndReason::Rejected { status, .. } => rejected(text, *status),
        EndReason::NoMedia(failure) => match microphone(text, *failure) {
            Some(sentence) => (Kind::Warning, sentence),
            None if *failure == MediaFailure::NotEncrypted => (Kind::Error, text.not_encrypted),
            None => (Kind::Error, text.incompatible),
        },
        EndReason::Unauthorized => (Kind::Error, text.not_allowed),
        EndReason::NoLine => (Kind::Error, text.not_connected),
        EndReason::TooManyCalls => (Kind::Plain, text.one_call_only),
        EndReason::Cancelled | EndReason::NotAnswered => (Kind::Plain, text.caller_gave_up),
        EndReason::AnsweredElsewhere => (Kind::Plain, text.answered_elsewhere),
        EndReason::DeclinedElsewhere => (Kind::Plain, text.declined_elsewhere),
        EndReason::HungUpHere
        | EndReason::HungUpThere
        | EndReason::DeclinedHere
        | EndReason::Redirected(_)
        | EndReason::Transferred
        | EndReason::Replaced { .. } => (Kind::Plain, text.peer_hung_up),
        EndReason::Released(_) | EndReason::ProtocolFailure(_) => (Kind::Error, text.call_failed),
    };
    let sentence = match reason {
        EndReason::Rejected { status, reason, retry_after } => {
            let sentence = rejected_sentence(text, party, *status, reason);
            match retry_after.filter(|wait| !wait.is_zero()) {
                Some(wait) => {
                    let advice = fill(text.try_in, "{time}", &rounded(wait));
                    [sentence.replace(text.try_later, "").trim_end(), " ", &advice].concat()
                }
                None => sentence,
            }
        }
        _ => fill(template, "{peer}", &named(text, party)),
    };
    Words { kind, sentence }
}

/// A time to wait, in symbols that each language has.
fn rounded(wait: Duration) -> String {
    let (value, symbol) = match wait.as_secs() {
        seconds @ 0..=99 => (seconds, " s"),
        seconds @ 100..=7199 => (seconds.div_ceil(60), " min"),
        seconds => (seconds.div_ceil(3600), " h"),
    };
    [&value.to_string(), symbol].concat()
}

fn about(text: &Text, kind: Kind, template: &str, party: &Party) -> Words {
    Words { kind, sentence: fill(template, "{peer}", &named(text, party)) }
}

/// Why a call to `party` was turned down.
fn rejected_sentence(text: &Text, party: &Party, status: u16, reason: &str) -> String {
    let (_, template) = rejected(text, status);
    let values =
        [("{peer}", &*named(text, party)), ("{code}", &status.to_string()), ("{reason}", reason)];
    if reason.is_empty() {
        fill_all(&template.replace(" {reason}", ""), &values)
    } else {
        fill_all(template, &values)
    }
}

/// What is said of a call that was refused with this status.
fn rejected(text: &Text, status: u16) -> (Kind, &'static str) {
    match Refusal::of(status) {
        Refusal::Elsewhere => (Kind::Plain, text.forwards),
        Refusal::Busy => (Kind::Plain, text.busy),
        Refusal::Declined => (Kind::Plain, text.declined),
        Refusal::Unknown => (Kind::Plain, text.not_found),
        Refusal::NoAnswer => (Kind::Plain, text.no_answer),
        Refusal::Unavailable => (Kind::Plain, text.unavailable),
        Refusal::Forbidden => (Kind::Error, text.not_allowed),
        Refusal::Incompatible => (Kind::Error, text.incompatible),
        Refusal::Trouble => (Kind::Error, text.call_server_trouble),
        Refusal::TooLong | Refusal::NotServed | Refusal::Other => (Kind::Error, text.call_refused),
    }
}

/// The other side's name on the display, which is never empty.
pub(crate) fn label<'a>(text: &'a Text, party: &'a Party) -> &'a str {
    match party.label() {
        _ if party.hidden => text.hidden_number,
        "" => text.unknown_caller,
        label => label,
    }
}

/// The other side in a sentence: by name, and by address too unless the name is the user's own. What
/// others call themselves proves nothing.
pub(crate) fn named(text: &Text, party: &Party) -> String {
    if party.known { label(text, party).to_owned() } else { in_full(text, party) }
}

/// The other side by name and address.
pub(crate) fn in_full(text: &Text, party: &Party) -> String {
    let label = label(text, party);
    if party.hidden || party.name.is_none() {
        return label.to_owned();
    }
    [label, " (", &party.address, ")"].concat()
}

/// Why a text message to `party` was not delivered.
pub(crate) fn undelivered(text: &Text, party: &Party, status: u16) -> String {
    let template = match Refusal::of(status) {
        Refusal::Unknown => text.not_found,
        Refusal::Unavailable => text.unavailable,
        Refusal::NoAnswer => text.message_no_answer,
        // Our own, where the line is down.
        Refusal::Trouble if status == 503 => text.message_no_line,
        Refusal::TooLong => text.message_too_long,
        Refusal::Forbidden | Refusal::Declined => text.message_not_allowed,
        Refusal::NotServed | Refusal::Incompatible => text.message_unsupported,
        Refusal::Elsewhere | Refusal::Busy | Refusal::Trouble | Refusal::Other => {
            text.message_refused
        }
    };
    fill_all(template, &[("{peer}", label(text, party)), ("{code}", &status.to_string())])
}

/// What the user or whoever runs the telephone can mend, if it is that.
fn microphone(text: &Text, failure: MediaFailure) -> Option<&'static str> {
    match failure {
        MediaFailure::MicrophoneRefused => Some(text.microphone_refused),
        MediaFailure::MicrophoneForbidden => Some(text.microphone_forbidden),
        MediaFailure::MicrophoneNotFound => Some(text.microphone_missing),
        MediaFailure::MicrophoneInUse => Some(text.microphone_in_use),
        MediaFailure::MicrophoneBroken => Some(text.microphone_broken),
        MediaFailure::PageNotSecure => Some(text.page_not_secure),
        MediaFailure::NoRelay => Some(text.no_relay),
        MediaFailure::Incompatible | MediaFailure::NotEncrypted => None,
    }
}

/// Why the user's picture is not shown.
fn no_picture(text: &Text, source: Source, failure: PictureFailure) -> &'static str {
    match (source, failure) {
        (Source::Screen, _) => text.screen_not_shared,
        (_, PictureFailure::Refused) => text.camera_refused,
        (_, PictureFailure::NotFound) => text.camera_missing,
        (_, PictureFailure::InUse) => text.camera_in_use,
        (_, PictureFailure::Broken) => text.camera_broken,
        (_, PictureFailure::PageNotSecure) => text.camera_not_secure,
        (_, PictureFailure::Gone) => text.camera_gone,
    }
}
