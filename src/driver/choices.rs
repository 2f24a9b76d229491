//! What the user chooses: what is kept of it, and what follows in the browser.

use super::{Driver, keep};
use crate::phone::{Notice, Setting};

impl Driver {
    /// Keeps a choice, and has the browser follow it.
    pub(super) fn follow_choice(&self, choice: &Setting) {
        {
            let inner = self.0.borrow();
            keep::keep_settings(
                &inner.account,
                inner.station.phone().settings(),
                &inner.provision.settings,
            );
        }
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
