//! Both ends change the session at once (RFC 3261 §14.1, §14.2), and what a change does when the
//! connection breaks.

use crate::support::{Bench, OUR_SDP, SDP, Sent, from_callee, granted, header, in_dialog, seq};
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, MediaReply, MediaRequest, Misbehaviour,
};
use webphone::sip::wire::{Method, Request, Response};

fn hold(bench: &mut Bench, id: CallId) -> Request {
    bench.command(Command::Hold(id));
    offer(bench, id)
}

/// The browser makes the offer it is asked for; returns the re-INVITE.
#[track_caller]
fn offer(bench: &mut Bench, id: CallId) -> Request {
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::HOLD)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.request(Method::Invite)
}

/// Our hold met the peer's change; how long we wait before the next attempt.
fn wait_after_glare(bench: &mut Bench, id: CallId, invite: &Request) -> Duration {
    bench.reply(invite, 491, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.quiet();
    let mut waited = Duration::ZERO;
    while bench.media.is_empty() {
        bench.advance(Duration::from_millis(10));
        waited += Duration::from_millis(10);
        assert!(waited <= Duration::from_secs(5), "it never tries again");
    }
    waited
}

#[test]
fn glare_in_our_call_waits_between_2100_and_4000_ms() {
    let mut seen = Vec::new();
    let mut bench = Bench::registered();
    for _ in 0..12 {
        let (id, ..) = bench.established_outgoing();
        let invite = hold(&mut bench, id);
        let wait = wait_after_glare(&mut bench, id, &invite);
        assert!((2100..=4000).contains(&wait.as_millis()), "{wait:?}");
        seen.push(wait);
        bench.command(Command::HangUp(id));
        let bye = bench.request(Method::Bye);
        bench.reply(&bye, 200, &[], "");
        bench.events.clear();
        bench.media.clear();
    }
    seen.dedup();
    assert!(seen.len() > 6, "the wait is random: {seen:?}");
}

#[test]
fn glare_in_the_peers_call_waits_up_to_2000_ms() {
    let mut bench = Bench::registered();
    let (id, _) = bench.established_incoming();
    let invite = hold(&mut bench, id);
    let wait = wait_after_glare(&mut bench, id, &invite);
    assert!(wait.as_millis() <= 2000, "{wait:?}");
}

#[test]
fn after_glare_it_is_tried_three_times_more() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    let mut invite = hold(&mut bench, id);
    for number in 3..=5 {
        wait_after_glare(&mut bench, id, &invite);
        invite = offer(&mut bench, id);
        assert_eq!(seq(&invite), number);
    }
    bench.reply(&invite, 491, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    assert_eq!(bench.call_event(), (id, CallEvent::HoldRefused));
    bench.advance(Duration::from_secs(10));
    bench.quiet();
}

#[test]
fn the_peers_change_goes_first_while_ours_waits() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    let ours = hold(&mut bench, id);
    bench.reply(&ours, 491, &[], "");
    bench.request(Method::Ack);
    bench.media.clear();
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-re", SDP));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    // Ours has to wait until theirs is done, however long that takes.
    bench.advance(Duration::from_secs(10));
    bench.response(100);
    bench.quiet();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.quiet();
    bench.receive(from_callee(&invite, "ACK", 1, "z9hG4bK-ra", ""));
    offer(&mut bench, id);
}

#[test]
fn the_peers_invite_during_ours_gets_491() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::Hold(id));
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-1", SDP));
    bench.response(491);
    let ours = offer(&mut bench, id);
    bench.receive(from_callee(&invite, "INVITE", 2, "z9hG4bK-2", SDP));
    bench.response(491);
    bench.quiet();
    bench.reply(&ours, 200, &[], SDP);
    bench.request(Method::Ack);
    bench.media.clear();
    bench.receive(from_callee(&invite, "INVITE", 3, "z9hG4bK-3", SDP));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
}

#[test]
fn a_peer_that_is_busy_with_its_own_change_is_asked_later() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    let ours = hold(&mut bench, id);
    bench.reply(&ours, 500, &[("Retry-After", "3")], "");
    bench.request(Method::Ack);
    bench.media.clear();
    bench.advance(Duration::from_millis(2999));
    bench.quiet();
    bench.advance(Duration::from_millis(1));
    offer(&mut bench, id);
}

