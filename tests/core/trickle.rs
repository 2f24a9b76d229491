//! ICE candidates that are found late, as INFO in both directions (RFC 8838, RFC 8840).

use crate::support::{Bench, from_callee, header, in_dialog, request, seq, with};
use std::time::Duration;
use webphone::media::sdp::fragment::{Candidate, Candidates};
use webphone::sip::Input;
use webphone::sip::ua::{CallId, Command, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request, Uri};

const HOST: &str = "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host";
const REFLEXIVE: &str = "candidate:4 1 udp 1677729535 203.0.113.9 50000 typ srflx";
const RELAY: &str = "candidate:5 1 udp 33562367 198.51.100.4 60000 typ relay";

/// What a peer says that takes candidates one by one.
const ABLE: [(&str, &str); 3] = [
    ("Contact", "<sip:bob@far.example;transport=ws>"),
    ("Supported", "timer, trickle-ice"),
    ("Recv-Info", "trickle-ice"),
];
const THEIR_SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\na=ice-options:trickle\r\n\
    a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:\
    10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\na=setup:actpass\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
    a=ice-ufrag:them\r\na=candidate:9 1 udp 1 192.0.2.99 4000 typ host\r\n";

fn our_sdp() -> String {
    [
        "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
         a=ice-ufrag:ours\r\na=ice-pwd:secret\r\na=",
        HOST,
        "\r\n",
    ]
    .concat()
}

fn candidate(line: &str) -> Candidate {
    Candidate { mid: "0".into(), line: line.into() }
}

/// The browser finds candidates of our description.
fn find(bench: &mut Bench, call: CallId, lines: &[&str], complete: bool) {
    let list = lines.iter().map(|line| candidate(line)).collect();
    let found = Candidates { ufrag: "ours".into(), list, complete };
    bench.input(Input::Media(MediaReply::Found(call, found)));
}

/// A call of ours that rings.
fn calling() -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    bench.dial(Uri::parse("sip:1002@example.com").expect("a URI"));
    let (id, _) = bench.call_event();
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Offer(id, our_sdp())));
    let invite = bench.request(Method::Invite);
    bench.reply(&invite, 180, &[], "");
    bench.events.clear();
    (bench, id, invite)
}

/// A call of ours that was answered with these headers and this description.
fn answered(headers: &[(&str, &str)], sdp: &str) -> (Bench, CallId, Request) {
    let (mut bench, id, invite) = calling();
    bench.reply(&invite, 200, headers, sdp);
    bench.request(Method::Ack);
    bench.events.clear();
    bench.media.clear();
    (bench, id, invite)
}

fn lines(info: &Request) -> Vec<String> {
    assert_eq!(header(&info.headers, "Info-Package"), "trickle-ice");
    assert_eq!(header(&info.headers, "Content-Type"), "application/trickle-ice-sdpfrag");
    assert_eq!(header(&info.headers, "Content-Disposition"), "Info-Package");
    let body = String::from_utf8(info.body.clone()).expect("text");
    assert!(body.starts_with("a=ice-ufrag:ours\r\na=ice-pwd:secret\r\n"), "{body}");
    let mut found: Vec<String> =
        Candidates::parse(&body).list.into_iter().map(|candidate| candidate.line).collect();
    if body.contains("a=end-of-candidates") {
        found.push("end".into());
    }
    found
}

/// What the peer sends, in a call of ours that it answered.
fn told(invite: &Request, seq: u32, kind: &str, body: &str) -> String {
    let info = from_callee(invite, "INFO", seq, &format!("z9hG4bK-t{seq}"), "");
    with(&info, &format!("Info-Package: trickle-ice\r\nContent-Type: {kind}\r\n"), body)
}

const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

#[test]
fn an_invite_and_its_answer_say_that_candidates_are_taken_one_by_one() {
    let (_, _, invite) = calling();
    assert!(invite.headers.has_token("Supported", "trickle-ice"));
    assert_eq!(header(&invite.headers, "Recv-Info"), "trickle-ice");
    let mut bench = Bench::registered();
    let (_, ok) = bench.established_incoming();
    assert!(ok.headers.has_token("Supported", "trickle-ice"));
    assert_eq!(header(&ok.headers, "Recv-Info"), "trickle-ice");
}

