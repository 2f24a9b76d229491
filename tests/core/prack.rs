//! Reliable provisional responses (RFC 3262), theirs and ours.

use crate::support::{Bench, OUR_SDP, SDP, header, in_dialog, request, seq};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{CallEvent, Command, EndReason, MediaReply, MediaRequest, Misbehaviour};
use webphone::sip::wire::{Method, Response};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");
const REQUIRED: (&str, &str) = ("Require", "100rel");

/// An INVITE that demands reliable responses rings; the 180.
fn ringing() -> (Bench, webphone::sip::ua::CallId, Response) {
    let mut bench = Bench::registered();
    let invite = request("INVITE", "in", "z9hG4bK-1", "Require: 100rel\r\n", SDP);
    let (id, ringing) = bench.ring(&invite);
    (bench, id, ringing)
}

/// The caller's PRACK for this 180.
fn prack(ringing: &Response, seq: u32, rack: &str) -> String {
    let text = in_dialog(ringing, "PRACK", seq, &format!("z9hG4bK-p{seq}"), "");
    text.replace("Content-Length", &format!("RAck: {rack}\r\nContent-Length"))
}

fn rack(ringing: &Response) -> String {
    format!("{} 1 INVITE", header(&ringing.headers, "RSeq"))
}

#[test]
fn a_reliable_response_is_acknowledged_once() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    assert!(invite.headers.has_token("Supported", "100rel"));
    let route = ("Record-Route", "<sip:one;lr>, <sip:two;lr>");
    let reliable = [CONTACT, route, REQUIRED, ("RSeq", "988789")];
    bench.reply(&invite, 180, &reliable, "");
    let prack = bench.request(Method::Prack);
    assert_eq!(header(&prack.headers, "RAck"), "988789 1 INVITE");
    assert_eq!(prack.uri.to_string(), "sip:bob@far.example;transport=ws");
    assert_eq!(prack.headers.all("Route").collect::<Vec<_>>(), ["<sip:two;lr>", "<sip:one;lr>"]);
    assert_eq!(seq(&prack), 2);
    assert_eq!(bench.call_event(), (id, CallEvent::Ringing));
    bench.reply(&invite, 180, &reliable, "");
    bench.quiet();
    bench.reply(&prack, 200, &[], "");
    bench.quiet();
    // The dialog counts on from the PRACK.
    bench.reply(&invite, 200, &[CONTACT], SDP);
    assert_eq!(seq(&bench.request(Method::Ack)), 1);
    bench.command(Command::HangUp(id));
    assert_eq!(seq(&bench.request(Method::Bye)), 3);
}

#[test]
fn reliable_responses_are_taken_in_their_order_only() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[CONTACT, REQUIRED, ("RSeq", "5")], "");
    bench.request(Method::Prack);
    // Number 7 overtook number 6.
    bench.reply(&invite, 180, &[CONTACT, REQUIRED, ("RSeq", "7")], "");
    bench.quiet();
    bench.reply(&invite, 183, &[CONTACT, REQUIRED, ("RSeq", "6")], "");
    assert_eq!(header(&bench.request(Method::Prack).headers, "RAck"), "6 1 INVITE");
    bench.quiet();
    bench.reply(&invite, 180, &[CONTACT, REQUIRED, ("RSeq", "7")], "");
    assert_eq!(seq(&bench.request(Method::Prack)), 4);
    assert_eq!(bench.call_event(), (id, CallEvent::Ringing));
}

#[test]
fn each_fork_is_acknowledged_in_its_own_dialog() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    for (tag, contact, rseq) in [("a", "<sip:a@a.example>", "1"), ("b", "<sip:b@b.example>", "900")]
    {
        let reliable = [("Contact", contact), REQUIRED, ("RSeq", rseq)];
        bench.reply_as(tag, &invite, 180, &reliable, "");
        let prack = bench.request(Method::Prack);
        assert!(header(&prack.headers, "To").ends_with(&format!(";tag={tag}")));
        assert_eq!(prack.uri.to_string(), contact.trim_matches(['<', '>']));
        assert_eq!(header(&prack.headers, "RAck"), format!("{rseq} 1 INVITE"));
        assert_eq!(seq(&prack), 2);
    }
}

#[test]
fn an_answer_in_a_reliable_response_needs_none_in_the_200() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[CONTACT, REQUIRED, ("RSeq", "1")], SDP);
    bench.request(Method::Prack);
    let answer = |provisional| MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional };
    assert_eq!(bench.media.pop_front(), Some(answer(true)));
    assert_eq!(bench.call_event(), (id, CallEvent::EarlyMedia));
    bench.reply(&invite, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    // Now it is final for the browser too.
    assert_eq!(bench.media.pop_front(), Some(answer(false)));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
}

