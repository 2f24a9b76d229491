//! One subscription (RFC 6665 §4.1): asked for, kept, asked for again when it is lost, and ended.
//!
//! It lives as long as the telephone wants it, through any number of dialogs. What its NOTIFYs say
//! is the business of `notify`, how its SUBSCRIBEs are answered that of `answer`, and how many
//! subscriptions there are that of `list`.

mod answer;
pub(super) mod list;
mod notify;

use super::core::Core;
use super::event::{Event, Output, SubscriptionEnd, SubscriptionEvent};
use super::input::{Package, SubscriptionId};
use super::owner::Owner;
use crate::sip::dialog::Dialog;
use crate::sip::dialog_info::DialogList;
use crate::sip::registration::{LONGEST, refresh_delay};
use crate::sip::timer::{TRANSACTION_TIMEOUT, earliest};
use crate::sip::wire::{Method, Request, Uri};
use crate::time::Instant;
use std::time::Duration;

/// The seconds that a subscription is asked for.
const EXPIRES: u64 = 3600;
/// The first delay after a failure; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_secs(10);
/// No delay of our own choice grows beyond this.
const LONGEST_DELAY: Duration = Duration::from_secs(1800);

/// A subscription that the telephone wants, or that is being ended.
pub(super) struct Subscription {
    serial: u32,
    id: SubscriptionId,
    target: Uri,
    package: Package,
    state: State,
    /// The SUBSCRIBE that began the present dialog, or is to begin it.
    asked: Option<Box<Request>>,
    dialog: Option<Dialog>,
    /// A NOTIFY has come in the dialog: it stands (RFC 6665 §4.4.1).
    notified: bool,
    ends_at: Option<Instant>,
    /// Seconds to ask for.
    expires: u64,
    /// The server found them too few once.
    lengthened: bool,
    /// Failures and endings in a row, which make the delays grow.
    failures: u32,
    /// The telephone knows that it is active.
    active: bool,
    dialogs: DialogList,
    /// So often in a row it had to be asked for a notification that went missing.
    missed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no line.
    Idle,
    /// A SUBSCRIBE goes out at this moment.
    Due(Instant),
    /// A SUBSCRIBE waits for its answer.
    Asking,
    /// The server accepted it.
    Held {
        refresh_at: Instant,
        /// Timer N (RFC 6665 §4.1.2.4): a NOTIFY must come before.
        notify_by: Option<Instant>,
    },
    /// Nobody wants it any more; its last messages still come.
    Leaving {
        until: Instant,
        /// The server was told.
        said: bool,
    },
    /// To be forgotten.
    Over,
}

impl Subscription {
    fn new(serial: u32, id: SubscriptionId, target: Uri, package: Package) -> Self {
        Self {
            serial,
            id,
            target,
            package,
            state: State::Idle,
            asked: None,
            dialog: None,
            notified: false,
            ends_at: None,
            expires: EXPIRES,
            lengthened: false,
            failures: 0,
            active: false,
            dialogs: DialogList::default(),
            missed: 0,
        }
    }

    fn owner(&self) -> Owner {
        Owner::Subscription(self.serial)
    }

    /// Whether this is the subscription that the telephone means by `id`.
    fn is_wanted_as(&self, id: SubscriptionId) -> bool {
        self.id == id && !matches!(self.state, State::Leaving { .. } | State::Over)
    }

    /// Whether the server has told something and goes on doing so.
    fn tells(&self) -> bool {
        self.notified && !matches!(self.state, State::Leaving { .. } | State::Over)
    }

    fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether a NOTIFY of `package` belongs here.
    fn is_named_by(&self, notify: &Request, package: Package) -> bool {
        let Some(asked) = &self.asked else {
            return false;
        };
        let tags = (asked.from(), notify.to());
        let (Some(ours), Some(theirs)) = tags else {
            return false;
        };
        package == self.package
            && notify.call_id() == asked.call_id()
            && theirs.tag().is_some()
            && theirs.tag() == ours.tag()
    }

    /// There is a line: asks, when its turn comes.
    fn resume(&mut self, now: Instant, core: &mut Core) {
        if self.state == State::Idle {
            self.start(now, core);
        }
    }

    /// The line is gone, and with it whatever was agreed.
    fn suspend(&mut self, core: &mut Core) {
        core.transactions.forget(self.owner());
        let wanted = !matches!(self.state, State::Leaving { .. } | State::Over);
        self.state = if wanted { State::Idle } else { State::Over };
        self.drop_dialog();
        self.failures = 0;
        self.lengthened = false;
    }

    /// The line is about to be given up: takes the subscription away until there is one again.
    fn part(&mut self, now: Instant, core: &mut Core) {
        core.transactions.forget(self.owner());
        if !matches!(self.state, State::Leaving { .. } | State::Over) {
            self.say_goodbye(now, core);
            self.state = State::Idle;
        }
    }

    /// The telephone does not want it any more.
    fn leave(&mut self, now: Instant, core: &mut Core) {
        let until = now + TRANSACTION_TIMEOUT;
        self.state = if self.say_goodbye(now, core) {
            core.transactions.forget(self.owner());
            State::Leaving { until, said: true }
        } else if self.state == State::Asking {
            State::Leaving { until, said: false }
        } else {
            State::Over
        };
    }

