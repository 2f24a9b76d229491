//! What we change in a call that stands: hold, pictures, and the refreshes of session and target, by
//! re-INVITE or UPDATE (RFC 3261 §14.1, RFC 3311, RFC 4028 §10). What becomes of it is in `outcome`.

mod outcome;

use super::change::{Purpose, Refresh, State};
use super::core::{Core, push_abilities};
use super::event::CallEvent;
use super::negotiation::Proposal;
use super::owner::Owner;
use super::serving::Serving;
use super::session::{Phase, Session};
use crate::sip::timer::{T1, TRANSACTION_TIMEOUT};
use crate::sip::wire::{Method, Request};
use crate::time::Instant;

impl Session {
    /// Wants something changed in the media.
    pub(super) fn want(&mut self, now: Instant, core: &mut Core, proposal: Proposal) {
        self.negotiation.want(proposal);
        self.advance(now, core);
    }

    /// Has the session described anew.
    pub(super) fn refresh(&mut self, now: Instant, core: &mut Core, refresh: Refresh) {
        self.change.want(refresh);
        self.advance(now, core);
    }

    /// The connection broke, and with it whatever was on its way.
    pub(super) fn handle_line_lost(&mut self, core: &mut Core) {
        self.online = false;
        if self.is_live()
            && let State::Sent(purpose, _) = self.change.state
        {
            self.take_back(core);
            self.put_back(purpose);
        }
    }

    /// We are registered by a new connection. A Contact that is no GRUU leads the peer's requests
    /// to the old one, until the target is refreshed.
    pub(super) fn handle_line_back(&mut self, now: Instant, core: &mut Core) {
        if !std::mem::replace(&mut self.online, true) {
            self.wait_for_ack_again(now, core);
            if core.granted.gruu.is_none() || self.contact != core.contact() {
                self.change.want(Refresh::Target);
            }
            self.advance(now, core);
        }
    }

    /// The ACK that was waited for when the line went may still come, unless the peer has long stopped
    /// to answer our 2xx: then a request finds out whether it has the call.
    fn wait_for_ack_again(&mut self, now: Instant, core: &mut Core) {
        let Serving::AwaitingAck(awaiting) = &mut self.serving else { return };
        let may_come = awaiting.give_up > now || !awaiting.said;
        if may_come || self.negotiation.is_ours() || self.phase != Phase::Up {
            awaiting.said = true;
            (awaiting.again_at, awaiting.interval) = (now, T1);
            awaiting.give_up = now + TRANSACTION_TIMEOUT;
        } else {
            // Who has never heard it hears it now.
            core.transactions.send_stateless(&awaiting.response);
            self.serving = Serving::Nothing;
            self.change.want(Refresh::Target);
        }
    }

    /// Starts what is wanted next, as soon as nothing else is on its way.
    pub(super) fn advance(&mut self, now: Instant, core: &mut Core) {
        let free =
            matches!(self.change.state, State::Idle) && matches!(self.serving, Serving::Nothing);
        if !free || !self.is_live() || !self.online {
            return;
        }
        if let Some(proposal) = self.negotiation.propose(core) {
            self.change.state = State::Offering(proposal);
        } else if let Some(refresh) = self.change.refresh.take() {
            let update = refresh == Refresh::Timer && self.peer_updates;
            let sdp = if update { String::new() } else { self.negotiation.repeat() };
            self.send_change(now, core, Purpose::Refresh(refresh), sdp);
        } else {
            self.change.put_off = 0;
        }
    }

    /// The browser's offer for a change. Returns whether one was awaited.
    pub(super) fn handle_change_offer(&mut self, now: Instant, core: &mut Core, sdp: &str) -> bool {
        let State::Offering(proposal) = self.change.state else {
            return false;
        };
        if !self.is_live() {
            return true;
        }
        if self.online {
            self.negotiation.described(sdp.to_owned());
            self.send_change(now, core, Purpose::Media(proposal), sdp.to_owned());
        } else {
            self.take_back(core);
            self.negotiation.put_back(proposal);
        }
        true
    }

    /// The browser cannot make the offer for a change. Returns whether one was awaited.
    pub(super) fn handle_change_failed(&mut self, core: &mut Core) -> bool {
        let State::Offering(proposal) = self.change.state else {
            return false;
        };
        self.take_back(core);
        self.tell_refused(core, proposal);
        true
    }

    /// Whether a challenge to a change is worth an answer: somebody still waits for it.
    pub(super) fn wants_change_retry(&self, attempt: u32) -> bool {
        self.is_live() && self.awaits(attempt)
    }

    fn awaits(&self, attempt: u32) -> bool {
        self.change.attempt == attempt && matches!(self.change.state, State::Sent(..))
    }

    /// A change was challenged and went out again, or a PRACK that the answer overtook.
    pub(super) fn handle_retry(&mut self, request: Request) {
        self.dialog.sent(&request);
        if let State::Sent(_, sent) = &mut self.change.state
            && sent.method == request.method
        {
            **sent = request;
        }
    }

    /// Tells that the user's wish does not come about.
    fn tell_refused(&self, core: &mut Core, proposal: Proposal) {
        match proposal {
            Proposal::Hold(_) => core.tell(self.id, CallEvent::HoldRefused),
            Proposal::Pictures => {
                core.tell(self.id, CallEvent::VideoRefused);
                // What the peer has begun to show meanwhile was kept back.
                self.negotiation.tell_pictures(core);
            }
            Proposal::Anew { .. } => {}
        }
    }

    /// A pause that the peer asked for may be over.
    pub(super) fn handle_change_timeout(&mut self, now: Instant, core: &mut Core) {
        if matches!(self.change.state, State::Waiting(at) if at <= now) {
            self.change.state = State::Idle;
            self.advance(now, core);
        }
    }

    /// Sends a re-INVITE with `sdp`, or an UPDATE without one.
    fn send_change(&mut self, now: Instant, core: &mut Core, purpose: Purpose, sdp: String) {
        let method = if sdp.is_empty() { Method::Update } else { Method::Invite };
        let mut request = self.dialog.request(method);
        self.contact = core.contact();
        request.headers.push("Contact", self.contact.as_str());
        push_abilities(&mut request.headers);
        self.timer.propose(&core.config.policy, &mut request.headers);
        if !sdp.is_empty() {
            request.headers.push("Content-Type", "application/sdp");
            request.body = sdp.into_bytes();
        }
        self.change.attempt += 1;
        let owner = Owner::Change(self.id, self.change.attempt);
        let request = core.send_plain(now, owner, self.dialog.askers(), request);
        self.change.state = State::Sent(purpose, Box::new(request));
    }

    /// The change will not come about, or not now: the media go on as before.
    fn take_back(&mut self, core: &mut Core) {
        let has_offered = match std::mem::take(&mut self.change.state) {
            State::Offering(_) => true,
            State::Sent(_, request) => request.method == Method::Invite,
            State::Idle | State::Waiting(_) => false,
        };
        if has_offered {
            self.negotiation.take_back(core, self.phase == Phase::Up);
        }
    }

    /// Wants it again.
    fn put_back(&mut self, purpose: Purpose) {
        match purpose {
            Purpose::Media(proposal) => self.negotiation.put_back(proposal),
            Purpose::Refresh(refresh) => self.change.want(refresh),
        }
    }
}
