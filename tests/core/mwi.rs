//! Waiting messages: subscribed to, and told unasked.

use crate::support::{Bench, config, header, notify, request};
use webphone::sip::Config;
use webphone::sip::ua::{Event, Package, Policy, SubscriptionEvent};
use webphone::sip::wire::{MessageCounts, MessageSummary};

const KIND: &str = "Content-Type: application/simple-message-summary\r\n";
/// What Asterisk's res_pjsip_mwi sends.
const BODY: &str = "Messages-Waiting: yes\r\nMessage-Account: sip:*97@example.com\r\n\
    Voice-Message: 2/1 (0/0)\r\n";

/// A NOTIFY that no SUBSCRIBE asked for.
fn unasked(event: &str, kind: &str, body: &str) -> String {
    let headers = format!("Event: {event}\r\nSubscription-State: active\r\n{kind}");
    let notify = request("NOTIFY", "mwi", "z9hG4bK-mwi", &headers, "");
    let length = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    notify.replace("Content-Length: 0\r\n\r\n", &length)
}

fn expected() -> MessageSummary {
    MessageSummary {
        waiting: true,
        account: webphone::sip::wire::Uri::parse("sip:*97@example.com").ok(),
        voice: Some(MessageCounts { new: 2, old: 1, urgent_new: 0, urgent_old: 0 }),
    }
}

#[test]
fn a_subscription_tells_what_waits() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::MessageSummary);
    bench.reply(&subscribe, 200, &[("Contact", "<sip:vm@far.example>")], "");
    bench.receive(notify(&subscribe, "far", 1, "active;expires=3600", (KIND, BODY)));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    assert_eq!(bench.subscription(1), SubscriptionEvent::MessagesWaiting(expected()));
    // A body that nobody can read is no reason to lose the subscription.
    bench.receive(notify(&subscribe, "far", 2, "active;expires=3600", (KIND, "?")));
    bench.response(200);
    bench.quiet();
}

#[test]
fn waiting_messages_may_be_told_unasked() {
    let mut bench = Bench::registered();
    bench.receive(unasked("message-summary", KIND, BODY));
    bench.response(200);
    // Whoever sent it could have the user dial what he likes.
    let summary = MessageSummary { account: None, ..expected() };
    assert_eq!(bench.events.pop_front(), Some(Event::MessagesWaiting(summary)));
    bench.quiet();
}

#[test]
fn what_is_told_unasked_counts_for_nothing_beside_a_subscription() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::MessageSummary);
    bench.reply(&subscribe, 200, &[("Contact", "<sip:vm@far.example>")], "");
    bench.receive(notify(&subscribe, "far", 1, "active;expires=3600", (KIND, BODY)));
    bench.response(200);
    bench.events.clear();
    bench.receive(unasked("message-summary", KIND, BODY));
    bench.response(200);
    bench.quiet();
}

#[test]
fn what_is_told_unasked_must_be_a_message_summary() {
    let mut bench = Bench::registered();
    bench.receive(unasked("message-summary", "Content-Type: text/plain\r\n", BODY));
    let accept = "application/simple-message-summary";
    assert_eq!(header(&bench.response(415).headers, "Accept"), accept);
    for (event, status) in [("presence", 481), ("dialog", 481), ("refer", 481), ("talk", 489)] {
        let mut bench = Bench::registered();
        bench.receive(unasked(event, KIND, BODY));
        bench.response(status);
        bench.quiet();
    }
    bench.quiet();
}

#[test]
fn what_is_told_unasked_can_be_turned_off() {
    let policy = Policy { unsolicited_mwi: false, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    bench.receive(unasked("message-summary", KIND, BODY));
    bench.response(481);
    bench.quiet();
}
