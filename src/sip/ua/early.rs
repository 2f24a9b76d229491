//! The early dialogs of a call that we place, one for each fork: their reliable responses, which
//! are acknowledged by PRACK (RFC 3262 §4), and the answers of those that come too late.

use super::core::{Core, session_description};
use super::input::CallId;
use super::owner::Owner;
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::wire::{Method, RAck, Request, Response};
use crate::time::Instant;

/// How many forks of a call are kept apart.
const MAX_EARLY: usize = 16;

/// A dialog that a provisional response to our INVITE made.
pub(super) struct Early {
    pub(super) dialog: Dialog,
    /// The last RSeq that was acknowledged.
    rseq: Option<u32>,
    /// The answer to our offer that a reliable response brought, so that it counts.
    pub(super) answer: Option<String>,
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
            self.0.push(Early { dialog, rseq: None, answer: None });
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
        let answer = session_description(&response.headers, &response.body);
        early.answer = early.answer.take().or(answer);
        let mut prack = early.dialog.request(Method::Prack);
        prack.headers.push("RAck", RAck { rseq, cseq }.to_string());
        core.send_plain(now, Owner::Prack(call), early.dialog.askers(), prack);
        true
    }

    /// Ends them all, as any of them may have been answered without our knowledge (RFC 3261 §15).
    pub(super) fn leave(&mut self, now: Instant, core: &mut Core) {
        for early in &mut self.0 {
            core.part(now, &mut early.dialog);
        }
    }

    /// Lets `dialog` count on from the early dialog that it was.
    pub(super) fn hand_over(&self, dialog: &mut Dialog) {
        if let Some(early) = self.find(dialog.id()) {
            dialog.continue_from(&early.dialog);
        }
    }

    pub(super) fn get(&mut self, id: &DialogId) -> Option<&mut Early> {
        self.0.iter_mut().find(|early| early.dialog.id() == id)
    }

    pub(super) fn find(&self, id: &DialogId) -> Option<&Early> {
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

    /// Acknowledges the 2xx `response` to our `invite`, which nobody wants: of a further fork of a call
    /// that has an answer, or of a call that is gone. Ends the dialog that it makes, once (RFC 3261
    /// §13.2.2.4).
    pub(super) fn refuse(
        &self,
        now: Instant,
        core: &mut Core,
        invite: &Request,
        response: &Response,
    ) {
        let id = DialogId::of_response(response);
        if let Some(ack) = core.refused_forks.find(now, &id) {
            core.transactions.send_ack(ack);
            return;
        }
        let Ok(mut dialog) = Dialog::of_client(invite, response) else {
            return;
        };
        self.hand_over(&mut dialog);
        let ack = core.send_ack(&dialog, invite);
        dialog.set_reason("SIP;cause=200;text=\"Call completed elsewhere\"");
        core.part(now, &mut dialog);
        core.refused_forks.note(now, id, ack);
    }
}
