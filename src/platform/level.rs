//! How loud it is before the microphone, even while the call gets silence from it.

use wasm_bindgen::JsCast;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextState, MediaStreamAudioSourceNode, MediaStreamTrack,
};

use super::held::hold;
use super::mixer::{settle, stream_of};

/// How many samples are looked at: more than come in a tenth of a second, so that who looks that
/// often misses nothing.
const WINDOW: u32 = 8192;

/// A meter at a microphone. It hears what the call does not, and nothing of it leaves the page.
#[derive(Debug)]
pub struct Level {
    context: AudioContext,
    analyser: AnalyserNode,
    /// A copy of the microphone's track, as the track itself is silent while it is muted.
    track: MediaStreamTrack,
    _source: MediaStreamAudioSourceNode,
}

impl Level {
    /// A meter at the microphone behind `track`. `None` if this browser has none.
    pub fn of(track: &MediaStreamTrack) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let analyser = context.create_analyser().ok()?;
        analyser.set_fft_size(WINDOW);
        let track: MediaStreamTrack = MediaStreamTrack::clone(track).unchecked_into();
        track.set_enabled(true);
        let stream = stream_of(&track)?;
        hold(&stream);
        let source = context.create_media_stream_source(&stream).ok()?;
        source.connect_with_audio_node(&analyser).ok()?;
        Some(Self { context, analyser, track, _source: source })
    }

    /// Whether it measures: some browsers want a touch of the page before.
    pub fn is_on(&self) -> bool {
        self.context.state() == AudioContextState::Running
    }

    /// The level of this moment: the root mean square of the sound, of which 1 is the most.
    pub fn read(&self) -> f32 {
        let mut samples = vec![0.0; WINDOW as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        let power: f32 = samples.iter().map(|sample| sample * sample).sum();
        (power / WINDOW as f32).sqrt()
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        self.track.stop();
        if let Ok(closed) = self.context.close() {
            settle(closed);
        }
    }
}
