//! Calls that we place: progress, answer, authentication, refusal and silence.

use crate::support::{Bench, OUR_SDP, SDP, branch, config, from_callee, header, seq};
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, Command, EndReason, MediaFailure, MediaReply, MediaRequest, Misbehaviour,
};
use webphone::sip::wire::{Host, Method, SipUri, Uri};
use webphone::sip::{Config, Input};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");
const CHALLENGE: &str = "Digest realm=\"example.com\", nonce=\"n1\", qop=\"auth\"";

#[test]
fn an_invite_says_who_calls_whom_and_carries_the_offer() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    assert_eq!(invite.uri.to_string(), "sip:1002@example.com");
    let headers = &invite.headers;
    assert!(header(headers, "From").starts_with("\"Ana\" <sip:1001@example.com>;tag="));
    assert_eq!(header(headers, "To"), "<sip:1002@example.com>");
    assert_eq!(header(headers, "CSeq"), "1 INVITE");
    assert_eq!(header(headers, "Max-Forwards"), "70");
    for method in ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "PRACK"] {
        assert!(headers.has_token("Allow", method), "{method}");
    }
    assert_eq!(header(headers, "Content-Type"), "application/sdp");
    assert!(header(headers, "Contact").contains(".invalid;transport=ws>"));
    assert_eq!(invite.body, OUR_SDP.as_bytes());
}

#[test]
fn a_call_rings_is_answered_and_acknowledged() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 100, &[], "");
    bench.quiet();
    bench.reply(&invite, 180, &[], "");
    assert_eq!(bench.call_event(), (id, CallEvent::Ringing));
    bench.reply(&invite, 180, &[], "");
    bench.reply(&invite, 183, &[], "");
    bench.quiet();
    bench.reply(&invite, 200, &[CONTACT], SDP);
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.uri.to_string(), "sip:bob@far.example;transport=ws");
    assert_eq!(header(&ack.headers, "CSeq"), "1 ACK");
    assert_ne!(branch(&ack), branch(&invite), "the ACK to a 2xx is a transaction of its own");
    assert!(ack.body.is_empty());
    let sdp = SDP.to_owned();
    let applied = MediaRequest::ApplyAnswer { call: id, sdp, provisional: false };
    assert_eq!(bench.media.pop_front(), Some(applied));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.quiet();
}

#[test]
fn a_retransmitted_answer_gets_the_same_ack() {
    let mut bench = Bench::registered();
    let (id, invite, ack) = bench.established_outgoing();
    bench.reply(&invite, 200, &[CONTACT], SDP);
    assert_eq!(bench.request(Method::Ack), ack);
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    bench.ended(id);
    bench.reply(&invite, 200, &[CONTACT], SDP);
    assert_eq!(bench.request(Method::Ack), ack, "also after the end");
    bench.quiet();
}

#[test]
fn sound_before_the_answer_is_applied_once() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[], SDP);
    let applied =
        |provisional| MediaRequest::ApplyAnswer { call: id, sdp: SDP.into(), provisional };
    assert_eq!(bench.media.pop_front(), Some(applied(true)));
    assert_eq!(bench.call_event(), (id, CallEvent::EarlyMedia));
    bench.reply(&invite, 183, &[], SDP);
    bench.reply(&invite, 180, &[], "");
    bench.quiet();
    bench.reply(&invite, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    // Now it counts.
    assert_eq!(bench.media.pop_front(), Some(applied(false)));
    bench.quiet();
}

#[test]
fn an_answer_without_a_session_is_acknowledged_and_ended() {
    // The early answer of another fork is none of this one.
    for early in [None, Some("other")] {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com");
        if let Some(tag) = early {
            bench.reply_as(tag, &invite, 183, &[CONTACT], SDP);
            bench.call_event();
        }
        bench.reply(&invite, 200, &[CONTACT], "");
        bench.request(Method::Ack);
        bench.request(Method::Bye);
        assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoDescription));
    }
}

