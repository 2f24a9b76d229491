//! What is to be heard besides the call: turns the telephone's state into tones.

use crate::media::devices::Kind;
use crate::phone::{Phone, Settings, Tone, dial};
use crate::platform::{Listener, Tones};
use crate::sip::ua::CallId;
use std::cell::{Cell, RefCell};

/// The tones, and which of them plays.
pub(super) struct Sound {
    /// Where calls are heard.
    tones: Tones,
    /// Where it rings, if that is another device.
    ringer: RefCell<Option<Tones>>,
    devices: RefCell<[String; 2]>,
    playing: Cell<Tone>,
    /// The call in which the last keys were sent.
    keys_of: Cell<Option<CallId>>,
}

impl Sound {
    pub(super) fn new() -> Self {
        Self {
            tones: Tones::new(),
            ringer: RefCell::default(),
            devices: RefCell::default(),
            playing: Cell::new(Tone::Silence),
            keys_of: Cell::new(None),
        }
    }

    /// Plays calls' tones on one device and rings on another.
    pub(super) fn set_devices(&self, phone: &Phone) {
        let devices = [Kind::Speaker, Kind::Ringer].map(|kind| phone.device(kind).to_owned());
        self.tones.set_device(&devices[0]);
        if *self.devices.borrow() == devices {
            return;
        }
        if self.playing.get() == Tone::Ring {
            // It begins anew where it rings now.
            self.stop();
        }
        let ringer = (devices[0] != devices[1]).then(Tones::new);
        if let Some(ringer) = &ringer {
            ringer.set_device(&devices[1]);
            if self.tones.unlocked() {
                ringer.unlock();
            }
        }
        self.ringer.replace(ringer);
        self.devices.replace(devices);
    }

    /// Plays the tone that the telephone asks for, from its start if it is a new one.
    pub(super) fn follow(&self, phone: &Phone) {
        let tone = phone.tone();
        if self.playing.get() == tone {
            return;
        }
        self.stop();
        self.playing.set(tone);
        match tone {
            Tone::Silence => {}
            Tone::CallWaiting => self.tones.call_waiting(),
            Tone::Ring => self.ring(phone.settings(), false),
            Tone::RingBack => {
                let cadence = phone.settings().ring_back.cadence();
                self.tones.ring_back(cadence.pitches, cadence.bursts, cadence.period);
            }
            Tone::Busy => self.tones.busy(),
        }
    }

    /// Rings as the user has chosen: until the tone is another, or once, for the user to hear it.
    pub(super) fn ring(&self, settings: &Settings, once: bool) {
        if once && self.playing.get() == Tone::Ring {
            return;
        }
        let melody = settings.ringtone.melody();
        let volume = f64::from(settings.ring_volume) / 100.0;
        let ringer = self.ringer.borrow();
        ringer.as_ref().unwrap_or(&self.tones).ring(&melody, volume, once);
    }

    fn stop(&self) {
        self.playing.set(Tone::Silence);
        self.tones.stop();
        if let Some(ringer) = &*self.ringer.borrow() {
            ringer.stop();
        }
    }

    /// Has `on_change` called when the browser lets the page sound, or no longer does.
    pub(super) fn watch(&self, on_change: impl Fn() + 'static) -> Option<Listener> {
        self.tones.watch(on_change)
    }

    /// Whether the page can ring.
    pub(super) fn is_unlocked(&self) -> bool {
        self.tones.unlocked()
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
        if self.keys_of.get().is_some_and(|call| !phone.hears_keys_of(call)) {
            self.keys_of.set(None);
            self.tones.stop_keys();
        }
    }

    /// The user has touched the page, so that sound is allowed from now on.
    pub(super) fn unlock(&self) {
        self.tones.unlock();
        if let Some(ringer) = &*self.ringer.borrow() {
            ringer.unlock();
        }
    }
}