    /// The SUBSCRIBE was challenged and went out once more.
    pub(super) fn handle_retry(&mut self, request: Request) {
        match &mut self.dialog {
            Some(dialog) => dialog.sent(&request),
            None => self.asked = Some(Box::new(request)),
        }
    }

    fn handle_timeout(&mut self, now: Instant, core: &mut Core) {
        match self.state {
            State::Due(at) if at <= now => self.ask(now, core),
            State::Held { notify_by: Some(by), .. } if by <= now => {
                self.drop_dialog();
                self.retry(now, core, None);
            }
            State::Held { refresh_at, .. } if refresh_at <= now => self.ask(now, core),
            State::Leaving { until, .. } if until <= now => self.state = State::Over,
            _ => {}
        }
    }

    fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Due(at) | State::Leaving { until: at, .. } => Some(at),
            State::Held { refresh_at, notify_by } => earliest(Some(refresh_at), notify_by),
            State::Idle | State::Asking | State::Over => None,
        }
    }

    /// Begins anew, when its turn comes.
    fn start(&mut self, now: Instant, core: &mut Core) {
        self.drop_dialog();
        let at = core.subscribe_turn(now);
        self.state = State::Due(at);
        if at <= now {
            self.ask(now, core);
        }
    }

    /// Sends the SUBSCRIBE: the refresh of what holds, or the first one.
    fn ask(&mut self, now: Instant, core: &mut Core) {
        core.transactions.forget(self.owner());
        let held = self.ends_at.is_some_and(|end| end > now);
        if !held {
            self.drop_dialog();
        }
        self.state = State::Asking;
        let owner = self.owner();
        if let Some(dialog) = &mut self.dialog {
            let request = dialog.request(Method::Subscribe);
            let request = filled(core, request, self.package, self.expires);
            core.send_plain(now, owner, dialog.askers(), request);
        } else {
            let request = core.request(Method::Subscribe, self.target.clone());
            let request = filled(core, request, self.package, self.expires);
            self.asked = Some(Box::new(core.send(now, owner, request)));
        }
    }

    /// Ends the dialog, if there is one. Returns whether there was.
    fn say_goodbye(&mut self, now: Instant, core: &mut Core) -> bool {
        let held = self.ends_at.is_none_or(|end| end > now);
        let Some(dialog) = self.dialog.as_mut().filter(|_| held) else {
            return false;
        };
        let request = dialog.request(Method::Subscribe);
        let request = filled(core, request, self.package, 0);
        core.send_plain(now, Owner::Parting, dialog.askers(), request);
        true
    }

    /// The subscription holds for so many seconds more; the refresh comes well before.
    fn extend(&mut self, now: Instant, core: &mut Core, left: Option<u32>) {
        let Some(left) = left else {
            self.ends_at = self.ends_at.or(Some(now + Duration::from_secs(self.expires)));
            return;
        };
        self.ends_at = Some(now + Duration::from_secs(left.into()));
        if let State::Held { refresh_at, .. } = &mut self.state {
            *refresh_at = now + refresh_delay(left.into(), core);
        }
    }

    /// It was lost through nobody's fault: asks anew at once, but not again and again.
    fn renew(&mut self, now: Instant, core: &mut Core) {
        if self.failures > 0 {
            self.drop_dialog();
            self.retry(now, core, None);
        } else {
            self.failures = 1;
            core.transactions.forget(self.owner());
            self.start(now, core);
        }
    }

    /// Asks again after the time that the server wants, or one that grows with each failure. A
    /// random part spreads the telephones that failed together.
    fn retry(&mut self, now: Instant, core: &mut Core, least: Option<u64>) {
        core.transactions.forget(self.owner());
        let (least, spread) = match least {
            Some(least) => {
                let least = Duration::from_secs(least.min(LONGEST));
                (least, least / 10 + Duration::from_secs(1))
            }
            None => {
                let whole = FIRST_DELAY.saturating_mul(1 << self.failures.min(8));
                (whole.min(LONGEST_DELAY) / 2, whole.min(LONGEST_DELAY) / 2)
            }
        };
        self.failures = self.failures.saturating_add(1);
        let spread = u32::try_from(spread.as_millis()).unwrap_or(u32::MAX);
        let delay = least + Duration::from_millis(core.entropy.below(spread).into());
        self.state = State::Due(now + delay);
    }

    /// There is nothing to be had, whatever we ask.
    fn end(&mut self, core: &mut Core, reason: SubscriptionEnd) {
        core.transactions.forget(self.owner());
        let wanted = !matches!(self.state, State::Leaving { .. } | State::Over);
        self.state = State::Over;
        if wanted {
            self.tell(core, SubscriptionEvent::Ended(reason));
        }
    }

    fn drop_dialog(&mut self) {
        self.asked = None;
        self.dialog = None;
        self.notified = false;
        self.ends_at = None;
        self.active = false;
        self.dialogs = DialogList::default();
    }

    fn tell(&self, core: &mut Core, event: SubscriptionEvent) {
        core.output(Output::Event(Event::Subscription(self.id, event)));
    }
}

/// A SUBSCRIBE with what each has.
fn filled(core: &Core, mut request: Request, package: Package, expires: u64) -> Request {
    let headers = &mut request.headers;
    headers.push("Contact", core.contact());
    headers.push("Event", package.name());
    headers.push("Accept", package.accept());
    headers.push("Expires", expires.to_string());
    request
}
