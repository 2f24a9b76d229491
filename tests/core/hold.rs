//! Hold and resume, ours and the peer's (RFC 3261 §14, RFC 3264 §8.4).

use crate::support::{Bench, OUR_SDP, SDP, from_callee, header, in_dialog, seq};
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, MediaFailure, MediaReply, MediaRequest, Misbehaviour,
};
use webphone::sip::wire::{Method, Request};

const CHALLENGE: (&str, &str) = ("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"");

/// What our browser offers to hold.
fn hold_offer() -> String {
    [OUR_SDP, "a=sendonly\r\n"].concat()
}

fn with(direction: &str) -> String {
    [SDP, "a=", direction, "\r\n"].concat()
}

/// Has the browser make the offer for a hold; returns the re-INVITE.
#[track_caller]
fn hold(bench: &mut Bench, id: CallId) -> Request {
    bench.command(Command::Hold(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::HOLD)));
    bench.nothing_sent();
    bench.input(Input::Media(MediaReply::Offer(id, hold_offer())));
    bench.request(Method::Invite)
}

/// A call of ours whose re-INVITE for a hold is out.
fn holding() -> (Bench, CallId, Request, Request) {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    let again = hold(&mut bench, id);
    bench.quiet();
    (bench, id, invite, again)
}

fn held(id: CallId, local: bool, remote: bool) -> (CallId, CallEvent) {
    (id, CallEvent::HoldChanged { local, remote })
}

#[test]
fn whoever_is_on_hold_and_asks_for_an_offer_does_not_hold_us_by_its_answer() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = hold(&mut bench, id);
    bench.reply(&again, 200, &[], &with("recvonly"));
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), held(id, true, false));
    bench.media.clear();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-w", ""));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, hold_offer())));
    bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-x", &with("inactive")));
    assert!(matches!(bench.media.pop_front(), Some(MediaRequest::ApplyAnswer { .. })));
    bench.quiet();
}

#[test]
fn hold_is_a_reinvite_that_counts_once_it_is_accepted() {
    let (mut bench, id, invite, again) = holding();
    assert_eq!(seq(&again), 2);
    assert_eq!(header(&again.headers, "Call-ID"), header(&invite.headers, "Call-ID"));
    assert_eq!(again.uri.to_string(), "sip:bob@far.example;transport=ws");
    assert_eq!(again.body, hold_offer().as_bytes());
    assert!(again.headers.has("Contact"));
    bench.reply(&again, 100, &[], "");
    bench.quiet();
    let moved = [("Contact", "<sip:bob@new.example;transport=ws>")];
    bench.reply(&again, 200, &moved, &with("recvonly"));
    let ack = bench.request(Method::Ack);
    assert_eq!((seq(&ack), ack.uri.host().as_deref()), (2, Some("new.example")));
    let (sdp, provisional) = (with("recvonly"), false);
    let applied = MediaRequest::ApplyAnswer { call: id, sdp, provisional };
    assert_eq!(bench.media.pop_front(), Some(applied));
    assert_eq!(bench.call_event(), held(id, true, false));
    // A retransmitted 2xx gets the same ACK and changes nothing.
    bench.reply(&again, 200, &moved, &with("recvonly"));
    assert_eq!(bench.request(Method::Ack), ack);
    bench.quiet();

    bench.command(Command::Hold(id));
    bench.quiet();
    bench.command(Command::Resume(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let resume = bench.request(Method::Invite);
    assert_eq!(seq(&resume), 3);
    bench.reply(&resume, 200, &[], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), held(id, false, false));
}

#[test]
fn a_hold_works_in_a_call_that_came_in() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = hold(&mut bench, id);
    assert_eq!(seq(&again), 1);
    assert_eq!(header(&again.headers, "From"), header(&ok.headers, "To"));
    bench.reply(&again, 200, &[], &with("recvonly"));
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), held(id, true, false));
}

#[test]
fn an_answer_that_sends_to_a_hold_is_mended() {
    let (mut bench, id, _, again) = holding();
    bench.reply(&again, 200, &[], SDP);
    bench.request(Method::Ack);
    let (sdp, provisional) = (with("recvonly"), false);
    let applied = MediaRequest::ApplyAnswer { call: id, sdp, provisional };
    assert_eq!(bench.media.pop_front(), Some(applied));
    assert_eq!(bench.call_event(), held(id, true, false));
}

#[test]
fn a_refused_hold_keeps_the_session_as_it_was() {
    for status in [488, 403, 500, 503, 606] {
        let (mut bench, id, invite, again) = holding();
        bench.reply(&again, status, &[], "");
        bench.request(Method::Ack);
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
        assert_eq!(bench.call_event(), (id, CallEvent::HoldRefused));
        bench.quiet();
        // The peer may still change it.
        bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-re", SDP));
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    }
}

