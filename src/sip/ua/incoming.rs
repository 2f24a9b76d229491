//! A call that arrives, from its INVITE to our answer (RFC 3261 §13.3, §9.2).

use super::caller::caller;
use super::core::{Core, response_with_tag, session_description};
use super::event::{CallEvent, EndReason, MediaRequest, Misbehaviour};
use super::input::{CallId, MediaFailure};
use super::negotiation::Negotiation;
use super::reliable::Reliable;
use super::session::{Becomes, Session};
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::timer::earliest;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Reason, ReasonProtocol, Request};
use crate::time::Instant;
use std::time::Duration;

/// How long we ring at the most, whatever the caller's side wants.
const RING_LIMIT: Duration = Duration::from_secs(180);
/// RFC 3261 §13.3.1.1: a provisional response every minute keeps proxies from giving up.
const RING_AGAIN: Duration = Duration::from_secs(60);

/// A call that rings.
pub(super) struct Incoming {
    id: CallId,
    server: ServerId,
    invite: Request,
    dialog: Dialog,
    negotiation: Negotiation,
    phase: Phase,
    again_at: Instant,
    give_up: Instant,
    /// What the caller is told then.
    too_late: u16,
    /// Our 180, while the caller owes its PRACK.
    ringing: Option<Reliable>,
    /// The number of our last reliable response.
    rseq: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Ringing,
    /// The user answered; the browser makes the session description.
    Answering,
}

impl Incoming {
    /// Rings for an INVITE that was found acceptable.
    pub(super) fn start(
        now: Instant,
        core: &mut Core,
        id: CallId,
        (server, invite): (ServerId, Request),
        (replaces, takes_over): (Option<CallId>, bool),
    ) -> Option<Box<Self>> {
        let tag = core.new_tag();
        let caller = caller(&core.config.policy, &invite);
        let (Ok(dialog), Some(mut caller)) = (Dialog::of_server(&invite, &tag), caller) else {
            core.reject(now, server, &invite, 400);
            return None;
        };
        // RFC 3261 §13.3.1: the caller's side may say how long its INVITE is good for.
        let expires = invite.headers.get("Expires").and_then(|value| value.trim().parse().ok());
        let limit = expires.map_or(RING_LIMIT, Duration::from_secs).min(RING_LIMIT);
        // Its own end is as if the caller had given up.
        let too_late = if limit < RING_LIMIT { 487 } else { 480 };
        let offer = session_description(&invite.headers, &invite.body);
        let mut incoming = Self {
            id,
            server,
            invite,
            dialog,
            negotiation: Negotiation::begun_by_peer(id, offer),
            phase: Phase::Ringing,
            again_at: now + RING_AGAIN,
            give_up: now + limit,
            too_late,
            ringing: None,
            rseq: Reliable::before_first(core),
        };
        incoming.ring(now, core);
        (caller.replaces, caller.takes_over) = (replaces, takes_over);
        // What takes the place of another call is answered at once.
        let expects = !caller.takes_over;
        core.tell(id, CallEvent::Incoming(Box::new(caller)));
        if let Some(offer) = incoming.negotiation.offer().filter(|_| expects) {
            core.ask_media(MediaRequest::ExpectAnswer(id, offer.to_owned()));
        }
        Some(Box::new(incoming))
    }

    pub(super) fn id(&self) -> CallId {
        self.id
    }

    pub(super) fn server(&self) -> ServerId {
        self.server
    }

    pub(super) fn dialog_id(&self) -> &DialogId {
        self.dialog.id()
    }

    pub(super) fn answer(mut self: Box<Self>, core: &mut Core) -> Option<Box<Self>> {
        if self.phase == Phase::Ringing {
            self.phase = Phase::Answering;
            self.negotiation.describe(core);
        }
        Some(self)
    }

    /// The browser's session description is here: accepts the call.
    pub(super) fn handle_description(
        self: Box<Self>,
        now: Instant,
        core: &mut Core,
        sdp: String,
    ) -> Becomes<Box<Self>> {
        if self.phase != Phase::Answering {
            return Becomes::Same(self);
        }
        let Self { id, server, invite, dialog, negotiation, ringing, .. } = *self;
        let parts = (id, dialog, negotiation);
        let session = Session::of_callee(now, core, parts, (server, &invite), (sdp, ringing));
        core.tell_product(id, &invite.headers);
        core.tell(id, CallEvent::Answered);
        Becomes::Standing(session)
    }

    /// The answer could not be made. A missing microphone can be mended while it still rings; an
    /// offer that the browser does not understand cannot.
    pub(super) fn handle_media_failed(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        failure: MediaFailure,
    ) -> Option<Box<Self>> {
        if self.phase != Phase::Answering {
            return Some(self);
        }
        if failure == MediaFailure::Incompatible {
            return self.refuse(now, core, 488, EndReason::NoMedia(failure));
        }
        core.ask_media(MediaRequest::Close(self.id));
        self.phase = Phase::Ringing;
        core.tell(self.id, CallEvent::AnswerFailed(failure));
        Some(self)
    }

