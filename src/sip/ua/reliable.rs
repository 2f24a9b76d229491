//! Reliable provisional responses (RFC 3262): those that we acknowledge by PRACK, in the early
//! dialogs of a call of ours, and the one that we repeat until the caller does.

use super::core::{Core, Owner};
use super::input::CallId;
use super::outgoing::Outgoing;
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::timer::{T1, TRANSACTION_TIMEOUT};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{CSeq, Method, RAck, Request, Response, Uri};
use crate::time::Instant;
use std::time::Duration;

/// How many forks of a call are kept apart.
const MAX_EARLY: usize = 16;

/// A dialog that a provisional response to our INVITE made.
pub(super) struct Early {
    pub(super) dialog: Dialog,
    /// The last RSeq that was acknowledged.
    rseq: Option<u32>,
    /// A reliable response brought the answer to our offer, so that it counts.
    pub(super) answered: bool,
}

/// The early dialogs of one INVITE, of which there is one for each fork.
#[derive(Default)]
pub(super) struct EarlyDialogs(Vec<Early>);

impl EarlyDialogs {
    /// Takes a provisional response in, and acknowledges it if it asks for that. Returns whether
    /// it is new, and in order (RFC 3262 §4).
    pub(super) fn handle(
        &mut self,
        now: Instant,
        core: &mut Core,
        call: CallId,
        (invite, response): (&Request, &Response),
    ) -> bool {
        let id = DialogId::of_response(response);
        if id.remote_tag.is_empty() || response.status == 100 {
            return true;
        }
        let known = self.0.iter().position(|early| *early.dialog.id() == id);
        let index = known.or_else(|| {
            let dialog = Dialog::of_client(invite, response).ok()?;
            if self.0.len() >= MAX_EARLY {
                return None;
            }
            self.0.push(Early { dialog, rseq: None, answered: false });
            Some(self.0.len() - 1)
        });
        let early = index.and_then(|index| self.0.get_mut(index));
        if !response.headers.has_token("Require", "100rel") {
            return true;
        }
        let rseq = response.headers.get("RSeq").and_then(|rseq| rseq.trim().parse::<u32>().ok());
        let (Some(early), Some(rseq), Some(cseq)) = (early, rseq, response.cseq()) else {
            return false;
        };
        if early.rseq.is_some_and(|last| last.checked_add(1) != Some(rseq)) {
            return false;
        }
        early.rseq = Some(rseq);
        early.dialog.refresh_target(response.contact());
        early.answered |= !response.body.is_empty();
        let mut prack = early.dialog.request(Method::Prack);
        prack.headers.push("RAck", RAck { rseq, cseq }.to_string());
        core.send_plain(now, Owner::Prack(call), prack);
        true
    }

    /// Lets `dialog` count on from the early dialog that it was.
    pub(super) fn hand_over(&self, dialog: &mut Dialog) {
        if let Some(early) = self.find(dialog.id()) {
            dialog.continue_from(&early.dialog);
        }
    }

    fn get(&mut self, id: &DialogId) -> Option<&mut Early> {
        self.0.iter_mut().find(|early| early.dialog.id() == id)
    }

    fn find(&self, id: &DialogId) -> Option<&Early> {
        self.0.iter().find(|early| early.dialog.id() == id)
    }

    /// A PRACK was challenged and went out again: its dialog counts on.
    pub(super) fn handle_retry(&mut self, request: &Request) {
        let tag = request.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        let early = self.0.iter_mut().find(|early| early.dialog.id().remote_tag == tag);
        if let Some(early) = early {
            early.dialog.sent(request);
        }
    }
}

impl Outgoing {
    /// Whether this call has that early dialog.
    pub(super) fn has_dialog(&self, id: &DialogId) -> bool {
        self.early.find(id).is_some()
    }

    /// The callee's address in that early dialog.
    pub(super) fn remote_uri(&self, id: &DialogId) -> Option<Uri> {
        self.early.find(id)?.dialog.remote_uri()
    }

    /// A PRACK was challenged and went out again.
    pub(super) fn handle_prack_retry(&mut self, request: &Request) {
        self.early.handle_retry(request);
    }

    /// A request of a callee in its early dialog.
    pub(super) fn handle_request(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: &Request,
    ) {
        let early = DialogId::of_request(request).and_then(|id| self.early.get(&id));
        let Some(early) = early else {
            core.reject(now, server, request, 481);
            return;
        };
        let in_order = early.dialog.accept(request).is_ok();
        match request.method {
            _ if !in_order => core.reject(now, server, request, 500),
            Method::Options => {
                let response = super::requests::options_response(core, request);
                core.transactions.respond(now, server, &response);
            }
            Method::Update if request.body.is_empty() => {
                early.dialog.refresh_target(request.contact());
                let response = super::update::accepted(core, request);
                core.transactions.respond(now, server, &response);
            }
            // RFC 3311 §5.2: our offer is not answered yet, or was only just.
            Method::Update if early.answered => core.refuse_for_now(now, server, request),
            Method::Update | Method::Invite => core.reject(now, server, request, 491),
            // RFC 3261 §15: a callee ends nothing before it answers.
            Method::Bye => core.reject(now, server, request, 481),
            _ => core.reject(now, server, request, 405),
        }
    }
}

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
