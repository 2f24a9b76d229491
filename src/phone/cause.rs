//! Why something did not come about: what statuses and reasons mean to the user.

use crate::sip::ua::{EndReason, MediaFailure};

/// What the status of a refusal means to whoever asked, for a call, a text message or a sign-in
/// (RFC 3261 §21).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Who is asked for is elsewhere.
    Elsewhere,
    /// Is in a call.
    Busy,
    /// Does not want it.
    Declined,
    /// There is nobody of that name or number.
    Unknown,
    /// Nobody has answered.
    NoAnswer,
    /// Cannot be reached now.
    Unavailable,
    /// The account may not do that.
    Forbidden,
    /// The two ends have nothing in common that both understand.
    Incompatible,
    /// There is too much of it.
    TooLong,
    /// Such a thing is not done there.
    NotServed,
    /// The server has a problem.
    Trouble,
    /// Anything else.
    Other,
}

impl Refusal {
    /// What this SIP status means.
    pub fn of(status: u16) -> Self {
        match status {
            300..=399 => Self::Elsewhere,
            486 | 600 => Self::Busy,
            603 => Self::Declined,
            404 | 410 | 484 | 485 | 604 => Self::Unknown,
            408 | 487 => Self::NoAnswer,
            480 => Self::Unavailable,
            401..=403 | 407 => Self::Forbidden,
            415 | 488 | 606 => Self::Incompatible,
            413 | 513 => Self::TooLong,
            405 | 406 | 501 => Self::NotServed,
            500..=599 => Self::Trouble,
            _ => Self::Other,
        }
    }
}

/// Why a call did not come about, or broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server or the other side said so, with this SIP status.
    Status(u16),
    /// There was no microphone.
    Microphone,
    /// There was no line to the server.
    NoLine,
    /// The call broke off.
    Broken,
    /// There were as many calls as there may be.
    InCall,
}

impl Cause {
    /// What was wrong where a call ended for this reason, if anything was.
    pub(super) fn of(reason: &EndReason) -> Option<Self> {
        match reason {
            EndReason::Rejected { status, .. } => Some(Self::Status(*status)),
            EndReason::Redirected(_) => Some(Self::Status(302)),
            EndReason::Unauthorized => Some(Self::Status(403)),
            EndReason::NoMedia(
                MediaFailure::Incompatible | MediaFailure::NotEncrypted | MediaFailure::NoRelay,
            ) => Some(Self::Status(488)),
            EndReason::NoMedia(_) => Some(Self::Microphone),
            EndReason::NoLine => Some(Self::NoLine),
            EndReason::TooManyCalls => Some(Self::InCall),
            EndReason::Released(_) | EndReason::ProtocolFailure(_) => Some(Self::Broken),
            EndReason::HungUpHere
            | EndReason::HungUpThere
            | EndReason::Transferred
            | EndReason::Replaced { .. }
            | EndReason::Cancelled
            | EndReason::AnsweredElsewhere
            | EndReason::DeclinedElsewhere
            | EndReason::DeclinedHere
            | EndReason::NotAnswered => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_means_the_same_wherever_it_is_told() {
        for (statuses, meaning) in [
            (&[300, 302, 380][..], Refusal::Elsewhere),
            (&[486, 600], Refusal::Busy),
            (&[603], Refusal::Declined),
            (&[404, 410, 484, 485, 604], Refusal::Unknown),
            (&[408, 487], Refusal::NoAnswer),
            (&[480], Refusal::Unavailable),
            (&[401, 402, 403, 407], Refusal::Forbidden),
            (&[415, 488, 606], Refusal::Incompatible),
            (&[413, 513], Refusal::TooLong),
            (&[405, 406, 501], Refusal::NotServed),
            (&[500, 502, 503, 504, 580], Refusal::Trouble),
            (&[0, 400, 420, 430, 481, 607, 699, 999], Refusal::Other),
        ] {
            for status in statuses {
                assert_eq!(Refusal::of(*status), meaning, "{status}");
            }
        }
    }
}
