//! The favourites: who of them is watched, their lamps, and to whom a call is transferred.

use super::*;
use crate::phone::contact::{Contact, Label, Number};
use crate::phone::contacts::Contacts;
use crate::phone::favourites::Target;
use crate::phone::lamps::Lamp;
use crate::sip::ua::{
    CallDirection, DialogState, SubscriptionEvent, SubscriptionId, WatchedDialog,
};
use std::sync::Arc;

/// The people; those whose name ends with a star are favourites.
fn people(people: &[(&str, &[&str])]) -> Arc<Contacts> {
    let mut contacts = Contacts::new("example.com".into());
    for (name, numbers) in people {
        let number = |value: &&str| Number { label: Label::Work, value: (*value).to_owned() };
        let contact = Contact {
            name: name.trim_end_matches('*').into(),
            favourite: name.ends_with('*'),
            numbers: numbers.iter().map(number).collect(),
            ..Contact::default()
        };
        assert!(contacts.save(contact, 1).is_some());
    }
    Arc::new(contacts)
}

/// What was subscribed to, and by a minus and its number what no longer is.
fn said(commands: Vec<Command>) -> Vec<String> {
    let said = commands.into_iter().map(|command| match command {
        Command::Subscribe { target, .. } => target.to_string(),
        Command::Unsubscribe(id) => format!("-{}", id.0),
        other => panic!("{other:?}"),
    });
    said.collect()
}

/// The telephone of this subscription does this.
fn does(phone: &mut Phone, id: u32, states: &[DialogState]) {
    let dialog = |state: &DialogState| WatchedDialog {
        id: "a".into(),
        state: *state,
        direction: Some(CallDirection::Recipient),
        remote_name: None,
        remote: None,
    };
    let dialogs = SubscriptionEvent::Dialogs(states.iter().map(dialog).collect());
    phone.handle_event(Instant::default(), Event::Subscription(SubscriptionId(id), dialogs));
}

/// The lamp of the first contact.
fn first_lamp(phone: &Phone) -> Option<Lamp> {
    phone.favourite_lamp(phone.contacts().all().next().expect("a favourite"))
}

fn targets(phone: &Phone, typed: &str) -> Vec<(String, String, Option<Lamp>)> {
    let all = phone.targets(typed).into_iter();
    all.map(|Target { name, address, lamp }| (name.unwrap_or_default(), address, lamp)).collect()
}

#[test]
fn favourites_of_our_domain_are_watched_and_no_others() {
    let mut phone = signed_in();
    let commands = phone.set_contacts(people(&[
        ("Ana*", &["10 02", "+57 604 123 4567", "604 123 4567"]),
        ("Bob*", &["sip:bob@EXAMPLE.com", "bob@other.example"]),
        ("Carla", &["1003"]),
        ("David*", &["not a number"]),
    ]));
    assert_eq!(said(commands), ["sip:1002@example.com", "sip:bob@EXAMPLE.com"]);
}

#[test]
fn who_is_no_longer_a_favourite_is_no_longer_watched() {
    let mut phone = signed_in();
    phone.set_contacts(people(&[("Ana*", &["1002"]), ("Bob*", &["1003"])]));
    let commands = phone.set_contacts(people(&[("Ana", &["1002"]), ("Bob*", &["1003"])]));
    assert_eq!(said(commands), ["-1000"]);
    let commands = phone.set_contacts(people(&[("Ana*", &["1002"]), ("Bob*", &["1004"])]));
    assert_eq!(said(commands), ["-1001", "sip:1002@example.com", "sip:1004@example.com"]);
}

#[test]
fn favourites_are_watched_as_soon_as_there_is_a_line() {
    let mut phone = Phone::default();
    phone.sign_in("example.com".into());
    assert_eq!(phone.set_contacts(people(&[("Ana*", &["1002"])])), []);
    let commands = phone.handle_event(Instant::default(), Event::Line(Line::Registered));
    assert_eq!(said(commands), ["sip:1002@example.com"]);
}

