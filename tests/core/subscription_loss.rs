//! Subscriptions that are refused or lost: when they are made again, and when not.

use crate::subscription::{CONTACT, NONE, SECOND, active, end, is_refresh, next_subscribe};
use crate::support::{Bench, header, notify};
use webphone::sip::ua::{Command, Package, SubscriptionEnd, SubscriptionEvent, SubscriptionId};
use webphone::sip::wire::{Method, Uri};

#[test]
fn too_brief_an_interval_is_lengthened_once() {
    let mut bench = Bench::registered();
    let first = bench.subscribe(1, Package::Presence);
    bench.reply(&first, 423, &[("Min-Expires", "7200")], "");
    let second = bench.request(Method::Subscribe);
    assert_eq!(header(&second.headers, "Expires"), "7200");
    bench.reply(&second, 423, &[("Min-Expires", "9000")], "");
    assert!(matches!(end(&mut bench), SubscriptionEnd::Refused { status: 423, .. }));
    bench.quiet();
}

#[test]
fn a_refusal_ends_it_with_its_status() {
    for status in [489, 403, 404, 405, 501, 603] {
        let mut bench = Bench::registered();
        let subscribe = bench.subscribe(1, Package::Presence);
        bench.reply(&subscribe, status, &[], "");
        let SubscriptionEnd::Refused { status: told, .. } = end(&mut bench) else {
            panic!("not refused");
        };
        assert_eq!(told, status);
        bench.advance(500 * SECOND);
        assert!(bench.sent.iter().all(|sent| !format!("{sent:?}").contains("Subscribe")));
    }
}

#[test]
fn a_481_to_a_refresh_subscribes_anew() {
    let mut bench = Bench::registered();
    let first = active(&mut bench, "100");
    let (refresh, _) = next_subscribe(&mut bench);
    bench.reply(&refresh, 481, &[], "");
    let anew = bench.request(Method::Subscribe);
    assert!(!is_refresh(&anew));
    assert_ne!(header(&anew.headers, "Call-ID"), header(&first.headers, "Call-ID"));
    bench.reply(&anew, 200, &[CONTACT, ("Expires", "100")], "");
    bench.receive(notify(&anew, "far", 1, "active", NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
    // Its old dialog is nobody's now.
    bench.receive(notify(&first, "far", 9, "active", NONE));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_server_in_trouble_is_asked_again_not_before_it_wants() {
    let mut bench = Bench::registered();
    let first = bench.subscribe(1, Package::Presence);
    bench.reply(&first, 503, &[("Retry-After", "120 (maintenance)")], "");
    let (again, after) = next_subscribe(&mut bench);
    assert!((120.0..=133.2).contains(&after), "{after}");
    assert!(!is_refresh(&again));
    bench.quiet();
}

#[test]
fn delays_grow_with_each_failure_up_to_half_an_hour() {
    let mut bench = Bench::registered();
    let mut subscribe = bench.subscribe(1, Package::Presence);
    let mut whole = 10.0_f64;
    for _ in 0..10 {
        bench.reply(&subscribe, 500, &[], "");
        let (again, after) = next_subscribe(&mut bench);
        assert!((whole / 2.0..=whole + 0.2).contains(&after), "{after} of {whole}");
        whole = (whole * 2.0).min(1800.0);
        subscribe = again;
    }
}

#[test]
fn a_refresh_that_fails_for_now_keeps_what_holds() {
    let mut bench = Bench::registered();
    active(&mut bench, "3600");
    let (refresh, _) = next_subscribe(&mut bench);
    bench.reply(&refresh, 500, &[], "");
    let (again, _) = next_subscribe(&mut bench);
    assert!(is_refresh(&again));
    bench.reply(&again, 408, &[], "");
    let (anew, _) = next_subscribe(&mut bench);
    assert!(!is_refresh(&anew));
    bench.quiet();
}

#[test]
fn silence_is_a_failure_like_another() {
    let mut bench = Bench::registered();
    bench.subscribe(1, Package::Presence);
    let (_, after) = next_subscribe(&mut bench);
    assert!((37.0..=42.2).contains(&after), "{after}");
}

#[test]
fn a_200_without_a_notify_is_not_enough() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Presence);
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "3600")], "");
    let (again, after) = next_subscribe(&mut bench);
    assert!((37.0..=42.2).contains(&after), "{after}");
    assert!(!is_refresh(&again));
}

