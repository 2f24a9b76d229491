//! Pings that keep the connection, and pongs that are missed.

use crate::support::{Bench, Sent, config, granted};
use std::time::Duration;
use webphone::sip::Config;
use webphone::sip::ua::{Command, Line, LineFault, LinkRequest, Policy};
use webphone::sip::wire::{Method, Request};

const SECOND: Duration = Duration::from_secs(1);
const OUTBOUND: [(&str, &str); 2] = [("Flow-Timer", "100"), ("Require", "outbound")];

/// Grants the registration for a day.
fn grant(bench: &mut Bench, register: &Request, headers: &[(&str, &str)]) {
    let contact = granted(register, 86_400);
    let mut all = vec![("Contact", contact.as_str())];
    all.extend(headers);
    bench.reply(register, 200, &all, "");
    assert_eq!(bench.line(), Line::Registered);
    bench.quiet();
}

/// A user agent whose connection is open, and the REGISTER that it has sent.
fn opened(policy: Policy) -> (Bench, Request) {
    let mut bench = Bench::with(Config { policy, ..config() });
    bench.command(Command::Connect);
    bench.input(webphone::sip::Input::Link(webphone::sip::ua::LinkEvent::Opened));
    let register = bench.request(Method::Register);
    bench.events.clear();
    bench.link.clear();
    (bench, register)
}

/// A user agent that is registered with these headers in the 200.
fn registered(policy: Policy, headers: &[(&str, &str)]) -> Bench {
    let (mut bench, register) = opened(policy);
    grant(&mut bench, &register, headers);
    bench
}

/// Lets time pass until a ping goes out, and says how much it was.
#[track_caller]
fn ping(bench: &mut Bench) -> f64 {
    let start = bench.now;
    while bench.sent.is_empty() {
        bench.advance(SECOND / 10);
        assert!(bench.now.since(start) < 10_000 * SECOND, "no ping");
    }
    match bench.sent.pop_front() {
        Some(Sent::Bytes(bytes)) => assert_eq!(bytes, b"\r\n\r\n"),
        other => panic!("sent was {other:?}"),
    }
    bench.now.since(start).as_secs_f64()
}

#[test]
fn who_wants_pings_more_often_than_the_flow_timer_sends_them() {
    let policy = Policy { keep_alive: Some(15 * SECOND), ..Policy::default() };
    let mut bench = registered(policy, &OUTBOUND);
    let pause = ping(&mut bench);
    assert!((12.0..=15.1).contains(&pause), "{pause}");
}

#[test]
fn a_flow_timer_is_kept_by_pings() {
    let mut bench = registered(Policy::default(), &OUTBOUND);
    for _ in 0..20 {
        let pause = ping(&mut bench);
        assert!((80.0..=100.1).contains(&pause), "{pause}");
        bench.receive("\r\n");
        bench.quiet();
    }
}

#[test]
fn a_pong_that_does_not_come_in_ten_seconds_is_a_lost_line() {
    let mut bench = registered(Policy::default(), &OUTBOUND);
    ping(&mut bench);
    bench.advance(9 * SECOND);
    bench.quiet();
    assert!(bench.link.is_empty());
    bench.advance(SECOND);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::Lost, .. }));
    // It comes back by itself, and the pings with it.
    bench.reopen();
    let register = bench.request(Method::Register);
    bench.events.clear();
    bench.link.clear();
    grant(&mut bench, &register, &OUTBOUND);
    assert!(ping(&mut bench) >= 80.0);
}

#[test]
fn a_line_that_is_dead_before_the_register_is_answered_is_lost_within_25_seconds() {
    let policy = Policy { keep_alive: Some(15 * SECOND), ..Policy::default() };
    let (mut bench, _) = opened(policy);
    let start = bench.now;
    while bench.link.is_empty() {
        bench.advance(SECOND);
        assert!(bench.now.since(start) < 25 * SECOND);
    }
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::NoAnswer, .. }));
}

