//! Requests that arrive: what is wrong with them, and whom they concern (RFC 3261 §8.2).

use super::call::Call;
use super::caller::caller;
use super::core::{Core, SUPPORTED, response_with_tag};
use super::event::{Event, Output};
use super::incoming::Incoming;
use super::input::CallId;
use super::refusals::{content_refusal, extension_refusal};
use super::{UserAgent, session_timer};
use crate::sip::dialog::DialogId;
use crate::sip::transaction::{Arrival, ServerId};
use crate::sip::wire::{EventType, Method, Replaces, Request, Response, Uri};
use crate::time::Instant;

/// The names of calls that nobody has commanded have this bit.
const OWN: u32 = 1 << 31;

impl UserAgent {
    pub(super) fn handle_request(&mut self, now: Instant, request: Request) {
        match self.core.transactions.handle_request(now, request) {
            Arrival::Absorbed => {}
            Arrival::Ack(ack) => self.handle_ack(now, &ack),
            Arrival::Cancel { invite, request } => self.handle_cancel(now, invite, &request),
            Arrival::Merged(request) => {
                let response = self.core.response(&request, 482);
                self.core.transactions.send_stateless(&response);
            }
            Arrival::New(server, request) => self.serve(now, server, request),
        }
    }

    fn handle_ack(&mut self, now: Instant, ack: &Request) {
        let Some(dialog) = DialogId::of_request(ack) else {
            return;
        };
        self.with_call(
            |call| call.dialog_id() == Some(&dialog),
            |core, call| call.standing(|session| session.handle_ack(now, core, ack)),
        );
    }

    fn handle_cancel(&mut self, now: Instant, invite: Option<ServerId>, cancel: &Request) {
        // RFC 3261 §9.2: the CANCEL itself is answered at once, whatever becomes of the INVITE,
        // and under the same tag.
        let tag = self.tag_towards(cancel).unwrap_or_else(|| self.core.new_tag());
        let status = if invite.is_some() { 200 } else { 481 };
        let response = response_with_tag(cancel, status, &tag);
        self.core.transactions.send_stateless(&response);
        let Some(invite) = invite else { return };
        self.with_call(
            |call| matches!(call, Call::Incoming(incoming) if incoming.server() == invite),
            |core, call| match call {
                Call::Incoming(call) => call.cancel(now, core, cancel).map(Call::Incoming),
                other => Some(other),
            },
        );
        // A re-INVITE that is cancelled while the browser works on it (RFC 3261 §9.2).
        self.with_call(
            |call| matches!(call, Call::Session(session) if session.answers(invite)),
            |core, call| call.standing(|session| session.cancel_reinvite(now, core)),
        );
    }

    /// Our tag in the call with the sender of `request`, which carries none.
    fn tag_towards(&self, request: &Request) -> Option<String> {
        let from = request.from()?;
        let mut dialogs = self.calls.iter().filter_map(Call::dialog_id);
        let dialog = dialogs.find(|dialog| {
            dialog.call_id == request.call_id()
                && dialog.remote_tag == from.tag().unwrap_or_default()
        })?;
        Some(dialog.local_tag.clone())
    }

    fn serve(&mut self, now: Instant, server: ServerId, request: Request) {
        let refusal =
            refusal(&mut self.core, &request).or_else(|| content_refusal(&mut self.core, &request));
        if let Some(refusal) = refusal {
            self.core.transactions.respond(now, server, &refusal);
            self.note_unserved(now, &request, refusal.status);
            return;
        }
        if request.method == Method::Message {
            self.handle_message(now, server, &request);
            return;
        }
        if request.method == Method::Notify && !is_of_transfer(&request) {
            self.handle_notify(now, server, &request);
            return;
        }
        if let Some(dialog) = DialogId::of_request(&request) {
            self.serve_in_dialog(now, server, &dialog, request);
            return;
        }
        match request.method {
            Method::Invite => self.handle_invite(now, server, request),
            Method::Options => {
                let status = self.readiness();
                let response = self.core.abilities(&request, status);
                self.core.transactions.respond(now, server, &response);
            }
            // Nobody could be asked whether it is welcome.
            Method::Refer => self.core.reject(now, server, &request, 403),
            // What belongs into a dialog.
            _ => self.core.reject(now, server, &request, 481),
        }
    }

