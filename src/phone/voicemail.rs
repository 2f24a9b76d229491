//! The mailbox of the account: whether messages wait (RFC 3842), and what plays them.

use crate::sip::ua::{Command, Package, SubscriptionId};
use crate::sip::wire::{MessageSummary, Uri};

/// The subscription to the mailbox, apart from those to other telephones.
pub const SUBSCRIPTION: SubscriptionId = SubscriptionId(u32::MAX);

/// The mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    address: Option<Uri>,
    number: Option<Uri>,
    summary: Option<MessageSummary>,
}

impl Mailbox {
    /// The mailbox of the account `address`; `number` plays its messages unless the server names
    /// another.
    pub fn new(address: Uri, number: Option<Uri>) -> Self {
        Self { address: Some(address), number, summary: None }
    }

    /// From now on `number` plays the messages, unless the server names another.
    pub fn set_number(&mut self, number: Option<Uri>) {
        self.number = number;
    }

    /// What to call to hear the messages.
    pub fn target(&self) -> Option<&Uri> {
        let told = self.summary.as_ref().and_then(|summary| summary.account.as_ref());
        told.or(self.number.as_ref())
    }

    /// How many messages wait to be heard, where any do. Zero where the server does not count.
    pub fn waiting(&self) -> Option<u32> {
        let summary = self.summary.as_ref()?;
        let new = summary.voice.map_or(0, |voice| voice.new);
        (summary.waiting || new > 0).then_some(new)
    }

    /// Asks the server to tell of the mailbox. A server that does not will not be asked again.
    pub(super) fn subscribe(&self) -> Option<Command> {
        let target = self.address.clone()?;
        Some(Command::Subscribe { id: SUBSCRIPTION, target, package: Package::MessageSummary })
    }

    /// The server tells what waits.
    pub(super) fn tell(&mut self, summary: MessageSummary) {
        self.summary = Some(summary);
    }
}
