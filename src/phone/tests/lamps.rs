//! The lamps of those who are watched.

use super::*;
use crate::phone::lamps::Lamp;
use crate::sip::ua::{
    CallDirection, DialogState, Package, PresenceStatus, SubscriptionEnd, SubscriptionEvent,
    SubscriptionId, WatchedDialog,
};

const BOB: &str = "sip:1002@example.com";

fn subscribe(id: u32, address: &str, package: Package) -> Command {
    Command::Subscribe { id: SubscriptionId(id), target: uri(address), package }
}

/// A telephone that watches Bob.
fn watching() -> Phone {
    let mut phone = signed_in();
    assert_eq!(phone.watch(Some(uri(BOB))), [subscribe(1000, BOB, Package::Dialog)]);
    phone
}

fn registered(phone: &mut Phone) -> Vec<Command> {
    phone.handle_event(Instant::default(), Event::Line(Line::Registered))
}

fn disconnected(phone: &mut Phone) {
    let waiting = Line::Waiting { retry_at: Instant::default(), fault: LineFault::Lost };
    assert_eq!(phone.handle_event(Instant::default(), Event::Line(waiting)), []);
}

fn tell_lamp(phone: &mut Phone, id: u32, event: SubscriptionEvent) -> Vec<Command> {
    phone.handle_event(Instant::default(), Event::Subscription(SubscriptionId(id), event))
}

fn dialog(state: DialogState, direction: Option<CallDirection>) -> WatchedDialog {
    WatchedDialog { id: "a".into(), state, direction, remote_name: None, remote: None }
}

fn refused(status: u16) -> SubscriptionEvent {
    SubscriptionEvent::Ended(SubscriptionEnd::Refused { status, reason: String::new() })
}

#[test]
fn only_what_changes_is_subscribed_to() {
    let mut phone = watching();
    assert_eq!(phone.watch(Some(uri("sip:1002@EXAMPLE.com"))), [], "it is the same address");
    let third = "sip:1003@example.com";
    let expected =
        [Command::Unsubscribe(SubscriptionId(1000)), subscribe(1001, third, Package::Dialog)];
    assert_eq!(phone.watch(Some(uri(third))), expected);
    assert_eq!(phone.watch(None), [Command::Unsubscribe(SubscriptionId(1001))]);
}

#[test]
fn the_calls_of_a_telephone_say_what_its_lamp_shows() {
    use CallDirection::{Initiator, Recipient};
    use DialogState::{Confirmed, Early, Proceeding, Terminated, Trying};
    let mut phone = watching();
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Unknown);
    for (dialogs, lamp) in [
        (vec![], Lamp::Free),
        (vec![dialog(Early, Some(Recipient))], Lamp::Ringing),
        (vec![dialog(Early, None)], Lamp::Ringing),
        (vec![dialog(Proceeding, Some(Initiator))], Lamp::Busy),
        (vec![dialog(Trying, Some(Initiator))], Lamp::Busy),
        (vec![dialog(Confirmed, None)], Lamp::Busy),
        (vec![dialog(Early, Some(Recipient)), dialog(Confirmed, None)], Lamp::Busy),
        (vec![dialog(Terminated, Some(Recipient))], Lamp::Free),
    ] {
        let told = format!("{dialogs:?}");
        assert_eq!(tell_lamp(&mut phone, 1000, SubscriptionEvent::Dialogs(dialogs)), []);
        assert_eq!(phone.lamp(&uri(BOB)), lamp, "{told}");
    }
    assert_eq!(phone.lamp(&uri("sip:1003@example.com")), Lamp::Unknown, "not watched");
}

#[test]
fn presence_is_asked_for_where_the_server_has_no_dialogs() {
    let mut phone = watching();
    let commands = tell_lamp(&mut phone, 1000, refused(489));
    assert_eq!(commands, [subscribe(1001, BOB, Package::Presence)]);
    for (open, note, lamp) in [
        (Some(true), None, Lamp::Free),
        (Some(true), Some("On the phone"), Lamp::Busy),
        (Some(true), Some("Ringing"), Lamp::Ringing),
        (Some(true), Some("Away"), Lamp::Away),
        (Some(false), None, Lamp::Away),
        (Some(false), Some("Busy"), Lamp::Busy),
        (None, Some("hello"), Lamp::Unknown),
    ] {
        let status = PresenceStatus { open, note: note.map(str::to_owned), on_the_phone: false };
        tell_lamp(&mut phone, 1001, SubscriptionEvent::Presence(status.clone()));
        assert_eq!(phone.lamp(&uri(BOB)), lamp, "{open:?} {note:?}");
        let status = PresenceStatus { on_the_phone: true, ..status };
        tell_lamp(&mut phone, 1001, SubscriptionEvent::Presence(status));
        let ringing = lamp == Lamp::Ringing;
        assert_eq!(phone.lamp(&uri(BOB)), if ringing { lamp } else { Lamp::Busy });
    }
    assert_eq!(tell_lamp(&mut phone, 1001, refused(489)), [], "there is no third way");
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Unknown);
}

#[test]
fn what_was_refused_is_not_asked_for_again() {
    let mut phone = watching();
    tell_lamp(&mut phone, 1000, SubscriptionEvent::Dialogs(Vec::new()));
    assert_eq!(tell_lamp(&mut phone, 1000, refused(404)), []);
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Unknown);
    assert_eq!(phone.watch(Some(uri(BOB))), []);
    assert_eq!(registered(&mut phone), [], "the line held");
}

#[test]
fn what_was_refused_is_asked_for_once_more_on_a_new_line() {
    let mut phone = watching();
    phone.watch(None);
    phone.watch(Some(uri(BOB)));
    tell_lamp(&mut phone, 1001, refused(403));
    disconnected(&mut phone);
    assert_eq!(registered(&mut phone), [subscribe(1002, BOB, Package::Dialog)]);
    tell_lamp(&mut phone, 1002, SubscriptionEvent::Dialogs(Vec::new()));
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Free);
    disconnected(&mut phone);
    assert_eq!(registered(&mut phone), [], "the user agent keeps it up");
}

#[test]
fn a_line_that_is_down_darkens_all_lamps() {
    let mut phone = watching();
    tell_lamp(&mut phone, 1000, SubscriptionEvent::Dialogs(Vec::new()));
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Free);
    disconnected(&mut phone);
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Unknown);
    tell_lamp(&mut phone, 1000, SubscriptionEvent::Dialogs(Vec::new()));
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Free, "it comes back by itself");
}

#[test]
fn what_belongs_to_no_lamp_is_left_alone() {
    let mut phone = watching();
    assert_eq!(tell_lamp(&mut phone, 1, SubscriptionEvent::Active), []);
    assert_eq!(tell_lamp(&mut phone, 1, refused(489)), []);
    assert_eq!(phone.lamp(&uri(BOB)), Lamp::Unknown);
}