#[test]
fn a_hold_that_finds_no_dialog_ends_the_call() {
    for (status, how) in [(481, Misbehaviour::Forgotten), (408, Misbehaviour::Silent)] {
        let (mut bench, id, _, again) = holding();
        bench.reply(&again, status, &[], "");
        bench.request(Method::Ack);
        bench.request(Method::Bye);
        assert_eq!(bench.ended(id), EndReason::ProtocolFailure(how));
    }
    let (mut bench, id, ..) = holding();
    bench.advance(Duration::from_secs(32));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::Silent));
}

#[test]
fn a_hold_that_the_browser_cannot_offer_is_given_up() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Hold(id));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    assert_eq!(bench.call_event(), (id, CallEvent::HoldRefused));
    bench.quiet();
}

#[test]
fn a_challenge_to_a_hold_is_answered_and_the_dialog_goes_on_counting() {
    let mut bench = Bench::registered();
    bench.meet_proxy();
    let (id, ..) = bench.established_outgoing();
    let again = hold(&mut bench, id);
    bench.reply(&again, 407, &[CHALLENGE], "");
    bench.request(Method::Ack);
    let authorized = bench.request(Method::Invite);
    assert_eq!(seq(&authorized), 3);
    assert!(authorized.headers.has("Proxy-Authorization"));
    bench.reply(&authorized, 200, &[], &with("recvonly"));
    assert_eq!(seq(&bench.request(Method::Ack)), 3);
    assert_eq!(bench.call_event(), held(id, true, false));
    bench.command(Command::HangUp(id));
    assert_eq!(seq(&bench.request(Method::Bye)), 4);
}

#[test]
fn a_caller_cannot_challenge_us_in_its_own_call() {
    let mut bench = Bench::registered();
    let (id, _) = bench.established_incoming();
    let again = hold(&mut bench, id);
    bench.reply(&again, 401, &[("WWW-Authenticate", CHALLENGE.1)], "");
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::HoldRefused));
    bench.nothing_sent();
}

#[test]
fn a_resume_during_the_hold_follows_it() {
    let (mut bench, id, _, again) = holding();
    bench.command(Command::Resume(id));
    bench.quiet();
    bench.reply(&again, 200, &[], &with("recvonly"));
    bench.request(Method::Ack);
    bench.media.pop_front();
    assert_eq!(bench.call_event(), held(id, true, false));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
}

#[test]
fn the_peers_hold_counts_once_it_is_acknowledged() {
    for offer in [
        with("sendonly"),
        with("inactive"),
        SDP.replace("audio 9", "audio 4000") + "c=IN IP4 0.0.0.0\r\n",
    ] {
        let mut bench = Bench::registered();
        let (id, ok) = bench.established_incoming();
        bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-h", &offer));
        bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
        bench.response(200);
        assert!(bench.events.is_empty());
        bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-ha", ""));
        assert_eq!(bench.call_event(), held(id, false, true));

        bench.receive(in_dialog(&ok, "INVITE", 3, "z9hG4bK-r", SDP));
        bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
        bench.response(200);
        bench.receive(in_dialog(&ok, "ACK", 3, "z9hG4bK-ra", ""));
        assert_eq!(bench.call_event(), held(id, false, false));
    }
}

#[test]
fn an_inactive_answer_says_whether_the_peer_still_holds() {
    // A peer that does not hold may answer inactive to a hold: that is our doing.
    let (mut bench, id, invite, again) = holding();
    bench.reply(&again, 200, &[], &with("inactive"));
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), held(id, true, false));
    // It holds us too.
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-h", &with("inactive")));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(from_callee(&invite, "ACK", 1, "z9hG4bK-ha", ""));
    assert_eq!(bench.call_event(), held(id, true, true));
    // We resume, and it does not.
    bench.command(Command::Resume(id));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let resume = bench.request(Method::Invite);
    bench.reply(&resume, 200, &[], &with("sendonly"));
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), held(id, false, true));
}

#[test]
fn the_accepted_hold_of_a_call_that_is_gone_is_acknowledged() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = hold(&mut bench, id);
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    bench.ended(id);
    bench.reply(&again, 200, &[], SDP);
    let ack = bench.request(Method::Ack);
    assert_eq!((seq(&ack), &ack.uri), (1, &again.uri));
    bench.quiet();
}

#[test]
fn nothing_is_told_of_a_hold_after_the_end() {
    for status in [200, 403, 407, 481, 491] {
        // The session lingers for late answers to its INVITE.
        let (mut bench, id, _, again) = holding();
        bench.command(Command::HangUp(id));
        bench.request(Method::Bye);
        bench.ended(id);
        bench.reply(&again, status, &[CHALLENGE], SDP);
        bench.request(Method::Ack);
        bench.advance(Duration::from_secs(10));
        bench.quiet();
    }
}

#[test]
fn holding_nothing_does_nothing() {
    let mut bench = Bench::registered();
    let (id, _) = bench.place_call("sip:1002@example.com");
    bench.command(Command::Hold(id));
    bench.command(Command::Resume(id));
    bench.quiet();
}
