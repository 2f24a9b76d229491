//! Calls that could not be served: refused for what they carry, before anybody heard them ring.
//!
//! Some servers ask once more in another way, with the media changed for example, so that nothing is
//! told until it is clear that they do not.

use super::UserAgent;
use super::caller::caller;
use super::event::{Caller, Event, Output};
use crate::sip::timer::earliest;
use crate::sip::wire::{Method, Request};
use crate::time::Instant;
use std::time::Duration;

/// So long a server has to ask once more.
const SECOND_ATTEMPT: Duration = Duration::from_secs(3);
/// More of them at a time are no calls of people.
const MOST: usize = 16;

struct Call {
    /// The Call-ID and the tag of the caller, which a second attempt has too.
    key: (String, String),
    caller: Box<Caller>,
    status: u16,
    due: Instant,
}

/// Those of the last seconds.
#[derive(Default)]
pub(super) struct Unserved(Vec<Call>);

impl Unserved {
    /// The caller asks once more: this attempt counts.
    pub(super) fn asks_again(&mut self, invite: &Request) {
        let key = key(invite);
        self.0.retain(|call| call.key != key);
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.0.iter().map(|call| Some(call.due)).fold(None, earliest)
    }
}

impl UserAgent {
    /// Notes that `request` was refused with `status`, if it was somebody's call.
    pub(super) fn note_unserved(&mut self, now: Instant, request: &Request, status: u16) {
        let is_call = request.method == Method::Invite
            && request.to().is_some_and(|to| to.tag().is_none())
            && !self.is_leaving();
        // 420, 421 and 422 say how to ask in a way that is served.
        let is_final = !matches!(status, 420..=422);
        if is_call
            && is_final
            && self.unserved.0.len() < MOST
            && let Some(caller) = caller(&self.core.config.policy, request)
        {
            let (caller, due) = (Box::new(caller), now + SECOND_ATTEMPT);
            self.unserved.asks_again(request);
            self.unserved.0.push(Call { key: key(request), caller, status, due });
        }
    }

    pub(super) fn handle_unserved_timeout(&mut self, now: Instant) {
        for call in self.unserved.0.extract_if(.., |call| call.due <= now) {
            self.core.output(Output::Event(Event::Unserved(call.caller, call.status)));
        }
    }
}

fn key(invite: &Request) -> (String, String) {
    let from = invite.from();
    let tag = from.as_ref().and_then(|from| from.tag()).unwrap_or_default();
    (invite.call_id().to_owned(), tag.to_owned())
}
