//! The answer to a call that arrived, and the wait for its ACK.

use crate::support::{Bench, OUR_SDP, SDP, Sent, answered, in_dialog, request, seq};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{Command, EndReason, MediaReply, MediaRequest, Misbehaviour};
use webphone::sip::wire::Method;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_answer_is_repeated_until_its_ack_comes() {
    let (mut bench, _, ok) = answered();
    for wait in [500, 1000, 2000, 4000, 4000, 4000] {
        bench.advance(Duration::from_millis(wait - 1));
        bench.nothing_sent();
        bench.advance(Duration::from_millis(1));
        assert_eq!(bench.response(200), ok);
    }
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.advance(100 * SECOND);
    bench.quiet();
    // A late twin of the ACK is nothing new.
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.quiet();
}

#[test]
fn an_ack_of_another_number_does_not_count() {
    let (mut bench, _, ok) = answered();
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-a", ""));
    bench.advance(SECOND / 2);
    bench.response(200);
}

#[test]
fn without_an_ack_the_call_is_ended_after_32_seconds() {
    let (mut bench, id, _) = answered();
    bench.advance(Duration::from_millis(31_999));
    assert!(bench.events.is_empty());
    bench.sent.clear();
    bench.advance(Duration::from_millis(1));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoAck));
    bench.advance(100 * SECOND);
    bench.quiet();
}

#[test]
fn an_invite_without_an_offer_is_answered_with_ours() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "in", "z9hG4bK-1", "", ""));
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    assert_eq!(ok.body, OUR_SDP.as_bytes());
    bench.call_event();
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", SDP));
    let sdp = SDP.to_owned();
    let applied = MediaRequest::ApplyAnswer { call: id, sdp, provisional: false };
    assert_eq!(bench.media.pop_front(), Some(applied));
    bench.quiet();
}

#[test]
fn an_ack_without_the_answer_that_is_due_ends_the_call() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "in", "z9hG4bK-1", "", ""));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.call_event();
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoDescription));
}

#[test]
fn hanging_up_before_the_ack_waits_for_it() {
    let (mut bench, id, ok) = answered();
    bench.command(Command::HangUp(id));
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    bench.nothing_sent();
    bench.advance(SECOND / 2);
    assert_eq!(bench.response(200), ok, "it is still repeated");
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    let bye = bench.request(Method::Bye);
    assert_eq!(seq(&bye), 1);
    bench.quiet();
}

#[test]
fn hanging_up_without_an_ack_says_bye_after_32_seconds() {
    let (mut bench, id, _) = answered();
    bench.command(Command::HangUp(id));
    bench.ended(id);
    bench.advance(32 * SECOND);
    let parted = bench.sent.pop_back();
    assert!(matches!(parted, Some(Sent::Request(bye)) if bye.method == Method::Bye));
    bench.sent.clear();
    bench.advance(100 * SECOND);
    bench.quiet();
}

#[test]
fn the_peer_may_hang_up_instead_of_acknowledging() {
    let (mut bench, id, ok) = answered();
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.advance(100 * SECOND);
    bench.quiet();
}
