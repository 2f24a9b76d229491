//! ICE candidates that are found after the description that they belong to: as INFO, in both
//! directions, where both ends take them (RFC 8838, RFC 8840). To any other peer nothing is said.

use super::core::TRICKLE_ICE;
use super::event::MediaRequest;
use super::in_call::InCall;
use super::owner::Service;
use crate::media::sdp::fragment::Candidates;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Headers, Method, Request};

const BODY: &str = "application/trickle-ice-sdpfrag";

/// How many candidates of the peer are remembered.
const LIMIT: usize = 256;

/// The candidates of a call that are not in its descriptions.
#[derive(Default)]
pub(super) struct Trickle {
    /// Whether the peer takes them.
    peer: bool,
    /// Ours.
    found: Candidates,
    /// What of them the peer was told: how many, and that there will be no others.
    told: (usize, bool),
    /// An INFO has no answer yet.
    pending: bool,
    /// Those of the peer that the browser has been given.
    given: Candidates,
}

impl Trickle {
    /// What the peer says of itself. Headers that say nothing of it change nothing.
    pub(super) fn note_peer(&mut self, headers: &Headers) {
        if headers.has("Recv-Info") {
            self.peer = headers.has_token("Recv-Info", TRICKLE_ICE)
                && headers.has_token("Supported", TRICKLE_ICE);
        }
    }

    /// The browser has found more of ours.
    pub(super) fn find(&mut self, more: Candidates) {
        if !more.ufrag.is_empty() && more.ufrag != self.found.ufrag {
            self.told = (0, false);
            self.found = more;
            return;
        }
        self.found.list.extend(more.list);
        self.found.complete |= more.complete;
    }

    /// Tells the peer what is new, one INFO at a time.
    pub(super) fn advance(&mut self, call: &mut InCall<'_>) {
        let (told, told_end) = self.told;
        let is_news = self.found.list.len() > told;
        // Where the description had them all, nobody waits for the end.
        let is_end = self.found.complete && !told_end && told > 0;
        let may = self.peer && !self.pending && call.confirmed && is_trickled(call.remote_sdp);
        if !may || !(is_news || is_end) {
            return;
        }
        let Some(body) = self.found.write(call.local_sdp) else { return };
        let mut info = call.dialog.request(Method::Info);
        info.headers.push("Info-Package", TRICKLE_ICE);
        info.headers.push("Content-Disposition", "Info-Package");
        info.headers.push("Content-Type", BODY);
        info.body = body.into();
        call.send(Service::Candidates, info);
        self.pending = true;
        self.told = (self.found.list.len(), self.found.complete);
    }

    /// The answer to such an INFO. A peer that does not take it is told no more: the call may do
    /// without.
    pub(super) fn handle_response(&mut self, call: &mut InCall<'_>, status: u16) {
        if status >= 200 {
            self.pending = false;
            self.peer &= status < 300;
            self.advance(call);
        }
    }

    /// Gives the browser what is new in an INFO of the peer.
    pub(super) fn receive(&mut self, call: &mut InCall<'_>, server: ServerId, info: &Request) {
        if !is_of_type(info) {
            let mut response = call.core.response(info, 415);
            response.headers.push("Accept", BODY);
            call.core.transactions.respond(call.now, server, &response);
            return;
        }
        call.reject(server, info, 200);
        let mut new = Candidates::parse(&String::from_utf8_lossy(&info.body));
        if new.ufrag != self.given.ufrag {
            self.given = Candidates { ufrag: new.ufrag.clone(), ..Candidates::default() };
        }
        let room = LIMIT.saturating_sub(self.given.list.len());
        new.list.retain(|one| {
            !self.given.list.contains(one) && !call.remote_sdp.contains(one.line.as_str())
        });
        new.list.truncate(room);
        self.given.list.extend_from_slice(&new.list);
        let is_end = new.complete && !std::mem::replace(&mut self.given.complete, new.complete);
        if is_end || !new.list.is_empty() {
            call.core.ask_media(MediaRequest::AddCandidates(call.id, new));
        }
    }
}

/// Whether an INFO is one of these.
pub(super) fn is_of_package(info: &Request) -> bool {
    info.headers.get("Info-Package").is_some_and(|package| {
        package.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(TRICKLE_ICE)
    })
}

fn is_of_type(info: &Request) -> bool {
    let kind = info.headers.get("Content-Type").and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(BODY))
}

/// Whether the peer's browser takes candidates one by one (RFC 8840 §4.1.1).
fn is_trickled(sdp: &str) -> bool {
    let options = sdp.lines().filter_map(|line| line.strip_prefix("a=ice-options:"));
    options.flat_map(str::split_whitespace).any(|option| option == "trickle")
}
