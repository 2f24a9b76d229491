//! Messages that real people met in other telephones, as they came.

use crate::support::{Bench, OUR_SDP, header, in_dialog};
use std::path::PathBuf;
use webphone::sip::Input;
use webphone::sip::ua::{
    CallEvent, CallId, Caller, Command, DialogState, EndReason, Event, MediaFailure, MediaReply,
    MediaRequest, Package, SubscriptionEvent,
};
use webphone::sip::wire::{Method, Response};

const CONTACT: (&str, &str) = ("Contact", "<sip:bob@far.example;transport=ws>");

fn case(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/core/data/cases");
    std::fs::read_to_string(folder.join(name)).expect(name)
}

/// The INVITE of a case rings; returns what the telephone is told of its caller.
fn ring(name: &str) -> (Bench, CallId, Box<Caller>) {
    let mut bench = Bench::registered();
    bench.receive(case(name));
    bench.response(180);
    match bench.call_event() {
        (id, CallEvent::Incoming(caller)) => (bench, id, caller),
        other => panic!("expected a call, it was {other:?}"),
    }
}

/// As [`ring`], answered and acknowledged; returns the 200 and the offer that the browser got.
fn answered(name: &str) -> (Bench, CallId, Response, String) {
    let (mut bench, id, _) = ring(name);
    bench.command(Command::Answer(id));
    let Some(MediaRequest::CreateAnswer(_, offer)) = bench.media.pop_front() else {
        panic!("the browser was asked for no answer");
    };
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    bench.events.retain(|event| !matches!(event, Event::Call(_, CallEvent::Product(_))));
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-ack", ""));
    bench.quiet();
    (bench, id, ok, offer)
}

#[test]
fn an_empty_tag_is_answered_with_one_tag() {
    let mut bench = Bench::registered();
    bench.receive(case("01a-empty-to-tag-options.sip"));
    let ok = bench.response(200);
    assert_eq!(header(&ok.headers, "To").matches("tag=").count(), 1);
    for by_peer in [true, false] {
        let (mut bench, id, ok, _) = answered("01b-empty-to-tag-invite.sip");
        assert_eq!(header(&ok.headers, "To").matches("tag=").count(), 1);
        if by_peer {
            bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-bye", ""));
            bench.response(200);
            assert_eq!(bench.ended(id), EndReason::HungUpThere);
        } else {
            bench.command(Command::HangUp(id));
            let bye = bench.request(Method::Bye);
            assert_eq!(header(&bye.headers, "From").matches("tag=").count(), 1);
        }
    }
}

#[test]
fn who_sent_a_call_on_is_read_whatever_the_case_of_its_reason() {
    for name in ["02-history-info-lower-case-reason.sip", "02-control-upper-case-reason.sip"] {
        let (.., caller) = ring(name);
        let by: Vec<_> = caller.diverted_by.iter().map(|by| by.party.uri.user()).collect();
        assert_eq!(by, [Some("1000".to_owned())], "{name}");
        assert_eq!(caller.diverted_by[0].reason, "408");
    }
}

#[test]
fn a_call_that_another_telephone_answered_is_not_missed_in_the_terms_of_isdn_either() {
    let (mut bench, id, _) = ring("04-q850-26-1-invite.sip");
    bench.receive(case("04-q850-26-2-cancel.sip"));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_without_media(id), EndReason::AnsweredElsewhere);
    // A status says more than a cause.
    let (mut bench, id, _) = ring("04-q850-26-1-invite.sip");
    let cancel = case("04-q850-26-2-cancel.sip");
    bench.receive(cancel.replace("cause=26", "cause=26, SIP;cause=603"));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_without_media(id), EndReason::DeclinedElsewhere);
    let (mut bench, id, _) = ring("04-q850-26-1-invite.sip");
    bench.receive(cancel.replace("cause=26", "cause=16"));
    bench.response(200);
    bench.response(487);
    assert_eq!(bench.ended_without_media(id), EndReason::Cancelled);
}

