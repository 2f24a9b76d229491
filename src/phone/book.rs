//! What the telephone knows of people, its mailbox and its calls of the past.

use super::Phone;
use super::call::{Call, Party};
use super::contacts::Contacts;
use super::entry::Finished;
use super::voicemail::Mailbox;
use crate::sip::ua::{Command, EndReason};
use crate::sip::wire::Uri;
use crate::time::Instant;
use std::sync::Arc;

impl Phone {
    /// The people.
    pub fn contacts(&self) -> &Arc<Contacts> {
        &self.contacts
    }

    /// The people are others now: the calls that there are get their names, and the favourites are
    /// watched.
    pub fn set_contacts(&mut self, contacts: Arc<Contacts>) -> Vec<Command> {
        self.contacts = contacts;
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

    /// The calls that ended since this was asked last, for the history.
    pub fn take_finished(&mut self) -> Vec<Finished> {
        std::mem::take(&mut self.finished)
    }

    /// The party under the name that the user gave it, where the user knows it.
    pub fn known(&self, mut party: Party) -> Party {
        if let Some(owner) = self.contacts.owner_of(&party.address) {
            party.known = owner.is_at(&party.address);
            party.name = Some(owner.name.clone());
        }
        party
    }

    /// Who has this address.
    pub(super) fn party(&self, uri: &Uri) -> Party {
        self.known(Party::of(None, uri, &self.domain))
    }

    /// Notes a call that is over.
    pub(super) fn finish(&mut self, now: Instant, call: &Call, reason: &EndReason) {
        let (mut call, reason) = (call.clone(), reason.clone());
        // The address to call back is that with which the call began.
        if let Some(party) = call.began_with.take() {
            call.party = party;
        }
        self.finished.push(Finished { call, ended: now, reason });
    }
}
