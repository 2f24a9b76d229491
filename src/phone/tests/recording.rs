//! Recording a call: consent, and which call a recording follows.

use super::*;
use crate::phone::{Recording, RecordingFault, RecordingPolicy};

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";
const FIRST: CallId = CallId(1);
const SECOND: CallId = CallId(2);

/// A call with Ana stands.
fn talking() -> Phone {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone
}

/// It is recorded.
fn recording() -> Phone {
    let mut phone = talking();
    phone.toggle_recording(FIRST);
    phone.consent_to_recording(true);
    phone.recording_started(Instant::default());
    assert_eq!(phone.recording().call(), Some(FIRST));
    assert!(phone.recording().since().is_some());
    phone
}

/// Bob is called beside Ana.
fn beside(phone: &mut Phone) {
    phone.place(Some(uri(BOB)));
    held(phone, 1, true);
    up(phone, 2, BOB);
}

fn end(phone: &mut Phone, call: u32, reason: EndReason) {
    tell_of(phone, call, CallEvent::Ended(reason));
}

fn runs_for(phone: &Phone) -> Option<CallId> {
    phone.recording().since().and(phone.recording().call())
}

#[test]
fn the_policy_is_a_list_of_words_and_asks_and_beeps_where_it_says_nothing() {
    let read = |text| {
        let RecordingPolicy { offered, asks, beeps } = RecordingPolicy::parse(text);
        (offered, asks, beeps)
    };
    assert_eq!(read("ask beep"), (true, true, true));
    assert_eq!(read(" beep  ask "), (true, true, true));
    assert_eq!(read("ask"), (true, true, false));
    assert_eq!(read("beep"), (true, false, true));
    assert!(!read("off").0 && !read("ask off").0);
    assert_eq!(read(""), (true, true, true));
    assert_eq!(read("aks"), (true, true, true));
}

#[test]
fn nothing_is_recorded_before_everyone_agrees() {
    let mut phone = talking();
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::AsksConsent(FIRST));
    assert!(!phone.is_recorded(FIRST));
    phone.recording_started(Instant::default());
    assert_eq!(phone.recording(), Recording::AsksConsent(FIRST), "it was not asked for");
    phone.consent_to_recording(false);
    assert_eq!(phone.recording(), Recording::Off);
    phone.consent_to_recording(true);
    assert_eq!(phone.recording(), Recording::Off, "consent to nothing");
}

#[test]
fn a_policy_that_does_not_ask_records_at_once_and_one_that_is_off_never() {
    let mut phone = talking();
    phone.set_recording_policy(RecordingPolicy::parse("beep"));
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::Starting(FIRST));
    let mut phone = talking();
    phone.set_recording_policy(RecordingPolicy::parse("off"));
    assert!(!phone.may_record(FIRST));
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::Off);
}

#[test]
fn only_a_call_that_stands_can_be_recorded() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    assert!(!phone.may_record(FIRST));
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::Off);
    tell(&mut phone, CallEvent::Answered);
    assert!(phone.may_record(FIRST));
}

#[test]
fn a_recording_ends_by_the_button_and_is_over_once_it_is_kept() {
    let mut phone = recording();
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::Saving(FIRST));
    phone.toggle_recording(FIRST);
    assert_eq!(phone.recording(), Recording::Saving(FIRST), "the next one waits");
    phone.recording_saved();
    assert_eq!(phone.recording(), Recording::Off);
}

#[test]
fn a_recording_ends_with_its_call_and_so_does_the_question() {
    let mut phone = recording();
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!(phone.recording(), Recording::Saving(FIRST));
    let mut phone = talking();
    phone.toggle_recording(FIRST);
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!(phone.recording(), Recording::Off);
}

#[test]
fn the_tone_is_heard_by_those_who_are_recorded_and_not_on_hold() {
    let mut phone = recording();
    assert!(phone.beeps(FIRST));
    beside(&mut phone);
    assert_eq!((runs_for(&phone), phone.beeps(FIRST)), (Some(FIRST), false), "on hold");
    assert!(!phone.is_recorded(SECOND) && !phone.beeps(SECOND));
    phone.join();
    assert!(phone.beeps(FIRST) && phone.beeps(SECOND));
    let (party, address) = phone.recorded_party().expect("a party");
    assert_eq!((party.label(), address.as_str()), ("1002, 1003", ANA));
    phone.set_recording_policy(RecordingPolicy::parse("ask"));
    assert!(phone.is_recorded(FIRST) && !phone.beeps(FIRST));
}

