//! Calls that arrive: ringing, answering, being cancelled, and the wait for the ACK.

use crate::support::{Bench, OUR_SDP, SDP, answered, header, in_dialog, invite, request};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, Caller, Command, EndReason, Event, MediaFailure, MediaReply, MediaRequest,
};
use webphone::sip::wire::Uri;

const SECOND: Duration = Duration::from_secs(1);

/// The CANCEL of [`invite`], with further header lines.
fn cancel(call_id: &str, branch: &str, headers: &str) -> String {
    request("CANCEL", call_id, branch, headers, "")
}

#[test]
fn a_call_rings_with_tag_contact_and_route() {
    let mut bench = Bench::registered();
    bench.receive(invite("in", "z9hG4bK-1"));
    let ringing = bench.response(180);
    let headers = &ringing.headers;
    let vias: Vec<_> = headers.all("Via").collect();
    assert_eq!(
        vias,
        [
            "SIP/2.0/WSS proxy.example.com;branch=z9hG4bK-1",
            "SIP/2.0/WSS far.invalid;branch=z9hG4bK-1x"
        ]
    );
    assert!(header(headers, "To").starts_with("<sip:1001@example.com>;tag="));
    assert!(header(headers, "Contact").contains(".invalid;transport=ws>"));
    assert_eq!(header(headers, "Record-Route"), "<sip:proxy.example.com;transport=ws;r2=on;lr>");
    let uri = Uri::parse("sip:1002@example.com").expect("a URI");
    let caller = Caller::new(Some("Bob".into()), uri);
    assert_eq!(bench.call_event().1, CallEvent::Incoming(Box::new(caller)));
    bench.quiet();
}

#[test]
fn the_offer_of_a_call_that_rings_is_prepared_for() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    assert_eq!(bench.expected, [(id, SDP.to_owned())]);
    bench.receive(cancel("in", "z9hG4bK-1", ""));
    bench.response(200);
    bench.response(487);
    bench.ended_without_media(id);
    bench.quiet();
}

#[test]
fn the_answer_has_the_tag_of_the_ringing_and_our_description() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    for name in ["To", "From", "Call-ID", "CSeq", "Contact", "Record-Route"] {
        assert_eq!(header(&ok.headers, name), header(&ringing.headers, name));
    }
    assert_eq!(header(&ok.headers, "Content-Type"), "application/sdp");
    assert_eq!(ok.body, OUR_SDP.as_bytes());
}

#[test]
fn a_cancelled_call_stops_ringing() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(cancel("in", "z9hG4bK-1", ""));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "CSeq"), "1 CANCEL");
    let terminated = bench.response(487);
    assert_eq!(header(&terminated.headers, "CSeq"), "1 INVITE");
    for response in [ok, terminated] {
        assert_eq!(header(&response.headers, "To"), header(&ringing.headers, "To"));
    }
    assert_eq!(bench.ended_without_media(id), EndReason::Cancelled);
    bench.receive(in_dialog(&ringing, "ACK", 1, "z9hG4bK-1", ""));
    bench.command(Command::Answer(id));
    bench.quiet();
}

#[test]
fn a_cancel_while_the_browser_works_frees_its_media() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    bench.receive(cancel("in", "z9hG4bK-1", ""));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended(id), EndReason::Cancelled);
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.nothing_sent();
}

#[test]
fn a_cancel_that_says_so_means_answered_elsewhere() {
    let reasons = [
        ("SIP;cause=200;text=\"Call completed elsewhere\"", EndReason::AnsweredElsewhere),
        ("Q.850;cause=26, sip ; cause = 200", EndReason::AnsweredElsewhere),
        ("SIP;cause=487", EndReason::Cancelled),
        ("Q.850;cause=200", EndReason::Cancelled),
    ];
    for (text, reason) in reasons {
        let mut bench = Bench::registered();
        let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
        bench.receive(cancel("in", "z9hG4bK-1", &format!("Reason: {text}\r\n")));
        assert_eq!(bench.ended_without_media(id), reason, "{text}");
    }
}

#[test]
fn a_cancel_after_the_answer_changes_nothing() {
    let (mut bench, _, ok) = answered();
    bench.receive(cancel("in", "z9hG4bK-1", ""));
    let cancelled = bench.response(200);
    assert_eq!(header(&cancelled.headers, "CSeq"), "1 CANCEL");
    assert_eq!(header(&cancelled.headers, "To"), header(&ok.headers, "To"));
    bench.quiet();
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
}

