//! Requests that concern no call, or that we cannot serve, and messages that mean nothing.

use crate::support::{Bench, SDP, Sent, header, in_dialog, invite, request};
use webphone::sip::ua::{CallEvent, Command};

const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, MESSAGE, INFO, NOTIFY, REFER";

/// A request outside a dialog with one thing changed.
fn changed(method: &str, from: &str, to: &str) -> String {
    let request = request(method, "odd", "z9hG4bK-odd", "", "");
    assert!(request.contains(from), "{from} is not in {request}");
    request.replacen(from, to, 1)
}

/// The 400 that was sent, as text: it may echo what no parser accepts.
fn refusal(bench: &mut Bench) -> String {
    let text = match bench.sent.pop_front() {
        Some(Sent::Bytes(bytes)) => String::from_utf8(bytes).expect("text"),
        Some(Sent::Response(response)) => String::from_utf8(response.write()).expect("text"),
        other => panic!("expected a refusal, sent was {other:?}"),
    };
    assert!(text.starts_with("SIP/2.0 400 Bad Request\r\n"), "{text}");
    text
}

#[test]
fn options_tell_what_we_can_do() {
    let mut bench = Bench::registered();
    bench.receive(request("OPTIONS", "o", "z9hG4bK-o", "", ""));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "Allow"), ALLOW);
    assert_eq!(header(&ok.headers, "Accept"), "application/sdp, multipart/mixed");
    assert_eq!(
        header(&ok.headers, "Supported"),
        "gruu, outbound, timer, 100rel, replaces, norefersub, trickle-ice"
    );
    assert!(header(&ok.headers, "To").contains(";tag="));
    bench.quiet();
}

#[test]
fn options_are_answered_as_an_invite_would_be() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(request("OPTIONS", "o", "z9hG4bK-o", "", ""));
    let busy = bench.response(486);
    assert_eq!(header(&busy.headers, "Allow"), ALLOW);
    // Within the call there is room for what is said in it.
    bench.receive(in_dialog(&ringing, "OPTIONS", 2, "z9hG4bK-i", ""));
    bench.response(200);
    bench.command(Command::Decline(id));
    bench.response(603);
    bench.receive(request("OPTIONS", "p", "z9hG4bK-o2", "", ""));
    bench.response(200);
    bench.command(Command::Disconnect);
    bench.sent.clear();
    bench.receive(request("OPTIONS", "q", "z9hG4bK-o3", "", ""));
    bench.response(480);
}

#[test]
fn options_are_answered_in_a_dialog_too() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(in_dialog(&ringing, "OPTIONS", 2, "z9hG4bK-o", ""));
    bench.response(200);
    bench.quiet();
    let mut bench = Bench::registered();
    let (_, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "OPTIONS", 2, "z9hG4bK-o", ""));
    assert_eq!(header(&bench.response(200).headers, "Allow"), ALLOW);
    bench.quiet();
}

#[test]
fn methods_that_are_not_served_are_told_apart() {
    let known = ["REGISTER", "SUBSCRIBE"];
    for (methods, status) in [(&known[..], 405), (&["FOO", "invite"], 501)] {
        for method in methods {
            let mut bench = Bench::registered();
            bench.receive(request(method, "m", "z9hG4bK-m", "", ""));
            assert_eq!(header(&bench.response(status).headers, "Allow"), ALLOW, "{method}");
            let (_, ok) = bench.established_incoming();
            bench.receive(in_dialog(&ok, method, 2, "z9hG4bK-n", ""));
            bench.response(status);
            bench.quiet();
        }
    }
}

#[test]
fn a_foreign_uri_scheme_gets_416() {
    for method in ["INVITE", "OPTIONS"] {
        let mut bench = Bench::registered();
        bench.receive(changed(method, "sip:1001@client.invalid;transport=ws", "urn:service:sos"));
        bench.response(416);
        bench.quiet();
    }
}

#[test]
fn an_unknown_extension_gets_420() {
    let mut bench = Bench::registered();
    let require = "Require: gruu, precondition\r\nRequire: nothingSupportsThis\r\n";
    bench.receive(request("INVITE", "r", "z9hG4bK-r", require, SDP));
    let refused = bench.response(420);
    assert_eq!(header(&refused.headers, "Unsupported"), "precondition, nothingSupportsThis");
    bench.quiet();
    bench.ring(&request("INVITE", "s", "z9hG4bK-s", "Require: Outbound\r\n", SDP));
}

#[test]
fn requests_of_unknown_dialogs_get_481() {
    for method in ["BYE", "INVITE", "OPTIONS"] {
        let mut bench = Bench::registered();
        let (_, ok) = bench.established_incoming();
        let stranger =
            in_dialog(&ok, method, 2, "z9hG4bK-s", "").replace("Call-ID: in", "Call-ID: x");
        bench.receive(stranger);
        bench.response(481);
        let other_tag = in_dialog(&ok, method, 2, "z9hG4bK-t", "").replace(";tag=far", ";tag=FAR");
        bench.receive(other_tag);
        bench.response(481);
        bench.quiet();
    }
    let mut bench = Bench::registered();
    bench.receive(request("BYE", "b", "z9hG4bK-b", "", ""));
    bench.response(481);
    bench.receive(request("CANCEL", "c", "z9hG4bK-c", "", ""));
    assert!(header(&bench.response(481).headers, "To").contains(";tag="));
    bench.quiet();
}

