//! The people: who they are, and whose a number is.

use super::kept::{Shelf, Write, fresh_id};
use super::numbers::{Query, canonical, fold, key, same, without_scheme};
use super::vcard::{self, Decode};
use crate::sip::wire::display_text;

/// Longer lists of numbers are cut.
const MOST_NUMBERS: usize = 20;
/// Of so many people of one name a card may be.
const MOST_NAMESAKES: usize = 64;
/// Among so many numbers with the same end the longest is looked for.
const MOST_ALIKE: usize = 256;

/// What a number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Label {
    /// It is carried along.
    #[default]
    Mobile,
    /// It is at work.
    Work,
    /// It is at home.
    Home,
    /// Anything else.
    Other,
}

/// A number or a SIP address of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Number {
    /// What it is for.
    pub label: Label,
    /// As it was written.
    pub value: String,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Names the contact; zero for one that is new.
    pub id: u64,
    /// The name.
    pub name: String,
    /// Whether it stands before the others.
    pub favourite: bool,
    /// The numbers, the one to call first.
    pub numbers: Vec<Number>,
    /// Where the person works; empty where that is not known.
    pub organisation: String,
    /// How the file that it came from names it (RFC 6350 §6.7.6); empty for one that was made here.
    pub origin: String,
}

/// The people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    domain: String,
    /// Favourites first, then by name.
    list: Vec<Contact>,
    /// Every number, by its [`key`], with its canonical form and the place of its owner.
    index: Vec<(String, String, usize)>,
    deleted: Option<Contact>,
}

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

impl Contact {
    /// The contact as it may be kept: without what cannot be seen, and with a name. `None` where
    /// there is neither name nor number.
    pub fn clean(mut self) -> Option<Self> {
        self.numbers.truncate(MOST_NUMBERS);
        for number in &mut self.numbers {
            let value = display_text(&number.value);
            let mut value = value.as_str();
            while let Some(rest) = without_scheme(value, "sip:").or(without_scheme(value, "tel:")) {
                value = rest.trim();
            }
            number.value = value.to_owned();
        }
        self.numbers.retain(|number| !number.value.is_empty());
        self.name = display_text(&self.name);
        self.organisation = display_text(&self.organisation);
        self.origin = display_text(&self.origin);
        if self.name.is_empty() {
            self.name.clone_from(&self.numbers.first()?.value);
        }
        Some(self)
    }

    /// Whether the contact is known at the server of an address, where that names another than ours:
    /// a number is the same everywhere, and anybody may call from a server of his own.
    pub fn is_at(&self, address: &str) -> bool {
        let Some((_, server)) = address.rsplit_once('@') else { return true };
        let mut servers = self.numbers.iter().filter_map(|number| number.value.rsplit_once('@'));
        servers.any(|(_, own)| own.eq_ignore_ascii_case(server))
    }

    fn put(&self) -> Write {
        Write::Put(Shelf::Contacts, self.id, vcard::write(self))
    }

    /// By what a card of the same person is found: our own name for it, the one in other files, and
    /// the person's. Ours is a moment, which another computer may have had too, of somebody else.
    fn marks(&self) -> impl Iterator<Item = String> {
        let name = fold(&self.name);
        let own = (self.id > 0).then(|| ["\t", &self.id.to_string(), "\t", &name].concat());
        let origin = (!self.origin.is_empty()).then(|| ["\n", &self.origin].concat());
        own.into_iter().chain(origin).chain([name])
    }

    /// Whether a card that has one of the [`Self::marks`] is of this person.
    fn is_same_person(&self, card: &Self, domain: &str) -> bool {
        let is_own = card.id > 0 && card.id == self.id;
        if is_own || (!self.origin.is_empty() && self.origin == card.origin) {
            return true;
        }
        let has = |number: &Number| {
            let number = canonical(&number.value, domain);
            self.numbers.iter().any(|own| same(&canonical(&own.value, domain), &number))
        };
        let shares_number = card.numbers.iter().any(has);
        shares_number
            || (self.numbers.is_empty()
                && card.numbers.is_empty()
                && self.organisation == card.organisation)
    }

