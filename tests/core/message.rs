//! Text messages: out, in, in a call, and what is refused.

use crate::support::{Bench, branch, config, header, in_dialog, invite, request, seq};
use std::time::Duration;
use webphone::sip::Config;
use webphone::sip::ua::{Command, Event, MessageEvent, MessageId, Policy};
use webphone::sip::wire::{Method, Request, Uri};

const SECOND: Duration = Duration::from_secs(1);

/// A MESSAGE of the far end with this body.
fn message(id: &str, kind: &str, text: &[u8]) -> Vec<u8> {
    let head = request("MESSAGE", id, &format!("z9hG4bK-{id}"), kind, "");
    let head = head.replace("Content-Length: 0", &format!("Content-Length: {}", text.len()));
    [head.as_bytes(), text].concat()
}

fn send(bench: &mut Bench, id: u32, text: &str) {
    let to = Uri::parse("sip:1002@example.com?Route=%3Csip:evil.example%3E").expect("a URI");
    bench.command(Command::SendMessage { id: MessageId(id), to, text: text.into() });
}

fn sent(bench: &mut Bench, text: &str) -> Request {
    send(bench, 7, text);
    bench.request(Method::Message)
}

#[track_caller]
fn event(bench: &mut Bench) -> MessageEvent {
    match bench.events.pop_front() {
        Some(Event::Message(event)) => event,
        other => panic!("expected a message, it was {other:?}"),
    }
}

#[track_caller]
fn failure(bench: &mut Bench) -> (u32, u16) {
    match event(bench) {
        MessageEvent::Failed { id, status, .. } => (id.0, status),
        other => panic!("expected a failure, it was {other:?}"),
    }
}

/// The texts that have come in.
fn texts(bench: &mut Bench) -> Vec<String> {
    let events = std::mem::take(&mut bench.events);
    let text = |event| match event {
        Event::Message(MessageEvent::Received { text, .. }) => Some(text),
        _ => None,
    };
    events.into_iter().filter_map(text).collect()
}

#[test]
fn more_texts_than_people_write_are_turned_away_and_told_when_to_come_again() {
    let mut bench = Bench::registered();
    let kind = "Content-Type: text/plain\r\n";
    for number in 0..60 {
        bench.receive(message(&format!("m{number}"), kind, b"hi"));
        bench.response(200);
    }
    bench.receive(message("more", kind, b"hi"));
    assert_eq!(header(&bench.response(480).headers, "Retry-After"), "60");
    let other = message("other", kind, b"hi");
    bench.receive(String::from_utf8_lossy(&other).replace("sip:1002@", "sip:1003@"));
    bench.response(200);
    assert_eq!(texts(&mut bench).len(), 61, "others are heard");
    bench.advance(60 * SECOND);
    bench.receive(message("later", kind, b"hi"));
    bench.response(200);
}

#[test]
fn a_text_is_found_among_parts_that_do_not_matter() {
    let text = "--b\r\nContent-Type: text/plain;charset=utf-8\r\n\r\nHola ñ\r\n";
    let part = |handling: &str| {
        format!("--b\r\nContent-Type: application/octet-stream\r\n{handling}\r\n\0\x01\r\n")
    };
    let optional = part("Content-Disposition: attachment;handling=optional\r\n");
    let mixed = "Content-Type: multipart/mixed;boundary=b\r\n";
    let other = "Content-Type: multipart/alternative;boundary=b\r\n";
    let html = "--b\r\nContent-Type: text/html\r\n\r\n<p>Hola\r\n";
    let table = [
        (mixed, [text, &optional], 200, "Hola ñ"),
        (mixed, [&optional, text], 200, "Hola ñ"),
        (mixed, [text, text], 200, "Hola ñ\nHola ñ"),
        (other, [html, text], 200, "Hola ñ"),
        // RFC 3261 §20.11: what says nothing of its handling is required.
        (mixed, [text, &part("")], 415, ""),
        (mixed, [text, html], 415, ""),
    ];
    for (index, (kind, parts, status, shown)) in table.into_iter().enumerate() {
        let mut bench = Bench::registered();
        let body = [&parts.concat(), "--b--\r\n"].concat();
        bench.receive(message("m", kind, body.as_bytes()));
        bench.response(status);
        let shown: Vec<String> =
            Some(shown.to_owned()).filter(|shown| !shown.is_empty()).into_iter().collect();
        assert_eq!(texts(&mut bench), shown, "{index}");
    }
    let mut bench = Bench::registered();
    bench.receive(message("s", "Content-Type: application/pkcs7-mime\r\n", b"x"));
    bench.response(493);
    bench.quiet();
}

