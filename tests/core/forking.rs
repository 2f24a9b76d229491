//! Several callees behind one address: early dialogs, early media, and whose answer counts.

use crate::support::{Bench, SDP, from_callee, header, seq};
use webphone::sip::ua::{CallEvent, Command, MediaRequest};
use webphone::sip::wire::Method;

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

fn other() -> String {
    SDP.replace("AA:BB", "CC:DD")
}

#[test]
fn the_first_early_media_are_heard_and_the_answer_of_another_fork_counts() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let answer =
        |sdp: String, provisional| MediaRequest::ApplyAnswer { call: id, sdp, provisional };
    bench.reply_as("one", &invite, 183, &[CONTACT], SDP);
    assert_eq!(bench.media.pop_front(), Some(answer(SDP.into(), true)));
    assert_eq!(bench.call_event(), (id, CallEvent::EarlyMedia));
    bench.reply_as("two", &invite, 183, &[CONTACT], &other());
    bench.reply_as("three", &invite, 180, &[CONTACT], "");
    bench.quiet();
    let route = ("Record-Route", "<sip:two;lr>");
    bench.reply_as("two", &invite, 200, &[CONTACT, route], &other());
    let ack = bench.request(Method::Ack);
    assert!(header(&ack.headers, "To").ends_with(";tag=two"));
    assert_eq!(header(&ack.headers, "Route"), "<sip:two;lr>");
    assert_eq!(bench.media.pop_front(), Some(answer(other(), false)));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    // The first one answers as well: too late.
    bench.reply_as("one", &invite, 200, &[CONTACT], SDP);
    assert!(header(&bench.request(Method::Ack).headers, "To").ends_with(";tag=one"));
    assert!(header(&bench.request(Method::Bye).headers, "To").ends_with(";tag=one"));
    bench.quiet();
}

#[test]
fn a_double_record_route_is_kept_byte_for_byte_in_the_early_dialog_and_after() {
    let routes = [
        "<sip:10.0.0.1:5062;transport=ws;r2=on;lr=on;ftag=x>",
        "<sip:10.0.0.1;r2=on;lr=on;ftag=x;did=8a3.7b%201>",
    ];
    let [first, second] = routes.map(|route| ("Record-Route", route));
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let reliable = [first, second, CONTACT, ("Require", "100rel"), ("RSeq", "1")];
    bench.reply(&invite, 180, &reliable, "");
    let prack = bench.request(Method::Prack);
    assert_eq!(prack.headers.all("Route").collect::<Vec<_>>(), [routes[1], routes[0]]);
    bench.reply(&invite, 200, &[first, second, CONTACT], SDP);
    bench.request(Method::Ack);
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.headers.all("Route").collect::<Vec<_>>(), [routes[1], routes[0]]);
    assert_eq!(seq(&bye), 3);
}

#[test]
fn a_retransmitted_answer_of_a_refused_fork_is_only_acknowledged_again() {
    for gone in [false, true] {
        let mut bench = Bench::registered();
        let (id, invite, _) = bench.established_outgoing();
        if gone {
            bench.receive(from_callee(&invite, "BYE", 1, "z9hG4bK-b", ""));
            bench.response(200);
            bench.ended(id);
        }
        bench.reply_as("late", &invite, 200, &[CONTACT], &other());
        let ack = bench.request(Method::Ack);
        bench.request(Method::Bye);
        for _ in 0..3 {
            bench.reply_as("late", &invite, 200, &[CONTACT], &other());
            assert_eq!(bench.request(Method::Ack), ack);
            bench.quiet();
        }
        // Yet another fork has a dialog of its own to end.
        bench.reply_as("later", &invite, 200, &[CONTACT], &other());
        assert!(header(&bench.request(Method::Ack).headers, "To").ends_with(";tag=later"));
        assert!(header(&bench.request(Method::Bye).headers, "To").ends_with(";tag=later"));
        bench.quiet();
    }
}

#[test]
fn the_end_of_a_refused_fork_is_numbered_after_its_prack() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    let reliable = [CONTACT, ("Require", "100rel"), ("RSeq", "1")];
    bench.reply_as("one", &invite, 180, &reliable, "");
    assert_eq!(seq(&bench.request(Method::Prack)), 2);
    bench.reply_as("two", &invite, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    bench.reply_as("one", &invite, 200, &[CONTACT], SDP);
    assert_eq!(seq(&bench.request(Method::Ack)), 1);
    assert_eq!(seq(&bench.request(Method::Bye)), 3);
}

#[test]
fn many_forks_are_no_burden() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    for fork in 0..100 {
        bench.reply_as(&format!("f{fork}"), &invite, 180, &[CONTACT], "");
    }
    assert_eq!(bench.call_event(), (id, CallEvent::Ringing));
    bench.quiet();
    bench.reply_as("f99", &invite, 200, &[CONTACT], SDP);
    assert!(header(&bench.request(Method::Ack).headers, "To").ends_with(";tag=f99"));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
}
