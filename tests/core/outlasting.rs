//! Calls that outlast the registration, which the server refuses to renew for good.

use crate::support::{Bench, OUR_SDP, SDP, Sent, from_callee, granted, in_dialog, invite};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, Line, LineFault, LinkRequest, MediaReply,
};
use webphone::sip::wire::{Method, Request};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

/// The refresh of the registration, in the course of time.
fn refresh(bench: &mut Bench) -> Request {
    for _ in 0..60 {
        bench.advance(Duration::from_secs(10));
        while let Some(sent) = bench.sent.pop_front() {
            if let Sent::Request(request) = sent
                && request.method == Method::Register
            {
                return request;
            }
        }
    }
    panic!("the registration is never refreshed");
}

/// The server refuses the refresh for good.
fn refuse(bench: &mut Bench) {
    let register = refresh(bench);
    bench.reply(&register, 403, &[], "");
    let fault = bench.line();
    assert!(matches!(fault, Line::Failed(LineFault::Refused { status: 403, .. })), "{fault:?}");
}

/// A call of ours that stands without a registration.
fn outlasting() -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    bench.meet_proxy();
    let (id, invite, _) = bench.established_outgoing();
    bench.link.clear();
    refuse(&mut bench);
    assert!(bench.link.is_empty(), "its messages need the connection");
    bench.quiet();
    (bench, id, invite)
}

#[test]
fn a_call_stands_without_a_registration_and_is_hung_up_here() {
    let (mut bench, id, invite) = outlasting();
    bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", ""));
    bench.response(200);
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    assert!(bench.link.is_empty(), "the answer to the BYE may be a challenge");
    bench.reply(
        &bye,
        407,
        &[("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"")],
        "",
    );
    let again = bench.request(Method::Bye);
    assert!(again.headers.has("Proxy-Authorization"));
    bench.reply(&again, 200, &[], "");
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    bench.advance(Duration::from_secs(4000));
    bench.quiet();
    assert!(bench.link.is_empty());
}

#[test]
fn a_call_stands_without_a_registration_and_is_hung_up_there() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.link.clear();
    let register = refresh(&mut bench);
    // The password was changed.
    for nonce in ["one", "two"] {
        let challenge = format!("Digest realm=\"example.com\", nonce=\"{nonce}\"");
        let last = match nonce {
            "one" => register.clone(),
            _ => bench.request(Method::Register),
        };
        bench.reply(&last, 401, &[("WWW-Authenticate", &challenge)], "");
    }
    assert_eq!(bench.line(), Line::Failed(LineFault::WrongPassword));
    bench.quiet();
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    bench.quiet();
}

#[test]
fn a_bye_without_an_answer_keeps_the_connection_no_longer_than_its_transaction() {
    let (mut bench, id, _) = outlasting();
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    bench.advance(Duration::from_millis(31_999));
    assert!(bench.link.is_empty());
    bench.advance(Duration::from_millis(1));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
}

#[test]
fn no_further_call_comes_about_without_a_registration() {
    let (mut bench, _, _) = outlasting();
    bench.receive(invite("new", "z9hG4bK-new"));
    bench.response(480);
    let target = webphone::sip::wire::Uri::parse("sip:1003@example.com").expect("a URI");
    bench.dial(target);
    let (id, _) = bench.call_event();
    assert_eq!(bench.ended_without_media(id), EndReason::NoLine);
    bench.quiet();
    assert!(bench.link.is_empty());
}

#[test]
fn calls_that_ring_may_still_be_answered() {
    // They came while the refresh waited for its answer.
    let mut bench = Bench::registered();
    let register = refresh(&mut bench);
    bench.link.clear();
    let (id, _) = bench.ring(&invite("ringing", "z9hG4bK-r"));
    bench.reply(&register, 403, &[], "");
    bench.line();
    bench.quiet();
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    assert!(bench.link.is_empty());

    let mut bench = Bench::registered();
    let register = refresh(&mut bench);
    let (id, placed) = bench.place_call("sip:1002@example.com");
    bench.reply(&register, 403, &[], "");
    bench.line();
    bench.quiet();
    bench.reply(&placed, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
}

#[test]
fn a_connection_that_breaks_takes_no_sound_with_it() {
    let (mut bench, id, _) = outlasting();
    bench.lose();
    bench.quiet();
    bench.advance(Duration::from_secs(60));
    assert!(bench.link.is_empty(), "the server would not have us");
    bench.command(Command::HangUp(id));
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    bench.quiet();
}

#[test]
fn the_page_may_go_away_meanwhile() {
    for command in [Command::Leave, Command::Disconnect] {
        let (mut bench, id, _) = outlasting();
        bench.command(command);
        bench.request(Method::Bye);
        assert_eq!(bench.ended(id), EndReason::HungUpHere);
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
        assert_eq!(bench.line(), Line::Off);
        bench.quiet();
    }
}

#[test]
fn the_user_may_have_it_tried_again_meanwhile() {
    let (mut bench, id, _) = outlasting();
    bench.command(Command::Connect);
    assert_eq!(bench.line(), Line::Connecting);
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 200, &[], "");
    assert!(bench.link.is_empty());
}