#[test]
fn the_same_invite_by_another_path_is_a_loop() {
    let mut bench = Bench::registered();
    bench.ring(&invite("merged", "z9hG4bK-one"));
    bench.receive(invite("merged", "z9hG4bK-two"));
    assert!(header(&bench.response(482).headers, "To").contains(";tag="));
    bench.quiet();
}

#[test]
fn a_body_that_we_cannot_read_gets_415() {
    let mut bench = Bench::registered();
    bench.receive(invite("b", "z9hG4bK-b").replace("application/sdp", "multipart/mixed"));
    assert_eq!(header(&bench.response(415).headers, "Accept"), "application/sdp, multipart/mixed");
    bench.quiet();
}

#[test]
fn an_invite_that_cannot_be_followed_up_gets_400() {
    let mut bench = Bench::registered();
    bench.receive(changed("INVITE", "Contact: <sip:bob@far.invalid;transport=ws>\r\n", ""));
    bench.response(400);
    bench.quiet();
}

#[test]
fn an_ack_for_nothing_is_ignored() {
    let mut bench = Bench::registered();
    bench.receive(request("ACK", "a", "z9hG4bK-a", "", ""));
    let (_, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "ACK", 7, "z9hG4bK-b", SDP));
    bench.quiet();
}

#[test]
fn what_is_malformed_gets_400_with_a_tag() {
    let bad = [
        ("CSeq: 1 OPTIONS", "CSeq: 1 INVITE"),
        ("CSeq: 1 OPTIONS", "CSeq: 99999999999 OPTIONS"),
        ("Content-Length: 0", "Content-Length: 9"),
        ("From: \"Bob\"", "From: \"Bob"),
    ];
    for (from, to) in bad {
        let mut bench = Bench::registered();
        bench.receive(changed("OPTIONS", from, to));
        let refused = refusal(&mut bench);
        assert!(refused.contains("\r\nTo: <sip:1001@example.com>;tag="), "{refused}");
        bench.quiet();
    }
}

#[test]
fn a_to_that_cannot_be_read_is_echoed_as_it_is() {
    let mut bench = Bench::registered();
    bench.receive(changed("OPTIONS", "To: <sip:1001@example.com>", "To: <sip:1001@example.com"));
    assert!(refusal(&mut bench).contains("\r\nTo: <sip:1001@example.com\r\n"));
    bench.receive(changed("OPTIONS", "To: <sip:1001@example.com>\r\n", ""));
    assert!(!refusal(&mut bench).contains("\r\nTo:"));
}

#[test]
fn another_version_gets_505() {
    let mut bench = Bench::registered();
    bench.receive(changed("OPTIONS", " SIP/2.0\r\n", " SIP/7.0\r\n"));
    bench.response(505);
    bench.quiet();
}

#[test]
fn garbage_is_dropped() {
    let mut bench = Bench::registered();
    let frames: [&[u8]; 5] =
        [b"", b"\0\xff\xfe", b"GET / HTTP/1.1\r\n\r\n", b"SIP/2.0 abc\r\n\r\n", b" "];
    for frame in frames {
        bench.receive(frame);
    }
    bench.quiet();
}

#[test]
fn responses_for_nothing_are_dropped() {
    let mut bench = Bench::registered();
    for (status, method) in [(200, "INVITE"), (401, "REGISTER"), (180, "INVITE"), (503, "BYE")] {
        bench.receive(format!(
            "SIP/2.0 {status} X\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK-nothing\r\n\
             From: <sip:1001@example.com>;tag=1\r\nTo: <sip:1002@example.com>;tag=2\r\n\
             Call-ID: nothing\r\nCSeq: 1 {method}\r\nContact: <sip:x@y>\r\n\r\n"
        ));
    }
    bench.quiet();
}

#[test]
fn a_response_to_another_method_of_the_same_branch_is_dropped() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    let mut response = webphone::sip::wire::Response::to_request(&invite, 486);
    response.headers.set("CSeq", "1 CANCEL");
    bench.receive(response.write());
    bench.quiet();
}

#[test]
fn every_via_is_echoed_in_order() {
    let mut bench = Bench::registered();
    let vias = "SIP/2.0/WSS one;branch=z9hG4bK-1;rport , SIP/2.0/UDP two:5070;branch=z9hG4bK-2";
    let via = "Via: SIP/2.0/WSS proxy.example.com;branch=z9hG4bK-odd";
    bench.receive(changed("OPTIONS", via, &format!("Via: {vias}")));
    let ok = bench.response(200);
    let echoed: Vec<_> = ok.headers.all("Via").collect();
    assert_eq!(echoed, [vias, "SIP/2.0/WSS far.invalid;branch=z9hG4bK-oddx"]);
}

#[test]
fn a_caller_cannot_forge_headers_by_what_it_sends() {
    let mut bench = Bench::registered();
    bench.receive(changed("INVITE", "\"Bob\"", "\"B\rEvil: 1\""));
    let ringing = bench.response(180);
    assert!(!ringing.headers.has("Evil"));
    assert!(matches!(bench.call_event().1, CallEvent::Incoming(_)));
}
