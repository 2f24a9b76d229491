//! Callers who are turned away at once, and what the user may change while the line is up.

use crate::support::{Bench, SDP, config, header, invite, request};
use webphone::sip::Config;
use webphone::sip::ua::{CallEvent, Command, EndReason, Event, Policy};
use webphone::sip::wire::{Method, Uri};

/// The address of the caller who was just turned away.
#[track_caller]
fn missed(bench: &mut Bench) -> String {
    match bench.events.pop_front() {
        Some(Event::Missed(caller)) => caller.uri.to_string(),
        other => panic!("expected a missed call, it was {other:?}"),
    }
}

#[test]
fn who_is_not_to_be_disturbed_is_busy_without_ringing() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    bench.receive(invite("in", "z9hG4bK-1"));
    assert!(header(&bench.response(486).headers, "To").contains(";tag="));
    assert_eq!(missed(&mut bench), "sip:1002@example.com");
    bench.quiet();
    // The same INVITE again is the same call.
    bench.receive(invite("in", "z9hG4bK-1"));
    bench.response(486);
    bench.quiet();
}

#[test]
fn the_policy_may_say_unavailable_instead() {
    let policy = Policy { do_not_disturb_status: 480, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    bench.command(Command::SetDoNotDisturb(true));
    bench.receive(invite("in", "z9hG4bK-1"));
    bench.response(480);
    missed(&mut bench);
    bench.quiet();
}

#[test]
fn callers_ring_again_when_they_may_disturb() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    bench.command(Command::SetDoNotDisturb(false));
    bench.ring(&invite("in", "z9hG4bK-1"));
}

#[test]
fn what_rings_already_goes_on_ringing() {
    let mut bench = Bench::registered();
    bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::SetDoNotDisturb(true));
    bench.quiet();
}

#[test]
fn one_may_call_without_being_disturbed() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    bench.place_call("sip:1002@example.com");
}

#[test]
fn there_may_be_as_many_calls_as_was_said_last() {
    let mut bench = Bench::registered();
    bench.command(Command::SetMaxCalls(2));
    bench.ring(&invite("first", "z9hG4bK-1"));
    bench.ring(&invite("second", "z9hG4bK-2"));
    bench.receive(invite("third", "z9hG4bK-3"));
    bench.response(486);
    assert_eq!(missed(&mut bench), "sip:1002@example.com");
    bench.command(Command::SetMaxCalls(1));
    bench.quiet();
}

#[test]
fn redirects_are_followed_only_while_that_is_wanted() {
    let mut bench = Bench::registered();
    bench.command(Command::SetFollowRedirects(false));
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 302, &[("Contact", "<sip:1003@example.com>")], "");
    bench.request(Method::Ack);
    assert!(matches!(bench.ended(id), EndReason::Redirected(_)), "the user is asked");
    bench.command(Command::SetFollowRedirects(true));
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 302, &[("Contact", "<sip:1003@example.com>")], "");
    bench.request(Method::Ack);
    assert_eq!(bench.request(Method::Invite).uri.to_string(), "sip:1003@example.com");
}

#[test]
fn a_call_that_takes_the_place_of_ours_is_no_disturbance() {
    let mut bench = Bench::registered();
    let (old, ok) = bench.established_incoming();
    bench.command(Command::SetDoNotDisturb(true));
    let tag = ok.to().and_then(|to| to.tag().map(str::to_owned)).expect("a tag");
    let replaces = format!("Replaces: in-call;to-tag={tag};from-tag=far\r\n");
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &replaces, SDP));
    bench.events.retain(|event| matches!(event, Event::Missed(_)));
    assert!(bench.events.is_empty(), "{old:?} may be replaced: {:?}", bench.events);
}

#[test]
fn a_caller_who_is_turned_away_is_named_as_one_who_rings() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    let asserted = "P-Asserted-Identity: \"Ana\" <sip:ana@example.com>\r\n";
    bench.receive(request("INVITE", "a", "z9hG4bK-a", asserted, SDP));
    bench.response(486);
    let Some(Event::Missed(turned_away)) = bench.events.pop_front() else { panic!("none") };
    bench.command(Command::SetDoNotDisturb(false));
    bench.receive(request("INVITE", "b", "z9hG4bK-b", asserted, SDP));
    bench.response(180);
    let (_, event) = bench.call_event();
    assert_eq!(event, CallEvent::Incoming(turned_away.clone()));
    assert_eq!(turned_away.asserted[0].uri, Uri::parse("sip:ana@example.com").expect("a URI"));
}

#[test]
fn a_server_that_asks_by_options_hears_what_a_caller_would() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    bench.receive(request("OPTIONS", "asked", "z9hG4bK-o", "", ""));
    bench.response(486);
    bench.quiet();
    bench.command(Command::SetDoNotDisturb(false));
    bench.receive(request("OPTIONS", "again", "z9hG4bK-p", "", ""));
    bench.response(200);
}

#[test]
fn nobody_is_told_of_callers_while_leaving() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    bench.command(Command::Disconnect);
    bench.request(Method::Register);
    bench.receive(invite("late", "z9hG4bK-1"));
    bench.response(480);
    bench.quiet();
}
