//! What the user's choices change.

use super::*;
use crate::phone::Cause;
use crate::phone::entry::Outcome;
use crate::phone::settings::Settings;
use crate::sip::wire::{Diversion, Identity, Verstat};
use std::time::Duration;

fn with(settings: Settings) -> Phone {
    let mut phone = signed_in();
    phone.set_settings(settings);
    phone
}

/// Somebody calls who asks to be answered after a second.
fn paged(phone: &mut Phone, call: u32) {
    let mut caller = Caller::new(None, uri("sip:1002@example.com"));
    caller.asserted = vec![Identity { name: None, uri: uri("sip:1002@example.com") }];
    caller.auto_answer = Some(Duration::from_secs(1));
    tell_of(phone, call, CallEvent::Incoming(Box::new(caller)));
}

fn second() -> Instant {
    Instant::from_duration(Duration::from_secs(1))
}

#[test]
fn the_user_agent_is_told_what_concerns_it() {
    let mut phone = signed_in();
    let settings = Settings {
        max_calls: 3,
        do_not_disturb: true,
        follow_redirects: false,
        ..Settings::default()
    };
    let told = [
        Command::SetDoNotDisturb(true),
        Command::SetMaxCalls(3),
        Command::SetFollowRedirects(false),
    ];
    assert_eq!(phone.set_settings(settings.clone()), told);
    assert_eq!(phone.settings(), &settings);
}

#[test]
fn there_are_as_many_calls_as_was_chosen() {
    let mut phone = with(Settings { max_calls: 1, ..Settings::default() });
    up(&mut phone, 1, "sip:1002@example.com");
    assert_eq!(phone.place(Some(uri("sip:1003@example.com"))), []);
    assert!(matches!(phone.notice(), Some(Notice::TooManyCalls(_))));
    phone.set_settings(Settings { max_calls: 3, ..Settings::default() });
    assert!(!phone.place(Some(uri("sip:1003@example.com"))).is_empty());
}

#[test]
fn the_next_account_has_choices_of_its_own() {
    let mut phone = with(Settings { do_not_disturb: true, ..Settings::default() });
    phone.sign_out(Instant::default());
    assert_eq!(phone.settings(), &Settings::default());
}

#[test]
fn who_was_turned_away_is_told() {
    let mut phone = with(Settings { do_not_disturb: true, ..Settings::default() });
    let caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
    phone.handle_event(Instant::default(), Event::Missed(Box::new(caller)));
    match phone.notice() {
        Some(Notice::Missed(party)) => assert_eq!(party.label(), "Bob"),
        other => panic!("{other:?}"),
    }
    assert_eq!(phone.tone(), Tone::Silence);
    assert_eq!(phone.call(), None);
}

#[test]
fn who_could_not_be_served_is_told_and_in_the_history() {
    let mut phone = signed_in();
    let caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
    phone.handle_event(Instant::default(), Event::Unserved(Box::new(caller), 488));
    assert!(
        matches!(phone.notice(), Some(Notice::MissedUnserved(party)) if party.label() == "Bob")
    );
    let entry = phone.history().entries().next().expect("an entry");
    assert_eq!((entry.outcome, entry.cause), (Outcome::Missed, Some(Cause::Status(488))));
    assert_eq!(phone.calls(), []);
}

#[test]
fn who_was_turned_away_during_a_call_is_told_until_the_call_ends() {
    let mut phone = with(Settings { max_calls: 1, ..Settings::default() });
    up(&mut phone, 1, "sip:1003@example.com");
    let caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
    phone.handle_event(Instant::default(), Event::Missed(Box::new(caller)));
    assert!(matches!(phone.notice(), Some(Notice::MissedInCall(party)) if party.label() == "Bob"));
    assert_eq!(phone.calls().len(), 1);
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!(phone.notice(), None, "the history says it from now on");
}

#[test]
fn no_call_is_answered_by_itself_unless_that_is_allowed() {
    let mut phone = signed_in();
    paged(&mut phone, 1);
    assert_eq!(phone.auto_answer(), None);
    assert_eq!(phone.answer_by_itself(CallId(1)), []);
}

