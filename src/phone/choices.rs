//! What the user does besides calls: settings and text messages.

use super::messages::Messages;
use super::stored_messages::StoredMessage;
use super::{Notice, Phone, Settings, dial};
use crate::sip::ua::{CallId, Command, MessageEvent, MessageId};
use crate::sip::wire::{Host, Uri};
use crate::time::Instant;
use std::sync::Arc;

impl Phone {
    /// What the user has chosen.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes these choices, and returns what the user agent must know of them.
    pub fn set_settings(&mut self, settings: Settings) -> Vec<Command> {
        self.settings = settings;
        let number = dial::parse(&self.settings.voicemail, &Host::Name(self.domain.clone()));
        self.mailbox.choose(number);
        vec![
            Command::SetDoNotDisturb(self.settings.do_not_disturb),
            Command::SetMaxCalls(self.settings.max_calls),
            Command::SetFollowRedirects(self.settings.follow_redirects),
        ]
    }

    /// It is now so many milliseconds after the beginning of 1970.
    pub fn set_time_of_day(&mut self, milliseconds: u64) {
        self.time_of_day = milliseconds;
    }

    /// The call that is to be answered without the user, and when. No other call may be there.
    pub fn auto_answer(&self) -> Option<(CallId, Instant)> {
        match self.calls.all() {
            [call] if call.is_ringing() => call.answer_at.map(|at| (call.id, at)),
            _ => None,
        }
    }

    /// The moment of [`Self::auto_answer`] has come for this call.
    pub fn answer_by_itself(&mut self, id: CallId) -> Vec<Command> {
        if self.auto_answer().is_none_or(|(due, _)| due != id) {
            return Vec::new();
        }
        if let Some(call) = self.calls.get_mut(id) {
            call.answer_at = None;
        }
        self.answer(id, super::Others::Hold)
    }

    /// The text messages.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Takes the messages that were kept, the oldest first.
    pub fn load_messages(&mut self, stored: Vec<StoredMessage>) {
        self.messages = Arc::new(Messages::load(stored, &self.domain));
    }

    /// Whether the messages have changed since this was asked last, and are to be kept anew.
    pub fn take_messages_changed(&mut self) -> bool {
        std::mem::take(&mut self.messages_changed)
    }

    /// Sends a text. `None` is what cannot be written to.
    pub fn send_message(&mut self, to: Option<Uri>, text: &str) -> Vec<Command> {
        let Some(to) = to else {
            self.notice = Some(Notice::CannotDial);
            return Vec::new();
        };
        let at = self.time_of_day;
        let domain = self.domain.clone();
        self.messages_mut().send(&to, text, at, &domain).into_iter().collect()
    }

    /// Sends once more what was not delivered.
    pub fn retry_message(&mut self, id: MessageId) -> Vec<Command> {
        self.messages_mut().retry(id).into_iter().collect()
    }

    /// The user has seen the conversation with this address.
    pub fn mark_read(&mut self, address: &Uri) {
        self.messages_mut().mark_read(address);
    }

    /// Forgets the conversation with this address.
    pub fn delete_conversation(&mut self, address: &Uri) {
        self.messages_mut().delete(address);
    }

    pub(super) fn handle_message(&mut self, event: MessageEvent) -> Vec<Command> {
        let at = self.time_of_day;
        let domain = self.domain.clone();
        self.messages_mut().handle(event, at, &domain);
        Vec::new()
    }

    fn messages_mut(&mut self) -> &mut Messages {
        self.messages_changed = true;
        Arc::make_mut(&mut self.messages)
    }
}