#[test]
fn the_answer_of_another_fork_in_its_reliable_response_needs_none_in_its_200() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply_as("one", &invite, 183, &[CONTACT], SDP);
    let theirs = SDP.replace("00:01", "01:00");
    bench.reply_as("two", &invite, 183, &[CONTACT, REQUIRED, ("RSeq", "1")], &theirs);
    bench.request(Method::Prack);
    bench.media.clear();
    bench.events.clear();
    bench.reply_as("two", &invite, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    let answer = MediaRequest::ApplyAnswer { call: id, sdp: theirs, provisional: false };
    assert_eq!(bench.media.pop_front(), Some(answer));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.quiet();
}

#[test]
fn a_challenge_to_a_prack_is_answered_and_counted() {
    let mut bench = Bench::registered();
    bench.meet_proxy();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[CONTACT, REQUIRED, ("RSeq", "1")], "");
    let prack = bench.request(Method::Prack);
    bench.reply(
        &prack,
        407,
        &[("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"")],
        "",
    );
    let again = bench.request(Method::Prack);
    assert_eq!((seq(&again), header(&again.headers, "RAck")), (3, "1 1 INVITE"));
    bench.reply(&invite, 180, &[CONTACT, REQUIRED, ("RSeq", "2")], "");
    assert_eq!(seq(&bench.request(Method::Prack)), 4);
}

#[test]
fn a_reliable_response_without_a_number_is_ignored() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[CONTACT, REQUIRED], "");
    bench.reply(&invite, 180, &[CONTACT, REQUIRED, ("RSeq", "x")], "");
    bench.quiet();
}

#[test]
fn where_the_caller_demands_it_180_is_repeated_until_its_prack() {
    let (mut bench, _, ringing) = ringing();
    assert!(ringing.headers.has_token("Require", "100rel"));
    let rseq: u32 = header(&ringing.headers, "RSeq").parse().expect("a number");
    assert!((1..1 << 31).contains(&rseq));
    for wait in [500, 1000, 2000, 4000] {
        bench.advance(Duration::from_millis(wait - 1));
        bench.nothing_sent();
        bench.advance(Duration::from_millis(1));
        assert_eq!(bench.response(180), ringing);
    }
    bench.receive(prack(&ringing, 2, &rack(&ringing)));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "2 PRACK");
    bench.advance(Duration::from_secs(40));
    bench.quiet();
    // After a minute it says so again, under the next number.
    bench.advance(Duration::from_secs(20));
    let again = bench.response(180);
    let rseq_of = |ringing: &Response| header(&ringing.headers, "RSeq").parse::<u32>();
    assert_eq!(rseq_of(&again), rseq_of(&ringing).map(|rseq| rseq + 1));
}

#[test]
fn without_an_offer_nothing_reliable_is_sent_before_the_answer() {
    let mut bench = Bench::registered();
    bench.receive(request("INVITE", "in", "z9hG4bK-1", "Require: 100rel\r\n", ""));
    let (id, event) = bench.call_event();
    assert!(matches!(event, CallEvent::Incoming(_)), "{event:?}");
    bench.quiet();
    bench.advance(Duration::from_secs(100));
    bench.response(100);
    bench.quiet();
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    assert_eq!(ok.body, OUR_SDP.as_bytes());
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", SDP));
    let answer = MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional: false };
    assert_eq!(bench.media.pop_front(), Some(answer));
    bench.advance(Duration::from_secs(40));
    bench.quiet();
}

#[test]
fn a_prack_for_nothing_gets_481() {
    let (mut bench, _, ringing) = ringing();
    let rseq: u32 = header(&ringing.headers, "RSeq").parse().expect("a number");
    let wrong = [format!("{} 1 INVITE", rseq + 1), format!("{rseq} 2 INVITE"), "x".into()];
    for (index, rack) in wrong.iter().enumerate() {
        bench.receive(prack(&ringing, 2 + index as u32, rack));
        bench.response(481);
    }
    bench.receive(prack(&ringing, 8, &rack(&ringing)));
    bench.response(200);
    bench.receive(prack(&ringing, 9, &rack(&ringing)));
    bench.response(481);
}

#[test]
fn a_caller_that_never_acknowledges_is_given_up() {
    let (mut bench, id, _) = ringing();
    bench.advance(Duration::from_millis(31_999));
    bench.sent.clear();
    bench.advance(Duration::from_millis(1));
    bench.response(504);
    assert_eq!(bench.ended_without_media(id), EndReason::ProtocolFailure(Misbehaviour::NoPrack));
}

#[test]
fn an_answer_may_overtake_the_prack() {
    let (mut bench, id, ringing) = ringing();
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(prack(&ringing, 2, &rack(&ringing)));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "2 PRACK");
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.advance(Duration::from_secs(100));
    bench.nothing_sent();
}

#[test]
fn a_caller_that_only_supports_it_gets_a_plain_180() {
    let mut bench = Bench::registered();
    let invite = request("INVITE", "in", "z9hG4bK-1", "Supported: 100rel\r\n", SDP);
    let (_, ringing) = bench.ring(&invite);
    assert!(!ringing.headers.has("RSeq") && !ringing.headers.has("Require"));
    bench.advance(Duration::from_secs(40));
    bench.quiet();
}
