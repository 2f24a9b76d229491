//! The non-INVITE server transaction (RFC 3261 §17.2.2).

use super::server_invite::Step;
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::time::Instant;

/// A request other than INVITE that we received. It ends with its final response, as timer J is
/// zero on a reliable transport; one that its user never answers is dropped when the peer has
/// given up (timer F there).
pub(super) struct Server {
    last: Option<Vec<u8>>,
    abandoned: Instant,
}

impl Server {
    pub(super) fn new(now: Instant) -> Self {
        Self { last: None, abandoned: now + TRANSACTION_TIMEOUT }
    }

    pub(super) fn respond(&mut self, status: u16, bytes: &[u8]) -> Step {
        let terminated = status >= 200;
        if !terminated {
            self.last = Some(bytes.to_vec());
        }
        Step { send: true, terminated }
    }

    /// What to send again when the request comes again.
    pub(super) fn handle_retransmission(&self) -> Option<Vec<u8>> {
        self.last.clone()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        Some(self.abandoned)
    }
}
