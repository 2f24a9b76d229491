//! A recorded voice, made noises, and levels.

use webphone_denoise::{DELAY, QUANTUM, RATE, Stream};

/// A hundredth of a second.
const FRAME: usize = RATE / 100;

/// A noise that its own level tells: white noise through a low-pass filter, as of a fan, over the
/// hum of the mains and its overtones. The same each time.
pub fn fan(length: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut low = 0.0;
    let samples = (0..length).map(|at| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let white = state as f32 / u32::MAX as f32 * 2.0 - 1.0;
        low += 0.15 * (white - low);
        let turn = at as f32 / RATE as f32 * std::f32::consts::TAU;
        low + 0.03 * (turn * 60.0).sin() + 0.02 * (turn * 180.0).sin()
    });
    samples.collect()
}

/// Somebody reads three seconds from a book, at 48 kHz.
pub fn speech() -> Vec<f32> {
    let file = include_bytes!("../speech.wav");
    let slow: Vec<f32> = file[44..]
        .as_chunks()
        .0
        .iter()
        .map(|&bytes| f32::from(i16::from_le_bytes(bytes)) / 32_768.0)
        .collect();
    three_times(&slow)
}

/// Samples at three times the rate, by a windowed sinc.
fn three_times(slow: &[f32]) -> Vec<f32> {
    const REACH: isize = 16;
    let sample = |at: usize| {
        let (center, part) = ((at / 3) as isize, (at % 3) as f32 / 3.0);
        let term = |offset: isize| {
            let distance = (offset as f32 - part) * std::f32::consts::PI;
            let sinc = if distance == 0.0 { 1.0 } else { distance.sin() / distance };
            let window = (distance / (2 * REACH) as f32).cos().powi(2);
            let sample = usize::try_from(center + offset).ok().and_then(|at| slow.get(at));
            sample.copied().unwrap_or_default() * sinc * window
        };
        (1 - REACH..REACH).map(term).sum()
    };
    (0..slow.len() * 3).map(sample).collect()
}

/// `sound` with its level changed to this one, in decibels below full scale.
pub fn at_level(sound: &[f32], decibels: f32) -> Vec<f32> {
    let factor = 10_f32.powf((decibels - level(sound)) / 20.0);
    sound.iter().map(|sample| sample * factor).collect()
}

/// The one sound on top of the other.
pub fn mix(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter().zip(other).map(|(a, b)| a + b).collect()
}

/// The mean level, in decibels below full scale.
pub fn level(sound: &[f32]) -> f32 {
    let power: f64 = sound.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    (10.0 * (power / sound.len() as f64 + 1e-12).log10()) as f32
}

/// Somebody speaks, is silent, and speaks again, over a noise that goes on: what was said, and what
/// the microphone hears. Levels as in [`at_level`].
pub fn talk(speech_level: f32, noise_level: f32) -> (Vec<f32>, Vec<f32>) {
    let (speech, pause) = (at_level(&speech(), speech_level), vec![0.0; RATE]);
    let said = [&pause[..], &speech, &pause, &speech, &pause].concat();
    let heard = mix(&said, &at_level(&fan(said.len()), noise_level));
    (said, heard)
}

/// The levels of `sound` while somebody speaks in `said`, and in the pauses, but the first: then it
/// is not known yet what is noise.
pub fn levels(said: &[f32], sound: &[f32]) -> (f32, f32) {
    let frames = || said.chunks(FRAME).zip(sound.chunks(FRAME)).skip(RATE / FRAME);
    let of = |wanted: fn(f32) -> bool| {
        let chosen = frames().filter(|(said, _)| wanted(level(said)));
        level(&chosen.flat_map(|(_, sound)| sound.iter().copied()).collect::<Vec<_>>())
    };
    (of(|level| level > -35.0), of(|level| level < -90.0))
}

/// What a new stream makes of `sound`, without the delay.
pub fn denoised(sound: &[f32]) -> Vec<f32> {
    let mut made = delayed(sound);
    made.drain(..DELAY);
    made
}

/// What a new stream makes of `sound`, and of the silence after it, with the delay.
pub fn delayed(sound: &[f32]) -> Vec<f32> {
    let mut samples = sound.to_vec();
    samples.resize((sound.len() + DELAY).next_multiple_of(QUANTUM), 0.0);
    let mut stream = Stream::default();
    for quantum in samples.as_chunks_mut().0 {
        stream.process(quantum);
    }
    samples.truncate(sound.len() + DELAY);
    samples
}