    pub(super) fn decline(self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        self.refuse(now, core, 603, EndReason::DeclinedHere)
    }

    /// The line is being closed for good.
    pub(super) fn abandon(self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        self.refuse(now, core, 480, EndReason::NoLine)
    }

    /// The call whose place it was to take is answered, which it may not replace (RFC 3891 §3).
    pub(super) fn too_late(self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        self.refuse(now, core, 486, EndReason::Cancelled)
    }

    /// The caller gave up: by CANCEL, or by a BYE in the early dialog.
    pub(super) fn cancel(
        self: Box<Self>,
        now: Instant,
        core: &mut Core,
        request: &Request,
    ) -> Option<Box<Self>> {
        // RFC 3326 §2, RFC 3261 §16.7: what another fork of the call was answered with.
        let cause = |protocol| Reason::cause(&request.headers, protocol);
        let reason = match cause(ReasonProtocol::Sip) {
            Some(200..=299) => EndReason::AnsweredElsewhere,
            Some(600..=699) => EndReason::DeclinedElsewhere,
            // Some say it in the terms of ISDN alone: cleared, as another one was selected.
            None if cause(ReasonProtocol::Q850) == Some(26) => EndReason::AnsweredElsewhere,
            _ => EndReason::Cancelled,
        };
        self.refuse(now, core, 487, reason)
    }

    pub(super) fn handle_timeout(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        if self.give_up <= now {
            let status = self.too_late;
            return self.refuse(now, core, status, EndReason::NotAnswered);
        }
        if let Some(ringing) = &mut self.ringing
            && !ringing.handle_timeout(now, core, self.server)
        {
            // RFC 3262 §3: the caller does not hear us.
            return self.refuse(now, core, 504, EndReason::ProtocolFailure(Misbehaviour::NoPrack));
        }
        if self.again_at <= now {
            self.again_at = now + RING_AGAIN;
            self.ring(now, core);
        }
        Some(self)
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let ringing = self.ringing.as_ref().map(Reliable::poll_timeout);
        earliest(earliest(Some(self.again_at), Some(self.give_up)), ringing)
    }

    /// A request of the caller, before the answer.
    pub(super) fn handle_request(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: &Request,
    ) -> Option<Box<Self>> {
        match request.method {
            Method::Prack | Method::Update if self.dialog.accept(request).is_err() => {
                core.reject(now, server, request, 500);
            }
            Method::Prack => {
                let ringing = self.ringing.take_if(|ringing| ringing.is_acknowledged_by(request));
                core.reject(now, server, request, if ringing.is_some() { 200 } else { 481 });
            }
            Method::Update if request.body.is_empty() => {
                self.dialog.refresh_target(request.contact());
                let response = core.updated(request);
                core.transactions.respond(now, server, &response);
            }
            Method::Bye => {
                // RFC 3261 §15: the caller may end the early dialog by BYE.
                core.reject(now, server, request, 200);
                return self.cancel(now, core, request);
            }
            Method::Options => {
                let response = core.abilities(request, 200);
                core.transactions.respond(now, server, &response);
            }
            // RFC 3311 §5.2: the offer of the INVITE is not answered yet. What else there is has to wait
            // for that too.
            _ => core.refuse_for_now(now, server, request),
        }
        Some(self)
    }

    fn ring(&mut self, now: Instant, core: &mut Core) {
        let must_be_reliable = self.invite.headers.has_token("Require", "100rel");
        if must_be_reliable && self.negotiation.offer().is_none() {
            // RFC 3262 §5: a reliable response would have to bring our offer, for which nobody has
            // opened the microphone yet. The caller hears from the transaction's 100.
            return;
        }
        let mut ringing = response_with_tag(&self.invite, 180, &self.dialog.id().local_tag);
        for route in self.invite.headers.all("Record-Route") {
            ringing.headers.push("Record-Route", route);
        }
        ringing.headers.push("Contact", core.contact());
        if must_be_reliable {
            // A response that waits for its PRACK is repeated anyway.
            if self.ringing.is_none() {
                self.rseq += 1;
                let numbered = (&self.invite, self.rseq);
                let ringing = Reliable::send(now, core, self.server, numbered, ringing);
                self.ringing = Some(ringing);
            }
        } else {
            core.transactions.respond(now, self.server, &ringing);
        }
    }

    fn refuse(
        self: Box<Self>,
        now: Instant,
        core: &mut Core,
        status: u16,
        reason: EndReason,
    ) -> Option<Box<Self>> {
        let response = response_with_tag(&self.invite, status, &self.dialog.id().local_tag);
        core.transactions.respond(now, self.server, &response);
        if self.phase == Phase::Answering {
            core.ask_media(MediaRequest::Close(self.id));
        }
        core.tell(self.id, CallEvent::Ended(reason));
        None
    }
}
