//! The telephone's tones as samples.
//!
//! Tones are made as sound rather than fetched as files: a second of sound costs no bytes to
//! download, and a loop of samples keeps its cadence in hidden tabs, where timers do not.

/// Samples per second. Twice what the highest tone needs, so that the browser's conversion to
/// its own rate is clean.
pub const SAMPLE_RATE: u32 = 16_000;

/// A stretch of sound of two tones together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// When it begins, in seconds from the start of the cadence.
    pub start: f64,
    /// How long it sounds, in seconds.
    pub length: f64,
    /// The frequencies of its two tones, in hertz; 0 is silence.
    pub pitches: [f64; 2],
    /// How its loudness changes.
    pub shape: Shape,
}

/// How the loudness of a burst changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Even, as signalling tones must be.
    Even,
    /// Fading away, as a bell does.
    Bell,
}

/// The time in which a burst swells and ends, in seconds: without it, it clicks.
const EDGE: f64 = 0.005;

/// The amplitude of each of the two tones; full scale is 1.
const AMPLITUDE: f64 = 0.15;

impl Burst {
    /// An even burst.
    pub const fn even(start: f64, length: f64, pitches: [f64; 2]) -> Self {
        Self { start, length, pitches, shape: Shape::Even }
    }

    /// The samples of this burst, between -1 and 1, at [`SAMPLE_RATE`].
    pub fn samples(&self) -> Vec<f32> {
        let mut samples = vec![0.0; samples_in(self.length) as usize];
        self.add_to(&mut samples);
        samples
    }

    /// Adds them to what sounds at the same time, as far as that goes.
    pub(super) fn add_to(&self, sound: &mut [f32]) {
        let [mut low, mut high] = self.pitches.map(Oscillator::new);
        let rate = f64::from(SAMPLE_RATE);
        let count = samples_in(self.length);
        for (index, sum) in (0..count).zip(sound) {
            let since_start = f64::from(index) / rate;
            let to_end = f64::from(count - index) / rate;
            let edge = (since_start.min(to_end) / EDGE).min(1.0);
            let loudness = match self.shape {
                Shape::Even => edge,
                Shape::Bell => edge * (to_end / self.length).powi(2),
            };
            *sum += ((low.advance() + high.advance()) * AMPLITUDE * loudness) as f32;
        }
    }
}

/// The two frequencies of a key (ITU-T Q.23), in hertz, or `None` for what is not `0` to `9`,
/// `*`, `#` or `A` to `D`.
pub fn key_pitches(key: char) -> Option<[f64; 2]> {
    const ROWS: [(f64, &str); 4] =
        [(697.0, "123A"), (770.0, "456B"), (852.0, "789C"), (941.0, "*0#D")];
    const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
    ROWS.iter().find_map(|(low, keys)| {
        let column = keys.find(key.to_ascii_uppercase())?;
        Some([*low, *COLUMNS.get(column)?])
    })
}

/// How many samples `seconds` of sound have.
pub(super) fn samples_in(seconds: f64) -> u32 {
    (seconds * f64::from(SAMPLE_RATE)) as u32
}

/// A sine wave by the recurrence sin((n+1)w) = 2cos(w)sin(nw) - sin((n-1)w), which asks for a
/// sine and a cosine only once.
struct Oscillator {
    factor: f64,
    previous: f64,
    current: f64,
}

impl Oscillator {
    fn new(pitch: f64) -> Self {
        let step = std::f64::consts::TAU * pitch / f64::from(SAMPLE_RATE);
        Self {
            factor: 2.0 * js_sys::Math::cos(step),
            previous: -js_sys::Math::sin(step),
            current: 0.0,
        }
    }

    fn advance(&mut self) -> f64 {
        let value = self.current;
        self.current = self.factor * value - self.previous;
        self.previous = value;
        value
    }
}
