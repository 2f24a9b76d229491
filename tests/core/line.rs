//! The line: losing the connection, getting it back, and what calls make of that.

use crate::support::{
    Bench, OUR_SDP, SDP, branch, granted, header, in_dialog, invite, request, seq,
};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, Line, LineFault, LinkEvent, LinkRequest, MediaReply,
    MediaRequest,
};
use webphone::sip::wire::{Method, Response};

const SECOND: Duration = Duration::from_secs(1);

/// The line is lost: how long it waits.
#[track_caller]
fn delay(bench: &mut Bench, expected: LineFault) -> Duration {
    match bench.line() {
        Line::Waiting { retry_at, fault } if fault == expected => retry_at - bench.now,
        other => panic!("expected {expected:?}, the line is {other:?}"),
    }
}

/// The next connection is there, and the user agent is registered by it.
fn recover(bench: &mut Bench) {
    bench.reopen();
    recovered(bench);
}

/// The connection that is being opened is there, and the user agent is registered by it.
fn recover_from_here(bench: &mut Bench) {
    bench.input(Input::Link(LinkEvent::Opened));
    recovered(bench);
}

fn recovered(bench: &mut Bench) {
    while let Some(sent) = bench.sent.pop_front() {
        if let crate::support::Sent::Request(request) = sent
            && request.method == Method::Register
        {
            bench.reply(&request, 200, &[("Contact", &granted(&request, 600))], "");
            bench.events.clear();
            return;
        }
    }
    panic!("it did not register");
}

#[test]
fn connecting_opens_registers_and_says_so() {
    let mut bench = Bench::with(crate::support::config());
    bench.command(Command::Connect);
    assert_eq!(bench.line(), Line::Connecting);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
    bench.nothing_sent();
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    bench.reply(&register, 100, &[], "");
    assert!(bench.events.is_empty());
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
}

#[test]
fn a_lost_line_comes_back_and_registers_again() {
    let mut bench = Bench::registered();
    bench.lose();
    let wait = delay(&mut bench, LineFault::Lost);
    assert!((SECOND / 2..=SECOND).contains(&wait), "{wait:?}");
    bench.advance(wait);
    assert_eq!(bench.line(), Line::Connecting);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    assert_eq!(seq(&register), 3);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
}

#[test]
fn a_server_that_cannot_be_reached_is_tried_every_few_seconds() {
    let mut bench = Bench::registered();
    let mut last = Duration::ZERO;
    for failures in 0..7 {
        bench.lose();
        let fault = if failures == 0 { LineFault::Lost } else { LineFault::Unreachable };
        let wait = delay(&mut bench, fault);
        let whole = (SECOND * (1 << failures)).min(4 * SECOND);
        assert!((whole / 2..=whole).contains(&wait), "{wait:?} of {whole:?}");
        assert!(wait != last, "without jitter all phones would come back at once");
        last = wait;
        bench.advance(wait);
        bench.events.clear();
    }
    recover_from_here(&mut bench);
    bench.lose();
    assert!(delay(&mut bench, LineFault::Lost) <= SECOND);
}

#[test]
fn a_server_that_takes_connections_and_does_not_serve_is_spared() {
    let mut bench = Bench::registered();
    for failures in 0..7 {
        bench.lose();
        let wait = delay(&mut bench, LineFault::Lost);
        let whole = (SECOND * (1 << failures)).min(30 * SECOND);
        assert!((whole / 2..=whole).contains(&wait), "{wait:?} of {whole:?}");
        bench.advance(wait);
        bench.events.clear();
        // An open socket alone proves nothing.
        bench.input(Input::Link(LinkEvent::Opened));
        bench.request(Method::Register);
    }
}

#[test]
fn an_attempt_that_hangs_is_given_up() {
    let mut bench = Bench::with(crate::support::config());
    bench.command(Command::Connect);
    bench.events.clear();
    bench.link.clear();
    bench.advance(10 * SECOND);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    delay(&mut bench, LineFault::Unreachable);
    // The socket says so too, now that it was closed.
    bench.lose();
    assert!(bench.events.is_empty());
    bench.advance(SECOND);
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
}

