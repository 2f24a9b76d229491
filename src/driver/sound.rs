//! What is to be heard besides the call: turns the telephone's state into tones.

use crate::phone::{Notice, Phone, RingBack, Tone, dial};
use crate::platform::Tones;
use crate::sip::ua::CallId;
use std::cell::Cell;

/// The tones, and which of them plays.
pub(super) struct Sound {
    tones: Tones,
    playing: Cell<Tone>,
    /// The call in which the last keys were sent.
    keys_of: Cell<Option<CallId>>,
}

impl Sound {
    pub(super) fn new() -> Self {
        Self { tones: Tones::new(), playing: Cell::new(Tone::Silence), keys_of: Cell::new(None) }
    }

    /// Plays `tone`, from its start if it is a new one; ring-back by this custom.
    pub(super) fn set_tone(&self, tone: Tone, custom: RingBack) {
        if self.playing.replace(tone) == tone {
            return;
        }
        self.tones.stop();
        match tone {
            Tone::Silence => {}
            Tone::CallWaiting => self.tones.call_waiting(),
            Tone::Ring => self.tones.ring(),
            Tone::RingBack => {
                let cadence = custom.cadence();
                self.tones.ring_back(cadence.pitches, cadence.bursts, cadence.period);
            }
            Tone::Busy => self.tones.busy(),
        }
    }

    /// The short tone that tells of a call which was answered without the user.
    pub(super) fn alert(&self) {
        self.tones.alert();
    }

    /// The short tone of a key.
    pub(super) fn key(&self, key: char) {
        self.tones.key(key);
    }

    /// The tones of keys that are sent in a call, each when it is sent.
    pub(super) fn keys(&self, call: CallId, keys: &str) {
        let (keys, length) = dial::timed(keys);
        self.keys_of.set(Some(call));
        self.tones.keys(&keys, length);
    }

    /// Drops the tones of keys that will not be sent, or whose call is not on the display.
    pub(super) fn check_keys(&self, phone: &Phone) {
        let failed = matches!(phone.notice(), Some(Notice::KeysFailed));
        if self.keys_of.get() != phone.call().map(|front| front.id) || failed {
            self.keys_of.set(None);
            self.tones.stop_keys();
        }
    }

    /// The user has touched the page, so that sound is allowed from now on.
    pub(super) fn unlock(&self) {
        self.tones.unlock();
    }
}
