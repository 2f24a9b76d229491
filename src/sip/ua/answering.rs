//! What the peer changes in a call that stands: its offers, our answers to them, and the ACK
//! (RFC 3261 §13.3.1.4, §14.2, RFC 3311), and with whom it is connected.

use super::caller::connected;
use super::core::{Core, push_abilities, response_with_tag, session_description};
use super::event::{CallEvent, EndReason, Misbehaviour};
use super::services::Task;
use super::serving::{AwaitingAck, Serving};
use super::session::{Phase, Session};
use crate::sip::timer::{T1, TRANSACTION_TIMEOUT};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Headers, Method, Request};
use crate::time::Instant;

impl Session {
    /// The peer's ACK to our 2xx.
    pub(super) fn handle_ack(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        ack: &Request,
    ) -> Option<Box<Self>> {
        let Serving::AwaitingAck(awaiting) = &self.serving else {
            return Some(self);
        };
        if ack.cseq().is_none_or(|cseq| cseq.seq != awaiting.seq) {
            return Some(self);
        }
        self.serving = Serving::Nothing;
        if self.phase == Phase::ByeAfterAck {
            core.part(now, &mut self.dialog);
            return None;
        }
        if self.negotiation.is_ours() {
            // The 2xx carried our offer, so the ACK carries the answer.
            let Some(sdp) = session_description(&ack.headers, &ack.body) else {
                return self.fail(
                    now,
                    core,
                    EndReason::ProtocolFailure(Misbehaviour::NoDescription),
                );
            };
            if let Err(reason) = self.negotiation.begin(core, sdp) {
                return self.fail(now, core, reason);
            }
        }
        self.negotiation.tell(core);
        self.advance(now, core);
        self.serve(now, core, Task::Confirmed)
    }

    /// The browser's offer, for a change of ours or for a re-INVITE without one.
    pub(super) fn handle_offer(&mut self, now: Instant, core: &mut Core, sdp: String) {
        if !self.handle_change_offer(now, core, &sdp) {
            self.handle_description(now, core, sdp);
        }
    }

    /// The browser's answer (or offer) for a re-INVITE, or its answer for an UPDATE.
    pub(super) fn handle_description(&mut self, now: Instant, core: &mut Core, sdp: String) {
        match std::mem::replace(&mut self.serving, Serving::Nothing) {
            Serving::Answering { server, request } if self.is_live() => {
                self.accept(now, core, server, &request, sdp);
            }
            other => self.serving = other,
        }
    }

    /// Whether `server` is a re-INVITE that the browser still works on.
    pub(super) fn answers(&self, server: ServerId) -> bool {
        matches!(&self.serving, Serving::Answering { server: own, .. } if *own == server)
    }

    /// The peer took its re-INVITE back.
    pub(super) fn cancel_reinvite(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        self.drop_reinvite(now, core, 487);
        self.advance(now, core);
        Some(self)
    }

    pub(super) fn handle_reinvite(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
        if matches!(self.serving, Serving::AwaitingAck(_)) && !self.negotiation.is_ours() {
            // Whoever begins a new one has done with the one before: its ACK was lost, or our 2xx on a
            // line that broke.
            self.serving = Serving::Nothing;
            self.negotiation.tell(core);
        }
        let offer = session_description(&request.headers, &request.body);
        self.take_change(now, core, (server, request), offer);
    }

    /// Has the browser answer what the peer offers by an INVITE or an UPDATE, or offer what its INVITE
    /// wants to know, if that is its turn.
    pub(super) fn take_change(
        &mut self,
        now: Instant,
        core: &mut Core,
        (server, request): (ServerId, Request),
        offer: Option<String>,
    ) {
        let is_ours = self.negotiation.is_ours();
        match self.serving {
            // RFC 3261 §14.2: one INVITE of the peer at a time.
            Serving::Answering { .. } => core.refuse_for_now(now, server, &request),
            Serving::AwaitingAck(_) if !is_ours || request.method == Method::Invite => {
                core.refuse_for_now(now, server, &request);
            }
            // RFC 3261 §14.2, RFC 3311 §5.2: an offer of ours is not answered yet.
            Serving::Nothing | Serving::AwaitingAck(_) if is_ours => {
                core.reject(now, server, &request, 491);
            }
            Serving::Nothing | Serving::AwaitingAck(_) => {
                self.negotiation.take_offer(offer);
                self.negotiation.describe(core);
                self.serving = Serving::Answering { server, request };
            }
        }
    }

    /// An UPDATE of the peer (RFC 3311).
    pub(super) fn handle_update(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
        let Some(offer) = session_description(&request.headers, &request.body) else {
            self.dialog.refresh_target(request.contact());
            let mut response = core.updated(&request);
            self.timer.accept(now, &core.config.policy, &request, &mut response.headers);
            core.transactions.respond(now, server, &response);
            return;
        };
        self.take_change(now, core, (server, request), Some(offer));
    }

    /// Sends a 2xx with `sdp` and, unless it is for an UPDATE, keeps it for retransmission until
    /// the ACK.
    pub(super) fn accept(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        invite: &Request,
        sdp: String,
    ) {
        self.dialog.refresh_target(invite.contact());
        let mut response = response_with_tag(invite, 200, &self.dialog.id().local_tag);
        for route in invite.headers.all("Record-Route") {
            response.headers.push("Record-Route", route);
        }
        self.contact = core.contact();
        response.headers.push("Contact", self.contact.as_str());
        push_abilities(&mut response.headers);
        response.headers.push("Server", core.config.product.as_str());
        self.timer.accept(now, &core.config.policy, invite, &mut response.headers);
        response.headers.push("Content-Type", "application/sdp");
        response.body = sdp.clone().into_bytes();
        core.transactions.respond(now, server, &response);
        self.negotiation.described(sdp);
        if invite.method == Method::Update {
            self.negotiation.tell(core);
            self.advance(now, core);
            return;
        }
        self.serving = Serving::AwaitingAck(AwaitingAck {
            response,
            said: core.online,
            seq: invite.cseq().map_or(0, |cseq| cseq.seq),
            interval: T1,
            again_at: now + T1,
            give_up: now + TRANSACTION_TIMEOUT,
        });
    }

    /// Answers a re-INVITE that waits for the browser with a failure. Returns whether there was
    /// one.
    pub(super) fn drop_reinvite(&mut self, now: Instant, core: &mut Core, status: u16) -> bool {
        let Serving::Answering { server, request } = &self.serving else {
            return false;
        };
        core.reject(now, *server, request, status);
        self.serving = Serving::Nothing;
        self.negotiation.drop_offer();
        true
    }

    /// Tells with whom the call is connected, where the peer's side says that this has changed.
    pub(super) fn tell_connected(&mut self, core: &mut Core, headers: &Headers) {
        let Some(caller) = connected(&core.config.policy, headers) else { return };
        if self.is_live() && self.peer.as_deref() != Some(&caller.uri) {
            self.peer = Some(Box::new(caller.uri.clone()));
            core.tell(self.id, CallEvent::Connected(Box::new(caller)));
        }
    }

    /// What is said of the peer when the call begins is where later changes are told from. It is
    /// not better than what we called: of a callee without a name Asterisk says "s".
    pub(super) fn note_peer(&mut self, core: &Core, headers: &Headers) {
        self.peer = connected(&core.config.policy, headers).map(|caller| Box::new(caller.uri));
    }
}
