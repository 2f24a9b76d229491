//! Calls that the page had left, and those whose other side has left them.

use super::*;
use crate::media::sdp::video::Flow;
use crate::phone::call::Call;
use crate::phone::entry::{Entry, Outcome};
use crate::phone::video::{Source, Wish};
use crate::sip::ua::Standing;
use std::time::Duration;

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";
const MINUTE: u64 = 60_000;

fn standing(id: CallId) -> Standing {
    Standing {
        call_id: id.0.to_string(),
        local_tag: "ours".into(),
        remote_tag: "far".into(),
        peer: uri(ANA),
        target: uri("sip:1002@192.0.2.7:5060;transport=udp"),
        route: "<sip:proxy.example.com;lr>,<sip:edge.example.com;lr>".into(),
    }
}

fn abandon(id: u32) -> Command {
    Command::Abandon(Box::new(standing(CallId(id))))
}

fn at(seconds: u64) -> Instant {
    Instant::from_duration(Duration::from_secs(seconds))
}

/// Two calls that stood for ten minutes, the first of them held, as they are kept.
fn left() -> Vec<String> {
    let mut phone = signed_in();
    phone.set_time_of_day(10 * MINUTE);
    up(&mut phone, 1, ANA);
    let bob = Caller::new(Some("Bob".into()), uri(BOB));
    tell_of(&mut phone, 2, CallEvent::Incoming(Box::new(bob)));
    phone.answer(CallId(2), Others::Hold);
    tell_of(&mut phone, 2, CallEvent::Answered);
    held(&mut phone, 1, true);
    phone.toggle_mute(CallId(2));
    phone.left(&|id| Some(standing(id)))
}

/// The page is there again so many milliseconds after that.
fn again(after: u64) -> (Phone, Vec<Command>) {
    let calls = left();
    let mut phone = Phone::default();
    phone.set_time_of_day(20 * MINUTE);
    phone.go_on("example.com".into(), &calls, 20 * MINUTE - after);
    phone.set_time_of_day(20 * MINUTE);
    assert_eq!(phone.left(&|_| None), sorted(calls), "nothing is lost before they are back");
    let commands = phone.handle_event(at(1000), Event::Line(Line::Registered));
    (phone, commands)
}

/// These calls, by another page a moment later.
fn left_and_again(phone: &mut Phone) -> Phone {
    phone.set_time_of_day(10 * MINUTE);
    let calls = phone.left(&|id| Some(standing(id)));
    let mut again = Phone::default();
    again.set_time_of_day(10 * MINUTE);
    again.go_on("example.com".into(), &calls, 10 * MINUTE);
    again.handle_event(at(1000), Event::Line(Line::Registered));
    again
}

fn sorted(mut calls: Vec<String>) -> Vec<String> {
    calls.sort_by_key(|call| call.ends_with("\t1\t0\t0\t0"));
    calls
}

/// When the calls of the history began, in milliseconds since 1970, and for how many seconds they
/// stood.
fn past(phone: &Phone) -> Vec<(u64, u64)> {
    let length = |entry: &Entry| entry.length.expect("it stood").as_secs();
    phone.history().entries().map(|entry| (entry.at, length(entry))).collect()
}

/// The command that takes a call back, by one of this name.
fn take_back(id: u32, of: u32) -> Command {
    Command::TakeBack { id: CallId(id), standing: Box::new(standing(CallId(of))) }
}

/// The call that is commanded to take the place of one that was left is on its way.
fn takes_back(phone: &mut Phone, id: u32) {
    phone.handle_event(at(1000), Event::Call(CallId(id), CallEvent::Outgoing(uri(ANA))));
}

fn comes_back(phone: &mut Phone, id: u32) -> Vec<Command> {
    takes_back(phone, id);
    assert!(phone.get(CallId(id)).is_some_and(Call::comes_back));
    phone.handle_event(at(1001), Event::Call(CallId(id), CallEvent::Answered))
}

/// The other side of the first call, Ana, has loaded her page anew: this call takes its place.
fn calls_anew(phone: &mut Phone, id: u32) {
    let mut caller = Caller::new(None, uri(ANA));
    (caller.replaces, caller.takes_over) = (Some(CallId(1)), true);
    tell_of(phone, id, CallEvent::Incoming(Box::new(caller)));
}

