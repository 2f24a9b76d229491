//! How far a change of ours in a call that stands has come.

use super::negotiation::Proposal;
use crate::sip::wire::Request;
use crate::time::Instant;

/// How far a change of ours has come, of which one is on its way at a time. What is wanted of the media
/// next is in the negotiation.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) refresh: Option<Refresh>,
    pub(super) state: State,
    /// Attempts that the peer put off (491, 500).
    pub(super) put_off: u8,
    /// Numbers the attempts: the answer to one that the loss of a connection interrupted says
    /// nothing of the next.
    pub(super) attempt: u32,
    /// The ACK of the last change, for retransmissions of its 2xx.
    pub(super) ack: Option<Box<Request>>,
}

/// Why a session is described anew although nothing changes; the greater one includes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refresh {
    /// The session timer: UPDATE will do.
    Timer,
    /// We have a new Contact, for which servers want a re-INVITE, or wonder whether the peer is
    /// still there.
    Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Media(Proposal),
    Refresh(Refresh),
}

#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Idle,
    /// The browser makes the offer.
    Offering(Proposal),
    /// The request is out.
    Sent(Purpose, Box<Request>),
    /// It is tried again then.
    Waiting(Instant),
}

impl Change {
    /// Wants the session refreshed, for this reason or a greater one.
    pub(super) fn want(&mut self, refresh: Refresh) {
        self.refresh = self.refresh.max(Some(refresh));
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Waiting(at) => Some(at),
            _ => None,
        }
    }
}
