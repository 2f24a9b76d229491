//! Keys as INFO: `application/dtmf-relay` out, for servers that do not hear telephone events in
//! the sound, and both usual forms in (RFC 2976, RFC 6086 §3).

use super::core::TRICKLE_ICE;
use super::event::CallEvent;
use super::in_call::InCall;
use super::owner::Service;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Request};
use crate::time::Instant;
use std::collections::VecDeque;
use std::time::Duration;

/// The length of a tone in milliseconds, and from its beginning to that of the next.
const TONE: &str = "160";
const TONE_AND_GAP: Duration = Duration::from_millis(230);
/// What `,` means to every telephone.
const PAUSE: Duration = Duration::from_secs(2);
/// How many keys may wait.
const LIMIT: usize = 128;

/// Keys on their way to the peer, one at a time.
#[derive(Default)]
pub(super) struct Keys {
    waiting: VecDeque<char>,
    /// An INFO has no answer yet.
    pending: bool,
    /// Before this moment, no further key may go.
    quiet_until: Option<Instant>,
}

impl Keys {
    /// Takes keys; what is no key is left out.
    pub(super) fn send(&mut self, call: &mut InCall<'_>, digits: &str) {
        let keys = digits.chars().map(|key| key.to_ascii_uppercase());
        let room = LIMIT.saturating_sub(self.waiting.len());
        self.waiting.extend(keys.filter(|key| is_key(*key) || *key == ',').take(room));
        self.advance(call);
    }

    pub(super) fn handle_response(&mut self, call: &mut InCall<'_>, status: u16) {
        match status {
            _ if !self.pending => {}
            ..=199 => {}
            200..=299 => {
                self.pending = false;
                self.advance(call);
            }
            _ => {
                *self = Self::default();
                call.tell(CallEvent::DtmfFailed { status });
            }
        }
    }

    pub(super) fn handle_timeout(&mut self, call: &mut InCall<'_>) {
        self.advance(call);
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.quiet_until.filter(|_| !self.pending)
    }

    fn advance(&mut self, call: &mut InCall<'_>) {
        if self.pending || self.quiet_until.is_some_and(|until| until > call.now) {
            return;
        }
        self.quiet_until = match self.waiting.pop_front() {
            None => None,
            Some(',') => Some(call.now + PAUSE),
            Some(key) => {
                let mut info = call.dialog.request(Method::Info);
                info.headers.push("Content-Type", "application/dtmf-relay");
                let signal = key.to_string();
                info.body = ["Signal=", &signal, "\r\nDuration=", TONE, "\r\n"].concat().into();
                call.send(Service::Info, info);
                self.pending = true;
                Some(call.now + TONE_AND_GAP)
            }
        };
    }
}

/// Answers an INFO, and tells of a key in it.
pub(super) fn receive(call: &mut InCall<'_>, server: ServerId, info: &Request) {
    if info.headers.has("Info-Package") {
        // RFC 6086 §4.2.2: we take no such package, and say which.
        let mut response = call.core.response(info, 469);
        response.headers.push("Recv-Info", TRICKLE_ICE);
        call.core.transactions.respond(call.now, server, &response);
        return;
    }
    let kind = info.headers.get("Content-Type").and_then(|kind| kind.split(';').next());
    let body = String::from_utf8_lossy(&info.body);
    let key = match kind.map(|kind| kind.trim().to_ascii_lowercase()).as_deref() {
        Some("application/dtmf-relay") => relayed(&body),
        Some("application/dtmf") => key(&body),
        // RFC 2976 §2.2: one without a body only asks whether we are there.
        None if info.body.is_empty() => {
            call.reject(server, info, 200);
            return;
        }
        _ => {
            let mut response = call.core.response(info, 415);
            response.headers.push("Accept", "application/dtmf-relay, application/dtmf");
            call.core.transactions.respond(call.now, server, &response);
            return;
        }
    };
    match key {
        Some(key) => {
            call.reject(server, info, 200);
            call.tell(CallEvent::Dtmf(key));
        }
        None => call.reject(server, info, 400),
    }
}

/// The key in a body such as `Signal=5`, `Duration=160`.
fn relayed(body: &str) -> Option<char> {
    body.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("Signal") { key(value) } else { None }
    })
}

/// A key by its face or by the number of its event (RFC 4733 §3.2).
fn key(text: &str) -> Option<char> {
    let mut letters = text.trim().chars();
    match (letters.next()?.to_ascii_uppercase(), letters.next(), letters.next()) {
        (key, None, _) if is_key(key) => Some(key),
        ('1', Some('0'), None) => Some('*'),
        ('1', Some('1'), None) => Some('#'),
        ('1', Some(event @ '2'..='5'), None) => char::from_u32(u32::from(event) - 0x32 + 0x41),
        _ => None,
    }
}

fn is_key(key: char) -> bool {
    matches!(key, '0'..='9' | 'A'..='D' | '*' | '#')
}
