//! The people, and the names that calls get from them.

use super::vcard::decode;
use super::*;
use crate::phone::contact::{Contact, Label, Number};
use crate::phone::contacts::{Contacts, Imported};
use crate::phone::kept::{Shelf, Write};
use std::sync::Arc;

const NOW: u64 = 1_790_000_000_000;

fn contact(name: &str, numbers: &[&str]) -> Contact {
    let number = |value: &&str| Number { label: Label::Work, value: (*value).to_owned() };
    let numbers = numbers.iter().map(number).collect();
    Contact { name: name.into(), numbers, ..Contact::default() }
}

pub(super) fn contacts(people: &[(&str, &[&str])]) -> Contacts {
    let mut contacts = Contacts::new("example.com".into());
    for (name, numbers) in people {
        assert!(contacts.save(contact(name, numbers), NOW).is_some());
    }
    contacts
}

fn nth(contacts: &Contacts, place: usize) -> &Contact {
    contacts.all().nth(place).expect("somebody")
}

fn names(contacts: &Contacts) -> Vec<&str> {
    contacts.all().map(|contact| contact.name.as_str()).collect()
}

fn import(contacts: &mut Contacts, file: &[u8]) -> (Imported, Vec<Write>) {
    contacts.import(crate::phone::vcard::parse(file, &decode), NOW)
}

fn texts(writes: impl IntoIterator<Item = Write>) -> Vec<String> {
    let texts = writes.into_iter().filter_map(|write| match write {
        Write::Put(Shelf::Contacts, _, text) => Some(text),
        _ => None,
    });
    texts.collect()
}

#[test]
fn people_stand_by_name_after_the_favourites() {
    let mut contacts = contacts(&[("Zoe", &["1"]), ("ana", &["2"]), ("Ágata", &["3"])]);
    assert_eq!(names(&contacts), ["Ágata", "ana", "Zoe"]);
    let zoe = nth(&contacts, 2).id;
    assert!(contacts.toggle_favourite(zoe).is_some());
    assert_eq!(names(&contacts), ["Zoe", "Ágata", "ana"]);
    contacts.toggle_favourite(zoe);
    assert_eq!(names(&contacts), ["Ágata", "ana", "Zoe"]);
    assert_eq!(contacts.toggle_favourite(1), None);
}

#[test]
fn a_contact_is_changed_in_its_place_and_found_by_its_new_number_only() {
    let mut contacts = contacts(&[("Ana", &["1002"])]);
    let id = nth(&contacts, 0).id;
    contacts.save(Contact { id, ..contact("Ana María", &["1005"]) }, NOW + 5);
    assert_eq!(names(&contacts), ["Ana María"]);
    assert_eq!((contacts.name_of("1002"), contacts.name_of("1005")), (None, Some("Ana María")));
}

#[test]
fn a_change_of_one_touches_nobody_elses_numbers() {
    let before = contacts(&[("Ana", &["1002", "+57 604 123 4567"]), ("Bob", &["1003"])]);
    let mut after = before.clone();
    assert!(after.changed_since(&before).is_empty());
    let [ana, bob] = [0, 1].map(|place| nth(&after, place).id);
    after.save(Contact { id: ana, ..contact("Ana", &["1009"]) }, NOW);
    assert_eq!(after.changed_since(&before), ["1002", "1009", "1234567"], "of before and of now");
    let between = after.clone();
    after.delete(bob);
    assert_eq!(after.changed_since(&between), ["1003"]);
}

#[test]
fn of_two_with_one_number_the_one_made_last_names_the_call() {
    let mut contacts = contacts(&[("Zoe", &["1002"]), ("Ana", &["1002"])]);
    assert_eq!(contacts.name_of("1002"), Some("Ana"));
    contacts.toggle_favourite(nth(&contacts, 0).id);
    assert_eq!(contacts.name_of("1002"), Some("Ana"), "a star changes nothing");
}

#[test]
fn a_contact_needs_a_name_or_a_number() {
    let mut contacts = Contacts::default();
    assert_eq!(contacts.save(contact(" ", &["", " "]), NOW), None);
    contacts.save(contact("", &["sip: 1002 "]), NOW);
    contacts.save(contact("\u{202e}Eve\n", &[]), NOW);
    assert_eq!(names(&contacts), ["1002", "Eve"]);
}

