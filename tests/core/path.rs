//! Another way for the media of a call that stands (ICE restart, RFC 8839 §4.4.1.1).

use crate::glare::recover;
use crate::support::{ANOTHER_PATH, Bench, OUR_SDP, SDP, granted, header, invite};
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::sip::Input;
use webphone::sip::ua::{CallId, Command, Line, LinkEvent, LinkRequest, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request};

/// What our browser offers then.
fn other_path() -> String {
    [OUR_SDP, "a=ice-ufrag:anew\r\n"].concat()
}

/// The browser is asked for its offer, and gives it.
#[track_caller]
fn offered(bench: &mut Bench, id: CallId) {
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, ANOTHER_PATH)));
    bench.input(Input::Media(MediaReply::Offer(id, other_path())));
}

/// A call of ours whose re-INVITE for another path is out.
fn looking() -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::FindPath(id));
    offered(&mut bench, id);
    let again = bench.request(Method::Invite);
    assert_eq!(again.body, other_path().as_bytes());
    (bench, id, again)
}

#[test]
fn another_path_is_offered_by_a_reinvite() {
    let (mut bench, id, again) = looking();
    bench.reply(&again, 200, &[], SDP);
    bench.request(Method::Ack);
    let applied = MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional: false };
    assert_eq!(bench.media.pop_front(), Some(applied));
    bench.quiet();
}

#[test]
fn a_peer_that_takes_no_other_path_keeps_its_call() {
    let (mut bench, id, again) = looking();
    bench.reply(&again, 488, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.quiet();
    bench.command(Command::FindPath(id));
    offered(&mut bench, id);
    bench.request(Method::Invite);
}

#[test]
fn another_path_waits_for_the_line_and_is_offered_afresh() {
    let (mut bench, id, _) = looking();
    bench.lose();
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.quiet_but_for_the_line();
    recover(&mut bench, "");
    offered(&mut bench, id);
    let again = bench.request(Method::Invite);
    assert_eq!(header(&again.headers, "Content-Type"), "application/sdp");
    assert_eq!(again.body, other_path().as_bytes());
    bench.quiet();
}

#[test]
fn another_path_that_is_asked_for_without_a_line_waits_for_it() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.lose();
    bench.events.clear();
    bench.command(Command::FindPath(id));
    bench.quiet();
    recover(&mut bench, "");
    offered(&mut bench, id);
    bench.request(Method::Invite);
}

#[test]
fn another_path_that_meets_the_peers_change_is_offered_once_more() {
    let (mut bench, id, again) = looking();
    bench.reply(&again, 491, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.advance(Duration::from_secs(4));
    offered(&mut bench, id);
    bench.request(Method::Invite);
}

#[test]
fn whoever_is_on_hold_stays_there_on_another_path_and_is_asked_for_it_once() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    let accept = |bench: &mut Bench| {
        bench.input(Input::Media(MediaReply::Offer(id, other_path())));
        let again = bench.request(Method::Invite);
        bench.reply(&again, 200, &[], &[SDP, "a=recvonly\r\n"].concat());
        bench.request(Method::Ack);
        assert!(matches!(bench.media.pop_front(), Some(MediaRequest::ApplyAnswer { .. })));
    };
    let asked = |bench: &mut Bench, plan| {
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, plan)));
    };
    bench.command(Command::Hold(id));
    asked(&mut bench, Plan::HOLD);
    accept(&mut bench);
    bench.command(Command::FindPath(id));
    asked(&mut bench, Plan { another_path: true, ..Plan::HOLD });
    accept(&mut bench);
    bench.command(Command::Reoffer(id));
    asked(&mut bench, Plan::HOLD);
}

#[test]
fn a_call_that_does_not_stand_has_no_other_path() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("path", "z9hG4bK-p"));
    bench.command(Command::FindPath(id));
    bench.quiet();
}

#[test]
fn in_another_network_the_line_is_made_anew_before_the_path_of_a_call() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Renew);
    assert_eq!(
        bench.link.drain(..).collect::<Vec<_>>(),
        [LinkRequest::Close, LinkRequest::Open(0)]
    );
    assert_eq!(bench.line(), Line::Connecting);
    bench.command(Command::FindPath(id));
    bench.quiet();
    // It may change once more before there is a connection.
    bench.command(Command::Renew);
    assert_eq!(
        bench.link.drain(..).collect::<Vec<_>>(),
        [LinkRequest::Close, LinkRequest::Open(0)]
    );
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
    offered(&mut bench, id);
    bench.request(Method::Invite);
    bench.quiet();
}

#[test]
fn a_call_that_is_being_placed_keeps_its_line_as_long_as_that_answers() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[], "");
    bench.events.clear();
    bench.command(Command::Renew);
    assert!(bench.link.is_empty());
    assert!(bench.events.is_empty());
}
