//! Subscriptions: made, kept and ended, whatever their package.

use crate::support::{Bench, header, notify, request, seq};
use std::time::Duration;
use webphone::sip::ua::{Command, Package, SubscriptionEnd, SubscriptionEvent, SubscriptionId};
use webphone::sip::wire::{Method, Request};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const CONTACT: (&str, &str) = ("Contact", "<sip:notifier@far.example>");
pub(crate) const NONE: (&str, &str) = ("", "");

/// A subscription that the server granted for so many seconds and notified once.
pub(crate) fn active(bench: &mut Bench, granted: &str) -> Request {
    let subscribe = bench.subscribe(1, Package::Presence);
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", granted)], "");
    bench.receive(notify(&subscribe, "far", 1, &format!("active;expires={granted}"), NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    bench.quiet();
    subscribe
}

/// Lets time pass until the next SUBSCRIBE, and returns it with the seconds that passed. The
/// registration is kept alive on the way.
#[track_caller]
pub(crate) fn next_subscribe(bench: &mut Bench) -> (Request, f64) {
    let start = bench.now;
    loop {
        bench.advance(SECOND / 20);
        assert!(bench.now.since(start) < 100_000 * SECOND, "nothing is asked any more");
        while let Some(sent) = bench.sent.pop_front() {
            match sent {
                crate::support::Sent::Request(request) if request.method == Method::Subscribe => {
                    return (request, bench.now.since(start).as_secs_f64());
                }
                crate::support::Sent::Request(register) => {
                    assert_eq!(register.method, Method::Register);
                    let contact = crate::support::granted(&register, 600);
                    bench.reply(&register, 200, &[("Contact", &contact)], "");
                }
                other => panic!("sent was {other:?}"),
            }
        }
    }
}

pub(crate) fn is_refresh(request: &Request) -> bool {
    request.to().expect("a To").tag().is_some()
}

#[track_caller]
pub(crate) fn end(bench: &mut Bench) -> SubscriptionEnd {
    match bench.subscription(1) {
        SubscriptionEvent::Ended(reason) => reason,
        other => panic!("expected its end, it was {other:?}"),
    }
}

#[test]
fn a_subscribe_says_to_what_and_for_how_long() {
    for (package, event, accept) in [
        (Package::MessageSummary, "message-summary", "application/simple-message-summary"),
        (Package::Dialog, "dialog", "application/dialog-info+xml"),
        (Package::Presence, "presence", "application/pidf+xml"),
    ] {
        let mut bench = Bench::registered();
        let subscribe = bench.subscribe(1, package);
        assert_eq!(subscribe.uri.to_string(), "sip:1002@example.com");
        assert_eq!(header(&subscribe.headers, "Event"), event);
        assert_eq!(header(&subscribe.headers, "Accept"), accept);
        assert_eq!(header(&subscribe.headers, "Expires"), "3600");
        assert!(header(&subscribe.headers, "Contact").contains("transport=ws"));
        assert!(!is_refresh(&subscribe));
        bench.quiet();
    }
}

#[test]
fn a_challenged_subscribe_goes_out_again_and_its_dialog_stands() {
    let mut bench = Bench::registered();
    let first = bench.subscribe(1, Package::Presence);
    let challenge = "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\"";
    bench.reply(&first, 401, &[("WWW-Authenticate", challenge)], "");
    let second = bench.request(Method::Subscribe);
    assert_eq!(seq(&second), seq(&first) + 1);
    bench.reply(&second, 200, &[CONTACT, ("Expires", "100")], "");
    bench.receive(notify(&second, "far", 1, "active", NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    let (refresh, _) = next_subscribe(&mut bench);
    assert_eq!(seq(&refresh), seq(&second) + 1);
    // Challenged inside the dialog, it goes on counting there too.
    bench.reply(&refresh, 401, &[("WWW-Authenticate", challenge)], "");
    let again = bench.request(Method::Subscribe);
    bench.reply(&again, 200, &[CONTACT, ("Expires", "100")], "");
    let (refresh, _) = next_subscribe(&mut bench);
    assert_eq!(seq(&refresh), seq(&again) + 1);
    bench.reply(&refresh, 403, &[], "");
    assert!(matches!(end(&mut bench), SubscriptionEnd::Refused { status: 403, .. }));
}

#[test]
fn credentials_that_are_not_accepted_end_it() {
    let mut bench = Bench::registered();
    let first = bench.subscribe(1, Package::Presence);
    let challenge = [("WWW-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"")];
    bench.reply(&first, 401, &challenge, "");
    let second = bench.request(Method::Subscribe);
    bench.reply(&second, 401, &challenge, "");
    assert_eq!(end(&mut bench), SubscriptionEnd::Unauthorized);
    bench.quiet();
}

#[test]
fn a_notify_before_the_200_makes_the_dialog() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Presence);
    bench.receive(notify(&subscribe, "notifier", 7, "active;expires=100", NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    // The 200 comes from a server in between, under another tag.
    bench.reply_as("other", &subscribe, 200, &[CONTACT, ("Expires", "100")], "");
    let (refresh, after) = next_subscribe(&mut bench);
    assert!((50.0..=75.2).contains(&after), "{after}");
    assert_eq!(refresh.uri.to_string(), "sip:notifier@notifier.example");
    assert!(header(&refresh.headers, "To").ends_with(";tag=notifier"));
    let routes: Vec<_> = refresh.headers.all("Route").collect();
    assert_eq!(routes, ["<sip:p1.example.com;transport=ws;r2=on;lr>", "<sip:p2.example.com;lr>"]);
    assert_eq!(seq(&refresh), seq(&subscribe) + 1);
}

#[test]
fn a_route_that_only_the_200_names_is_taken() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Presence);
    let early = notify(&subscribe, "far", 7, "active;expires=100", NONE);
    let direct = early.split_inclusive("\r\n").filter(|line| !line.starts_with("Record-Route"));
    bench.receive(direct.collect::<String>());
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    let recorded = ("Record-Route", "<sip:p2.example.com;lr>, <sip:p1.example.com;lr>");
    bench.reply(&subscribe, 200, &[CONTACT, recorded, ("Expires", "100")], "");
    let (refresh, _) = next_subscribe(&mut bench);
    let routes: Vec<_> = refresh.headers.all("Route").collect();
    assert_eq!(routes, ["<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"]);
}

#[test]
fn a_notify_of_another_fork_is_not_wanted() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    bench.receive(notify(&subscribe, "fork", 1, "active", NONE));
    bench.response(481);
    bench.quiet();
}

#[test]
fn notifies_come_in_order() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    bench.receive(notify(&subscribe, "far", 5, "active", NONE));
    bench.response(200);
    bench.receive(notify(&subscribe, "far", 4, "terminated;reason=noresource", NONE));
    bench.response(500);
    bench.quiet();
}

#[test]
fn notifies_that_belong_nowhere_are_refused() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    let good = notify(&subscribe, "far", 2, "active", NONE);
    for (from, to, status) in [
        ("o: presence", "o: presence;id=1", 481),
        ("o: presence", "o: dialog", 481),
        ("Call-ID: ", "Call-ID: x", 481),
        ("o: presence", "o: keep-alive", 489),
        ("o: presence\r\n", "", 489),
        ("Subscription-State: active\r\n", "", 400),
    ] {
        assert!(good.contains(from), "{from}");
        bench.receive(good.replacen(from, to, 1));
        let refused = bench.response(status);
        let events = refused.headers.get("Allow-Events");
        assert_eq!(events.is_some(), status == 489, "{to}");
    }
    bench.receive(good);
    bench.response(200);
    bench.quiet();
}

#[test]
fn a_body_of_another_kind_gets_415() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    let body = ("Content-Type: text/plain\r\n", "open");
    bench.receive(notify(&subscribe, "far", 2, "active", body));
    assert_eq!(header(&bench.response(415).headers, "Accept"), "application/pidf+xml");
    bench.quiet();
}

