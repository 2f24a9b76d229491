//! REGISTER: what it says, how long it holds, how it is refused and taken away.

use crate::support::{Bench, SERVER, branch, config, granted, header, seq};
use std::time::Duration;
use webphone::sip::ua::{Command, Line, LineFault, LinkEvent, LinkRequest, Policy, Server};
use webphone::sip::wire::{Method, NameAddr, Request, Uri};
use webphone::sip::{Config, Input};

const SECOND: Duration = Duration::from_secs(1);

/// The time from a 200 with these headers to the next REGISTER.
fn refresh_after(headers: impl Fn(&Request) -> Vec<(&'static str, String)>) -> f64 {
    let (mut bench, register) = Bench::registering();
    let headers = headers(&register);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    bench.reply(&register, 200, &headers, "");
    let granted_at = bench.now;
    while bench.sent.is_empty() {
        bench.advance(SECOND / 10);
        assert!(bench.now.since(granted_at) < 100_000 * SECOND, "it is never refreshed");
    }
    assert_eq!(seq(&bench.request(Method::Register)), seq(&register) + 1);
    bench.now.since(granted_at).as_secs_f64()
}

#[test]
fn a_register_names_account_instance_and_extensions() {
    let (_, register) = Bench::registering();
    assert_eq!(register.uri.to_string(), "sip:example.com");
    let headers = &register.headers;
    assert_eq!(header(headers, "To"), "\"Ana\" <sip:1001@example.com>");
    assert!(header(headers, "From").starts_with("\"Ana\" <sip:1001@example.com>;tag="));
    assert_eq!(header(headers, "Supported"), "path, gruu, outbound");
    assert_eq!(header(headers, "Expires"), "600");
    assert_eq!(header(headers, "Max-Forwards"), "70");
    assert_eq!(header(headers, "User-Agent"), "WebPhone/test");
    let contact = header(headers, "Contact");
    let instance = ";+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\";";
    assert!(contact.contains(instance), "{contact}");
    let contact = NameAddr::parse(contact).expect("a Contact");
    assert_eq!(contact.params.get("reg-id"), Some("1"));
    assert!(contact.uri.host().is_some_and(|host| host.ends_with(".invalid")));
    assert_eq!(contact.uri.param("transport").as_deref(), Some("ws"));
    let via = register.via().expect("a Via");
    assert_eq!(via.transport, "WSS");
    assert!(via.branch().is_some_and(|branch| branch.starts_with("z9hG4bK")));
}

#[test]
fn the_via_of_a_plain_connection_is_ws() {
    let servers = vec![Server { secure: false, ..SERVER }];
    let mut bench = Bench::with(Config { servers, ..config() });
    bench.command(Command::Connect);
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    assert_eq!(register.via().expect("a Via").transport, "WS");
}

#[test]
fn the_via_is_ws_over_wss_where_the_policy_says_so() {
    let policy = Policy { plain_via: true, ..Policy::default() };
    let mut bench = Bench::with(Config { policy, ..config() });
    bench.command(Command::Connect);
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    assert_eq!(register.via().expect("a Via").transport, "WS");
}

#[test]
fn a_refresh_keeps_call_id_and_from_tag_with_a_new_branch() {
    let (mut bench, first) = Bench::registering();
    bench.reply(&first, 200, &[("Contact", &granted(&first, 60))], "");
    bench.advance(45 * SECOND);
    let second = bench.request(Method::Register);
    for name in ["Call-ID", "From", "To", "Contact"] {
        assert_eq!(header(&first.headers, name), header(&second.headers, name));
    }
    assert_eq!((seq(&first), seq(&second)), (1, 2));
    assert_ne!(branch(&first), branch(&second));
}

#[test]
fn a_registration_is_refreshed_between_half_and_three_quarters_of_its_time() {
    for time in [60_u32, 600, 3600] {
        let after = refresh_after(|register| vec![("Contact", granted(register, time))]);
        let share = after / f64::from(time);
        assert!((0.5..0.76).contains(&share), "{after} of {time}");
    }
}

#[test]
fn a_tiny_grant_does_not_make_a_flood() {
    for time in [0, 1, 2] {
        let after = refresh_after(|register| vec![("Contact", granted(register, time))]);
        assert!((1.0..2.0).contains(&after), "{after}");
    }
}

#[test]
fn our_own_binding_is_found_among_those_of_other_devices() {
    let other = |n| format!("<sip:1001@10.0.0.{n};transport=ws>;expires=3600");
    let broken = "<sip:>;expires=5".to_owned();
    let lines = |register: &Request| {
        let ours = granted(register, 60);
        vec![("Contact", other(1)), ("Contact", broken.clone()), ("Contact", ours)]
    };
    assert!(refresh_after(lines) < 46.0);
    let joined = |register: &Request| {
        let all = [other(1), granted(register, 60), other(2)].join(", ");
        vec![("Contact", all), ("Expires", "3600".into())]
    };
    assert!(refresh_after(joined) < 46.0);
}

#[test]
fn our_binding_is_known_by_uri_or_else_by_instance() {
    const INSTANCE: &str = "+sip.instance=\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\"";
    let by_uri = |register: &Request| {
        let uri = register.contact().expect("a Contact").uri;
        // An earlier visit of this browser left its binding, which has our instance too.
        let stale = format!("<sip:old@old.invalid;transport=ws>;{INSTANCE};expires=3600");
        vec![("Contact", stale), ("Contact", format!("<{uri}>;expires=60"))]
    };
    assert!(refresh_after(by_uri) < 46.0);
    let by_instance = |_: &Request| {
        let rewritten = format!("<sip:1001@10.0.0.9:4711>;{INSTANCE};expires=60");
        vec![("Contact", rewritten), ("Expires", "3600".into())]
    };
    assert!(refresh_after(by_instance) < 46.0);
}

#[test]
fn without_a_time_in_our_binding_the_expires_header_counts() {
    let after = refresh_after(|register| {
        let contact = granted(register, 60);
        let bare = contact.trim_end_matches(";expires=60").to_owned();
        vec![("Contact", bare), ("Expires", "60".into())]
    });
    assert!(after < 46.0, "{after}");
    assert!(refresh_after(|_| vec![]) >= 300.0, "what was asked for counts at last");
}

#[test]
fn the_gruu_becomes_the_contact_of_calls_but_not_of_the_registration() {
    let (mut bench, register) = Bench::registering();
    let contact =
        format!("{};pub-gruu=\"sip:1001@example.com;gr=urn:uuid:f81d\"", granted(&register, 60));
    bench.reply(&register, 200, &[("Contact", &contact)], "");
    bench.events.clear();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    assert_eq!(header(&invite.headers, "Contact"), "<sip:1001@example.com;gr=urn:uuid:f81d>");
    bench.reply(&invite, 486, &[], "");
    bench.request(Method::Ack);
    bench.advance(46 * SECOND);
    let refresh = bench.request(Method::Register);
    assert_eq!(header(&refresh.headers, "Contact"), header(&register.headers, "Contact"));
}

#[test]
fn a_call_can_be_placed_while_the_registration_is_refreshed() {
    let mut bench = Bench::registered();
    while bench.sent.is_empty() {
        bench.advance(SECOND);
    }
    bench.request(Method::Register);
    bench.place_call("sip:1002@example.com");
}

#[test]
fn too_brief_an_interval_is_lengthened_once() {
    let (mut bench, register) = Bench::registering();
    bench.reply(&register, 423, &[("Min-Expires", "1800")], "");
    let second = bench.request(Method::Register);
    assert_eq!(header(&second.headers, "Expires"), "1800");
    assert!(header(&second.headers, "Contact").ends_with(";expires=1800"));
    assert_eq!(seq(&second), 2);
    bench.reply(&second, 423, &[("Min-Expires", "3600")], "");
    bench.nothing_sent();
    assert!(matches!(
        bench.events.pop_back(),
        Some(webphone::sip::ua::Event::Line(Line::Failed(LineFault::Refused { status: 423, .. })))
    ));
}

#[test]
fn a_423_that_demands_nothing_sensible_is_a_refusal() {
    for demand in [&[][..], &[("Min-Expires", "10")], &[("Min-Expires", "99999999")]] {
        let (mut bench, register) = Bench::registering();
        bench.reply(&register, 423, demand, "");
        bench.nothing_sent();
        assert_eq!(bench.link.pop_back(), Some(LinkRequest::Close));
    }
}

#[test]
fn a_refusal_is_told_with_its_status() {
    for status in [403, 404] {
        let (mut bench, register) = Bench::registering();
        bench.events.clear();
        bench.reply(&register, status, &[], "");
        let Line::Failed(LineFault::Refused { status: told, reason }) = bench.line() else {
            panic!("{status} is a refusal")
        };
        assert_eq!(told, status);
        assert!(!reason.is_empty());
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
        bench.advance(1000 * SECOND);
        bench.quiet();
        assert!(bench.link.is_empty(), "a refusal is final");
    }
}

#[test]
fn a_server_in_trouble_is_tried_again_not_before_it_asks_for() {
    for retry_after in ["20", "20 (busy)", "20;duration=60"] {
        let (mut bench, register) = Bench::registering();
        bench.events.clear();
        bench.reply(&register, 503, &[("Retry-After", retry_after)], "");
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
        let Line::Waiting { retry_at, fault } = bench.line() else { panic!("it waits") };
        assert_eq!(retry_at - bench.now, 20 * SECOND, "{retry_after}");
        assert!(matches!(fault, LineFault::Refused { status: 503, .. }));
        bench.advance(19 * SECOND);
        assert!(bench.link.is_empty());
        bench.advance(SECOND);
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
    }
}

#[test]
fn a_register_that_nobody_answers_gives_the_connection_up() {
    let (mut bench, _) = Bench::registering();
    bench.events.clear();
    bench.advance(Duration::from_millis(31_999));
    assert!(bench.link.is_empty());
    bench.advance(Duration::from_millis(1));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    assert!(matches!(bench.line(), Line::Waiting { fault: LineFault::NoAnswer, .. }));
    bench.reopen();
    bench.request(Method::Register);
}

#[test]
fn a_second_connect_changes_nothing() {
    let (mut bench, _) = Bench::registering();
    bench.command(Command::Connect);
    bench.nothing_sent();
    assert!(bench.link.is_empty());
}

#[test]
fn the_registrar_is_the_domain_without_user_or_password() {
    let mut account = config();
    account.address.password = Some("no".into());
    let mut bench = Bench::with(account);
    bench.command(Command::Connect);
    bench.input(Input::Link(LinkEvent::Opened));
    let register = bench.request(Method::Register);
    assert_eq!(register.uri, Uri::parse("sip:example.com").expect("a URI"));
}
