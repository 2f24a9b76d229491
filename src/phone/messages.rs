//! The text messages, as conversations with one party each.
//!
//! Each message is kept by itself, so that two pages of one account, open side by side, do not
//! lose each other's. One that came in has the same number in both.

use super::call::{MOST_OF_ADDRESS, NOBODY, Party, plain_address};
use super::contacts::Contacts;
use super::kept::{Shelf, Write, fresh_id};
use super::stored_messages::StoredMessage;
use crate::sip::ua::{Caller, Command, MessageEvent, MessageId};
use crate::sip::wire::{Host, MOST_MARKS, SipUri, Uri, is_hidden, is_mark};

/// No more messages are held and kept.
const MOST: usize = 1000;
/// So many line ends are kept of those that follow each other.
const MOST_LINE_ENDS: u32 = 3;
/// Numbers from here on are those of messages that came in, by the key that the user agent gives
/// them. The numbers of our own are moments in milliseconds, which are far below.
const CAME_IN: u64 = 1 << 52;

/// All conversations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages {
    /// The one with the newest message first.
    conversations: Vec<Conversation>,
    /// How many messages there have been, which numbers them for the user agent.
    count: u32,
    deleted: Option<Conversation>,
}

/// The messages with one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The address of the other side, in one way of writing it.
    pub address: Uri,
    /// The other side, as it showed itself last.
    pub party: Party,
    /// The messages, the oldest first. There is at least one.
    pub messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What the user agent calls it.
    pub id: MessageId,
    /// The number under which it is kept.
    pub number: u64,
    /// The text, of which nothing is hidden from the reader. Lines end with `\n`.
    pub text: String,
    /// When it was sent or came in, in milliseconds since 1970.
    pub at: u64,
    /// What became of it.
    pub delivery: Delivery,
    /// What a newer telephone has written of it besides.
    pub(super) rest: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It came in, and the user has not seen it.
    Unread,
    /// It came in and was seen.
    Read,
    /// It is on its way.
    Sending,
    /// The far end, or a server that keeps messages, has it.
    Delivered,
    /// It was not delivered, for the reason that this SIP status gives.
    Failed(u16),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Contact,
    Correspondent,
    Stranger,
}

impl Message {
    /// Whether we wrote it.
    pub fn is_ours(&self) -> bool {
        !matches!(self.delivery, Delivery::Unread | Delivery::Read)
    }
}

impl Conversation {
    /// How many messages the user has not seen.
    pub fn unread(&self) -> usize {
        self.messages.iter().filter(|message| message.delivery == Delivery::Unread).count()
    }

    /// What the other side is to the user: a contact, somebody the user has written to, or neither.
    fn standing(&self, contacts: &Contacts) -> Standing {
        if contacts.owner_of(&self.party.address).is_some() {
            Standing::Contact
        } else if self.messages.iter().any(Message::is_ours) {
            Standing::Correspondent
        } else {
            Standing::Stranger
        }
    }

    /// This became of a message of ours.
    fn settle(&mut self, id: MessageId, delivery: Delivery) -> Option<Write> {
        let mut all = self.messages.iter_mut();
        let message = all.find(|message| message.id == id && message.is_ours())?;
        message.delivery = delivery;
        let number = message.number;
        self.put(number)
    }

    /// Keeps the message of this number.
    fn put(&self, number: u64) -> Option<Write> {
        let message = self.messages.iter().find(|message| message.number == number)?;
        let stored = StoredMessage {
            number,
            address: self.address.clone(),
            name: self.party.name.clone(),
            text: message.text.clone(),
            at: message.at,
            delivery: message.delivery,
            rest: message.rest.clone(),
        };
        Some(stored.put())
    }
}

impl Messages {
    /// All conversations, the one with the newest message first.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation with this address, if there is one.
    pub fn with(&self, address: &Uri) -> Option<&Conversation> {
        let address = plain_address(address);
        self.conversations.iter().find(|conversation| conversation.address == address)
    }

    /// How many messages the user has not seen.
    pub fn unread(&self) -> usize {
        self.conversations.iter().map(Conversation::unread).sum()
    }

    /// Takes in what earlier visits kept, and returns what is too old to be kept on.
    pub(super) fn load(
        &mut self,
        texts: &[String],
        domain: &str,
        contacts: &Contacts,
    ) -> Vec<Write> {
        let read = texts.iter().filter_map(|text| StoredMessage::read(text));
        let mut read: Vec<_> = read.filter(|read| !self.has(read.number)).collect();
        read.sort_by_key(|read| (read.at, read.number));
        for StoredMessage { number, address, name, text, at, delivery, rest } in read {
            let party = Party::of(name, &address, domain);
            let id = self.next_id();
            self.insert(address, party, Message { id, number, text, at, delivery, rest });
        }
        for conversation in &mut self.conversations {
            conversation.messages.sort_by_key(|message| message.at);
        }
        self.arrange();
        self.make_room(contacts)
    }

