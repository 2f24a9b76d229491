//! Devices, calls without a microphone, and what the user is told of both.

use super::super::sound::{Unheard, listens_without};
use super::*;
use crate::media::devices::{Change, Class, Device, Kind};

fn listed(labels: &[&str]) -> Vec<(Class, Device)> {
    let device = |label: &&str| Device { id: label.to_lowercase(), label: label.to_string() };
    labels.iter().map(|label| (Class::SoundOut, device(label))).collect()
}

/// A telephone that plays on the headset and rings on the desk.
fn with_headset() -> Phone {
    let mut phone = signed_in();
    let [headset, desk] = ["Headset", "Desk"].map(|label| listed(&[label])[0].1.clone());
    phone.change_devices(|devices| {
        devices.choose(Kind::Speaker, Some(headset));
        devices.choose(Kind::Ringer, Some(desk));
    });
    phone.follow_devices(listed(&["Headset", "Desk"]));
    phone
}

#[test]
fn devices_are_the_browsers_and_not_an_accounts() {
    let mut phone = with_headset();
    assert_eq!((phone.device(Kind::Speaker), phone.device(Kind::Ringer)), ("headset", "desk"));
    phone.set_cannot_ring(true);
    phone.sign_out(Instant::default());
    assert!(!phone.cannot_ring(), "nobody calls it");
    phone.sign_in("example.com".into());
    phone.handle_event(Instant::default(), Event::Line(Line::Registered));
    assert_eq!((phone.device(Kind::Speaker), phone.device(Kind::Ringer)), ("headset", "desk"));
    assert!(phone.cannot_ring(), "the page is the same one");
}

#[test]
fn an_unplugged_device_is_told_and_its_return_only_in_a_call() {
    let mut phone = with_headset();
    let headset = Device { id: "headset".into(), label: "Headset".into() };
    let changes = phone.follow_devices(listed(&["Desk"]));
    assert_eq!(changes, [Change::Gone(Kind::Speaker, headset)]);
    assert_eq!(phone.notice(), Some(&Notice::DeviceGone("Headset".into())));
    assert_eq!((phone.device(Kind::Speaker), phone.device(Kind::Ringer)), ("", "desk"));
    phone.dismiss_notice();
    phone.follow_devices(listed(&["Headset", "Desk"]));
    assert_eq!((phone.notice(), phone.device(Kind::Speaker)), (None, "headset"));

    up(&mut phone, 1, "sip:1002@example.com");
    phone.follow_devices(listed(&["Desk"]));
    phone.follow_devices(listed(&["Headset", "Desk"]));
    assert_eq!(phone.notice(), Some(&Notice::DeviceBack("Headset".into())));
}

#[test]
fn a_call_goes_on_without_a_microphone_that_is_not_there_but_not_against_the_users_word() {
    assert!(listens_without(MediaFailure::MicrophoneNotFound));
    assert!(listens_without(MediaFailure::MicrophoneInUse));
    assert!(!listens_without(MediaFailure::MicrophoneRefused));
    assert!(!listens_without(MediaFailure::PageNotSecure));
    assert!(!listens_without(MediaFailure::Incompatible));
}

#[test]
fn a_call_that_failed_for_a_refused_microphone_can_be_placed_again_without_it() {
    let mut phone = signed_in();
    let bob = uri("sip:1002@example.com");
    phone.place(Some(bob.clone()));
    tell(&mut phone, CallEvent::Outgoing(bob.clone()));
    tell(&mut phone, CallEvent::Ended(EndReason::NoMedia(MediaFailure::MicrophoneRefused)));
    assert!(phone.may_listen_only());
    assert_eq!(phone.listen_only(), [call(2, bob)]);
    assert!(!phone.may_listen_only(), "it is under way");
}

#[test]
fn a_call_that_could_not_be_answered_is_answered_without_a_microphone() {
    let mut phone = signed_in();
    incoming(&mut phone, 1, "sip:1002@example.com");
    phone.answer(CallId(1), Others::Hold);
    tell(&mut phone, CallEvent::AnswerFailed(MediaFailure::MicrophoneRefused));
    assert!(phone.may_listen_only());
    assert_eq!(phone.listen_only(), [Command::Answer(CallId(1))]);
    assert_eq!(phone.notice(), None);
}

#[test]
fn nothing_else_is_offered_without_a_microphone() {
    let mut phone = signed_in();
    assert_eq!((phone.may_listen_only(), phone.listen_only()), (false, vec![]));
    phone.place(Some(uri("sip:1002@example.com")));
    tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
    let busy = EndReason::Rejected { status: 486, reason: String::new(), retry_after: None };
    tell(&mut phone, CallEvent::Ended(busy));
    assert!(!phone.may_listen_only());
}

#[test]
fn who_is_not_heard_is_so_until_a_microphone_is_there() {
    let mut phone = signed_in();
    up(&mut phone, 1, "sip:1002@example.com");
    let unheard = Some(Unheard::Without(MediaFailure::MicrophoneNotFound));
    phone.set_unheard(unheard);
    assert_eq!(phone.unheard(), unheard);
    phone.set_unheard(None);
    assert_eq!(phone.unheard(), None);
}