#[test]
fn a_contact_with_quotes_in_a_parameter_goes_back_as_it_came() {
    let (mut bench, id, ..) = answered("05-contact-quoted-uri-parameter.sip");
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    let target = "sip:127.0.0.1:443;transport=wss;thinfo=\"QUJDREVGR0hJSktMTU5PUA==\"";
    assert_eq!(bye.uri.to_string(), target);
    assert!(bye.write().starts_with(["BYE ", target, " SIP/2.0\r\n"].concat().as_bytes()));
}

#[test]
fn a_location_beside_the_description_is_passed_over() {
    let (_, _, _, offer) = answered("07b-multipart-location.sip");
    assert!(offer.starts_with("v=0\r\n") && offer.contains("m=audio 18822"), "{offer}");
}

#[test]
fn an_offer_that_leaves_dtls_out_of_its_profile_rings() {
    let (_, _, _, offer) = answered("20a-offer-rtp-savpf.sip");
    assert!(offer.contains("m=audio 18822 RTP/SAVPF"), "browsers answer in kind");
}

#[test]
fn blank_lines_behind_a_description_do_not_reach_the_browser() {
    let (_, _, _, offer) = answered("23a-sdp-blank-lines-at-end.sip");
    assert!(offer.ends_with("a=sendrecv\r\n"), "{offer:?}");
}

#[test]
fn an_answer_without_audio_ends_the_call_and_says_why() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 183, &[CONTACT], &case("22-answer-port-0.sdp"));
    bench.quiet();
    bench.reply(&invite, 180, &[CONTACT], &case("22-answer-port-0.sdp"));
    assert_eq!(bench.call_event(), (id, CallEvent::Ringing));
    bench.reply(&invite, 200, &[CONTACT], &case("22-answer-port-0.sdp"));
    bench.request(Method::Ack);
    let bye = bench.request(Method::Bye);
    assert!(header(&bye.headers, "Reason").starts_with("SIP;cause=488"));
    assert_eq!(bench.ended(id), EndReason::NoMedia(MediaFailure::Incompatible));
}

#[test]
fn a_telephone_that_tells_changes_only_is_watched_all_the_same() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Dialog);
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "600")], "");
    bench.events.clear();
    let mut tell = |seq, name| {
        let kind = "Content-Type: application/dialog-info+xml\r\n";
        let active = "active;expires=600";
        let body = case(name);
        bench.receive(crate::support::notify(&subscribe, "far", seq, active, (kind, &body)));
        bench.response(200);
        bench.nothing_sent();
        bench
            .events
            .retain(|event| !matches!(event, Event::Subscription(_, SubscriptionEvent::Active)));
        match bench.subscription(1) {
            SubscriptionEvent::Dialogs(calls) => {
                calls.iter().map(|call| call.state).collect::<Vec<_>>()
            }
            other => panic!("expected calls, it was {other:?}"),
        }
    };
    assert_eq!(tell(1, "18-0-partial.xml"), [DialogState::Confirmed]);
    assert_eq!(tell(2, "18-1-partial.xml"), [DialogState::Terminated]);
}

#[test]
fn notifications_that_go_missing_again_and_again_are_asked_for_more_and_more_seldom() {
    let mut bench = Bench::registered();
    let subscribe = bench.subscribe(1, Package::Dialog);
    bench.reply(&subscribe, 200, &[CONTACT, ("Expires", "3600")], "");
    let mut waits = Vec::new();
    let mut last = bench.now;
    for seq in 1..=6 {
        let kind = "Content-Type: application/dialog-info+xml\r\n";
        let body = case("18-1-partial.xml").replace("version=\"1\"", "version=\"7\"");
        let active = "active;expires=3600";
        bench.receive(crate::support::notify(&subscribe, "far", seq, active, (kind, &body)));
        bench.response(200);
        while bench.sent.is_empty() {
            bench.advance(std::time::Duration::from_secs(1));
        }
        let refresh = bench.request(Method::Subscribe);
        bench.reply(&refresh, 200, &[CONTACT, ("Expires", "3600")], "");
        waits.push((bench.now - last).as_secs());
        last = bench.now;
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160]);
}
