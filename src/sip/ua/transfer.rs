//! A transfer that we ask for: REFER and what the peer then tells of it (RFC 3515, 3892, 4488,
//! RFC 5589). The call is kept until the outcome is known.
//!
//! Servers differ. A 202 that nothing better than `100 Trying` follows within ten seconds counts
//! as done, as the server has taken the peer over; after a ringing, silence is a failure. The end
//! of the subscription without a final status counts as done unless it names a fault. The dialog
//! of the other call in an attended transfer is ended by its far end (RFC 5589 §7.3). After a
//! failure a re-INVITE finds out whether the peer is still there: Asterisk may have let it go.

use super::core::SUPPORTED;
use super::event::{CallEvent, TransferEvent};
use super::in_call::InCall;
use super::owner::Service;
use crate::sip::wire::{Method, Params, Request, Response, display_text, parse_sipfrag};
use crate::time::Instant;
use std::time::Duration;

/// How long the first news after the 202 may take.
const NEWS_LIMIT: Duration = Duration::from_secs(10);
/// How long the target may ring.
const RING_LIMIT: Duration = Duration::from_secs(180);

/// A transfer under way.
pub(super) struct Transfer {
    /// What the telephone was told last.
    told: Told,
    /// Until when the next news must come; nothing before the peer has answered the REFER.
    until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Told {
    Nothing,
    Trying,
    Ringing,
}

/// Where a transfer stands.
pub(super) enum Verdict {
    Pending,
    Done,
    Failed { status: u16, reason: String },
}

impl Transfer {
    /// Sends the REFER.
    pub(super) fn start(call: &mut InCall<'_>, refer_to: &str) -> Self {
        let mut refer = call.dialog.request(Method::Refer);
        let headers = &mut refer.headers;
        headers.push("Contact", call.core.contact());
        headers.push("Refer-To", refer_to);
        headers.push("Referred-By", call.core.identity().to_string());
        headers.push("Supported", SUPPORTED);
        call.send(Service::Refer, refer);
        Self { told: Told::Nothing, until: None }
    }

    /// Whether the peer has said that it does what we ask for.
    pub(super) fn is_accepted(&self) -> bool {
        self.until.is_some()
    }

    pub(super) fn handle_response(
        &mut self,
        call: &mut InCall<'_>,
        response: &Response,
    ) -> Verdict {
        match response.status {
            100..=199 => Verdict::Pending,
            // RFC 4488 §4: nothing will be told of it.
            200..=299 if is_false(response.headers.get("Refer-Sub")) => Verdict::Done,
            200..=299 => {
                self.note(call, Told::Trying);
                Verdict::Pending
            }
            status => Verdict::Failed { status, reason: display_text(&response.reason) },
        }
    }

    /// News of the peer, which may come before its 202 (RFC 6665 §4.1.2.4).
    pub(super) fn handle_notify(&mut self, call: &mut InCall<'_>, notify: &Request) -> Verdict {
        let heard = parse_sipfrag(&notify.body);
        match heard {
            Some((200..=299, _)) => return Verdict::Done,
            Some((status @ 300.., reason)) => return Verdict::Failed { status, reason },
            Some((101.., _)) => self.note(call, Told::Ringing),
            _ => self.note(call, Told::Trying),
        }
        let state = notify.headers.get("Subscription-State").unwrap_or_default();
        match Params::split(state) {
            Ok((state, params)) if state.eq_ignore_ascii_case("terminated") => {
                match params.get("reason") {
                    None | Some("noresource") => Verdict::Done,
                    Some("rejected") => Verdict::Failed { status: 603, reason: String::new() },
                    Some(_) => Verdict::Failed { status: 408, reason: String::new() },
                }
            }
            _ => Verdict::Pending,
        }
    }

    pub(super) fn handle_timeout(&self) -> Verdict {
        match self.told {
            Told::Ringing => Verdict::Failed { status: 408, reason: String::new() },
            Told::Nothing | Told::Trying => Verdict::Done,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.until
    }

    /// Tells the telephone each thing once.
    fn note(&mut self, call: &mut InCall<'_>, news: Told) {
        if self.told >= news {
            return;
        }
        self.told = news;
        let (event, limit) = match news {
            Told::Ringing => (TransferEvent::Ringing, RING_LIMIT),
            Told::Nothing | Told::Trying => (TransferEvent::Trying, NEWS_LIMIT),
        };
        self.until = Some(call.now + limit);
        call.tell(CallEvent::Transfer(event));
    }
}

/// Whether a Refer-Sub header says that there is no subscription (RFC 4488 §4).
pub(super) fn is_false(refer_sub: Option<&str>) -> bool {
    let value = refer_sub.and_then(|value| value.split(';').next());
    value.is_some_and(|value| value.trim().eq_ignore_ascii_case("false"))
}
