//! The early dialogs of a call that we place, one for each fork: their reliable responses, which
//! are acknowledged by PRACK (RFC 3262 §4), and what their callees ask for before they answer, which
//! may be another session (RFC 3311 §5.2).

use super::{Outgoing, Told};
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::transaction::ServerId;
use crate::sip::ua::core::{Core, Owner, session_description};
use crate::sip::ua::input::CallId;
use crate::sip::ua::{requests, update};
use crate::sip::wire::{Method, RAck, Request, Response, Uri};
use crate::time::Instant;

/// How many forks of a call are kept apart.
const MAX_EARLY: usize = 16;

/// A dialog that a provisional response to our INVITE made.
struct Early {
    dialog: Dialog,
    /// The last RSeq that was acknowledged.
    rseq: Option<u32>,
    /// A reliable response brought the answer to our offer, so that it counts.
    answered: bool,
}

/// The early dialogs of one INVITE, of which there is one for each fork.
#[derive(Default)]
pub(in crate::sip::ua) struct EarlyDialogs(Vec<Early>);

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
            self.0.push(Early { dialog, rseq: None, answered: false });
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
        early.answered |= session_description(&response.headers, &response.body).is_some();
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
    pub(in crate::sip::ua) fn hand_over(&self, dialog: &mut Dialog) {
        if let Some(early) = self.find(dialog.id()) {
            dialog.continue_from(&early.dialog);
        }
    }

    fn get(&mut self, id: &DialogId) -> Option<&mut Early> {
        self.0.iter_mut().find(|early| early.dialog.id() == id)
    }

    fn find(&self, id: &DialogId) -> Option<&Early> {
        self.0.iter().find(|early| early.dialog.id() == id)
    }

    /// A PRACK was challenged and went out again: its dialog counts on.
    pub(in crate::sip::ua) fn handle_retry(&mut self, request: &Request) {
        let tag = request.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        let early = self.0.iter_mut().find(|early| early.dialog.id().remote_tag == tag);
        if let Some(early) = early {
            early.dialog.sent(request);
        }
    }
}

/// What the media engine was given of a callee's side before its answer.
pub(super) struct Heard {
    pub(super) dialog: DialogId,
    /// The UPDATE that waits for the browser's answer.
    pub(super) update: Option<(ServerId, Request)>,
}

impl Outgoing {
    /// Whether this call has that early dialog.
    pub(in crate::sip::ua) fn has_dialog(&self, id: &DialogId) -> bool {
        self.early.find(id).is_some()
    }

    /// The callee's address in that early dialog.
    pub(in crate::sip::ua) fn remote_uri(&self, id: &DialogId) -> Option<Uri> {
        self.early.find(id)?.dialog.remote_uri()
    }

    /// A PRACK was challenged and went out again.
    pub(in crate::sip::ua) fn handle_prack_retry(&mut self, request: &Request) {
        self.early.handle_retry(request);
    }

    /// A request of a callee in its early dialog.
    pub(in crate::sip::ua) fn handle_request(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
        let early = DialogId::of_request(&request).and_then(|id| self.early.get(&id));
        let Some(early) = early else {
            core.reject(now, server, &request, 481);
            return;
        };
        let in_order = early.dialog.accept(&request).is_ok();
        match request.method {
            _ if !in_order => core.reject(now, server, &request, 500),
            Method::Options => {
                let response = requests::options_response(core, &request, 200);
                core.transactions.respond(now, server, &response);
            }
            Method::Update => match session_description(&request.headers, &request.body) {
                Some(offer) => self.handle_early_offer(now, core, server, request, offer),
                None => {
                    early.dialog.refresh_target(request.contact());
                    let response = update::accepted(core, &request);
                    core.transactions.respond(now, server, &response);
                }
            },
            // RFC 3261 §14.2: our own INVITE is not answered yet.
            Method::Invite => core.reject(now, server, &request, 491),
            // RFC 3261 §15: a callee ends nothing before it answers.
            Method::Bye => core.reject(now, server, &request, 481),
            _ => core.reject(now, server, &request, 405),
        }
    }

    /// The browser's answer to the offer of an UPDATE.
    pub(in crate::sip::ua) fn handle_answer(&mut self, now: Instant, core: &mut Core, sdp: String) {
        let Some(heard) = &mut self.heard else { return };
        let Some((server, request)) = heard.update.take() else { return };
        if let Some(early) = self.early.get(&heard.dialog) {
            early.dialog.refresh_target(request.contact());
        }
        let mut response = update::accepted(core, &request);
        response.headers.push("Content-Type", "application/sdp");
        response.body = sdp.clone().into_bytes();
        core.transactions.respond(now, server, &response);
        self.negotiation.described(sdp);
    }

    /// Answers an UPDATE that waits for the browser with a failure. Returns whether there was one.
    pub(super) fn drop_update(&mut self, now: Instant, core: &mut Core, status: u16) -> bool {
        let update = self.heard.as_mut().and_then(|heard| heard.update.take());
        if let Some((server, request)) = &update {
            core.reject(now, *server, request, status);
            self.negotiation.drop_offer();
        }
        update.is_some()
    }

    /// The callee offers another session, which it may once its answer to our offer counts.
    fn handle_early_offer(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
        offer: String,
    ) {
        let id = DialogId::of_request(&request);
        let early = id.as_ref().and_then(|id| self.early.find(id));
        if early.is_none_or(|early| !early.answered) {
            // RFC 3311 §5.2: our offer is not answered yet.
            core.reject(now, server, &request, 491);
            return;
        }
        let heard = self.heard.as_mut().filter(|heard| Some(&heard.dialog) == id.as_ref());
        let Some(heard) = heard.filter(|_| self.told < Told::Ended) else {
            // The media engine serves another fork, or none any more.
            core.reject(now, server, &request, 488);
            return;
        };
        if heard.update.is_some() {
            core.refuse_for_now(now, server, &request);
            return;
        }
        // To the browser the answer was provisional until now. It was found good when it came.
        let _ = self.negotiation.confirm(core);
        self.negotiation.take_offer(Some(offer));
        self.negotiation.describe(core);
        heard.update = Some((server, request));
    }
}
