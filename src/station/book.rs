//! What can be asked of the history, the contacts and the text messages.

use crate::phone::Phone;
use crate::phone::contact::Contact;
use crate::sip::ua::{Command, MessageId};
use crate::sip::wire::Uri;

/// Something to do with the calls of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryAct {
    /// They were looked at.
    Look,
    /// Delete one, which can be undone until the next is deleted.
    Delete(u64),
    /// Delete all, which can be undone as well.
    DeleteAll,
    /// Bring back what was deleted last.
    Undo,
    /// What was deleted last stays so.
    Forget,
}

/// Something to do with the people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactAct {
    /// Keep somebody, new or changed.
    Save(Box<Contact>),
    /// Make somebody a favourite, or no longer.
    ToggleFavourite(u64),
    /// Delete somebody, which can be undone until the next is deleted.
    Delete(u64),
    /// Bring back who was deleted last.
    Undo,
    /// Who was deleted last stays so.
    Forget,
    /// Take in the contacts of a file. [`Phone::imported`] says what became of them.
    Import(Vec<Contact>),
}

/// Something to do with the text messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageAct {
    /// Send a text.
    Send {
        /// To whom.
        to: Uri,
        /// The text.
        text: String,
    },
    /// Send once more what was not delivered.
    Retry(MessageId),
    /// The conversation with this address was seen.
    Read(Uri),
    /// Delete the conversation with this address, which can be undone until the next is deleted.
    Delete(Uri),
    /// Bring back the conversation that was deleted last.
    Undo,
    /// The conversation that was deleted last stays so.
    Forget,
}

impl HistoryAct {
    pub(super) fn perform(self, phone: &mut Phone) {
        phone.change_history(|all| match self {
            Self::Look => all.look().into_iter().collect(),
            Self::Delete(id) => all.delete(id).into_iter().collect(),
            Self::DeleteAll => all.delete_all(),
            Self::Undo => all.undo(),
            Self::Forget => {
                all.forget_deleted();
                Vec::new()
            }
        });
    }
}

impl ContactAct {
    pub(super) fn perform(self, phone: &mut Phone) -> Vec<Command> {
        let mut imported = None;
        let commands = phone.change_contacts(|all, now| {
            let write = match self {
                Self::Save(contact) => all.save(*contact, now),
                Self::ToggleFavourite(id) => all.toggle_favourite(id),
                Self::Delete(id) => all.delete(id),
                Self::Undo => all.undo(),
                Self::Forget => {
                    all.forget_deleted();
                    None
                }
                Self::Import(cards) => {
                    let (outcome, writes) = all.import(cards, now);
                    imported = Some(outcome);
                    return writes;
                }
            };
            write.into_iter().collect()
        });
        if let Some(imported) = imported {
            phone.set_imported(imported);
        }
        commands
    }
}

impl MessageAct {
    pub(super) fn perform(self, phone: &mut Phone) -> Vec<Command> {
        match self {
            Self::Send { to, text } => return phone.send_message(Some(to), &text),
            Self::Retry(id) => return phone.retry_message(id),
            Self::Read(address) => phone.mark_read(&address),
            Self::Delete(address) => phone.delete_conversation(&address),
            Self::Undo => phone.undo_conversation(),
            Self::Forget => phone.forget_conversation(),
        }
        Vec::new()
    }
}
