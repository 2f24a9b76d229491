//! The INVITE server transaction (RFC 3261 §17.2.1, RFC 6026 §7.1).

use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::time::Instant;
use std::time::Duration;

/// How long its user may take before the peer is told by a 100 that the INVITE has arrived.
const TRYING_AFTER: Duration = Duration::from_millis(200);

/// What our own response does to a server transaction.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The response is to be sent.
    pub(super) send: bool,
    /// The transaction is over.
    pub(super) terminated: bool,
}

enum State {
    /// No final response yet. `last` is the latest provisional one, or the 100 that follows if
    /// none is sent until then.
    Proceeding { last: Vec<u8>, trying_at: Option<Instant> },
    /// A failure was sent and waits for its ACK until timer H.
    Completed { response: Vec<u8>, timer_h: Instant },
    /// A 2xx was sent. Its user retransmits it; retransmitted INVITEs are absorbed until timer L.
    Accepted { timer_l: Instant },
}

/// An INVITE that we received.
pub(super) struct InviteServer {
    state: State,
}

impl InviteServer {
    /// `trying` is its 100.
    pub(super) fn new(now: Instant, trying: Vec<u8>) -> Self {
        let trying_at = Some(now + TRYING_AFTER);
        Self { state: State::Proceeding { last: trying, trying_at } }
    }

    /// The 100, once it is due.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Option<Vec<u8>> {
        match &mut self.state {
            State::Proceeding { last, trying_at } if trying_at.is_some_and(|at| at <= now) => {
                *trying_at = None;
                Some(last.clone())
            }
            _ => None,
        }
    }

    pub(super) fn respond(&mut self, now: Instant, status: u16, bytes: &[u8]) -> Step {
        match (&self.state, status) {
            (State::Proceeding { .. }, 100..=199) => {
                self.state = State::Proceeding { last: bytes.to_vec(), trying_at: None };
            }
            (State::Proceeding { .. }, 200..=299) => {
                self.state = State::Accepted { timer_l: now + TRANSACTION_TIMEOUT };
            }
            (State::Proceeding { .. }, _) => {
                let timer_h = now + TRANSACTION_TIMEOUT;
                self.state = State::Completed { response: bytes.to_vec(), timer_h };
            }
            // RFC 6026 §7.1: in Accepted, the user's retransmissions of the 2xx pass.
            (State::Accepted { .. }, 200..=299) => {}
            _ => return Step::default(),
        }
        Step { send: true, terminated: false }
    }

    /// What to send again when the INVITE comes again.
    pub(super) fn handle_retransmission(&self) -> Option<Vec<u8>> {
        match &self.state {
            State::Proceeding { last: response, .. } | State::Completed { response, .. } => {
                Some(response.clone())
            }
            State::Accepted { .. } => None,
        }
    }

    /// The 100, timer H or L.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Proceeding { trying_at, .. } => trying_at,
            State::Completed { timer_h, .. } => Some(timer_h),
            State::Accepted { timer_l } => Some(timer_l),
        }
    }

    /// Whether a failure was sent, whose ACK ends the transaction.
    pub(super) fn is_completed(&self) -> bool {
        matches!(self.state, State::Completed { .. })
    }
}
