//! Calls that depend on each other: one that was placed because the peer of another asked for it,
//! and one that takes the place of another (RFC 3891). What follows from an event of the one for
//! the other is kept here until the user agent carries it out.

use super::UserAgent;
use super::call::Call;
use super::config::{Policy, ReplacesPolicy};
use super::core::Errand;
use super::event::{CallEvent, EndReason, Event, Output};
use super::input::CallId;
use super::outgoing::Outgoing;
use super::services::Task;
use crate::sip::dialog::DialogId;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Identity, Replaces, Request, Uri};
use crate::time::Instant;
use std::collections::VecDeque;

/// Something to be done for another call.
pub(super) enum Due {
    /// Tell the peer of `by` how that call goes.
    Progress { by: CallId, status: u16 },
    /// End `old`, as `by` has taken its place.
    Replaced { old: CallId, by: CallId },
    /// Turn `call` away: it was to replace another only while that one was not answered.
    TooLate { call: CallId },
}

/// Which call depends on which.
#[derive(Default)]
pub(super) struct Relations {
    list: Vec<Relation>,
    due: VecDeque<Due>,
}

enum Relation {
    Referred { call: CallId, by: CallId },
    Replaces { call: CallId, old: CallId, early_only: bool, at_once: bool },
}

impl Relation {
    fn call(&self) -> CallId {
        match self {
            Self::Referred { call, .. } | Self::Replaces { call, .. } => *call,
        }
    }
}

impl Relations {
    /// Whether a call is about to take the place of this one.
    fn is_being_replaced(&self, call: CallId) -> bool {
        let mut all = self.list.iter();
        all.any(|relation| matches!(relation, Relation::Replaces { old, .. } if *old == call))
    }