#[test]
fn a_call_that_asks_for_it_is_answered_when_its_time_has_come() {
    let mut phone = with(Settings { auto_answer: true, ..Settings::default() });
    incoming(&mut phone, 1, "sip:1002@example.com");
    assert_eq!(phone.auto_answer(), None, "it did not ask");
    tell(&mut phone, CallEvent::Ended(EndReason::DeclinedHere));
    paged(&mut phone, 2);
    assert_eq!(phone.auto_answer(), Some((CallId(2), second())));
    assert_eq!(phone.tone(), Tone::Ring);
    assert_eq!(phone.answer_by_itself(CallId(2)), [Command::Answer(CallId(2))]);
    assert_eq!(phone.auto_answer(), None);
    // Without a microphone it rings on, for the user.
    tell_of(&mut phone, 2, CallEvent::AnswerFailed(MediaFailure::MicrophoneRefused));
    assert_eq!(phone.auto_answer(), None);
}

#[test]
fn nobody_from_elsewhere_has_his_call_answered_by_itself() {
    for asserted in [None, Some("sip:1002@evil.example"), Some("tel:+576041234567")] {
        let mut phone = with(Settings { auto_answer: true, ..Settings::default() });
        let mut caller = Caller::new(None, uri("sip:1002@example.com"));
        caller.asserted.extend(asserted.map(|who| Identity { name: None, uri: uri(who) }));
        caller.auto_answer = Some(Duration::from_secs(1));
        tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
        assert_eq!(phone.auto_answer(), None, "{asserted:?}");
    }
}

#[test]
fn no_call_is_answered_by_itself_beside_another() {
    let mut phone = with(Settings { auto_answer: true, ..Settings::default() });
    up(&mut phone, 1, "sip:1003@example.com");
    paged(&mut phone, 2);
    assert_eq!(phone.auto_answer(), None);
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!(phone.auto_answer(), None, "the user has seen it ring by now");
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::Cancelled));

    paged(&mut phone, 3);
    incoming(&mut phone, 4, "sip:1004@example.com");
    assert_eq!(phone.auto_answer(), None, "two ring");
    assert_eq!(phone.answer_by_itself(CallId(3)), []);
}

#[test]
fn an_asserted_identity_goes_before_what_is_claimed() {
    let mut phone = signed_in();
    let mut caller = Caller::new(Some("The bank".into()), uri("sip:900@evil.example"));
    caller.asserted = vec![Identity { name: None, uri: uri("sip:+573001234567@example.com") }];
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    let call = phone.call().expect("a call");
    assert_eq!(call.party.name, None, "the name was a claim about another address");
    assert_eq!(call.party.address, "+57 300 123 4567");
    assert_eq!(call.uri, uri("sip:+573001234567@example.com"), "what is dialled is not grouped");
}

#[test]
fn a_claimed_name_stays_where_its_address_is_the_asserted_one() {
    let mut phone = signed_in();
    let mut caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com;x=1"));
    caller.asserted = vec![Identity { name: None, uri: uri("sip:1002@example.com") }];
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    assert_eq!(phone.call().map(|call| call.party.label()), Some("Bob"));
}

#[test]
fn a_claimed_identity_is_not_verified() {
    let mut phone = signed_in();
    incoming(&mut phone, 1, "sip:1002@example.com");
    assert_eq!(phone.call().map(|call| call.party.verified), Some(false));
}

#[test]
fn an_asserted_number_is_verified_once_its_signature_has_passed() {
    let table = [
        (None, false),
        (Some(Verstat::Passed), true),
        (Some(Verstat::Unchecked), false),
        (Some(Verstat::Failed), false),
    ];
    for (verstat, verified) in table {
        let mut phone = signed_in();
        let mut caller = Caller::new(None, uri("sip:1002@example.com"));
        caller.asserted = vec![Identity { name: None, uri: uri("tel:+576041234567") }];
        caller.verstat = verstat;
        tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
        assert_eq!(phone.call().map(|call| call.party.verified), Some(verified), "{verstat:?}");
    }
}

#[test]
fn a_caller_who_hides_is_not_shown() {
    let mut phone = signed_in();
    let mut caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
    caller.anonymous = true;
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    let party = phone.call().map(|call| call.party.clone()).expect("a call");
    assert!(party.hidden);
    assert_eq!((party.name, party.address.as_str()), (None, ""));
}

#[test]
fn the_party_that_was_called_first_is_named() {
    let mut phone = signed_in();
    let mut caller = Caller::new(None, uri("sip:1002@example.com"));
    let by = |name: Option<&str>, address: &str| Diversion {
        party: Identity { name: name.map(str::to_owned), uri: uri(address) },
        reason: "user-busy".into(),
    };
    caller.diverted_by = vec![by(Some("Sales"), "sip:600@example.com"), by(None, "tel:+34600")];
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    let via = phone.call().and_then(|call| call.party.via.clone());
    assert_eq!(via.as_deref(), Some("Sales"));
}
