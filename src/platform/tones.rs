//! The tones that a person hears from the telephone itself: ringing, ring-back, busy, keys.
//!
//! Each tone is a stretch of samples that the audio hardware's clock plays, in a loop where the
//! tone is one, so that no timer of a hidden tab can disturb it. At most one of ringing,
//! ring-back and busy sounds at a time; keys sound over them.

use std::cell::{Cell, OnceCell, RefCell};

use web_sys::{AudioScheduledSourceNode, GainNode};

use super::output::Output;
use super::page::Listener;
use super::synth::{Burst, SAMPLE_RATE, Shape, key_pitches, samples_in};
use crate::media::ringtone::Melody;

/// The telephone's tones on one device. Without any means to sound, every tone is silence.
#[derive(Debug, Default)]
pub struct Tones {
    output: OnceCell<Output>,
    /// The device that it plays on; empty for the system's own.
    device: RefCell<String>,
    playing: RefCell<Option<Sound>>,
    /// Where each sound is made: a new place for each of them would be some 300 kB, between which what
    /// stays has the memory of the page grow.
    samples: RefCell<Vec<f32>>,
    /// The keys that sound one after the other, and when the last of them has had its time.
    keys: RefCell<Vec<Sound>>,
    keys_end: Cell<f64>,
}

/// A tone that is sounding, or has ended by itself.
#[derive(Debug)]
struct Sound {
    source: AudioScheduledSourceNode,
    gain: GainNode,
}

/// The time in which a tone that is cut off fades, as a time constant in seconds.
const FADE: f64 = 0.005;

/// Two tones together have not a third of what the speaker can do, and ringing may have all of it but
/// for what notes need that overlap.
const RING_GAIN: f64 = 2.5;

/// The length of a key's tone in seconds.
const KEY_LENGTH: f64 = 0.12;

impl Tones {
    /// Silence; nothing is asked of the browser before the first tone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plays on the device of this id from now on, or on the system's own where it is empty.
    pub fn set_device(&self, id: &str) {
        id.clone_into(&mut self.device.borrow_mut());
        if let Some(output) = self.output.get() {
            output.set_device(id);
        }
    }

    /// Has `on_change` called when the browser lets this page sound, or no longer does. `None` where
    /// there is nothing to sound with.
    pub fn watch(&self, on_change: impl Fn() + 'static) -> Option<Listener> {
        let context = self.output()?.context().clone();
        let on_change = Box::new(move |_| on_change());
        Some(Listener::on(Some(context.into()), "statechange".into(), on_change))
    }

    /// Rings for an incoming call, until [`Self::stop`], or once. Of `volume`, 1 is as loud as it
    /// can be and 0 is silence.
    pub fn ring(&self, melody: &Melody, volume: f64, once: bool) {
        let shape = if melody.fades { Shape::Bell } else { Shape::Even };
        let mut bursts = Vec::new();
        for time in 0..melody.times {
            for (start, length, pitches) in melody.notes {
                let start = start + f64::from(time) * melody.step;
                bursts.push(Burst { start, length: *length, pitches: *pitches, shape });
            }
        }
        self.stop();
        // What is twice as loud to the ear has far more than twice the amplitude.
        let gain = volume * volume * RING_GAIN;
        self.playing.replace(self.play_at(0.0, gain, &bursts, melody.period, !once));
    }

    /// Tells somebody in a call that another one waits, until [`Self::stop`]: two short bursts,
    /// soft enough to talk over.
    pub fn call_waiting(&self) {
        let burst = |start| Burst::even(start, 0.2, [425.0, 0.0]);
        self.sound(&[burst(0.0), burst(0.4)], 6.0, true);
    }

    /// Tells a caller that the far end rings, until [`Self::stop`]: these two pitches, from each
    /// start for its length, anew after each period. All times are in seconds.
    pub fn ring_back(&self, pitches: [f64; 2], bursts: &[(f64, f64)], period: f64) {
        let burst = |(start, length): &(f64, f64)| Burst::even(*start, *length, pitches);
        let bursts: Vec<Burst> = bursts.iter().map(burst).collect();
        self.sound(&bursts, period, true);
    }

    /// Tells a caller that the call did not come about: four bursts, then silence.
    pub fn busy(&self) {
        let burst = |start| Burst::even(start, 0.3, [425.0, 0.0]);
        self.sound(&[burst(0.0), burst(0.6), burst(1.2), burst(1.8)], 2.1, false);
    }

    /// Tells of a call that was answered without the user: two rising bursts, over any other tone.
    pub fn alert(&self) {
        let bursts = [Burst::even(0.0, 0.15, [659.3, 0.0]), Burst::even(0.2, 0.3, [880.0, 0.0])];
        let _ = self.play(&bursts, 0.6, false);
    }

