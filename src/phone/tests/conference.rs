//! Conferences: who hears whom, and how they end.

use super::*;

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";

/// Ana and Bob hear each other and us.
fn conference() -> Phone {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.place(Some(uri(BOB)));
    held(&mut phone, 1, true);
    up(&mut phone, 2, BOB);
    assert_eq!(phone.join(), [Command::Resume(CallId(1))]);
    held(&mut phone, 1, false);
    phone
}

/// The calls whose other sides hear each other.
fn mixed(phone: &Phone) -> Vec<u32> {
    let all = phone.calls().iter().map(|call| call.id);
    all.filter(|id| phone.is_mixed(*id)).map(|id| id.0).collect()
}

#[test]
fn a_conference_is_heard_as_one_and_parts_into_held_calls() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    assert_eq!(phone.join(), [], "one is no conference");
    phone.place(Some(uri(BOB)));
    held(&mut phone, 1, true);
    up(&mut phone, 2, BOB);
    assert_eq!(phone.join(), [Command::Resume(CallId(1))]);
    held(&mut phone, 1, false);
    assert_eq!(heard(&phone), [1, 2]);
    assert!(phone.is_joined(CallId(1)) && phone.is_joined(CallId(2)));
    assert_eq!(phone.swap(), [], "nobody of a conference is held by a look at the other");
    assert_eq!(phone.part(), [Command::Hold(CallId(2))]);
    assert_eq!(heard(&phone), [1]);
}

#[test]
fn a_conference_of_which_one_remains_is_a_call() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.place(Some(uri(BOB)));
    up(&mut phone, 2, BOB);
    phone.join();
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!((heard(&phone), phone.is_joined(CallId(1))), (vec![1], false));
}

#[test]
fn the_members_hear_each_other_until_they_part() {
    let mut phone = conference();
    assert_eq!(mixed(&phone), [1, 2]);
    phone.part();
    assert!(mixed(&phone).is_empty());
}

#[test]
fn hold_holds_all_of_the_conference_and_resume_brings_all_back() {
    let mut phone = conference();
    let on_all = |command: fn(CallId) -> Command| [1, 2].map(|id| command(CallId(id)));
    assert_eq!(phone.toggle_hold(CallId(2)), on_all(Command::Hold));
    assert!(heard(&phone).is_empty() && mixed(&phone).is_empty());
    held(&mut phone, 2, true);
    assert!(phone.holds(CallId(2)) && phone.hold_changes(CallId(2)));
    assert_eq!(phone.toggle_hold(CallId(2)), [], "one has not agreed yet");
    held(&mut phone, 1, true);
    assert!(!phone.hold_changes(CallId(2)));
    assert!(phone.is_joined(CallId(1)) && phone.is_joined(CallId(2)));
    assert_eq!(phone.toggle_hold(CallId(2)), on_all(Command::Resume));
    held(&mut phone, 1, false);
    held(&mut phone, 2, false);
    assert_eq!((mixed(&phone), phone.holds(CallId(2))), (vec![1, 2], false));
}

#[test]
fn one_who_refuses_hold_stays_and_the_other_can_be_brought_back() {
    let mut phone = conference();
    phone.toggle_hold(CallId(2));
    held(&mut phone, 1, true);
    tell_of(&mut phone, 2, CallEvent::HoldRefused);
    assert!(matches!(phone.notice(), Some(Notice::HoldRefused(_))));
    assert_eq!((heard(&phone), mixed(&phone)), (vec![2], vec![2]));
    assert!(phone.holds(CallId(2)));
    assert_eq!(phone.toggle_hold(CallId(2)), [Command::Resume(CallId(1))]);
}

#[test]
fn a_conference_that_is_held_for_another_call_comes_back_as_a_whole() {
    let mut phone = conference();
    phone.set_settings(Settings { max_calls: 3, ..Settings::default() });
    let carla = uri("sip:1004@example.com");
    let hold = [1, 2].map(|id| Command::Hold(CallId(id)));
    assert_eq!(phone.place(Some(carla.clone())), [&hold[..], &[call(3, carla)]].concat());
    held(&mut phone, 1, true);
    held(&mut phone, 2, true);
    up(&mut phone, 3, "sip:1004@example.com");
    assert!(!phone.is_joined(CallId(3)));
    let mut commands = vec![Command::Hold(CallId(3))];
    commands.extend([1, 2].map(|id| Command::Resume(CallId(id))));
    assert_eq!(phone.resume(CallId(1)), commands);
}

#[test]
fn one_of_the_conference_who_holds_us_is_named() {
    let mut phone = conference();
    assert_eq!(phone.representative(CallId(2)).map(|call| call.id), Some(CallId(2)));
    tell_of(&mut phone, 1, CallEvent::HoldChanged { local: false, remote: true });
    assert_eq!(phone.representative(CallId(2)).map(|call| call.id), Some(CallId(1)));
    tell_of(&mut phone, 1, CallEvent::HoldChanged { local: true, remote: true });
    held(&mut phone, 2, true);
    assert_eq!(phone.representative(CallId(2)).map(|call| call.id), Some(CallId(2)), "we hold all");
    phone.part();
    tell_of(&mut phone, 1, CallEvent::HoldChanged { local: false, remote: true });
    assert_eq!(
        phone.representative(CallId(2)).map(|call| call.id),
        Some(CallId(2)),
        "it is another call"
    );
}

#[test]
fn the_music_of_one_who_holds_us_is_kept_from_the_others() {
    let mut phone = conference();
    tell_of(&mut phone, 1, CallEvent::HoldChanged { local: false, remote: true });
    assert_eq!((mixed(&phone), heard(&phone)), (vec![2], vec![1, 2]));
}

#[test]
fn mute_is_for_all_of_the_conference() {
    let mut phone = conference();
    phone.toggle_mute(CallId(2));
    assert_eq!(muted(&phone), [1, 2]);
    phone.toggle_mute(CallId(1));
    assert!(muted(&phone).is_empty());
}

#[test]
fn a_conference_is_as_muted_as_the_call_in_front() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.toggle_mute(CallId(1));
    phone.place(Some(uri(BOB)));
    up(&mut phone, 2, BOB);
    phone.join();
    assert!(muted(&phone).is_empty());
}

#[test]
fn leaving_ends_all_of_the_conference_and_no_other_call() {
    let mut phone = conference();
    assert_eq!(phone.leave(CallId(2)), [1, 2].map(|id| Command::HangUp(CallId(id))));
    phone.part();
    assert_eq!(phone.leave(CallId(2)), [Command::HangUp(CallId(2))]);
}
