//! RNNoise takes frames of 480 samples, and WebAudio brings 128 at a time.

use nnnoiseless::DenoiseState;

/// The sample rate that RNNoise is trained for, in hertz.
pub const RATE: usize = 48_000;
/// How many samples WebAudio processes at a time (Web Audio API, "render quantum").
pub const QUANTUM: usize = 128;
/// By how many samples what comes out is later than what goes in: the frame that is being filled,
/// and the one by which RNNoise is late, as it lets each frame flow into the next.
pub const DELAY: usize = 2 * FRAME;

const FRAME: usize = DenoiseState::FRAME_SIZE;
/// RNNoise takes samples of 16 bits.
const SCALE: f32 = 32_768.0;

/// The sound of one microphone on its way through RNNoise.
pub struct Stream {
    state: Box<DenoiseState<'static>>,
    /// The frame that is being filled, up to `at`.
    frame: [f32; FRAME],
    /// The frame that is given out, from `at` on.
    ready: [f32; FRAME],
    at: usize,
}

impl Default for Stream {
    fn default() -> Self {
        Self { state: DenoiseState::new(), frame: [0.0; FRAME], ready: [0.0; FRAME], at: 0 }
    }
}

impl Stream {
    /// Takes the next samples, from -1 to 1, and puts those in their place that are [`DELAY`]
    /// samples older, without noise.
    pub fn process(&mut self, samples: &mut [f32; QUANTUM]) {
        for sample in samples {
            // What is no number would stay in RNNoise's memory for good.
            let taken = if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
            *sample = self.ready[self.at];
            self.frame[self.at] = taken * SCALE;
            self.at = (self.at + 1) % FRAME;
            if self.at == 0 {
                self.denoise();
            }
        }
    }

    fn denoise(&mut self) {
        self.state.process_frame(&mut self.ready, &self.frame);
        for sample in &mut self.ready {
            *sample = (*sample / SCALE).clamp(-1.0, 1.0);
        }
    }
}
