//! Calls that take the place of others (RFC 3891), and who may do so.

use crate::support::{Bench, OUR_SDP, SDP, config, header, in_dialog, invite, request, seq};
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, Event, MediaFailure, MediaReply, MediaRequest, Policy,
    ReplacesPolicy,
};
use webphone::sip::wire::{Method, Request, Response};
use webphone::sip::{Config, Input};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

/// The Replaces header that names the dialog of our `ok` to an INVITE.
fn naming(ok: &Response) -> String {
    let to = ok.to().expect("To");
    let tag = to.tag().expect("a tag");
    format!("Replaces: {};to-tag={tag};from-tag=far\r\n", ok.call_id())
}

/// The INVITE of somebody else than the peer.
fn stranger(headers: &str) -> String {
    request("INVITE", "new", "z9hG4bK-new", headers, SDP).replacen("sip:1002@", "sip:1003@", 1)
}

fn established(policy: Policy) -> (Bench, CallId, Response) {
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, ok) = bench.established_incoming();
    (bench, id, ok)
}

/// The new call is answered without the user, and the old one ends.
#[track_caller]
fn takes_over(bench: &mut Bench, old: CallId) {
    bench.response(180);
    let (new, event) = bench.call_event();
    let CallEvent::Incoming(caller) = event else { panic!("{event:?}") };
    assert_eq!(caller.replaces, Some(old));
    assert!(bench.expected.iter().all(|(id, _)| *id != new), "nobody is waited for");
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(new, SDP.into())));
    bench.quiet();
    bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
    bench.response(200);
    let bye = bench.request(Method::Bye);
    assert_eq!(bye.call_id(), "in-call");
    assert!(header(&bye.headers, "Reason").starts_with("SIP;cause=200"));
    assert_eq!(bench.call_event(), (new, CallEvent::Answered));
    assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
    bench.quiet();
}

/// The user answers the new call, and the old one ends.
#[track_caller]
fn is_answered_in_place_of(bench: &mut Bench, new: CallId, old: CallId) {
    bench.command(Command::Answer(new));
    bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
    bench.response(200);
    bench.request(Method::Bye);
    assert_eq!(bench.call_event(), (new, CallEvent::Answered));
    assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
}

#[test]
fn the_peer_itself_may_replace_its_call_at_once() {
    let (mut bench, old, ok) = established(Policy::default());
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming(&ok), SDP));
    takes_over(&mut bench, old);
}

#[test]
fn an_asserted_identity_counts_more_than_the_claim() {
    let (mut bench, old, ok) = established(Policy::default());
    let asserted = "P-Asserted-Identity: <sip:1002@example.com>\r\n";
    bench.receive(stranger(&[&naming(&ok), asserted].concat()));
    takes_over(&mut bench, old);
    // The claim is that of the peer, but the server knows better.
    let (mut bench, _, ok) = established(Policy::default());
    let asserted = "P-Asserted-Identity: <sip:1666@example.com>\r\n";
    let headers = [&naming(&ok), asserted].concat();
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &headers, SDP));
    bench.response(180);
    bench.call_event();
    bench.quiet();
}

#[test]
fn a_stranger_rings_and_replaces_when_the_user_answers() {
    let (mut bench, old, ok) = established(Policy::default());
    bench.receive(stranger(&naming(&ok)));
    bench.response(180);
    let (new, event) = bench.call_event();
    let CallEvent::Incoming(caller) = event else { panic!("{event:?}") };
    assert_eq!(caller.replaces, Some(old));
    bench.quiet();
    is_answered_in_place_of(&mut bench, new, old);
}

#[test]
fn a_stranger_who_is_declined_replaces_nothing() {
    let (mut bench, old, ok) = established(Policy::default());
    bench.receive(stranger(&naming(&ok)));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.command(Command::Decline(new));
    bench.response(603);
    assert_eq!(bench.ended_without_media(new), EndReason::DeclinedHere);
    bench.quiet();
    bench.command(Command::HangUp(old));
    bench.request(Method::Bye);
    assert_eq!(bench.ended(old), EndReason::HungUpHere);
}

#[test]
fn the_policy_may_trust_whoever_names_the_dialog() {
    let policy = Policy { replaces: ReplacesPolicy::Allow, ..Policy::default() };
    let (mut bench, old, ok) = established(policy);
    bench.receive(stranger(&naming(&ok)));
    takes_over(&mut bench, old);
}

#[test]
fn a_failed_microphone_leaves_the_old_call() {
    let (mut bench, _, ok) = established(Policy::default());
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming(&ok), SDP));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Failed(new, MediaFailure::MicrophoneInUse)));
    let failed = CallEvent::AnswerFailed(MediaFailure::MicrophoneInUse);
    assert_eq!(bench.call_event(), (new, failed));
    bench.nothing_sent();
}

