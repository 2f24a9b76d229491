//! The INVITE server transaction (RFC 3261 §17.2.1, RFC 6026 §7.1).

use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::time::Instant;

/// What our own response does to a server transaction.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The response is to be sent.
    pub(super) send: bool,
    /// The transaction is over.
    pub(super) terminated: bool,
}

enum State {
    /// No final response yet. `last` is the latest provisional one.
    Proceeding { last: Option<Vec<u8>> },
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
    pub(super) fn new() -> Self {
        Self { state: State::Proceeding { last: None } }
    }

    pub(super) fn respond(&mut self, now: Instant, status: u16, bytes: &[u8]) -> Step {
        match (&self.state, status) {
            (State::Proceeding { .. }, 100..=199) => {
                self.state = State::Proceeding { last: Some(bytes.to_vec()) };
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
            State::Proceeding { last } => last.clone(),
            State::Completed { response, .. } => Some(response.clone()),
            State::Accepted { .. } => None,
        }
    }

    /// Timer H or L.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Proceeding { .. } => None,
            State::Completed { timer_h, .. } => Some(timer_h),
            State::Accepted { timer_l } => Some(timer_l),
        }
    }

    /// Whether a failure was sent, whose ACK ends the transaction.
    pub(super) fn is_completed(&self) -> bool {
        matches!(self.state, State::Completed { .. })
    }
}