#[test]
fn calls_come_back_as_they_were_left() {
    let (mut phone, commands) = again(5000);
    assert_eq!(commands, [take_back(1, 1), take_back(2, 2)]);
    assert_eq!(phone.stage(), &Stage::SignedIn);
    assert_eq!(comes_back(&mut phone, 1), [Command::Hold(CallId(1))]);
    assert_eq!(comes_back(&mut phone, 2), []);
    assert!(!phone.is_returning());
    let bob = phone.call().expect("the call in front").clone();
    assert_eq!((bob.id, bob.party.label(), bob.muted), (CallId(2), "Bob", true));
    assert_eq!((bob.direction, bob.uri), (Direction::Incoming, uri(BOB)));
    assert_eq!(bob.progress, Progress::Up { since: at(1001 - 600) }, "its timer goes on");
    assert_eq!(phone.get(CallId(1)).map(Call::is_held), Some(true));
    phone.handle_event(at(1060), Event::Call(CallId(2), CallEvent::Ended(EndReason::HungUpThere)));
    assert_eq!(past(&phone), [(10 * MINUTE, 659)]);
}

/// A conference with Ana and Bob, by another page a moment later.
fn conference_again() -> Phone {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    up(&mut phone, 2, BOB);
    phone.join();
    left_and_again(&mut phone)
}

#[test]
fn a_conference_comes_back_as_one() {
    let mut phone = conference_again();
    takes_back(&mut phone, 1);
    takes_back(&mut phone, 2);
    assert!(!phone.is_mixed(CallId(1)), "there is no sound to be mixed yet");
    assert_eq!(tell_of(&mut phone, 1, CallEvent::Answered), []);
    assert_eq!(tell_of(&mut phone, 2, CallEvent::Answered), []);
    assert_eq!(heard(&phone), [1, 2]);
    assert!(phone.is_mixed(CallId(1)) && phone.is_mixed(CallId(2)));
}

#[test]
fn of_a_conference_of_which_one_comes_back_a_call_remains() {
    let mut phone = conference_again();
    assert_eq!(comes_back(&mut phone, 1), []);
    takes_back(&mut phone, 2);
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!((heard(&phone), phone.is_joined(CallId(1))), (vec![1], false));
}

#[test]
fn who_was_seen_is_seen_again_once_the_call_is_back() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.toggle_camera(CallId(1));
    phone.flip_camera(CallId(1));
    let mut phone = left_and_again(&mut phone);
    assert_eq!(comes_back(&mut phone, 1), [], "the camera is opened first");
    let wish = phone.get(CallId(1)).and_then(|call| call.video.wish());
    assert_eq!(wish, Some(Wish { source: Source::Camera, back: true }));
    assert_eq!(phone.picture_opened(CallId(1)), [Command::Reoffer(CallId(1))]);
}

#[test]
fn who_was_asked_for_a_picture_is_not_asked_again_when_the_other_side_calls_anew() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let seen = CallEvent::VideoChanged(Flow { sends: false, receives: true });
    tell_of(&mut phone, 1, seen.clone());
    phone.decide_camera(CallId(1), false);
    calls_anew(&mut phone, 2);
    tell_of(&mut phone, 2, CallEvent::Answered);
    tell_of(&mut phone, 2, seen);
    assert!(!phone.get(CallId(2)).expect("the call").video.asks());
}

#[test]
fn calls_that_were_left_long_ago_come_back_if_the_user_wants_that() {
    let (mut phone, commands) = again(61_000);
    assert_eq!(commands, []);
    let asked: Vec<_> = phone.asks_to_return().iter().map(|party| party.label()).collect();
    assert_eq!(asked, ["1002", "Bob"]);
    assert_eq!(phone.decide_return(at(1000), true), [take_back(1, 1), take_back(2, 2)]);
    assert_eq!(phone.asks_to_return(), Vec::<&Party>::new());

    let (mut phone, _) = again(61_000);
    assert_eq!(
        phone.decide_return(at(1000), false),
        [abandon(1), abandon(2)],
        "nobody waits in vain"
    );
    assert!(!phone.is_returning());
    assert_eq!(past(&phone), [(10 * MINUTE, 539); 2], "they ended when they were left");
}