#[test]
fn our_own_calls_can_be_replaced_too() {
    let mut bench = Bench::registered();
    let (old, placed, _) = bench.established_outgoing();
    let tag = placed.from().expect("From").tag().expect("a tag").to_owned();
    let header = format!("Replaces: {};from-tag=far;to-tag={tag}\r\n", placed.call_id());
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &header, SDP));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
    bench.response(200);
    assert_eq!(bench.request(Method::Bye).call_id(), placed.call_id());
    bench.call_event();
    bench.media.retain(|request| matches!(request, MediaRequest::Close(_)));
    assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
}

/// A call of ours that rings, and the Replaces header that names it.
fn ringing_there() -> (Bench, CallId, Request, String) {
    let mut bench = Bench::registered();
    let (old, placed) = bench.place_call("sip:1002@example.com");
    bench.reply(&placed, 180, &[CONTACT], "");
    bench.call_event();
    let tag = placed.from().expect("From").tag().expect("a tag").to_owned();
    let header = format!("Replaces: {};from-tag=far;to-tag={tag}\r\n", placed.call_id());
    (bench, old, placed, header)
}

#[test]
fn a_call_of_ours_that_rings_can_be_replaced_and_is_cancelled() {
    for early_only in ["", ";early-only"] {
        let (mut bench, old, placed, header) = ringing_there();
        let naming = header.replace("=far", &format!("=far{early_only}"));
        bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming, SDP));
        bench.response(180);
        let (new, event) = bench.call_event();
        let CallEvent::Incoming(caller) = event else { panic!("{event:?}") };
        assert_eq!(caller.replaces, Some(old));
        assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(new, SDP.into())));
        bench.quiet();
        bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
        bench.response(200);
        let cancel = bench.request(Method::Cancel);
        assert_eq!(cancel.call_id(), placed.call_id());
        assert!(crate::support::header(&cancel.headers, "Reason").starts_with("SIP;cause=200"));
        assert_eq!(bench.call_event(), (new, CallEvent::Answered));
        assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
        bench.reply(&cancel, 200, &[], "");
        // The callee's answer crosses the CANCEL.
        bench.reply(&placed, 200, &[CONTACT], SDP);
        assert_eq!(bench.request(Method::Ack).call_id(), placed.call_id());
        assert_eq!(bench.request(Method::Bye).call_id(), placed.call_id());
        bench.quiet();
    }
}

#[test]
fn a_stranger_rings_before_it_replaces_a_call_of_ours_that_rings() {
    let (mut bench, old, placed, header) = ringing_there();
    bench.receive(stranger(&header));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.quiet();
    bench.command(Command::Decline(new));
    bench.response(603);
    assert_eq!(bench.ended_without_media(new), EndReason::DeclinedHere);
    bench.quiet();
    bench.reply(&placed, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (old, CallEvent::Answered));
}

#[test]
fn a_call_of_ours_that_was_answered_meanwhile_is_replaced_all_the_same() {
    let (mut bench, old, placed, header) = ringing_there();
    bench.receive(stranger(&header));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.reply(&placed, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    assert_eq!(bench.call_event(), (old, CallEvent::Answered));
    bench.command(Command::Answer(new));
    bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
    bench.response(200);
    assert_eq!(bench.request(Method::Bye).call_id(), placed.call_id());
    assert_eq!(bench.call_event(), (new, CallEvent::Answered));
    assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
}

#[test]
fn early_only_comes_too_late_once_the_call_is_answered() {
    let (mut bench, old, placed, header) = ringing_there();
    bench.receive(stranger(&header.replace("=far", "=far;early-only")));
    bench.response(180);
    let (new, _) = bench.call_event();
    bench.reply(&placed, 200, &[CONTACT], SDP);
    bench.request(Method::Ack);
    bench.response(486);
    assert_eq!(bench.call_event(), (old, CallEvent::Answered));
    assert_eq!(bench.ended_without_media(new), EndReason::Cancelled);
    bench.media.clear();
    bench.quiet();
}

#[test]
fn a_call_of_ours_without_an_early_dialog_or_hung_up_is_not_replaced() {
    let mut bench = Bench::registered();
    let (_, placed) = bench.place_call("sip:1002@example.com");
    let tag = placed.from().expect("From").tag().expect("a tag").to_owned();
    let header = format!("Replaces: {};from-tag=far;to-tag={tag}\r\n", placed.call_id());
    bench.reply(&placed, 100, &[], "");
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &header, SDP));
    bench.response(481);
    let (mut bench, old, _, header) = ringing_there();
    bench.command(Command::HangUp(old));
    bench.request(Method::Cancel);
    bench.ended(old);
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &header, SDP));
    bench.response(603);
    bench.quiet();
}

