//! The mailbox of the account: whether messages wait (RFC 3842), and what plays them.

use crate::sip::ua::{Command, Package, SubscriptionId};
use crate::sip::wire::{MessageSummary, Uri};

/// The subscription to the mailbox, apart from those to other telephones.
pub const SUBSCRIPTION: SubscriptionId = SubscriptionId(u32::MAX);

/// The mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    address: Option<Uri>,
    chosen: Option<Uri>,
    proposed: Option<Uri>,
    summary: Option<MessageSummary>,
}

impl Mailbox {
    /// The mailbox of the account `address`; the `proposed` number plays its messages where
    /// neither the user nor the server names one.
    pub fn new(address: Uri, proposed: Option<Uri>) -> Self {
        Self { address: Some(address), proposed, ..Self::default() }
    }

    /// The user wants this number to play the messages, or the one that it would be otherwise.
    pub fn choose(&mut self, number: Option<Uri>) {
        self.chosen = number;
    }

    /// What to call to hear the messages.
    pub fn target(&self) -> Option<&Uri> {
        self.chosen.as_ref().or(self.unchosen())
    }

    /// What to call as long as the user chooses nothing: what the server says goes before what the
    /// page proposes.
    pub fn unchosen(&self) -> Option<&Uri> {
        let told = self.summary.as_ref().and_then(|summary| summary.account.as_ref());
        told.or(self.proposed.as_ref())
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