#[test]
fn deleting_somebody_can_be_undone() {
    let mut contacts = contacts(&[("Ana", &["1002"]), ("Bob", &["1003"])]);
    let id = nth(&contacts, 0).id;
    assert_eq!(contacts.delete(id), Some(Write::Delete(Shelf::Contacts, id)));
    assert_eq!(contacts.deleted().map(|contact| contact.name.as_str()), Some("Ana"));
    assert_eq!(contacts.name_of("1002"), None);
    assert!(contacts.undo().is_some());
    assert_eq!((names(&contacts), contacts.name_of("1002")), (vec!["Ana", "Bob"], Some("Ana")));
    assert_eq!(contacts.undo(), None);
    contacts.delete(id);
    contacts.forget_deleted();
    assert_eq!((contacts.undo(), contacts.delete(id)), (None, None));
}

#[test]
fn what_is_kept_comes_back_and_what_was_changed_since_stays() {
    let mut first = Contacts::new("example.com".into());
    let ana = first.save(contact("Ana", &["1002", "ana@other.example"]), NOW);
    let mut kept = texts(ana);
    kept.extend(["", "?", "BEGIN:VCARD\nFN:No number of ours\nEND:VCARD"].map(str::to_owned));
    let mut next = Contacts::new("example.com".into());
    next.load(&kept);
    assert_eq!(next, first);
    let id = nth(&next, 0).id;
    next.save(Contact { id, ..contact("Ana María", &[]) }, NOW);
    next.load(&kept);
    assert_eq!(names(&next), ["Ana María"]);
}

#[test]
fn a_number_belongs_to_whom_it_matches_best() {
    let contacts = contacts(&[
        ("Local", &["123 4567"]),
        ("Whole", &["+57 604 123 4567"]),
        ("Extension", &["1002"]),
        ("Address", &["ana@other.example"]),
    ]);
    assert_eq!(contacts.name_of("576041234567"), Some("Whole"));
    assert_eq!(contacts.name_of("0016051234567"), Some("Local"));
    assert_eq!(contacts.name_of("1002"), Some("Extension"));
    assert_eq!(contacts.name_of("Ana@other.example"), Some("Address"));
    for stranger in ["", "002", "234567", "ana", "bob@other.example", "1002@other.example"] {
        assert_eq!(contacts.name_of(stranger), None, "{stranger}");
    }
}