#[test]
fn whoever_is_joined_to_a_recorded_call_must_be_told() {
    let mut phone = recording();
    beside(&mut phone);
    phone.join();
    let told = phone.notice().cloned();
    assert!(matches!(told, Some(Notice::StillRecording(party)) if party.label() == "1003"));
    let mut phone = talking();
    beside(&mut phone);
    phone.join();
    assert_eq!(phone.notice(), None, "nothing is recorded");
}

#[test]
fn a_recorded_conference_is_recorded_until_the_last_has_gone() {
    let mut phone = recording();
    beside(&mut phone);
    phone.join();
    phone.dismiss_notice();
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!((runs_for(&phone), phone.notice()), (Some(SECOND), None));
    end(&mut phone, 2, EndReason::HungUpThere);
    assert_eq!(phone.recording(), Recording::Saving(SECOND));
}

#[test]
fn a_conference_that_parts_leaves_the_recording_with_its_call() {
    let mut phone = recording();
    beside(&mut phone);
    phone.join();
    phone.part();
    assert_eq!(runs_for(&phone), Some(FIRST));
    assert!(!phone.is_recorded(SECOND));
}

#[test]
fn a_recording_goes_on_with_the_call_that_takes_the_place_of_its_own() {
    let mut phone = recording();
    let mut caller = Caller::new(None, uri(BOB));
    caller.replaces = Some(FIRST);
    tell_of(&mut phone, 2, CallEvent::Incoming(Box::new(caller)));
    tell_of(&mut phone, 2, CallEvent::Answered);
    end(&mut phone, 1, EndReason::Replaced { by: SECOND });
    assert_eq!(runs_for(&phone), Some(SECOND));
    let told = phone.notice().cloned();
    assert!(matches!(told, Some(Notice::StillRecording(party)) if party.label() == "1003"));
}

#[test]
fn a_recording_goes_on_without_a_word_where_the_other_side_calls_anew() {
    let mut phone = recording();
    let mut caller = Caller::new(None, uri(ANA));
    (caller.replaces, caller.takes_over) = (Some(FIRST), true);
    tell_of(&mut phone, 2, CallEvent::Incoming(Box::new(caller)));
    tell_of(&mut phone, 2, CallEvent::Answered);
    end(&mut phone, 1, EndReason::Replaced { by: SECOND });
    assert_eq!((runs_for(&phone), phone.notice()), (Some(SECOND), None));
}

#[test]
fn a_recording_goes_on_where_the_other_side_transfers_us() {
    let asks = CallEvent::TransferRequested { target: uri(BOB), referred_by: None };
    let mut phone = recording();
    tell(&mut phone, asks.clone());
    phone.decide_transfer(FIRST, true);
    up(&mut phone, 2, BOB);
    assert_eq!(runs_for(&phone), Some(FIRST), "as long as it stands");
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!(runs_for(&phone), Some(SECOND));

    let mut phone = recording();
    tell(&mut phone, asks);
    phone.decide_transfer(FIRST, false);
    up(&mut phone, 2, BOB);
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!(phone.recording(), Recording::Saving(FIRST), "that was another call");
}

#[test]
fn a_call_that_did_not_come_about_takes_no_place() {
    let mut phone = recording();
    tell(&mut phone, CallEvent::TransferRequested { target: uri(BOB), referred_by: None });
    phone.decide_transfer(FIRST, true);
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri(BOB)));
    let busy = EndReason::Rejected { status: 486, reason: "Busy Here".into(), retry_after: None };
    end(&mut phone, 2, busy);
    assert_eq!(runs_for(&phone), Some(FIRST));
    end(&mut phone, 1, EndReason::HungUpThere);
    assert_eq!(phone.recording(), Recording::Saving(FIRST));
}

#[test]
fn what_fails_is_said_and_leaves_the_call_alone() {
    let mut phone = talking();
    phone.toggle_recording(FIRST);
    phone.consent_to_recording(true);
    phone.recording_failed(RecordingFault::NothingKept);
    assert_eq!(phone.recording(), Recording::Off);
    assert_eq!(phone.notice(), Some(&Notice::NotRecorded(RecordingFault::NothingKept)));
    assert!(phone.call().is_some_and(Call::is_up));
    let mut phone = recording();
    phone.recording_failed(RecordingFault::Full);
    assert_eq!(phone.recording(), Recording::Saving(FIRST), "what there is, is kept");
}
