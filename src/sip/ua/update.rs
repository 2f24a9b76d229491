//! UPDATE (RFC 3311): the peer changes a session without an INVITE, even before it is answered.

use super::core::{Core, push_abilities, session_description};
use super::session::Session;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Request, Response};
use crate::time::Instant;

impl Session {
    pub(super) fn handle_update(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) {
        let Some(offer) = session_description(&request.headers, &request.body) else {
            self.dialog.refresh_target(request.contact());
            let mut response = accepted(core, &request);
            self.timer.accept(now, &core.config.policy, &request, &mut response.headers);
            core.transactions.respond(now, server, &response);
            return;
        };
        self.take_change(now, core, (server, request), Some(offer));
    }
}

/// The 200 to an UPDATE.
pub(super) fn accepted(core: &mut Core, request: &Request) -> Response {
    let mut response = core.response(request, 200);
    response.headers.push("Contact", core.contact());
    push_abilities(&mut response.headers);
    response
}
