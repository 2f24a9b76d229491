//! UPDATE (RFC 3311), in calls that stand and in those that do not yet.

use crate::support::{Bench, OUR_SDP, SDP, from_callee, header, in_dialog, invite};
use webphone::media::sdp::plan::Plan;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, MediaFailure, MediaReply, MediaRequest,
};
use webphone::sip::wire::{Method, Request};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");
const RELIABLE: [(&str, &str); 3] = [CONTACT, ("Require", "100rel"), ("RSeq", "1")];

#[test]
fn an_update_without_a_description_moves_the_target() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", ""));
    let ok = bench.response(200);
    assert!(ok.headers.has("Contact") && ok.body.is_empty());
    bench.quiet();
    bench.command(Command::HangUp(id));
    assert_eq!(bench.request(Method::Bye).uri.host().as_deref(), Some("moved.invalid"));
}

#[test]
fn an_update_with_an_offer_is_answered_without_an_ack() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let offer = [SDP, "a=sendonly\r\n"].concat();
    bench.receive(in_dialog(&ok, "UPDATE", 2, "z9hG4bK-u", &offer));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, offer)));
    bench.nothing_sent();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let changed = bench.response(200);
    assert_eq!(changed.body, OUR_SDP.as_bytes());
    assert_eq!(header(&changed.headers, "CSeq"), "2 UPDATE");
    let held = CallEvent::HoldChanged { local: false, remote: true };
    assert_eq!(bench.call_event(), (id, held));
    bench.advance(std::time::Duration::from_secs(60));
    bench.quiet();
}

#[test]
fn an_update_that_the_browser_refuses_keeps_the_call() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "UPDATE", 2, "z9hG4bK-u", SDP));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    bench.response(488);
    let insecure = SDP.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP");
    bench.receive(in_dialog(&ok, "UPDATE", 3, "z9hG4bK-u3", &insecure));
    bench.response(488);
    bench.quiet();
}

#[test]
fn an_offer_during_ours_gets_491_and_during_theirs_500() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::Hold(id));
    bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-1", SDP));
    bench.response(491);
    // Without an offer it is no glare.
    bench.receive(from_callee(&invite, "UPDATE", 2, "z9hG4bK-2", ""));
    bench.response(200);

    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-2", SDP));
    bench.receive(in_dialog(&ok, "UPDATE", 3, "z9hG4bK-3", SDP));
    assert!(bench.response(500).headers.has("Retry-After"));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-2a", ""));

    // Our offer stands in the 2xx to an INVITE without one.
    bench.receive(in_dialog(&ok, "INVITE", 4, "z9hG4bK-4", ""));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(in_dialog(&ok, "UPDATE", 5, "z9hG4bK-5", SDP));
    bench.response(491);
}

#[test]
fn a_caller_may_update_before_the_answer_but_not_its_offer() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(in_dialog(&ringing, "UPDATE", 2, "z9hG4bK-2", ""));
    bench.response(200);
    bench.receive(in_dialog(&ringing, "UPDATE", 3, "z9hG4bK-3", SDP));
    assert!(bench.response(500).headers.has("Retry-After"));
    bench.receive(in_dialog(&ringing, "UPDATE", 2, "z9hG4bK-4", ""));
    assert!(!bench.response(500).headers.has("Retry-After"), "it is out of order");
    bench.quiet();
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.command(Command::HangUp(id));
    assert!(bench.request(Method::Bye).uri.to_string().contains("invalid"));
}

#[test]
fn a_callee_may_update_before_its_answer_but_not_our_offer() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-0", ""));
    bench.response(481);
    bench.reply(&invite, 180, &[CONTACT], "");
    bench.call_event();
    bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-1", ""));
    bench.response(200);
    bench.receive(from_callee(&invite, "UPDATE", 2, "z9hG4bK-2", SDP));
    bench.response(491);
    // What is said unreliably is no answer yet.
    bench.reply(&invite, 183, &[CONTACT], SDP);
    bench.receive(from_callee(&invite, "UPDATE", 3, "z9hG4bK-3", SDP));
    bench.response(491);
    // Nor is a reliable response without a description.
    bench.reply(&invite, 180, &RELIABLE, "");
    bench.request(Method::Prack);
    bench.receive(from_callee(&invite, "UPDATE", 4, "z9hG4bK-4", SDP));
    bench.response(491);
}

/// A call of ours whose callee has answered our offer, reliably, before it answers the call.
fn early() -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &RELIABLE, SDP);
    bench.request(Method::Prack);
    assert_eq!(bench.media.pop_front(), Some(answer(id, SDP, true)));
    assert_eq!(bench.call_event(), (id, CallEvent::EarlyMedia));
    (bench, id, invite)
}