    fn serve_in_dialog(
        &mut self,
        now: Instant,
        server: ServerId,
        dialog: &DialogId,
        request: Request,
    ) {
        let mut request = Some(request);
        self.with_call(
            |call| call.has_dialog(dialog),
            |core, call| {
                let Some(request) = request.take() else {
                    return Some(call);
                };
                call.handle_request(now, core, server, request)
            },
        );
        if let Some(request) = request {
            self.core.reject(now, server, &request, 481);
        }
    }

    fn handle_invite(&mut self, now: Instant, server: ServerId, invite: Request) {
        self.unserved.asks_again(&invite);
        let status = self.readiness();
        match Replaces::of(&invite.headers) {
            // It takes the place of a call, for which there is room.
            Ok(Some(replaces)) if !self.is_leaving() => {
                self.handle_replacing(now, server, invite, &replaces);
            }
            Err(_) => self.core.reject(now, server, &invite, 400),
            Ok(_) if status == 200 => {
                let id = self.new_call_id();
                self.ring(now, id, server, invite);
            }
            Ok(_) => self.turn_away(now, server, &invite, status),
        }
    }

    /// Refuses a call that there is no room for, and tells of it.
    pub(super) fn turn_away(
        &mut self,
        now: Instant,
        server: ServerId,
        invite: &Request,
        status: u16,
    ) {
        if !self.is_leaving()
            && let Some(caller) = caller(&self.core.config.policy, invite)
        {
            self.core.output(Output::Event(Event::Missed(Box::new(caller))));
        }
        self.core.reject(now, server, invite, status);
    }

    /// The status with which a call that arrived now would be turned away, or 200.
    fn readiness(&self) -> u16 {
        if self.is_leaving() {
            480
        } else if self.do_not_disturb {
            self.core.config.policy.do_not_disturb_status
        } else if self.live_calls() >= self.core.config.max_calls {
            486
        } else {
            200
        }
    }

    pub(super) fn ring(&mut self, now: Instant, id: CallId, server: ServerId, invite: Request) {
        let replaced = self.relations.replaced_by(id);
        let call = Incoming::start(now, &mut self.core, id, (server, invite), replaced);
        self.calls.extend(call.map(Call::Incoming));
    }

    pub(super) fn new_call_id(&mut self) -> CallId {
        self.incoming += 1;
        CallId(OWN | self.incoming)
    }
}

/// Whether a NOTIFY tells of a transfer (RFC 3515), which is a call's business.
fn is_of_transfer(notify: &Request) -> bool {
    let event = notify.headers.get("Event").and_then(|event| EventType::parse(event).ok());
    event.is_some_and(|event| event.package == "refer")
}

/// The answer to a request that cannot be served, whomever it concerns.
fn refusal(core: &mut Core, request: &Request) -> Option<Response> {
    match &request.method {
        Method::Invite | Method::Bye | Method::Options | Method::Message => {}
        Method::Info | Method::Notify | Method::Refer | Method::Update | Method::Prack => {}
        Method::Other(_) => return Some(core.response(request, 501)),
        _ => return Some(core.response(request, 405)),
    }
    if matches!(request.uri, Uri::Other(_)) {
        return Some(core.response(request, 416));
    }
    let required = request.headers.values("Require");
    let unsupported: Vec<&str> = required
        .into_iter()
        .filter(|tag| !SUPPORTED.split(", ").any(|known| known.eq_ignore_ascii_case(tag)))
        .collect();
    if !unsupported.is_empty() {
        let mut response = core.response(request, 420);
        response.headers.push("Unsupported", unsupported.join(", "));
        return Some(response);
    }
    if matches!(request.method, Method::Invite | Method::Update)
        && session_timer::is_too_short(request)
    {
        let mut response = core.response(request, 422);
        session_timer::demand(&mut response);
        return Some(response);
    }
    extension_refusal(core, request)
}
