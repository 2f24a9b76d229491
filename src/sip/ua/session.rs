//! A call that is answered: its handshake, what the peer changes in it, and its end
//! (RFC 3261 §13.3.1.4, §14, §15).

use super::Call;
use super::core::{Core, response_with_tag, session_description};
use super::event::{CallEvent, CallId, EndReason, MediaFailure, MediaRequest};
use super::outgoing::refuse_fork;
use super::services::{After, InCall, Services, Task};
use crate::sip::dialog::{Dialog, DialogError, DialogId};
use crate::sip::timer::{T1, T2, TRANSACTION_TIMEOUT, earliest};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Reason, Request, Response};
use crate::time::Instant;
use std::time::Duration;

/// A call with a confirmed dialog.
pub(super) struct Session {
    id: CallId,
    dialog: Dialog,
    /// Our INVITE, while a retransmitted 2xx or one of another fork may still come.
    placed: Option<Box<Placed>>,
    offer_answer: OfferAnswer,
    phase: Phase,
    services: Box<Services>,
}

struct Placed {
    invite: Request,
    ack: Request,
    until: Instant,
}

/// Where an INVITE of the peer stands.
enum OfferAnswer {
    Stable,
    /// A re-INVITE waits for the browser.
    Answering {
        server: ServerId,
        request: Request,
    },
    /// Our 2xx waits for the ACK and is retransmitted until it comes.
    AwaitingAck(AwaitingAck),
}

struct AwaitingAck {
    server: ServerId,
    response: Response,
    seq: u32,
    interval: Duration,
    again_at: Instant,
    give_up: Instant,
    /// The 2xx carried our offer, so the ACK carries the answer.
    offered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Up,
    /// We hung up before the ACK came, after which the BYE may go (RFC 3261 §15).
    ByeAfterAck,
    /// Over; kept only for late messages.
    Over,
}

impl Session {
    /// Our INVITE was accepted: acknowledges that.
    pub(super) fn of_caller(
        now: Instant,
        core: &mut Core,
        id: CallId,
        dialog: Dialog,
        invite: Request,
    ) -> Self {
        let ack = core.send_ack(&dialog, &invite);
        let placed = Box::new(Placed { invite, ack, until: now + TRANSACTION_TIMEOUT });
        let (placed, offer_answer) = (Some(placed), OfferAnswer::Stable);
        let services = Box::default();
        Self { id, dialog, placed, offer_answer, phase: Phase::Up, services }
    }

    /// We accept the peer's INVITE with `sdp`.
    pub(super) fn of_callee(
        now: Instant,
        core: &mut Core,
        id: CallId,
        dialog: Dialog,
        (server, invite): (ServerId, &Request),
        sdp: String,
    ) -> Self {
        let mut session = Self {
            id,
            dialog,
            placed: None,
            offer_answer: OfferAnswer::Stable,
            phase: Phase::Up,
            services: Box::default(),
        };
        session.accept(now, core, server, invite, sdp);
        session
    }

    pub(super) fn id(&self) -> CallId {
        self.id
    }

    pub(super) fn dialog_id(&self) -> &DialogId {
        self.dialog.id()
    }

    /// Whether the user still sees this call.
    pub(super) fn is_live(&self) -> bool {
        self.phase == Phase::Up
    }

    /// A further response to our INVITE: a retransmitted 2xx, or one of another fork.
    pub(super) fn handle_response(&mut self, now: Instant, core: &mut Core, response: &Response) {
        let Some(placed) = &self.placed else { return };
        if !(200..=299).contains(&response.status) {
            return;
        }
        let tag = response.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        if tag == self.dialog.id().remote_tag {
            core.transactions.send_ack(&placed.ack);
        } else {
            refuse_fork(now, core, &placed.invite, response);
        }
    }

    /// Whether a request of the peer in this dialog, which changes nothing in it, comes in order.
    pub(super) fn follows(&mut self, request: &Request) -> bool {
        self.dialog.accept(request).is_ok()
    }

