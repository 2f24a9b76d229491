//! Prints what is taken out of a recorded sample, and how long that takes on this machine.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;
use support::{at_level, denoised, fan, level, levels, talk};
use webphone_denoise::RATE;

fn main() {
    println!("A fan and the hum of the mains behind a recorded voice (-25 dB), in decibels");
    println!("    noise   taken out of the pauses   the voice falls by");
    for noise in [-50.0, -45.0, -40.0, -35.0] {
        let (said, heard) = talk(-25.0, noise);
        let (before, after) = (levels(&said, &heard), levels(&said, &denoised(&heard)));
        let (lost, removed) = (before.0 - after.0, before.1 - after.1);
        println!("{noise:>9.0} {removed:>25.1} {lost:>20.1}");
    }
    let noise = at_level(&fan(5 * RATE), -35.0);
    let left = denoised(&noise);
    println!("Noise alone falls by {:.1} dB.", level(&noise) - level(&left[RATE..]));

    let (_, heard) = talk(-25.0, -40.0);
    let seconds = heard.len() as f64 / RATE as f64;
    let share = |_| {
        let start = Instant::now();
        denoised(&heard);
        start.elapsed().as_secs_f64() / seconds
    };
    let mut shares: Vec<f64> = (0..15).map(share).collect();
    shares.sort_by(f64::total_cmp);
    println!("Natively it takes {:.2} % of a processor.", shares[7] * 100.0);
}
