//! The timer values of RFC 3261 §17.1.1.1 for a reliable transport, and a helper to fold deadlines.
//!
//! A WebSocket delivers in order or breaks, so timers A, E and G (retransmission) never run and D,
//! I, J and K (waiting for retransmissions to die out) are zero.

use crate::time::Instant;
use std::time::Duration;

/// The round-trip estimate, on which the other values stand.
pub const T1: Duration = Duration::from_millis(500);
/// The longest interval between two retransmissions of a 2xx to INVITE (RFC 3261 §13.3.1.4).
pub const T2: Duration = Duration::from_secs(4);
/// 64·T1: timers B, F, H (RFC 3261 §17), L and M (RFC 6026 §8), and the wait for an ACK.
pub const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(32);

/// The earlier of two optional deadlines.
pub(crate) fn earliest(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
