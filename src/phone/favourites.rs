//! Whom the user calls most: who of them is watched, what their lamps show, and to whom a call is
//! transferred.

use super::contact::Contact;
use super::lamps::{Lamp, MOST};
use super::numbers::mean_the_same;
use super::{Phone, Stage};
use crate::sip::ua::Command;
use crate::sip::wire::{Uri, is_public_number};

/// So many of those who match are offered while somebody types.
const OFFERED: usize = 6;

/// Somebody to whom a call may be transferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The name, where there is one.
    pub name: Option<String>,
    /// The number or address, as it was written.
    pub address: String,
    /// What is known of them, where that is asked for.
    pub lamp: Option<Lamp>,
}

impl Phone {
    /// Watches this address, to which the user writes, besides the favourites.
    pub fn watch(&mut self, writing_to: Option<Uri>) -> Vec<Command> {
        self.writing_to = writing_to;
        self.watch_wanted()
    }

    /// What is known of this address, if it is watched.
    pub fn lamp(&self, address: &Uri) -> Lamp {
        self.lamps.lamp(address).unwrap_or(Lamp::Unknown)
    }

    /// What is known of a favourite, at whatever number; nothing where none is one of our domain.
    pub fn favourite_lamp(&self, contact: &Contact) -> Option<Lamp> {
        let numbers = contact.numbers.iter().filter(|_| contact.favourite);
        let own = numbers.filter_map(|number| self.own_address(&number.value));
        own.map(|address| self.lamp(&address)).max()
    }

    /// To whom a call may be transferred: the contacts that match what is typed, or the favourites
    /// before anything is.
    pub fn targets(&self, typed: &str) -> Vec<Target> {
        if !typed.trim().is_empty() {
            let found = self.contacts.suggest(typed, OFFERED).into_iter();
            let found = found.filter(|found| !mean_the_same(&found.address, typed));
            return found.map(|found| self.target(found.name, found.address)).collect();
        }
        let favourites = self.contacts.all().take_while(|contact| contact.favourite);
        let with_number = favourites.filter_map(|contact| {
            let mut numbers = contact.numbers.iter().map(|number| &number.value);
            let own = numbers.clone().find(|number| self.own_address(number).is_some());
            let number = own.or(numbers.next())?;
            Some(self.target(Some(contact.name.clone()), number.clone()))
        });
        with_number.take(MOST).collect()
    }

    /// Brings the subscriptions up to what is wanted.
    pub(super) fn watch_wanted(&mut self) -> Vec<Command> {
        if self.stage != Stage::SignedIn {
            return Vec::new();
        }
        let favourites = self.contacts.all().take_while(|contact| contact.favourite);
        let numbers = favourites.flat_map(|contact| &contact.numbers);
        let own = numbers.filter_map(|number| self.own_address(&number.value));
        // Whoever writes from elsewhere is not told when it is read.
        let writing_to = self.writing_to.iter().filter(|address| self.is_of_domain(address));
        let wanted = writing_to.cloned().chain(own).collect();
        self.lamps.watch(wanted)
    }

    fn target(&self, name: Option<String>, address: String) -> Target {
        let lamp = self.own_address(&address).and_then(|own| self.lamps.lamp(&own));
        Target { name, address, lamp }
    }

    /// The address of a telephone of our domain, whose server may tell of it.
    fn own_address(&self, number: &str) -> Option<Uri> {
        let address = self.address(number)?;
        let is_own = self.is_of_domain(&address);
        (is_own && !is_public_number(&address.user()?)).then_some(address)
    }

    /// Whether an address is at our server.
    pub(super) fn is_of_domain(&self, address: &Uri) -> bool {
        address.host().is_some_and(|host| host.eq_ignore_ascii_case(&self.domain))
    }
}