#[test]
fn an_attempt_that_succeeds_too_late_is_not_used() {
    let mut bench = Bench::with(crate::support::config());
    bench.command(Command::Connect);
    bench.advance(10 * SECOND);
    bench.input(Input::Link(LinkEvent::Opened));
    bench.nothing_sent();
}

#[test]
fn the_user_can_have_it_tried_at_once() {
    let mut bench = Bench::registered();
    bench.command(Command::Retry);
    assert!(bench.link.is_empty(), "a line that is up is left alone");
    bench.lose();
    bench.command(Command::Retry);
    assert_eq!(bench.link, [LinkRequest::Open(0)]);
    bench.command(Command::Retry);
    assert_eq!(bench.link, [LinkRequest::Open(0)]);
}

#[test]
fn frames_of_a_connection_that_was_given_up_are_not_answered() {
    let mut bench = Bench::registered();
    bench.lose();
    bench.events.clear();
    bench.receive(request("OPTIONS", "late", "z9hG4bK-l", "", ""));
    bench.receive("\r\n\r\n");
    bench.reopen();
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn a_double_crlf_is_answered_by_a_single_one() {
    let mut bench = Bench::registered();
    bench.receive("\r\n\r\n");
    assert!(matches!(bench.sent.pop_front(), Some(crate::support::Sent::Bytes(b)) if b == b"\r\n"));
    bench.receive("\r\n");
    bench.quiet();
}

#[test]
fn an_established_call_survives_the_loss_and_is_hung_up_here() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.lose();
    assert!(bench.media.is_empty(), "its sound goes on");
    bench.events.clear();
    recover(&mut bench);
    // The target refresh, which the end overtakes.
    bench.request(Method::Invite);
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
}

#[test]
fn an_established_call_survives_the_loss_and_is_hung_up_there() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.lose();
    recover(&mut bench);
    bench.request(Method::Invite);
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
}

#[test]
fn a_bye_made_while_the_line_is_down_leaves_by_the_next_connection() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.lose();
    bench.events.clear();
    bench.command(Command::HangUp(id));
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
    bench.nothing_sent();
    bench.reopen();
    bench.request(Method::Bye);
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn a_bye_without_an_answer_is_repeated_by_the_next_connection() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.lose();
    bench.reopen();
    assert_eq!(bench.request(Method::Bye), bye);
    bench.reply(&bye, 200, &[], "");
    bench.sent.clear();
    bench.lose();
    bench.reopen();
    bench.request(Method::Register);
    bench.nothing_sent();
}

/// A call that was answered just before the line went, and how long that stays away.
fn unacknowledged(bench: &mut Bench, away: u32) -> (CallId, Response) {
    let (id, _) = bench.ring(&invite("down", "z9hG4bK-d"));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.media.clear();
    bench.events.clear();
    for _ in 0..away / 5 {
        bench.lose();
        bench.advance(5 * SECOND);
    }
    bench.sent.clear();
    recover_from_here(bench);
    (id, ok)
}

#[test]
fn the_wait_for_an_ack_rests_while_the_line_is_down() {
    let mut bench = Bench::registered();
    let (id, ok) = unacknowledged(&mut bench, 20);
    bench.advance(Duration::from_millis(1));
    let again = bench.response(200);
    assert_eq!(again.headers.get("To"), ok.headers.get("To"));
    bench.advance(20 * SECOND);
    bench.sent.clear();
    bench.receive(in_dialog(&again, "ACK", 1, "z9hG4bK-ack", ""));
    // The far end learns where we are now.
    let refresh = bench.request(Method::Invite);
    bench.reply(&refresh, 200, &[("Contact", "<sip:bob@far.example>")], SDP);
    bench.request(Method::Ack);
    bench.advance(40 * SECOND);
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
}

