//! What the telephone knows of people, its mailbox and its calls of the past.

use super::call::{Call, Party};
use super::contacts::{Contacts, Imported, Suggestion};
use super::entry::Finished;
use super::history::History;
use super::kept::Write;
use super::numbers::mean_the_same;
use super::voicemail::Mailbox;
use super::{Phone, dial};
use crate::sip::ua::{Command, EndReason};
use crate::sip::wire::{Host, Uri};
use crate::time::Instant;
use std::sync::Arc;

impl Phone {
    /// The people.
    pub fn contacts(&self) -> &Arc<Contacts> {
        &self.contacts
    }

    /// The calls of the past.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Takes in what earlier visits kept: calls, marks, contacts and messages.
    pub fn load(&mut self, [calls, marks, people, messages]: [&[String]; 4]) -> Vec<Command> {
        let mut contacts = Arc::clone(&self.contacts);
        Arc::make_mut(&mut contacts).load(people);
        let commands = self.set_contacts(contacts);
        self.history.load(calls, marks, &self.contacts);
        // Which of them stay depends on who is a contact.
        self.load_messages(messages);
        commands
    }

    /// Changes the history.
    pub fn change_history(&mut self, change: impl FnOnce(&mut History) -> Vec<Write>) {
        let writes = change(&mut self.history);
        self.writes.extend(writes);
    }

    /// Changes the contacts. The function is given the time of day, in milliseconds since 1970.
    pub fn change_contacts(
        &mut self,
        change: impl FnOnce(&mut Contacts, u64) -> Vec<Write>,
    ) -> Vec<Command> {
        let mut contacts = Contacts::clone(&self.contacts);
        let writes = change(&mut contacts, self.time_of_day);
        self.writes.extend(writes);
        self.set_contacts(Arc::new(contacts))
    }

    /// What became of the contacts that were taken in last.
    pub fn imported(&self) -> Imported {
        self.imported
    }

    /// This became of the contacts of a file.
    pub(crate) fn set_imported(&mut self, imported: Imported) {
        self.imported = imported;
    }

    /// What is to be kept, since this was asked last.
    pub fn take_writes(&mut self) -> Vec<Write> {
        std::mem::take(&mut self.writes)
    }

    /// At most `most` of the contacts and of those with whom there were calls who match what is typed.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<Suggestion> {
        let mut found = self.contacts.suggest(typed, most);
        for suggestion in self.history.suggest(typed, &self.contacts, most) {
            if found.iter().all(|known| !mean_the_same(&known.address, &suggestion.address)) {
                found.push(suggestion);
            }
        }
        found.retain(|suggestion| !mean_the_same(&suggestion.address, typed));
        found.truncate(most);
        found
    }

    /// The people are others now: the calls that there are and were get their names, and the
    /// favourites are watched.
    pub fn set_contacts(&mut self, contacts: Arc<Contacts>) -> Vec<Command> {
        let before = std::mem::replace(&mut self.contacts, contacts);
        self.history.rename(&self.contacts, &before);
        let ids: Vec<_> = self.calls.all().iter().map(|call| call.id).collect();
        for id in ids {
            let Some(call) = self.calls.get(id) else { continue };
            let party = self.known(call.party.clone());
            if let Some(call) = self.calls.get_mut(id) {
                call.party = party;
            }
        }
        self.watch_wanted()
    }

    /// The mailbox.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// What plays the voicemail as long as the user chooses nothing, as it is shown.
    pub fn voicemail_unchosen(&self) -> Option<String> {
        self.mailbox.unchosen().map(|uri| Party::of(None, uri, &self.domain).address)
    }

    /// The account has this mailbox.
    pub fn set_mailbox(&mut self, mailbox: Mailbox) {
        self.mailbox = mailbox;
    }

    /// The party under the name that the user gave it, where the user knows it.
    pub fn known(&self, mut party: Party) -> Party {
        if let Some(owner) = self.contacts.owner_of(&party.address) {
            party.known = owner.is_at(&party.address);
            party.name = Some(owner.name.clone());
        }
        party
    }

    /// The address for what was typed, to be called: with the keys for later that
    /// [`dial::take_keys`] takes from it. `None` where it is neither a number nor an address.
    pub fn callee(&self, typed: &str) -> Option<Uri> {
        dial::parse_with_keys(typed, &Host::Name(self.domain.clone()))
    }

    /// The same, to be written to.
    pub fn address(&self, typed: &str) -> Option<Uri> {
        dial::parse(typed, &Host::Name(self.domain.clone()))
    }

    /// Who has this address.
    pub(super) fn party(&self, uri: &Uri) -> Party {
        self.known(Party::of(None, uri, &self.domain))
    }

    /// Takes a call that is over into the history.
    pub(super) fn finish(&mut self, now: Instant, call: &Call, reason: &EndReason) {
        let (mut call, reason) = (call.clone(), reason.clone());
        // The address to call back is that with which the call began.
        if let Some(party) = call.began_with.take() {
            call.party = party;
        }
        let finished = Finished { call, ended: now, reason };
        self.writes.extend(self.history.add(finished, self.time_of_day, &self.contacts));
    }
}
