//! Several servers: which one is tried when another fails, and the way back to the preferred one.

use crate::support::{Bench, SERVER, Sent, config, granted};
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, Command, EndReason, Event, Line, LineFault, LinkEvent, LinkRequest, Policy, Server,
};
use webphone::sip::wire::Method;
use webphone::sip::{Config, Input};

const SECOND: Duration = Duration::from_secs(1);
const SOON: Duration = Duration::from_millis(1500);

/// A user agent that is registered at the first of two servers, the second of which is for need.
fn bench() -> Bench {
    let servers = vec![SERVER, Server { priority: 2, ..SERVER }];
    let mut bench = Bench::with(Config { servers, ..config() });
    bench.command(Command::Connect);
    register(&mut bench, 0);
    bench
}

/// The connection to this server comes about, and the server registers us.
#[track_caller]
fn register(bench: &mut Bench, place: usize) {
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(place)));
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.events.pop_back(), Some(Event::Line(Line::Registered)));
    bench.events.clear();
}

/// The same when the first has been lost, and is tried once more.
fn tried_again() -> Bench {
    let mut bench = bench();
    bench.lose();
    bench.advance(SOON);
    bench.link.clear();
    bench
}

/// The first server is gone, and the second serves us.
#[track_caller]
fn fail_over(bench: &mut Bench) {
    bench.lose();
    bench.advance(SOON);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)), "it may be back at once");
    bench.lose();
    register(bench, 1);
}

/// What is asked of the socket until this time has passed, with a server that answers.
fn asked_within(bench: &mut Bench, time: Duration) -> Vec<LinkRequest> {
    let end = bench.now + time;
    while bench.now < end {
        bench.advance(SECOND);
        while let Some(sent) = bench.sent.pop_front() {
            if let Sent::Request(request) = sent {
                bench.reply(&request, 200, &[("Contact", &granted(&request, 600))], "");
            }
        }
    }
    std::mem::take(&mut bench.link).into()
}

#[test]
fn a_server_that_is_gone_is_tried_once_more_and_then_the_next() {
    fail_over(&mut bench());
}

#[test]
fn the_next_is_tried_at_once_and_nobody_is_told_of_a_pause() {
    let mut bench = bench();
    bench.lose();
    bench.advance(SOON);
    bench.events.clear();
    bench.link.clear();
    bench.lose();
    assert_eq!(bench.link, [LinkRequest::Open(1)]);
    assert!(bench.events.is_empty(), "{:?}", bench.events);
    // Where that one fails too, there is a pause, after which the preferred one is the first.
    bench.link.clear();
    bench.lose();
    assert!(bench.link.is_empty());
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::Unreachable, .. }));
    bench.advance(2 * SECOND);
    assert_eq!(bench.link, [LinkRequest::Open(0)]);
}

#[test]
fn a_server_that_hangs_is_left_for_the_next_within_five_seconds() {
    let mut bench = tried_again();
    bench.advance(5 * SECOND);
    assert_eq!(bench.link, [LinkRequest::Close, LinkRequest::Open(1)]);
}

#[test]
fn a_server_that_takes_connections_and_drops_them_is_left_for_the_next() {
    let mut bench = tried_again();
    bench.input(Input::Link(LinkEvent::Opened));
    bench.request(Method::Register);
    bench.lose();
    register(&mut bench, 1);
}

#[test]
fn a_server_in_trouble_is_left_for_the_next_and_alone_for_as_long_as_it_asks() {
    let mut bench = tried_again();
    bench.input(Input::Link(LinkEvent::Opened));
    let refused = bench.request(Method::Register);
    bench.reply(&refused, 503, &[("Retry-After", "60")], "");
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(1)));
    bench.lose();
    let asked = asked_within(&mut bench, 20 * SECOND);
    assert!(asked.iter().all(|asked| *asked != LinkRequest::Open(0)), "{asked:?}");
    bench.lose();
}

#[test]
fn the_preferred_server_is_gone_back_to_once_it_takes_connections() {
    let mut bench = bench();
    fail_over(&mut bench);
    assert_eq!(asked_within(&mut bench, 149 * SECOND), []);
    assert_eq!(asked_within(&mut bench, 152 * SECOND), [LinkRequest::Try(0)]);
    bench.input(Input::Link(LinkEvent::Tried(false)));
    assert_eq!(asked_within(&mut bench, 300 * SECOND), [LinkRequest::Try(0)]);
    bench.input(Input::Link(LinkEvent::Tried(true)));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    register(&mut bench, 0);
    assert_eq!(asked_within(&mut bench, 500 * SECOND), []);
}