#[test]
fn an_ack_that_can_come_no_more_is_not_waited_for_but_asked_after() {
    for (status, stands) in [(200, true), (481, false)] {
        let mut bench = Bench::registered();
        let (id, _) = unacknowledged(&mut bench, 100);
        // Who has never heard the answer hears it now.
        bench.response(200);
        let refresh = bench.request(Method::Invite);
        let body = if stands { SDP } else { "" };
        bench.reply(&refresh, status, &[("Contact", "<sip:bob@far.example>")], body);
        bench.request(Method::Ack);
        if !stands {
            bench.ended(id);
            continue;
        }
        bench.advance(40 * SECOND);
        bench.command(Command::HangUp(id));
        bench.request(Method::Bye);
        assert_eq!(bench.ended(id), EndReason::HungUpHere);
    }
}

#[test]
fn frames_do_not_pile_up_while_the_line_is_down() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("down", "z9hG4bK-d"));
    bench.lose();
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.link.clear();
    for _ in 0..4 {
        bench.advance(8 * SECOND);
        bench.lose();
    }
    bench.reopen();
    bench.response(200);
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn an_unanswered_call_ends_with_the_line_and_is_cancelled_by_the_next() {
    for provisional in [false, true] {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com");
        if provisional {
            bench.reply(&invite, 100, &[], "");
        }
        bench.lose();
        assert_eq!(bench.ended(id), EndReason::NoLine);
        delay(&mut bench, LineFault::Lost);
        bench.reopen();
        let cancel = bench.request(Method::Cancel);
        assert_eq!(branch(&cancel), branch(&invite));
        bench.request(Method::Register);
    }
}

#[test]
fn who_may_have_answered_unheard_is_told_that_the_call_is_over() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    for fork in ["one", "two"] {
        let contact = format!("<sip:{fork}@far.example>");
        bench.reply_as(fork, &invite, 180, &[("Contact", &contact)], "");
    }
    bench.lose();
    bench.reopen();
    bench.request(Method::Cancel);
    for fork in ["one", "two"] {
        let bye = bench.request(Method::Bye);
        assert_eq!(bye.uri.user().as_deref(), Some(fork));
        assert_eq!(bye.to().expect("To").tag(), Some(fork));
    }
    bench.request(Method::Register);
}

#[test]
fn an_answer_that_comes_after_the_loss_is_acknowledged_and_ended() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[], "");
    bench.lose();
    recover(&mut bench);
    bench.reply(&invite, 200, &[("Contact", "<sip:bob@far.example>")], SDP);
    bench.request(Method::Ack);
    bench.request(Method::Bye);
    assert!(bench.events.is_empty());
}

#[test]
fn a_call_whose_offer_is_still_being_made_ends_with_the_line() {
    let mut bench = Bench::registered();
    bench.dial(webphone::sip::wire::Uri::parse("sip:1002@example.com").expect("a URI"));
    let (id, _) = bench.call_event();
    bench.lose();
    assert_eq!(bench.ended(id), EndReason::NoLine);
    delay(&mut bench, LineFault::Lost);
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    bench.reopen();
    bench.request(Method::Register);
    bench.nothing_sent();
}

#[test]
fn a_ringing_call_survives_the_loss_and_is_answered_after_it() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("ringing", "z9hG4bK-r"));
    bench.lose();
    recover(&mut bench);
    assert!(bench.media.is_empty());
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "To"), header(&ringing.headers, "To"));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
}

#[test]
fn no_call_can_be_placed_while_the_line_is_down() {
    let mut bench = Bench::registered();
    bench.lose();
    bench.line();
    let target = webphone::sip::wire::Uri::parse("sip:1002@example.com").expect("a URI");
    bench.dial(target.clone());
    let (id, event) = bench.call_event();
    assert_eq!(event, CallEvent::Outgoing(target));
    assert_eq!(bench.ended_without_media(id), EndReason::NoLine);
    bench.quiet();
}
