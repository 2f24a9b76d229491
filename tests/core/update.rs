//! UPDATE (RFC 3311), in calls that stand and in those that do not yet.

use crate::support::{Bench, OUR_SDP, SDP, from_callee, header, in_dialog, invite};
use webphone::sip::Input;
use webphone::sip::ua::{CallEvent, Command, MediaFailure, MediaReply, MediaRequest};
use webphone::sip::wire::Method;

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

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
    // Once it has answered reliably, it may, but not yet.
    let reliable = [CONTACT, ("Require", "100rel"), ("RSeq", "1")];
    bench.reply(&invite, 183, &reliable, SDP);
    bench.request(Method::Prack);
    bench.receive(from_callee(&invite, "UPDATE", 3, "z9hG4bK-3", SDP));
    assert!(bench.response(500).headers.has("Retry-After"));
}

#[test]
fn updates_outside_a_dialog_get_481() {
    let mut bench = Bench::registered();
    for method in ["UPDATE", "PRACK"] {
        bench.receive(crate::support::request(method, "none", "z9hG4bK-n", "", ""));
        bench.response(481);
    }
}
