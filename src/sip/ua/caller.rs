//! Who calls: what an INVITE says of its sender, and how much of that is believed.

use super::config::Policy;
use super::event::Caller;
use crate::sip::wire::{
    Identity, Request, Verstat, answer_after, diversions, extensions, is_anonymous,
};

/// The caller that `invite` names; `None` without a From that can be read.
pub(super) fn caller(policy: &Policy, invite: &Request) -> Option<Caller> {
    let claimed = Identity::of(invite.from()?);
    let headers = &invite.headers;
    let mut caller = Caller::new(claimed.name, claimed.uri);
    caller.anonymous = is_anonymous(headers);
    if policy.trust_asserted_identity && !caller.anonymous {
        caller.asserted = Identity::asserted(headers);
        caller.verstat = caller.asserted.iter().find_map(|identity| Verstat::of(&identity.uri));
    }
    caller.remote_party = Identity::remote_party(headers).filter(|_| !caller.anonymous);
    caller.diverted_by = diversions(headers);
    caller.auto_answer = answer_after(headers);
    caller.headers = extensions(headers);
    Some(caller)
}
