//! The people, and whose a number is.

use super::contact::Contact;
use super::kept::{Shelf, Write, fresh_id};
use super::numbers::{Query, Searched, canonical, key, same};
use super::vcard;
use std::sync::Arc;

/// Of so many people of one name a card may be.
const MOST_NAMESAKES: usize = 64;
/// Among so many numbers with the same end the longest is looked for.
const MOST_ALIKE: usize = 256;

/// The people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    domain: String,
    /// Favourites first, then by name.
    list: Register,
    /// By each number: its [`key`], and in the next line its canonical form.
    numbers: Register,
    deleted: Option<Contact>,
}

/// A contact, with what is compared often and made once. It is never changed but replaced.
#[derive(Debug, PartialEq, Eq)]
struct Person {
    contact: Contact,
    name: Searched,
    organisation: Searched,
    numbers: Vec<Searched>,
}

/// Texts in order, each with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Register(Vec<Line>);

type Line = (Arc<str>, Arc<Person>);

/// What became of the contacts of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// So many are new.
    pub added: usize,
    /// So many were known, and may have got numbers.
    pub merged: usize,
}

/// Somebody to call, while a number is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The name.
    pub name: Option<String>,
    /// The number or address.
    pub address: String,
}

impl Contacts {
    /// Nobody yet, for a telephone of `domain`.
    pub fn new(domain: String) -> Self {
        Self { domain, ..Self::default() }
    }

    /// Takes in what earlier visits kept. What cannot be read is passed over.
    pub fn load(&mut self, texts: &[String]) {
        let read = texts.iter().flat_map(|text| vcard::parse(text.as_bytes(), &|_, _| None));
        // What was changed since stays.
        let known: Vec<_> = self.all().map(|contact| contact.id).collect();
        self.put(read.filter(|read| read.id > 0 && !known.contains(&read.id)).collect());
    }

    /// Everybody, favourites first, then by name.
    pub fn all(&self) -> impl Iterator<Item = &Contact> + Clone {
        self.list.0.iter().map(|(_, person)| &person.contact)
    }

    /// The contact of this name.
    pub fn get(&self, id: u64) -> Option<&Contact> {
        self.all().find(|contact| contact.id == id)
    }

    /// The names of the contacts that match a query, in order.
    pub fn search(&self, typed: &str) -> Vec<u64> {
        let query = Query::new(typed);
        let wanted = |person: &&Arc<Person>| {
            query.is_empty()
                || query.matches(&person.name)
                || query.matches(&person.organisation)
                || person.numbers.iter().any(|number| query.matches(number))
        };
        self.people().filter(wanted).map(|person| person.contact.id).collect()
    }

    /// Whose number or address this is: the one of whose number the most is the same, and of two who
    /// have the same one the one that was made last.
    pub fn owner_of(&self, address: &str) -> Option<&Contact> {
        self.owner_of_canonical(&self.canonical(address))
    }

    pub(super) fn owner_of_canonical(&self, wanted: &str) -> Option<&Contact> {
        let shared = [key(wanted), "\n"].concat();
        let start = self.numbers.0.partition_point(|(line, _)| **line < *shared);
        let alike = self.numbers.0[start..].iter();
        let alike = alike.map_while(|(line, owner)| Some((line.strip_prefix(&shared)?, owner)));
        let alike = alike.take(MOST_ALIKE).filter(|(number, _)| same(number, wanted));
        let (_, owner) = alike.max_by_key(|(number, _)| number.len().min(wanted.len()))?;
        Some(&owner.contact)
    }

    /// A number or an address without what may differ between two ways of writing it here.
    pub(super) fn canonical(&self, address: &str) -> String {
        canonical(address, &self.domain)
    }

    /// The [`key`]s of the numbers whose owner may be another than in `before`, in order.
    pub(super) fn changed_since<'a>(&'a self, before: &'a Self) -> Vec<&'a str> {
        let mut old = before.numbers.0.iter().peekable();
        let mut changed = Vec::new();
        let mut note = |(line, _): &'a Line| changed.extend(line.split('\n').next());
        for line in &self.numbers.0 {
            while let Some(gone) = old.next_if(|gone| place(gone) < place(line)) {
                note(gone);
            }
            if old.next_if(|other| Arc::ptr_eq(&other.1, &line.1)).is_none() {
                note(line);
            }
        }
        old.for_each(note);
        changed
    }

    /// The name of whose number or address this is.
    pub fn name_of(&self, address: &str) -> Option<&str> {
        self.owner_of(address).map(|contact| contact.name.as_str())
    }

    /// Keeps a contact, new or changed. `None` where it has neither name nor number.
    pub fn save(&mut self, contact: Contact, now_ms: u64) -> Option<Write> {
        let mut contact = contact.clean()?;
        if contact.id == 0 {
            contact.id = self.fresh_id(now_ms);
        }
        let write = contact.put();
        self.put(vec![contact]);
        Some(write)
    }

    /// Makes somebody a favourite, or no longer.
    pub fn toggle_favourite(&mut self, id: u64) -> Option<Write> {
        let mut contact = self.get(id)?.clone();
        contact.favourite = !contact.favourite;
        let write = contact.put();
        self.put(vec![contact]);
        Some(write)
    }

    /// Deletes somebody, which can be undone until the next is deleted.
    pub fn delete(&mut self, id: u64) -> Option<Write> {
        self.deleted = Some(self.get(id)?.clone());
        self.take_out(vec![id]);
        Some(Write::Delete(Shelf::Contacts, id))
    }

