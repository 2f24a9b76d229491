//! What is wrong with a call, from when it has been so for some seconds until it has healed.

use crate::time::Instant;
use std::time::Duration;

/// So many samples are looked at.
const LOOKED_AT: u32 = 5;
/// So many of them must be bad.
const BAD: u32 = 3;
/// A warning stands at least so long, so that it can be read.
const HOLD_OFF: Duration = Duration::from_secs(5);

/// What is wrong with a call. The gravest first; of those that hinder us, the first is the reason
/// of those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// There is no way to the other end (any more). Nobody hears anybody.
    NoWay,
    /// There is a way, and the encryption does not come about. Nobody hears anybody.
    NotSecured,
    /// No packet with sound has ever arrived. We hear nothing.
    NothingArrives,
    /// The microphone has stopped: it was unplugged, or switched off. We are not heard.
    MicrophoneStopped,
    /// The microphone gives digital silence, as no room does. We are not heard.
    MicrophoneSilent,
    /// No packets leave. We are not heard.
    NothingLeaves,
    /// Packets leave, and the other end reports that it gets none. We are not heard.
    NothingArrivesThere,
    /// Packets with sound are lost on the way to us.
    LossHere,
    /// Packets with sound are lost on the way to the other end.
    LossThere,
    /// Packets arrive unevenly.
    Jitter,
    /// The way is long.
    RoundTrip,
    /// All together makes it bad, and nothing alone.
    Poor,
    /// Sound has arrived, and now there is none, or digital silence. That may be as it should be: the
    /// other side may be muted, or a machine that listens.
    SilenceArrives,
}

impl Warning {
    /// All of them, in their order.
    pub const ALL: [Self; 13] = [
        Self::NoWay,
        Self::NotSecured,
        Self::NothingArrives,
        Self::MicrophoneStopped,
        Self::MicrophoneSilent,
        Self::NothingLeaves,
        Self::NothingArrivesThere,
        Self::LossHere,
        Self::LossThere,
        Self::Jitter,
        Self::RoundTrip,
        Self::Poor,
        Self::SilenceArrives,
    ];

    /// Whether somebody is not heard at all.
    pub fn is_of_silence(self) -> bool {
        self < Self::LossHere
    }
}

/// Which warnings stand, and which are about to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Warnings([Watch; Warning::ALL.len()]);

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Watch {
    /// The last samples, a bit each, which is set where it was bad.
    samples: u32,
    raised: Option<Instant>,
}

impl Warnings {
    /// Takes in which are true of a sample.
    pub(super) fn note(&mut self, now: Instant, bad: impl Fn(Warning) -> bool) {
        for (watch, warning) in self.0.iter_mut().zip(Warning::ALL) {
            watch.samples = (watch.samples << 1 | u32::from(bad(warning))) & ((1 << LOOKED_AT) - 1);
            match watch.raised {
                None if watch.samples.count_ones() >= BAD => watch.raised = Some(now),
                Some(raised) if watch.samples == 0 && now - raised >= HOLD_OFF => {
                    watch.raised = None;
                }
                _ => {}
            }
        }
    }

    /// The gravest that stands.
    pub(super) fn first(&self) -> Option<Warning> {
        self.0.iter().zip(Warning::ALL).find(|(watch, _)| watch.raised.is_some()).map(|(_, w)| w)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a sample a second, `x` for a bad one, and says after each whether the warning stands.
    fn stands(samples: &str) -> String {
        let mut warnings = Warnings::default();
        let told = samples.bytes().enumerate().map(|(second, sample)| {
            let now = Instant::from_duration(Duration::from_secs(second as u64));
            warnings.note(now, |warning| warning == Warning::Jitter && sample == b'x');
            if warnings.first() == Some(Warning::Jitter) { 'W' } else { '-' }
        });
        told.collect()
    }

    #[test]
    fn three_bad_samples_of_five_raise_it_and_none_of_five_clears_it() {
        assert_eq!(stands("xx---xx---"), "----------");
        assert_eq!(stands("xx..x......"), "----WWWWW--");
        assert_eq!(stands("xxx.....x...xxx"), "--WWWWW-------W");
    }

    #[test]
    fn it_stands_while_any_sample_is_bad() {
        assert_eq!(stands("xxx..x....x....x.....-"), "--WWWWWWWWWWWWWWWWWW--");
    }

    #[test]
    fn the_gravest_is_told() {
        let mut warnings = Warnings::default();
        for second in 0..5 {
            let now = Instant::from_duration(Duration::from_secs(second));
            warnings.note(now, |warning| warning >= Warning::NothingLeaves);
        }
        assert_eq!(warnings.first(), Some(Warning::NothingLeaves));
        assert!(Warning::ALL.is_sorted() && Warning::NothingLeaves.is_of_silence());
        assert!(!Warning::SilenceArrives.is_of_silence());
    }
}
