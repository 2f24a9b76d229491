//! What makes two messages belong to one transaction (RFC 3261 §17.1.3 and §17.2.3).

use crate::entropy::Entropy;
use crate::sip::wire::{Method, Request, Response};

/// Marks a branch that is unique over space and time (RFC 3261 §8.1.1.7).
const MAGIC_COOKIE: &str = "z9hG4bK";

/// A branch that nobody can guess.
pub(in crate::sip) fn new_branch(entropy: &mut dyn Entropy) -> String {
    let mut branch = String::from(MAGIC_COOKIE);
    branch.push_str(&entropy.hex::<12>());
    branch
}

/// The client transaction that a response belongs to: our branch and the method.
pub(super) fn client_key(response: &Response) -> Option<(String, Method)> {
    let branch = response.via()?.branch()?.to_owned();
    Some((branch, response.cseq()?.method))
}

/// The server transaction that a request belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerKey {
    identity: String,
    method: Method,
}

impl ServerKey {
    pub(super) fn of(request: &Request) -> Option<Self> {
        let via = request.via()?;
        let branch = via.branch().unwrap_or_default();
        let mut identity = via.host.to_string().to_ascii_lowercase();
        if let Some(port) = via.port {
            identity.push(':');
            identity.push_str(&port.to_string());
        }
        identity.push(' ');
        if branch.len() > MAGIC_COOKIE.len() && branch.starts_with(MAGIC_COOKIE) {
            identity.push_str(branch);
        } else {
            // A peer of RFC 2543: what it repeats in a retransmission, an ACK or a CANCEL.
            let seq = request.cseq().map_or(0, |cseq| cseq.seq);
            identity.push_str(request.call_id());
            identity.push(' ');
            identity.push_str(&seq.to_string());
            identity.push(' ');
            identity.push_str(&from_tag(request));
        }
        Some(Self { identity, method: request.method.clone() })
    }

    /// Whether `other`, the key of an ACK or a CANCEL, names this transaction.
    pub(super) fn is_ack_for(&self, other: &Self) -> bool {
        self.method == Method::Invite && self.identity == other.identity
    }
}

/// What a merged request (RFC 3261 §8.2.2.2) shares with its twin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MergeKey {
    from_tag: String,
    call_id: String,
    seq: u32,
    method: Method,
    in_dialog: bool,
}

impl MergeKey {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            from_tag: from_tag(request),
            call_id: request.call_id().to_owned(),
            seq: request.cseq().map_or(0, |cseq| cseq.seq),
            method: request.method.clone(),
            in_dialog: request.to().is_some_and(|to| to.tag().is_some()),
        }
    }

    /// Only a request outside a dialog can come by two paths.
    pub(super) fn can_merge(&self) -> bool {
        !self.in_dialog && !self.from_tag.is_empty()
    }
}

fn from_tag(request: &Request) -> String {
    request.from().and_then(|from| from.tag().map(str::to_owned)).unwrap_or_default()
}
