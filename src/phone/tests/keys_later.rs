//! Keys that are dialled with a number, for whoever answers there.

use super::*;
use crate::media::quality::Sample;
use crate::media::quality::sample::Link;
use crate::phone::dial::parse_with_keys;
use crate::sip::wire::Host;

fn typed(text: &str) -> Option<Uri> {
    parse_with_keys(text, &Host::Name("example.com".into()))
}

fn measure(phone: &mut Phone, call: u32, link: Link) -> Option<String> {
    let sample = Sample { link, ..Sample::default() };
    phone.take_sample(Instant::default(), CallId(call), &sample, None)
}

#[test]
fn keys_behind_a_number_are_sent_once_when_the_answered_call_has_sound() {
    let mut phone = signed_in();
    let placed = phone.place(typed("604 123 4567,,42#"));
    assert_eq!(placed, [call(1, uri("sip:6041234567@example.com"))]);
    tell(&mut phone, CallEvent::Outgoing(uri("sip:6041234567@example.com")));
    assert_eq!(measure(&mut phone, 1, Link::Up), None, "nobody has answered");
    tell(&mut phone, CallEvent::Answered);
    assert_eq!(measure(&mut phone, 1, Link::Down), None);
    assert_eq!(measure(&mut phone, 1, Link::Up).as_deref(), Some(",,42#"));
    assert_eq!(measure(&mut phone, 1, Link::Up), None);
}

#[test]
fn keys_wait_while_the_call_is_on_hold() {
    let mut phone = signed_in();
    phone.place(typed("1002,1"));
    up(&mut phone, 1, "sip:1002@example.com");
    held(&mut phone, 1, true);
    assert_eq!(measure(&mut phone, 1, Link::Up), None);
    held(&mut phone, 1, false);
    assert_eq!(measure(&mut phone, 1, Link::Up).as_deref(), Some(",1"));
}

#[test]
fn the_next_call_has_no_keys_of_the_last() {
    let mut phone = signed_in();
    phone.place(typed("1002,1"));
    phone.place(typed("1003"));
    up(&mut phone, 2, "sip:1003@example.com");
    assert_eq!(measure(&mut phone, 2, Link::Up), None);
}

#[test]
fn a_call_that_is_consulted_gets_its_keys_and_a_blind_transfer_takes_none() {
    let mut phone = signed_in();
    up(&mut phone, 1, "sip:1002@example.com");
    assert_eq!(phone.transfer(CallId(1), typed("1003,42")), []);
    assert_eq!(phone.notice(), Some(&Notice::CannotDial), "nobody would be there to send them");
    phone.consult(CallId(1), typed("1003,42"));
    up(&mut phone, 2, "sip:1003@example.com");
    assert_eq!(measure(&mut phone, 2, Link::Up).as_deref(), Some(",42"));
}

#[test]
fn a_call_that_is_placed_again_without_a_picture_keeps_its_keys() {
    let mut phone = signed_in();
    phone.place_with_video(typed("1002,42"));
    tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
    let reason = EndReason::Rejected { status: 488, reason: String::new(), retry_after: None };
    let again = tell(&mut phone, CallEvent::Ended(reason));
    assert_eq!(again, [call(2, uri("sip:1002@example.com"))]);
    up(&mut phone, 2, "sip:1002@example.com");
    assert_eq!(measure(&mut phone, 2, Link::Up).as_deref(), Some(",42"));
}
