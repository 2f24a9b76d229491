//! What the callee's side says to our INVITE (RFC 3261 §13.2.2): it rings, it answers, it refuses,
//! or it sends us elsewhere.

use super::early::{EarlyDialogs, Heard};
use super::{Cancel, Outgoing, Progress, RING_LIMIT, Told, no_answer};
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::registration::seconds;
use crate::sip::ua::Call;
use crate::sip::ua::answering::OfferAnswer;
use crate::sip::ua::core::{Core, Owner};
use crate::sip::ua::event::{CallEvent, EndReason, MediaRequest, Misbehaviour};
use crate::sip::ua::reinvite::Refresh;
use crate::sip::ua::services::Task;
use crate::sip::ua::session::Session;
use crate::sip::ua::session_timer;
use crate::sip::wire::{Response, display_text, unquote};
use crate::time::Instant;
use std::time::Duration;

impl Outgoing {
    pub(in crate::sip::ua) fn handle_response(
        mut self,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Option<Call> {
        match response.status {
            100..=199 => match self.handle_provisional(now, core, response) {
                Ok(()) => Some(Call::Outgoing(self)),
                Err(reason) => {
                    self.end(now, core, reason);
                    self.cancel(now, core)
                }
            },
            200..=299 => self.handle_accepted(now, core, response),
            _ => {
                if self.try_again(now, core, response) {
                    return Some(Call::Outgoing(self));
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
        mut self,
        now: Instant,
        core: &mut Core,
    ) -> Option<Call> {
        self.end(now, core, EndReason::Unauthorized);
        None
    }

    /// No response came (timer B).
    pub(in crate::sip::ua) fn handle_unanswered(
        mut self,
        now: Instant,
        core: &mut Core,
    ) -> Option<Call> {
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
        let is_settled = self.heard.as_ref().is_some_and(|heard| heard.local.is_some());
        if self.told == Told::Ended || is_settled {
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
        let body = session_description(response).filter(|sdp| core.has_audio(sdp));
        if let Some(sdp) = body
            && self.heard.is_none()
            && self.told < Told::EarlyMedia
        {
            let offer = String::from_utf8_lossy(&invite.body);
            core.apply_answer(self.id, &offer, sdp.clone(), true)?;
            self.told = Told::EarlyMedia;
            self.heard = Some(Heard {
                dialog: DialogId::of_response(response),
                remote: sdp,
                local: None,
                update: None,
            });
            core.tell(self.id, CallEvent::EarlyMedia);
        } else if response.status == 180 && self.told < Told::Ringing {
            self.told = Told::Ringing;
            core.tell(self.id, CallEvent::Ringing);
        }
        Ok(())
    }

    fn handle_accepted(
        mut self,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Option<Call> {
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
        let Self { id, progress, told, early, heard, trickle, .. } = self;
        let Progress::Inviting { invite, .. } = progress else { return None };
        early.hand_over(&mut dialog);
        let same = heard.as_ref().is_some_and(|heard| heard.dialog == *dialog.id());
        let placed = (*invite, response);
        let mut session = Session::of_caller(now, core, id, dialog, placed, early, trickle);
        if told == Told::Ended {
            // The 200 crossed our CANCEL: the call stands, and is ended properly.
            session.leave(now, core);
            return Some(Call::Session(session));
        }
        let answer = session_description(response);
        let mut applied = Ok(());
        match (heard, answer) {
            // What an UPDATE has changed is not changed back by the answer to the INVITE.
            (Some(Heard { remote, local: Some(local), update, .. }), _) if same => {
                (session.local_sdp, session.remote_sdp) = (local, remote);
                if let Some((server, request)) = update {
                    session.offer_answer = OfferAnswer::Answering { server, request };
                }
            }
            // The media engine has agreed with another fork, so it has to offer anew.
            (Some(Heard { local: Some(_), .. }), Some(answer)) => {
                session.remote_sdp = answer;
                session.refresh(now, core, Refresh::Media);
            }
            (_, Some(answer)) => {
                applied = core.apply_first_answer(id, &session.local_sdp, answer.clone());
                session.remote_sdp = answer;
            }
            // The answer came before, in a provisional response of the same dialog.
            (Some(Heard { remote, .. }), None) if same => {
                applied = core.apply_answer(id, &session.local_sdp, remote.clone(), false);
                session.remote_sdp = remote;
            }
            (_, None) => {
                session.leave(now, core);
                core.ask_media(MediaRequest::Close(id));
                core.tell(
                    id,
                    CallEvent::Ended(EndReason::ProtocolFailure(Misbehaviour::NoDescription)),
                );
                return Some(Call::Session(session));
            }
        }
        if let Err(reason) = applied {
            return session.fail(now, core, reason);
        }
        core.tell_product(id, &response.headers);
        core.tell(id, CallEvent::Answered);
        session.look_at_media(core);
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

fn session_description(response: &Response) -> Option<String> {
    crate::sip::ua::core::session_description(&response.headers, &response.body)
}