#[test]
fn candidates_that_are_found_while_it_rings_are_told_when_the_call_stands() {
    let (mut bench, id, invite) = calling();
    find(&mut bench, id, &[REFLEXIVE], false);
    bench.quiet();
    bench.reply(&invite, 200, &ABLE, THEIR_SDP);
    bench.request(Method::Ack);
    let info = bench.request(Method::Info);
    assert_eq!(lines(&info), [HOST, REFLEXIVE]);
    bench.nothing_sent();
}

#[test]
fn later_candidates_are_told_one_info_at_a_time_with_all_that_came_before() {
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    bench.nothing_sent();
    find(&mut bench, id, &[REFLEXIVE], false);
    let first = bench.request(Method::Info);
    assert_eq!(lines(&first), [HOST, REFLEXIVE]);
    find(&mut bench, id, &[RELAY], false);
    bench.nothing_sent();
    bench.reply(&first, 200, &[], "");
    let second = bench.request(Method::Info);
    assert_eq!(lines(&second), [HOST, REFLEXIVE, RELAY]);
    assert_eq!(seq(&second), seq(&first) + 1);
    find(&mut bench, id, &[], true);
    bench.reply(&second, 200, &[], "");
    let last = bench.request(Method::Info);
    assert_eq!(lines(&last), [HOST, REFLEXIVE, RELAY, "end"]);
    bench.reply(&last, 200, &[], "");
    bench.quiet();
}

#[test]
fn nothing_is_told_where_the_description_had_them_all() {
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    find(&mut bench, id, &[], true);
    bench.quiet();
}

#[test]
fn a_peer_that_does_not_say_that_it_takes_candidates_is_told_none() {
    let [contact, supported, package] = ABLE;
    let mute = THEIR_SDP.replace("a=ice-options:trickle\r\n", "");
    let table: [(&[(&str, &str)], &str); 5] = [
        (&[contact], THEIR_SDP),
        (&[contact, supported], THEIR_SDP),
        (&[contact, package], THEIR_SDP),
        (&[contact, supported, ("Recv-Info", "foo")], THEIR_SDP),
        (&ABLE, &mute),
    ];
    for (headers, sdp) in table {
        let (mut bench, id, _) = answered(headers, sdp);
        find(&mut bench, id, &[RELAY], true);
        bench.quiet();
    }
}

#[test]
fn a_peer_that_refuses_candidates_is_told_no_more_and_the_call_goes_on() {
    for status in [415, 469, 481, 500, 501] {
        let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
        find(&mut bench, id, &[REFLEXIVE], false);
        let info = bench.request(Method::Info);
        bench.reply(&info, status, &[], "");
        find(&mut bench, id, &[RELAY], true);
        bench.quiet();
    }
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    find(&mut bench, id, &[REFLEXIVE], false);
    bench.request(Method::Info);
    bench.advance(Duration::from_secs(33));
    bench.quiet();
}

#[test]
fn candidates_and_keys_do_not_wait_for_each_other() {
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    find(&mut bench, id, &[REFLEXIVE], false);
    bench.request(Method::Info);
    bench.command(Command::SendDtmf { call: id, digits: "1".into() });
    let key = bench.request(Method::Info);
    assert_eq!(header(&key.headers, "Content-Type"), "application/dtmf-relay");
}

#[test]
fn a_callee_tells_its_candidates_after_the_ack() {
    let mut bench = Bench::registered();
    let invite = request(
        "INVITE",
        "in",
        "z9hG4bK-1",
        "Supported: trickle-ice\r\nRecv-Info: trickle-ice\r\n",
        THEIR_SDP,
    );
    let (id, _) = bench.ring(&invite);
    bench.command(Command::Answer(id));
    bench.input(Input::Media(MediaReply::Answer(id, our_sdp())));
    let ok = bench.response(200);
    find(&mut bench, id, &[RELAY], true);
    bench.nothing_sent();
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a1", ""));
    let info = bench.request(Method::Info);
    assert_eq!(lines(&info), [HOST, RELAY, "end"]);
}