#[test]
fn a_server_that_is_slow_to_register_and_answers_pings_is_waited_for() {
    let policy = Policy { keep_alive: Some(15 * SECOND), ..Policy::default() };
    let (mut bench, register) = opened(policy);
    assert!(ping(&mut bench) < 1.2);
    bench.receive("\r\n");
    assert!((12.0..=15.0).contains(&ping(&mut bench)));
    bench.receive("\r\n");
    assert!(bench.link.is_empty());
    grant(&mut bench, &register, &[]);
}

#[test]
fn a_retry_asks_at_once_whether_the_line_is_there_and_waits_three_seconds() {
    let policy = Policy { keep_alive: Some(15 * SECOND), ..Policy::default() };
    let mut bench = registered(policy, &[]);
    assert!(ping(&mut bench) < 1.1, "a server that has promised nothing is tried at once");
    bench.receive("\r\n");
    bench.command(Command::Retry);
    assert!(ping(&mut bench) < 0.1);
    bench.receive("\r\n");
    bench.advance(5 * SECOND);
    bench.quiet();
    assert!(bench.link.is_empty());
    bench.command(Command::Retry);
    assert!(ping(&mut bench) < 0.1);
    bench.advance(3 * SECOND);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::Lost, .. }));
}

#[test]
fn nothing_is_pinged_unless_the_server_or_the_policy_wants_it() {
    for headers in [&[][..], &OUTBOUND[..1], &OUTBOUND[1..]] {
        let mut bench = registered(Policy::default(), headers);
        bench.advance(3600 * SECOND);
        bench.quiet();
    }
}

/// A server as OpenSIPS, which takes a ping for a message that it cannot read: the first one, and
/// the OPTIONS that comes in its place.
fn asked() -> (Bench, Request) {
    let policy = Policy { keep_alive: Some(30 * SECOND), ..Policy::default() };
    let mut bench = registered(policy, &[]);
    ping(&mut bench);
    bench.advance(10 * SECOND);
    assert!(bench.link.is_empty(), "its silence proves nothing");
    let options = bench.request(Method::Options);
    (bench, options)
}

#[test]
fn a_server_that_never_answers_pings_is_asked_by_options_from_then_on() {
    let (mut bench, mut options) = asked();
    assert_eq!(options.uri.to_string(), "sip:example.com");
    assert!(!options.headers.has("Authorization"));
    for status in [200, 401, 404, 501] {
        bench.reply(&options, status, &[], "");
        bench.quiet();
        while bench.sent.is_empty() {
            bench.advance(SECOND);
            assert!(bench.link.is_empty());
        }
        options = bench.request(Method::Options);
    }
}

#[test]
fn an_options_without_an_answer_is_a_lost_line() {
    let (mut bench, _) = asked();
    bench.advance(Duration::from_millis(9800));
    assert!(bench.link.is_empty());
    bench.advance(Duration::from_millis(200));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::Lost, .. }));
    for status in [408, 503] {
        let (mut bench, options) = asked();
        bench.reply(&options, status, &[], "");
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close), "{status}");
    }
}

#[test]
fn a_pong_that_is_missed_after_another_one_is_a_lost_line() {
    let policy = Policy { keep_alive: Some(30 * SECOND), ..Policy::default() };
    let mut bench = registered(policy, &[]);
    ping(&mut bench);
    bench.receive("\r\n");
    let pause = ping(&mut bench);
    assert!((24.0..=30.1).contains(&pause), "{pause}");
    bench.advance(10 * SECOND);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
}

#[test]
fn a_lost_connection_is_not_pinged() {
    let mut bench = registered(Policy::default(), &OUTBOUND);
    bench.lose();
    bench.events.clear();
    bench.link.clear();
    // The next attempt to connect gets no answer either.
    bench.advance(200 * SECOND);
    bench.nothing_sent();
}
