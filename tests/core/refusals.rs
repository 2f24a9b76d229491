//! Content that a request brings or asks for: what is understood, and what is refused.

use crate::support::{
    Bench, OUR_SDP, SDP, Sent, answered, config, header, in_dialog, invite, request,
};
use webphone::sip::ua::{CallEvent, Command, EndReason, MediaReply, MediaRequest, Policy};
use webphone::sip::wire::Method;
use webphone::sip::{Config, Input};

/// An INVITE whose body is this, and of this kind.
fn invite_with(kind: &str, body: &str) -> String {
    let headers = format!("Content-Type: {kind}\r\n");
    let text = request("INVITE", "content", "z9hG4bK-c", &headers, "");
    text.replace("Content-Length: 0\r\n\r\n", &format!("Content-Length: {}\r\n\r\n", body.len()))
        + body
}

/// A body of several parts: a session description and an ISUP message.
fn mixed(handling: &str) -> String {
    format!(
        "--b1\r\nContent-Type: application/isup;version=nxv3\r\n\
         Content-Disposition: signal;handling={handling}\r\n\r\n\x01\x02\r\n\
         --b1\r\nContent-Type: application/sdp\r\n\r\n{SDP}\r\n--b1--\r\n"
    )
}

const MIXED: &str = "multipart/mixed;boundary=b1";

#[test]
fn a_description_among_optional_parts_makes_it_ring() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite_with(MIXED, &mixed("optional")));
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
}

#[test]
fn a_required_part_that_is_not_understood_gets_415() {
    let mut bench = Bench::registered();
    bench.receive(invite_with(MIXED, &mixed("required")));
    let refused = bench.response(415);
    assert_eq!(header(&refused.headers, "Accept"), "application/sdp, multipart/mixed");
    bench.quiet();
}

#[test]
fn a_description_among_other_parts_of_an_answer_is_applied() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let mut ok = webphone::sip::wire::Response::to_request(&invite, 200);
    let to = format!("{};tag=far", header(&invite.headers, "To"));
    ok.headers.set("To", to);
    ok.headers.push("Contact", "<sip:bob@far.example>");
    ok.headers.push("Content-Type", MIXED);
    ok.body = mixed("optional").into_bytes();
    bench.receive(ok.write());
    bench.request(Method::Ack);
    let answer = MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional: false };
    assert_eq!(bench.media.pop_front(), Some(answer));
}

#[test]
fn a_description_among_other_parts_of_an_ack_is_applied() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "late", "z9hG4bK-l", "", ""));
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    let body = mixed("optional");
    let ack = in_dialog(&ok, "ACK", 1, "z9hG4bK-a", "").replace(
        "Content-Length: 0\r\n\r\n",
        &format!("Content-Type: {MIXED}\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
    );
    bench.receive(ack);
    let answer = MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional: false };
    assert_eq!(bench.media.pop_front(), Some(answer));
}

#[test]
fn a_reinvite_with_a_foreign_body_gets_415_and_the_call_goes_on() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = in_dialog(&ok, "INVITE", 2, "z9hG4bK-r", SDP);
    bench.receive(again.replace("application/sdp", "application/unknown"));
    bench.response(415);
    bench.quiet();
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
}

#[test]
fn an_encoded_body_gets_415_with_the_encoding_that_we_know() {
    for method in ["INVITE", "OPTIONS"] {
        let mut bench = Bench::registered();
        let gzip = "Content-Encoding: gzip\r\n";
        bench.receive(request(method, "e", "z9hG4bK-e", gzip, SDP));
        assert_eq!(header(&bench.response(415).headers, "Accept-Encoding"), "identity");
        bench.quiet();
    }
    let mut bench = Bench::registered();
    bench.ring(&request("INVITE", "i", "z9hG4bK-i", "e: identity\r\n", SDP));
}

#[test]
fn an_encrypted_body_gets_493() {
    let mut bench = Bench::registered();
    bench.receive(invite_with("application/pkcs7-mime; smime-type=enveloped-data", "secret"));
    bench.response(493);
    bench.quiet();
}

