//! The tones that a person hears from the telephone itself: ringing, ring-back, busy, keys.
//!
//! Each tone is a stretch of samples that the audio hardware's clock plays, in a loop where the
//! tone is one, so that no timer of a hidden tab can disturb it. At most one of ringing,
//! ring-back and busy sounds at a time; keys sound over them.

use std::cell::{Cell, OnceCell, RefCell};

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioContext, AudioContextState, AudioScheduledSourceNode, GainNode};

use super::synth::{Burst, SAMPLE_RATE, Shape, key_pitches, samples_in};

/// The telephone's tones. Without any means to sound, every tone is silence.
#[derive(Debug, Default)]
pub struct Tones {
    context: OnceCell<AudioContext>,
    playing: RefCell<Option<Sound>>,
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

/// The length of a key's tone in seconds.
const KEY_LENGTH: f64 = 0.12;

impl Tones {
    /// Silence; nothing is asked of the browser before the first tone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rings for an incoming call, until [`Self::stop`].
    pub fn ring(&self) {
        const G5: f64 = 784.0;
        const B5: f64 = 987.8;
        let note = |start: f64, pitch: f64| Burst {
            start,
            length: 0.45,
            pitches: [pitch, pitch / 2.0],
            shape: Shape::Bell,
        };
        self.sound(
            &[
                note(0.0, G5),
                note(0.22, B5),
                note(0.44, G5),
                note(0.66, B5),
                note(0.88, G5),
                note(1.1, B5),
            ],
            3.6,
            true,
        );
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
        let Some(context) = self.running_context() else { return };
        let now = context.current_time();
        let mut waiting = self.keys.borrow_mut();
        if self.keys_end.get() <= now {
            waiting.clear();
        }
        let start = self.keys_end.get().max(now);
        for (key, after) in keys {
            if let Some(pitches) = key_pitches(*key) {
                let burst = Burst::even(0.0, KEY_LENGTH, pitches);
                waiting.extend(self.play_at(start + after, &[burst], KEY_LENGTH, false));
            }
        }
        self.keys_end.set(start + length);
    }

    /// Drops the keys that wait.
    pub fn stop_keys(&self) {
        self.keys_end.set(0.0);
        let waiting = self.keys.take();
        if let Some(context) = self.context.get() {
            waiting.into_iter().for_each(|sound| sound.stop(context));
        }
    }

    /// Ends ringing, ring-back or busy.
    pub fn stop(&self) {
        if let (Some(sound), Some(context)) = (self.playing.take(), self.context.get()) {
            sound.stop(context);
        }
    }

    /// Asks the browser to let this page sound; to be called from the handler of a click or key.
    /// A tone that was begun before then sounds from there on.
    pub fn unlock(&self) {
        let _ = self.running_context();
    }

    /// Whether the browser lets this page sound, as far as it has been tried.
    pub fn unlocked(&self) -> bool {
        self.context.get().is_some_and(|context| context.state() == AudioContextState::Running)
    }

    fn sound(&self, bursts: &[Burst], length: f64, repeat: bool) {
        self.stop();
        self.playing.replace(self.play(bursts, length, repeat));
    }

    /// Plays `bursts` from now on, within a stretch of `length` seconds.
    fn play(&self, bursts: &[Burst], length: f64, repeat: bool) -> Option<Sound> {
        self.play_at(0.0, bursts, length, repeat)
    }

    /// Plays them from a moment of the audio clock on, or at once where that has passed.
    fn play_at(&self, at: f64, bursts: &[Burst], length: f64, repeat: bool) -> Option<Sound> {
        let context = self.running_context()?;
        let buffer = context.create_buffer(1, samples_in(length), SAMPLE_RATE as f32).ok()?;
        let mut samples = vec![0.0; samples_in(length) as usize];
        for burst in bursts {
            let start = samples_in(burst.start) as usize;
            for (sum, sample) in samples.iter_mut().skip(start).zip(burst.samples()) {
                *sum += sample;
            }
        }
        buffer.copy_to_channel(&samples, 0).ok()?;

        let source = context.create_buffer_source().ok()?;
        source.set_buffer(Some(&buffer));
        source.set_loop(repeat);
        let gain = context.create_gain().ok()?;
        source.connect_with_audio_node(&gain).ok()?;
        gain.connect_with_audio_node(&context.destination()).ok()?;
        source.start_with_when(at).ok()?;
        Some(Sound { source: source.into(), gain })
    }

    /// The page's audio context, made on the first use and woken up where the browser holds it.
    fn running_context(&self) -> Option<&AudioContext> {
        if self.context.get().is_none() {
            // Some other code cannot have set it meanwhile.
            let _ = self.context.set(AudioContext::new().ok()?);
        }
        let context = self.context.get()?;
        if context.state() != AudioContextState::Running
            && let Ok(promise) = context.resume()
        {
            // It stays pending as long as the browser holds the context and fails when the
            // context is closed; neither is of interest, but a failure must be taken.
            spawn_local(async {
                let _ = JsFuture::from(promise).await;
            });
        }
        Some(context)
    }
}

impl Drop for Tones {
    fn drop(&mut self) {
        if let Some(context) = self.context.get()
            && let Ok(promise) = context.close()
        {
            spawn_local(async {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

impl Sound {
    fn stop(&self, context: &AudioContext) {
        if context.state() == AudioContextState::Running {
            let now = context.current_time();
            let _ = self.gain.gain().set_target_at_time(0.0, now, FADE);
            let _ = self.source.stop_with_when(now + 6.0 * FADE);
        } else {
            // The clock stands still: what is scheduled now would be heard when it goes on.
            let _ = self.gain.disconnect();
            let _ = self.source.stop();
        }
    }
}
