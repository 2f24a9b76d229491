//! Pictures in a call (RFC 3264 §6, §8): what the media engine offers is carried to the peer, and
//! both ends agree on what flows. A peer that knows sound alone notices nothing.

use crate::support::{Bench, OUR_SDP, SDP, Sent, from_callee, granted, in_dialog, request};
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::media::sdp::video::Flow;
use webphone::sip::Input;
use webphone::sip::ua::{CallEvent, CallId, Command, MediaFailure, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request, Response, Uri};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

fn video(direction: &str) -> String {
    ["m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=", direction, "\r\n"].concat()
}

/// What our browser offers or answers, with a picture in this direction.
fn ours(direction: &str) -> String {
    [OUR_SDP, &video(direction)].concat()
}

/// What the peer does.
fn theirs(direction: &str) -> String {
    [SDP, &video(direction)].concat()
}

fn changed(id: CallId, sends: bool, receives: bool) -> (CallId, CallEvent) {
    (id, CallEvent::VideoChanged(Flow { sends, receives }))
}

/// Places a call with a picture; returns it with the INVITE that went out.
#[track_caller]
fn call(bench: &mut Bench) -> (CallId, Request) {
    bench.dial(Uri::parse("sip:1002@example.com").expect("a URI"));
    let (id, _) = bench.call_event();
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    bench.input(Input::Media(MediaReply::Offer(id, ours("sendrecv"))));
    (id, bench.request(Method::Invite))
}

/// The media engine has a picture to offer; returns the re-INVITE.
#[track_caller]
fn offer(bench: &mut Bench, id: CallId, direction: &str) -> Request {
    bench.command(Command::Reoffer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.input(Input::Media(MediaReply::Offer(id, ours(direction))));
    let again = bench.request(Method::Invite);
    assert_eq!(again.body, ours(direction).as_bytes());
    again
}

/// The peer accepts it with this description, which comes to the media engine as `applied`.
#[track_caller]
fn accept(bench: &mut Bench, id: CallId, again: &Request, answer: &str, applied: &str) {
    bench.reply(again, 200, &[CONTACT], answer);
    bench.request(Method::Ack);
    let sdp = applied.to_owned();
    let apply = MediaRequest::ApplyAnswer { call: id, sdp, provisional: false };
    assert_eq!(bench.media.pop_front(), Some(apply));
}

/// A call that came in, in which the peer then offers `sdp` and we answer with `answer`.
#[track_caller]
fn change(bench: &mut Bench, id: CallId, ok: &Response, seq: u32, (sdp, answer): (&str, &str)) {
    bench.receive(in_dialog(ok, "INVITE", seq, &format!("z9hG4bK-v{seq}"), sdp));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, sdp.into())));
    bench.input(Input::Media(MediaReply::Answer(id, answer.into())));
    bench.response(200);
    bench.receive(in_dialog(ok, "ACK", seq, &format!("z9hG4bK-a{seq}"), ""));
}

#[test]
fn a_call_with_a_picture_says_which_pictures_flow() {
    for (answer, sends, receives) in
        [("sendrecv", true, true), ("recvonly", true, false), ("inactive", false, false)]
    {
        let mut bench = Bench::registered();
        let (id, invite) = call(&mut bench);
        bench.reply(&invite, 200, &[CONTACT], &theirs(answer));
        bench.request(Method::Ack);
        assert_eq!(bench.call_event(), (id, CallEvent::Answered));
        assert_eq!(bench.call_event(), changed(id, sends, receives), "{answer}");
    }
}

#[test]
fn a_callee_with_sound_alone_is_understood() {
    let refusal = "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n";
    for answer in [SDP.to_owned(), [SDP, "m=video 0 RTP/AVP 0\r\n"].concat()] {
        let mut bench = Bench::registered();
        let (id, invite) = call(&mut bench);
        accept(&mut bench, id, &invite, &answer, &[SDP, refusal].concat());
        assert_eq!(bench.call_event(), (id, CallEvent::Answered));
        assert_eq!(bench.call_event(), changed(id, false, false));
        bench.quiet();
    }
}

#[test]
fn a_call_of_sound_says_nothing_of_pictures() {
    let mut bench = Bench::registered();
    let (id, invite, _) = bench.established_outgoing();
    bench.receive(from_callee(&invite, "INVITE", 1, "z9hG4bK-re", SDP));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
    bench.receive(from_callee(&invite, "ACK", 1, "z9hG4bK-ra", ""));
    assert!(bench.events.is_empty());
}

