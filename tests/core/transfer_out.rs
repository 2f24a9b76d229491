//! Transfers that we ask for: REFER, what is told of it, and when the call ends.

use crate::support::{
    Bench, SDP, branch, config, from_callee, header, in_dialog, invite, seq, with,
};
use std::time::Duration;
use webphone::sip::ua::{CallEvent, CallId, Command, EndReason, MediaReply, TransferEvent};
use webphone::sip::wire::{Method, NameAddr, Replaces, Request, Response, Uri, unescape};
use webphone::sip::{Config, Input};

const SECOND: Duration = Duration::from_secs(1);
const ACTIVE: &str = "active;expires=60";
const TERMINATED: &str = "terminated;reason=noresource";

/// A call in which a transfer was asked for; returns it with its INVITE and the REFER.
fn referring() -> (Bench, CallId, Request, Request) {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::Transfer { call: id, target: uri("sip:1003@example.com") });
    let refer = bench.request(Method::Refer);
    (bench, id, invite, refer)
}

/// As [`referring`], after the 202.
fn accepted() -> (Bench, CallId, Request) {
    let (mut bench, id, invite, refer) = referring();
    bench.reply(&refer, 202, &[], "");
    assert_eq!(transfer_event(&mut bench, id), TransferEvent::Trying);
    (bench, id, invite)
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).expect("a URI")
}

fn notify(invite: &Request, number: u32, state: &str, fragment: &str) -> String {
    let notify = from_callee(invite, "NOTIFY", number, &format!("z9hG4bK-n{number}"), "");
    let headers = format!(
        "Event: refer\r\nSubscription-State: {state}\r\nContent-Type: message/sipfrag;version=2.0\r\n"
    );
    with(&notify, &headers, fragment)
}

#[track_caller]
fn transfer_event(bench: &mut Bench, id: CallId) -> TransferEvent {
    match bench.call_event() {
        (of, CallEvent::Transfer(event)) if of == id => event,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn done(bench: &mut Bench, id: CallId) {
    assert_eq!(transfer_event(bench, id), TransferEvent::Done);
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::Transferred);
    bench.quiet();
}

#[track_caller]
fn told_failed(bench: &mut Bench, id: CallId, status: u16) {
    match transfer_event(bench, id) {
        TransferEvent::Failed { status: told, .. } => assert_eq!(told, status),
        other => panic!("{other:?}"),
    }
}

/// The peer had taken the transfer up: it is asked whether it is still there, and is.
#[track_caller]
fn failed_late(bench: &mut Bench, id: CallId, status: u16) {
    still_there(bench);
    failed(bench, id, status);
}

#[track_caller]
fn still_there(bench: &mut Bench) {
    let reinvite = bench.request(Method::Invite);
    bench.reply(&reinvite, 200, &[("Contact", "<sip:bob@far.example;transport=ws>")], SDP);
    bench.request(Method::Ack);
}

#[track_caller]
fn failed(bench: &mut Bench, id: CallId, status: u16) {
    told_failed(bench, id, status);
    bench.quiet();
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(id), EndReason::HungUpHere, "the call went on until then");
}

#[test]
fn a_refer_says_whom_to_call_and_who_wants_it() {
    let (_, _, invite, refer) = referring();
    assert_eq!(refer.uri.to_string(), "sip:bob@far.example;transport=ws");
    assert_eq!(header(&refer.headers, "Refer-To"), "<sip:1003@example.com>");
    assert_eq!(header(&refer.headers, "Referred-By"), "\"Ana\" <sip:1001@example.com>");
    assert_eq!(header(&refer.headers, "Contact"), header(&invite.headers, "Contact"));
    assert!(refer.headers.has_token("Supported", "norefersub"));
    assert_eq!(seq(&refer), 2);
}

#[test]
fn the_call_is_kept_until_the_transfer_is_final() {
    let (mut bench, id, invite) = accepted();
    bench.quiet();
    bench.receive(notify(&invite, 2, ACTIVE, "SIP/2.0 100 Trying"));
    bench.response(200);
    bench.quiet();
    bench.receive(notify(&invite, 3, ACTIVE, "SIP/2.0 180 Ringing\r\n"));
    bench.response(200);
    assert_eq!(transfer_event(&mut bench, id), TransferEvent::Ringing);
    bench.advance(SECOND * 60);
    bench.quiet();
    bench.receive(notify(&invite, 4, TERMINATED, "SIP/2.0 200 OK\r\n"));
    bench.response(200);
    done(&mut bench, id);
}

