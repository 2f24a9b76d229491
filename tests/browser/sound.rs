//! The tones: their samples by analysis, their playing by the state of the browser's audio.

use std::f64::consts::TAU;

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::media::ringtone::Ringtone;
use webphone::platform::Tones;
use webphone::platform::synth::{Burst, SAMPLE_RATE, Shape, key_pitches};

use crate::support::wait_until;

/// The amplitude of `pitch` in `samples`, by correlation.
fn amplitude(samples: &[f32], pitch: f64) -> f64 {
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (index, sample) in samples.iter().enumerate() {
        let angle = TAU * pitch * index as f64 / f64::from(SAMPLE_RATE);
        real += f64::from(*sample) * angle.cos();
        imaginary += f64::from(*sample) * angle.sin();
    }
    2.0 * real.hypot(imaginary) / samples.len() as f64
}

#[wasm_bindgen_test]
fn every_key_has_its_two_frequencies() {
    assert_eq!(key_pitches('1'), Some([697.0, 1209.0]));
    assert_eq!(key_pitches('5'), Some([770.0, 1336.0]));
    assert_eq!(key_pitches('0'), Some([941.0, 1336.0]));
    assert_eq!(key_pitches('*'), Some([941.0, 1209.0]));
    assert_eq!(key_pitches('#'), Some([941.0, 1477.0]));
    assert_eq!(key_pitches('d'), Some([941.0, 1633.0]));
    assert_eq!(key_pitches('e'), None);
    assert_eq!(key_pitches('ñ'), None);
}

#[wasm_bindgen_test]
fn the_tone_of_a_key_is_its_pair_and_nothing_else() {
    let pitches = key_pitches('5').expect("a key");
    let samples = Burst::even(0.0, 0.12, pitches).samples();
    assert_eq!(samples.len(), SAMPLE_RATE as usize * 12 / 100);
    assert!(samples.iter().all(|sample| sample.abs() < 0.5));
    for pitch in pitches {
        let amplitude = amplitude(&samples, pitch);
        assert!((0.13..0.16).contains(&amplitude), "{pitch}: {amplitude}");
    }
    for pitch in [697.0, 852.0, 941.0, 1209.0, 1477.0, 1633.0] {
        let amplitude = amplitude(&samples, pitch);
        assert!(amplitude < 0.01, "{pitch}: {amplitude}");
    }
}

#[wasm_bindgen_test]
fn a_burst_neither_begins_nor_ends_with_a_click() {
    for shape in [Shape::Even, Shape::Bell] {
        let samples = Burst { start: 0.0, length: 0.5, pitches: [425.0, 0.0], shape }.samples();
        let largest_step =
            samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(largest_step < 0.03, "{shape:?}: {largest_step}");
        assert!(samples.first().is_some_and(|sample| sample.abs() < 1e-3));
        assert!(samples.last().is_some_and(|sample| sample.abs() < 1e-2));
    }
}

#[wasm_bindgen_test]
fn a_bell_fades_and_an_even_burst_does_not() {
    let loudness = |shape| {
        let samples = Burst { start: 0.0, length: 1.0, pitches: [425.0, 0.0], shape }.samples();
        let (early, late) = samples.split_at(samples.len() / 2);
        amplitude(late, 425.0) / amplitude(early, 425.0)
    };
    assert!(loudness(Shape::Even) > 0.95);
    assert!(loudness(Shape::Bell) < 0.5);
}

#[wasm_bindgen_test]
async fn audio_is_opened_by_the_first_tone_and_survives_every_order_of_tones() {
    let tones = Tones::new();
    tones.stop();
    assert!(!tones.unlocked());
    tones.key('5');
    wait_until("running audio", || tones.unlocked()).await;
    let melody = Ringtone::Bell.melody();
    tones.ring(&melody, 0.0, false);
    tones.ring(&melody, 1.0, true);
    tones.ring_back([425.0, 0.0], &[(0.0, 1.0)], 5.0);
    tones.ring_back([440.0, 480.0], &[(0.0, 0.4), (0.6, 0.4)], 3.0);
    tones.key('#');
    tones.key('x');
    tones.keys(&[('1', 0.0), (',', 0.2), ('2', 2.2)], 2.4);
    tones.keys(&[('3', 0.0)], 0.2);
    tones.stop_keys();
    tones.busy();
    tones.stop();
    tones.stop();
    assert!(tones.unlocked());
}
