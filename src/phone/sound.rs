//! The telephone's devices, and what the user should know of them: that nobody hears the user, and
//! that the page cannot ring.

use super::{Notice, Others, Phone, Stage};
use crate::media::devices::{Change, Class, Device, Devices, Kind};
use crate::sip::ua::{Command, EndReason, MediaFailure};
use std::sync::Arc;

/// Why nobody hears the user of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// There is no microphone.
    Without(MediaFailure),
    /// The system gives silence from it, as telephones do to a page that was left.
    Silenced,
}

/// Whether a call goes on where the microphone cannot be had, so that the user can at least listen.
/// What the user or the page's circumstances forbid is asked about first.
pub fn listens_without(failure: MediaFailure) -> bool {
    use MediaFailure::{MicrophoneBroken, MicrophoneInUse, MicrophoneNotFound};
    matches!(failure, MicrophoneNotFound | MicrophoneInUse | MicrophoneBroken)
}

impl Phone {
    /// The devices of this browser.
    pub fn devices(&self) -> &Devices {
        &self.devices
    }

    /// Changes what is chosen of them.
    pub fn change_devices(&mut self, change: impl FnOnce(&mut Devices)) {
        change(Arc::make_mut(&mut self.devices));
    }

    /// Takes in what the browser lists, tells the user what matters of it, and returns what follows.
    pub fn follow_devices(&mut self, listed: Vec<(Class, Device)>) -> Vec<Change> {
        let changes = Arc::make_mut(&mut self.devices).follow(listed);
        for change in &changes {
            match change {
                Change::Gone(_, device) => {
                    self.notice = Some(Notice::DeviceGone(device.label.clone()))
                }
                // Outside of a call it is of no interest which one will be used.
                Change::Back(_, device) if !self.calls.all().is_empty() => {
                    self.notice = Some(Notice::DeviceBack(device.label.clone()));
                }
                Change::Back(..) | Change::Default => {}
            }
        }
        changes
    }

    /// The device of this kind that is to be used, by its id; empty for the system's own.
    pub fn device(&self, kind: Kind) -> &str {
        self.devices.used(kind).map_or("", |device| &device.id)
    }

    /// Why nobody hears the user, where that is so.
    pub fn unheard(&self) -> Option<Unheard> {
        self.unheard
    }

    /// Nobody hears the user for this reason, or somebody does again.
    pub fn set_unheard(&mut self, unheard: Option<Unheard>) {
        self.unheard = unheard;
    }

    /// Whether the user is signed in, and the browser lets this page make no sound before the user
    /// touches it, so that it could not ring.
    pub fn cannot_ring(&self) -> bool {
        self.cannot_ring && self.stage == Stage::SignedIn
    }

    /// The browser lets this page make no sound, or does.
    pub fn set_cannot_ring(&mut self, cannot: bool) {
        self.cannot_ring = cannot;
    }

    /// Whether the notice tells of a call that failed for want of a microphone and could be had
    /// without one.
    pub fn may_listen_only(&self) -> bool {
        let failure = match &self.notice {
            Some(Notice::CannotAnswer(failure)) => failure,
            Some(Notice::CallEnded { reason: EndReason::NoMedia(failure), .. }) => failure,
            _ => return false,
        };
        use MediaFailure::{MicrophoneForbidden, MicrophoneRefused, PageNotSecure};
        matches!(failure, MicrophoneRefused | MicrophoneForbidden | PageNotSecure)
    }

    /// Has that call without a microphone: answers it, or places it again.
    pub fn listen_only(&mut self) -> Vec<Command> {
        let ringing = self.calls.front().filter(|call| call.is_ringing()).map(|call| call.id);
        match (self.notice.take(), ringing) {
            (Some(Notice::CannotAnswer(_)), Some(id)) => self.answer(id, Others::Hold),
            (Some(Notice::CallEnded { .. }), _) if self.placed.is_some() => {
                self.place(self.placed.clone())
            }
            _ => Vec::new(),
        }
    }
}
