//! Somebody: the name, the numbers, and when two cards are of the same person.

use super::kept::{Shelf, Write};
use super::numbers::{canonical, fold, same, without_scheme};
use super::vcard;
use crate::sip::wire::display_text;

/// Longer lists of numbers are cut.
const MOST_NUMBERS: usize = 20;

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

    pub(super) fn put(&self) -> Write {
        Write::Put(Shelf::Contacts, self.id, vcard::write(self))
    }

    /// By what a card of the same person is found: our own name for it, the one in other files, and
    /// the person's. Ours is a moment, which another computer may have had too, of somebody else.
    pub(super) fn marks(&self) -> impl Iterator<Item = String> {
        let name = fold(&self.name);
        let own = (self.id > 0).then(|| ["\t", &self.id.to_string(), "\t", &name].concat());
        let origin = (!self.origin.is_empty()).then(|| ["\n", &self.origin].concat());
        own.into_iter().chain(origin).chain([name])
    }

    /// Whether a card that has one of the [`Self::marks`] is of this person.
    pub(super) fn is_same_person(&self, card: &Self, domain: &str) -> bool {
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
    pub(super) fn merge(&mut self, other: Self, domain: &str) -> bool {
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
