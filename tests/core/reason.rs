//! Why a call ends, as either side says (RFC 3326).

use crate::support::{Bench, SDP, answered, header, in_dialog, invite, request, with};
use std::time::Duration;
use webphone::sip::ua::{Command, EndReason, Misbehaviour};
use webphone::sip::wire::{Method, Reason, ReasonProtocol};

fn cancelled_with(reason: &str) -> EndReason {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    let reason = format!("Reason: {reason}\r\n");
    bench.receive(request("CANCEL", "in", "z9hG4bK-1", &reason, ""));
    bench.ended_without_media(id)
}

#[test]
fn a_call_completed_elsewhere_is_no_missed_call() {
    let elsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";
    assert_eq!(cancelled_with(elsewhere), EndReason::AnsweredElsewhere);
    assert_eq!(cancelled_with("Q.850;cause=26, SIP;cause=200"), EndReason::AnsweredElsewhere);
    assert_eq!(cancelled_with("Q.850;cause=200"), EndReason::Cancelled);
    assert_eq!(cancelled_with("SIP;cause=\"open"), EndReason::Cancelled);
}

#[test]
fn a_call_declined_elsewhere_is_told_apart() {
    for cause in ["SIP;cause=603;text=\"Decline\"", "SIP;cause=600"] {
        assert_eq!(cancelled_with(cause), EndReason::DeclinedElsewhere, "{cause}");
    }
    assert_eq!(cancelled_with("SIP;cause=480"), EndReason::Cancelled);
}

#[test]
fn a_bye_with_an_extraordinary_reason_passes_it_on() {
    let table = [
        ("Q.850;cause=16;text=\"Normal call clearing\"", None),
        ("SIP;cause=200", None),
        (
            "Q.850;cause=38;text=\"Network\u{202e} out of order\"",
            Some((ReasonProtocol::Q850, 38, "Network out of order")),
        ),
        ("Q.850;cause=16, SIP;cause=503", Some((ReasonProtocol::Sip, 503, ""))),
    ];
    for (text, expected) in table {
        let mut bench = Bench::registered();
        let (id, ok) = bench.established_incoming();
        let bye = in_dialog(&ok, "BYE", 2, "z9hG4bK-b", "");
        bench.receive(with(&bye, &format!("Reason: {text}\r\n"), ""));
        bench.response(200);
        let expected = expected.map_or(EndReason::HungUpThere, |(protocol, cause, text)| {
            EndReason::Released(Reason { protocol, cause: Some(cause), text: text.into() })
        });
        assert_eq!(bench.ended(id), expected, "{text}");
    }
}

#[test]
fn our_bye_says_why_where_it_is_not_that_the_user_hung_up() {
    let (mut bench, id, _) = answered();
    bench.advance(Duration::from_secs(33));
    while !matches!(bench.sent.front(), Some(crate::support::Sent::Request(_))) {
        bench.sent.pop_front().expect("a BYE");
    }
    let bye = bench.request(Method::Bye);
    assert!(header(&bye.headers, "Reason").starts_with("SIP;cause=400"));
    assert_eq!(bench.ended(id), EndReason::ProtocolFailure(Misbehaviour::NoAck));
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    assert!(!bench.request(Method::Bye).headers.has("Reason"));
}

#[test]
fn our_cancel_says_that_nobody_answered() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    assert!(!invite.headers.has("Reason"));
    bench.reply(&invite, 180, &[], "");
    bench.advance(Duration::from_secs(181));
    let cancel = bench.request(Method::Cancel);
    assert_eq!(header(&cancel.headers, "Reason"), "SIP;cause=408;text=\"No answer\"");
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 180, &[], "");
    bench.command(Command::HangUp(id));
    assert!(!bench.request(Method::Cancel).headers.has("Reason"));
}

#[test]
fn a_fork_that_came_second_hears_that_the_call_is_answered() {
    let mut bench = Bench::registered();
    let (_, invite, _) = bench.established_outgoing();
    bench.reply_as("second", &invite, 200, &[("Contact", "<sip:c@far.example>")], SDP);
    bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    assert!(header(&bye.headers, "To").ends_with(";tag=second"));
    assert!(header(&bye.headers, "Reason").starts_with("SIP;cause=200;"));
}
