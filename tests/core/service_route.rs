//! What the registration says of the way: Service-Route, the GRUUs, and a flow that failed.

use crate::support::{Bench, OUR_SDP, branch, config, granted, header};
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, Command, Event, MediaReply, MessageId, Package, Policy, SubscriptionId,
};
use webphone::sip::wire::{Method, Request, Uri};
use webphone::sip::{Config, Input};

const SECOND: Duration = Duration::from_secs(1);
const ROUTES: [&str; 3] = [
    "<sip:orig@scscf.example.com:6060;lr;X=\"a,b\">",
    "<sip:P2.example.com;lr;transport=ws>",
    "\"Home\" <sip:p3.example.com;lr>;x=1",
];

/// A user agent that is registered with these headers in the 200.
fn registered(policy: Policy, headers: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::with(Config { policy, ..config() });
    bench.command(Command::Connect);
    bench.input(Input::Link(webphone::sip::ua::LinkEvent::Opened));
    let register = bench.request(Method::Register);
    assert!(header(&register.headers, "Supported").contains("path"));
    grant(&mut bench, &register, headers);
    bench
}

fn grant(bench: &mut Bench, register: &Request, headers: &[(&str, &str)]) {
    let contact = granted(register, 600);
    let mut all = vec![("Contact", contact.as_str())];
    all.extend(headers);
    bench.reply(register, 200, &all, "");
    bench.events.clear();
}

fn routed() -> Bench {
    let two = format!("{} , {}", ROUTES[0], ROUTES[1]);
    registered(Policy::default(), &[("Service-Route", &two), ("Service-Route", ROUTES[2])])
}

/// The REGISTER that refreshes the registration.
fn refresh(bench: &mut Bench) -> Request {
    let end = bench.now + 460 * SECOND;
    while bench.sent.is_empty() && bench.now < end {
        bench.advance(SECOND);
    }
    bench.request(Method::Register)
}

fn routes(request: &Request) -> Vec<&str> {
    request.headers.all("Route").collect()
}

fn message(bench: &mut Bench) -> Request {
    let to = Uri::parse("sip:1002@example.com").expect("a URI");
    bench.command(Command::SendMessage { id: MessageId(1), to, text: "hi".into() });
    bench.request(Method::Message)
}

#[test]
fn requests_outside_dialogs_take_the_service_route_byte_for_byte() {
    let mut bench = routed();
    let message = message(&mut bench);
    assert_eq!(routes(&message), ROUTES);
    assert_eq!(message.uri.to_string(), "sip:1002@example.com");
    let target = Uri::parse("sip:1002@example.com").expect("a URI");
    let id = SubscriptionId(1);
    bench.command(Command::Subscribe { id, target, package: Package::Dialog });
    assert_eq!(routes(&bench.request(Method::Subscribe)), ROUTES);
    let (call, invite) = bench.place_call("sip:1002@example.com");
    assert_eq!(routes(&invite), ROUTES);
    // What belongs to the INVITE goes the same way.
    bench.reply(&invite, 180, &[], "");
    bench.command(Command::HangUp(call));
    let cancel = bench.request(Method::Cancel);
    assert_eq!((routes(&cancel), branch(&cancel)), (ROUTES.to_vec(), branch(&invite)));
    bench.reply(&cancel, 200, &[], "");
    bench.reply(&invite, 487, &[], "");
    assert_eq!(routes(&bench.request(Method::Ack)), ROUTES);
}

#[test]
fn dialogs_and_the_registration_do_not_take_the_service_route() {
    let mut bench = routed();
    let (call, _, ack) = bench.established_outgoing();
    assert!(routes(&ack).is_empty());
    bench.command(Command::HangUp(call));
    assert!(routes(&bench.request(Method::Bye)).is_empty());
    bench.advance(500 * SECOND);
    assert!(routes(&bench.request(Method::Register)).is_empty());
}

