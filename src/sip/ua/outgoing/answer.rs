//! What the callee's side says to our INVITE (RFC 3261 §13.2.2): it rings, it answers, it refuses,
//! or it sends us elsewhere.

use super::{Cancel, Heard, Outgoing, Progress, RING_LIMIT, Told, no_answer};
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::registration::seconds;
use crate::sip::ua::core::{Core, session_description};
use crate::sip::ua::early::EarlyDialogs;
use crate::sip::ua::event::{CallEvent, EndReason, Misbehaviour};
use crate::sip::ua::negotiation::{Negotiation, has_sound};
use crate::sip::ua::owner::Owner;
use crate::sip::ua::services::Task;
use crate::sip::ua::serving::Serving;
use crate::sip::ua::session::{Becomes, Session};
use crate::sip::ua::session_timer;
use crate::sip::wire::{Response, display_text, unquote};
use crate::time::Instant;
use std::time::Duration;

impl Outgoing {
    pub(in crate::sip::ua) fn handle_response(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Option<Becomes<Box<Self>>> {
        match response.status {
            100..=199 => match self.handle_provisional(now, core, response) {
                Ok(()) => Some(Becomes::Same(self)),
                Err(reason) => {
                    self.end(now, core, reason);
                    self.cancel(now, core).map(Becomes::Same)
                }
            },
            200..=299 => {
                let session = self.handle_accepted(now, core, response)?;
                Some(Becomes::Standing(session))
            }
            _ => {
                if self.try_again(now, core, response) {
                    return Some(Becomes::Same(self));
                }
                if let Some(target) = self.targets.elsewhere(response.status) {
                    self.end(now, core, EndReason::Redirected(Box::new(target)));
                    return None;
                }
                let reason = display_text(&said(response));
                let status = response.status;
                // RFC 3261 §20.33. What counts in centuries is no advice.
                let retry_after = seconds(response, "Retry-After")
                    .filter(|seconds| u32::try_from(*seconds).is_ok())
                    .map(Duration::from_secs);
                self.end(now, core, EndReason::Rejected { status, reason, retry_after });
                None
            }
        }
    }

    /// The server does not accept our credentials.
    pub(in crate::sip::ua) fn handle_unauthorized(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        self.end(now, core, EndReason::Unauthorized);
        None
    }

    /// No response came (timer B).
    pub(in crate::sip::ua) fn handle_unanswered(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        self.end(now, core, no_answer());
        None
    }

    /// Sends the INVITE once more where its refusal leaves a way: with the longer session timer
    /// that a 422 asks for, or to the next address of a redirection.
    fn try_again(&mut self, now: Instant, core: &mut Core, response: &Response) -> bool {
        let Progress::Inviting { invite, cancel, give_up } = &mut self.progress else {
            return false;
        };
        // The offer of the INVITE cannot be made again once another one has followed it.
        if self.told == Told::Ended || self.negotiation.is_settled() {
            return false;
        }
        let mut again = (**invite).clone();
        // A server that has asked for a longer interval does not know better the next time.
        let may_raise = response.status == 422 && !again.headers.has("Min-SE");
        if !may_raise || !session_timer::raise(&mut again.headers, response) {
            let config = &core.config;
            let domain = config.policy.follow_redirects.then_some(&config.address.host);
            self.targets.learn(response, domain);
            // RFC 3261 §21.6: nobody else would say otherwise.
            if response.status >= 600 {
                return false;
            }
            let Some(target) = self.targets.next() else { return false };
            core.tell(self.id, CallEvent::Forwarded(target.clone()));
            self.told = Told::Calling;
            again.uri = target;
        }
        let seq = again.cseq().map_or(1, |cseq| cseq.seq.saturating_add(1));
        again.headers.set("CSeq", [&seq.to_string(), " INVITE"].concat());
        **invite = core.send(now, Owner::Call(self.id), again);
        *cancel = Cancel::NotWanted { provisional: false };
        *give_up = now + RING_LIMIT;
        self.early = EarlyDialogs::default();
        self.heard = None;
        self.negotiation.forget_answer();
        true
    }

    /// # Errors
    /// Why the call must end.
    fn handle_provisional(
        &mut self,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Result<(), EndReason> {
        let Progress::Inviting { cancel, invite, .. } = &mut self.progress else {
            return Ok(());
        };
        let is_new = self.early.handle(now, core, self.id, (invite, response));
        match cancel {
            Cancel::NotWanted { provisional } => *provisional = true,
            Cancel::Wanted => {
                self.cancel_now(now, core);
                return Ok(());
            }
            Cancel::Sent => return Ok(()),
        }
        if !is_new {
            return Ok(());
        }
        let body = session_description(&response.headers, &response.body)
            .filter(|sdp| has_sound(core, sdp));
        if let Some(sdp) = body
            && self.heard.is_none()
            && self.told < Told::EarlyMedia
        {
            self.negotiation.hear(core, sdp)?;
            self.told = Told::EarlyMedia;
            self.heard = Some(Heard { dialog: DialogId::of_response(response), update: None });
            core.tell(self.id, CallEvent::EarlyMedia);
        } else if response.status == 180 && self.told < Told::Ringing {
            self.told = Told::Ringing;
            core.tell(self.id, CallEvent::Ringing);
        }
        Ok(())
    }

    fn handle_accepted(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Option<Box<Session>> {
        let Progress::Inviting { invite, .. } = &self.progress else {
            return None;
        };
        let Ok(mut dialog) = Dialog::of_client(invite, response) else {
            // An answer without a Contact can be neither acknowledged nor ended.
            self.end(now, core, EndReason::ProtocolFailure(Misbehaviour::NoContact));
            return None;
        };
        // An UPDATE of another fork than the one that answers has nothing to change.
        if self.heard.as_ref().is_some_and(|heard| heard.dialog != *dialog.id()) {
            self.drop_update(now, core, 487);
        }
        let Self { id, progress, negotiation, told, early, heard, trickle, .. } = *self;
        let Progress::Inviting { invite, .. } = progress else { return None };
        early.hand_over(&mut dialog);
        let heard = heard.filter(|heard| heard.dialog == *dialog.id());
        let before = early.find(dialog.id()).and_then(|early| early.answer.clone());
        let offer = String::from_utf8_lossy(&invite.body).into_owned();
        let parts = (id, dialog, negotiation);
        let placed = (*invite, response);
        let mut session = Session::of_caller(now, core, parts, placed, early, trickle);
        if told == Told::Ended {
            // The 200 crossed our CANCEL: the call stands, and is ended properly.
            session.leave(now, core);
            return Some(session);
        }
        let is_heard = heard.is_some();
        if let Some((server, request)) = heard.and_then(|heard| heard.update) {
            session.serving = Serving::Answering { server, request };
        }
        let negotiation = &mut session.negotiation;
        // RFC 3261 §13.2.1: an answer in a reliable response needs none in the 2xx.
        let applied = match session_description(&response.headers, &response.body).or(before) {
            // What an UPDATE has changed is not changed back by the answer to the INVITE.
            _ if is_heard && negotiation.is_settled() => Ok(()),
            Some(answer) if negotiation.is_settled() => {
                let agreed = Negotiation::with_another_fork(core, id, offer, answer);
                agreed.map(|agreed| *negotiation = agreed)
            }
            Some(answer) => negotiation.begin(core, answer),
            // What was heard of the same dialog is the answer.
            None if is_heard => negotiation.confirm(core),
            None => Err(EndReason::ProtocolFailure(Misbehaviour::NoDescription)),
        };
        if let Err(reason) = applied {
            return session.fail(now, core, reason);
        }
        core.tell_product(id, &response.headers);
        core.tell(id, CallEvent::Answered);
        session.negotiation.tell(core);
        session.advance(now, core);
        session.serve(now, core, Task::Confirmed)
    }
}

/// Why the call was refused: the reason phrase, and what a Warning adds (RFC 3261 §20.43).
fn said(response: &Response) -> String {
    let warning = response.headers.values("Warning").into_iter().find_map(|value| {
        let text = value.get(value.find('"')?..)?;
        unquote(text).filter(|text| !text.is_empty())
    });
    match warning {
        Some(text) => [&response.reason, " (", &text, ")"].concat(),
        None => response.reason.clone(),
    }
}
