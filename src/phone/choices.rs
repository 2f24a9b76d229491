//! What the user does besides calls: settings and text messages.

use super::messages::Messages;
use super::{Notice, Phone, Settings};
use crate::sip::ua::{CallId, Command, MessageEvent, MessageId};
use crate::sip::wire::Uri;
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
        let number = self.address(&self.settings.voicemail);
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

    /// Takes in the messages that earlier visits kept.
    pub(super) fn load_messages(&mut self, texts: &[String]) {
        let messages = Arc::make_mut(&mut self.messages);
        let writes = messages.load(texts, &self.domain, &self.contacts);
        self.writes.extend(writes);
    }

    /// Sends a text. `None` is what cannot be written to.
    pub fn send_message(&mut self, to: Option<Uri>, text: &str) -> Vec<Command> {
        let Some(to) = to else {
            self.notice = Some(Notice::CannotDial);
            return Vec::new();
        };
        let (messages, at) = (Arc::make_mut(&mut self.messages), self.time_of_day);
        let sent = messages.send(&to, text, at, &self.domain, &self.contacts);
        let Some((command, writes)) = sent else { return Vec::new() };
        self.writes.extend(writes);
        vec![command]
    }

    /// Sends once more what was not delivered.
    pub fn retry_message(&mut self, id: MessageId) -> Vec<Command> {
        self.messages_mut().retry(id).into_iter().collect()
    }

    /// The user has seen the conversation with this address.
    pub fn mark_read(&mut self, address: &Uri) {
        let writes = self.messages_mut().mark_read(address);
        self.writes.extend(writes);
    }

    /// Deletes the conversation with this address, which can be undone until the next is deleted.
    pub fn delete_conversation(&mut self, address: &Uri) {
        let writes = self.messages_mut().delete(address);
        self.writes.extend(writes);
    }

    /// Brings back the conversation that was deleted last.
    pub fn undo_conversation(&mut self) {
        let writes = Arc::make_mut(&mut self.messages).undo(&self.contacts);
        self.writes.extend(writes);
    }

    /// The conversation that was deleted last stays so.
    pub fn forget_conversation(&mut self) {
        self.messages_mut().forget_deleted();
    }

    pub(super) fn handle_message(&mut self, event: MessageEvent) -> Vec<Command> {
        let (messages, at) = (Arc::make_mut(&mut self.messages), self.time_of_day);
        let writes = messages.handle(event, at, &self.domain, &self.contacts);
        self.writes.extend(writes);
        Vec::new()
    }

    fn messages_mut(&mut self) -> &mut Messages {
        Arc::make_mut(&mut self.messages)
    }
}