#[test]
fn a_picture_is_added_and_removed_by_a_reinvite() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = offer(&mut bench, id, "sendrecv");
    bench.quiet();
    accept(&mut bench, id, &again, &theirs("recvonly"), &theirs("recvonly"));
    assert_eq!(bench.call_event(), changed(id, true, false));
    let again = offer(&mut bench, id, "recvonly");
    accept(&mut bench, id, &again, &theirs("inactive"), &theirs("inactive"));
    assert_eq!(bench.call_event(), changed(id, false, false));
    bench.quiet();
    change(&mut bench, id, &ok, 2, (SDP, OUR_SDP));
    bench.quiet();
}

#[test]
fn a_picture_that_the_peer_refuses_leaves_the_call_as_it_was() {
    for status in [488, 403, 415, 500, 606] {
        let mut bench = Bench::registered();
        let (id, ..) = bench.established_outgoing();
        let again = offer(&mut bench, id, "sendrecv");
        bench.reply(&again, status, &[], "");
        bench.request(Method::Ack);
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
        assert_eq!(bench.call_event(), (id, CallEvent::VideoRefused), "{status}");
        bench.quiet();
        // What comes next is free of it.
        bench.command(Command::Hold(id));
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::HOLD)));
    }
}

#[test]
fn a_picture_that_the_browser_cannot_offer_is_given_up() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Reoffer(id));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(id, MediaFailure::Incompatible)));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    assert_eq!(bench.call_event(), (id, CallEvent::VideoRefused));
    bench.quiet();
}

#[test]
fn an_accepted_picture_without_an_answer_is_taken_back() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    let again = offer(&mut bench, id, "sendrecv");
    bench.reply(&again, 200, &[CONTACT], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    assert_eq!(bench.call_event(), (id, CallEvent::VideoRefused));
    bench.quiet();
}

#[test]
fn a_picture_that_meets_the_peers_change_is_offered_once_more() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    let again = offer(&mut bench, id, "sendrecv");
    // The peer adds its own at the same time, and tries again later.
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-g", &theirs("sendrecv")));
    bench.response(491);
    bench.reply(&again, 491, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.quiet();
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.input(Input::Media(MediaReply::Offer(id, ours("sendrecv"))));
    let again = bench.request(Method::Invite);
    accept(&mut bench, id, &again, &theirs("sendrecv"), &theirs("sendrecv"));
    assert_eq!(bench.call_event(), changed(id, true, true));
}

/// Our picture has waited while the peer added its own, and is offered now; returns the re-INVITE.
#[track_caller]
fn waited(bench: &mut Bench) -> (CallId, Request) {
    let (id, ok) = bench.established_incoming();
    bench.receive(in_dialog(&ok, "INVITE", 2, "z9hG4bK-v", &theirs("sendrecv")));
    assert!(matches!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(..))));
    bench.command(Command::Reoffer(id));
    bench.input(Input::Media(MediaReply::Answer(id, ours("recvonly"))));
    bench.response(200);
    bench.receive(in_dialog(&ok, "ACK", 2, "z9hG4bK-w", ""));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
    bench.quiet();
    bench.input(Input::Media(MediaReply::Offer(id, ours("sendrecv"))));
    (id, bench.request(Method::Invite))
}

#[test]
fn a_picture_that_waits_while_the_peer_adds_its_own_is_not_refused_by_that() {
    let mut bench = Bench::registered();
    let (id, again) = waited(&mut bench);
    accept(&mut bench, id, &again, &theirs("sendrecv"), &theirs("sendrecv"));
    assert_eq!(bench.call_event(), changed(id, true, true));
    bench.quiet();
}

#[test]
fn what_the_peer_begins_to_show_while_ours_waits_is_told_when_ours_is_refused() {
    let mut bench = Bench::registered();
    let (id, again) = waited(&mut bench);
    bench.reply(&again, 488, &[], "");
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::VideoRefused));
    assert_eq!(bench.call_event(), changed(id, false, true));
}

#[test]
fn a_picture_that_waits_for_another_change_is_not_refused_by_its_answer() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    change(&mut bench, id, &ok, 2, (&theirs("sendrecv"), &ours("recvonly")));
    assert_eq!(bench.call_event(), changed(id, false, true));
    bench.command(Command::Hold(id));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Offer(id, ours("inactive"))));
    let hold = bench.request(Method::Invite);
    bench.command(Command::Reoffer(id));
    bench.reply(&hold, 200, &[CONTACT], &theirs("inactive"));
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (id, CallEvent::HoldChanged { local: true, remote: false }));
    bench.media.clear();
    bench.quiet();
}

#[test]
fn a_picture_waits_for_the_change_that_is_under_way() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::Hold(id));
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Offer(id, [OUR_SDP, "a=sendonly\r\n"].concat())));
    let hold = bench.request(Method::Invite);
    bench.command(Command::Reoffer(id));
    bench.quiet();
    bench.reply(&hold, 200, &[CONTACT], &[SDP, "a=recvonly\r\n"].concat());
    bench.request(Method::Ack);
    bench.media.pop_front();
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::HOLD)));
}

