//! What the peer changes in a call that stands: its offers, our answers to them, and the ACK
//! (RFC 3261 §13.3.1.4, §14.2).

use super::Call;
use super::core::{Core, push_abilities, response_with_tag, session_description};
use super::event::{CallEvent, EndReason, MediaRequest, Misbehaviour};
use super::reinvite::Held;
use super::services::Task;
use super::session::{Phase, Session};
use crate::media::sdp;
use crate::sip::timer::{T1, TRANSACTION_TIMEOUT};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Request, Response};
use crate::time::Instant;
use std::time::Duration;

/// Where an INVITE of the peer stands.
pub(super) enum OfferAnswer {
    Stable,
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
    /// The 2xx carried our offer, so the ACK carries the answer.
    pub(super) offered: bool,
}

impl Session {
    /// The peer's ACK to our 2xx.
    pub(super) fn handle_ack(
        mut self,
        now: Instant,
        core: &mut Core,
        ack: &Request,
    ) -> Option<Call> {
        let OfferAnswer::AwaitingAck(awaiting) = &self.offer_answer else {
            return Some(Call::Session(self));
        };
        if ack.cseq().is_none_or(|cseq| cseq.seq != awaiting.seq) {
            return Some(Call::Session(self));
        }
        let offered = awaiting.offered;
        self.offer_answer = OfferAnswer::Stable;
        if self.phase == Phase::ByeAfterAck {
            core.part(now, &mut self.dialog);
            return None;
        }
        if offered {
            let Some(sdp) = session_description(&ack.headers, &ack.body) else {
                return self.fail(
                    now,
                    core,
                    EndReason::ProtocolFailure(Misbehaviour::NoDescription),
                );
            };
            let applied = core.apply_first_answer(self.id, &self.local_sdp, sdp.clone());
            self.remote_sdp = sdp;
            if let Err(reason) = applied {
                return self.fail(now, core, reason);
            }
        }
        self.look_at_media(core);
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
        match std::mem::replace(&mut self.offer_answer, OfferAnswer::Stable) {
            OfferAnswer::Answering { server, request } if self.is_live() => {
                self.accept(now, core, server, &request, sdp);
            }
            other => self.offer_answer = other,
        }
    }

    /// Whether `server` is a re-INVITE that the browser still works on.
    pub(super) fn answers(&self, server: ServerId) -> bool {
        matches!(&self.offer_answer, OfferAnswer::Answering { server: own, .. } if *own == server)
    }

    /// The peer took its re-INVITE back.
    pub(super) fn cancel_reinvite(mut self, now: Instant, core: &mut Core) -> Option<Call> {
        self.drop_reinvite(now, core, 487);
        self.advance(now, core);
        Some(Call::Session(self))
    }

    pub(super) fn handle_reinvite(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
        if self.change.is_offering() {
            // RFC 3261 §14.2: both change the session at once.
            core.reject(now, server, &request, 491);
            return;
        }
        if matches!(&self.offer_answer, OfferAnswer::AwaitingAck(awaiting) if !awaiting.offered) {
            // Whoever begins a new one has done with the one before: its ACK was lost, or our 2xx on a
            // line that broke.
            self.offer_answer = OfferAnswer::Stable;
            self.look_at_media(core);
        }
        if !matches!(self.offer_answer, OfferAnswer::Stable) {
            // RFC 3261 §14.2: one INVITE of the peer at a time.
            core.refuse_for_now(now, server, &request);
            return;
        }
        match session_description(&request.headers, &request.body) {
            Some(offer) => core.ask_media(MediaRequest::CreateAnswer(self.id, offer)),
            None => core.ask_media(MediaRequest::CreateOffer(self.id)),
        }
        self.offer_answer = OfferAnswer::Answering { server, request };
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
        self.local_sdp = sdp;
        let offer = session_description(&invite.headers, &invite.body);
        let offered = offer.is_none();
        self.remote_sdp = offer.unwrap_or_default();
        if invite.method == Method::Update {
            self.look_at_media(core);
            self.advance(now, core);
            return;
        }
        self.offer_answer = OfferAnswer::AwaitingAck(AwaitingAck {
            response,
            said: core.online,
            seq: invite.cseq().map_or(0, |cseq| cseq.seq),
            interval: T1,
            again_at: now + T1,
            give_up: now + TRANSACTION_TIMEOUT,
            offered,
        });
    }

    /// Answers a re-INVITE that waits for the browser with a failure. Returns whether there was
    /// one.
    pub(super) fn drop_reinvite(&mut self, now: Instant, core: &mut Core, status: u16) -> bool {
        let OfferAnswer::Answering { server, request } = &self.offer_answer else {
            return false;
        };
        core.reject(now, *server, request, status);
        self.offer_answer = OfferAnswer::Stable;
        true
    }

    /// Whether the peer holds us, and which pictures flow, now that both ends agree on their
    /// descriptions.
    pub(super) fn look_at_media(&mut self, core: &mut Core) {
        let remote = sdp::is_hold(&self.remote_sdp);
        self.set_held(core, Held { remote, ..self.held });
        self.tell_pictures(core);
    }

    /// Tells which pictures flow, where our side knows of any.
    pub(super) fn tell_pictures(&self, core: &mut Core) {
        // While an offer of ours waits for its turn, it is no refusal that we do not send yet.
        if !self.change.media
            && let Some(flow) = sdp::video::flow(&self.local_sdp, &self.remote_sdp)
        {
            core.tell(self.id, CallEvent::VideoChanged(flow));
        }
    }
}