    /// A request of the peer in this dialog, other than ACK.
    pub(super) fn handle_request(
        mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) -> Option<Call> {
        if let Err(DialogError::OutOfOrder) = self.dialog.accept(&request) {
            core.reject(now, server, &request, 500);
            return Some(Call::Session(self));
        }
        match request.method {
            Method::Bye => {
                core.reject(now, server, &request, 200);
                self.drop_reinvite(now, core, 487);
                let transferred = self.part_services(now, core, true);
                if self.is_live() {
                    self.close(core, transferred.unwrap_or_else(|| released(&request)));
                }
                self.phase = Phase::Over;
                self.services.is_busy().then_some(Call::Session(self))
            }
            Method::Refer | Method::Notify | Method::Info if self.is_live() => {
                self.serve(now, core, Task::Request(server, request))
            }
            Method::Invite if self.is_live() => {
                self.handle_reinvite(now, core, server, request);
                Some(Call::Session(self))
            }
            Method::Options => {
                let response = super::requests::options_response(core, &request);
                core.transactions.respond(now, server, &response);
                Some(Call::Session(self))
            }
            Method::Invite | Method::Refer | Method::Notify | Method::Info => {
                core.reject(now, server, &request, 481);
                Some(Call::Session(self))
            }
            _ => {
                core.reject(now, server, &request, 405);
                Some(Call::Session(self))
            }
        }
    }

    /// Something that the call does besides sound. What is over takes no new orders.
    pub(super) fn serve(mut self, now: Instant, core: &mut Core, task: Task<'_>) -> Option<Call> {
        if !self.is_live() && matches!(task, Task::Transfer(_) | Task::Keys(_)) {
            return Some(Call::Session(self));
        }
        let mut call = InCall { now, core, id: self.id, dialog: &mut self.dialog };
        match self.services.handle(&mut call, task) {
            After::Stay => self.kept(),
            After::Leave(reason) => self.fail(now, core, reason),
        }
    }

    /// Another call has taken the place of this one.
    pub(super) fn replaced(self, now: Instant, core: &mut Core, by: CallId) -> Option<Call> {
        self.fail(now, core, EndReason::Replaced { by })
    }

    pub(super) fn dialog(&self) -> &Dialog {
        &self.dialog
    }