#[test]
fn who_hangs_up_or_signs_out_while_calls_come_back_ends_them() {
    let (mut phone, _) = again(5000);
    tell_of(&mut phone, 1, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(phone.abandon_left(), [abandon(1), abandon(2)]);
    let ended = CallEvent::Ended(EndReason::HungUpHere);
    let commands = phone.handle_event(at(1000), Event::Call(CallId(1), ended));
    assert_eq!(commands, [abandon(1)]);
    assert_eq!(phone.abandon_left(), [abandon(2)]);
}

#[test]
fn a_line_that_breaks_again_does_not_lose_a_call_that_comes_back() {
    let (mut phone, _) = again(5000);
    tell_of(&mut phone, 1, CallEvent::Outgoing(uri(ANA)));
    tell_of(&mut phone, 1, CallEvent::Ended(EndReason::NoLine));
    assert_eq!((phone.notice(), phone.calls().len()), (None, 0));
    let waiting = Line::Waiting { retry_at: at(1), fault: LineFault::Lost };
    phone.handle_event(at(1), Event::Line(waiting));
    let commands = phone.handle_event(at(2), Event::Line(Line::Registered));
    assert_eq!(commands, [take_back(3, 2), take_back(4, 1)]);
}

#[test]
fn a_call_that_has_ended_meanwhile_is_said_to_be_over() {
    let (mut phone, _) = again(5000);
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri(ANA)));
    let reason = EndReason::Rejected { status: 481, reason: "Gone".into(), retry_after: None };
    let commands = phone.handle_event(at(1000), Event::Call(CallId(2), CallEvent::Ended(reason)));
    assert_eq!(commands, [abandon(2)], "in case that the other side waits after all");
    assert!(matches!(phone.notice(), Some(Notice::NotTakenBack(bob)) if bob.label() == "Bob"));
    assert_eq!(phone.tone(), Tone::Silence);
    assert_eq!(past(&phone), [(10 * MINUTE, 595)], "it ended when it was left");
    let outcome = phone.history().entries().next().map(|entry| entry.outcome);
    assert_eq!(outcome, Some(Outcome::Received), "as one that was answered");
}

#[test]
fn who_calls_anew_in_the_place_of_a_call_is_the_same_call() {
    let mut phone = signed_in();
    phone.handle_event(at(10), Event::Call(CallId(1), CallEvent::Outgoing(uri(ANA))));
    phone.handle_event(at(20), Event::Call(CallId(1), CallEvent::Answered));
    phone.toggle_mute(CallId(1));
    calls_anew(&mut phone, 2);
    assert_eq!((phone.tone(), phone.waiting().count()), (Tone::Silence, 0), "nobody is disturbed");
    phone.handle_event(at(50), Event::Call(CallId(2), CallEvent::Answered));
    let ended = CallEvent::Ended(EndReason::Replaced { by: CallId(2) });
    phone.handle_event(at(50), Event::Call(CallId(1), ended));
    let call = phone.call().expect("the call");
    assert_eq!((call.id, call.muted, call.direction), (CallId(2), true, Direction::Outgoing));
    assert_eq!((call.began, call.since()), (at(10), Some(at(20))));
    assert_eq!(past(&phone), []);
    phone.set_time_of_day(MINUTE);
    phone.handle_event(at(60), Event::Call(CallId(2), CallEvent::Ended(EndReason::HungUpThere)));
    assert_eq!(past(&phone), [(10_000, 40)]);
}

#[test]
fn a_call_that_was_held_stays_so_when_its_other_side_calls_anew() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    up(&mut phone, 2, BOB);
    held(&mut phone, 1, true);
    calls_anew(&mut phone, 3);
    assert_eq!(front(&phone), Some(2), "the call in front stays there");
    assert_eq!(heard(&phone), [2]);
    assert_eq!(tell_of(&mut phone, 3, CallEvent::Answered), [Command::Hold(CallId(3))]);
    tell_of(&mut phone, 1, CallEvent::Ended(EndReason::Replaced { by: CallId(3) }));
    assert_eq!((front(&phone), heard(&phone)), (Some(2), vec![2]));
}

#[test]
fn who_is_consulted_about_stays_so_when_the_other_side_calls_anew() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.consult(CallId(1), Some(uri(BOB)));
    up(&mut phone, 2, BOB);
    calls_anew(&mut phone, 3);
    tell_of(&mut phone, 3, CallEvent::Answered);
    tell_of(&mut phone, 1, CallEvent::Ended(EndReason::Replaced { by: CallId(3) }));
    assert_eq!(phone.consultation().map(|call| call.id), Some(CallId(2)));
    let commands = phone.complete_transfer(CallId(2));
    assert_eq!(commands, [Command::TransferTo { call: CallId(3), other: CallId(2) }]);
}

#[test]
fn whoever_has_no_line_for_long_is_asked_then() {
    let calls = left();
    let mut phone = Phone::default();
    phone.set_time_of_day(20 * MINUTE);
    phone.go_on("example.com".into(), &calls, 20 * MINUTE - 5000);
    assert_eq!(phone.asks_to_return(), Vec::<&Party>::new());
    phone.set_time_of_day(22 * MINUTE);
    assert_eq!(phone.handle_event(at(1120), Event::Line(Line::Registered)), []);
    assert_eq!(phone.asks_to_return().len(), 2);
    assert_eq!(phone.decide_return(at(1120), true).len(), 2);
}