#[test]
fn the_caller_may_end_the_early_dialog_by_bye() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(in_dialog(&ringing, "BYE", 2, "z9hG4bK-b", ""));
    assert_eq!(header(&bench.response(200).headers, "CSeq"), "2 BYE");
    assert_eq!(header(&bench.response(487).headers, "CSeq"), "1 INVITE");
    assert_eq!(bench.ended_without_media(id), EndReason::Cancelled);
}

#[test]
fn a_second_call_is_busy_in_every_state_of_the_first() {
    let busy = |bench: &mut Bench| {
        bench.sent.clear();
        bench.events.clear();
        bench.media.clear();
        bench.receive(invite("second", "z9hG4bK-second"));
        assert!(header(&bench.response(486).headers, "To").contains(";tag="));
        assert!(matches!(bench.events.pop_front(), Some(Event::Missed(_))));
        bench.quiet();
    };
    let mut bench = Bench::registered();
    bench.ring(&invite("first", "z9hG4bK-1"));
    busy(&mut bench);
    let mut bench = Bench::registered();
    bench.established_incoming();
    busy(&mut bench);
    let mut bench = Bench::registered();
    bench.place_call("sip:1003@example.com");
    busy(&mut bench);
}

#[test]
fn a_call_that_is_over_makes_room_at_once() {
    let (mut bench, id, _) = answered();
    bench.command(Command::HangUp(id));
    bench.ended(id);
    bench.ring(&invite("next", "z9hG4bK-next"));
}

#[test]
fn a_declined_call_gets_603() {
    for command in [Command::Decline, Command::HangUp] {
        let mut bench = Bench::registered();
        let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
        bench.command(command(id));
        let declined = bench.response(603);
        assert_eq!(header(&declined.headers, "To"), header(&ringing.headers, "To"));
        assert_eq!(bench.ended_without_media(id), EndReason::DeclinedHere);
        bench.receive(invite("in", "z9hG4bK-1"));
        assert_eq!(bench.response(603), declined, "until its ACK comes it is repeated");
        bench.receive(in_dialog(&ringing, "ACK", 1, "z9hG4bK-1", ""));
        bench.quiet();
    }
}

#[test]
fn a_repeated_invite_gets_the_last_response_again() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(invite("in", "z9hG4bK-1"));
    assert_eq!(bench.response(180), ringing);
    bench.quiet();
}

#[test]
fn ringing_is_repeated_every_minute_for_three() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    for _ in 0..2 {
        bench.advance(60 * SECOND);
        assert_eq!(bench.response(180), ringing);
    }
    bench.advance(60 * SECOND);
    bench.response(480);
    assert_eq!(bench.ended_without_media(id), EndReason::NotAnswered);
    bench.quiet();
}

#[test]
fn the_caller_may_limit_the_ringing() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "in", "z9hG4bK-1", "Expires: 30\r\n", SDP));
    bench.advance(Duration::from_millis(29_999));
    bench.quiet();
    bench.advance(Duration::from_millis(1));
    bench.response(487);
    assert_eq!(bench.ended_without_media(id), EndReason::NotAnswered);
}

#[test]
fn without_a_microphone_it_goes_on_ringing() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    bench.media.clear();
    let failure = MediaFailure::MicrophoneInUse;
    bench.input(Input::Media(MediaReply::Failed(id, failure)));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Close(id)));
    assert_eq!(bench.call_event(), (id, CallEvent::AnswerFailed(failure)));
    bench.quiet();
    // A second word about the same failure changes nothing.
    bench.input(Input::Media(MediaReply::Failed(id, failure)));
    bench.quiet();
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
}

#[test]
fn an_offer_that_the_browser_refuses_gets_488() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    bench.response(488);
    assert_eq!(bench.ended(id), EndReason::NoMedia(MediaFailure::Incompatible));
    assert!(bench.media.is_empty(), "closed once");
}

#[test]
fn answering_twice_asks_once() {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.len(), 1);
}

#[test]
fn the_name_of_the_caller_is_made_safe_to_show() {
    let mut bench = Bench::registered();
    let from = "\"Ba\u{202e}nk <sip:bank@x>\" <sip:evil@example.com>";
    let invite = invite("in", "z9hG4bK-1").replace("\"Bob\" <sip:1002@example.com>", from);
    bench.receive(invite);
    let (_, CallEvent::Incoming(caller)) = bench.call_event() else { panic!("it rings") };
    assert_eq!(caller.name.as_deref(), Some("Bank <sip:bank@x>"));
    assert_eq!(caller.uri.user().as_deref(), Some("evil"));
}
