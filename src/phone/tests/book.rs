//! Contacts and past calls together: how they are found, and how they come back.

use super::contacts::contacts;
use super::history::{MINUTE, NOW, history, made, missed};
use super::*;
use crate::phone::contact::{Contact, Number};
use crate::phone::contacts::Contacts;
use crate::phone::history::Filter;
use crate::phone::kept::{Shelf, Write};
use std::sync::Arc;

#[test]
fn a_search_looks_at_names_and_numbers_and_may_be_of_one_kind_of_calls() {
    let mut history = history([missed(), made(), missed()]);
    let all = [NOW + 2000, NOW + 1000, NOW];
    assert_eq!(history.search("", None), all);
    assert_eq!(history.search("", Some(Filter::Missed)), [NOW + 2000, NOW]);
    assert_eq!(history.search("", Some(Filter::Made)), [NOW + 1000]);
    assert!(history.search("", Some(Filter::Received)).is_empty());
    assert_eq!(history.search("100", None), all);
    assert_eq!(history.search("ana", None), [NOW + 2000, NOW], "as the caller said");
    assert!(history.search("eva", None).is_empty());
    let mut contacts = Contacts::new("example.com".into());
    let numbers = vec![Number { value: "1002".into(), ..Number::default() }];
    contacts.save(Contact { name: "Éva".into(), numbers, ..Contact::default() }, NOW);
    history.rename(&contacts, &Contacts::default());
    assert_eq!(history.search("eva", None), all, "as the contact is called");
}

#[test]
fn calls_are_found_by_the_names_that_people_have_now() {
    let mut history = history([missed(), made(), missed()]);
    let all = [NOW + 2000, NOW + 1000, NOW];
    history.delete(NOW + 1000);
    let eva = contacts(&[("Éva", &["1002"]), ("Bob", &["1003"])]);
    history.rename(&eva, &Contacts::default());
    history.undo();
    assert_eq!(history.search("eva", None), all, "one that was deleted meanwhile, too");
    let mut ida = eva.clone();
    let id = eva.owner_of("1002").expect("Éva").id;
    let numbers = vec![Number { value: "1002".into(), ..Number::default() }];
    ida.save(Contact { id, name: "Ida".into(), numbers, ..Contact::default() }, NOW);
    history.rename(&ida, &eva);
    assert!(history.search("eva", None).is_empty());
    assert_eq!(history.search("ida", None), all);
    let mut without = ida.clone();
    without.delete(id);
    history.rename(&without, &ida);
    assert!(history.search("ida", None).is_empty());
    assert_eq!(history.search("ana", None), [NOW + 2000, NOW], "as the caller said");
}

#[test]
fn what_earlier_visits_kept_comes_in_together() {
    let mut before = signed_in();
    before.set_time_of_day(NOW);
    incoming(&mut before, 1, "sip:1003@example.com");
    tell(&mut before, CallEvent::Ended(EndReason::Cancelled));
    super::messages::receive(&mut before, "sip:1002@example.com", "Hello");
    before.change_contacts(|people, now| {
        let people_of = [contacts(&[("Ana", &["1002"])]), contacts(&[("Bob", &["1003"])])];
        let all = people_of.iter().flat_map(Contacts::all).cloned();
        all.filter_map(|one| people.save(Contact { id: 0, ..one }, now)).collect()
    });
    let mut kept = [const { Vec::new() }; 4];
    for write in before.take_writes() {
        let Write::Put(shelf, _, text) = write else { panic!("{write:?}") };
        let place = [Shelf::Calls, Shelf::Marks, Shelf::Contacts, Shelf::Messages];
        kept[place.iter().position(|one| *one == shelf).expect("a shelf")].push(text);
    }

    // A call that ends before the past is read gets its name, too.
    let mut phone = signed_in();
    phone.set_time_of_day(NOW + MINUTE);
    phone.set_contacts(Arc::new(Contacts::new("example.com".into())));
    incoming(&mut phone, 1, "sip:1002@example.com");
    tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
    phone.load([&kept[0], &kept[1], &kept[2], &kept[3]]);
    assert_eq!(phone.history().search("ana", None), [NOW + MINUTE]);
    assert_eq!(phone.history().search("bob", None), [NOW]);
    assert_eq!(phone.contacts().all().count(), 2);
    assert_eq!(phone.messages().unread(), 1);
}

#[test]
fn contacts_are_suggested_before_calls_and_nobody_twice() {
    let mut phone = signed_in();
    for caller in ["sip:1002@example.com", "sip:1003@example.com"] {
        incoming(&mut phone, 1, caller);
        tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
    }
    phone.set_contacts(Arc::new(contacts(&[("Zoe", &["1009"]), ("Ana", &["1002"])])));
    let suggested = |typed: &str, most| {
        let all = phone.suggest(typed, most).into_iter();
        all.map(|found| (found.name.unwrap_or_default(), found.address)).collect::<Vec<_>>()
    };
    let [ana, zoe, stranger] = [("Ana", "1002"), ("Zoe", "1009"), ("", "1003")]
        .map(|(name, address)| (name.to_owned(), address.to_owned()));
    assert_eq!(suggested("100", 3), [ana.clone(), zoe.clone(), stranger]);
    assert_eq!(suggested("100", 2), [ana.clone(), zoe]);
    assert_eq!(suggested("ana", 3), [ana], "the call is found by the contact's name too");
    assert_eq!(suggested("1002", 3), [], "it stands there already");
}

#[test]
fn whom_one_talked_to_is_suggested_once() {
    let history = history([made(), missed()]);
    let mut contacts = Contacts::new("example.com".into());
    let suggested = |typed: &str, contacts: &Contacts| {
        let all = history.suggest(typed, contacts, 3);
        all.into_iter().map(|found| (found.name, found.address)).collect::<Vec<_>>()
    };
    let ana = (Some("Ana".to_owned()), "1002".to_owned());
    assert_eq!(suggested("10", &contacts), [ana]);
    assert!(suggested("", &contacts).is_empty() && suggested("9", &contacts).is_empty());
    let numbers = vec![Number { value: "1002".into(), ..Number::default() }];
    contacts.save(Contact { name: "Eva".into(), numbers, ..Contact::default() }, NOW);
    assert_eq!(suggested("10", &contacts), [(Some("Eva".to_owned()), "1002".to_owned())]);
}