/// The next connection is there and registered by.
pub(crate) fn recover(bench: &mut Bench, gruu: &str) {
    bench.reopen();
    let register = loop {
        match bench.sent.pop_front() {
            Some(Sent::Request(request)) if request.method == Method::Register => break request,
            Some(_) => {}
            None => panic!("it did not register"),
        }
    };
    let contact = granted(&register, 600) + gruu;
    bench.reply(&register, 200, &[("Contact", &contact)], "");
    bench.events.clear();
}

/// An incoming call over whose connection another one came.
fn reconnected() -> (Bench, CallId, Response, Request) {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.lose();
    bench.quiet_but_for_the_line();
    recover(&mut bench, "");
    let refresh = bench.request(Method::Invite);
    bench.quiet();
    (bench, id, ok, refresh)
}

#[test]
fn a_new_connection_refreshes_the_target_with_the_last_description() {
    let (mut bench, _, ok, refresh) = reconnected();
    assert_eq!(refresh.body, ok.body);
    assert!(refresh.headers.has("Contact"));
    bench.reply(&refresh, 200, &[], SDP);
    bench.request(Method::Ack);
    bench.advance(Duration::from_secs(60));
    bench.quiet();
}

#[test]
fn a_refresh_that_fails_keeps_the_call_unless_the_peer_lost_it() {
    for status in [403, 408, 488, 500, 503] {
        let (mut bench, id, _, refresh) = reconnected();
        bench.reply(&refresh, status, &[], "");
        bench.request(Method::Ack);
        bench.quiet();
        bench.command(Command::HangUp(id));
        bench.request(Method::Bye);
    }
    let (mut bench, ..) = reconnected();
    bench.advance(Duration::from_secs(33));
    bench.quiet();
    let (mut bench, id, _, refresh) = reconnected();
    bench.reply(&refresh, 481, &[], "");
    bench.request(Method::Ack);
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::Forgotten));
}

#[test]
fn an_answer_that_says_something_new_is_negotiated_properly() {
    let (mut bench, id, _, refresh) = reconnected();
    bench.reply(&refresh, 200, &[], &SDP.replace("o=- 1 1", "o=- 1 2"));
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    bench.reply(&invite, 200, &[], &SDP.replace("o=- 1 1", "o=- 1 3"));
    bench.request(Method::Ack);
    assert!(matches!(bench.media.pop_front(), Some(MediaRequest::ApplyAnswer { .. })));
    bench.quiet();
}

#[test]
fn a_gruu_needs_no_refresh_of_the_target() {
    let gruu = ";pub-gruu=\"sip:1001@example.com;gr=1\"";
    let mut bench = Bench::registered();
    bench.lose();
    recover(&mut bench, gruu);
    let (_, ok) = bench.established_incoming();
    assert!(header(&ok.headers, "Contact").contains("gr=1"));
    bench.lose();
    recover(&mut bench, gruu);
    bench.advance(Duration::from_secs(60));
    bench.quiet();
    // A renewed registration refreshes nothing either.
    let mut bench = Bench::registered();
    bench.established_incoming();
    while bench.sent.is_empty() {
        bench.advance(Duration::from_secs(1));
        assert!(bench.now.since_origin() < Duration::from_secs(600));
    }
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    bench.quiet();
}

#[test]
fn a_hold_that_the_loss_interrupts_is_made_up_for() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let lost = hold(&mut bench, id);
    bench.lose();
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    recover(&mut bench, "");
    let again = offer(&mut bench, id);
    // What the peer accepted before is acknowledged, and is not what it accepts now.
    bench.reply(&lost, 200, &[], SDP);
    assert_eq!(seq(&bench.request(Method::Ack)), seq(&lost));
    bench.quiet();
    bench.reply(&again, 200, &[], SDP);
    bench.request(Method::Ack);
    assert!(matches!(bench.call_event(), (_, CallEvent::HoldChanged { local: true, .. })));
    bench.media.clear();
    // That has refreshed the target too.
    bench.advance(Duration::from_secs(60));
    bench.quiet();
    bench.receive(in_dialog(&ok, "BYE", 9, "z9hG4bK-b", ""));
    bench.response(200);
}
