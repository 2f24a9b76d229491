//! Dialogs: routes, targets, tags and forks.

use crate::support::{Bench, SDP, header, in_dialog, invite, seq};
use webphone::sip::ua::{CallEvent, Command, EndReason};
use webphone::sip::wire::Method;

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

fn routes(request: &webphone::sip::wire::Request) -> Vec<&str> {
    request.headers.all("Route").collect()
}

#[test]
fn the_callers_route_set_is_reversed_byte_for_byte() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let record = [
        ("Record-Route", "<sip:10.0.0.1;r2=on;lr;ftag=a%20b>;x=\"1,2\""),
        ("Record-Route", "<sip:10.0.0.1:5062;transport=ws;r2=on;lr=on> ,\t<sip:edge;lr>"),
        CONTACT,
    ];
    bench.reply(&invite, 200, &record, SDP);
    let expected = [
        "<sip:edge;lr>",
        "<sip:10.0.0.1:5062;transport=ws;r2=on;lr=on>",
        "<sip:10.0.0.1;r2=on;lr;ftag=a%20b>;x=\"1,2\"",
    ];
    let ack = bench.request(Method::Ack);
    assert_eq!(routes(&ack), expected);
    assert_eq!(ack.uri.to_string(), "sip:bob@far.example;transport=ws");
    bench.command(Command::HangUp(id));
    assert_eq!(routes(&bench.request(Method::Bye)), expected);
}

#[test]
fn the_callees_route_set_keeps_its_order() {
    let mut bench = Bench::registered();
    let invite = invite("routes", "z9hG4bK-r").replace(
        "Record-Route: <sip:proxy.example.com;transport=ws;r2=on;lr>\r\n",
        "Record-Route: <sip:one;r2=on;lr>\r\nRecord-Route: <sip:two;lr>, <sip:three;lr>\r\n",
    );
    let (id, ringing) = bench.ring(&invite);
    let echoed: Vec<_> = ringing.headers.all("Record-Route").collect();
    assert_eq!(echoed, ["<sip:one;r2=on;lr>", "<sip:two;lr>, <sip:three;lr>"]);
    bench.command(Command::Answer(id));
    let answer = webphone::sip::ua::MediaReply::Answer(id, SDP.into());
    bench.input(webphone::sip::Input::Media(answer));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(routes(&bye), ["<sip:one;r2=on;lr>", "<sip:two;lr>", "<sip:three;lr>"]);
    assert_eq!(bye.uri.to_string(), "sip:bob@far.invalid;transport=ws");
    assert_eq!(header(&bye.headers, "From"), header(&ok.headers, "To"));
    assert_eq!(header(&bye.headers, "To"), header(&ok.headers, "From"));
}

#[test]
fn a_strict_router_gets_the_request_uri() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    let record = [("Record-Route", "<sip:loose;lr>, <sip:strict;x=1>"), CONTACT];
    bench.reply(&invite, 200, &record, SDP);
    let ack = bench.request(Method::Ack);
    assert_eq!(ack.uri.to_string(), "sip:strict;x=1");
    assert_eq!(routes(&ack), ["<sip:loose;lr>", "<sip:bob@far.example;transport=ws>"]);
}

#[test]
fn the_tag_may_change_between_ringing_and_answer() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply_as("early", &invite, 180, &[CONTACT], "");
    bench.call_event();
    bench.reply_as("final", &invite, 200, &[CONTACT], SDP);
    let ack = bench.request(Method::Ack);
    assert!(header(&ack.headers, "To").ends_with(";tag=final"));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.command(Command::HangUp(id));
    assert!(header(&bench.request(Method::Bye).headers, "To").ends_with(";tag=final"));
}

#[test]
fn the_answer_of_another_fork_is_ended_in_its_own_dialog() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    let fork = [("Record-Route", "<sip:fork;lr>"), ("Contact", "<sip:eve@fork.example>")];
    bench.reply_as("fork", &invite, 200, &fork, SDP);
    let ack = bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    for request in [&ack, &bye] {
        assert_eq!(request.uri.to_string(), "sip:eve@fork.example");
        assert!(header(&request.headers, "To").ends_with(";tag=fork"));
        assert_eq!(routes(request), ["<sip:fork;lr>"]);
    }
    assert_eq!((seq(&ack), seq(&bye)), (1, 2));
    bench.quiet();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert!(header(&bye.headers, "To").ends_with(";tag=far"), "the first call stood");
    assert_eq!(bench.ended(id), EndReason::HungUpHere);
}

#[test]
fn the_answer_of_another_fork_is_ended_after_the_call_too() {
    for hung_up_here in [true, false] {
        let mut bench = Bench::registered();
        let (id, invite, _) = bench.established_outgoing();
        if hung_up_here {
            bench.command(Command::HangUp(id));
        } else {
            bench.receive(crate::support::from_callee(&invite, "BYE", 1, "z9hG4bK-x", ""));
        }
        bench.sent.clear();
        bench.ended(id);
        bench.reply_as("fork", &invite, 200, &[CONTACT], SDP);
        assert!(header(&bench.request(Method::Ack).headers, "To").ends_with(";tag=fork"));
        assert!(header(&bench.request(Method::Bye).headers, "To").ends_with(";tag=fork"));
        bench.quiet();
    }
}

#[test]
fn a_fork_of_a_challenged_call_is_acknowledged_under_the_right_number() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(
        &invite,
        407,
        &[("Proxy-Authenticate", "Digest realm=\"example.com\", nonce=\"n\"")],
        "",
    );
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    bench.reply(&again, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    bench.reply_as("fork", &again, 200, &[CONTACT], SDP);
    let ack = bench.request(Method::Ack);
    assert_eq!(seq(&ack), 2);
    assert!(ack.headers.has("Proxy-Authorization"));
    assert_eq!(seq(&bench.request(Method::Bye)), 3);
}
