//! What the answer to a SUBSCRIBE does to its subscription (RFC 6665 §4.1.2, RFC 5057).

use super::{State, Subscription};
use crate::sip::dialog::Dialog;
use crate::sip::registration::{LONGEST, seconds};
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::ua::core::Core;
use crate::sip::ua::event::SubscriptionEnd;
use crate::sip::wire::{Request, Response, display_text};
use crate::time::Instant;

impl Subscription {
    pub(in crate::sip::ua) fn handle_response(
        &mut self,
        now: Instant,
        core: &mut Core,
        request: &Request,
        response: &Response,
    ) {
        let status = response.status;
        if status < 200 {
            return;
        }
        if let State::Leaving { until, said: false } = self.state {
            self.join(response);
            let said = status < 300 && self.say_goodbye(now, core);
            self.state = if said { State::Leaving { until, said } } else { State::Over };
            return;
        }
        if self.state != State::Asking {
            return;
        }
        let refresh = request.to().is_some_and(|to| to.tag().is_some());
        let retry_after = seconds(response, "Retry-After");
        match status {
            200..=299 => self.handle_accepted(now, core, response, refresh),
            423 => match seconds(response, "Min-Expires") {
                Some(least) if !self.lengthened && (self.expires..=LONGEST).contains(&least) => {
                    self.expires = least;
                    self.lengthened = true;
                    self.ask(now, core);
                }
                _ => self.refuse(core, response),
            },
            481 if refresh => self.renew(now, core),
            // RFC 5057 §5.1: this one ends what there was, the others need not.
            408 => {
                self.drop_dialog();
                self.retry(now, core, retry_after);
            }
            501 | 505 | 513 => self.refuse(core, response),
            430 | 480 | 500..=599 => self.retry(now, core, retry_after),
            _ => self.refuse(core, response),
        }
    }

    /// The server does not accept our credentials.
    pub(in crate::sip::ua) fn handle_unauthorized(&mut self, core: &mut Core) {
        self.end(core, SubscriptionEnd::Unauthorized);
    }

    /// Nothing answered the SUBSCRIBE.
    pub(in crate::sip::ua) fn handle_unanswered(&mut self, now: Instant, core: &mut Core) {
        if self.state == State::Asking {
            self.drop_dialog();
            self.retry(now, core, None);
        }
    }

    /// The dialog that a 2xx to the first SUBSCRIBE makes, until a NOTIFY makes another.
    pub(super) fn join(&mut self, response: &Response) {
        match (&mut self.dialog, &self.asked) {
            (Some(dialog), _) => dialog.learn_route(response),
            (None, Some(asked)) => self.dialog = Dialog::of_client(asked, response).ok(),
            (None, None) => {}
        }
    }

    fn handle_accepted(
        &mut self,
        now: Instant,
        core: &mut Core,
        response: &Response,
        refresh: bool,
    ) {
        let granted = seconds(response, "Expires").unwrap_or(self.expires);
        if granted == 0 {
            self.drop_dialog();
            self.retry(now, core, None);
            return;
        }
        if refresh {
            self.failures = 0;
            if let Some(dialog) = &mut self.dialog {
                dialog.refresh_target(response.contact());
            }
        } else {
            self.join(response);
        }
        let notify_by = (!self.notified).then(|| now + TRANSACTION_TIMEOUT);
        self.state = State::Held { refresh_at: now, notify_by };
        self.extend(now, core, u32::try_from(granted).ok());
    }

    fn refuse(&mut self, core: &mut Core, response: &Response) {
        let reason = display_text(&response.reason);
        self.end(core, SubscriptionEnd::Refused { status: response.status, reason });
    }
}