#[test]
fn an_end_says_whether_to_ask_again() {
    for (state, after) in [
        ("terminated;reason=deactivated;retry-after=99", 0.0..=0.1),
        ("terminated;reason=timeout", 0.0..=0.1),
        ("terminated;reason=probation;retry-after=30", 30.0..=34.2),
        ("terminated;reason=giveup", 5.0..=10.2),
        ("terminated;reason=unheard-of;retry-after=20", 20.0..=23.2),
        ("terminated", 5.0..=10.2),
    ] {
        let mut bench = Bench::registered();
        let subscribe = active(&mut bench, "3600");
        bench.receive(notify(&subscribe, "far", 2, state, NONE));
        bench.response(200);
        assert!(bench.events.is_empty(), "{state}");
        let (again, passed) = next_subscribe(&mut bench);
        assert!(after.contains(&passed), "{state}: {passed}");
        assert!(!is_refresh(&again));
    }
    for (state, reason) in [
        ("terminated;reason=rejected", SubscriptionEnd::Rejected),
        ("terminated;reason=noresource", SubscriptionEnd::NoResource),
        ("terminated;reason=invariant", SubscriptionEnd::Invariant),
    ] {
        let mut bench = Bench::registered();
        let subscribe = active(&mut bench, "3600");
        bench.receive(notify(&subscribe, "far", 2, state, NONE));
        bench.response(200);
        assert_eq!(end(&mut bench), reason);
        bench.receive(notify(&subscribe, "far", 3, "active", NONE));
        bench.response(481);
        bench.quiet();
    }
}

#[test]
fn a_server_that_deactivates_again_and_again_is_not_flooded() {
    let mut bench = Bench::registered();
    let mut subscribe = bench.subscribe(1, Package::Presence);
    let mut waits = Vec::new();
    for _ in 0..4 {
        bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "3600")], "");
        bench.receive(notify(&subscribe, "far", 1, "active", NONE));
        bench.response(200);
        bench.receive(notify(&subscribe, "far", 2, "terminated;reason=deactivated", NONE));
        bench.response(200);
        let (again, after) = next_subscribe(&mut bench);
        waits.push(after);
        subscribe = again;
    }
    assert!(waits[0] < 0.2 && waits[1] >= 10.0 && waits[3] >= 40.0, "{waits:?}");
}

#[test]
fn a_subscription_that_held_is_made_anew_at_once_again() {
    let mut bench = Bench::registered();
    let mut subscribe = active(&mut bench, "100");
    for _ in 0..3 {
        bench.receive(notify(&subscribe, "far", 2, "terminated;reason=deactivated", NONE));
        bench.response(200);
        let (anew, after) = next_subscribe(&mut bench);
        assert!(after < 0.2, "{after}");
        bench.reply(&anew, 200, &[CONTACT, ("Expires", "100")], "");
        bench.receive(notify(&anew, "far", 1, "active;expires=100", NONE));
        bench.response(200);
        assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
        // A refresh shows that the server means it.
        let (refresh, _) = next_subscribe(&mut bench);
        bench.reply(&refresh, 200, &[CONTACT, ("Expires", "100")], "");
        subscribe = anew;
    }
}

#[test]
fn the_loss_of_the_line_makes_it_anew_with_the_registration() {
    let mut bench = Bench::registered();
    let first = active(&mut bench, "3600");
    bench.lose();
    bench.reopen();
    let register = bench.request(Method::Register);
    // What the server still sends in the old dialog has lost its meaning.
    bench.receive(notify(&first, "far", 2, "active", NONE));
    bench.response(481);
    bench.nothing_sent();
    bench.reply(&register, 200, &[("Contact", &crate::support::granted(&register, 600))], "");
    let anew = bench.request(Method::Subscribe);
    assert!(!is_refresh(&anew));
    assert_ne!(header(&anew.headers, "Call-ID"), header(&first.headers, "Call-ID"));
    bench.events.clear();
    bench.reply(&anew, 200, &[CONTACT, ("Expires", "3600")], "");
    bench.receive(notify(&anew, "far", 1, "active", NONE));
    bench.response(200);
    assert_eq!(bench.subscription(1), SubscriptionEvent::Active);
}

#[test]
fn many_subscriptions_do_not_go_out_at_once() {
    let (mut bench, register) = Bench::registering();
    for id in 1..=20 {
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        let id = SubscriptionId(id);
        bench.command(Command::Subscribe { id, target, package: Package::Dialog });
    }
    bench.nothing_sent();
    bench.reply(&register, 200, &[("Contact", &crate::support::granted(&register, 600))], "");
    assert_eq!(bench.sent.len(), 1);
    bench.advance(SECOND / 2);
    assert_eq!(bench.sent.len(), 11);
    bench.advance(SECOND);
    assert_eq!(bench.sent.len(), 20);
}
