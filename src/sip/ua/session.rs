//! A call that is answered, from the 2xx to its end (RFC 3261 §13.3.1.4, §15). What the peer changes
//! in it is in `answering`, what we change is in `reinvite`.

use super::change::{Change, Refresh};
use super::core::Core;
use super::early::EarlyDialogs;
use super::event::{CallEvent, EndReason, MediaRequest, Misbehaviour};
use super::in_call::InCall;
use super::input::{CallId, MediaFailure};
use super::negotiation::Negotiation;
use super::reliable::Reliable;
use super::services::{After, Services, Task};
use super::serving::Serving;
use super::session_timer::{Due, SessionTimer};
use super::trickle::Trickle;
use crate::sip::dialog::{Dialog, DialogError, DialogId};
use crate::sip::timer::{T2, TRANSACTION_TIMEOUT, earliest};
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Headers, Method, Reason, Request, Response, Uri};
use crate::time::Instant;

/// A call with a confirmed dialog.
pub(super) struct Session {
    pub(super) id: CallId,
    pub(super) dialog: Dialog,
    /// Our INVITE, while a retransmitted 2xx or one of another fork may still come.
    placed: Option<Box<Placed>>,
    pub(super) negotiation: Negotiation,
    pub(super) serving: Serving,
    pub(super) phase: Phase,
    pub(super) change: Change,
    pub(super) timer: SessionTimer,
    /// Whether we placed the call.
    pub(super) outbound: bool,
    /// Whether the peer serves UPDATE.
    pub(super) peer_updates: bool,
    /// Whether we are registered by the connection that there is.
    pub(super) online: bool,
    /// Our Contact as the peer knows it.
    pub(super) contact: String,
    /// The address that the peer's side has named last.
    pub(super) peer: Option<Box<Uri>>,
    /// Our 180 whose PRACK the answer overtook.
    ringing: Option<Reliable>,
    services: Box<Services>,
}

struct Placed {
    invite: Request,
    ack: Request,
    /// The early dialogs that it made, one of which may still be answered.
    early: EarlyDialogs,
    until: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Up,
    /// We hung up before the ACK came, after which the BYE may go (RFC 3261 §15).
    ByeAfterAck,
    /// Over; kept only for late messages.
    Over,
}

/// What becomes of a call that is not answered yet.
pub(super) enum Becomes<T> {
    Same(T),
    Standing(Box<Session>),
}

impl Session {
    fn new(core: &Core, id: CallId, dialog: Dialog, negotiation: Negotiation) -> Self {
        Self {
            id,
            dialog,
            placed: None,
            negotiation,
            serving: Serving::Nothing,
            phase: Phase::Up,
            change: Change::default(),
            timer: SessionTimer::default(),
            outbound: false,
            peer_updates: false,
            online: core.online,
            contact: core.contact(),
            peer: None,
            ringing: None,
            services: Box::default(),
        }
    }

    /// Our INVITE was accepted: acknowledges that.
    pub(super) fn of_caller(
        now: Instant,
        core: &mut Core,
        (id, dialog, negotiation): (CallId, Dialog, Negotiation),
        (invite, response): (Request, &Response),
        early: EarlyDialogs,
        trickle: Trickle,
    ) -> Box<Self> {
        let ack = core.send_ack(&dialog, &invite);
        let mut session = Box::new(Self::new(core, id, dialog, negotiation));
        session.services.trickle = trickle;
        session.outbound = true;
        session.note_abilities(&response.headers);
        session.note_peer(core, &response.headers);
        session.timer.handle_accepted(now, &invite, response);
        let until = now + TRANSACTION_TIMEOUT;
        session.placed = Some(Box::new(Placed { invite, ack, early, until }));
        session
    }

