//! What the servers of this world do, each as a script of a few lines: Asterisk, FreeSWITCH,
//! Kamailio, session border controllers and telephone exchanges in general. Traps that belong to
//! one matter, such as keep-alive or digest, are with the tests of that matter.

use crate::support::{
    Bench, OUR_SDP, SDP, config, from_callee, granted, header, in_dialog, invite, request, seq,
    with,
};
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, CallId, Command, Event, Line, MediaReply, MediaRequest, Policy,
};
use webphone::sip::wire::{Method, Response};
use webphone::sip::{Config, Input};

const SECOND: Duration = Duration::from_secs(1);
const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

/// The user answers `id`, and the caller acknowledges that.
fn answer(bench: &mut Bench, id: CallId) -> Response {
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-ack", ""));
    ok
}

/// We hang up; returns where the BYE goes.
fn hang_up(bench: &mut Bench, id: CallId) -> String {
    bench.command(Command::HangUp(id));
    bench.request(Method::Bye).uri.to_string()
}

#[test]
fn asterisk_writes_the_transport_of_our_binding_in_capitals() {
    let (mut bench, register) = Bench::registering();
    let other = "<sip:1001@192.0.2.7;transport=WS>;expires=3600, ";
    let ours = granted(&register, 60).replace("transport=ws", "transport=WS");
    let ours = ours.split(";+sip.instance").next().expect("a URI").to_owned() + ";expires=60";
    bench.reply(&register, 200, &[("Contact", &(other.to_owned() + &ours))], "");
    assert_eq!(bench.events.pop_back(), Some(Event::Line(Line::Registered)));
    bench.advance(45 * SECOND);
    bench.request(Method::Register);
}

#[test]
fn asterisk_refers_to_a_number_that_is_no_address() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let refer = in_dialog(&ok, "REFER", 2, "z9hG4bK-r", "");
    bench.receive(with(&refer, "Refer-To: 600\r\n", ""));
    bench.response(400);
    bench.quiet();
    hang_up(&mut bench, id);
}

#[test]
fn old_asterisk_says_transport_wss_in_its_addresses() {
    let mut bench = Bench::registered();
    let call = invite("old", "z9hG4bK-1").replace("transport=ws", "transport=wss");
    let (id, _) = bench.ring(&call);
    answer(&mut bench, id);
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.uri.to_string(), "sip:bob@far.invalid;transport=wss");
    assert_eq!(header(&bye.headers, "Route"), "<sip:proxy.example.com;transport=wss;r2=on;lr>");
}

#[test]
fn asterisk_answers_with_another_description_than_its_183() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let answer =
        |sdp: String, provisional| MediaRequest::ApplyAnswer { call: id, sdp, provisional };
    bench.reply(&invite, 183, &[CONTACT], SDP);
    assert_eq!(bench.media.pop_front(), Some(answer(SDP.into(), true)));
    let other = SDP.replace("AA:BB", "CC:DD").replace("o=- 1 1", "o=- 9 9");
    bench.reply(&invite, 200, &[CONTACT], &other);
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(answer(other, false)));
}

#[test]
fn asterisk_adds_the_original_host_to_its_contact() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let contact = "sip:192.0.2.7:8089;transport=ws;x-ast-orig-host=1Vd2.invalid:0";
    bench.reply(&invite, 200, &[("Contact", &format!("<{contact}>"))], SDP);
    assert_eq!(bench.request(Method::Ack).uri.to_string(), contact);
    assert_eq!(hang_up(&mut bench, id), contact);
}

#[test]
fn freeswitch_writes_compact_headers() {
    let compact = |text: String| {
        let names = [("Via", "v"), ("From", "f"), ("To", "t"), ("Call-ID", "i")];
        let more = [("Contact", "m"), ("Content-Type", "c"), ("Content-Length", "l")];
        let all = names.iter().chain(&more);
        all.fold(text, |text, (long, short)| {
            text.replace(&format!("\n{long}: "), &format!("\n{short}:"))
        })
    };
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&compact(invite("compact", "z9hG4bK-1")));
    assert_eq!(answer_as(&mut bench, id, compact), "sip:bob@far.invalid;transport=ws");
}

/// As [`answer`] with an ACK in the server's own dress; returns where our BYE goes then.
fn answer_as(bench: &mut Bench, id: CallId, dress: impl Fn(String) -> String) -> String {
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.receive(dress(in_dialog(&ok, "ACK", 1, "z9hG4bK-ack", "")));
    bench.advance(SECOND);
    bench.nothing_sent();
    hang_up(bench, id)
}

