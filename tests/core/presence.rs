//! What others do: their calls and whether they can be reached.

use crate::support::{Bench, notify};
use std::time::Duration;
use webphone::sip::ua::{DialogState, Package, PresenceStatus, SubscriptionEvent};
use webphone::sip::wire::{Method, Request};

/// A subscription that is active.
fn active(bench: &mut Bench, package: Package) -> Request {
    let subscribe = bench.subscribe(1, package);
    bench.reply(&subscribe, 200, &[("Contact", "<sip:far.example>"), ("Expires", "600")], "");
    bench.receive(notify(&subscribe, "far", 1, "active;expires=600", ("", "")));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    subscribe
}

fn calls(version: u32, state: &str, dialogs: &[(&str, &str)]) -> String {
    let dialogs: String = dialogs
        .iter()
        .map(|(id, state)| format!("<dialog id=\"{id}\"><state>{state}</state></dialog>"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" \
         version=\"{version}\" state=\"{state}\" entity=\"sip:1002@example.com\">{dialogs}\
         </dialog-info>"
    )
}

#[test]
fn presence_is_told_with_its_note() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, Package::Presence);
    let body = "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"><tuple id=\"a\"><status><basic>\
        closed</basic></status><note>Back at 5 &lt;soon&gt;</note></tuple></presence>";
    let kind = "Content-Type: application/pidf+xml;charset=UTF-8\r\n";
    bench.receive(notify(&subscribe, "far", 2, "active;expires=600", (kind, body)));
    bench.response(200);
    let status = PresenceStatus {
        open: Some(false),
        note: Some("Back at 5 <soon>".into()),
        on_the_phone: false,
    };
    assert_eq!(bench.subscription(1), SubscriptionEvent::Presence(status));
    let entities = "<!DOCTYPE p [<!ENTITY a \"b\">]><presence><note>&a;</note></presence>";
    bench.receive(notify(&subscribe, "far", 3, "active;expires=600", (kind, entities)));
    bench.response(200);
    bench.quiet();
}

#[test]
fn the_calls_of_a_telephone_are_told_all_at_once() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, Package::Dialog);
    let kind = "Content-Type: application/dialog-info+xml\r\n";
    let tell = |bench: &mut Bench, seq, body: &str| {
        bench.receive(notify(&subscribe, "far", seq, "active;expires=600", (kind, body)));
        bench.response(200);
        match bench.subscription(1) {
            SubscriptionEvent::Dialogs(dialogs) => {
                dialogs.into_iter().map(|dialog| (dialog.id, dialog.state)).collect::<Vec<_>>()
            }
            other => panic!("expected dialogs, it was {other:?}"),
        }
    };
    let ringing = tell(&mut bench, 2, &calls(1, "full", &[("a", "early")]));
    assert_eq!(ringing, [("a".to_owned(), DialogState::Early)]);
    let two = tell(&mut bench, 3, &calls(2, "partial", &[("b", "confirmed")]));
    assert_eq!(two.len(), 2);
    let gone = tell(&mut bench, 4, &calls(3, "partial", &[("a", "terminated")]));
    assert_eq!(gone.first(), Some(&("a".to_owned(), DialogState::Terminated)));
    let left = tell(&mut bench, 5, &calls(4, "partial", &[]));
    assert_eq!(left, [("b".to_owned(), DialogState::Confirmed)]);
    bench.quiet();
}

#[test]
fn a_notification_that_went_missing_is_asked_for_anew() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, Package::Dialog);
    let kind = "Content-Type: application/dialog-info+xml\r\n";
    for (seq, version, state) in [(2, 1, "full"), (3, 5, "partial")] {
        let body = calls(version, state, &[("a", "early")]);
        bench.receive(notify(&subscribe, "far", seq, "active;expires=600", (kind, &body)));
        bench.response(200);
    }
    assert!(matches!(bench.subscription(1), SubscriptionEvent::Dialogs(_)));
    bench.quiet();
    bench.advance(Duration::from_secs(5));
    assert!(bench.request(Method::Subscribe).to().is_some_and(|to| to.tag().is_some()));
}
