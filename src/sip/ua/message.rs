//! Text messages (RFC 3428): one request each, outside the dialogs of calls when we send them, in
//! or outside one when they arrive. Who shows a text, and how, is not known here.

use super::UserAgent;
use super::call::Call;
use super::caller::caller;
use super::content::{Content, text};
use super::core::Core;
use super::event::{Event, MessageEvent, Output};
use super::input::MessageId;
use super::owner::Owner;
use super::throttle::Throttle;
use crate::sip::dialog::DialogId;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Request, Uri, display_text};
use crate::time::Instant;

/// No longer text is sent or taken in, in bytes. RFC 3428 §8 asks for less where a hop may be
/// UDP; whether one is, only the server knows, and it says 413 or 513.
const LONGEST: usize = 16 * 1024;
/// The bodies that are understood.
const ACCEPT: &str = "text/plain, multipart/mixed";

/// The text messages under way.
#[derive(Default)]
pub(super) struct Messages {
    /// Sent and not answered.
    sent: Vec<MessageId>,
    throttle: Throttle,
}

impl UserAgent {
    pub(super) fn send_message(&mut self, now: Instant, id: MessageId, to: Uri, text: String) {
        self.messages.sent.push(id);
        if !self.registration.is_registered() || !self.link.is_up() {
            self.end_message(id, 503, "");
            return;
        }
        if text.len() > LONGEST {
            self.end_message(id, 413, "");
            return;
        }
        let mut request = self.core.request(Method::Message, to);
        request.headers.push("Content-Type", "text/plain;charset=UTF-8");
        request.body = text.into_bytes();
        self.core.send(now, Owner::Message(id), request);
    }

    /// A message was answered with this status, or will not be answered any more.
    pub(super) fn end_message(&mut self, id: MessageId, status: u16, reason: &str) {
        if status < 200 {
            return;
        }
        let Some(index) = self.messages.sent.iter().position(|sent| *sent == id) else {
            return;
        };
        self.messages.sent.remove(index);
        let event = if status < 300 {
            MessageEvent::Delivered(id)
        } else {
            MessageEvent::Failed { id, status, reason: display_text(reason) }
        };
        self.core.output(Output::Event(Event::Message(event)));
    }

    /// No message that is under way will be answered: the line closes.
    pub(super) fn end_messages(&mut self) {
        for id in self.messages.sent.clone() {
            self.end_message(id, 503, "");
        }
    }

    /// A MESSAGE arrived.
    pub(super) fn handle_message(&mut self, now: Instant, server: ServerId, request: &Request) {
        let status = match DialogId::of_request(request) {
            Some(dialog) => self.message_place(&dialog, request),
            None if self.core.config.policy.messages => 200,
            None => 403,
        };
        if status != 200 {
            self.core.reject(now, server, request, status);
            return;
        }
        let content = text(&request.headers, &request.body);
        let sender = request.from().map(|from| from.uri.to_string()).unwrap_or_default();
        if !self.messages.throttle.admits(now, &sender) {
            let mut response = self.core.response(request, 480);
            response.headers.push("Retry-After", "60");
            self.core.transactions.respond(now, server, &response);
            return;
        }
        let status = match &content {
            _ if request.body.len() > LONGEST => 413,
            Content::Nothing | Content::Description(_) => 200,
            Content::Unsupported => 415,
            Content::Undecipherable => 493,
        };
        let mut response = self.core.response(request, status);
        if status == 415 {
            response.headers.push("Accept", ACCEPT);
            response.headers.push("Accept-Encoding", "identity");
        }
        self.core.transactions.respond(now, server, &response);
        // A body without text, as some send to try the way, is nothing to show.
        if let (200, Content::Description(text)) = (status, content) {
            show(&mut self.core, request, text);
        }
    }

    /// Whether a MESSAGE may come in the dialog that it names: 200, or why not.
    fn message_place(&mut self, dialog: &DialogId, request: &Request) -> u16 {
        let call = self.calls.iter_mut().find(|call| call.dialog_id() == Some(dialog));
        match call {
            Some(Call::Session(session)) if session.is_live() => {
                if session.follows(request) {
                    200
                } else {
                    500
                }
            }
            // Nobody has spoken with this caller yet.
            Some(Call::Incoming(_)) if !self.core.config.policy.messages => 403,
            Some(Call::Incoming(_)) => 200,
            _ => 481,
        }
    }
}

/// Tells of a message that came in.
fn show(core: &mut Core, request: &Request, text: String) {
    let Some(from) = caller(&core.config.policy, request) else { return };
    let (from, key) = (Box::new(from), key(request));
    core.output(Output::Event(Event::Message(MessageEvent::Received { from, text, key })));
}

/// A number for what names the sender's own request (RFC 3261 §8.1.1), which a server that forks
/// leaves as it is: FNV-1a, shortened.
fn key(request: &Request) -> u64 {
    let headers = &request.headers;
    let origin = headers.values("Via").last().copied().unwrap_or_default();
    let parts = ["Call-ID", "CSeq", "From"].map(|name| headers.get(name).unwrap_or_default());
    let bytes = [origin].into_iter().chain(parts).flat_map(str::bytes);
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    hash >> 12
}