    /// Whom [`Self::undo`] would bring back.
    pub fn deleted(&self) -> Option<&Contact> {
        self.deleted.as_ref()
    }

    /// Brings back who was deleted last.
    pub fn undo(&mut self) -> Option<Write> {
        let contact = self.deleted.take()?;
        let write = contact.put();
        self.put(vec![contact]);
        Some(write)
    }

    /// Who was deleted stays so.
    pub fn forget_deleted(&mut self) {
        self.deleted = None;
    }

    /// Takes in the cards of a file ([`vcard::parse`]). Who is known already, by the name that a card
    /// has in its files or by name and number, is not added again but gets the numbers that are new.
    /// Two people of one name stay two.
    pub fn import(&mut self, cards: Vec<Contact>, now_ms: u64) -> (Imported, Vec<Write>) {
        let mut imported = Imported::default();
        let mut fresh = self.fresh_id(now_ms);
        // Who may be meant, in order: by name, and by the name in files.
        let mut known = Vec::new();
        let mut list: Vec<_> = self.all().cloned().collect();
        let mut changed = vec![false; list.len()];
        for (place, contact) in list.iter().enumerate() {
            known.extend(contact.marks().map(|mark| (mark, place)));
        }
        known.sort();
        for mut card in cards.into_iter().filter_map(Contact::clean) {
            let alike = card.marks().find_map(|mark| {
                let start = known.partition_point(|(known, _)| *known < mark);
                let same = known[start..].iter().take_while(|(known, _)| *known == mark);
                let mut same = same.take(MOST_NAMESAKES).map(|(_, place)| *place);
                same.find(|place| list[*place].is_same_person(&card, &self.domain))
            });
            let place = match alike {
                Some(place) => {
                    imported.merged += 1;
                    changed[place] |= list[place].merge(card, &self.domain);
                    place
                }
                None => {
                    imported.added += 1;
                    card.id = fresh;
                    fresh += 1;
                    changed.push(true);
                    list.push(card);
                    list.len() - 1
                }
            };
            // A card may bring a mark that the next is found by.
            for mark in list[place].marks() {
                let mark = (mark, place);
                if let Err(index) = known.binary_search(&mark) {
                    known.insert(index, mark);
                }
            }
        }
        let changed = list.into_iter().zip(changed).filter(|(_, changed)| *changed);
        let changed: Vec<_> = changed.map(|(contact, _)| contact).collect();
        let writes = changed.iter().map(Contact::put).collect();
        self.put(changed);
        (imported, writes)
    }

    /// Everybody, as a file of cards.
    pub fn export(&self) -> String {
        self.all().map(vcard::write).collect()
    }

    /// At most `most` numbers of contacts whose name or number has what is typed in it.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<Suggestion> {
        let query = Query::new(typed);
        let all = self.people().flat_map(|person| {
            let numbers = person.contact.numbers.iter().zip(&person.numbers);
            numbers.map(move |(number, searched)| (person, number, searched))
        });
        let wanted =
            all.filter(|(person, _, number)| query.matches(&person.name) || query.matches(number));
        let made = wanted.map(|(person, number, _)| Suggestion {
            name: Some(person.contact.name.clone()),
            address: number.value.clone(),
        });
        made.take(if query.is_empty() { 0 } else { most }).collect()
    }

    fn fresh_id(&self, now_ms: u64) -> u64 {
        fresh_id(now_ms, self.all().map(|contact| contact.id).max())
    }

    fn people(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.list.0.iter().map(|(_, person)| person)
    }

    /// Puts these in their places, instead of what they were before.
    fn put(&mut self, contacts: Vec<Contact>) {
        self.take_out(contacts.iter().map(|contact| contact.id).collect());
        let (mut names, mut numbers) = (Vec::new(), Vec::new());
        for contact in contacts {
            let person = Arc::new(Person::new(contact));
            for number in &person.contact.numbers {
                let number = self.canonical(&number.value);
                let line = [key(&number), "\n", &number].concat();
                numbers.push((line.into(), Arc::clone(&person)));
            }
            names.push((person.line().into(), person));
        }
        self.list.put(names);
        self.numbers.put(numbers);
    }

    fn take_out(&mut self, mut ids: Vec<u64>) {
        ids.sort_unstable();
        self.list.take_out(&ids);
        self.numbers.take_out(&ids);
    }
}

impl Register {
    /// Puts these in order among those that are.
    fn put(&mut self, mut new: Vec<Line>) {
        new.sort_by(|a, b| place(a).cmp(&place(b)));
        let mut old = std::mem::take(&mut self.0).into_iter().peekable();
        for line in new {
            while let Some(before) = old.next_if(|before| place(before) < place(&line)) {
                self.0.push(before);
            }
            self.0.push(line);
        }
        self.0.extend(old);
    }

    /// Takes the lines of these people out, who are in order.
    fn take_out(&mut self, ids: &[u64]) {
        self.0.retain(|(_, person)| ids.binary_search(&person.contact.id).is_err());
    }
}

fn place((line, person): &Line) -> (&str, u64) {
    (line, person.contact.id)
}

impl Person {
    fn new(contact: Contact) -> Self {
        let numbers = contact.numbers.iter().map(|number| Searched::new(&number.value)).collect();
        let name = Searched::new(&contact.name);
        let organisation = Searched::new(&contact.organisation);
        Self { contact, name, organisation, numbers }
    }

    /// What has a favourite stand before others, and both by their names.
    fn line(&self) -> String {
        let first = if self.contact.favourite { "\u{1}" } else { "\u{2}" };
        [first, &self.name.text, "\n", &self.contact.name].concat()
    }
}
