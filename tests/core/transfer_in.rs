//! Transfers that the peer asks for: consent, the call that we place, and what the peer is told.

use crate::support::{Bench, OUR_SDP, SDP, header, in_dialog, invite, request, seq, with};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{CallEvent, CallId, Command, EndReason, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request, Response};

const SECOND: Duration = Duration::from_secs(1);
const CONTACT: (&str, &str) = ("Contact", "<sip:carol@far.example;transport=ws>");

/// A REFER of the peer, as its request of this number.
fn refer(ok: &Response, number: u32, headers: &str) -> String {
    with(&in_dialog(ok, "REFER", number, &format!("z9hG4bK-r{number}"), ""), headers, "")
}

/// A call whose peer asks for a transfer.
fn asked(headers: &str) -> (Bench, CallId, Response) {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(refer(&ok, 2, headers));
    bench.nothing_sent();
    (bench, id, ok)
}

/// As [`asked`], with the user's consent; returns the new call and its INVITE.
fn consented(headers: &str) -> (Bench, CallId, Response, CallId, Request) {
    let (mut bench, id, ok) = asked(headers);
    bench.events.clear();
    let new = bench.fresh_call();
    bench.command(Command::AcceptTransfer { call: id, id: new });
    let accepted = bench.response(202);
    assert!(accepted.headers.has("Contact"));
    let notify = bench.request(Method::Notify);
    check_notify(&notify, "SIP/2.0 100 Trying\r\n", "active;expires=60");
    bench.reply(&notify, 200, &[], "");
    let (call, event) = bench.call_event();
    assert!(matches!(event, CallEvent::Outgoing(_)), "{event:?}");
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(call)));
    bench.input(Input::Media(MediaReply::Offer(call, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    (bench, id, ok, call, invite)
}

#[track_caller]
fn check_notify(notify: &Request, body: &str, state: &str) {
    assert_eq!(String::from_utf8_lossy(&notify.body), body);
    let headers = &notify.headers;
    assert_eq!(header(headers, "Subscription-State"), state);
    assert_eq!(header(headers, "Content-Type"), "message/sipfrag;version=2.0");
    assert!(header(headers, "Contact").starts_with("<sip:"), "Asterisk wants one");
}

const REFER_TO: &str =
    "Refer-To: <sip:1003@example.com>\r\nReferred-By: \"Bob\" <sip:1002@example.com>\r\n";

#[test]
fn the_user_is_asked_first() {
    let (mut bench, id, _) = asked(REFER_TO);
    let (of, event) = bench.call_event();
    assert_eq!(of, id);
    let CallEvent::TransferRequested { target, referred_by } = event else { panic!("{event:?}") };
    assert_eq!(target.to_string(), "sip:1003@example.com");
    let by = referred_by.expect("somebody");
    assert_eq!(
        (by.name.as_deref(), by.uri.to_string().as_str()),
        (Some("Bob"), "sip:1002@example.com")
    );
    bench.quiet();
    bench.command(Command::RefuseTransfer(id));
    bench.response(603);
    bench.advance(SECOND * 60);
    bench.quiet();
}

#[test]
fn half_a_minute_without_consent_is_a_refusal() {
    let (mut bench, id, _) = asked(REFER_TO);
    bench.call_event();
    bench.advance(SECOND * 29);
    bench.quiet();
    bench.advance(SECOND);
    bench.response(603);
    let new = bench.fresh_call();
    bench.command(Command::AcceptTransfer { call: id, id: new });
    bench.quiet();
}

#[test]
fn the_peer_is_told_how_the_new_call_goes() {
    let (mut bench, id, ok, call, invite) = consented(REFER_TO);
    assert_eq!(invite.uri.to_string(), "sip:1003@example.com");
    assert_eq!(header(&invite.headers, "Referred-By"), "\"Bob\" <sip:1002@example.com>");
    assert!(!invite.headers.has("Replaces"));
    bench.reply(&invite, 180, &[], "");
    let notify = bench.request(Method::Notify);
    check_notify(&notify, "SIP/2.0 180 Ringing\r\n", "active;expires=60");
    assert_eq!(header(&notify.headers, "Event"), "refer");
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    let last = bench.request(Method::Notify);
    check_notify(&last, "SIP/2.0 200 OK\r\n", "terminated;reason=noresource");
    assert_eq!(seq(&last), seq(&notify) + 1);
    bench.events.clear();
    bench.media.clear();
    bench.receive(in_dialog(&ok, "BYE", 3, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.command(Command::HangUp(call));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(call), EndReason::HungUpHere);
    bench.quiet();
}

#[test]
fn a_call_that_fails_is_told_with_its_status() {
    let (mut bench, id, _, call, invite) = consented(REFER_TO);
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    let notify = bench.request(Method::Notify);
    check_notify(&notify, "SIP/2.0 486 Busy Here\r\n", "terminated;reason=noresource");
    assert!(matches!(bench.ended(call), EndReason::Rejected { status: 486, .. }));
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere, "the call with the peer stood until then");
}

#[test]
fn a_call_that_the_user_takes_back_is_told() {
    let (mut bench, _, _, call, invite) = consented(REFER_TO);
    bench.reply(&invite, 100, &[], "");
    bench.command(Command::HangUp(call));
    bench.request(Method::Cancel);
    let notify = bench.request(Method::Notify);
    check_notify(&notify, "SIP/2.0 487 Request Terminated\r\n", "terminated;reason=noresource");
}

#[test]
fn what_was_promised_is_told_after_the_peers_bye_too() {
    let (mut bench, id, ok, _, invite) = consented(REFER_TO);
    bench.receive(in_dialog(&ok, "BYE", 3, "z9hG4bK-b", ""));
    bench.response(200);
    bench.events.retain(|event| !matches!(event, webphone::sip::Event::Call(of, _) if *of != id));
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    let notify = bench.request(Method::Notify);
    check_notify(&notify, "SIP/2.0 200 OK\r\n", "terminated;reason=noresource");
    bench.receive(in_dialog(&ok, "OPTIONS", 4, "z9hG4bK-o", ""));
    bench.response(481);
}

#[test]
fn a_peer_that_wants_no_more_news_gets_none() {
    let (mut bench, _, _, _, invite) = consented(REFER_TO);
    bench.reply(&invite, 180, &[], "");
    let notify = bench.request(Method::Notify);
    bench.reply(&notify, 481, &[], "");
    bench.reply(&invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    bench.nothing_sent();
}

#[test]
fn a_long_ringing_is_told_again_before_the_subscription_runs_out() {
    let (mut bench, _, _, _, invite) = consented(REFER_TO);
    bench.reply(&invite, 180, &[], "");
    let first = bench.request(Method::Notify);
    bench.reply(&first, 200, &[], "");
    bench.advance(SECOND * 50);
    let again = bench.request(Method::Notify);
    assert_eq!(again.body, first.body);
    assert!(seq(&again) > seq(&first));
}

#[test]
fn a_peer_that_wants_no_subscription_gets_no_notify() {
    let (mut bench, id, _) =
        asked("Refer-To: <sip:1003@example.com>\r\nRefer-Sub: false\r\nRequire: norefersub\r\n");
    bench.events.clear();
    let new = bench.fresh_call();
    bench.command(Command::AcceptTransfer { call: id, id: new });
    assert_eq!(header(&bench.response(202).headers, "Refer-Sub"), "false");
    let (call, _) = bench.call_event();
    bench.input(Input::Media(MediaReply::Offer(call, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    bench.reply(&invite, 180, &[], "");
    bench.advance(SECOND * 60);
    bench.nothing_sent();
}

#[test]
fn the_call_that_we_place_replaces_what_the_refer_names() {
    let (_, _, _, _, invite) = consented(
        "Refer-To: <sip:1003@192.0.2.1;transport=ws;method=INVITE?Replaces=a%40h%3Bto-tag%3D1%3Bfrom-tag%3D2&Route=%3Csip%3Aevil%3E&Subject=x>\r\n",
    );
    assert_eq!(invite.uri.to_string(), "sip:1003@192.0.2.1;transport=ws");
    assert_eq!(header(&invite.headers, "Replaces"), "a@h;to-tag=1;from-tag=2");
    assert!(!invite.headers.has("Route") && !invite.headers.has("Subject"));
}

#[test]
fn a_second_transfer_in_the_same_call_is_told_apart_by_its_number() {
    let (mut bench, id, ok, _, invite) = consented(REFER_TO);
    bench.receive(refer(&ok, 3, REFER_TO));
    bench.response(491);
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    bench.request(Method::Notify);
    bench.receive(refer(&ok, 4, REFER_TO));
    let new = bench.fresh_call();
    bench.command(Command::AcceptTransfer { call: id, id: new });
    bench.response(202);
    assert_eq!(header(&bench.request(Method::Notify).headers, "Event"), "refer;id=4");
}

#[test]
fn a_refer_that_cannot_be_done_is_answered_and_asks_nobody() {
    let table = [
        ("", 400),
        ("Refer-To: 600\r\n", 400),
        ("Refer-To: \"open <sip:a@h>\r\n", 400),
        ("Refer-To: <sip:a@h>\r\nRefer-To: <sip:b@h>\r\n", 400),
        ("Refer-To: <sip:a@h?Replaces=nonsense>\r\n", 400),
        ("Refer-To: <sip:a@h;method=BYE>\r\n", 400),
        ("Refer-To: <https://evil.example/>\r\n", 416),
        ("Refer-To: <mailto:a@h>\r\n", 416),
    ];
    for (headers, status) in table {
        let mut bench = Bench::registered();
        let (_, ok) = bench.established_incoming();
        bench.receive(refer(&ok, 2, headers));
        bench.response(status);
        bench.quiet();
    }
}

#[test]
fn the_end_of_the_call_ends_the_question() {
    let (mut bench, id, ok) = asked(REFER_TO);
    bench.call_event();
    bench.receive(in_dialog(&ok, "BYE", 3, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(header(&bench.response(487).headers, "CSeq"), "2 REFER");
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    let new = bench.fresh_call();
    bench.command(Command::AcceptTransfer { call: id, id: new });
    bench.advance(SECOND * 60);
    bench.quiet();
}

#[test]
fn a_refer_outside_a_call_is_forbidden() {
    let mut bench = Bench::registered();
    bench.receive(request("REFER", "r", "z9hG4bK-r", REFER_TO, ""));
    bench.response(403);
    bench.quiet();
}

#[test]
fn a_refer_while_it_rings_waits() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(refer(&ringing, 2, REFER_TO));
    bench.response(500);
    bench.quiet();
}