#[test]
fn a_search_looks_at_names_and_numbers() {
    let contacts = contacts(&[("José", &["+57 604 123 4567"]), ("Zoe", &["zoe@other.example"])]);
    let found = |typed: &str| {
        let found = contacts.search(typed);
        found.iter().filter_map(|id| contacts.get(*id)).map(|c| c.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(""), ["José", "Zoe"]);
    assert_eq!(found("jose"), ["José"]);
    assert_eq!(found("604123"), ["José"]);
    assert_eq!(found("OTHER"), ["Zoe"]);
    assert!(found("josef").is_empty());
}

#[test]
fn who_is_typed_is_suggested() {
    let contacts = contacts(&[("Ana", &["1002", "6041234567"]), ("Bob", &["1003"])]);
    let suggested = |typed: &str, most| {
        let all = contacts.suggest(typed, most);
        all.into_iter().map(|suggestion| suggestion.address).collect::<Vec<_>>()
    };
    assert_eq!(suggested("an", 5), ["1002", "6041234567"]);
    assert_eq!(suggested("100", 5), ["1002", "1003"]);
    assert_eq!(suggested("100", 1), ["1002"]);
    assert!(suggested("", 5).is_empty());
}

#[test]
fn a_file_adds_who_is_new_and_completes_who_is_known() {
    let mut contacts = contacts(&[("Ana Gómez", &["+57 604 123 4567"])]);
    let file = "BEGIN:VCARD\nFN:ana gomez\nTEL;TYPE=CELL:300 555 0001\nTEL:6041234567\nEND:VCARD\n\
                BEGIN:VCARD\nFN:Bob\nTEL:1003\nEND:VCARD\n\
                BEGIN:VCARD\nFN:BOB\nTEL:1004\nEND:VCARD\n\
                BEGIN:VCARD\nEND:VCARD\n";
    let (imported, writes) = import(&mut contacts, file.as_bytes());
    assert_eq!(imported, Imported { added: 2, merged: 1 });
    assert_eq!((names(&contacts), writes.len()), (vec!["Ana Gómez", "BOB", "Bob"], 3));
    let numbers = |index: usize| nth(&contacts, index).numbers.iter().map(|n| n.value.as_str());
    assert_eq!(numbers(0).collect::<Vec<_>>(), ["+57 604 123 4567", "300 555 0001"]);
    assert_eq!(numbers(1).collect::<Vec<_>>(), ["1004"]);
    assert_eq!(contacts.name_of("3005550001"), Some("Ana Gómez"));
    let (imported, writes) = import(&mut contacts, file.as_bytes());
    assert_eq!((imported, writes), (Imported { added: 0, merged: 3 }, Vec::new()), "once again");
}

#[test]
fn a_card_that_comes_twice_in_one_file_is_one_contact_whatever_it_is_called() {
    let mut contacts = contacts(&[("Ana", &["1002"])]);
    let card = |name: &str, number: &str| {
        format!("BEGIN:VCARD\nUID:a1\nFN:{name}\nTEL:{number}\nEND:VCARD\n")
    };
    let file = [card("Ana", "1002"), card("Ana Gómez", "1009")].concat();
    let (imported, writes) = import(&mut contacts, file.as_bytes());
    assert_eq!((imported, writes.len()), (Imported { added: 0, merged: 2 }, 1));
    assert_eq!(contacts.name_of("1009"), Some("Ana"));
}

#[test]
fn a_card_of_our_own_finds_its_contact_among_others_of_the_same_name_and_number() {
    let people: Vec<_> = (0..100).map(|number| ["1002".to_owned(), format!("{number}")]).collect();
    let people: Vec<_> = people.iter().map(|[a, b]| [a.as_str(), b.as_str()]).collect();
    let people: Vec<(&str, &[&str])> = people.iter().map(|numbers| ("Ana", &numbers[..])).collect();
    let mut contacts = contacts(&people);
    let before = contacts.clone();
    let file = contacts.export();
    let (imported, writes) = import(&mut contacts, file.as_bytes());
    assert_eq!((imported.merged, writes.len()), (100, 0));
    assert_eq!(contacts, before);
}

#[test]
fn a_contact_of_before_is_known_by_its_card_from_then_on() {
    let mut contacts = contacts(&[("Ana", &["1002"])]);
    let card = |number: &str| format!("BEGIN:VCARD\nUID:a1\nFN:Ana\nTEL:{number}\nEND:VCARD\n");
    let (imported, writes) = import(&mut contacts, card("1002").as_bytes());
    assert_eq!((imported, writes.len()), (Imported { added: 0, merged: 1 }, 1));
    let (imported, _) = import(&mut contacts, card("1009").as_bytes());
    assert_eq!(imported, Imported { added: 0, merged: 1 });
    assert_eq!(nth(&contacts, 0).numbers[0].value, "1009");
}

#[test]
fn people_of_one_name_stay_apart_and_a_card_that_comes_again_does_not() {
    let file = include_bytes!("../../../tests/core/data/cases/16-same-name.vcf");
    let mut contacts = Contacts::new("example.com".into());
    let (imported, writes) = import(&mut contacts, file);
    assert_eq!((imported, writes.len()), (Imported { added: 6, merged: 0 }, 6));
    let all = contacts.all();
    let all = all.map(|one| (one.name.as_str(), one.organisation.as_str()));
    let acme = [("Hans Meyer", "Acme"), ("Hans Meyer", "Initech")];
    assert_eq!(all.clone().take(2).collect::<Vec<_>>(), acme);
    assert_eq!(contacts.name_of("+15550100222"), Some("Sales"));
    assert_eq!(contacts.search("globex").len(), 1);

    let texts = writes.iter().filter_map(|write| match write {
        Write::Put(_, _, text) => Some(text.clone()),
        Write::Delete(..) => None,
    });
    let mut next = Contacts::new("example.com".into());
    next.load(&texts.collect::<Vec<_>>());
    assert_eq!(next, contacts, "another visit");
    let changed = String::from_utf8_lossy(file).replace("+15550100222", "+15550100999");
    let (imported, writes) = import(&mut next, changed.as_bytes());
    assert_eq!((imported, writes.len()), (Imported { added: 0, merged: 6 }, 1));
    let sales = next.all().find(|one| one.organisation == "Globex").expect("Sales");
    let numbers: Vec<_> = sales.numbers.iter().map(|number| number.value.as_str()).collect();
    assert_eq!(numbers, ["+15550100999", "+15550100222"], "the same card, with another number");
}

#[test]
fn a_zero_for_calls_within_the_country_hides_nobody() {
    let file = include_bytes!("../../../tests/core/data/cases/13-trunk-zero.vcf");
    let mut contacts = Contacts::new("example.com".into());
    import(&mut contacts, file);
    assert_eq!(contacts.name_of("+442079460000"), Some("Tess Zero"));
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    let mut all = contacts(&[("Ana; Gómez", &["1002", "ana@other.example"]), ("Bob", &[])]);
    all.toggle_favourite(nth(&all, 1).id);
    let mut other = Contacts::new("example.com".into());
    import(&mut other, all.export().as_bytes());
    let without_ids = |contacts: &Contacts| {
        let all = contacts.all().cloned().map(|contact| Contact { id: 0, ..contact });
        all.collect::<Vec<_>>()
    };
    assert_eq!(without_ids(&other), without_ids(&all));
    let before = other.clone();
    import(&mut other, all.export().as_bytes());
    assert_eq!(other, before);
}

#[test]
fn calls_carry_the_names_of_contacts() {
    let mut phone = signed_in();
    let people = contacts(&[("Ana", &["1002"]), ("Bob", &["1003"])]);
    phone.set_contacts(Arc::new(people));
    let caller = Caller::new(Some("Reception".into()), uri("sip:1002@example.com"));
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    assert_eq!(phone.call().map(|call| call.party.label()), Some("Ana"));
    tell(&mut phone, CallEvent::Answered);
    phone.transfer(CallId(1), Some(uri("sip:1003@example.com")));
    let transfer = phone.call().and_then(|call| call.transfer.as_ref());
    assert_eq!(transfer.map(|transfer| transfer.target.label()), Some("Bob"));
}

#[test]
fn a_call_that_was_there_before_the_contacts_gets_its_name() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
    phone.set_contacts(Arc::new(contacts(&[("Ana", &["1002"])])));
    let party = phone.call().map(|call| call.party.clone());
    assert_eq!(
        party,
        Some(Party {
            name: Some("Ana".into()),
            known: true,
            address: "1002".into(),
            ..Party::default()
        })
    );
}