#[test]
fn an_answer_that_cannot_be_reached_ends_the_call() {
    for contact in [&[][..], &[("Contact", "<tel:+1>")]] {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("tel:+34600");
        bench.reply(&invite, 200, contact, SDP);
        assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoContact));
        bench.advance(Duration::from_secs(300));
        bench.place_call("sip:1003@example.com");
    }
}

#[test]
fn an_answer_that_the_browser_refuses_ends_the_call() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::NoMedia(MediaFailure::Incompatible));
}

#[test]
fn a_proxys_challenge_is_answered_and_the_dialog_goes_on_counting() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 407, &[("Proxy-Authenticate", CHALLENGE)], "");
    let ack = bench.request(Method::Ack);
    assert_eq!(branch(&ack), branch(&invite));
    assert_eq!(header(&ack.headers, "CSeq"), "1 ACK");
    let again = bench.request(Method::Invite);
    assert_eq!(header(&again.headers, "CSeq"), "2 INVITE");
    assert_ne!(branch(&again), branch(&invite));
    assert_eq!(again.body, invite.body);
    for name in ["From", "To", "Call-ID"] {
        assert_eq!(header(&again.headers, name), header(&invite.headers, name));
    }
    let credentials = header(&again.headers, "Proxy-Authorization");
    assert!(credentials.contains("uri=\"sip:1002@example.com\""), "{credentials}");
    bench.quiet();

    bench.reply(&again, 200, &[CONTACT], SDP);
    let ack = bench.request(Method::Ack);
    assert_eq!(header(&ack.headers, "CSeq"), "2 ACK");
    assert_eq!(header(&ack.headers, "Proxy-Authorization"), credentials);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(seq(&bye), 3);
    assert!(!bye.headers.has("Proxy-Authorization"));
    // A BYE may be challenged too.
    bench.reply(&bye, 407, &[("Proxy-Authenticate", CHALLENGE)], "");
    let again = bench.request(Method::Bye);
    assert_eq!(seq(&again), 4);
    assert!(header(&again.headers, "Proxy-Authorization").contains("nc=00000002"));
}

#[test]
fn credentials_that_are_not_accepted_end_the_call() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 407, &[("Proxy-Authenticate", CHALLENGE)], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    let other = CHALLENGE.replace("n1", "n2");
    bench.reply(&again, 407, &[("Proxy-Authenticate", &other)], "");
    bench.request(Method::Ack);
    bench.nothing_sent();
    assert_eq!(bench.ended(id), EndReason::Unauthorized);
}

#[test]
fn a_refusal_is_acknowledged_and_told() {
    for status in [302, 403, 404, 480, 486, 488, 500, 600, 603] {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com");
        bench.reply(&invite, 100, &[], "");
        bench.reply(&invite, status, &[], "");
        let ack = bench.request(Method::Ack);
        assert_eq!(branch(&ack), branch(&invite));
        assert_eq!(ack.uri, invite.uri);
        assert!(header(&ack.headers, "To").ends_with(";tag=far"));
        let EndReason::Rejected { status: told, reason, retry_after: None } = bench.ended(id)
        else {
            panic!("{status} is a refusal")
        };
        assert_eq!(told, status);
        assert!(!reason.is_empty());
        bench.quiet();
    }
}

#[test]
fn a_refusal_says_when_to_try_again() {
    let table = [
        (480, "300", Some(300)),
        (486, " 18000;duration=3600", Some(18_000)),
        (500, "0", Some(0)),
        (503, "120 (I'm in a meeting)", Some(120)),
        (600, "4294967295", Some(4_294_967_295)),
        (603, "4294967296", None),
        (480, "99999999999999999999999", None),
        (486, "soon", None),
    ];
    for (status, value, told) in table {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com");
        bench.reply(&invite, status, &[("Retry-After", value)], "");
        bench.request(Method::Ack);
        let EndReason::Rejected { retry_after, .. } = bench.ended(id) else {
            panic!("{status} is a refusal")
        };
        assert_eq!(retry_after, told.map(Duration::from_secs), "{value}");
    }
}