    /// Takes in what happened to a message at the moment `at`.
    pub(super) fn handle(
        &mut self,
        event: MessageEvent,
        at: u64,
        domain: &str,
        contacts: &Contacts,
    ) -> Vec<Write> {
        match event {
            MessageEvent::Received { from, text, key } => {
                let mut writes = self.receive(&from, &text, key | CAME_IN, at, domain);
                writes.extend(self.make_room(contacts));
                writes
            }
            MessageEvent::Delivered(id) => self.settle(id, Delivery::Delivered),
            MessageEvent::Failed { id, status, .. } => self.settle(id, Delivery::Failed(status)),
        }
    }

    /// Sends a text. What has nothing to read in it is not sent.
    pub(super) fn send(
        &mut self,
        to: &Uri,
        text: &str,
        at: u64,
        domain: &str,
        contacts: &Contacts,
    ) -> Option<(Command, Vec<Write>)> {
        let text = readable(text);
        if text.is_empty() {
            return None;
        }
        let address = plain_address(to);
        let known = self.with(&address).map(|conversation| conversation.party.clone());
        let party = known.unwrap_or_else(|| Party::of(None, &address, domain));
        let own = self.all().map(|message| message.number).filter(|number| *number < CAME_IN);
        let number = fresh_id(at, own.max());
        let id = self.next_id();
        let (delivery, rest) = (Delivery::Sending, String::new());
        let message = Message { id, number, text: text.clone(), at, delivery, rest };
        let mut writes = self.add(address.clone(), party, message);
        writes.extend(self.make_room(contacts));
        Some((Command::SendMessage { id, to: address, text }, writes))
    }

    /// Sends once more what was not delivered.
    pub(super) fn retry(&mut self, id: MessageId) -> Option<Command> {
        let failed = |message: &&mut Message| {
            message.id == id && matches!(message.delivery, Delivery::Failed(_))
        };
        self.conversations.iter_mut().find_map(|conversation| {
            let message = conversation.messages.iter_mut().find(failed)?;
            message.delivery = Delivery::Sending;
            let (to, text) = (conversation.address.clone(), message.text.clone());
            Some(Command::SendMessage { id, to, text })
        })
    }

