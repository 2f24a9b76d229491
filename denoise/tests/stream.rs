//! What comes out of the stream, measured.

mod support;

use support::{at_level, delayed, denoised, fan, level, levels, speech, talk};
use webphone_denoise::{DELAY, QUANTUM, RATE, Stream};

#[test]
fn noise_alone_is_taken_out() {
    let noise = at_level(&fan(5 * RATE), -30.0);
    let left = denoised(&noise);
    // It takes a moment until it is known to be noise.
    let removed = level(&noise) - level(&left[RATE..]);
    assert!(removed > 20.0, "{removed:.1} dB of noise were taken out");
}

#[test]
fn speech_stands_out_of_noise() {
    let (said, heard) = talk(-25.0, -40.0);
    let (before, after) = (levels(&said, &heard), levels(&said, &denoised(&heard)));
    let (lost, removed) = (before.0 - after.0, before.1 - after.1);
    assert!(removed > 20.0, "{removed:.1} dB of noise were taken out of the pauses");
    assert!(lost.abs() < 1.0, "the speech lost {lost:.1} dB");
}

#[test]
fn speech_without_noise_stays() {
    let speech = at_level(&speech(), -25.0);
    let lost = level(&speech) - level(&denoised(&speech));
    assert!(lost.abs() < 1.0, "the speech lost {lost:.1} dB");
}

#[test]
fn silence_stays_silent() {
    assert!(delayed(&vec![0.0; RATE]).iter().all(|&sample| sample == 0.0));
}

#[test]
fn the_delay_is_what_it_is_said_to_be() {
    let speech = speech();
    let heard = delayed(&speech);
    let agreement = |delay: usize| -> f32 {
        speech.iter().zip(&heard[delay..]).map(|(before, after)| before * after).sum()
    };
    let best = (0..=DELAY).max_by(|&a, &b| agreement(a).total_cmp(&agreement(b)));
    assert_eq!(best, Some(DELAY));
}

#[test]
fn what_is_no_sound_is_survived() {
    let mut stream = Stream::default();
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 1e-40] {
        for turn in 0..200 {
            let mut samples = [if turn % 2 == 0 { bad } else { -bad }; QUANTUM];
            stream.process(&mut samples);
            assert!(samples.iter().all(|sample| sample.abs() <= 1.0), "after {bad}");
        }
    }
    let speech = at_level(&speech(), -25.0);
    let mut heard = speech.clone();
    for quantum in heard.as_chunks_mut().0 {
        stream.process(quantum);
    }
    assert!((level(&heard) - level(&speech)).abs() < 2.0, "speech is heard again");
}
