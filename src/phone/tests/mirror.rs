//! What other tabs show of the telephone, and do with it.

use super::*;
use crate::sip::ua::TransferEvent;
use std::time::Duration;

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";

/// Another tab, which shows what it is told.
fn mirror_of(phone: &Phone) -> Phone {
    let mut mirror = Phone::default();
    mirror.leave_to_another();
    mirror.set_time_of_day(70_000);
    mirror.mirror(Instant::from_duration(Duration::from_secs(100)), &phone.reflect());
    mirror
}

#[test]
fn another_tab_shows_the_calls_as_they_stand() {
    let mut phone = signed_in();
    phone.set_time_of_day(10_000);
    up(&mut phone, 1, ANA);
    let bob = Caller::new(Some("Bob\tB.".into()), uri(BOB));
    tell_of(&mut phone, 2, CallEvent::Incoming(Box::new(bob)));
    tell(&mut phone, CallEvent::HoldChanged { local: true, remote: false });
    phone.toggle_mute(CallId(1));
    let mirror = mirror_of(&phone);
    assert_eq!((mirror.line(), mirror.domain()), (&Line::Registered, "example.com"));
    let ana = mirror.call().expect("the call in front");
    assert_eq!(
        (ana.id, ana.party.label(), ana.direction),
        (CallId(1), "1002", Direction::Outgoing)
    );
    assert_eq!((ana.hold.here, ana.muted), (true, true));
    let minute = Instant::from_duration(Duration::from_secs(40));
    assert_eq!(ana.since(), Some(minute), "it stands for a minute");
    let bob = mirror.waiting().next().expect("the one who calls");
    assert_eq!((bob.party.label(), bob.uri.to_string()), ("Bob B.", BOB.into()));
}

#[test]
fn it_shows_why_a_call_was_refused() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    let reason = EndReason::Rejected { status: 486, reason: String::new(), retry_after: None };
    tell(&mut phone, CallEvent::Ended(reason));
    let mirror = mirror_of(&phone);
    assert_eq!((mirror.calls(), mirror.notice()), (&[][..], phone.notice()));
    assert_eq!((phone.tone(), mirror.tone()), (Tone::Busy, Tone::Silence), "it is heard once");
    phone.dismiss_notice();
    assert_eq!(mirror_of(&phone).notice(), None);
}

#[test]
fn another_tab_shows_what_was_asked_for_and_what_became_of_it() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.hold(CallId(1));
    assert!(mirror_of(&phone).hold_changes(CallId(1)));
    tell(&mut phone, CallEvent::HoldRefused);
    assert!(!mirror_of(&phone).hold_changes(CallId(1)));
    phone.transfer(CallId(1), Some(uri(BOB)));
    let transfer = |phone: &Phone| mirror_of(phone).call().and_then(|call| call.transfer.clone());
    let shown = transfer(&phone).expect("it is transferred");
    assert_eq!((shown.target.label(), shown.rings), ("1003", false));
    tell(&mut phone, CallEvent::Transfer(TransferEvent::Ringing));
    assert!(transfer(&phone).is_some_and(|shown| shown.rings));
    let failed = TransferEvent::Failed { status: 486, reason: String::new() };
    tell(&mut phone, CallEvent::Transfer(failed));
    assert_eq!(transfer(&phone), None);
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let mut mirror = mirror_of(&phone);
    mirror.mirror(Instant::default(), "nonsense");
    assert_eq!(mirror.calls().len(), 1);
    mirror.mirror(Instant::default(), "registered\texample.com\t\t2\nx\ty\nended\t\n");
    assert_eq!(mirror.calls().len(), 0);
    phone.mirror(Instant::default(), "registered\texample.com\t\t2");
    assert_eq!(phone.calls().len(), 1, "who has the telephone listens to nobody");
}
