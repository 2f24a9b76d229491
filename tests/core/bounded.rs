//! What anybody can send takes a time that grows with its length, and not with its square.

use crate::support::{Bench, Sent};
use std::sync::mpsc;
use std::time::Duration;
use webphone::sip::ua::{CallEvent, Command, EndReason, Event};
use webphone::sip::wire::{Headers, MAX_HEADER, Method, NameAddr, Uri, diversions};

/// What takes the square of its length would be busy for days with what it is given here.
fn ends<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(work()));
    let result = ended.recv_timeout(Duration::from_secs(300));
    result.unwrap_or_else(|_| panic!("{what} takes too long"))
}

fn list(count: usize, value: impl Fn(usize) -> String, separator: &str) -> String {
    (0..count).map(value).collect::<Vec<_>>().join(separator)
}

#[test]
fn addresses_and_lists_of_any_length_take_linear_time() {
    const MANY: usize = 1_000_000;
    ends("a URI of many parameters", || {
        let all = |name: &str| ["sip:a@h;", &list(MANY, |n| format!("{name}{n}"), ";")].concat();
        let (one, other) = (Uri::parse(&all("a")), Uri::parse(&all("b")));
        assert!(one.is_err() && other.is_err(), "nobody needs so many");
    });
    ends("a parameter of many quotes that do not end", || {
        let uri = ["sip:a@h;x=\"", &"\\\"".repeat(MANY), ";y?"].concat();
        assert!(Uri::parse(&uri).is_ok());
    });
    ends("History-Info of many entries", || {
        let mut headers = Headers::default();
        headers.push("History-Info", list(MANY, |n| format!("<sip:a@h>;index={n};mp=x{n}"), ","));
        assert!(diversions(&headers).len() <= 16);
    });
    let most = ["sip:a@h;", &list(32, |n| format!("a{n}"), ";")].concat();
    let (most, more) = (Uri::parse(&most), Uri::parse(&[&most, ";more"].concat()));
    assert!(most.is_ok_and(|uri| uri.equivalent(&uri)) && more.is_err());
    let headers = list(32, |n| format!("H{n}=1"), "&");
    assert!(Uri::parse(&["sip:a@h?", &headers].concat()).is_ok());
    assert!(Uri::parse(&["sip:a@h?", &headers, "&I=1"].concat()).is_err());
}

#[test]
fn sixteen_contacts_of_a_redirection_are_looked_at() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    // All but the last are the address that was called.
    let same = list(15, |_| "<sip:1002@example.com>".into(), ",");
    let reached = [&same, ",<sip:1003@example.com>"].concat();
    bench.reply(&invite, 302, &[("Contact", &reached)], "");
    bench.request(Method::Ack);
    let invite = bench.request(Method::Invite);
    assert_eq!(invite.uri.to_string(), "sip:1003@example.com");
    bench.events.clear();
    let same = list(16, |_| "<sip:1003@example.com>".into(), ",");
    let beyond = [&same, ",<sip:1004@example.com>"].concat();
    bench.reply(&invite, 302, &[("Contact", &beyond)], "");
    bench.request(Method::Ack);
    bench.nothing_sent();
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 302, .. }));
}

#[test]
fn refused_calls_that_nobody_acknowledges_are_not_all_kept() {
    let mut bench = Bench::registered();
    bench.command(Command::SetDoNotDisturb(true));
    let call =
        |number: u32| crate::support::invite(&format!("c{number}"), &format!("z9hG4bK-{number}"));
    for number in 0..1_000 {
        bench.receive(call(number));
        bench.response(486);
    }
    bench.events.clear();
    // One that is kept hears the same again; one that is not is a call like any other.
    bench.receive(call(0));
    bench.response(486);
    assert!(bench.events.is_empty());
    bench.receive(call(999));
    bench.response(486);
    assert!(matches!(bench.events.pop_front(), Some(Event::Missed(_))));
}

#[test]
fn a_caller_of_a_thousand_parameters_is_refused_at_once() {
    let parameters = list(2_000, |n| format!("{n:03x}"), ";");
    assert!(parameters.len() < MAX_HEADER);
    let caller = ["<sip:a@h;", &parameters, ">;tag=far"].concat();
    assert!(NameAddr::parse(&caller).is_err());
    for method in ["INVITE", "MESSAGE", "OPTIONS"] {
        let mut bench = Bench::registered();
        let from = "\"Bob\" <sip:1002@example.com>;tag=far";
        let plain = crate::support::request(method, "c", "z9hG4bK-c", "", "");
        bench.receive(plain.replace(from, &caller));
        // It gives the address back, which nobody can read.
        let Some(Sent::Bytes(response)) = bench.sent.pop_front() else { panic!("no refusal") };
        assert!(response.starts_with(b"SIP/2.0 400 "), "{method}");
        let told = |event: &Event| matches!(event, Event::Call(_, CallEvent::Incoming(_)));
        assert!(!bench.events.iter().any(told));
    }
}
