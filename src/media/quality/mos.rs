//! How good a connection sounds, by the E-model (ITU-T G.107), simplified.
//!
//! The rating is `R = 93.2 − Id − Ie,eff`: the value of a connection without fault, less what delay and
//! loss take from it.
//!
//! - `Id = 0.024·d + 0.11·(d − 177.3)·H(d − 177.3)`, with the delay `d` from mouth to ear in
//!   milliseconds and the step function `H` (R. Cole, J. Rosenbluth: Voice over IP Performance
//!   Monitoring, 2001). `d` is half the round trip, twice the jitter, which the jitter buffer waits,
//!   and 20 ms of packet.
//! - `Ie,eff = Ie + (95 − Ie) · P / (P + Bpl)`, with the loss `P` in per cent (G.107 §7.4). Codecs differ
//!   in `Ie` and in `Bpl`, how well they bear loss (G.113 Appendix I).
//!
//! The mean opinion score follows from `R` by G.107 Annex B: 1 is bad, 4.41 the best that R can give.

use super::sample::Codec;

/// The mean opinion score, in hundredths.
pub type Mos = u16;

/// The mean opinion score of a connection: loss in thousandths, jitter and round trip in
/// milliseconds.
pub fn mos(codec: Option<&Codec>, loss: u32, jitter: u32, round_trip: Option<u32>) -> Mos {
    let (equipment, robustness) = factors(codec);
    let delay = f64::from(round_trip.unwrap_or(0)) / 2.0 + 2.0 * f64::from(jitter) + 20.0;
    let loss = f64::from(loss) / 10.0;
    let by_delay = 0.024 * delay + 0.11 * (delay - 177.3).max(0.0);
    let by_loss = equipment + (95.0 - equipment) * loss / (loss + robustness);
    score((93.2 - by_delay - by_loss).clamp(0.0, 100.0))
}

fn score(rating: f64) -> Mos {
    let score = 1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6;
    // Below R = 6.5 the formula falls under the worst score that there is.
    (score.max(1.0) * 100.0).round() as Mos
}

/// `Ie` and `Bpl`. G.113 has none for Opus, which bears loss no worse than G.711 with concealment;
/// all else is taken for G.729A, the best of the codecs that save bits.
fn factors(codec: Option<&Codec>) -> (f64, f64) {
    match codec.map(|codec| codec.name.as_str()) {
        None | Some("opus" | "PCMU" | "PCMA" | "G722") => (0.0, 25.1),
        Some(_) => (11.0, 19.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec(name: &str) -> Codec {
        Codec { name: name.into(), clock_rate: 8000 }
    }

    #[test]
    fn a_connection_without_fault_has_the_best_score() {
        assert_eq!(mos(Some(&codec("opus")), 0, 0, Some(0)), 440);
        assert_eq!(mos(None, 0, 0, None), 440);
        assert_eq!(mos(Some(&codec("iLBC")), 0, 0, None), 409);
    }

    #[test]
    fn scores_agree_with_the_table_of_the_recommendation() {
        for (rating, expected) in [(90.0, 434), (70.0, 360), (60.0, 310), (50.0, 258)] {
            assert_eq!(score(rating), expected, "R = {rating}");
        }
        assert_eq!(mos(None, 0, 0, Some(400)), score(83.223), "d = 220 ms");
        // G.711 with concealment at 5 % loss: Ie,eff = 95 · 5 / 30.1 = 15.78.
        assert_eq!(mos(Some(&codec("PCMA")), 50, 0, None), score(76.94));
    }

    #[test]
    fn loss_jitter_and_delay_make_it_worse_down_to_one() {
        let mut last = 500;
        for step in 0..40 {
            let score = mos(None, step * 25, step * 10, Some(step * 50));
            assert!(score <= last && score >= 100, "{score} after {last}");
            last = score;
        }
        assert_eq!(mos(None, 1000, 1000, Some(10_000)), 100);
    }
}