#[test]
fn a_message_out_is_plain_text_outside_any_dialog() {
    let mut bench = Bench::registered();
    let message = sent(&mut bench, "¡Hola! 你好");
    assert_eq!(message.uri.to_string(), "sip:1002@example.com");
    assert_eq!(header(&message.headers, "To"), "<sip:1002@example.com>");
    assert!(header(&message.headers, "From").contains(";tag="));
    assert_eq!(header(&message.headers, "Content-Type"), "text/plain;charset=UTF-8");
    assert_eq!(message.body, "¡Hola! 你好".as_bytes());
    // RFC 3428 §4: no Contact.
    assert!(!message.headers.has("Contact") && !message.headers.has("Route"));
    bench.reply(&message, 100, &[], "");
    assert!(bench.events.is_empty());
    bench.reply(&message, 202, &[], "");
    assert_eq!(event(&mut bench), MessageEvent::Delivered(MessageId(7)));
    bench.quiet();
}

#[test]
fn a_challenged_message_goes_out_again_with_credentials() {
    let mut bench = Bench::registered();
    let first = sent(&mut bench, "hi");
    let challenge = "Digest realm=\"example.com\", nonce=\"n\", algorithm=MD5, qop=\"auth\"";
    bench.reply(&first, 407, &[("Proxy-Authenticate", challenge)], "");
    let second = bench.request(Method::Message);
    assert!(header(&second.headers, "Proxy-Authorization").starts_with("Digest "));
    assert_eq!((seq(&second), second.body.as_slice()), (seq(&first) + 1, &b"hi"[..]));
    assert_ne!(branch(&first), branch(&second));
    bench.reply(&second, 407, &[("Proxy-Authenticate", challenge)], "");
    assert_eq!(failure(&mut bench), (7, 401));
    bench.quiet();
}

#[test]
fn a_message_that_is_refused_or_unanswered_fails_once() {
    let mut bench = Bench::registered();
    let message = sent(&mut bench, "hi");
    bench.reply(&message, 404, &[], "");
    assert_eq!(failure(&mut bench), (7, 404));
    sent(&mut bench, "hi");
    bench.advance(33 * SECOND);
    assert_eq!(failure(&mut bench), (7, 408));
    bench.quiet();
}

#[test]
fn a_message_without_a_line_fails_at_once() {
    let mut bench = Bench::with(config());
    send(&mut bench, 1, "hi");
    assert_eq!(failure(&mut bench), (1, 503));
    let mut bench = Bench::registered();
    send(&mut bench, 2, "hi");
    bench.command(Command::Disconnect);
    bench.advance(3 * SECOND);
    assert_eq!(failure(&mut bench), (2, 503), "the line closed before an answer");
}

#[test]
fn a_text_that_is_too_long_is_not_sent() {
    let mut bench = Bench::registered();
    send(&mut bench, 1, &"x".repeat(16 * 1024 + 1));
    assert_eq!(failure(&mut bench), (1, 413));
    bench.quiet();
    sent(&mut bench, &"x".repeat(16 * 1024));
}

#[test]
fn a_message_in_gets_200_and_is_shown_with_its_sender() {
    let mut bench = Bench::registered();
    let text = "<b>hi</b>\r\nthere";
    let kind = "Content-Type: Text/Plain ; charset=utf-8\r\n";
    bench.receive(message("m1", kind, text.as_bytes()));
    assert!(header(&bench.response(200).headers, "To").contains(";tag="));
    let MessageEvent::Received { from, text: shown, .. } = event(&mut bench) else {
        panic!("no message");
    };
    assert_eq!(
        (from.name.as_deref(), from.uri.to_string().as_str()),
        (Some("Bob"), "sip:1002@example.com")
    );
    assert_eq!(shown, text);
    bench.quiet();
}

