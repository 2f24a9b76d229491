//! Session timers (RFC 4028): who proposes what, who refreshes, and what ends a session.

use crate::support::{
    Bench, OUR_SDP, SDP, Sent, config, from_callee, header, in_dialog, request, seq,
};
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, MediaReply, MediaRequest, Misbehaviour, Policy,
};
use webphone::sip::wire::{Method, Request, Response};
use webphone::sip::{Config, Input};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");
const SECOND: Duration = Duration::from_secs(1);

/// Keeps the registration out of the way.
fn bench() -> Bench {
    let mut bench = Bench::registered_with(Config { expires: 8 * 3600 * SECOND, ..config() });
    bench.now = bench.now + SECOND;
    bench
}

/// A call of ours that was accepted with these headers.
fn accepted(headers: &[(&str, &str)]) -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let mut all = vec![CONTACT];
    all.extend(headers);
    bench.reply(&invite, 200, &all, SDP);
    bench.request(Method::Ack);
    bench.events.clear();
    bench.media.clear();
    (bench, id, invite)
}

/// Runs the clock, answering the REGISTERs on the way.
fn run(bench: &mut Bench, seconds: u64) {
    for _ in 0..seconds {
        bench.advance(SECOND);
        while let Some(Sent::Request(register)) = bench.sent.front()
            && register.method == Method::Register
        {
            let register = bench.request(Method::Register);
            let contact = crate::support::granted(&register, 600);
            bench.reply(&register, 200, &[("Contact", &contact)], "");
        }
    }
}

/// An INVITE of the far end with these header lines, answered by us.
fn answered(headers: &str) -> (Bench, CallId, Response) {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&request("INVITE", "in", "z9hG4bK-1", headers, SDP));
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.events.clear();
    bench.media.clear();
    (bench, id, ok)
}