#[test]
fn the_number_of_a_contact_at_another_server_is_not_the_contact() {
    let mut phone = signed_in();
    let people: [(&str, &[&str]); 2] =
        [("Ana", &["+57 604 123 4567"]), ("Bob", &["+576041112222@trunk.example"])];
    phone.set_contacts(Arc::new(contacts(&people)));
    let mut known = |from: &str| {
        incoming(&mut phone, 1, from);
        let party = phone.call().expect("a call").party.clone();
        tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
        (party.label().to_owned(), party.known)
    };
    assert_eq!(known("sip:+576041234567@example.com"), ("Ana".into(), true));
    assert_eq!(known("tel:+576041234567"), ("Ana".into(), true));
    assert_eq!(known("sip:+576041234567@evil.example"), ("Ana".into(), false));
    assert_eq!(known("sip:+576041112222@trunk.example"), ("Bob".into(), true));
    assert_eq!(known("sip:+576041112222@evil.example"), ("Bob".into(), false));
}

#[test]
fn the_next_account_does_not_see_the_people_of_the_last() {
    let mut phone = signed_in();
    phone.set_contacts(Arc::new(contacts(&[("Ana", &["1002"])])));
    phone.sign_out(Instant::default());
    assert!(phone.contacts().all().next().is_none());
}