    /// See [`Dialog::renumber`].
    pub(super) fn renumber(&mut self, request: &mut Request) {
        self.dialog.renumber(request);
    }

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
            part(now, core, &mut self.dialog);
            return None;
        }
        if offered {
            let Some(sdp) = session_description(&ack.headers, &ack.body) else {
                return self.fail(now, core, EndReason::ProtocolFailure);
            };
            core.ask_media(MediaRequest::ApplyAnswer { call: self.id, sdp, provisional: false });
        }
        Some(Call::Session(self))
    }

    /// The browser's answer (or offer) for a re-INVITE.
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
        Some(Call::Session(self))
    }

    /// The browser cannot do what the peer wants.
    pub(super) fn handle_media_failed(
        mut self,
        now: Instant,
        core: &mut Core,
        failure: MediaFailure,
    ) -> Option<Call> {
        // RFC 3261 §14.2: the session goes on as it was.
        if self.drop_reinvite(now, core, 488) {
            return Some(Call::Session(self));
        }
        self.fail(now, core, EndReason::NoMedia(failure))
    }

    pub(super) fn hang_up(self, now: Instant, core: &mut Core) -> Option<Call> {
        self.fail(now, core, EndReason::HungUpHere)
    }

    /// Ends the dialog, of which the user knows nothing or nothing more.
    pub(super) fn leave(&mut self, now: Instant, core: &mut Core) {
        match self.phase {
            Phase::Up if matches!(self.offer_answer, OfferAnswer::AwaitingAck(_)) => {
                self.phase = Phase::ByeAfterAck;
            }
            Phase::Up => {
                self.phase = Phase::Over;
                part(now, core, &mut self.dialog);
            }
            Phase::ByeAfterAck | Phase::Over => {}
        }
    }

    /// Sends the BYE that waits for an ACK.
    pub(super) fn part_now(&mut self, now: Instant, core: &mut Core) {
        if self.phase == Phase::ByeAfterAck {
            self.phase = Phase::Over;
            part(now, core, &mut self.dialog);
        }
    }

    pub(super) fn handle_timeout(mut self, now: Instant, core: &mut Core) -> Option<Call> {
        if self.placed.as_ref().is_some_and(|placed| placed.until <= now) {
            self.placed = None;
        }
        if let OfferAnswer::AwaitingAck(awaiting) = &mut self.offer_answer {
            if awaiting.give_up <= now {
                // RFC 3261 §13.3.1.4: no ACK came, so the session is ended by BYE.
                self.offer_answer = OfferAnswer::Stable;
                if self.phase == Phase::Up {
                    return self.fail(now, core, EndReason::ProtocolFailure);
                }
                self.part_now(now, core);
            } else if awaiting.again_at <= now {
                core.transactions.respond(now, awaiting.server, &awaiting.response);
                awaiting.interval = (awaiting.interval * 2).min(T2);
                awaiting.again_at = now + awaiting.interval;
            }
        }
        if self.services.poll_timeout().is_some_and(|due| due <= now) {
            return self.serve(now, core, Task::Timeout);
        }
        self.kept()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let placed = self.placed.as_ref().map(|placed| placed.until);
        let ack = match &self.offer_answer {
            OfferAnswer::AwaitingAck(awaiting) => Some(awaiting.again_at.min(awaiting.give_up)),
            OfferAnswer::Stable | OfferAnswer::Answering { .. } => None,
        };
        earliest(earliest(placed, ack), self.services.poll_timeout())
    }

    fn handle_reinvite(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
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

    /// Sends a 2xx with `sdp` and keeps it for retransmission until the ACK.
    fn accept(
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
        response.headers.push("Contact", core.contact());
        response.headers.push("Allow", super::core::ALLOW);
        response.headers.push("Supported", super::core::SUPPORTED);
        response.headers.push("Content-Type", "application/sdp");
        response.body = sdp.into_bytes();
        core.transactions.respond(now, server, &response);
        self.offer_answer = OfferAnswer::AwaitingAck(AwaitingAck {
            server,
            response,
            seq: invite.cseq().map_or(0, |cseq| cseq.seq),
            interval: T1,
            again_at: now + T1,
            give_up: now + TRANSACTION_TIMEOUT,
            offered: session_description(&invite.headers, &invite.body).is_none(),
        });
    }

    /// Answers a re-INVITE that waits for the browser with a failure. Returns whether there was
    /// one.
    fn drop_reinvite(&mut self, now: Instant, core: &mut Core, status: u16) -> bool {
        let OfferAnswer::Answering { server, request } = &self.offer_answer else {
            return false;
        };
        core.reject(now, *server, request, status);
        self.offer_answer = OfferAnswer::Stable;
        true
    }

    /// Ends the call for the user and towards the peer.
    fn fail(mut self, now: Instant, core: &mut Core, reason: EndReason) -> Option<Call> {
        if self.is_live() {
            self.drop_reinvite(now, core, 487);
            self.part_services(now, core, false);
            if let Some(said) = reason.as_header() {
                self.dialog.set_reason(said);
            }
            self.leave(now, core);
            self.close(core, reason);
        }
        self.kept()
    }

    fn part_services(&mut self, now: Instant, core: &mut Core, by_peer: bool) -> Option<EndReason> {
        let mut call = InCall { now, core, id: self.id, dialog: &mut self.dialog };
        self.services.part(&mut call, by_peer)
    }

    fn close(&self, core: &mut Core, reason: EndReason) {
        core.ask_media(MediaRequest::Close(self.id));
        core.tell(self.id, CallEvent::Ended(reason));
    }

    /// A session that is over stays while something may still come for it.
    fn kept(self) -> Option<Call> {
        let is_needed = self.placed.is_some() || self.services.is_busy();
        (self.phase != Phase::Over || is_needed).then_some(Call::Session(self))
    }
}

/// Why the peer's side ended the call.
fn released(bye: &Request) -> EndReason {
    let reasons = Reason::list(&bye.headers);
    let said = reasons.into_iter().find(|reason| !reason.is_ordinary());
    said.map_or(EndReason::HungUpThere, EndReason::Released)
}

/// Sends the BYE of a dialog.
pub(super) fn part(now: Instant, core: &mut Core, dialog: &mut Dialog) {
    let bye = dialog.request(Method::Bye);
    core.part(now, bye);
}