#[test]
fn a_message_has_the_same_key_at_each_telephone_and_each_message_its_own() {
    let key = |name: &str, by_way_of: &str| {
        let mut bench = Bench::registered();
        let via = ["Via: SIP/2.0/WS ", by_way_of, ";branch=z9hG4bK", by_way_of, "\r\n"].concat();
        let mut frame = message(name, "Content-Type: text/plain\r\n", b"hi");
        let line = frame.windows(2).position(|pair| pair == b"\r\n").expect("a line") + 2;
        frame.splice(line..line, via.into_bytes());
        bench.receive(frame);
        bench.response(200);
        match event(&mut bench) {
            MessageEvent::Received { key, .. } => key,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(key("m1", "one.example"), key("m1", "two.example"));
    assert_ne!(key("m1", "one.example"), key("m2", "one.example"));
    assert!(key("m1", "one.example") < 1 << 52);
}

#[test]
fn text_is_always_utf8() {
    let mut bench = Bench::registered();
    bench.receive(message("a", "c: text/plain;charset=ISO-8859-1\r\n", b"Jos\xE9"));
    bench.receive(message("b", "c: text/plain\r\n", b"Jos\xE9"));
    assert_eq!(texts(&mut bench), ["José", "Jos\u{FFFD}"]);
}

#[test]
fn other_content_is_refused_with_what_we_accept() {
    for kind in [
        "Content-Type: text/html\r\n",
        "Content-Type: message/cpim\r\n",
        "Content-Type: application/im-iscomposing+xml\r\n",
        "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n",
        "",
    ] {
        let mut bench = Bench::registered();
        bench.receive(message("m", kind, b"hi"));
        assert_eq!(
            header(&bench.response(415).headers, "Accept"),
            "text/plain, multipart/mixed",
            "{kind}"
        );
        bench.quiet();
    }
}

#[test]
fn an_empty_message_is_answered_and_not_shown() {
    let mut bench = Bench::registered();
    bench.receive(message("m", "", b""));
    bench.response(200);
    bench.quiet();
}

#[test]
fn a_message_that_is_too_long_gets_413() {
    let mut bench = Bench::registered();
    let kind = "Content-Type: text/plain\r\n";
    bench.receive(message("m", kind, &[b'x'; 16 * 1024 + 1]));
    bench.response(413);
    bench.quiet();
    bench.receive(message("n", kind, &[b'x'; 16 * 1024]));
    bench.response(200);
    assert_eq!(texts(&mut bench).len(), 1);
}

#[test]
fn messages_of_strangers_can_be_turned_off() {
    let policy = Policy { messages: false, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    bench.receive(message("m", "Content-Type: text/plain\r\n", b"hi"));
    bench.response(403);
    bench.quiet();
    let (_, ok) = bench.established_incoming();
    bench.receive(in_call(&ok, 2));
    bench.response(200);
    assert_eq!(texts(&mut bench), ["hi"]);
}

/// A MESSAGE in the dialog of a call.
fn in_call(response: &webphone::sip::wire::Response, seq: u32) -> String {
    let message = in_dialog(response, "MESSAGE", seq, &format!("z9hG4bK-m{seq}"), "");
    message.replace("Content-Length: 0\r\n\r\n", "c: text/plain\r\nContent-Length: 2\r\n\r\nhi")
}

#[test]
fn a_message_in_a_call_keeps_its_order() {
    let mut bench = Bench::registered();
    let (_, ok) = bench.established_incoming();
    bench.receive(in_call(&ok, 3));
    bench.response(200);
    assert_eq!(texts(&mut bench), ["hi"]);
    bench.receive(in_call(&ok, 2));
    bench.response(500);
    bench.receive(in_call(&ok, 4).replace(";tag=far", ";tag=other"));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_message_of_a_ringing_caller_is_taken() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(in_call(&ringing, 2));
    bench.response(200);
    assert_eq!(texts(&mut bench), ["hi"]);
}