    /// We accept the peer's INVITE with `sdp`.
    pub(super) fn of_callee(
        now: Instant,
        core: &mut Core,
        (id, dialog, negotiation): (CallId, Dialog, Negotiation),
        (server, invite): (ServerId, &Request),
        (sdp, ringing): (String, Option<Reliable>),
    ) -> Box<Self> {
        let mut session = Box::new(Self::new(core, id, dialog, negotiation));
        session.ringing = ringing;
        session.note_abilities(&invite.headers);
        session.note_peer(core, &invite.headers);
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
            placed.early.refuse(now, core, &placed.invite, response);
        }
    }

    /// Whether a request of the peer in this dialog, which changes nothing in it, comes in order.
    pub(super) fn follows(&mut self, request: &Request) -> bool {
        self.dialog.accept(request).is_ok()
    }

    /// A request of the peer in this dialog, other than ACK.
    pub(super) fn handle_request(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) -> Option<Box<Self>> {
        if let Err(DialogError::OutOfOrder) = self.dialog.accept(&request) {
            core.reject(now, server, &request, 500);
            return Some(self);
        }
        if matches!(request.method, Method::Invite | Method::Update) {
            self.tell_connected(core, &request.headers);
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
                self.services.is_busy().then_some(self)
            }
            Method::Refer | Method::Notify | Method::Info if self.is_live() => {
                self.serve(now, core, Task::Request(server, request))
            }
            Method::Invite if self.is_live() => {
                self.handle_reinvite(now, core, server, request);
                Some(self)
            }
            Method::Options => {
                let response = core.abilities(&request, 200);
                core.transactions.respond(now, server, &response);
                Some(self)
            }
            Method::Update if self.is_live() => {
                self.handle_update(now, core, server, request);
                Some(self)
            }
            Method::Prack => {
                let ringing = self.ringing.take_if(|ringing| ringing.is_acknowledged_by(&request));
                let status = if ringing.is_some() { 200 } else { 481 };
                core.reject(now, server, &request, status);
                Some(self)
            }
            Method::Invite | Method::Update | Method::Refer | Method::Notify | Method::Info => {
                core.reject(now, server, &request, 481);
                Some(self)
            }
            _ => {
                core.reject(now, server, &request, 405);
                Some(self)
            }
        }
    }

    /// Something that the call does besides sound. What is over takes no new orders.
    pub(super) fn serve(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        task: Task<'_>,
    ) -> Option<Box<Self>> {
        let is_order =
            matches!(task, Task::Transfer(_) | Task::Keys(_) | Task::Found(_) | Task::Confirmed);
        if !self.is_live() && is_order {
            return Some(self);
        }
        let mut call = InCall {
            now,
            core,
            id: self.id,
            dialog: &mut self.dialog,
            confirmed: !matches!(self.serving, Serving::AwaitingAck(_)),
            local_sdp: self.negotiation.local(),
            remote_sdp: self.negotiation.remote(),
        };
        match self.services.handle(&mut call, task) {
            After::Stay => self.kept(),
            After::Check => {
                self.refresh(now, core, Refresh::Target);
                self.kept()
            }
            After::Leave(reason) => self.fail(now, core, reason),
        }
    }

    /// Another call has taken the place of this one.
    pub(super) fn replaced(
        self: Box<Self>,
        now: Instant,
        core: &mut Core,
        by: CallId,
    ) -> Option<Box<Self>> {
        self.fail(now, core, EndReason::Replaced { by })
    }

    pub(super) fn dialog(&self) -> &Dialog {
        &self.dialog
    }

    /// See [`Dialog::renumber`].
    pub(super) fn renumber(&mut self, request: &mut Request) {
        self.dialog.renumber(request);
    }

    /// The browser cannot do what the peer wants.
    pub(super) fn handle_media_failed(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        failure: MediaFailure,
    ) -> Option<Box<Self>> {
        // RFC 3261 §14.1 and §14.2: the session goes on as it was.
        if self.handle_change_failed(core) || self.drop_reinvite(now, core, 488) {
            self.advance(now, core);
            return Some(self);
        }
        self.fail(now, core, EndReason::NoMedia(failure))
    }

    pub(super) fn hang_up(self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        self.fail(now, core, EndReason::HungUpHere)
    }

    /// Ends the dialog, of which the user knows nothing or nothing more.
    pub(super) fn leave(&mut self, now: Instant, core: &mut Core) {
        match self.phase {
            Phase::Up if matches!(self.serving, Serving::AwaitingAck(_)) => {
                self.phase = Phase::ByeAfterAck;
            }
            Phase::Up => {
                self.phase = Phase::Over;
                core.part(now, &mut self.dialog);
            }
            Phase::ByeAfterAck | Phase::Over => {}
        }
    }

    /// Sends the BYE that waits for an ACK.
    pub(super) fn part_now(&mut self, now: Instant, core: &mut Core) {
        if self.phase == Phase::ByeAfterAck {
            self.phase = Phase::Over;
            core.part(now, &mut self.dialog);
        }
    }

    pub(super) fn handle_timeout(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        if self.placed.as_ref().is_some_and(|placed| placed.until <= now) {
            self.placed = None;
        }
        // Without a line no ACK can come, and nothing is to be concluded from that.
        if let Serving::AwaitingAck(awaiting) = &mut self.serving
            && self.online
        {
            if awaiting.give_up <= now {
                // RFC 3261 §13.3.1.4: no ACK came, so the session is ended by BYE.
                self.serving = Serving::Nothing;
                if self.phase == Phase::Up {
                    return self.fail(now, core, EndReason::ProtocolFailure(Misbehaviour::NoAck));
                }
                self.part_now(now, core);
            } else if awaiting.again_at <= now {
                // Its transaction may be gone, where there was no line for a while.
                core.transactions.send_stateless(&awaiting.response);
                awaiting.interval = (awaiting.interval * 2).min(T2);
                awaiting.again_at = now + awaiting.interval;
            }
        }
        if self.is_live() {
            match self.timer.handle_timeout(now) {
                Due::Nothing => {}
                Due::Refresh => self.refresh(now, core, Refresh::Timer),
                // RFC 4028 §10: nobody refreshed the session.
                Due::End => {
                    return self.fail(
                        now,
                        core,
                        EndReason::ProtocolFailure(Misbehaviour::NotRefreshed),
                    );
                }
            }
            self.handle_change_timeout(now, core);
        }
        if self.services.poll_timeout().is_some_and(|due| due <= now) {
            return self.serve(now, core, Task::Timeout);
        }
        self.kept()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let placed = self.placed.as_ref().map(|placed| placed.until);
        let ack = match &self.serving {
            Serving::AwaitingAck(awaiting) if self.online => {
                Some(awaiting.again_at.min(awaiting.give_up))
            }
            Serving::AwaitingAck(_) | Serving::Nothing | Serving::Answering { .. } => None,
        };
        let ours = if self.is_live() {
            earliest(self.timer.poll_timeout(), self.change.poll_timeout())
        } else {
            None
        };
        let services = self.services.poll_timeout();
        [placed, ack, ours, services].into_iter().fold(None, earliest)
    }

    /// Remembers whether the peer serves UPDATE, and takes candidates one by one.
    pub(super) fn note_abilities(&mut self, headers: &Headers) {
        self.services.trickle.note_peer(headers);
        if headers.has("Allow") {
            self.peer_updates = headers.has_token("Allow", "UPDATE");
        }
    }

    /// Ends the call for the user and towards the peer.
    pub(super) fn fail(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        reason: EndReason,
    ) -> Option<Box<Self>> {
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
        let mut call = InCall {
            now,
            core,
            id: self.id,
            dialog: &mut self.dialog,
            confirmed: false,
            local_sdp: "",
            remote_sdp: "",
        };
        self.services.part(&mut call, by_peer)
    }

    fn close(&self, core: &mut Core, reason: EndReason) {
        core.ask_media(MediaRequest::Close(self.id));
        core.tell(self.id, CallEvent::Ended(reason));
    }

    /// A session that is over stays while something may still come for it.
    fn kept(self: Box<Self>) -> Option<Box<Self>> {
        let is_needed = self.placed.is_some() || self.services.is_busy();
        (self.phase != Phase::Over || is_needed).then_some(self)
    }
}

/// Why the peer's side ended the call.
fn released(bye: &Request) -> EndReason {
    let reasons = Reason::list(&bye.headers);
    let said = reasons.into_iter().find(|reason| !reason.is_ordinary());
    said.map_or(EndReason::HungUpThere, EndReason::Released)
}
