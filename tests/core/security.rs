//! Media without encryption: refused before it rings, and never applied.

use crate::support::{
    Bench, OUR_SDP, SDP, Sent, config, from_callee, header, in_dialog, invite, request,
};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, Event, MediaFailure, MediaReply, MediaRequest,
};
use webphone::sip::wire::Method;

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");
const NOT_ENCRYPTED: EndReason = EndReason::NoMedia(MediaFailure::NotEncrypted);

/// Descriptions whose audio would not be secret, or not against those who forge certificates.
fn open() -> [String; 4] {
    let sdes =
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";
    [
        SDP.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        [&SDP.replace("UDP/TLS/RTP/SAVPF", "RTP/SAVP"), sdes].concat(),
        SDP.replace("sha-256", "sha-1"),
        SDP.replace("a=setup:actpass\r\n", ""),
    ]
}

#[test]
fn an_open_offer_gets_488_before_it_rings_and_leaves_a_missed_call() {
    for (number, offer) in open().iter().enumerate() {
        let mut bench = Bench::registered();
        bench.receive(request("INVITE", &format!("i{number}"), "z9hG4bK-i", "", offer));
        let refused = bench.response(488);
        assert!(header(&refused.headers, "Warning").starts_with("302 "), "{offer}");
        bench.quiet();
        bench.advance(Duration::from_secs(3));
        let Some(Event::Unserved(caller, 488)) = bench.events.pop_front() else {
            panic!("{offer}")
        };
        assert_eq!(caller.uri.to_string(), "sip:1002@example.com");
        bench.quiet();
    }
}

#[test]
fn a_server_that_asks_once_more_with_other_media_has_missed_nothing() {
    let mut bench = Bench::registered();
    bench.receive(request("INVITE", "i", "z9hG4bK-1", "", &open()[0]));
    bench.response(488);
    bench.receive(request("ACK", "i", "z9hG4bK-1", "", ""));
    bench.advance(Duration::from_secs(2));
    bench.receive(request("INVITE", "i", "z9hG4bK-2", "", SDP));
    bench.response(180);
    bench.call_event();
    bench.advance(Duration::from_secs(9));
    bench.quiet();
}

#[test]
fn what_is_no_call_of_anybody_is_not_missed() {
    let mut bench = Bench::registered();
    // Says how to ask in a way that is served.
    bench.receive(request("INVITE", "a", "z9hG4bK-a", "Require: magic\r\n", SDP));
    bench.response(420);
    bench.receive(request("OPTIONS", "b", "z9hG4bK-b", "Require: magic\r\n", ""));
    bench.response(420);
    let (_, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-2", &open()[0]));
    bench.response(488);
    bench.advance(Duration::from_secs(9));
    bench.quiet();
    // Nor are many of them: sixteen in three seconds are told of.
    for number in 0..100 {
        let (id, branch) = (format!("m{number}"), format!("z9hG4bK-m{number}"));
        bench.receive(request("INVITE", &id, &branch, "", &open()[0]));
        bench.response(488);
    }
    bench.advance(Duration::from_secs(9));
    assert_eq!(bench.events.len(), 16);
}

#[test]
fn a_call_goes_on_after_an_open_offer_in_it() {
    for offer in open() {
        let mut bench = Bench::registered();
        let (id, ok) = bench.established_incoming();
        bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-2", &offer));
        bench.response(488);
        bench.receive(in_dialog(&ok, "UPDATE", 3, "z9hG4bK-3", &offer));
        bench.response(488);
        bench.quiet();
        bench.command(Command::HangUp(id));
        bench.request(Method::Bye);
    }
}

#[test]
fn an_open_answer_ends_the_call_before_it_counts_as_answered() {
    for answer in open() {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com");
        bench.reply(&invite, 200, &[CONTACT], &answer);
        bench.request(Method::Ack);
        let bye = bench.request(Method::Bye);
        assert!(header(&bye.headers, "Reason").starts_with("SIP;cause=488"));
        assert_eq!(bench.ended(id), NOT_ENCRYPTED, "{answer}");
        bench.quiet();
    }
}

#[test]
fn an_open_answer_in_a_183_takes_the_call_back() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[CONTACT], &open()[0]);
    bench.request(Method::Cancel);
    assert_eq!(bench.ended(id), NOT_ENCRYPTED);
    bench.quiet();
}

#[test]
fn an_open_answer_in_an_ack_ends_the_call() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "late", "z9hG4bK-l", "", ""));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.events.clear();
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", &open()[0]));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), NOT_ENCRYPTED);
}

#[test]
fn an_open_answer_to_a_change_ends_the_call() {
    let mut bench = Bench::registered();
    let (id, _, _) = bench.established_outgoing();
    bench.command(Command::Hold(id));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let change = bench.request(Method::Invite);
    bench.reply(&change, 200, &[CONTACT], &open()[1]);
    bench.request(Method::Ack);
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), NOT_ENCRYPTED);
}

#[test]
fn a_change_of_the_certificate_is_allowed() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    let other = SDP.replace("00:01:02", "FF:FE:FD");
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-1", &other));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, other)));
}

#[test]
fn both_ends_learn_what_telephone_the_other_is() {
    let product = |text: &str| CallEvent::Product(text.into());
    let told = |bench: &mut Bench, id: CallId| match bench.call_event() {
        (told, event) if told == id => event,
        other => panic!("{other:?}"),
    };
    let mut bench = Bench::registered();
    let (id, invited) = bench.place_call("sip:1002@example.com");
    bench.reply(&invited, 200, &[CONTACT, ("Server", "WebPhone/9")], SDP);
    assert_eq!(told(&mut bench, id), product("WebPhone/9"));
    assert_eq!(told(&mut bench, id), CallEvent::Answered);

    let mut bench = Bench::registered_with(config());
    let from_phone =
        invite("in", "z9hG4bK-1").replace("Max-Forwards", "User-Agent: Other 1\r\nMax-Forwards");
    let (id, _) = bench.ring(&from_phone);
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let Some(Sent::Response(ok)) = bench.sent.pop_front() else { panic!("nothing was sent") };
    assert_eq!(header(&ok.headers, "Server"), "WebPhone/test");
    assert_eq!(told(&mut bench, id), product("Other 1"));
    assert_eq!(told(&mut bench, id), CallEvent::Answered);
}