#[test]
fn silence_ends_the_call_after_timer_b() {
    let mut bench = Bench::registered();
    let (id, _) = bench.place_call("sip:1002@example.com");
    bench.advance(Duration::from_millis(31_999));
    bench.quiet();
    bench.advance(Duration::from_millis(1));
    bench.nothing_sent();
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 408, .. }));
}

#[test]
fn a_callee_that_never_answers_rings_three_minutes() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[], "");
    bench.call_event();
    bench.advance(Duration::from_secs(179));
    bench.quiet();
    bench.advance(Duration::from_secs(1));
    bench.request(Method::Cancel);
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 408, .. }));
}

#[test]
fn without_an_offer_nothing_is_sent() {
    let mut bench = Bench::registered();
    let target = Uri::parse("sip:1002@example.com").expect("a URI");
    bench.dial(target);
    let (id, _) = bench.call_event();
    let failure = MediaFailure::MicrophoneRefused;
    bench.input(Input::Media(MediaReply::Failed(id, failure)));
    assert_eq!(bench.ended(id), EndReason::NoMedia(failure));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.nothing_sent();
}

#[test]
fn a_second_call_is_one_too_many() {
    let mut bench = Bench::registered();
    let (first, ..) = bench.established_outgoing();
    bench.dial(Uri::parse("sip:1003@example.com").expect("a URI"));
    let (second, event) = bench.call_event();
    assert!(second != first && matches!(event, CallEvent::Outgoing(_)));
    assert_eq!(bench.ended_without_media(second), EndReason::TooManyCalls);
    bench.quiet();
}

#[test]
fn the_callee_hangs_up() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.receive(from_callee(&invite, "BYE", 1, "z9hG4bK-bye", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.receive(from_callee(&invite, "BYE", 1, "z9hG4bK-bye", ""));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_refusal_of_our_bye_changes_nothing() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    bench.reply(&bye, 481, &[], "");
    bench.command(Command::HangUp(id));
    bench.quiet();
    bench.place_call("sip:1003@example.com");
}

#[test]
fn nothing_dialled_or_displayed_makes_a_header_of_its_own() {
    let account = Config { display_name: Some("x\r\nEvil: 1\0\"".into()), ..config() };
    let mut bench = Bench::registered_with(account);
    let dialled = SipUri::new(Some("1\r\nEvil: 2"), Host::Name("example.com".into()));
    bench.dial(Uri::Sip(dialled));
    let (id, _) = bench.call_event();
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    assert!(!invite.headers.has("Evil"), "{:?}", invite.headers);
    assert_eq!(invite.uri.to_string(), "sip:1%0D%0AEvil%3A%202@example.com");
    assert!(header(&invite.headers, "From").starts_with("\"x  Evil: 1 \\\"\" <sip:"));
}

#[test]
fn headers_in_a_dialled_uri_do_not_enter_the_invite() {
    let mut bench = Bench::registered();
    bench.dial(Uri::parse("sip:1002@example.com?Route=%3Csip:evil.example%3E").expect("a URI"));
    let (id, _) = bench.call_event();
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    assert_eq!(invite.uri.to_string(), "sip:1002@example.com");
    assert_eq!(header(&invite.headers, "To"), "<sip:1002@example.com>");
}

#[test]
fn a_question_about_the_microphone_that_is_left_open_ends_the_call() {
    let mut bench = Bench::registered();
    bench.dial(Uri::parse("sip:1002@example.com").expect("a URI"));
    let (id, _) = bench.call_event();
    bench.media.clear();
    bench.advance(Duration::from_secs(59));
    assert!(bench.events.is_empty());
    bench.advance(Duration::from_secs(1));
    let reason = EndReason::NoMedia(MediaFailure::MicrophoneRefused);
    assert_eq!(bench.call_event(), (id, CallEvent::Ended(reason)));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Close(id)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.nothing_sent();
}