#[test]
fn a_subscription_is_refreshed_in_its_dialog_before_it_ends() {
    let mut bench = Bench::registered();
    let first = active(&mut bench, "100");
    for round in 1..4 {
        let (refresh, after) = next_subscribe(&mut bench);
        assert!((50.0..=75.2).contains(&after), "{after}");
        assert!(is_refresh(&refresh));
        assert_eq!(seq(&refresh), seq(&first) + round);
        assert_eq!(header(&refresh.headers, "Event"), "presence");
        assert!(!refresh.headers.has("Authorization"));
        bench.reply(&refresh, 200, &[CONTACT, ("Expires", "100")], "");
        bench.quiet();
    }
}

#[test]
fn the_time_that_a_notify_leaves_counts() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    bench.receive(notify(&subscribe, "far", 2, "active;expires=60", NONE));
    bench.response(200);
    let (_, after) = next_subscribe(&mut bench);
    assert!((30.0..=45.2).contains(&after), "{after}");
}

#[test]
fn pending_is_not_active_yet() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Presence);
    bench.reply(&subscribe, 202, &[CONTACT], "");
    bench.receive(notify(&subscribe, "far", 1, "pending;expires=3600", NONE));
    bench.response(200);
    bench.quiet();
    bench.receive(notify(&subscribe, "far", 2, "active;expires=3600", NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    bench.receive(notify(&subscribe, "far", 3, "active;expires=3600", NONE));
    bench.response(200);
    bench.quiet();
}

#[test]
fn unsubscribing_says_so_in_the_dialog_and_hears_the_last_notify() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    bench.command(Command::Unsubscribe(SubscriptionId(1)));
    let goodbye = bench.request(Method::Subscribe);
    assert!(is_refresh(&goodbye));
    assert_eq!(header(&goodbye.headers, "Expires"), "0");
    bench.reply(&goodbye, 200, &[("Expires", "0")], "");
    bench.receive(notify(&subscribe, "far", 2, "terminated;reason=timeout", NONE));
    bench.response(200);
    bench.receive(notify(&subscribe, "far", 3, "terminated", NONE));
    bench.response(481);
    bench.quiet();
}