#[test]
fn freeswitch_wants_sessions_of_two_minutes_at_least() {
    let policy = Policy { session_expires: 90 * SECOND, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, invite) = bench.place_call("sip:1002@example.com");
    assert_eq!(header(&invite.headers, "Session-Expires"), "90");
    bench.reply(&invite, 422, &[("Min-SE", "120")], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    assert_eq!(header(&again.headers, "Session-Expires"), "120");
    bench.reply(&again, 200, &[CONTACT, ("Session-Expires", "120;refresher=uac")], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.advance(60 * SECOND);
    bench.request(Method::Invite);
}

#[test]
fn freeswitch_changes_nothing_every_minute() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    for minute in 2..5 {
        bench.advance(60 * SECOND);
        bench.receive(in_dialog(&ok, "INVITE", minute, &format!("z9hG4bK-{minute}"), SDP));
        bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
        bench.response(200);
        bench.receive(in_dialog(&ok, "ACK", minute, &format!("z9hG4bK-{minute}a"), ""));
        bench.media.clear();
        bench.quiet();
    }
    hang_up(&mut bench, id);
}

#[test]
fn kamailio_writes_two_spaces_in_a_via() {
    let mut bench = Bench::registered();
    let spaced = |text: String| {
        text.replace(
            "SIP/2.0/WSS proxy.example.com;branch=",
            "SIP/2.0/WSS  proxy.example.com ; branch = ",
        )
    };
    let (id, ringing) = bench.ring(&spaced(invite("spaces", "z9hG4bK-1")));
    assert_eq!(
        header(&ringing.headers, "Via"),
        "SIP/2.0/WSS  proxy.example.com ; branch = z9hG4bK-1"
    );
    bench.receive(spaced(invite("spaces", "z9hG4bK-1")));
    bench.response(180);
    bench.receive(spaced(request("CANCEL", "spaces", "z9hG4bK-1", "", "")));
    bench.response(200);
    bench.response(487);
    bench.ended_without_media(id);
}

#[test]
fn a_via_of_ours_may_come_back_with_spaces() {
    let (mut bench, register) = Bench::registering();
    let mut ok = Response::to_request(&register, 200);
    let via =
        header(&register.headers, "Via").replace(";branch=", " ; received=2001:db8::1; branch = ");
    ok.headers.set("Via", via);
    ok.headers.push("Contact", granted(&register, 600));
    bench.receive(ok.write());
    assert_eq!(bench.events.pop_back(), Some(Event::Line(Line::Registered)));
}

#[test]
fn a_call_to_any_address_by_our_connection_rings() {
    let addresses = [
        "sip:1001@192.0.2.9:40312;transport=ws;alias=192.0.2.9~40312~5",
        "sip:+34910000000@pbx.example.com;user=phone",
        "sips:1001@client.invalid",
        "sip:pbx.example.com",
        "tel:+34910000000",
        "sip:john.doe@[2001:db8::1]:5062;gr=urn:uuid:f81d4fae",
    ];
    for address in addresses {
        let mut bench = Bench::registered();
        let own = "sip:1001@client.invalid;transport=ws SIP/2.0";
        let (id, _) =
            bench.ring(&invite("any", "z9hG4bK-1").replace(own, &format!("{address} SIP/2.0")));
        answer(&mut bench, id);
        hang_up(&mut bench, id);
    }
}

#[test]
fn a_request_without_hops_left_is_for_us_all_the_same() {
    let mut bench = Bench::registered();
    bench.ring(&invite("hops", "z9hG4bK-1").replace("Max-Forwards: 68", "Max-Forwards: 0"));
}

#[test]
fn a_name_in_latin_1_rings_and_goes_back_byte_for_byte() {
    let mut bench = Bench::registered();
    let text = invite("latin", "z9hG4bK-1");
    let (before, after) = text.split_once("\"Bob\"").expect("a name");
    let frame = [before.as_bytes(), b"\"Jos\xE9 <Fern\xE1ndez>\"", after.as_bytes()].concat();
    bench.receive(frame);
    let ringing = bench.response(180).write();
    let echoed = &b"From: \"Jos\xE9 <Fern\xE1ndez>\" <sip:1002@example.com>;tag=far\r\n"[..];
    assert!(ringing.windows(echoed.len()).any(|window| window == echoed));
    assert!(matches!(bench.call_event().1, CallEvent::Incoming(_)));
}

#[test]
fn a_name_with_an_address_in_it_is_no_address() {
    let mut bench = Bench::registered();
    let call = invite("spoof", "z9hG4bK-1")
        .replace("\"Bob\" <sip:1002@", "\"Bank <sip:bank@example.com>\" <sip:evil@");
    bench.receive(call);
    let CallEvent::Incoming(caller) = bench.call_event().1 else { panic!("it does not ring") };
    assert_eq!(caller.uri.to_string(), "sip:evil@example.com");
}

#[test]
fn folded_lines_bare_line_feeds_and_spaces_before_colons_ring() {
    let mut bench = Bench::registered();
    let text = invite("folded", "z9hG4bK-1");
    let folded = text.replace("From: \"Bob\" ", "From : \"Bob\"\r\n\t");
    let (head, body) = folded.split_once("\r\n\r\n").expect("a body");
    let loose = format!("\r\n{}\n\n{body}", head.replace("\r\n", "\n"));
    let (id, _) = bench.ring(&loose);
    answer(&mut bench, id);
}

#[test]
fn the_next_fork_of_a_call_that_was_refused_rings() {
    let mut bench = Bench::registered();
    let (id, ringing) = bench.ring(&invite("again", "z9hG4bK-1"));
    bench.command(Command::Decline(id));
    bench.response(603);
    bench.receive(in_dialog(&ringing, "ACK", 1, "z9hG4bK-1", ""));
    bench.ended_without_media(id);
    // The same INVITE by a new branch, once the first is done with, is no loop.
    bench.ring(&invite("again", "z9hG4bK-2"));
}

#[test]
fn an_answer_without_a_contact_is_acknowledged_where_it_was_called() {
    for contact in [&[][..], &[("Contact", "<tel:+1>")], &[("Contact", "broken")]] {
        let mut bench = Bench::registered();
        let (id, invite) = bench.place_call("sip:1002@example.com;x=1?Subject=no");
        let headers = [&[("Record-Route", "<sip:proxy.example.com;lr>")], contact].concat();
        bench.reply(&invite, 200, &headers, SDP);
        let ack = bench.request(Method::Ack);
        assert_eq!(ack.uri.to_string(), "sip:1002@example.com;x=1");
        assert_eq!(header(&ack.headers, "Route"), "<sip:proxy.example.com;lr>");
        assert_eq!(bench.call_event(), (id, CallEvent::Answered));
        // What the callee says later counts.
        bench.receive(from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", ""));
        bench.response(200);
        assert_eq!(hang_up(&mut bench, id), "sip:bob@moved.invalid;transport=ws");
    }
}

#[test]
fn ringcentral_answers_481_to_an_update_and_knows_the_call_all_the_same() {
    let mut bench = Bench::registered_with(Config { expires: 8 * 3600 * SECOND, ..config() });
    bench.now = bench.now + SECOND;
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let terms = ("Session-Expires", "200;refresher=uac");
    bench.reply(&invite, 200, &[CONTACT, terms, ("Allow", "INVITE, UPDATE")], SDP);
    bench.request(Method::Ack);
    bench.advance(100 * SECOND);
    let update = bench.request(Method::Update);
    bench.reply(&update, 481, &[], "");
    let refresh = bench.request(Method::Invite);
    assert_eq!(seq(&refresh), seq(&update) + 1);
    bench.reply(&refresh, 200, &[CONTACT, terms], SDP);
    bench.request(Method::Ack);
    hang_up(&mut bench, id);
}

#[test]
fn a_change_that_takes_the_browser_long_is_answered_by_100_first() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let change = in_dialog(&ok, "INVITE", 2, "z9hG4bK-2", SDP);
    bench.receive(&change);
    bench.advance(Duration::from_millis(199));
    bench.nothing_sent();
    bench.advance(Duration::from_millis(1));
    let trying = bench.response(100);
    assert_eq!(header(&trying.headers, "CSeq"), "2 INVITE");
    bench.advance(20 * SECOND);
    bench.nothing_sent();
    bench.receive(&change);
    bench.response(100);
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
}

#[test]
fn our_contact_asks_for_this_connection_where_the_registrar_does_outbound() {
    for (required, mark) in [("outbound", ";ob>"), ("path", ";transport=ws>")] {
        let (mut bench, register) = Bench::registering();
        let contact = granted(&register, 600);
        bench.reply(&register, 200, &[("Contact", &contact), ("Require", required)], "");
        bench.events.clear();
        assert!(!contact.contains(";ob"), "the binding itself is plain");
        let (_, invite) = bench.place_call("sip:1002@example.com");
        assert!(header(&invite.headers, "Contact").ends_with(mark), "{required}");
    }
}
