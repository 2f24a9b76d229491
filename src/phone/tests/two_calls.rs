//! Several calls: which is in front, which wait, and who is heard.

use super::*;
use crate::phone::Settings;

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";

#[test]
fn hold_shows_only_when_both_ends_agree() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    assert_eq!(phone.hold(CallId(1)), [Command::Hold(CallId(1))]);
    assert_eq!(phone.call().map(|call| call.hold.here), Some(false), "not yet agreed");
    assert!(heard(&phone).is_empty(), "but silent at once");
    assert_eq!(phone.hold(CallId(1)), [], "once is enough");
    held(&mut phone, 1, true);
    assert_eq!(phone.call().map(|call| (call.hold.here, call.hold_wanted)), Some((true, None)));
    assert_eq!(phone.resume(CallId(1)), [Command::Resume(CallId(1))]);
    assert_eq!(phone.call().map(|call| call.hold.here), Some(true));
    held(&mut phone, 1, false);
    assert_eq!(heard(&phone), [1]);
}

#[test]
fn a_refused_hold_says_so_and_the_call_is_heard_again() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.hold(CallId(1));
    tell(&mut phone, CallEvent::HoldRefused);
    assert_eq!(heard(&phone), [1]);
    assert!(matches!(phone.notice(), Some(Notice::HoldRefused(party)) if party.label() == "1002"));
}

#[test]
fn hold_there_and_mute_survive_each_other() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.toggle_mute(CallId(1));
    tell(&mut phone, CallEvent::HoldChanged { local: true, remote: true });
    tell(&mut phone, CallEvent::HoldChanged { local: false, remote: true });
    let call = phone.call().expect("the call");
    assert_eq!((call.hold, call.muted), (Hold { here: false, there: true }, true));
    assert_eq!(heard(&phone), [1], "the other side's music is heard");
}

#[test]
fn a_second_caller_waits_with_a_tone_of_its_own() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    incoming(&mut phone, 2, BOB);
    assert_eq!(front(&phone), Some(1));
    assert_eq!(phone.waiting().map(|call| call.id.0).collect::<Vec<_>>(), [2]);
    assert_eq!(phone.tone(), Tone::CallWaiting);
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::DeclinedHere));
    assert_eq!((phone.tone(), heard(&phone)), (Tone::Silence, vec![1]));
}

#[test]
fn answer_and_hold_brings_the_second_caller_to_the_front() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    incoming(&mut phone, 2, BOB);
    let commands = phone.answer(CallId(2), Others::Hold);
    assert_eq!(commands, [Command::Hold(CallId(1)), Command::Answer(CallId(2))]);
    assert_eq!(phone.answer(CallId(2), Others::Hold), [], "once is enough");
    tell_of(&mut phone, 2, CallEvent::Answered);
    assert_eq!((front(&phone), heard(&phone)), (Some(2), vec![2]));
}

#[test]
fn answer_and_end_hangs_the_first_call_up() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    incoming(&mut phone, 2, BOB);
    let commands = phone.answer(CallId(2), Others::End);
    assert_eq!(commands, [Command::HangUp(CallId(1)), Command::Answer(CallId(2))]);
}

#[test]
fn swap_holds_one_and_resumes_the_other() {
    let mut phone = signed_in();
    assert_eq!(phone.swap(), []);
    up(&mut phone, 1, ANA);
    assert_eq!(phone.place(Some(uri(BOB))), [Command::Hold(CallId(1)), call(2, uri(BOB))]);
    held(&mut phone, 1, true);
    up(&mut phone, 2, BOB);
    assert_eq!(phone.swap(), [Command::Hold(CallId(2)), Command::Resume(CallId(1))]);
    assert_eq!((front(&phone), phone.other().map(|call| call.id.0)), (Some(1), Some(2)));
    assert_eq!(heard(&phone), [1]);
}

#[test]
fn a_call_that_stands_while_the_user_is_elsewhere_is_held() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.place(Some(uri(BOB)));
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri(BOB)));
    phone.resume(CallId(1));
    assert_eq!(tell_of(&mut phone, 2, CallEvent::Answered), [Command::Hold(CallId(2))]);
    assert_eq!(heard(&phone), [1]);
}

#[test]
fn the_end_of_the_call_in_front_shows_the_other_and_leaves_it_on_hold() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.place(Some(uri(BOB)));
    held(&mut phone, 1, true);
    up(&mut phone, 2, BOB);
    assert_eq!(tell_of(&mut phone, 2, CallEvent::Ended(EndReason::HungUpThere)), []);
    assert_eq!(front(&phone), Some(1));
    assert!(heard(&phone).is_empty());
}

#[test]
fn the_end_of_another_call_comes_before_one_that_rings() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    incoming(&mut phone, 2, BOB);
    tell_of(&mut phone, 1, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!((front(&phone), phone.tone()), (Some(2), Tone::Ring));
}

#[test]
fn no_call_is_placed_beyond_the_limit_and_none_is_held_for_it() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.place(Some(uri(BOB)));
    up(&mut phone, 2, BOB);
    assert_eq!(phone.place(Some(uri("sip:1004@example.com"))), []);
    assert!(matches!(phone.notice(), Some(Notice::TooManyCalls(_))));
    assert_eq!(phone.place(None), []);
    assert_eq!(phone.notice(), Some(&Notice::CannotDial));
}

#[test]
fn two_callers_ring_aloud_while_nobody_is_in_a_call() {
    let mut phone = signed_in();
    incoming(&mut phone, 1, ANA);
    incoming(&mut phone, 2, BOB);
    assert_eq!(phone.tone(), Tone::Ring);
    assert_eq!(phone.waiting().count(), 1);
}

#[test]
fn the_limit_of_calls_is_a_setting() {
    let mut phone = signed_in();
    phone.set_settings(Settings { max_calls: 1, ..Settings::default() });
    assert!(phone.may_call());
    up(&mut phone, 1, ANA);
    assert!(!phone.may_call());
    assert_eq!(phone.place(Some(uri(BOB))), []);
    phone.set_settings(Settings::default());
    assert!(phone.may_call());
    assert_eq!(phone.place(Some(uri(BOB))).len(), 2);
}

#[test]
fn a_call_is_not_held_for_the_one_that_takes_its_place() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let mut caller = Caller::new(None, uri(BOB));
    caller.replaces = Some(CallId(1));
    tell_of(&mut phone, 2, CallEvent::Incoming(Box::new(caller)));
    assert_eq!(phone.waiting().next().and_then(|call| call.replaces), Some(CallId(1)));
    assert_eq!(phone.answer(CallId(2), Others::Hold), [Command::Answer(CallId(2))]);
    assert_eq!(tell_of(&mut phone, 2, CallEvent::Answered), []);
    let replaced = EndReason::Replaced { by: CallId(2) };
    tell_of(&mut phone, 1, CallEvent::Ended(replaced));
    assert_eq!((front(&phone), heard(&phone)), (Some(2), vec![2]));
}
