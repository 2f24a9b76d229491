//! Keys as INFO, in both directions.

use crate::support::{Bench, header, in_dialog, invite, request, seq, with};
use std::time::Duration;
use webphone::sip::ua::{CallEvent, Command};
use webphone::sip::wire::{Method, Request};

const MILLISECOND: Duration = Duration::from_millis(1);

fn body(info: &Request) -> String {
    String::from_utf8(info.body.clone()).expect("text")
}

#[test]
fn keys_go_out_one_at_a_time_with_gaps() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::SendDtmf { call: id, digits: "5 a#".into() });
    let first = bench.request(Method::Info);
    assert_eq!(header(&first.headers, "Content-Type"), "application/dtmf-relay");
    assert_eq!(body(&first), "Signal=5\r\nDuration=160\r\n");
    bench.quiet();
    bench.reply(&first, 200, &[], "");
    bench.quiet();
    bench.advance(MILLISECOND * 229);
    bench.quiet();
    bench.advance(MILLISECOND);
    let second = bench.request(Method::Info);
    assert_eq!(body(&second), "Signal=A\r\nDuration=160\r\n");
    assert_eq!(seq(&second), seq(&first) + 1);
    bench.advance(MILLISECOND * 1000);
    bench.quiet();
    bench.reply(&second, 200, &[], "");
    assert_eq!(body(&bench.request(Method::Info)), "Signal=#\r\nDuration=160\r\n");
}

#[test]
fn keys_that_come_later_wait_for_their_turn() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::SendDtmf { call: id, digits: "1".into() });
    let first = bench.request(Method::Info);
    bench.advance(MILLISECOND * 1000);
    bench.command(Command::SendDtmf { call: id, digits: "2".into() });
    bench.nothing_sent();
    bench.reply(&first, 200, &[], "");
    let second = bench.request(Method::Info);
    assert!(body(&second).starts_with("Signal=2\r\n"));
    bench.reply(&second, 200, &[], "");
    bench.advance(MILLISECOND * 10_000);
    bench.command(Command::SendDtmf { call: id, digits: "3".into() });
    assert!(body(&bench.request(Method::Info)).starts_with("Signal=3\r\n"), "at once");
}

#[test]
fn a_comma_is_a_pause_of_two_seconds() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::SendDtmf { call: id, digits: ",1".into() });
    bench.advance(MILLISECOND * 1999);
    bench.quiet();
    bench.advance(MILLISECOND);
    bench.request(Method::Info);
}

#[test]
fn keys_that_the_peer_does_not_take_are_given_up() {
    for status in [405, 415, 481, 501] {
        let mut bench = Bench::registered();
        let (id, ..) = bench.established_outgoing();
        bench.command(Command::SendDtmf { call: id, digits: "12".into() });
        let info = bench.request(Method::Info);
        bench.reply(&info, status, &[], "");
        assert_eq!(bench.call_event(), (id, CallEvent::DtmfFailed { status }));
        bench.advance(MILLISECOND * 5000);
        bench.quiet();
    }
}

#[test]
fn keys_that_nobody_answers_are_given_up() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::SendDtmf { call: id, digits: "12".into() });
    bench.request(Method::Info);
    bench.advance(MILLISECOND * 33_000);
    assert_eq!(bench.call_event(), (id, CallEvent::DtmfFailed { status: 408 }));
    bench.quiet();
}

#[test]
fn the_end_of_the_call_is_the_end_of_its_keys() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::SendDtmf { call: id, digits: "12".into() });
    let info = bench.request(Method::Info);
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye);
    bench.ended(id);
    bench.reply(&info, 415, &[], "");
    bench.advance(MILLISECOND * 5000);
    bench.command(Command::SendDtmf { call: id, digits: "3".into() });
    bench.quiet();
}

#[test]
fn keys_of_the_peer_are_told() {
    let table = [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", '5'),
        ("Application/DTMF-Relay; x=y", "Duration = 100\nsignal= * \n", '*'),
        ("application/dtmf-relay", "Signal=11", '#'),
        ("application/dtmf-relay", "Signal=12", 'A'),
        ("application/dtmf-relay", "Signal=d", 'D'),
        ("application/dtmf", "7", '7'),
        ("application/dtmf", "10\r\n", '*'),
    ];
    for (kind, text, key) in table {
        let mut bench = Bench::registered();
        let (id, ok) = bench.established_incoming();
        let info = in_dialog(&ok, "INFO", 2, "z9hG4bK-i", "");
        bench.receive(with(&info, &format!("Content-Type: {kind}\r\n"), text));
        bench.response(200);
        assert_eq!(bench.call_event(), (id, CallEvent::Dtmf(key)), "{text}");
        bench.quiet();
    }
}

#[test]
fn an_info_without_a_key_that_we_know_is_no_event() {
    let table = [
        ("Content-Type: application/dtmf-relay\r\n", "Signal=55", 400),
        ("Content-Type: application/dtmf-relay\r\n", "Duration=160", 400),
        ("Content-Type: application/dtmf\r\n", "\u{202e}", 400),
        ("Content-Type: application/media_control+xml\r\n", "<x/>", 415),
        ("", "5", 415),
        ("Info-Package: foo\r\nContent-Type: application/dtmf-relay\r\n", "Signal=5", 469),
        ("", "", 200),
    ];
    for (headers, text, status) in table {
        let mut bench = Bench::registered();
        let (_, ok) = bench.established_incoming();
        bench.receive(with(&in_dialog(&ok, "INFO", 2, "z9hG4bK-i", ""), headers, text));
        let response = bench.response(status);
        match status {
            415 => assert!(header(&response.headers, "Accept").contains("application/dtmf-relay")),
            469 => assert_eq!(header(&response.headers, "Recv-Info"), "trickle-ice"),
            _ => {}
        }
        bench.quiet();
    }
}

#[test]
fn an_info_outside_a_call_that_stands_is_refused() {
    let mut bench = Bench::registered();
    bench.receive(request("INFO", "i", "z9hG4bK-i", "", ""));
    bench.response(481);
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(in_dialog(&ringing, "INFO", 2, "z9hG4bK-j", ""));
    bench.response(500);
    bench.quiet();
}