#[test]
fn both_tags_must_be_the_very_ones_in_their_places() {
    let (mut bench, _, ok) = established(Policy::default());
    let good = naming(&ok);
    let tag = ok.to().expect("To").tag().expect("a tag").to_owned();
    let bad = [
        good.replace("in-call", "in-cal"),
        good.replace("in-call", "IN-CALL"),
        good.replace("=far", "=FAR"),
        good.replace(&tag, &tag.to_ascii_uppercase()),
        format!("Replaces: in-call;to-tag=far;from-tag={tag}\r\n"),
    ];
    for (number, header) in bad.iter().enumerate() {
        assert_ne!(header, &good);
        let branch = format!("z9hG4bK-{number}");
        bench.receive(request("INVITE", &branch, &branch, header, SDP));
        bench.response(481);
        bench.quiet();
    }
}

#[test]
fn early_only_spares_a_call_that_stands() {
    let (mut bench, _, ok) = established(Policy::default());
    let early = naming(&ok).replace("=far", "=far;early-only");
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &early, SDP));
    bench.response(486);
    bench.quiet();
}

#[test]
fn one_call_at_a_time_takes_the_place_of_another() {
    let (mut bench, old, ok) = established(Policy::default());
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming(&ok), SDP));
    bench.receive(request("INVITE", "more", "z9hG4bK-more", &naming(&ok), SDP));
    bench.response(180);
    bench.response(486);
    let (new, event) = bench.call_event();
    assert!(matches!(event, CallEvent::Incoming(_)), "{event:?}");
    assert!(matches!(bench.events.pop_front(), Some(Event::Missed(_))));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(new, SDP.into())));
    bench.input(Input::Media(MediaReply::Answer(new, OUR_SDP.into())));
    bench.response(200);
    assert_eq!(bench.request(Method::Bye).call_id(), "in-call");
    assert_eq!(bench.call_event(), (new, CallEvent::Answered));
    assert_eq!(bench.ended(old), EndReason::Replaced { by: new });
    bench.quiet();
}

#[test]
fn a_call_that_could_not_stand_takes_no_place() {
    let (mut bench, old, ok) = established(Policy::default());
    let bad = request("INVITE", "no-way-back", "z9hG4bK-bad", &naming(&ok), SDP);
    let bad = bad.replace("Contact: <sip:bob@far.invalid;transport=ws>\r\n", "");
    bench.receive(bad.replace("<sip:1002@example.com>;tag=far", "<tel:1002>;tag=far"));
    bench.response(400);
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming(&ok), SDP));
    takes_over(&mut bench, old);
}

#[test]
fn there_is_one_more_call_than_the_limit_while_one_is_replaced() {
    let config = Config { max_calls: 1, ..config() };
    let mut bench = Bench::registered_with(config);
    let (old, ok) = bench.established_incoming();
    bench.receive(stranger(&naming(&ok)));
    bench.response(180);
    let (new, _) = bench.call_event();
    is_answered_in_place_of(&mut bench, new, old);
}

#[test]
fn only_the_peer_itself_takes_its_place_while_nobody_may_disturb() {
    let (mut bench, old, ok) = established(Policy::default());
    bench.command(Command::SetDoNotDisturb(true));
    bench.receive(stranger(&naming(&ok)));
    bench.response(486);
    assert!(matches!(bench.events.pop_front(), Some(Event::Missed(_))));
    bench.quiet();
    bench.receive(request("INVITE", "peer", "z9hG4bK-peer", &naming(&ok), SDP));
    takes_over(&mut bench, old);
}

#[test]
fn a_call_that_rings_here_cannot_be_taken_over() {
    let mut bench = Bench::registered();
    let (_, ringing) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &naming(&ringing), SDP));
    bench.response(481);
    bench.quiet();
}

#[test]
fn a_call_that_has_ended_is_declined() {
    let mut bench = Bench::registered();
    let (old, placed, _) = bench.established_outgoing();
    bench.command(Command::HangUp(old));
    bench.request(Method::Bye);
    bench.ended(old);
    let tag = placed.from().expect("From").tag().expect("a tag").to_owned();
    let header = format!("Replaces: {};from-tag=far;to-tag={tag}\r\n", placed.call_id());
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &header, SDP));
    bench.response(603);
    bench.quiet();
}

