//! Whether a call would ring.

use super::super::readiness::{Met, Need};
use super::*;
use crate::media::permissions::{Permission, Permissions};

fn met(phone: &Phone, need: Need) -> Met {
    let found = phone.readiness().into_iter().find(|(each, _)| *each == need);
    found.expect("all needs are listed").1
}

#[test]
fn a_telephone_that_is_registered_is_ready_though_the_microphone_is_still_to_be_asked_for() {
    let phone = signed_in();
    assert_eq!(phone.obstacle(), None);
    assert_eq!(met(&phone, Need::Line), Met::Yes);
    assert_eq!(met(&phone, Need::Microphone), Met::Later);
    assert_eq!(met(&phone, Need::Notifications), Met::Later);
}

#[test]
fn what_keeps_a_call_from_ringing_or_being_answered_is_named() {
    let mut phone = signed_in();
    phone.set_cannot_ring(true);
    assert!(phone.obstacle().is_some());
    assert_eq!(met(&phone, Need::Sound), Met::No);
    let mut phone = signed_in();
    phone.set_permissions(Permissions { microphone: Permission::Denied, ..phone.permissions() });
    assert!(phone.obstacle().is_some());
    assert_eq!(met(&phone, Need::Microphone), Met::No);
    let mut phone = signed_in();
    phone.set_settings(Settings { do_not_disturb: true, ..Settings::default() });
    assert!(phone.obstacle().is_some());
    assert_eq!(met(&phone, Need::Welcome), Met::No);
    let mut phone = signed_in();
    phone.handle_event(Instant::default(), Event::Line(Line::Connecting));
    assert!(phone.obstacle().is_some());
    assert_eq!(met(&phone, Need::Line), Met::Later);
}

#[test]
fn notifications_are_good_to_have_and_no_need() {
    let mut phone = signed_in();
    let notifications = Permission::Denied;
    phone.set_permissions(Permissions { notifications, ..phone.permissions() });
    assert_eq!(phone.obstacle(), None);
    assert_eq!(met(&phone, Need::Notifications), Met::No);
}

#[test]
fn permissions_are_the_pages_and_not_an_accounts() {
    let mut phone = signed_in();
    phone.set_permissions(Permissions { microphone: Permission::Denied, ..phone.permissions() });
    phone.sign_out(Instant::default());
    phone.sign_in("example.com".into());
    assert_eq!(met(&phone, Need::Microphone), Met::No);
}