#[test]
fn a_preferred_server_that_does_not_serve_is_gone_back_to_more_and_more_seldom() {
    let mut bench = bench();
    fail_over(&mut bench);
    for _ in 0..3 {
        let before = bench.now;
        bench.link.clear();
        while !bench.link.contains(&LinkRequest::Try(0)) {
            let asked = asked_within(&mut bench, SECOND);
            bench.link.extend(asked);
        }
        let waited = bench.now - before;
        let last = std::mem::take(&mut bench.link);
        assert_eq!(last, [LinkRequest::Try(0)]);
        bench.input(Input::Link(LinkEvent::Tried(true)));
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
        bench.input(Input::Link(LinkEvent::Opened));
        let refused = bench.request(Method::Register);
        bench.reply(&refused, 503, &[], "");
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
        register(&mut bench, 1);
        assert!(waited >= SECOND * 150, "{waited:?}");
    }
    // Who looks at the page does not have it tried either.
    bench.command(Command::Retry);
    assert!(bench.link.is_empty());
    assert_eq!(asked_within(&mut bench, 1900 * SECOND), []);
}

#[test]
fn what_a_server_wanted_that_serves_is_forgotten() {
    let (mut bench, refused) = Bench::registering();
    bench.reply(&refused, 503, &[("Retry-After", "3600")], "");
    bench.command(Command::Retry);
    bench.link.clear();
    bench.input(Input::Link(LinkEvent::Opened));
    let again = bench.request(Method::Register);
    bench.reply(&again, 200, &[("Contact", &granted(&again, 600))], "");
    bench.lose();
    bench.advance(SOON);
    assert_eq!(bench.link, [LinkRequest::Open(0)]);
}

#[test]
fn another_server_may_have_other_habits() {
    let servers = vec![SERVER, Server { priority: 2, ..SERVER }];
    let policy = Policy { keep_alive: Some(15 * SECOND), ..Policy::default() };
    let mut bench = Bench::with(Config { servers, policy, ..config() });
    bench.command(Command::Connect);
    register(&mut bench, 0);
    bench.advance(2 * SECOND);
    bench.receive("\r\n");
    bench.sent.clear();
    fail_over(&mut bench);
    // The first has answered pings. That the second does not is no loss of the line.
    bench.advance(2 * SECOND);
    bench.advance(11 * SECOND);
    assert!(bench.link.is_empty(), "{:?}", bench.link);
    bench.sent.retain(|sent| !matches!(sent, Sent::Bytes(_)));
    bench.request(Method::Options);
}

#[test]
fn who_looks_at_the_page_has_the_preferred_server_looked_for_at_once() {
    let mut bench = bench();
    bench.command(Command::Retry);
    assert!(bench.link.is_empty(), "there is no better one");
    fail_over(&mut bench);
    bench.command(Command::Retry);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Try(0)));
    bench.command(Command::Retry);
    assert!(bench.link.is_empty(), "it is being looked for");
}

#[test]
fn a_call_is_not_interrupted_for_the_way_back() {
    let mut bench = bench();
    fail_over(&mut bench);
    let (id, _) = bench.established_incoming();
    bench.link.clear();
    assert_eq!(asked_within(&mut bench, 301 * SECOND), [LinkRequest::Try(0)]);
    bench.input(Input::Link(LinkEvent::Tried(true)));
    assert!(bench.link.is_empty());
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 200, &[], "");
    assert!(bench.events.contains(&Event::Call(id, CallEvent::Ended(EndReason::HungUpHere))));
    assert_eq!(bench.link, [LinkRequest::Close, LinkRequest::Open(0)]);
}

#[test]
fn a_trial_that_the_loss_of_the_line_overtook_moves_nothing() {
    let mut bench = bench();
    fail_over(&mut bench);
    assert_eq!(asked_within(&mut bench, 301 * SECOND), [LinkRequest::Try(0)]);
    bench.lose();
    bench.input(Input::Link(LinkEvent::Tried(true)));
    bench.advance(SOON);
    assert_eq!(bench.link, [LinkRequest::Open(1)], "the one that served us last");
}

#[test]
fn the_via_says_how_the_server_is_reached() {
    let servers = vec![SERVER, Server { secure: false, priority: 2, ..SERVER }];
    let mut bench = Bench::with(Config { servers, ..config() });
    bench.command(Command::Connect);
    bench.lose();
    bench.input(Input::Link(LinkEvent::Opened));
    assert_eq!(bench.request(Method::Register).via().expect("a Via").transport, "WS");
}
