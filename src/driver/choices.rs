//! What the user chooses, what is kept of it, and the calls that are answered without the user.

use super::{Driver, keep};
use crate::phone::{Notice, Party, Phone, Settings};
use crate::platform::{Timeout, clock, page};
use crate::sip::ua::{CallEvent, CallId, Event};
use crate::sip::wire::Uri;

/// The call that is to be answered without the user, and the timer that waits for its moment.
pub(super) type Answering = Option<(CallId, Timeout)>;

impl Driver {
    /// Changes the settings, and keeps them.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings();
        change(&mut settings);
        self.set_settings(settings);
    }

    /// Rings once, for the user to hear what is chosen.
    pub fn try_ringing(&self) {
        let inner = self.0.borrow();
        inner.sound.ring(inner.phone.settings(), true);
    }

    /// Sounds once where calls are heard.
    pub fn try_speaker(&self) {
        self.0.borrow().sound.alert();
    }

    fn settings(&self) -> Settings {
        self.0.borrow().phone.settings().clone()
    }

    fn set_settings(&self, settings: Settings) {
        keep::keep_settings(&self.0.borrow().account, &settings);
        let renew = settings.denoise != self.settings().denoise;
        self.with_servers(|servers| servers.choose_relay_only(settings.relay_only));
        self.operate(|phone| phone.set_settings(settings));
        if renew {
            self.renew_microphone();
        }
    }

    /// The user should be told this.
    pub fn tell(&self, notice: Notice) {
        self.update(|phone| phone.notify(notice));
    }

    /// The user has seen the conversation with this address.
    pub fn mark_read(&self, address: &Uri) {
        self.update(|phone| phone.mark_read(address));
    }

    /// Deletes the conversation with this address.
    pub fn delete_conversation(&self, address: &Uri) {
        self.update(|phone| phone.delete_conversation(address));
    }

    /// Brings back the conversation that was deleted last.
    pub fn undo_conversation(&self) {
        self.update(Phone::undo_conversation);
    }

    /// The conversation that was deleted last stays so.
    pub fn forget_conversation(&self) {
        self.update(Phone::forget_conversation);
    }

    /// Waits for the moment at which a call is to be answered, if there is such a call.
    pub(super) fn wait_to_answer(&self) {
        let mut inner = self.0.borrow_mut();
        let due = inner.phone.auto_answer();
        let waits_for = inner.answering.as_ref().map(|(id, _)| *id);
        if due.map(|(id, _)| id) == waits_for {
            return;
        }
        inner.answering = due.map(|(id, at)| {
            let driver = self.clone();
            let answer = move || {
                driver.operate(|phone| phone.answer_by_itself(id));
                driver.0.borrow().sound.alert();
            };
            (id, Timeout::new(at - clock::now(), answer))
        });
    }
}

/// Tells the page around the telephone who calls, when somebody does. It is told later, as what
/// it does then may come back here.
pub(super) fn announce(event: &Event, domain: &str) {
    let Event::Call(_, CallEvent::Incoming(caller)) = event else { return };
    if caller.takes_over {
        return; // For the user it is the call that there is.
    }
    let (party, uri) = Party::of_caller(caller, domain);
    let address = (!party.hidden).then(|| uri.to_string());
    let headers = caller.headers.clone();
    wasm_bindgen_futures::spawn_local(async move {
        page::announce_call(party.name.as_deref(), address.as_deref(), &headers);
    });
}
