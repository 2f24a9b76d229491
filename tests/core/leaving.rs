//! Leaving: the calls, the registration and the connection end in this order.

use crate::support::{Bench, OUR_SDP, branch, from_callee, granted, header, invite, seq};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{Command, EndReason, Line, LinkEvent, LinkRequest, MediaReply};
use webphone::sip::wire::Method;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn leaving_takes_the_registration_away_and_then_closes() {
    let mut bench = Bench::registered();
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    assert_eq!(header(&farewell.headers, "Expires"), "0");
    assert!(header(&farewell.headers, "Contact").ends_with(";expires=0"));
    assert_eq!(seq(&farewell), 3);
    assert!(bench.link.is_empty() && bench.events.is_empty());
    bench.reply(&farewell, 200, &[], "");
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert_eq!(bench.line(), Line::Off);
    bench.advance(100 * SECOND);
    bench.quiet();
    assert!(bench.link.is_empty());
}

#[test]
fn a_page_that_goes_away_says_everything_at_once() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.command(Command::Leave);
    // Without a provisional response, CANCEL would otherwise wait for one.
    assert_eq!(header(&bench.request(Method::Register).headers, "Expires"), "0");
    assert_eq!(branch(&bench.request(Method::Cancel)), branch(&invite));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
}

#[test]
fn leaving_waits_two_seconds_for_an_answer_at_the_most() {
    let mut bench = Bench::registered();
    bench.command(Command::Disconnect);
    bench.request(Method::Register);
    bench.advance(Duration::from_millis(1999));
    assert!(bench.link.is_empty());
    bench.advance(Duration::from_millis(1));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert_eq!(bench.line(), Line::Off);
    bench.advance(100 * SECOND);
    bench.quiet();
    assert!(bench.link.is_empty(), "once it is closed, it is closed");
}

#[test]
fn a_farewell_is_challenged_and_still_taken_away() {
    let mut bench = Bench::registered();
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    bench.reply(&farewell, 401, &[("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"")], "");
    let again = bench.request(Method::Register);
    assert_eq!(header(&again.headers, "Expires"), "0");
    bench.reply(&again, 200, &[], "");
    assert_eq!(bench.line(), Line::Off);
}

#[test]
fn signing_in_again_while_leaving_registers_again() {
    let mut bench = Bench::registered();
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    bench.command(Command::Connect);
    let register = bench.request(Method::Register);
    bench.reply(&farewell, 200, &[], "");
    assert_eq!(bench.line(), Line::Connecting);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
    bench.advance(10 * SECOND);
    assert!(bench.link.is_empty(), "nothing of the farewell is left");
}

#[test]
fn a_farewell_cut_short_does_not_close_the_next_connection() {
    let mut bench = Bench::registered();
    bench.command(Command::Disconnect);
    bench.lose();
    assert_eq!(bench.line(), Line::Off);
    bench.link.clear();
    bench.sent.clear();
    bench.command(Command::Connect);
    bench.advance(3 * SECOND);
    assert_eq!(bench.link, [LinkRequest::Open(0)]);
    bench.input(Input::Link(LinkEvent::Opened));
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn an_answer_to_an_overtaken_register_changes_nothing() {
    let (mut bench, register) = Bench::registering();
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    bench.events.clear();
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    bench.quiet();
    bench.reply(&farewell, 200, &[], "");
    assert_eq!(bench.line(), Line::Off);
}

#[test]
fn a_challenge_to_an_overtaken_register_does_not_revive_it() {
    let (mut bench, register) = Bench::registering();
    bench.command(Command::Disconnect);
    bench.request(Method::Register);
    bench.reply(&register, 401, &[("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"")], "");
    bench.nothing_sent();
}

#[test]
fn leaving_ends_the_calls_before_the_registration_and_the_connection() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::Disconnect);
    let bye = bench.request(Method::Bye);
    let farewell = bench.request(Method::Register);
    assert_eq!(header(&farewell.headers, "Expires"), "0");
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    assert!(bench.link.is_empty());
    bench.reply(&bye, 200, &[], "");
    bench.receive(from_callee(&invite, "BYE", 1, "z9hG4bK-x", ""));
    bench.response(200);
    bench.reply(&farewell, 200, &[], "");
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert_eq!(bench.line(), Line::Off);
}

#[test]
fn leaving_turns_a_ringing_call_away() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("ringing", "z9hG4bK-r"));
    bench.command(Command::Disconnect);
    bench.response(480);
    bench.request(Method::Register);
    assert_eq!(bench.ended_without_media(id), EndReason::NoLine);
    bench.receive(crate::support::invite("too-late", "z9hG4bK-t"));
    bench.response(480);
    bench.quiet();
}

#[test]
fn leaving_sends_what_would_otherwise_wait() {
    // A CANCEL that waits for a provisional response.
    let mut bench = Bench::registered();
    let (_, sent) = bench.place_call("sip:1002@example.com");
    bench.command(Command::Disconnect);
    bench.request(Method::Register);
    bench.advance(2 * SECOND);
    assert_eq!(branch(&bench.request(Method::Cancel)), branch(&sent));
    // A BYE that waits for an ACK.
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("unacknowledged", "z9hG4bK-u"));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.command(Command::Disconnect);
    let farewell = bench.request(Method::Register);
    bench.reply(&farewell, 200, &[], "");
    bench.request(Method::Bye);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    // Nothing of it is left for the next time.
    bench.command(Command::Connect);
    bench.input(Input::Link(LinkEvent::Opened));
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn leaving_before_the_connection_stands_is_done_at_once() {
    let mut bench = Bench::with(crate::support::config());
    bench.command(Command::Connect);
    bench.events.clear();
    bench.command(Command::Disconnect);
    assert_eq!(bench.line(), Line::Off);
    assert_eq!(bench.link, [LinkRequest::Open(0), LinkRequest::Close]);
    bench.input(Input::Link(LinkEvent::Opened));
    bench.lose();
    bench.advance(100 * SECOND);
    bench.quiet();
}

#[test]
fn a_farewell_that_was_never_answered_does_not_disturb_what_follows() {
    for after_closing in [false, true] {
        let mut bench = Bench::registered();
        bench.command(Command::Disconnect);
        bench.request(Method::Register);
        if after_closing {
            bench.advance(2 * SECOND);
        }
        bench.command(Command::Connect);
        bench.input(Input::Link(LinkEvent::Opened));
        let register = bench.request(Method::Register);
        bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
        bench.link.clear();
        bench.advance(100 * SECOND);
        assert!(bench.link.is_empty());
    }
}
