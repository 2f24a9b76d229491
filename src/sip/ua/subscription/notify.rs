//! What a NOTIFY does to its subscription (RFC 6665 §4.1.2.4, §4.1.3).

use super::{State, Subscription};
use crate::sip::dialog::Dialog;
use crate::sip::dialog_info::Change;
use crate::sip::presence::PresenceStatus;
use crate::sip::transaction::ServerId;
use crate::sip::ua::core::Core;
use crate::sip::ua::event::{SubscriptionEnd, SubscriptionEvent};
use crate::sip::ua::input::Package;
use crate::sip::wire::{MessageSummary, Request, Response, SubscriptionState, Termination};
use crate::time::Instant;
use std::time::Duration;

/// How soon a notification that went missing is asked for anew.
const MISSED_DELAY: Duration = Duration::from_secs(5);
/// So often this is doubled, while each answer lacks something again.
const MISSED_DOUBLINGS: u32 = 9;

impl Subscription {
    /// A NOTIFY that [`Self::is_named_by`] found to belong here.
    pub(super) fn handle_notify(
        &mut self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: &Request,
    ) {
        if let Err(status) = self.accept_notify(request) {
            core.reject(now, server, request, status);
            return;
        }
        let state = request.headers.get("Subscription-State").map(SubscriptionState::parse);
        let Some(Ok(state)) = state else {
            core.reject(now, server, request, 400);
            return;
        };
        let over = matches!(state, SubscriptionState::Terminated { .. });
        if !over && let Some(response) = unreadable(core, self.package, request) {
            core.transactions.respond(now, server, &response);
            return;
        }
        core.reject(now, server, request, 200);
        self.notified = true;
        if let State::Leaving { until, said } = self.state {
            let said = said || self.say_goodbye(now, core);
            self.state = if over { State::Over } else { State::Leaving { until, said } };
            return;
        }
        if self.state == State::Idle {
            return;
        }
        match state {
            SubscriptionState::Active(left) => {
                self.extend(now, core, left);
                if !self.active {
                    self.active = true;
                    self.tell(core, SubscriptionEvent::Active);
                }
                self.read(now, core, &request.body);
            }
            SubscriptionState::Pending(left) => {
                self.extend(now, core, left);
                self.read(now, core, &request.body);
            }
            SubscriptionState::Terminated { reason, retry_after } => {
                self.read(now, core, &request.body);
                self.handle_terminated(now, core, reason, retry_after.map(u64::from));
            }
        }
    }

    /// Takes note of a NOTIFY, or says why it may not be served.
    fn accept_notify(&mut self, request: &Request) -> Result<(), u16> {
        let from = request.from().ok_or(400u16)?;
        let tag = from.tag().unwrap_or_default();
        let same = self.dialog.as_ref().is_some_and(|dialog| dialog.id().remote_tag == tag);
        if !same {
            // What another fork would tell is not wanted (RFC 6665 §4.1.2.4).
            let asked = self.asked.as_ref().filter(|_| !self.notified).ok_or(481u16)?;
            self.dialog = Some(Dialog::of_notify(asked, request).map_err(|_| 400u16)?);
        }
        let dialog = self.dialog.as_mut().ok_or(481u16)?;
        dialog.accept(request).map_err(|_| 500u16)?;
        dialog.refresh_target(request.contact());
        if let State::Held { notify_by, .. } = &mut self.state {
            *notify_by = None;
        }
        Ok(())
    }

    /// Hands a body to its reader. One that cannot be read changes nothing.
    fn read(&mut self, now: Instant, core: &mut Core, body: &[u8]) {
        if body.is_empty() {
            return;
        }
        let event = match self.package {
            Package::MessageSummary => {
                MessageSummary::parse(body).map(SubscriptionEvent::MessagesWaiting)
            }
            Package::Presence => PresenceStatus::parse(body).map(SubscriptionEvent::Presence),
            Package::Dialog => match self.dialogs.update(body) {
                Change::Now(dialogs) => {
                    self.missed = 0;
                    Some(SubscriptionEvent::Dialogs(dialogs))
                }
                Change::None => None,
                Change::Missed => {
                    // A refresh brings all there is to know, or should.
                    if let State::Held { refresh_at, .. } = &mut self.state {
                        let delay = MISSED_DELAY * (1 << self.missed.min(MISSED_DOUBLINGS));
                        *refresh_at = (*refresh_at).min(now + delay);
                        self.missed += 1;
                    }
                    None
                }
            },
        };
        if let Some(event) = event {
            self.tell(core, event);
        }
    }

    fn handle_terminated(
        &mut self,
        now: Instant,
        core: &mut Core,
        reason: Termination,
        retry_after: Option<u64>,
    ) {
        self.drop_dialog();
        match reason {
            Termination::Rejected => self.end(core, SubscriptionEnd::Rejected),
            Termination::NoResource => self.end(core, SubscriptionEnd::NoResource),
            Termination::Invariant => self.end(core, SubscriptionEnd::Invariant),
            Termination::Deactivated | Termination::Timeout => self.renew(now, core),
            Termination::Probation | Termination::GiveUp | Termination::Other => {
                self.retry(now, core, retry_after);
            }
        }
    }
}

/// The answer to a NOTIFY whose body is not of the package's kind.
pub(super) fn unreadable(core: &mut Core, package: Package, notify: &Request) -> Option<Response> {
    let kind = notify.headers.get("Content-Type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if notify.body.is_empty() || kind.eq_ignore_ascii_case(package.accept()) {
        return None;
    }
    let mut response = core.response(notify, 415);
    response.headers.push("Accept", package.accept());
    Some(response)
}