#[test]
fn two_replaces_or_a_broken_one_are_a_bad_request() {
    let (mut bench, _, ok) = established(Policy::default());
    let good = naming(&ok);
    for (number, header) in
        [[&good[..], &good].concat(), "Replaces: in-call\r\n".into()].iter().enumerate()
    {
        let branch = format!("z9hG4bK-{number}");
        bench.receive(request("INVITE", &branch, &branch, header, SDP));
        bench.response(400);
        bench.quiet();
    }
}

#[test]
fn replaces_is_supported_and_may_be_required() {
    let (mut bench, old, ok) = established(Policy::default());
    assert!(ok.headers.has_token("Supported", "replaces"));
    let headers = [&naming(&ok), "Require: replaces\r\n"].concat();
    bench.receive(request("INVITE", "new", "z9hG4bK-new", &headers, SDP));
    takes_over(&mut bench, old);
    bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
    bench.response(481);
}

#[test]
fn a_call_of_another_page_is_taken_back_by_one_that_replaces_it() {
    let mut bench = Bench::registered();
    let (placed, request, _) = bench.established_outgoing();
    let standing = bench.ua.standing(placed).expect("what names the call");
    assert_eq!(standing.call_id, request.call_id());

    let mut next = Bench::registered();
    let id = next.fresh_call();
    next.command(Command::TakeBack { id, standing: Box::new(standing.clone()) });
    assert_eq!(next.call_event(), (id, CallEvent::Outgoing(standing.peer.clone())));
    assert_eq!(next.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
    next.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
    let invite = next.request(Method::Invite);
    assert_eq!(invite.uri.to_string(), "sip:1002@example.com");
    // RFC 3891 §3: the tags are named as the peer knows them.
    let replaces = format!(
        "{};to-tag={};from-tag={}",
        standing.call_id, standing.remote_tag, standing.local_tag
    );
    assert_eq!(header(&invite.headers, "Replaces"), replaces);
    assert_eq!(header(&invite.headers, "Require"), "replaces", "no other telephone rings");
    next.reply(&invite, 200, &[CONTACT], SDP);
    next.request(Method::Ack);
    assert_eq!(next.call_event(), (id, CallEvent::Answered));
}

#[test]
fn a_call_of_another_page_is_ended_by_a_bye_that_its_peer_knows() {
    let mut bench = Bench::registered();
    let (placed, invite) = bench.place_call("sip:1002@example.com");
    let route = |uri| ("Record-Route", uri);
    let routes = [route("<sip:b.example.com;lr>"), route("<sip:a.example.com;lr;did=4.5>")];
    bench.reply(&invite, 200, &[CONTACT, routes[0], routes[1]], SDP);
    bench.request(Method::Ack);
    let standing = bench.ua.standing(placed).expect("what names the call");

    let mut next = Bench::registered();
    next.command(Command::Abandon(Box::new(standing)));
    let bye = next.request(Method::Bye);
    bench.command(Command::HangUp(placed));
    let own = bench.request(Method::Bye);
    assert_eq!(bye.uri, own.uri);
    assert_eq!(bye.headers.values("Route").len(), 2);
    assert_eq!(bye.headers.values("Route"), own.headers.values("Route"));
    assert_eq!(bye.call_id(), invite.call_id());
    let tags = |bye: &Request| [bye.from(), bye.to()].map(|party| party?.tag().map(str::to_owned));
    assert_eq!(tags(&bye), tags(&own));
    assert!(seq(&bye) > seq(&own), "no proxy takes it for one that came too late");
    next.reply(&bye, 200, &[], "");
    next.quiet();
}

#[test]
fn a_call_that_came_in_is_named_as_its_peer_knows_it() {
    let (bench, id, ok) = established(Policy::default());
    let standing = bench.ua.standing(id).expect("what names the call");
    let tag = ok.to().and_then(|to| to.tag().map(str::to_owned));
    assert_eq!((Some(standing.local_tag), standing.remote_tag.as_str()), (tag, "far"));
    assert_eq!(standing.peer.to_string(), "sip:1002@example.com");
}

#[test]
fn without_a_line_no_call_is_taken_back() {
    let (mut bench, id, _) = established(Policy::default());
    let standing = Box::new(bench.ua.standing(id).expect("what names the call"));
    bench.lose();
    bench.events.clear();
    let again = bench.fresh_call();
    bench.command(Command::TakeBack { id: again, standing: standing.clone() });
    assert_eq!(bench.call_event(), (again, CallEvent::Outgoing(standing.peer)));
    assert_eq!(bench.ended_without_media(again), EndReason::NoLine);
    bench.quiet();
}
