//! What is to be heard besides the call: turns the telephone's state into tones.

use crate::phone::{RingBack, Tone};
use crate::platform::Tones;
use std::cell::Cell;

/// The tones, and which of them plays.
pub(super) struct Sound {
    tones: Tones,
    playing: Cell<Tone>,
}

impl Sound {
    pub(super) fn new() -> Self {
        Self { tones: Tones::new(), playing: Cell::new(Tone::Silence) }
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

    /// The user has touched the page, so that sound is allowed from now on.
    pub(super) fn unlock(&self) {
        self.tones.unlock();
    }
}
