//! What becomes of a change: the peer accepts it, refuses it, wants it later, or says nothing
//! (RFC 3261 §14.1).

use crate::sip::ua::change::{Purpose, Refresh, State};
use crate::sip::ua::core::{Core, session_description};
use crate::sip::ua::event::{EndReason, Misbehaviour};
use crate::sip::ua::services::Task;
use crate::sip::ua::session::Session;
use crate::sip::wire::{Method, Request, Response};
use crate::time::Instant;
use std::time::Duration;

/// How often a change is tried again: where messages take their time, the next attempt may meet one of
/// the peer's as well.
const PATIENCE: u8 = 3;

impl Session {
    /// The server does not accept our credentials for the change.
    pub(in crate::sip::ua) fn handle_change_unauthorized(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        if let State::Sent(purpose, _) = self.change.state
            && self.is_live()
        {
            self.take_back(core);
            self.change_failed(now, core, purpose);
            self.advance(now, core);
        }
        Some(self)
    }

    /// A response to a change.
    pub(in crate::sip::ua) fn handle_change_response(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        attempt: u32,
        (invite, response): (&Request, &Response),
    ) -> Option<Box<Self>> {
        let seq = response.cseq().map(|cseq| cseq.seq);
        let accepted = (200..=299).contains(&response.status);
        if let Some(ack) = &self.change.ack
            && accepted
            && ack.cseq().map(|cseq| cseq.seq) == seq
        {
            core.transactions.send_ack(ack);
            return Some(self);
        }
        if response.status < 200 {
            return Some(self);
        }
        let live = self.is_live() && self.awaits(attempt);
        let State::Sent(purpose, request) = &self.change.state else {
            return self.ignore_change(core, invite, accepted);
        };
        if !live {
            return self.ignore_change(core, invite, accepted);
        }
        let (purpose, request) = (*purpose, request.clone());
        if accepted {
            match self.change_accepted(now, core, purpose, &request, response) {
                // What was found while the offer was out belongs to the description that holds now.
                Ok(()) => self.serve(now, core, Task::Confirmed),
                Err(reason) => self.fail(now, core, reason),
            }
        } else {
            self.change_refused(now, core, purpose, &request, response)
        }
    }

    /// The answer to a change that is wanted no more, or was made anew.
    fn ignore_change(
        self: Box<Self>,
        core: &mut Core,
        invite: &Request,
        accepted: bool,
    ) -> Option<Box<Self>> {
        if accepted && invite.method == Method::Invite {
            core.send_late_ack(invite);
        }
        Some(self)
    }

    /// Nothing answered the change: the peer is gone. A new target is worth no call, though
    /// (protocol.md §3: a failed refresh after a reconnect must not end it).
    pub(in crate::sip::ua) fn handle_change_unanswered(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        attempt: u32,
    ) -> Option<Box<Self>> {
        let State::Sent(purpose, _) = self.change.state else {
            return Some(self);
        };
        if !self.is_live() || !self.awaits(attempt) {
            return Some(self);
        }
        self.take_back(core);
        if purpose == Purpose::Refresh(Refresh::Target) {
            self.advance(now, core);
            return Some(self);
        }
        self.fail(now, core, EndReason::ProtocolFailure(Misbehaviour::Silent))
    }

    /// # Errors
    /// Why the call must end.
    fn change_accepted(
        &mut self,
        now: Instant,
        core: &mut Core,
        purpose: Purpose,
        request: &Request,
        response: &Response,
    ) -> Result<(), EndReason> {
        self.change.state = State::Idle;
        self.change.put_off = 0;
        self.dialog.refresh_target(response.contact());
        self.note_abilities(&response.headers);
        self.timer.handle_accepted(now, request, response);
        if request.method == Method::Invite {
            self.change.ack = Some(Box::new(core.send_ack(&self.dialog, request)));
            // Any re-INVITE refreshes the session and its target.
            self.change.refresh = None;
            match session_description(&response.headers, &response.body) {
                Some(answer) => {
                    self.negotiation.answered(core, answer)?;
                    if let Purpose::Media(_) = purpose {
                        self.negotiation.tell(core);
                    }
                }
                // RFC 3261 §13.2.1 wants an answer here; without one nothing has changed.
                None => {
                    self.negotiation.take_back(core, self.is_live());
                    if let Purpose::Media(proposal) = purpose {
                        self.tell_refused(core, proposal);
                    }
                }
            }
        }
        self.advance(now, core);
        Ok(())
    }

    fn change_refused(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        purpose: Purpose,
        request: &Request,
        response: &Response,
    ) -> Option<Box<Self>> {
        self.take_back(core);
        let is_update = request.method == Method::Update;
        match response.status {
            422 if self.timer.handle_too_short(request, response) => self.put_back(purpose),
            491 | 500 if self.put_off(now, core, response) => self.put_back(purpose),
            // A peer that knows the call may not know UPDATE, whatever it answers.
            status if is_update && status != 408 => {
                self.peer_updates = false;
                self.put_back(purpose);
            }
            // RFC 3261 §12.2.1.2: the dialog is gone.
            481 => {
                return self.fail(now, core, EndReason::ProtocolFailure(Misbehaviour::Forgotten));
            }
            408 if purpose != Purpose::Refresh(Refresh::Target) => {
                return self.fail(now, core, EndReason::ProtocolFailure(Misbehaviour::Silent));
            }
            _ => self.change_failed(now, core, purpose),
        }
        self.advance(now, core);
        Some(self)
    }

    /// RFC 3261 §14.1: the session goes on as it was.
    fn change_failed(&mut self, now: Instant, core: &mut Core, purpose: Purpose) {
        match purpose {
            Purpose::Media(proposal) => self.tell_refused(core, proposal),
            Purpose::Refresh(_) => self.timer.handle_failure(now),
        }
    }

    /// Waits before the next attempt, if the peer only wants it later (RFC 3261 §14.1).
    fn put_off(&mut self, now: Instant, core: &mut Core, response: &Response) -> bool {
        let after = response.headers.get("Retry-After").map(str::trim);
        let wait = match (response.status, after.and_then(|after| after.parse::<u64>().ok())) {
            (491, _) if self.outbound => 2100 + 10 * u64::from(core.entropy.below(191)),
            (491, _) => 10 * u64::from(core.entropy.below(201)),
            (_, Some(seconds @ 0..=10)) => 1000 * seconds,
            _ => return false,
        };
        if self.change.put_off == PATIENCE {
            self.change.put_off = 0;
            return false;
        }
        self.change.put_off += 1;
        self.change.state = State::Waiting(now + Duration::from_millis(wait));
        true
    }
}
