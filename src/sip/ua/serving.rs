//! How far we are with a request of the peer that changes a call.

use crate::sip::transaction::ServerId;
use crate::sip::wire::{Request, Response};
use crate::time::Instant;
use std::time::Duration;

/// The request of the peer that changes the call, and is not done with. There is one at a time
/// (RFC 3261 §14.2).
pub(super) enum Serving {
    Nothing,
    /// A re-INVITE or an UPDATE waits for the browser.
    Answering {
        server: ServerId,
        request: Request,
    },
    /// Our 2xx waits for the ACK and is retransmitted until it comes.
    AwaitingAck(AwaitingAck),
}

pub(super) struct AwaitingAck {
    pub(super) response: Response,
    /// It left when it was made, and did not wait for a line.
    pub(super) said: bool,
    pub(super) seq: u32,
    pub(super) interval: Duration,
    pub(super) again_at: Instant,
    pub(super) give_up: Instant,
}