#[test]
fn unsubscribing_before_the_answer_waits_for_the_dialog() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Presence);
    bench.command(Command::Unsubscribe(SubscriptionId(1)));
    bench.nothing_sent();
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "3600")], "");
    let goodbye = bench.request(Method::Subscribe);
    assert_eq!(header(&goodbye.headers, "Expires"), "0");
    bench.quiet();
    bench.advance(SECOND);
    // The same with the NOTIFY first.
    let subscribe = bench.subscribe(2, Package::Presence);
    bench.command(Command::Unsubscribe(SubscriptionId(2)));
    bench.receive(notify(&subscribe, "far", 1, "active", NONE));
    bench.response(200);
    assert_eq!(header(&bench.request(Method::Subscribe).headers, "Expires"), "0");
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "3600")], "");
    bench.quiet();
    bench.advance(SECOND);
    // And one that is refused needs no goodbye.
    let subscribe = bench.subscribe(3, Package::Presence);
    bench.command(Command::Unsubscribe(SubscriptionId(3)));
    bench.reply(&subscribe, 403, &[CONTACT], "");
    bench.quiet();
}

#[test]
fn leaving_takes_subscriptions_away_and_coming_back_makes_them() {
    let mut bench = Bench::registered();
    let subscribe = active(&mut bench, "3600");
    bench.command(Command::Disconnect);
    assert_eq!(header(&bench.request(Method::Subscribe).headers, "Expires"), "0");
    let farewell = bench.request(Method::Register);
    bench.receive(notify(&subscribe, "far", 2, "terminated;reason=timeout", NONE));
    bench.response(200);
    bench.reply(&farewell, 200, &[], "");
    bench.events.clear();
    bench.advance(SECOND);
    bench.command(Command::Connect);
    bench.input(webphone::sip::Input::Link(webphone::sip::ua::LinkEvent::Opened));
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &crate::support::granted(&register, 600))], "");
    assert!(!is_refresh(&bench.request(Method::Subscribe)));
}

#[test]
fn a_subscribe_of_a_stranger_is_not_served() {
    let mut bench = Bench::registered();
    let subscribe = request("SUBSCRIBE", "s", "z9hG4bK-s", "Event: presence\r\n", "");
    bench.receive(subscribe);
    assert!(!header(&bench.response(405).headers, "Allow").contains("SUBSCRIBE"));
    bench.quiet();
}
