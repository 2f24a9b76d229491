//! The mailbox: subscribed to once, and what its lamp says.

use super::*;
use crate::phone::voicemail::{Mailbox, SUBSCRIPTION};
use crate::sip::ua::{Package, SubscriptionEnd, SubscriptionEvent, SubscriptionId};
use crate::sip::wire::{MessageCounts, MessageSummary};

const OWN: &str = "sip:1001@example.com";
const NUMBER: &str = "sip:*97@example.com";

fn summary(waiting: bool, new: Option<u32>, account: Option<&str>) -> MessageSummary {
    let voice = new.map(|new| MessageCounts { new, ..MessageCounts::default() });
    MessageSummary { waiting, account: account.map(uri), voice }
}

fn with_mailbox() -> (Phone, Vec<Command>) {
    let mut phone = Phone::default();
    phone.sign_in("example.com".into());
    phone.set_mailbox(Mailbox::new(uri(OWN), Some(uri(NUMBER))));
    let commands = phone.handle_event(Instant::default(), Event::Line(Line::Registered));
    (phone, commands)
}

fn solicited(phone: &mut Phone, event: SubscriptionEvent) {
    let event = Event::Subscription(SUBSCRIPTION, event);
    assert_eq!(phone.handle_event(Instant::default(), event), []);
}

#[test]
fn the_own_mailbox_is_subscribed_to_once() {
    let (mut phone, commands) = with_mailbox();
    let subscribe =
        Command::Subscribe { id: SUBSCRIPTION, target: uri(OWN), package: Package::MessageSummary };
    assert_eq!(commands, [subscribe]);
    let again = phone.handle_event(Instant::default(), Event::Line(Line::Registered));
    assert_eq!(again, [], "the user agent keeps it up");
    assert_eq!(signed_in().mailbox(), &Mailbox::default());
}

#[test]
fn what_waits_is_counted_whether_asked_for_or_not() {
    let (mut phone, _) = with_mailbox();
    assert_eq!(phone.mailbox().waiting(), None);
    solicited(&mut phone, SubscriptionEvent::MessagesWaiting(summary(true, Some(2), None)));
    assert_eq!(phone.mailbox().waiting(), Some(2));
    let unasked = Event::MessagesWaiting(summary(true, None, None));
    phone.handle_event(Instant::default(), unasked);
    assert_eq!(phone.mailbox().waiting(), Some(0), "some, but not how many");
    solicited(&mut phone, SubscriptionEvent::MessagesWaiting(summary(false, Some(0), None)));
    assert_eq!(phone.mailbox().waiting(), None);
}

#[test]
fn the_summary_of_another_subscription_is_not_the_mailbox() {
    let (mut phone, _) = with_mailbox();
    let event = SubscriptionEvent::MessagesWaiting(summary(true, Some(2), None));
    phone.handle_event(Instant::default(), Event::Subscription(SubscriptionId(1), event));
    assert_eq!(phone.mailbox().waiting(), None);
}

#[test]
fn the_mailbox_is_called_at_the_address_that_the_server_names() {
    let (mut phone, _) = with_mailbox();
    assert_eq!(phone.mailbox().target(), Some(&uri(NUMBER)));
    let account = "sip:vm-1001@pbx.example";
    let event = SubscriptionEvent::MessagesWaiting(summary(false, Some(0), Some(account)));
    solicited(&mut phone, event);
    assert_eq!(phone.mailbox().target(), Some(&uri(account)));
}

#[test]
fn what_the_user_chose_goes_before_what_the_server_says_and_that_before_what_is_proposed() {
    let (mut phone, _) = with_mailbox();
    let chosen = |number: &str| Settings { voicemail: number.into(), ..Settings::default() };
    let target = |phone: &Phone| phone.mailbox().target().map(Uri::to_string);
    let unchosen = |phone: &Phone| phone.mailbox().unchosen().map(Uri::to_string);
    assert_eq!(target(&phone).as_deref(), Some(NUMBER));
    phone.set_settings(chosen("604 123 4567"));
    assert_eq!(target(&phone).as_deref(), Some("sip:6041234567@example.com"));
    assert_eq!(unchosen(&phone).as_deref(), Some(NUMBER));
    let account = "sip:vm-1001@pbx.example";
    let event = SubscriptionEvent::MessagesWaiting(summary(true, Some(1), Some(account)));
    solicited(&mut phone, event);
    assert_eq!(target(&phone).as_deref(), Some("sip:6041234567@example.com"));
    assert_eq!(unchosen(&phone).as_deref(), Some(account));
    phone.set_settings(chosen(""));
    assert_eq!(target(&phone).as_deref(), Some(account));
}

#[test]
fn a_server_without_mailboxes_is_not_worth_a_word() {
    let (mut phone, _) = with_mailbox();
    for status in [403, 404, 489] {
        let end = SubscriptionEnd::Refused { status, reason: "No".into() };
        solicited(&mut phone, SubscriptionEvent::Ended(end));
    }
    assert_eq!((phone.notice(), phone.mailbox().waiting()), (None, None));
    assert_eq!(phone.mailbox().target(), Some(&uri(NUMBER)), "and can be called all the same");
}
