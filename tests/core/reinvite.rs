//! What the peer changes in a call that stands.

use crate::support::{Bench, OUR_SDP, SDP, from_callee, header, in_dialog};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallId, Command, EndReason, MediaFailure, MediaReply, MediaRequest, Misbehaviour,
};
use webphone::sip::wire::{Method, Response};

/// A call in which the peer's re-INVITE waits for the browser.
fn reinvited() -> (Bench, CallId, Response) {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-re", SDP));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    bench.nothing_sent();
    (bench, id, ok)
}

#[test]
fn a_reinvite_is_answered_and_acknowledged_without_a_word() {
    let (mut bench, id, ok) = reinvited();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let changed = bench.response(200);
    assert_eq!(header(&changed.headers, "CSeq"), "2 INVITE");
    assert_eq!(header(&changed.headers, "To"), header(&ok.headers, "To"));
    bench.advance(Duration::from_millis(500));
    assert_eq!(bench.response(200), changed);
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-ra", ""));
    bench.advance(Duration::from_secs(100));
    bench.quiet();
}

#[test]
fn a_reinvite_in_a_call_of_ours_is_answered_too() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-re", ""));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(from_callee(&invite, "ACK", 1, "z9hG4bK-ra", SDP));
    let sdp = SDP.to_owned();
    let applied = MediaRequest::ApplyAnswer { call: id, sdp, provisional: false };
    assert_eq!(bench.media.pop_front(), Some(applied));
    bench.quiet();
}

#[test]
fn a_reinvite_moves_the_target_once_it_is_accepted() {
    for accepted in [true, false] {
        let (mut bench, id, ok) = reinvited();
        if accepted {
            bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
            bench.response(200);
            bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-ra", ""));
        } else {
            bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
            bench.response(488);
        }
        bench.command(Command::HangUp(id));
        let host = bench.request(Method::Bye).uri.host();
        let expected = if accepted { "moved.invalid" } else { "far.invalid" };
        assert_eq!(host.as_deref(), Some(expected));
    }
}

#[test]
fn a_change_that_the_browser_refuses_keeps_the_call() {
    let (mut bench, id, ok) = reinvited();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    bench.response(488);
    bench.quiet();
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-re", ""));
    bench.receive(in_dialog(&ok, "INVITE", 3, "z9hG4bK-re3", SDP));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
}

#[test]
fn a_change_during_a_change_is_put_off() {
    let (mut bench, id, ok) = reinvited();
    bench.receive(in_dialog(&ok, "INVITE", 3, "z9hG4bK-re3", SDP));
    let busy = bench.response(500);
    let wait: u32 = header(&busy.headers, "Retry-After").parse().expect("seconds");
    assert!(wait <= 10);
    // The first one goes on.
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "2 INVITE");
}

#[test]
fn whoever_changes_the_call_again_has_done_with_the_change_before() {
    let (mut bench, id, ok) = reinvited();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    // Its line broke before our 200 was there, or its ACK here.
    bench.receive(in_dialog(&ok, "INVITE", 3, "z9hG4bK-re3", SDP));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "3 INVITE");
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-a2", ""));
    bench.advance(Duration::from_millis(500));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "3 INVITE", "that ACK is missing");
    bench.receive(in_dialog(&ok, "ACK", 3, "z9hG4bK-a3", ""));
    bench.advance(Duration::from_secs(32));
    bench.quiet_but_for_the_line();
}

#[test]
fn an_answer_that_the_ack_is_to_bring_is_waited_for() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-re", ""));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(in_dialog(&ok, "INVITE", 3, "z9hG4bK-re3", SDP));
    bench.response(500);
}

#[test]
fn a_second_invite_before_the_answer_is_put_off() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&crate::support::invite("in", "z9hG4bK-1"));
    bench.receive(in_dialog(&ringing, "INVITE", 2, "z9hG4bK-2", SDP));
    assert!(bench.response(500).headers.has("Retry-After"));
    bench.quiet();
}

#[test]
fn a_change_can_be_taken_back() {
    let (mut bench, id, ok) = reinvited();
    bench.receive(in_dialog(&ok, "CANCEL", 2, "z9hG4bK-re", ""));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "2 CANCEL");
    bench.response(487);
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.quiet();
}

#[test]
fn the_end_of_the_call_answers_a_change_that_waits() {
    let (mut bench, id, ok) = reinvited();
    bench.receive(in_dialog(&ok, "BYE", 3, "z9hG4bK-b", ""));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "3 BYE");
    assert_eq!(header(&bench.response(487).headers, "CSeq"), "2 INVITE");
    assert_eq!(bench.ended(id), EndReason::HungUpThere);

    let (mut bench, id, _) = reinvited();
    bench.command(Command::HangUp(id));
    bench.response(487);
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
}

#[test]
fn a_change_without_an_ack_ends_the_call() {
    let (mut bench, id, _) = reinvited();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.advance(Duration::from_millis(31_999));
    bench.sent.clear();
    bench.advance(Duration::from_millis(1));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoAck));
}

#[test]
fn a_change_to_what_we_cannot_do_is_refused_at_once() {
    let mut bench = Bench::registered();
    let (_, ok) = bench.established_incoming();
    let insecure = SDP.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP");
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-2", &insecure));
    bench.response(488);
    let other = in_dialog(&ok, "INVITE", 3, "z9hG4bK-3", SDP);
    bench.receive(other.replace("application/sdp", "text/plain"));
    assert_eq!(header(&bench.response(415).headers, "Accept"), "application/sdp, multipart/mixed");
    bench.quiet();
}

#[test]
fn a_request_out_of_order_gets_500() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 5, "z9hG4bK-5", SDP));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 5, "z9hG4bK-5a", ""));
    bench.receive(in_dialog(&ok, "BYE", 4, "z9hG4bK-4", ""));
    bench.response(500);
    assert!(bench.events.is_empty(), "the call stands");
    bench.receive(in_dialog(&ok, "BYE", 6, "z9hG4bK-6", ""));
    bench.response(200);
}

#[test]
fn a_change_after_the_end_finds_no_call() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-re", SDP));
    bench.response(481);
}