    /// The call that ends when `call` is answered, and whether that happens at once.
    pub(super) fn replaced_by(&self, call: CallId) -> (Option<CallId>, bool) {
        let found = self.list.iter().find_map(|relation| match relation {
            Relation::Replaces { call: own, old, at_once, .. } if *own == call => {
                Some((Some(*old), *at_once))
            }
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// Notes what an event of `call` means for others.
    pub(super) fn note(&mut self, call: CallId, event: &CallEvent) {
        if *event == CallEvent::Answered {
            self.due.extend(self.list.iter().filter_map(|relation| match relation {
                Relation::Replaces { call: by, old, early_only: true, .. } if *old == call => {
                    Some(Due::TooLate { call: *by })
                }
                _ => None,
            }));
        }
        let Some(relation) = self.list.iter().find(|relation| relation.call() == call) else {
            return;
        };
        let status = match event {
            CallEvent::Ringing => 180,
            CallEvent::EarlyMedia => 183,
            CallEvent::Answered => 200,
            CallEvent::Ended(reason) => status_of(reason),
            _ => return,
        };
        match relation {
            Relation::Referred { by, .. } => {
                self.due.push_back(Due::Progress { by: *by, status });
            }
            Relation::Replaces { old, .. } if status == 200 => {
                self.due.push_back(Due::Replaced { old: *old, by: call });
            }
            Relation::Replaces { .. } => {}
        }
        if status >= 200 {
            self.list.retain(|relation| relation.call() != call);
        }
    }
}

/// The status that tells a peer why the call for it did not come about.
fn status_of(reason: &EndReason) -> u16 {
    match reason {
        EndReason::Rejected { status, .. } => *status,
        EndReason::Redirected(_) => 302,
        EndReason::HungUpHere => 487,
        EndReason::NoMedia(_) => 488,
        EndReason::Unauthorized => 403,
        EndReason::TooManyCalls => 486,
        EndReason::NoLine => 503,
        _ => 500,
    }
}

impl UserAgent {
    /// Carries out what calls want of each other.
    pub(super) fn settle_relations(&mut self, now: Instant) {
        while let Some(due) = self.next_due(now) {
            match due {
                Due::Progress { by, status } => self.do_service(now, by, Task::Progress(status)),
                Due::TooLate { call } => {
                    self.with_call(
                        |ringing| ringing.id() == call,
                        |core, ringing| match ringing {
                            Call::Incoming(call) => call.too_late(now, core).map(Call::Incoming),
                            other => Some(other),
                        },
                    );
                }
                Due::Replaced { old, by } => {
                    self.with_call(
                        |call| call.id() == old,
                        |core, call| call.replaced(now, core, by),
                    );
                }
            }
        }
    }

    /// Places the calls that have been consented to, takes note of what calls have told, and says what
    /// follows from that.
    fn next_due(&mut self, now: Instant) -> Option<Due> {
        for errand in std::mem::take(&mut self.core.errands) {
            self.place_for(now, errand);
        }
        while let Some(output) = self.core.poll_output() {
            if let Output::Event(Event::Call(call, event)) = &output {
                self.relations.note(*call, event);
            }
            self.outputs.push_back(output);
        }
        self.relations.due.pop_front()
    }

    /// Places a call beside the one whose peer asked for it, whatever the limit of calls: that one
    /// is about to end.
    fn place_for(&mut self, now: Instant, errand: Errand) {
        let Errand { by, id, target, headers } = errand;
        if !self.registration.is_registered() {
            self.relations.due.push_back(Due::Progress { by, status: 503 });
            return;
        }
        self.relations.list.push(Relation::Referred { call: id, by });
        let call = Outgoing::start_for(now, &mut self.core, id, target, headers);
        self.calls.push(call.into());
    }

    /// An INVITE that is to take the place of a call (RFC 3891 §3).
    pub(super) fn handle_replacing(
        &mut self,
        now: Instant,
        server: ServerId,
        invite: Request,
        replaces: &Replaces,
    ) {
        let dialog = DialogId {
            call_id: replaces.call_id.clone(),
            local_tag: replaces.to_tag.clone(),
            remote_tag: replaces.from_tag.clone(),
        };
        let found = self.calls.iter().find(|call| call.has_dialog(&dialog));
        let status = match found {
            // An early dialog that the peer began is not to be taken over.
            None | Some(Call::Incoming(_)) => 481,
            Some(call) if !call.is_live() => 603,
            Some(Call::Session(_)) if replaces.early_only => 486,
            Some(call) => {
                let peer = call.remote_uri(&dialog);
                let at_once = may_replace(&self.core.config.policy, &invite, peer.as_ref());
                let old = call.id();
                if let Err(status) = self.has_room_to_replace(old, at_once) {
                    self.turn_away(now, server, &invite, status);
                    return;
                }
                let relation = Relation::Replaces {
                    call: self.new_call_id(),
                    old,
                    early_only: replaces.early_only,
                    at_once,
                };
                self.replace(now, server, invite, relation);
                return;
            }
        };
        self.core.reject(now, server, &invite, status);
    }

    /// Whether another call may take the place of `old` now: one at a time, and one more than the
    /// limit. Nobody but the peer itself disturbs who does not want to be.
    ///
    /// # Errors
    /// The status that says why not.
    fn has_room_to_replace(&self, old: CallId, is_peer: bool) -> Result<(), u16> {
        if self.do_not_disturb && !is_peer {
            return Err(self.core.config.policy.do_not_disturb_status);
        }
        let is_full = self.live_calls() > self.core.config.max_calls;
        if is_full || self.relations.is_being_replaced(old) {
            return Err(486);
        }
        Ok(())
    }

    fn replace(&mut self, now: Instant, server: ServerId, invite: Request, relation: Relation) {
        let call = relation.call();
        let at_once = matches!(relation, Relation::Replaces { at_once: true, .. });
        self.relations.list.push(relation);
        self.ring(now, call, server, invite);
        if self.calls.iter().all(|ringing| ringing.id() != call) {
            self.relations.list.retain(|relation| relation.call() != call);
        } else if at_once {
            self.answer(call);
        }
    }
}

/// Whether the sender of `invite` may take the place of `peer` without the user's consent.
fn may_replace(policy: &Policy, invite: &Request, peer: Option<&Uri>) -> bool {
    if policy.replaces == ReplacesPolicy::Allow {
        return true;
    }
    let mut identities = Vec::new();
    if policy.trust_asserted_identity {
        identities = Identity::asserted(&invite.headers);
    }
    if identities.is_empty() {
        identities.extend(invite.from().map(Identity::of));
    }
    peer.is_some_and(|peer| identities.iter().any(|identity| identity.uri.equivalent(peer)))
}