#[test]
fn a_transfer_that_fails_leaves_the_call_as_it_was() {
    let (mut bench, id, invite) = accepted();
    bench.receive(notify(&invite, 2, TERMINATED, "SIP/2.0 486 Busy\u{7} Here\r\n"));
    bench.response(200);
    let failed = TransferEvent::Failed { status: 486, reason: "Busy Here".into() };
    assert_eq!(transfer_event(&mut bench, id), failed);
    still_there(&mut bench);
    bench.advance(SECOND * 300);
    bench.quiet();
    bench.receive(notify(&invite, 3, TERMINATED, "SIP/2.0 200 OK\r\n"));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_server_that_has_let_the_peer_go_is_found_out() {
    // Asterisk: the other side is gone, and the dialog is kept until somebody asks for something.
    let (mut bench, id, invite) = accepted();
    bench.receive(notify(&invite, 2, TERMINATED, "SIP/2.0 503 Service Unavailable"));
    bench.response(200);
    told_failed(&mut bench, id, 503);
    let reinvite = bench.request(Method::Invite);
    bench.receive(from_callee(&invite, "BYE", 3, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.reply(&reinvite, 200, &[("Contact", "<sip:bob@far.example;transport=ws>")], SDP);
    bench.request(Method::Ack);
    bench.quiet();
}

#[test]
fn a_refused_refer_leaves_the_call_as_it_was() {
    for status in [403, 405, 420, 500, 603] {
        let (mut bench, id, _, refer) = referring();
        bench.reply(&refer, status, &[], "");
        failed(&mut bench, id, status);
    }
}

#[test]
fn a_refer_that_nobody_answers_fails() {
    let (mut bench, id, ..) = referring();
    bench.advance(SECOND * 33);
    failed(&mut bench, id, 408);
}

#[test]
fn a_notify_may_come_before_the_202() {
    let (mut bench, id, invite, refer) = referring();
    bench.receive(notify(&invite, 2, ACTIVE, "SIP/2.0 100 Trying"));
    bench.response(200);
    assert_eq!(transfer_event(&mut bench, id), TransferEvent::Trying);
    bench.reply(&refer, 202, &[], "");
    bench.quiet();
    bench.receive(notify(&invite, 3, TERMINATED, "SIP/2.0 200 OK"));
    bench.response(200);
    done(&mut bench, id);
}

#[test]
fn ten_seconds_without_news_count_as_done() {
    let (mut bench, id, _) = accepted();
    bench.advance(SECOND * 9);
    bench.quiet();
    bench.advance(SECOND);
    done(&mut bench, id);
    // A server that says no more than 100.
    let (mut bench, id, invite) = accepted();
    bench.advance(SECOND * 5);
    bench.receive(notify(&invite, 2, ACTIVE, "SIP/2.0 100 Trying"));
    bench.response(200);
    bench.advance(SECOND * 4);
    bench.quiet();
    bench.advance(SECOND);
    done(&mut bench, id);
}

#[test]
fn silence_after_the_ringing_is_a_failure() {
    let (mut bench, id, invite) = accepted();
    bench.receive(notify(&invite, 2, ACTIVE, "SIP/2.0 180 Ringing"));
    bench.response(200);
    assert_eq!(transfer_event(&mut bench, id), TransferEvent::Ringing);
    bench.advance(SECOND * 181);
    failed_late(&mut bench, id, 408);
}

#[test]
fn a_subscription_that_ends_early_is_judged_by_its_reason() {
    for (state, status) in [
        (TERMINATED, None),
        ("terminated", None),
        ("terminated;reason=rejected", Some(603)),
        ("terminated;reason=timeout", Some(408)),
    ] {
        let (mut bench, id, invite) = accepted();
        bench.receive(notify(&invite, 2, state, "SIP/2.0 100 Trying"));
        bench.response(200);
        match status {
            None => done(&mut bench, id),
            Some(status) => failed_late(&mut bench, id, status),
        }
    }
}

#[test]
fn a_peer_that_leaves_at_once_was_transferred() {
    let (mut bench, id, invite) = accepted();
    bench.receive(from_callee(&invite, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(transfer_event(&mut bench, id), TransferEvent::Done);
    assert_eq!(bench.ended(id), EndReason::Transferred);
    bench.quiet();
}

#[test]
fn a_peer_that_leaves_before_it_answers_the_refer_just_hung_up() {
    let (mut bench, id, invite, refer) = referring();
    bench.receive(from_callee(&invite, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(200);
    assert_eq!(bench.ended(id), EndReason::HungUpThere);
    bench.reply(&refer, 202, &[], "");
    bench.quiet();
}

#[test]
fn without_a_subscription_the_202_is_the_end() {
    let (mut bench, id, _, refer) = referring();
    bench.reply(&refer, 202, &[("Refer-Sub", "false;x")], "");
    done(&mut bench, id);
}

#[test]
fn a_challenged_refer_goes_out_again_under_the_next_number_of_its_dialog() {
    let mut bench = Bench::registered();
    bench.meet_proxy();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Transfer { call: id, target: uri("sip:1003@example.com") });
    let refer = bench.request(Method::Refer);
    bench.command(Command::SendDtmf { call: id, digits: "1".into() });
    let info = bench.request(Method::Info);
    let challenge = "Digest realm=\"example.com\", nonce=\"n1\", qop=\"auth\"";
    bench.reply(&refer, 407, &[("Proxy-Authenticate", challenge)], "");
    let again = bench.request(Method::Refer);
    assert_eq!((seq(&refer), seq(&info), seq(&again)), (2, 3, 4));
    assert!(again.headers.has("Proxy-Authorization"));
    assert_ne!(branch(&refer), branch(&again));
    bench.reply(&again, 407, &[("Proxy-Authenticate", challenge)], "");
    failed(&mut bench, id, 407);
}

#[test]
fn a_second_transfer_waits_for_the_first_one() {
    let (mut bench, id, _) = accepted();
    bench.command(Command::Transfer { call: id, target: uri("sip:1004@example.com") });
    bench.quiet();
}

#[test]
fn only_telephones_are_targets() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Transfer { call: id, target: uri("https://evil.example/") });
    failed(&mut bench, id, 416);
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Transfer { call: id, target: uri("tel:+576041234567") });
    assert_eq!(header(&bench.request(Method::Refer).headers, "Refer-To"), "<tel:+576041234567>");
}

#[test]
fn a_notify_about_something_else_is_refused() {
    let (mut bench, _, invite) = accepted();
    let other = notify(&invite, 2, ACTIVE, "").replace("Event: refer", "Event: presence");
    bench.receive(other);
    bench.response(481);
    bench.quiet();
}

/// Two calls: one that we placed, and one that came from `contact`.
fn two_calls(contact: &str) -> (Bench, CallId, CallId, Response) {
    let mut bench = Bench::registered_with(Config { max_calls: 2, ..config() });
    let (first, ..) = bench.established_outgoing();
    let text = invite("other/call@x", "z9hG4bK-o");
    let (second, _) = bench.ring(&text.replace("<sip:bob@far.invalid;transport=ws>", contact));
    bench.command(Command::Answer(second));
    bench.input(Input::Media(MediaReply::Answer(second, SDP.into())));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.events.clear();
    bench.media.clear();
    (bench, first, second, ok)
}

/// The URI of Refer-To without headers, and the dialog that it names.
fn refer_to(refer: &Request) -> (String, Replaces) {
    let value = header(&refer.headers, "Refer-To");
    let NameAddr { uri: Uri::Sip(mut sip), .. } = NameAddr::parse(value).expect("an address")
    else {
        panic!("{value}")
    };
    let [(name, replaces)] = &std::mem::take(&mut sip.headers)[..] else { panic!("{value}") };
    assert_eq!(name, "Replaces");
    (sip.to_string(), Replaces::parse(&unescape(replaces)).expect("a dialog"))
}

#[test]
fn an_attended_transfer_names_the_dialog_of_the_other_call() {
    let (mut bench, first, second, ok) = two_calls("<sip:bob@192.0.2.1;transport=ws>");
    bench.command(Command::TransferTo { call: first, other: second });
    let refer = bench.request(Method::Refer);
    assert!(!header(&refer.headers, "Refer-To").contains("other/call@x"), "it is escaped");
    let (target, replaces) = refer_to(&refer);
    assert_eq!(target, "sip:bob@192.0.2.1;transport=ws");
    assert_eq!(replaces.call_id, "other/call@x");
    assert_eq!(Some(replaces.from_tag.as_str()), ok.to().expect("To").tag(), "our tag");
    assert_eq!(replaces.to_tag, "far", "the tag of the one who will receive it");
    assert!(!replaces.early_only);
}

#[test]
fn a_contact_that_only_its_own_connection_reaches_is_no_target() {
    let (mut bench, first, second, _) = two_calls("<sip:bob@far.invalid;transport=ws>");
    bench.command(Command::TransferTo { call: first, other: second });
    assert_eq!(refer_to(&bench.request(Method::Refer)).0, "sip:1002@example.com");
    let gruu = "<sip:1002@far.invalid;gr=urn:uuid:1>";
    let (mut bench, first, second, _) = two_calls(gruu);
    bench.command(Command::TransferTo { call: first, other: second });
    assert_eq!(refer_to(&bench.request(Method::Refer)).0, "sip:1002@far.invalid;gr=urn:uuid:1");
}

#[test]
fn an_attended_transfer_needs_another_call_that_stands() {
    let (mut bench, first, second, _) = two_calls("<sip:bob@192.0.2.1>");
    bench.command(Command::HangUp(second));
    bench.request(Method::Bye);
    bench.ended(second);
    bench.command(Command::TransferTo { call: first, other: second });
    failed(&mut bench, first, 481);
    let (mut bench, first, ..) = two_calls("<sip:bob@192.0.2.1>");
    bench.command(Command::TransferTo { call: first, other: first });
    failed(&mut bench, first, 481);
}
