//! All subscriptions of a user agent, and the NOTIFYs that arrive: which belong to one, and which
//! come unasked.

use super::Subscription;
use super::notify::unreadable;
use crate::sip::timer::earliest;
use crate::sip::transaction::ServerId;
use crate::sip::ua::UserAgent;
use crate::sip::ua::core::Core;
use crate::sip::ua::event::{Event, Output};
use crate::sip::ua::input::{Package, SubscriptionId};
use crate::sip::wire::{EventType, MessageSummary, Request, Uri};
use crate::time::Instant;

/// The packages that we understand, for the Allow-Events header.
const ALLOW_EVENTS: &str = "message-summary, dialog, presence";

/// The subscriptions.
#[derive(Default)]
pub(in crate::sip::ua) struct Subscriptions {
    list: Vec<Subscription>,
    /// How many there have been, which numbers them.
    count: u32,
}

impl Subscriptions {
    /// When the next of them is due.
    pub(in crate::sip::ua) fn poll_timeout(&self) -> Option<Instant> {
        self.list.iter().map(Subscription::poll_timeout).fold(None, earliest)
    }
}

impl UserAgent {
    pub(in crate::sip::ua) fn subscribe(
        &mut self,
        now: Instant,
        id: SubscriptionId,
        target: Uri,
        package: Package,
    ) {
        self.unsubscribe(now, id);
        self.subscriptions.count = self.subscriptions.count.wrapping_add(1);
        let serial = self.subscriptions.count;
        let mut subscription = Subscription::new(serial, id, target, package);
        if self.registration.is_registered() && self.link.is_up() {
            subscription.resume(now, &mut self.core);
        }
        self.subscriptions.list.push(subscription);
    }

    pub(in crate::sip::ua) fn unsubscribe(&mut self, now: Instant, id: SubscriptionId) {
        self.each_subscription(|core, subscription| {
            if subscription.is_wanted_as(id) {
                subscription.leave(now, core);
            }
        });
    }

    /// The line is registered: makes what is not there.
    pub(in crate::sip::ua) fn resume_subscriptions(&mut self, now: Instant) {
        self.each_subscription(|core, subscription| subscription.resume(now, core));
    }

    /// The line is lost or closed.
    pub(in crate::sip::ua) fn suspend_subscriptions(&mut self) {
        self.each_subscription(|core, subscription| subscription.suspend(core));
    }

    /// The line is about to be given up.
    pub(in crate::sip::ua) fn part_subscriptions(&mut self, now: Instant) {
        self.each_subscription(|core, subscription| subscription.part(now, core));
    }

    pub(in crate::sip::ua) fn handle_subscription_timeout(&mut self, now: Instant) {
        self.each_subscription(|core, subscription| subscription.handle_timeout(now, core));
    }

    /// Hands the subscription of this number, if it is still there, to `step`.
    pub(in crate::sip::ua) fn with_subscription(
        &mut self,
        serial: u32,
        step: impl FnOnce(&mut Core, &mut Subscription),
    ) {
        let mut list = self.subscriptions.list.iter_mut();
        if let Some(subscription) = list.find(|subscription| subscription.serial == serial) {
            step(&mut self.core, subscription);
        }
        self.subscriptions.list.retain(|subscription| !subscription.is_over());
    }

    /// A NOTIFY arrived, other than one of a transfer.
    pub(in crate::sip::ua) fn handle_notify(
        &mut self,
        now: Instant,
        server: ServerId,
        notify: &Request,
    ) {
        let event = notify.headers.get("Event").and_then(|event| EventType::parse(event).ok());
        let Some((package, event)) = event.and_then(|event| Some((Package::of(&event)?, event)))
        else {
            let mut response = self.core.response(notify, 489);
            response.headers.push("Allow-Events", ALLOW_EVENTS);
            self.core.transactions.respond(now, server, &response);
            return;
        };
        let mut list = self.subscriptions.list.iter_mut();
        // We give our subscriptions no id (RFC 6665 §8.2.1).
        let named = list
            .find(|subscription| event.id.is_none() && subscription.is_named_by(notify, package));
        if let Some(subscription) = named {
            subscription.handle_notify(now, &mut self.core, server, notify);
            self.subscriptions.list.retain(|subscription| !subscription.is_over());
        } else if package == Package::MessageSummary
            && self.core.config.policy.unsolicited_mwi
            && notify.to().is_some_and(|to| to.tag().is_none())
        {
            self.handle_unsolicited(now, server, notify);
        } else {
            self.core.reject(now, server, notify, 481);
        }
    }

    /// A message summary that nobody subscribed to: Asterisk sends them to each registered
    /// telephone of a mailbox. Anybody else could, so that it counts only while no subscription
    /// tells, and does not say what to dial.
    fn handle_unsolicited(&mut self, now: Instant, server: ServerId, notify: &Request) {
        if let Some(response) = unreadable(&mut self.core, Package::MessageSummary, notify) {
            self.core.transactions.respond(now, server, &response);
            return;
        }
        self.core.reject(now, server, notify, 200);
        let is_told = |one: &Subscription| one.tells() && one.package == Package::MessageSummary;
        if self.subscriptions.list.iter().any(is_told) {
            return;
        }
        if let Some(summary) = MessageSummary::parse(&notify.body) {
            let summary = MessageSummary { account: None, ..summary };
            self.core.output(Output::Event(Event::MessagesWaiting(summary)));
        }
    }

    fn each_subscription(&mut self, mut step: impl FnMut(&mut Core, &mut Subscription)) {
        for subscription in &mut self.subscriptions.list {
            step(&mut self.core, subscription);
        }
        self.subscriptions.list.retain(|subscription| !subscription.is_over());
    }
}

impl Package {
    /// Its name in Event headers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MessageSummary => "message-summary",
            Self::Dialog => "dialog",
            Self::Presence => "presence",
        }
    }

    /// The kind of its bodies.
    pub(super) fn accept(self) -> &'static str {
        match self {
            Self::MessageSummary => "application/simple-message-summary",
            Self::Dialog => "application/dialog-info+xml",
            Self::Presence => "application/pidf+xml",
        }
    }

    fn of(event: &EventType) -> Option<Self> {
        let all = [Self::MessageSummary, Self::Dialog, Self::Presence];
        all.into_iter().find(|package| package.name() == event.package)
    }
}
