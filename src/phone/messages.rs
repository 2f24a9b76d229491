//! The text messages, as conversations with one party each.
//!
//! What is kept over a restart goes out as [`StoredMessage`]s and comes back as such; where they
//! are kept is not known here.

use super::call::Party;
use super::stored_messages::StoredMessage;
use crate::sip::ua::{Caller, Command, MessageEvent, MessageId};
use crate::sip::wire::{SipUri, Uri};

/// No more messages are held; the oldest go first.
pub(super) const MOST: usize = 1000;

/// All conversations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages {
    /// The one with the newest message first.
    conversations: Vec<Conversation>,
    /// How many messages there have been, which numbers them.
    count: u32,
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
    /// Its number on this telephone.
    pub id: MessageId,
    /// The text, of which nothing is hidden from the reader. Lines end with `\n`.
    pub text: String,
    /// When it was sent or came in, in milliseconds since 1970.
    pub at: u64,
    /// What became of it.
    pub delivery: Delivery,
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
}

impl Messages {
    /// All conversations, the one with the newest message first.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation with this address, if there is one.
    pub fn with(&self, address: &Uri) -> Option<&Conversation> {
        let address = conversation_address(address);
        self.conversations.iter().find(|conversation| conversation.address == address)
    }

    /// How many messages the user has not seen.
    pub fn unread(&self) -> usize {
        self.conversations.iter().map(Conversation::unread).sum()
    }

    /// Takes what was kept, the oldest first, in place of all that is here.
    pub(super) fn load(stored: Vec<StoredMessage>, domain: &str) -> Self {
        let mut messages = Self::default();
        for StoredMessage { address, name, text, at, delivery } in stored {
            let party = Party::of(name, &address, domain);
            messages.add(address, party, text, at, delivery);
        }
        messages
    }

    /// What is to be kept, the oldest first.
    pub fn stored(&self) -> Vec<StoredMessage> {
        let mut all: Vec<_> = self
            .conversations
            .iter()
            .flat_map(|with| with.messages.iter().map(move |message| (with, message)))
            .collect();
        all.sort_by_key(|(_, message)| message.id);
        let stored = |(with, message): (&Conversation, &Message)| StoredMessage {
            address: with.address.clone(),
            name: with.party.name.clone(),
            text: message.text.clone(),
            at: message.at,
            delivery: message.delivery,
        };
        all.into_iter().map(stored).collect()
    }

    /// Takes in what happened to a message at the moment `at`.
    pub(super) fn handle(&mut self, event: MessageEvent, at: u64, domain: &str) {
        match event {
            MessageEvent::Received { from, text, .. } => self.receive(&from, &text, at, domain),
            MessageEvent::Delivered(id) => self.settle(id, Delivery::Delivered),
            MessageEvent::Failed { id, status, .. } => self.settle(id, Delivery::Failed(status)),
        }
    }

    /// Sends a text. What has nothing to read in it is not sent.
    pub(super) fn send(&mut self, to: &Uri, text: &str, at: u64, domain: &str) -> Option<Command> {
        let text = readable(text);
        if text.is_empty() {
            return None;
        }
        let address = conversation_address(to);
        let known = self.with(&address).map(|conversation| conversation.party.clone());
        let party = known.unwrap_or_else(|| Party::of(None, &address, domain));
        let id = self.add(address.clone(), party, text.clone(), at, Delivery::Sending);
        Some(Command::SendMessage { id, to: address, text })
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
    pub(super) fn mark_read(&mut self, address: &Uri) {
        let address = conversation_address(address);
        let mut all = self.conversations.iter_mut();
        let Some(conversation) = all.find(|conversation| conversation.address == address) else {
            return;
        };
        for message in &mut conversation.messages {
            if message.delivery == Delivery::Unread {
                message.delivery = Delivery::Read;
            }
        }
    }

    /// Forgets a conversation.
    pub(super) fn delete(&mut self, address: &Uri) {
        let address = conversation_address(address);
        self.conversations.retain(|conversation| conversation.address != address);
    }

    fn receive(&mut self, from: &Caller, text: &str, at: u64, domain: &str) {
        let text = readable(text);
        if !text.is_empty() {
            let (party, uri) = Party::of_caller(from, domain);
            self.add(conversation_address(&uri), party, text, at, Delivery::Unread);
        }
    }

    fn settle(&mut self, id: MessageId, delivery: Delivery) {
        let mut all = self.conversations.iter_mut().flat_map(|with| with.messages.iter_mut());
        if let Some(message) = all.find(|message| message.id == id && message.is_ours()) {
            message.delivery = delivery;
        }
    }

    /// Puts a message at the end of its conversation, and the conversation in front.
    fn add(
        &mut self,
        address: Uri,
        party: Party,
        text: String,
        at: u64,
        delivery: Delivery,
    ) -> MessageId {
        self.count = self.count.wrapping_add(1);
        let id = MessageId(self.count);
        let message = Message { id, text, at, delivery };
        let known = self.conversations.iter().position(|with| with.address == address);
        let mut conversation = match known {
            Some(index) => self.conversations.remove(index),
            None => Conversation { address, party: party.clone(), messages: Vec::new() },
        };
        conversation.party = party;
        conversation.messages.push(message);
        self.conversations.insert(0, conversation);
        self.make_room();
        id
    }

    /// Forgets the oldest message where there are too many.
    fn make_room(&mut self) {
        let held: usize = self.conversations.iter().map(|with| with.messages.len()).sum();
        let oldest = |with: &&mut Conversation| with.messages.first().map(|message| message.id);
        if held > MOST
            && let Some(conversation) = self.conversations.iter_mut().min_by_key(oldest)
        {
            conversation.messages.remove(0);
            self.conversations.retain(|with| !with.messages.is_empty());
        }
    }
}

/// The address that stands for all ways of writing it: without what concerns only one request,
/// and the host in small letters.
fn conversation_address(uri: &Uri) -> Uri {
    match uri {
        Uri::Sip(sip) => {
            let host = sip.host.to_string().to_ascii_lowercase();
            let host = crate::sip::wire::Host::parse(&host).unwrap_or_else(|_| sip.host.clone());
            let mut plain = SipUri::new(uri.user().as_deref(), host);
            plain.secure = sip.secure;
            plain.port = sip.port;
            Uri::Sip(plain)
        }
        other => other.clone(),
    }
}

/// A text as it can be shown: lines end with `\n`, and control characters are gone, as are those
/// that reorder the letters around them. The direction of each line follows from its letters.
fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_shown = |c: &char| {
        let reorders = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        !(reorders || (c.is_control() && !matches!(c, '\n' | '\t')))
    };
    let shown: String = text.chars().filter(is_shown).collect();
    shown.trim().to_owned()
}