fn answer(call: CallId, sdp: &str, provisional: bool) -> MediaRequest {
    MediaRequest::ApplyAnswer { call, sdp: sdp.into(), provisional }
}

/// What the callee offers by UPDATE, and what our browser answers to it.
fn changed(sdp: &str) -> String {
    sdp.replace("127.0.0.1", "127.0.0.2")
}

/// The callee's UPDATE arrives, and the browser is asked for an answer.
fn offers(bench: &mut Bench, id: CallId, invite: &Request, seq: u32, sdp: &str) {
    let branch = format!("z9hG4bK-{seq}");
    bench.receive(from_callee(invite, "UPDATE", seq, &branch, sdp));
    assert_eq!(bench.media.pop_back(), Some(MediaRequest::CreateAnswer(id, sdp.into())));
    bench.nothing_sent();
}

#[test]
fn a_callee_may_change_the_session_before_it_answers() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    assert_eq!(bench.media.pop_front(), Some(answer(id, SDP, false)), "its answer counts now");
    bench.receive(from_callee(&invite, "UPDATE", 2, "z9hG4bK-2", SDP));
    assert!(bench.response(500).headers.has("Retry-After"), "one at a time");
    bench.input(Input::Media(MediaReply::Answer(id, changed(OUR_SDP))));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "CSeq"), "1 UPDATE");
    assert_eq!(ok.body, changed(OUR_SDP).as_bytes());
    assert_eq!(header(&ok.headers, "Content-Type"), "application/sdp");
    bench.quiet();
    // It may do so again.
    let held = [&changed(SDP), "a=sendonly\r\n"].concat();
    offers(&mut bench, id, &invite, 3, &held);
    bench.quiet();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    // The answer to the INVITE repeats what it said first, which does not count any more.
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    let held = CallEvent::HoldChanged { local: false, remote: true };
    assert_eq!(bench.call_event(), (id, held));
    bench.quiet();
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
}

#[test]
fn a_change_that_the_browser_refuses_leaves_the_early_call() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    bench.response(488);
    bench.quiet();
    bench.reply(&invite, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.quiet();
}

#[test]
fn an_answer_may_overtake_the_change_before_it() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.media.clear();
    bench.reply(&invite, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.quiet();
    bench.input(Input::Media(MediaReply::Answer(id, changed(OUR_SDP))));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "CSeq"), "1 UPDATE");
    assert_eq!(ok.body, changed(OUR_SDP).as_bytes());
    bench.quiet();
}

#[test]
fn a_call_that_ends_answers_the_change_before_it() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    bench.response(487);
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 486, .. }));

    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.command(Command::HangUp(id));
    bench.response(487);
    bench.request(Method::Cancel);
    bench.ended(id);
    bench.receive(from_callee(&invite, "UPDATE", 2, "z9hG4bK-2", SDP));
    bench.response(488);
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.nothing_sent();
}

#[test]
fn another_fork_may_not_change_what_is_heard_of_the_first() {
    let (mut bench, id, invite) = early();
    bench.reply_as("other", &invite, 183, &RELIABLE, SDP);
    bench.request(Method::Prack);
    let update = from_callee(&invite, "UPDATE", 1, "z9hG4bK-o", SDP).replace("=far", "=other");
    bench.receive(update);
    bench.response(488);
    bench.quiet();
    // It answers the call after the first has changed the session: the media have to be agreed
    // with it anew.
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.media.clear();
    bench.reply_as("other", &invite, 200, &[CONTACT], SDP);
    bench.response(487);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.input(Input::Media(MediaReply::Offer(id, changed(OUR_SDP))));
    let again = bench.request(Method::Invite);
    assert!(header(&again.headers, "To").ends_with(";tag=other"));
    assert_eq!(again.body, changed(OUR_SDP).as_bytes());
    bench.quiet();
}

#[test]
fn another_fork_that_answers_without_encryption_is_not_talked_to() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.media.clear();
    let plain = "v=0\r\nm=audio 9 RTP/AVP 0\r\n";
    bench.reply_as("other", &invite, 200, &[CONTACT], plain);
    bench.response(487);
    bench.request(Method::Ack);
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::NoMedia(MediaFailure::NotEncrypted));
}

#[test]
fn a_refusal_after_a_change_is_not_followed_elsewhere() {
    let (mut bench, id, invite) = early();
    offers(&mut bench, id, &invite, 1, &changed(SDP));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.reply(&invite, 302, &[("Contact", "<sip:1003@example.com>")], "");
    bench.request(Method::Ack);
    bench.nothing_sent();
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 302, .. }));
}

#[test]
fn updates_outside_a_dialog_get_481() {
    let mut bench = Bench::registered();
    for method in ["UPDATE", "PRACK"] {
        bench.receive(crate::support::request(method, "none", "z9hG4bK-n", "", ""));
        bench.response(481);
    }
}
