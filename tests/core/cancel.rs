//! Hanging up before the answer: CANCEL and everything that can cross it.

use crate::support::{Bench, SDP, branch, header, seq};
use std::time::Duration;
use webphone::sip::ua::{CallId, Command, EndReason};
use webphone::sip::wire::{Method, Request};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

/// A call that rings and that we then hang up; the CANCEL has left.
fn cancelled() -> (Bench, CallId, Request, Request) {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[], "");
    bench.call_event();
    bench.command(Command::HangUp(id));
    let cancel = bench.request(Method::Cancel);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    (bench, id, invite, cancel)
}

#[test]
fn a_cancel_repeats_what_names_its_invite() {
    let (_, _, invite, cancel) = cancelled();
    assert_eq!(cancel.uri, invite.uri);
    assert_eq!(branch(&cancel), branch(&invite));
    assert_eq!(seq(&cancel), seq(&invite));
    assert_eq!(header(&cancel.headers, "CSeq"), "1 CANCEL");
    for name in ["Via", "From", "To", "Call-ID"] {
        assert_eq!(header(&cancel.headers, name), header(&invite.headers, name));
    }
    assert_eq!(cancel.headers.all("Via").count(), 1);
    assert!(cancel.body.is_empty() && !cancel.headers.has("Content-Type"));
}

#[test]
fn cancel_after_180_sends_487_ack() {
    let (mut bench, _, invite, cancel) = cancelled();
    bench.reply(&cancel, 200, &[], "");
    bench.reply(&invite, 487, &[], "");
    let ack = bench.request(Method::Ack);
    assert_eq!(branch(&ack), branch(&invite));
    bench.quiet();
    bench.place_call("sip:1003@example.com");
}

#[test]
fn a_cancel_waits_for_the_first_provisional_response() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.command(Command::HangUp(id));
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    bench.nothing_sent();
    bench.reply(&invite, 100, &[], "");
    bench.request(Method::Cancel);
    bench.reply(&invite, 180, &[], "");
    bench.quiet();
}

#[test]
fn a_refusal_before_any_provisional_response_makes_the_cancel_needless() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.command(Command::HangUp(id));
    bench.ended(id);
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    bench.quiet();
}

#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let (mut bench, _, invite, cancel) = cancelled();
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.uri.to_string(), "sip:bob@far.example;transport=ws");
    assert_eq!(seq(&bye), 2);
    bench.reply(&cancel, 200, &[], "");
    bench.quiet();
}

#[test]
fn an_answer_instead_of_a_provisional_response_is_ended_too() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.command(Command::HangUp(id));
    bench.ended(id);
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    bench.request(Method::Bye);
    bench.quiet();
}

#[test]
fn an_invite_without_its_487_is_forgotten_after_32_seconds() {
    let (mut bench, _, invite, cancel) = cancelled();
    bench.reply(&cancel, 200, &[], "");
    bench.advance(Duration::from_millis(31_999));
    bench.reply(&invite, 180, &[], "");
    bench.quiet();
    bench.advance(Duration::from_millis(1));
    // Nothing is left that could take a response.
    bench.reply(&invite, 487, &[], "");
    bench.quiet();
}

#[test]
fn a_challenge_to_a_call_that_was_hung_up_is_not_answered() {
    let challenge = ("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"");
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.command(Command::HangUp(id));
    bench.ended(id);
    bench.reply(&invite, 407, &[challenge], "");
    bench.request(Method::Ack);
    bench.quiet();

    let (mut bench, _, invite, cancel) = cancelled();
    bench.reply(&cancel, 407, &[challenge], "");
    bench.quiet();
    bench.reply(&invite, 487, &[], "");
    bench.request(Method::Ack);
}

#[test]
fn the_cancel_of_a_challenged_invite_waits_for_a_provisional_response_of_its_own() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 100, &[], "");
    bench.reply(
        &invite,
        407,
        &[("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"")],
        "",
    );
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    bench.command(Command::HangUp(id));
    bench.nothing_sent();
    bench.reply(&again, 100, &[], "");
    assert_eq!(branch(&bench.request(Method::Cancel)), branch(&again));
}

#[test]
fn hanging_up_twice_cancels_once() {
    let (mut bench, id, ..) = cancelled();
    bench.command(Command::HangUp(id));
    bench.quiet();
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    bench.reply(&farewell, 200, &[], "");
    bench.nothing_sent();
}

#[test]
fn a_call_hung_up_before_its_offer_never_leaves() {
    let mut bench = Bench::registered();
    let target = webphone::sip::wire::Uri::parse("sip:1002@example.com").expect("a URI");
    bench.dial(target);
    let (id, _) = bench.call_event();
    bench.command(Command::HangUp(id));
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    let offer = webphone::sip::ua::MediaReply::Offer(id, crate::support::OUR_SDP.into());
    bench.input(webphone::sip::Input::Media(offer));
    bench.advance(Duration::from_secs(300));
    bench.nothing_sent();
}
