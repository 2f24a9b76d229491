//! What the user chooses: what follows from it in the browser.

use super::Driver;
use crate::phone::{Notice, Setting};

impl Driver {
    /// Has the browser follow a choice.
    pub(super) fn follow_choice(&self, choice: &Setting) {
        match choice {
            Setting::RelayOnly(on) => {
                self.with_servers(|servers| servers.choose_relay_only(*on));
            }
            Setting::Denoise(_) => self.renew_microphone(),
            _ => {}
        }
    }

    /// Rings once, for the user to hear what is chosen.
    pub(super) fn try_ringing(&self) {
        let inner = self.0.borrow();
        inner.sound.ring(inner.station.phone().settings(), true);
    }

    /// The user should be told this.
    pub(super) fn tell(&self, notice: Notice) {
        self.update(|phone| phone.notify(notice));
    }
}