#[test]
fn a_picture_that_the_connection_swallowed_is_offered_by_the_next() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    offer(&mut bench, id, "sendrecv");
    bench.lose();
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Rollback(id)));
    bench.reopen();
    let register = bench.request(Method::Register);
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, Plan::OPEN)));
}

#[test]
fn the_peer_adds_a_picture_and_removes_it() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    change(&mut bench, id, &ok, 2, (&theirs("sendrecv"), &ours("recvonly")));
    assert_eq!(bench.call_event(), changed(id, false, true));
    for (seq, gone) in [(3, "inactive"), (5, "recvonly")] {
        change(&mut bench, id, &ok, seq, (&theirs(gone), &ours("inactive")));
        assert_eq!(bench.call_event(), changed(id, false, false));
        change(&mut bench, id, &ok, seq + 1, (&theirs("sendrecv"), &ours("sendrecv")));
        assert_eq!(bench.call_event(), changed(id, true, true));
    }
    let gone = theirs("sendrecv").replace("video 9", "video 0");
    let ours_gone = ours("inactive").replace("video 9", "video 0");
    change(&mut bench, id, &ok, 7, (&gone, &ours_gone));
    assert_eq!(bench.call_event(), changed(id, false, false));
    bench.quiet();
}

#[test]
fn nothing_flows_on_hold_and_all_of_it_afterwards() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    change(&mut bench, id, &ok, 2, (&theirs("sendrecv"), &ours("sendrecv")));
    assert_eq!(bench.call_event(), changed(id, true, true));
    let hold =
        |sdp: &str, direction: &str| [sdp, "a=", direction, "\r\n", &video("inactive")].concat();
    for (command, plan, offer, answer) in [
        (Command::Hold(id), Plan::HOLD, hold(OUR_SDP, "sendonly"), hold(SDP, "recvonly")),
        (Command::Resume(id), Plan::OPEN, ours("sendrecv"), theirs("sendrecv")),
    ] {
        bench.command(command);
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::Reoffer(id, plan)));
        bench.input(Input::Media(MediaReply::Offer(id, offer)));
        let again = bench.request(Method::Invite);
        accept(&mut bench, id, &again, &answer, &answer);
        let held = plan.is_hold();
        let local = CallEvent::HoldChanged { local: held, remote: false };
        assert_eq!(bench.call_event(), (id, local), "what follows is understood by it");
        assert_eq!(bench.call_event(), changed(id, !held, !held));
    }
    // The peer holds with both.
    change(&mut bench, id, &ok, 3, (&hold(SDP, "sendonly"), &hold(OUR_SDP, "recvonly")));
    let remote = CallEvent::HoldChanged { local: false, remote: true };
    assert_eq!(bench.call_event(), (id, remote));
    assert_eq!(bench.call_event(), changed(id, false, false));
}

#[test]
fn who_calls_with_a_picture_says_so() {
    let offers = |sdp: &str| {
        let mut bench = Bench::registered();
        bench.receive(request("INVITE", "in", "z9hG4bK-1", "", sdp));
        bench.response(180);
        match bench.call_event() {
            (_, CallEvent::Incoming(caller)) => caller.video,
            other => panic!("expected a call, it was {other:?}"),
        }
    };
    assert!(offers(&theirs("sendrecv")));
    assert!(!offers(SDP) && !offers(&theirs("inactive")));
}

#[test]
fn a_call_with_a_picture_is_answered_without() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    change(&mut bench, id, &ok, 2, (&theirs("sendrecv"), &ours("recvonly")));
    assert_eq!(bench.call_event(), changed(id, false, true));
    // And the answerer's own picture follows when it likes.
    let again = offer(&mut bench, id, "sendrecv");
    accept(&mut bench, id, &again, &theirs("sendrecv"), &theirs("sendrecv"));
    assert_eq!(bench.call_event(), changed(id, true, true));
}

#[test]
fn a_refresh_repeats_the_pictures() {
    let mut bench = Bench::registered();
    let (id, ..) = bench.established_outgoing();
    let again = offer(&mut bench, id, "sendrecv");
    let timer = [CONTACT, ("Session-Expires", "90;refresher=uac"), ("Require", "timer")];
    bench.reply(&again, 200, &timer, &theirs("sendrecv"));
    bench.request(Method::Ack);
    bench.events.clear();
    bench.media.clear();
    bench.advance(Duration::from_secs(46));
    let is_invite =
        |sent: &Sent| matches!(sent, Sent::Request(request) if request.method == Method::Invite);
    bench.sent.retain(is_invite);
    let refresh = bench.request(Method::Invite);
    assert_eq!(refresh.body, ours("sendrecv").as_bytes());
    bench.reply(&refresh, 200, &[CONTACT], &theirs("sendrecv"));
    assert!(bench.events.is_empty() && bench.media.is_empty(), "nothing has changed");
}