    /// The tone of a key of the keypad, for 120 ms. What is no key is silent.
    pub fn key(&self, key: char) {
        if let Some(pitches) = key_pitches(key) {
            let burst = Burst::even(0.0, KEY_LENGTH, pitches);
            let _ = self.play(&[burst], KEY_LENGTH, false);
        }
    }

    /// The tones of keys, each so many seconds after the first, which follows those that wait
    /// already. All of them take `length` seconds.
    pub fn keys(&self, keys: &[(char, f64)], length: f64) {
        let Some(output) = self.output() else { return };
        let now = output.context().current_time();
        let mut waiting = self.keys.borrow_mut();
        if self.keys_end.get() <= now {
            waiting.clear();
        }
        let start = self.keys_end.get().max(now);
        for (key, after) in keys {
            if let Some(pitches) = key_pitches(*key) {
                let burst = Burst::even(0.0, KEY_LENGTH, pitches);
                waiting.extend(self.play_at(start + after, 1.0, &[burst], KEY_LENGTH, false));
            }
        }
        self.keys_end.set(start + length);
    }

    /// Drops the keys that wait.
    pub fn stop_keys(&self) {
        self.keys_end.set(0.0);
        let waiting = self.keys.take();
        if let Some(output) = self.output.get() {
            waiting.into_iter().for_each(|sound| sound.stop(output));
        }
    }

    /// Ends ringing, ring-back or busy.
    pub fn stop(&self) {
        if let (Some(sound), Some(output)) = (self.playing.take(), self.output.get()) {
            sound.stop(output);
        }
    }

    /// Asks the browser to let this page sound; to be called from the handler of a click or key.
    /// A tone that was begun before then sounds from there on.
    pub fn unlock(&self) {
        let _ = self.output();
    }

    /// Whether the browser lets this page sound, as far as it has been tried.
    pub fn unlocked(&self) -> bool {
        self.output.get().is_some_and(Output::is_running)
    }

    fn sound(&self, bursts: &[Burst], length: f64, repeat: bool) {
        self.stop();
        self.playing.replace(self.play(bursts, length, repeat));
    }

    /// Plays `bursts` from now on, within a stretch of `length` seconds.
    fn play(&self, bursts: &[Burst], length: f64, repeat: bool) -> Option<Sound> {
        self.play_at(0.0, 1.0, bursts, length, repeat)
    }

    /// Plays them from a moment of the audio clock on, or at once where that has passed, with their
    /// amplitude multiplied by `volume`.
    fn play_at(
        &self,
        at: f64,
        volume: f64,
        bursts: &[Burst],
        length: f64,
        repeat: bool,
    ) -> Option<Sound> {
        let output = self.output()?;
        let context = output.context();
        let buffer = context.create_buffer(1, samples_in(length), SAMPLE_RATE as f32).ok()?;
        {
            let mut samples = self.samples.borrow_mut();
            samples.clear();
            samples.resize(samples_in(length) as usize, 0.0);
            for burst in bursts {
                if let Some(sound) = samples.get_mut(samples_in(burst.start) as usize..) {
                    burst.add_to(sound);
                }
            }
            buffer.copy_to_channel(&samples, 0).ok()?;
        }

        let source = context.create_buffer_source().ok()?;
        source.set_buffer(Some(&buffer));
        source.set_loop(repeat);
        let gain = context.create_gain().ok()?;
        // Before it starts: the audio clock does not wait for this function.
        gain.gain().set_value(volume as f32);
        source.connect_with_audio_node(&gain).ok()?;
        gain.connect_with_audio_node(output.entry()).ok()?;
        source.start_with_when(at).ok()?;
        Some(Sound { source: source.into(), gain })
    }

    /// Where it sounds, made on the first use and woken up where the browser holds it.
    fn output(&self) -> Option<&Output> {
        if self.output.get().is_none() {
            // Some other code cannot have set it meanwhile.
            let _ = self.output.set(Output::new()?);
        }
        let output = self.output.get()?;
        output.wake();
        output.set_device(&self.device.borrow());
        Some(output)
    }
}

impl Sound {
    fn stop(&self, output: &Output) {
        if output.is_running() {
            let now = output.context().current_time();
            let _ = self.gain.gain().set_target_at_time(0.0, now, FADE);
            let _ = self.source.stop_with_when(now + 6.0 * FADE);
        } else {
            // The clock stands still: what is scheduled now would be heard when it goes on.
            let _ = self.gain.disconnect();
            let _ = self.source.stop();
        }
    }
}
