//! What callees ask for before they answer, which may be another session (RFC 3311 §5.2).

use super::{Outgoing, Told};
use crate::sip::dialog::DialogId;
use crate::sip::transaction::ServerId;
use crate::sip::ua::core::{Core, session_description};
use crate::sip::wire::{Method, Request, Uri};
use crate::time::Instant;

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
                let response = core.abilities(&request, 200);
                core.transactions.respond(now, server, &response);
            }
            Method::Update => match session_description(&request.headers, &request.body) {
                Some(offer) => self.handle_early_offer(now, core, server, request, offer),
                None => {
                    early.dialog.refresh_target(request.contact());
                    let response = core.updated(&request);
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
        let mut response = core.updated(&request);
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
        if early.is_none_or(|early| early.answer.is_none()) {
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
