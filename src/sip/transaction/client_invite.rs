//! The INVITE client transaction (RFC 3261 §17.1.1, RFC 6026 §7.2).

use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::wire::{Method, Request, Response};
use crate::time::Instant;

/// What a response does to a client transaction.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The response goes to the transaction's user.
    pub(super) deliver: bool,
    /// An ACK that the transaction sends by itself.
    pub(super) ack: Option<Vec<u8>>,
    /// The transaction is over.
    pub(super) terminated: bool,
}

enum State {
    /// No response yet; timer B runs.
    Calling { timer_b: Instant },
    /// A provisional response came. There is no timer: the callee may take its time.
    Proceeding,
    /// A 2xx came; until timer M others may follow from other forks.
    Accepted { timer_m: Instant },
}

/// An INVITE that we sent.
pub(super) struct InviteClient {
    state: State,
}

impl InviteClient {
    pub(super) fn new(now: Instant) -> Self {
        Self { state: State::Calling { timer_b: now + TRANSACTION_TIMEOUT } }
    }

    pub(super) fn handle_response(
        &mut self,
        now: Instant,
        invite: &Request,
        response: &Response,
    ) -> Step {
        match (&self.state, response.status) {
            (State::Accepted { .. }, 200..=299) => Step { deliver: true, ..Step::default() },
            (State::Accepted { .. }, _) => Step::default(),
            (_, 100..=199) => {
                self.state = State::Proceeding;
                Step { deliver: true, ..Step::default() }
            }
            (_, 200..=299) => {
                self.state = State::Accepted { timer_m: now + TRANSACTION_TIMEOUT };
                Step { deliver: true, ..Step::default() }
            }
            // Timer D is zero on a reliable transport, so Completed ends at once.
            _ => Step {
                deliver: true,
                ack: Some(ack_for_failure(invite, response).write()),
                terminated: true,
            },
        }
    }

    /// Timer B or M.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Calling { timer_b } => Some(timer_b),
            State::Proceeding => None,
            State::Accepted { timer_m } => Some(timer_m),
        }
    }

    /// Whether no final response has come.
    pub(super) fn is_unanswered(&self) -> bool {
        !matches!(self.state, State::Accepted { .. })
    }
}

/// The ACK to a 300-699, in the same transaction (RFC 3261 §17.1.1.3).
fn ack_for_failure(invite: &Request, response: &Response) -> Request {
    let mut ack = Request::new(Method::Ack, invite.uri.clone());
    for name in ["Via", "Max-Forwards", "From", "Call-ID", "Route"] {
        let lines = if name == "Via" { 1 } else { usize::MAX };
        for value in invite.headers.all(name).take(lines) {
            ack.headers.push(name, value);
        }
    }
    ack.headers.push("To", response.headers.get("To").unwrap_or_default());
    let seq = invite.cseq().map_or(0, |cseq| cseq.seq);
    ack.headers.push("CSeq", format!("{seq} ACK"));
    ack
}
