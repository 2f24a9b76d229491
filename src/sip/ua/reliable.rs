//! Our own reliable provisional responses (RFC 3262 §3), which we repeat until the caller
//! acknowledges them.

use super::core::Core;
use crate::sip::timer::{T1, TRANSACTION_TIMEOUT};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{CSeq, Method, RAck, Request, Response};
use crate::time::Instant;
use std::time::Duration;

/// Our own provisional response, until its PRACK.
pub(super) struct Reliable {
    expected: RAck,
    response: Response,
    interval: Duration,
    again_at: Instant,
    give_up: Instant,
}

impl Reliable {
    /// The number before the first one of an INVITE (RFC 3262 §3).
    pub(super) fn before_first(core: &mut Core) -> u32 {
        core.entropy.below(0x7fff_0000)
    }

    /// Makes `response` to `invite` a reliable one, and sends it.
    pub(super) fn send(
        now: Instant,
        core: &mut Core,
        server: ServerId,
        (invite, rseq): (&Request, u32),
        mut response: Response,
    ) -> Self {
        response.headers.push("Require", "100rel");
        response.headers.push("RSeq", rseq.to_string());
        core.transactions.respond(now, server, &response);
        let seq = invite.cseq().map_or(0, |cseq| cseq.seq);
        Self {
            expected: RAck { rseq, cseq: CSeq { seq, method: Method::Invite } },
            response,
            interval: T1,
            again_at: now + T1,
            give_up: now + TRANSACTION_TIMEOUT,
        }
    }

    /// Whether `prack` acknowledges this response.
    pub(super) fn is_acknowledged_by(&self, prack: &Request) -> bool {
        let rack = prack.headers.get("RAck").and_then(|rack| RAck::parse(rack).ok());
        rack.is_some_and(|rack| rack == self.expected)
    }

    /// Repeats the response when that is due. Returns whether there is any use in waiting.
    pub(super) fn handle_timeout(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
    ) -> bool {
        if self.give_up <= now {
            return false;
        }
        if self.again_at <= now {
            core.transactions.respond(now, server, &self.response);
            self.interval *= 2;
            self.again_at = now + self.interval;
        }
        true
    }

    pub(super) fn poll_timeout(&self) -> Instant {
        self.again_at.min(self.give_up)
    }
}