    /// Adds the numbers of another card of the same person. Returns whether that changes anything.
    fn merge(&mut self, other: Self, domain: &str) -> bool {
        let before = self.clone();
        // A card that comes again with another number has that one first.
        let is_again = !self.origin.is_empty() && self.origin == other.origin;
        let mut place = if is_again { 0 } else { self.numbers.len() };
        for number in other.numbers {
            let new = canonical(&number.value, domain);
            if !self.numbers.iter().any(|own| same(&canonical(&own.value, domain), &new)) {
                self.numbers.insert(place, number);
                place += 1;
            }
        }
        self.numbers.truncate(MOST_NUMBERS.max(before.numbers.len()));
        self.favourite |= other.favourite;
        for (own, other) in
            [(&mut self.organisation, other.organisation), (&mut self.origin, other.origin)]
        {
            if own.is_empty() {
                *own = other;
            }
        }
        *self != before
    }
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
        let known: Vec<_> = self.list.iter().map(|contact| contact.id).collect();
        self.list.extend(read.filter(|read| read.id > 0 && !known.contains(&read.id)));
        self.arrange();
    }

    /// Everybody, favourites first, then by name.
    pub fn all(&self) -> &[Contact] {
        &self.list
    }

    /// The contact of this name.
    pub fn get(&self, id: u64) -> Option<&Contact> {
        self.list.iter().find(|contact| contact.id == id)
    }

    /// The names of the contacts that match a query, in order.
    pub fn search(&self, typed: &str) -> Vec<u64> {
        let query = Query::new(typed);
        let wanted = |contact: &&Contact| {
            let numbers = contact.numbers.iter().map(|number| number.value.as_str());
            query.is_empty()
                || [&*contact.name, &*contact.organisation].into_iter().chain(numbers).any(|text| {
                    let folded = fold(text);
                    query.matches(&folded)
                })
        };
        self.list.iter().filter(wanted).map(|contact| contact.id).collect()
    }

    /// Whose number or address this is: the one of whose number the most is the same.
    pub fn owner_of(&self, address: &str) -> Option<&Contact> {
        let wanted = canonical(address, &self.domain);
        let shared = key(&wanted);
        let start = self.index.partition_point(|(key, ..)| key.as_str() < shared);
        let candidates = self.index[start..].iter().take_while(|(key, ..)| key == shared);
        let alike = candidates.take(MOST_ALIKE).filter(|(_, number, _)| same(number, &wanted));
        let (.., place) = alike.max_by_key(|(_, number, _)| number.len().min(wanted.len()))?;
        self.list.get(*place)
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
        self.list.retain(|other| other.id != contact.id);
        self.list.push(contact);
        self.arrange();
        Some(write)
    }

    /// Makes somebody a favourite, or no longer.
    pub fn toggle_favourite(&mut self, id: u64) -> Option<Write> {
        let contact = self.list.iter_mut().find(|contact| contact.id == id)?;
        contact.favourite = !contact.favourite;
        let write = contact.put();
        self.arrange();
        Some(write)
    }

    /// Deletes somebody, which can be undone until the next is deleted.
    pub fn delete(&mut self, id: u64) -> Option<Write> {
        let index = self.list.iter().position(|contact| contact.id == id)?;
        self.deleted = Some(self.list.remove(index));
        self.arrange();
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
        self.list.push(contact);
        self.arrange();
        Some(write)
    }

    /// Who was deleted stays so.
    pub fn forget_deleted(&mut self) {
        self.deleted = None;
    }

    /// Takes in the cards of a file. Who is known already, by the name that a card has in its files
    /// or by name and number, is not added again but gets the numbers that are new. Two people of
    /// one name stay two.
    pub fn import(
        &mut self,
        file: &[u8],
        decode: Decode<'_>,
        now_ms: u64,
    ) -> (Imported, Vec<Write>) {
        let mut imported = Imported::default();
        let mut fresh = self.fresh_id(now_ms);
        // Who may be meant, in order: by name, and by the name in files.
        let mut known = Vec::new();
        let mut changed = vec![false; self.list.len()];
        for (place, contact) in self.list.iter().enumerate() {
            known.extend(contact.marks().map(|mark| (mark, place)));
        }
        known.sort();
        for mut card in vcard::parse(file, decode).into_iter().filter_map(Contact::clean) {
            let alike = card.marks().find_map(|mark| {
                let start = known.partition_point(|(known, _)| *known < mark);
                let same = known[start..].iter().take_while(|(known, _)| *known == mark);
                let mut same = same.take(MOST_NAMESAKES).map(|(_, place)| *place);
                same.find(|place| self.list[*place].is_same_person(&card, &self.domain))
            });
            let place = match alike {
                Some(place) => {
                    imported.merged += 1;
                    changed[place] |= self.list[place].merge(card, &self.domain);
                    place
                }
                None => {
                    imported.added += 1;
                    card.id = fresh;
                    fresh += 1;
                    changed.push(true);
                    self.list.push(card);
                    self.list.len() - 1
                }
            };
            // A card may bring a mark that the next is found by.
            for mark in self.list[place].marks() {
                let mark = (mark, place);
                if let Err(index) = known.binary_search(&mark) {
                    known.insert(index, mark);
                }
            }
        }
        let changed = self.list.iter().zip(changed).filter(|(_, changed)| *changed);
        let writes = changed.map(|(contact, _)| contact.put()).collect();
        self.arrange();
        (imported, writes)
    }

    /// Everybody, as a file of cards.
    pub fn export(&self) -> String {
        self.list.iter().map(vcard::write).collect()
    }

    /// At most `most` numbers of contacts whose name or number has what is typed in it.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<Suggestion> {
        let query = Query::new(typed);
        let all = self.list.iter().flat_map(|contact| {
            contact.numbers.iter().map(move |number| (contact.name.as_str(), number))
        });
        let wanted = all.filter(|(name, number)| {
            let folded = fold(&[name, "\n", &number.value].concat());
            query.matches(&folded)
        });
        let made = wanted.map(|(name, number)| Suggestion {
            name: Some(name.to_owned()),
            address: number.value.clone(),
        });
        made.take(if query.is_empty() { 0 } else { most }).collect()
    }

    fn fresh_id(&self, now_ms: u64) -> u64 {
        fresh_id(now_ms, self.list.iter().map(|contact| contact.id).max())
    }

    /// Puts the list and the index in order after a change.
    fn arrange(&mut self) {
        self.list.sort_by_cached_key(|contact| {
            (!contact.favourite, fold(&contact.name), contact.name.clone(), contact.id)
        });
        self.index = self
            .list
            .iter()
            .enumerate()
            .flat_map(|(place, contact)| contact.numbers.iter().map(move |number| (place, number)))
            .map(|(place, number)| {
                let number = canonical(&number.value, &self.domain);
                (key(&number).to_owned(), number, place)
            })
            .collect();
        self.index.sort();
    }
}
