//! The answers to our INVITEs that were refused not long ago, as nobody wanted them.

use crate::sip::dialog::DialogId;
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::wire::Request;
use crate::time::Instant;

/// How many are remembered.
const MAX_REFUSED: usize = 64;

/// Those whose 2xx may still be retransmitted.
#[derive(Default)]
pub(super) struct RefusedForks(Vec<Refused>);

struct Refused {
    id: DialogId,
    ack: Request,
    until: Instant,
}

impl RefusedForks {
    /// The ACK of one that was refused before.
    pub(super) fn find(&mut self, now: Instant, id: &DialogId) -> Option<&Request> {
        self.0.retain(|refused| refused.until > now);
        self.0.iter().find(|refused| refused.id == *id).map(|refused| &refused.ack)
    }

    pub(super) fn note(&mut self, now: Instant, id: DialogId, ack: Request) {
        if self.0.len() >= MAX_REFUSED {
            self.0.remove(0);
        }
        self.0.push(Refused { id, ack, until: now + TRANSACTION_TIMEOUT });
    }
}
