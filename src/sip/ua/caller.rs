//! Who calls, and with whom a call is connected later: what the peer's side says of it, and how
//! much of that is believed.

use super::config::Policy;
use super::core::session_description;
use super::event::Caller;
use crate::media::sdp::video;
use crate::sip::wire::{
    Headers, Identity, Request, Verstat, answer_after, diversions, extensions, is_anonymous,
};

/// The caller that `invite` names; `None` without a From that can be read.
pub(super) fn caller(policy: &Policy, invite: &Request) -> Option<Caller> {
    let claimed = Identity::of(invite.from()?);
    let headers = &invite.headers;
    let mut caller = Caller::new(claimed.name, claimed.uri);
    caller.anonymous = is_anonymous(headers);
    if policy.trust_asserted_identity && !caller.anonymous {
        caller.asserted = Identity::asserted(headers);
        caller.verstat = verstat(policy, &caller.asserted);
    }
    caller.remote_party = Identity::remote_party(headers, false).filter(|_| !caller.anonymous);
    caller.diverted_by = diversions(headers);
    caller.auto_answer = answer_after(headers);
    let offer = session_description(headers, &invite.body);
    caller.video = offer.is_some_and(|offer| video::is_offered(&offer));
    caller.headers = extensions(headers);
    Some(caller)
}

/// With whom the call is connected now, as the peer's side says in a later message of the call
/// (RFC 3325 §5): a server that has transferred the peer says who has taken its place. `None` where
/// it says nothing.
pub(super) fn connected(policy: &Policy, headers: &Headers) -> Option<Caller> {
    if is_anonymous(headers) {
        return None;
    }
    let asserted =
        if policy.trust_asserted_identity { Identity::asserted(headers) } else { Vec::new() };
    let who = asserted.first().cloned().or_else(|| Identity::remote_party(headers, true))?;
    let mut caller = Caller::new(who.name, who.uri);
    caller.verstat = verstat(policy, &asserted);
    caller.asserted = asserted;
    Some(caller)
}

/// What the provider has found out of the number that it asserts.
fn verstat(policy: &Policy, asserted: &[Identity]) -> Option<Verstat> {
    let said = asserted.iter().find_map(|identity| Verstat::of(&identity.uri));
    said.or_else(|| (policy.vouches && !asserted.is_empty()).then_some(Verstat::Passed))
}