#[test]
fn our_invite_proposes_half_an_hour() {
    let mut bench = bench();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    assert_eq!(header(&invite.headers, "Session-Expires"), "1800");
    assert!(invite.headers.has_token("Supported", "timer"));
    assert!(!invite.headers.has("Min-SE"));

    let policy = Policy { session_expires: Duration::ZERO, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (_, invite) = bench.place_call("sip:1002@example.com");
    assert!(!invite.headers.has("Session-Expires"));
}

#[test]
fn a_422_is_followed_by_what_it_demands() {
    let mut bench = bench();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 422, &[("Min-SE", "3600")], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    assert_eq!(header(&again.headers, "Session-Expires"), "3600");
    assert_eq!(header(&again.headers, "Min-SE"), "3600");
    assert_eq!(seq(&again), 2);
    assert_eq!(header(&again.headers, "Call-ID"), header(&invite.headers, "Call-ID"));
    // A second demand, and one that nobody could want, ends it.
    for demand in ["3601", "4000000000", "x"] {
        if demand == "3601" {
            bench.reply(&again, 422, &[("Min-SE", demand)], "");
            bench.request(Method::Ack);
            assert!(matches!(bench.ended(id), EndReason::Rejected { status: 422, .. }));
        } else {
            let (id, invite) = bench.place_call("sip:1002@example.com");
            bench.reply(&invite, 422, &[("Min-SE", demand)], "");
            bench.request(Method::Ack);
            assert!(matches!(bench.ended(id), EndReason::Rejected { status: 422, .. }));
        }
    }
}

#[test]
fn we_refresh_at_half_time_by_reinvite_with_the_unchanged_description() {
    let (mut bench, _, invite) = accepted(&[("Session-Expires", "600;refresher=uac")]);
    run(&mut bench, 299);
    bench.quiet_but_for_the_line();
    run(&mut bench, 1);
    let refresh = bench.request(Method::Invite);
    assert_eq!(refresh.body, invite.body);
    assert_eq!(header(&refresh.headers, "Session-Expires"), "600;refresher=uac");
    bench.reply(&refresh, 200, &[("Session-Expires", "600;refresher=uac")], SDP);
    bench.request(Method::Ack);
    // And again, for as long as it is accepted.
    run(&mut bench, 300);
    bench.request(Method::Invite);
    bench.quiet_but_for_the_line();
}

#[test]
fn we_refresh_by_update_where_the_peer_allows_it() {
    let headers = [("Session-Expires", "200;refresher=uac"), ("Allow", "INVITE, UPDATE, BYE")];
    let (mut bench, _, _) = accepted(&headers);
    run(&mut bench, 100);
    let update = bench.request(Method::Update);
    assert!(update.body.is_empty());
    assert_eq!(header(&update.headers, "Session-Expires"), "200;refresher=uac");
    assert!(update.headers.has("Contact"));
    bench.reply(&update, 200, &[("Session-Expires", "200;refresher=uac")], "");
    bench.quiet_but_for_the_line();
    // An UPDATE that finds no dialog may be the server's fault: a re-INVITE finds it.
    run(&mut bench, 100);
    let update = bench.request(Method::Update);
    bench.reply(&update, 481, &[], "");
    let refresh = bench.request(Method::Invite);
    bench.reply(&refresh, 200, &[("Session-Expires", "200;refresher=uac")], SDP);
    bench.request(Method::Ack);
    bench.quiet_but_for_the_line();
}

#[test]
fn a_refresh_without_an_offer_leaves_the_peers_offer_alone_when_it_fails() {
    let headers =
        "Supported: timer\r\nSession-Expires: 200;refresher=uas\r\nAllow: INVITE, UPDATE\r\n";
    let (mut bench, id, ok) = answered(headers);
    run(&mut bench, 100);
    let update = bench.request(Method::Update);
    let (theirs, ours) = ([SDP, "a=sendonly\r\n"].concat(), [OUR_SDP, "a=recvonly\r\n"].concat());
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-o", &theirs));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, theirs)));
    bench.reply(&update, 500, &[], "");
    bench.quiet_but_for_the_line();
    bench.input(Input::Media(MediaReply::Answer(id, ours.clone())));
    assert_eq!(bench.response(200).body, ours.as_bytes());
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-k", ""));
    let held = CallEvent::HoldChanged { local: false, remote: true };
    assert_eq!(bench.call_event(), (id, held));
    let refresh = bench.request(Method::Invite);
    assert_eq!(refresh.body, ours.as_bytes(), "what holds is said once more");
}

#[test]
fn a_refresh_that_meets_422_asks_for_more() {
    let (mut bench, _, _) = accepted(&[("Session-Expires", "100;refresher=uac")]);
    run(&mut bench, 50);
    let refresh = bench.request(Method::Invite);
    bench.reply(&refresh, 422, &[("Min-SE", "300")], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    assert_eq!(header(&again.headers, "Session-Expires"), "300;refresher=uac");
    assert_eq!(header(&again.headers, "Min-SE"), "300");
}

#[test]
fn a_refresh_that_fails_is_tried_again_before_the_session_ends() {
    let (mut bench, _, _) = accepted(&[("Session-Expires", "200;refresher=uac")]);
    run(&mut bench, 100);
    let refresh = bench.request(Method::Invite);
    bench.reply(&refresh, 503, &[], "");
    bench.request(Method::Ack);
    // The session has 68 s left (200 less 32, RFC 4028 §10): half of them later.
    run(&mut bench, 33);
    bench.quiet_but_for_the_line();
    run(&mut bench, 1);
    let refresh = bench.request(Method::Invite);
    bench.reply(&refresh, 200, &[("Session-Expires", "200;refresher=uac")], SDP);
    bench.request(Method::Ack);
    run(&mut bench, 99);
    bench.quiet_but_for_the_line();
}

#[test]
fn refreshes_that_fail_end_the_session_in_time() {
    let (mut bench, id, _) = accepted(&[("Session-Expires", "200;refresher=uac")]);
    let (mut refreshes, mut seconds) = (0, 0);
    loop {
        run(&mut bench, 1);
        seconds += 1;
        match bench.sent.pop_front() {
            Some(Sent::Request(refresh)) if refresh.method == Method::Invite => {
                refreshes += 1;
                bench.reply(&refresh, 503, &[], "");
                bench.request(Method::Ack);
            }
            Some(Sent::Request(bye)) if bye.method == Method::Bye => break,
            Some(other) => panic!("{other:?}"),
            None => assert!(seconds < 200),
        }
    }
    assert!(seconds == 168 && (2..10).contains(&refreshes), "{seconds} s, {refreshes} refreshes");
    bench.quiet_but_for_the_line_and_the_end(id);
}

#[test]
fn an_interval_shorter_than_any_may_be_is_taken_as_the_shortest() {
    for granted in ["0", "1", "89"] {
        let (mut bench, ..) = accepted(&[("Session-Expires", granted)]);
        run(&mut bench, 44);
        bench.quiet_but_for_the_line();
        run(&mut bench, 1);
        bench.request(Method::Invite);
        let ends = &[("Session-Expires", &*[granted, ";refresher=uas"].concat())];
        let (mut bench, ended, _) = accepted(ends);
        run(&mut bench, 59);
        bench.quiet_but_for_the_line();
        run(&mut bench, 1);
        bench.request(Method::Bye);
        bench.quiet_but_for_the_line_and_the_end(ended);
    }
}

#[test]
fn a_session_that_the_peer_does_not_refresh_ends_shortly_before_its_time() {
    for (interval, end) in [(600, 568), (90, 60)] {
        let expires = format!("{interval};refresher=uas");
        let (mut bench, id, invite) = accepted(&[("Session-Expires", &expires)]);
        run(&mut bench, end - 1);
        bench.quiet_but_for_the_line();
        run(&mut bench, 1);
        bench.request(Method::Bye);
        bench.quiet_but_for_the_line_and_the_end(id);

        // Its refresh starts the time anew.
        let (mut fresh, _, _) = (bench, id, invite);
        let (id, invite) = fresh.place_call("sip:1002@example.com");
        fresh.reply(&invite, 200, &[CONTACT, ("Session-Expires", &expires)], SDP);
        fresh.request(Method::Ack);
        fresh.events.clear();
        run(&mut fresh, end - 1);
        let update = from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", "");
        let terms = format!("Supported: timer\r\nSession-Expires: {interval};refresher=uac\r\n");
        fresh.receive(update.replace("Content-Length", &(terms + "Content-Length")));
        let ok = fresh.response(200);
        let expected = format!("{interval};refresher=uac");
        assert_eq!(header(&ok.headers, "Session-Expires"), expected);
        fresh.media.clear();
        run(&mut fresh, end - 1);
        fresh.quiet_but_for_the_line();
        run(&mut fresh, 1);
        fresh.request(Method::Bye);
        assert_eq!(fresh.ended(id), EndReason::ProtocolFailure(Misbehaviour::NotRefreshed));
    }
}

#[test]
fn a_peer_without_timers_is_left_alone() {
    let (mut bench, _, _) = accepted(&[]);
    run(&mut bench, 4000);
    bench.quiet_but_for_the_line();
}

#[test]
fn a_callers_terms_are_echoed_with_a_refresher() {
    let table = [
        ("Supported: timer\r\nSession-Expires: 600\r\n", Some("600;refresher=uac"), true),
        ("Supported: timer\r\nx: 600;refresher=uas\r\n", Some("600;refresher=uas"), false),
        ("Supported: timer\r\nx: 600;refresher=uac\r\n", Some("600;refresher=uac"), true),
        // A proxy wants it, the caller cannot.
        ("Session-Expires: 600;refresher=uac\r\n", Some("600;refresher=uas"), false),
        ("Supported: timer\r\n", Some("1800;refresher=uac"), true),
        ("Supported: timer\r\nMin-SE: 3600\r\n", Some("3600;refresher=uac"), true),
        ("", None, false),
    ];
    for (headers, expected, required) in table {
        let (_, _, ok) = answered(headers);
        assert_eq!(ok.headers.get("Session-Expires"), expected, "{headers}");
        assert_eq!(ok.headers.has_token("Require", "timer"), required, "{headers}");
    }
}

#[test]
fn the_called_side_refreshes_where_that_is_its_part() {
    let (mut bench, _, ok) = answered("Supported: timer\r\nx: 200;refresher=uas\r\n");
    run(&mut bench, 100);
    let refresh = bench.request(Method::Invite);
    assert_eq!(header(&refresh.headers, "Session-Expires"), "200;refresher=uac");
    assert_eq!(refresh.body, ok.body);

    let (mut bench, id, _) = answered("Supported: timer\r\nx: 200;refresher=uac\r\n");
    run(&mut bench, 167);
    bench.quiet_but_for_the_line();
    run(&mut bench, 1);
    bench.request(Method::Bye);
    bench.quiet_but_for_the_line_and_the_end(id);
}

#[test]
fn too_short_a_session_gets_422_from_those_who_understand_it() {
    let mut bench = bench();
    let short = "Supported: timer\r\nSession-Expires: 89\r\n";
    bench.receive(request("INVITE", "in", "z9hG4bK-1", short, SDP));
    assert_eq!(header(&bench.response(422).headers, "Min-SE"), "90");
    bench.quiet();
    bench.receive(request("INVITE", "in-2", "z9hG4bK-2", "Session-Expires: 89\r\n", SDP));
    bench.response(180);
}