#[test]
fn what_is_found_while_our_change_is_out_is_told_when_that_is_accepted() {
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    bench.command(Command::FindPath(id));
    bench.media.clear();
    let anew = our_sdp().replace("ufrag:ours", "ufrag:anew");
    bench.input(Input::Media(MediaReply::Offer(id, anew)));
    let again = bench.request(Method::Invite);
    let list = vec![candidate(RELAY)];
    let found = Candidates { ufrag: "anew".into(), list, complete: true };
    bench.input(Input::Media(MediaReply::Found(id, found)));
    bench.nothing_sent();
    bench.reply(&again, 200, &ABLE, &THEIR_SDP.replace("ufrag:them", "ufrag:they"));
    bench.request(Method::Ack);
    let info = bench.request(Method::Info);
    let body = String::from_utf8(info.body).expect("text");
    assert!(body.contains("a=ice-ufrag:anew") && body.contains(RELAY), "{body}");
}

#[test]
fn candidates_of_an_older_description_are_not_told() {
    let (mut bench, id, _) = answered(&ABLE, THEIR_SDP);
    let list = vec![candidate(RELAY)];
    let older = Candidates { ufrag: "older".into(), list, complete: true };
    bench.input(Input::Media(MediaReply::Found(id, older)));
    bench.quiet();
    find(&mut bench, id, &[RELAY], false);
    assert_eq!(lines(&bench.request(Method::Info)), [HOST, RELAY]);
}

#[test]
fn what_the_peer_tells_is_given_to_the_browser_once() {
    let (mut bench, id, invite) = answered(&ABLE, THEIR_SDP);
    let fragment = |lines: &[&str]| {
        let start = "a=ice-ufrag:them\r\na=ice-pwd:x\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
                     a=candidate:9 1 udp 1 192.0.2.99 4000 typ host\r\n";
        let lines = lines.iter().map(|line| format!("a={line}\r\n"));
        [start.to_owned(), lines.collect()].concat()
    };
    let given = |lines: &[&str], complete| {
        let list = lines.iter().map(|line| candidate(line)).collect();
        MediaRequest::AddCandidates(id, Candidates { ufrag: "them".into(), list, complete })
    };
    bench.receive(told(&invite, 2, FRAGMENT, &fragment(&[REFLEXIVE])));
    bench.response(200);
    assert_eq!(bench.media.pop_front(), Some(given(&[REFLEXIVE], false)));
    bench.receive(told(&invite, 3, FRAGMENT, &fragment(&[REFLEXIVE])));
    bench.response(200);
    bench.quiet();
    let all = fragment(&[REFLEXIVE, RELAY, "end-of-candidates"]);
    bench.receive(told(&invite, 4, "Application/Trickle-ICE-SDPfrag; charset=utf-8", &all));
    bench.response(200);
    assert_eq!(bench.media.pop_front(), Some(given(&[RELAY], true)));
    bench.receive(told(&invite, 5, FRAGMENT, &all));
    bench.response(200);
    bench.quiet();
}

#[test]
fn an_info_of_the_package_with_another_body_is_refused() {
    let (mut bench, _, invite) = answered(&ABLE, THEIR_SDP);
    bench.receive(told(&invite, 2, "application/sdp", "v=0\r\n"));
    let response = bench.response(415);
    assert_eq!(header(&response.headers, "Accept"), FRAGMENT);
    bench.quiet();
}

#[test]
fn a_peer_that_tells_without_end_is_heard_only_so_far() {
    let (mut bench, _, invite) = answered(&ABLE, THEIR_SDP);
    let mut given = 0;
    for seq in 2..40 {
        let body: String = (0..30)
            .map(|n| format!("a=candidate:{n} 1 udp {seq} 192.0.2.1 9 typ host\r\n"))
            .collect();
        bench.receive(told(&invite, seq, FRAGMENT, &body));
        bench.response(200);
        if let Some(MediaRequest::AddCandidates(_, more)) = bench.media.pop_front() {
            given += more.list.len();
        }
    }
    assert_eq!(given, 256);
}
