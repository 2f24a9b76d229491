//! Sentences for what went wrong: what happened, and what to do.

use super::text::{Text, fill};
use crate::phone::{AccountError, Notice, Party, Phone, Progress};
use crate::sip::ua::{EndReason, LineFault, MediaFailure};

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
        LineFault::Refused { status: 404 | 604, .. } => {
            (fill(text.unknown_user, "{user}", user), &[Field::Address])
        }
        LineFault::Refused { status: 400..=407 | 409..=479 | 481..=499 | 600..=699, .. } => {
            (fill(text.forbidden_user, "{user}", user), &[Field::Address])
        }
        LineFault::Refused { status, .. } => {
            (fill(text.server_trouble, "{code}", &status.to_string()), &[])
        }
    }
}

/// What a screen reader should say now: what happened, or how the call stands. An incoming call
/// speaks for itself, as its dialog takes the focus.
pub(crate) fn spoken(text: &Text, phone: &Phone) -> Option<String> {
    if let Some(told) = phone.notice() {
        return Some(notice(text, told).sentence);
    }
    let call = phone.call()?;
    let peer = label(text, &call.party);
    match call.progress {
        _ if call.sound_blocked => Some(text.sound_blocked.to_owned()),
        Progress::Calling => Some(text.calling.to_owned()),
        Progress::Ringing | Progress::EarlyMedia => Some(text.ringing.to_owned()),
        Progress::Up { .. } => Some(fill(text.in_call_with, "{peer}", peer)),
        Progress::Incoming | Progress::Answering => None,
    }
}

/// What a notice says.
pub(crate) fn notice(text: &Text, notice: &Notice) -> Words {
    match notice {
        Notice::CallEnded { party, reason } => call_ended(text, party, reason),
        Notice::CannotAnswer(failure) => Words {
            kind: Kind::Warning,
            sentence: microphone(text, *failure).unwrap_or(text.sound_lost).to_owned(),
        },
        Notice::CannotDial => Words { kind: Kind::Error, sentence: text.bad_number.to_owned() },
        Notice::SoundLost => Words { kind: Kind::Error, sentence: text.sound_lost.to_owned() },
        Notice::CallLost(party) => about(text, Kind::Error, text.call_lost, party),
        Notice::TooManyCalls(party) => about(text, Kind::Plain, text.too_many_calls, party),
        Notice::HoldRefused(party) => about(text, Kind::Error, text.hold_refused, party),
        Notice::Transferred { party, target } => {
            let mut words = about(text, Kind::Plain, text.transferred, party);
            words.sentence = fill(&words.sentence, "{target}", label(text, target));
            words
        }
        Notice::TransferFailed { target, status } => {
            let mut words = about(text, rejected(text, *status).0, text.transfer_failed, target);
            let why = rejected_sentence(text, target, *status, "");
            words.sentence = fill(&words.sentence, "{why}", &why);
            words
        }
        Notice::NothingKept => {
            Words { kind: Kind::Warning, sentence: text.nothing_kept.to_owned() }
        }
        Notice::KeysFailed => Words { kind: Kind::Error, sentence: text.keys_failed.to_owned() },
    }
}

fn call_ended(text: &Text, party: &Party, reason: &EndReason) -> Words {
    let (kind, template) = match reason {
        EndReason::Rejected { status, .. } => rejected(text, *status),
        EndReason::NoMedia(failure) => match microphone(text, *failure) {
            Some(sentence) => (Kind::Warning, sentence),
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
        | EndReason::Transferred
        | EndReason::Replaced { .. } => (Kind::Plain, text.peer_hung_up),
        EndReason::Released(_) | EndReason::ProtocolFailure => (Kind::Error, text.call_failed),
    };
    let sentence = match reason {
        EndReason::Rejected { status, reason } => rejected_sentence(text, party, *status, reason),
        _ => fill(template, "{peer}", label(text, party)),
    };
    Words { kind, sentence }
}

fn about(text: &Text, kind: Kind, template: &str, party: &Party) -> Words {
    Words { kind, sentence: fill(template, "{peer}", label(text, party)) }
}

/// Why a call to `party` was turned down.
fn rejected_sentence(text: &Text, party: &Party, status: u16, reason: &str) -> String {
    let sentence = fill(rejected(text, status).1, "{peer}", label(text, party));
    let sentence = fill(&sentence, "{code}", &status.to_string());
    let reason = if reason.is_empty() { String::new() } else { [" ", reason].concat() };
    fill(&sentence, " {reason}", &reason)
}

/// What the status of a refused call means to the caller (RFC 3261 §21).
fn rejected(text: &Text, status: u16) -> (Kind, &'static str) {
    match status {
        486 | 600 => (Kind::Plain, text.busy),
        603 => (Kind::Plain, text.declined),
        404 | 410 | 484 | 485 | 604 => (Kind::Plain, text.not_found),
        408 | 487 => (Kind::Plain, text.no_answer),
        480 => (Kind::Plain, text.unavailable),
        401..=403 | 407 => (Kind::Error, text.not_allowed),
        415 | 488 | 606 => (Kind::Error, text.incompatible),
        500..=599 => (Kind::Error, text.call_server_trouble),
        _ => (Kind::Error, text.call_refused),
    }
}

/// The other side's name on the display, which is never empty.
pub(crate) fn label<'a>(text: &'a Text, party: &'a Party) -> &'a str {
    match party.label() {
        "" => text.unknown_caller,
        label => label,
    }
}

/// What is wrong with the microphone, if it is that.
fn microphone(text: &Text, failure: MediaFailure) -> Option<&'static str> {
    match failure {
        MediaFailure::MicrophoneRefused => Some(text.microphone_refused),
        MediaFailure::MicrophoneNotFound => Some(text.microphone_missing),
        MediaFailure::MicrophoneInUse => Some(text.microphone_in_use),
        MediaFailure::MicrophoneBroken => Some(text.microphone_broken),
        MediaFailure::PageNotSecure => Some(text.page_not_secure),
        MediaFailure::Incompatible => None,
    }
}