    /// The user has seen all messages of this conversation.
    pub(super) fn mark_read(&mut self, address: &Uri) -> Vec<Write> {
        let address = plain_address(address);
        let mut all = self.conversations.iter_mut();
        let Some(conversation) = all.find(|conversation| conversation.address == address) else {
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for message in &mut conversation.messages {
            if message.delivery == Delivery::Unread {
                message.delivery = Delivery::Read;
                numbers.push(message.number);
            }
        }
        numbers.into_iter().filter_map(|number| conversation.put(number)).collect()
    }

    /// Deletes a conversation, which can be undone until the next is deleted.
    pub(super) fn delete(&mut self, address: &Uri) -> Vec<Write> {
        let address = plain_address(address);
        let Some(index) = self.conversations.iter().position(|with| with.address == address) else {
            return Vec::new();
        };
        let conversation = self.conversations.remove(index);
        let writes = conversation.messages.iter().map(|message| forget(message.number)).collect();
        self.deleted = Some(conversation);
        writes
    }

    /// The conversation that [`Self::undo`] would bring back.
    pub fn deleted(&self) -> Option<&Conversation> {
        self.deleted.as_ref()
    }

    /// Brings back what was deleted last, with what was written meanwhile.
    pub(super) fn undo(&mut self, contacts: &Contacts) -> Vec<Write> {
        let Some(deleted) = self.deleted.take() else { return Vec::new() };
        let put = |message: &Message| deleted.put(message.number);
        let mut writes: Vec<_> = deleted.messages.iter().filter_map(put).collect();
        let known = self.conversations.iter_mut().find(|with| with.address == deleted.address);
        match known {
            Some(conversation) => drop(conversation.messages.splice(0..0, deleted.messages)),
            None => self.conversations.push(deleted),
        }
        self.arrange();
        writes.extend(self.make_room(contacts));
        writes
    }

    /// What was deleted stays so.
    pub(super) fn forget_deleted(&mut self) {
        self.deleted = None;
    }

    fn receive(
        &mut self,
        from: &Caller,
        text: &str,
        number: u64,
        at: u64,
        domain: &str,
    ) -> Vec<Write> {
        let text = readable(text);
        // What came to another page of this account may have been read from there.
        if text.is_empty() || self.has(number) {
            return Vec::new();
        }
        let (party, uri) = Party::of_caller(from, domain);
        let id = self.next_id();
        let (delivery, rest) = (Delivery::Unread, String::new());
        let message = Message { id, number, text, at, delivery, rest };
        // Who hides is not kept.
        let address = (!party.hidden).then(|| plain_address(&uri));
        let address = address.filter(|address| address.to_string().len() <= MOST_OF_ADDRESS);
        let address = address.unwrap_or_else(nobody);
        self.add(address, party, message)
    }

    fn settle(&mut self, id: MessageId, delivery: Delivery) -> Vec<Write> {
        // It may come back.
        if let Some(deleted) = &mut self.deleted {
            deleted.settle(id, delivery);
        }
        let mut all = self.conversations.iter_mut();
        all.find_map(|with| with.settle(id, delivery)).into_iter().collect()
    }

    /// Puts a new message at the end of its conversation, and the conversation in front.
    fn add(&mut self, address: Uri, party: Party, message: Message) -> Vec<Write> {
        let number = message.number;
        self.insert(address, party, message);
        let put = self.conversations.first().and_then(|with| with.put(number));
        put.into_iter().collect()
    }

    fn insert(&mut self, address: Uri, party: Party, message: Message) {
        let known = self.conversations.iter().position(|with| with.address == address);
        let mut conversation = match known {
            Some(index) => self.conversations.remove(index),
            None => Conversation { address, party: party.clone(), messages: Vec::new() },
        };
        conversation.party = party;
        conversation.messages.push(message);
        self.conversations.insert(0, conversation);
    }

    /// Puts the conversation with the newest message first.
    fn arrange(&mut self) {
        let newest = |with: &Conversation| with.messages.last().map(|message| message.at);
        self.conversations.sort_by_key(|with| std::cmp::Reverse(newest(with)));
    }

    /// Forgets messages where there are too many: the oldest of the longest conversation, of those
    /// with strangers first whom the user has never written to, then of those with other strangers.
    /// Nobody deletes what contacts have written by writing much, and the newest message stays.
    fn make_room(&mut self, contacts: &Contacts) -> Vec<Write> {
        let mut writes = Vec::new();
        for _ in MOST..self.all().count() {
            let rank = |with: &&mut Conversation| {
                let oldest = with.messages.first().map(|first| first.at);
                (with.standing(contacts), with.messages.len(), std::cmp::Reverse(oldest))
            };
            // The first conversation is that of the newest message.
            let places = self.conversations.iter_mut().enumerate();
            let open = places.filter(|(place, with)| *place > 0 || with.messages.len() > 1);
            if let Some(conversation) = open.map(|(_, with)| with).max_by_key(rank) {
                writes.push(forget(conversation.messages.remove(0).number));
                self.conversations.retain(|with| !with.messages.is_empty());
            }
        }
        writes
    }

    fn all(&self) -> impl Iterator<Item = &Message> {
        self.conversations.iter().flat_map(|with| &with.messages)
    }

    fn has(&self, number: u64) -> bool {
        self.all().any(|message| message.number == number)
    }

    fn next_id(&mut self) -> MessageId {
        self.count = self.count.wrapping_add(1);
        MessageId(self.count)
    }
}

fn forget(number: u64) -> Write {
    Write::Delete(Shelf::Messages, number)
}

/// The address of those who do not want to be known.
fn nobody() -> Uri {
    Uri::Sip(SipUri::new(Some("anonymous"), Host::Name(NOBODY.into())))
}

/// A text as it can be shown: lines end with `\n`, and control characters are gone, as are those
/// that reorder the letters around them. The direction of each line follows from its letters.
fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_shown = |c: char| c == '\n' || c == '\t' || !is_hidden(c) || is_joiner(c);
    let mut shown = String::with_capacity(text.len());
    let (mut lines, mut marks) = (0, 0);
    for c in text.chars().filter(|c| is_shown(*c)) {
        // More than one empty line, or more marks than any script puts on a letter, hide what is around.
        lines = if c == '\n' {
            lines + 1
        } else if c.is_whitespace() {
            lines
        } else {
            0
        };
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if lines <= MOST_LINE_ENDS && marks <= MOST_MARKS {
            shown.push(c);
        }
    }
    shown.trim().to_owned()
}

/// What makes one picture or one letter form of several, as many scripts and all emoji need.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}
