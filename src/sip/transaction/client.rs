//! The non-INVITE client transaction (RFC 3261 §17.1.2).

use super::client_invite::Step;
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::wire::Response;
use crate::time::Instant;

/// A request other than INVITE that we sent. Trying and Proceeding differ only in the
/// retransmissions that a reliable transport does without, and Completed ends at once as timer K
/// is zero, so one state is left: waiting until timer F.
pub(super) struct Client {
    timer_f: Instant,
}

impl Client {
    pub(super) fn new(now: Instant) -> Self {
        Self { timer_f: now + TRANSACTION_TIMEOUT }
    }

    pub(super) fn handle_response(&self, response: &Response) -> Step {
        Step { deliver: true, ack: None, terminated: response.status >= 200 }
    }

    /// Timer F.
    pub(super) fn deadline(&self) -> Instant {
        self.timer_f
    }
}