#[test]
fn only_so_many_are_watched_and_first_the_one_who_is_written_to() {
    let mut phone = signed_in();
    let numbers: Vec<_> = (1000..1080).map(|number: u32| number.to_string()).collect();
    let names: Vec<_> = numbers.iter().map(|number| [number, "*"].concat()).collect();
    let numbers: Vec<_> = numbers.iter().map(|number| [number.as_str()]).collect();
    let all: Vec<(&str, &[&str])> =
        names.iter().zip(&numbers).map(|(name, number)| (name.as_str(), &number[..])).collect();
    assert_eq!(phone.set_contacts(people(&all)).len(), 50);
    let commands = phone.watch(Some(uri("sip:1079@example.com")));
    assert_eq!(said(commands), ["-1049", "sip:1079@example.com"]);
}

#[test]
fn nobody_elsewhere_is_told_that_he_is_written_to() {
    let mut phone = signed_in();
    for stranger in
        ["sip:1002@evil.example", "tel:+576041234567", "sip:1002@example.com.evil.example"]
    {
        assert_eq!(phone.watch(Some(uri(stranger))), [], "{stranger}");
    }
    assert_eq!(said(phone.watch(Some(uri("sip:1002@EXAMPLE.com")))).len(), 1);
}

#[test]
fn writing_to_a_favourite_watches_nobody_twice() {
    let mut phone = signed_in();
    phone.set_contacts(people(&[("Ana*", &["1002"])]));
    assert_eq!(phone.watch(Some(uri("sip:1002@example.com"))), []);
    assert_eq!(phone.watch(None), [], "and goes on when the conversation is left");
}

#[test]
fn the_lamp_of_a_favourite_is_the_one_that_says_most() {
    let mut phone = signed_in();
    phone.set_contacts(people(&[
        ("Ana*", &["+57 604 123 4567", "1002", "1003"]),
        ("Bob", &["1004"]),
    ]));
    assert_eq!(first_lamp(&phone), Some(Lamp::Unknown));
    does(&mut phone, 1001, &[]);
    assert_eq!(first_lamp(&phone), Some(Lamp::Free));
    does(&mut phone, 1000, &[DialogState::Early]);
    assert_eq!(first_lamp(&phone), Some(Lamp::Ringing));
    does(&mut phone, 1001, &[DialogState::Confirmed]);
    assert_eq!(first_lamp(&phone), Some(Lamp::Busy));
    let bob = phone.contacts().all().nth(1).expect("Bob").clone();
    assert_eq!(phone.favourite_lamp(&bob), None, "not watched");
    phone.set_contacts(people(&[("Ana*", &["+57 604 123 4567"])]));
    assert_eq!(first_lamp(&phone), None, "nobody tells of that one");
}

#[test]
fn a_call_is_transferred_to_a_favourite_before_anything_is_typed() {
    let mut phone = signed_in();
    phone.set_contacts(people(&[
        ("Ana*", &["+57 604 123 4567", "1002"]),
        ("Bob*", &["+57 604 765 4321"]),
        ("Carla", &["1003"]),
        ("David*", &[]),
    ]));
    does(&mut phone, 1000, &[DialogState::Confirmed]);
    let ana = ("Ana".to_owned(), "1002".to_owned(), Some(Lamp::Busy));
    let bob = ("Bob".to_owned(), "+57 604 765 4321".to_owned(), None);
    assert_eq!(targets(&phone, " "), [ana, bob]);
}

#[test]
fn a_call_is_transferred_to_whom_the_typed_text_finds() {
    let mut phone = signed_in();
    phone.set_contacts(people(&[("Ana*", &["1002", "1005"]), ("Banana", &["1003"])]));
    does(&mut phone, 1000, &[]);
    let found = [
        ("Ana".to_owned(), "1002".to_owned(), Some(Lamp::Free)),
        ("Ana".to_owned(), "1005".to_owned(), Some(Lamp::Unknown)),
        ("Banana".to_owned(), "1003".to_owned(), None),
    ];
    assert_eq!(targets(&phone, "ana"), found);
    assert_eq!(targets(&phone, "100").len(), 3);
    assert_eq!(targets(&phone, " 1003 "), [], "it is typed already");
    assert_eq!(targets(&phone, "zoe"), []);
}