#[test]
fn each_registration_replaces_the_service_route() {
    let mut bench = routed();
    let register = refresh(&mut bench);
    grant(&mut bench, &register, &[("Service-Route", "<sip:new.example.com;lr>")]);
    assert_eq!(routes(&message(&mut bench)), ["<sip:new.example.com;lr>"]);
    let register = refresh(&mut bench);
    grant(&mut bench, &register, &[]);
    assert!(routes(&message(&mut bench)).is_empty());
}

#[test]
fn a_challenged_request_keeps_its_service_route() {
    let mut bench = routed();
    let register = refresh(&mut bench);
    let usual = "Digest realm=\"example.com\", nonce=\"n\"";
    bench.reply(&register, 401, &[("WWW-Authenticate", usual)], "");
    let register = bench.request(Method::Register);
    grant(&mut bench, &register, &ROUTES.map(|route| ("Service-Route", route)));
    let first = message(&mut bench);
    let challenge = "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\"";
    bench.reply(&first, 407, &[("Proxy-Authenticate", challenge)], "");
    assert_eq!(routes(&bench.request(Method::Message)), ROUTES);
}

/// A registration whose binding carries both GRUUs.
fn with_gruus(temporary_gruu: bool) -> Bench {
    let mut bench =
        Bench::with(Config { policy: Policy { temporary_gruu, ..Policy::default() }, ..config() });
    bench.command(Command::Connect);
    bench.input(Input::Link(webphone::sip::ua::LinkEvent::Opened));
    let register = bench.request(Method::Register);
    let contact = format!(
        "{};pub-gruu=\"sip:1001@example.com;gr=urn:uuid:1\";temp-gruu=\"sip:tgruu.7hs==jd7v@example.com;gr\"",
        granted(&register, 600)
    );
    bench.reply(&register, 200, &[("Contact", &contact)], "");
    bench.events.clear();
    bench
}

#[test]
fn the_temporary_gruu_hides_who_calls_where_that_is_wanted() {
    for (temporary, expected) in [
        (false, "<sip:1001@example.com;gr=urn:uuid:1>"),
        (true, "<sip:tgruu.7hs==jd7v@example.com;gr>"),
    ] {
        let mut bench = with_gruus(temporary);
        let (_, invite) = bench.place_call("sip:1002@example.com");
        assert_eq!(header(&invite.headers, "Contact"), expected);
    }
}

#[test]
fn a_failed_flow_registers_anew() {
    let mut bench = registered(Policy::default(), &[]);
    let first = message(&mut bench);
    bench.reply(&first, 430, &[], "");
    let register = bench.request(Method::Register);
    assert!(matches!(bench.events.pop_front(), Some(Event::Message(_))));
    // One registration under way is enough.
    let second = message(&mut bench);
    bench.reply(&second, 430, &[], "");
    bench.nothing_sent();
    grant(&mut bench, &register, &[]);
    bench.dial(Uri::parse("sip:1002@example.com").expect("a URI"));
    let (id, event) = bench.call_event();
    assert!(matches!(event, CallEvent::Outgoing(_)));
    bench.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let invite = bench.request(Method::Invite);
    bench.reply(&invite, 430, &[], "");
    bench.request(Method::Ack);
    bench.request(Method::Register);
}

#[test]
fn a_subscription_outlives_a_failed_flow() {
    let mut bench = registered(Policy::default(), &[]);
    let subscribe = bench.subscribe(1, Package::Dialog);
    bench.reply(&subscribe, 430, &[], "");
    let register = bench.request(Method::Register);
    grant(&mut bench, &register, &[]);
    bench.advance(11 * SECOND);
    bench.request(Method::Subscribe);
    bench.quiet();
}

#[test]
fn a_registration_over_a_failed_flow_is_tried_by_another() {
    let (mut bench, register) = Bench::registering();
    bench.reply(&register, 430, &[], "");
    bench.reopen();
    bench.request(Method::Register);
}