#[test]
fn a_caller_that_reads_no_descriptions_gets_406() {
    let table = [
        ("text/plain", false),
        ("", false),
        ("application/sdp;q=0.0", false),
        ("text/plain, Application/SDP;level=1", true),
        ("application/*", true),
        ("*/*;q=0.1", true),
        // What is said of the type itself counts more.
        ("*/*, application/sdp;q=0", false),
        ("application/*;q=0, application/sdp", true),
        ("*/*;q=0", false),
    ];
    for (accept, fine) in table {
        let mut bench = Bench::registered();
        let accept = format!("Accept: {accept}\r\n");
        // RFC 3261 §11.2: an OPTIONS is answered as an INVITE would be.
        bench.receive(request("OPTIONS", "o", "z9hG4bK-o", &accept, ""));
        bench.response(if fine { 200 } else { 406 });
        bench.receive(request("INVITE", "a", "z9hG4bK-a", &accept, SDP));
        let response = bench.response(if fine { 180 } else { 406 });
        let expected = (!fine).then_some("application/sdp, multipart/mixed");
        assert_eq!(response.headers.get("Accept"), expected);
    }
}

#[test]
fn an_update_without_an_offer_is_answered_whatever_it_accepts() {
    let mut bench = Bench::registered();
    let (_, ok) = bench.established_incoming();
    let accept =
        |update: String| update.replace("Content-Length", "Accept: text/plain\r\nContent-Length");
    bench.receive(accept(in_dialog(&ok, "UPDATE", 2, "z9hG4bK-2", "")));
    bench.response(200);
    bench.receive(accept(in_dialog(&ok, "UPDATE", 3, "z9hG4bK-3", SDP)));
    bench.response(406);
}

#[test]
fn a_message_beyond_the_limits_gets_413_or_513() {
    let mut bench = Bench::registered();
    bench.receive(invite_with("application/sdp", &"x".repeat(70_000)));
    bench.response(413);
    let long = format!("X-Long: {}\r\n", "x".repeat(9000));
    bench.receive(request("OPTIONS", "l", "z9hG4bK-l", &long, ""));
    bench.response(513);
    let many = "X-Many: x\r\n".repeat(300);
    bench.receive(request("OPTIONS", "m", "z9hG4bK-m", &many, ""));
    bench.response(513);
    bench.quiet();
}

#[test]
fn a_caller_without_a_required_extension_gets_421() {
    let policy = Policy { require: vec!["100rel".into(), "timer".into()], ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    bench.receive(request("INVITE", "1", "z9hG4bK-1", "k: Timer, replaces\r\n", SDP));
    assert_eq!(header(&bench.response(421).headers, "Require"), "100rel");
    bench.quiet();
    bench.receive(request("OPTIONS", "3", "z9hG4bK-3", "", ""));
    bench.response(200);
    bench.ring(&request("INVITE", "2", "z9hG4bK-2", "k: timer, 100rel\r\n", SDP));
}

#[test]
fn a_bye_is_followed_whatever_it_carries() {
    let (mut bench, id, ok) = answered();
    let bye = in_dialog(&ok, "BYE", 2, "z9hG4bK-b", "x");
    bench.receive(bye.replace("application/sdp", "x/y\r\nContent-Encoding: gzip"));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
}

#[test]
fn a_response_with_a_further_via_is_dropped() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let mut response = webphone::sip::wire::Response::to_request(&invite, 486);
    response.headers.push("Via", "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23");
    bench.receive(response.write());
    bench.quiet();
    response.headers.remove("Via");
    let ours = header(&invite.headers, "Via").to_owned();
    response.headers.push_front("Via", [&ours, ", SIP/2.0/UDP other"].concat());
    bench.receive(response.write());
    bench.quiet();
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 486, .. }));
}

#[test]
fn a_caller_of_rfc_2543_without_tag_and_contact_is_called_back_at_its_from() {
    let mut bench = Bench::registered();
    let old = invite("old", "1")
        .replace(";branch=1x", "")
        .replace(";branch=1", "")
        .replace(";tag=far", "")
        .replace("Contact: <sip:bob@far.invalid;transport=ws>\r\n", "")
        .replace("Record-Route: <sip:proxy.example.com;transport=ws;r2=on;lr>\r\n", "");
    let (id, _) = bench.ring(&old);
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.receive(in_dialog(&ok, "ACK", 1, "2", "").replace(";branch=2", ""));
    bench.command(Command::HangUp(id));
    match bench.sent.pop_front() {
        Some(Sent::Request(bye)) => assert_eq!(bye.uri.to_string(), "sip:1002@example.com"),
        other => panic!("expected a BYE, sent was {other:?}"),
    }
}
