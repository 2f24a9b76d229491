//! How a call sounds: a sample a second goes in, and figures, warnings and a summary can be read.

pub mod mos;
pub mod sample;
mod silence;
pub mod summary;
pub mod warnings;

pub use mos::Mos;
pub use sample::Sample;
pub use summary::Summary;
pub use warnings::Warning;

use crate::time::Instant;
use sample::{Codec, Link, Route, Video};
use silence::Silence;
use summary::Tally;
use warnings::Warnings;

/// So many seconds the loss is taken over.
const WINDOW: usize = 5;

/// Above these, a sample is bad: milliseconds, and thousandths.
const ROUND_TRIP: u32 = 400;
const JITTER: u32 = 30;
const LOSS: u32 = 30;
/// Below this it is.
const MOS: Mos = 300;
/// The share of our packets, in thousandths, from which on nothing arrives at the other end.
const ALL: u32 = 950;

/// How a call sounds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The mean opinion score, in hundredths.
    pub mos: Mos,
    /// Packets lost on the way to us, in thousandths, over some seconds.
    pub loss: u32,
    /// Packets lost on the way to the other end, in thousandths, as it reports.
    pub loss_there: Option<u32>,
    /// The jitter of what arrives, in milliseconds.
    pub jitter: u32,
    /// The way there and back, in milliseconds.
    pub round_trip: Option<u32>,
    /// What arrives and what leaves, in bits a second.
    pub rates: (u64, u64),
    /// The codec of what arrives.
    pub codec: Option<Codec>,
    /// The way.
    pub route: Option<Route>,
    /// The picture that arrives.
    pub video: Option<Video>,
}

/// What a call has measured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quality {
    last: Option<(Instant, Sample)>,
    /// Packets lost and received in each of the last seconds.
    window: [(u64, u64); WINDOW],
    figures: Option<Figures>,
    silence: Silence,
    warnings: Warnings,
    tally: Tally,
}

impl Quality {
    /// Takes in what was measured of a call that stands and that nobody holds. `muted` says that
    /// our microphone is.
    pub fn take(&mut self, now: Instant, sample: &Sample, muted: bool) {
        let before = self.last.replace((now, sample.clone()));
        self.silence.note(now, sample, muted);
        if let Some((then, before)) = &before {
            self.measure((now - *then).as_secs_f64(), before, sample);
        }
        let figures = self.figures.as_ref();
        let nothing_left = before.as_ref().is_some_and(|(_, before)| {
            let packets = |sample: &Sample| sample.outbound.map(|flow| flow.packets);
            packets(before) == packets(sample)
        });
        let is_up = sample.link == Link::Up;
        let speaks = is_up && !muted && sample.microphone.is_some();
        let heard = is_up && !self.silence.never_heard();
        let silence = &self.silence;
        self.warnings.note(now, |warning| match warning {
            Warning::NoWay => sample.link == Link::Down,
            Warning::NotSecured => sample.link == Link::Unsecured,
            Warning::NothingArrives => is_up && silence.never_heard(),
            Warning::SilenceArrives => heard && silence.there(now),
            Warning::MicrophoneStopped => {
                !muted && sample.microphone.is_some_and(|microphone| !microphone.live)
            }
            Warning::MicrophoneSilent => speaks && silence.here(now),
            Warning::NothingLeaves => speaks && nothing_left,
            Warning::NothingArrivesThere => {
                speaks && figures.is_some_and(|now| now.loss_there.is_some_and(|loss| loss > ALL))
            }
            Warning::LossHere => heard && figures.is_some_and(|now| now.loss > LOSS),
            Warning::LossThere => {
                speaks && figures.is_some_and(|now| now.loss_there.is_some_and(|loss| loss > LOSS))
            }
            Warning::Jitter => heard && figures.is_some_and(|now| now.jitter > JITTER),
            Warning::RoundTrip => {
                is_up
                    && figures
                        .is_some_and(|now| now.round_trip.is_some_and(|trip| trip > ROUND_TRIP))
            }
            Warning::Poor => heard && figures.is_some_and(|now| now.mos < MOS),
        });
        if let Some(figures) = self.figures.as_ref().filter(|_| heard) {
            self.tally.note(figures);
        }
    }

    /// The call is on hold, or another is in front: what comes next says nothing of what was.
    pub fn pause(&mut self) {
        let tally = std::mem::take(&mut self.tally);
        let was_heard = self.silence.was_heard();
        *self = Self { tally, silence: Silence::after_pause(was_heard), ..Self::default() };
    }

    /// How the call sounds, once two seconds were compared.
    pub fn figures(&self) -> Option<&Figures> {
        self.figures.as_ref()
    }

    /// The gravest of what is wrong.
    pub fn warning(&self) -> Option<Warning> {
        self.warnings.first()
    }

    /// How good the call is, from 0, where nothing is heard, to 4. `None` while nothing is known.
    pub fn bars(&self) -> Option<u8> {
        if self.warning().is_some_and(Warning::is_of_silence) {
            return Some(0);
        }
        Some(match self.figures()?.mos {
            400.. => 4,
            360.. => 3,
            300.. => 2,
            _ => 1,
        })
    }

    /// How the call was, if it was long enough to tell.
    pub fn summary(&self) -> Option<Summary> {
        self.tally.summary()
    }

    fn measure(&mut self, seconds: f64, before: &Sample, sample: &Sample) {
        if seconds <= 0.0 {
            return;
        }
        let inbound = sample.inbound.unwrap_or_default();
        let earlier = before.inbound.unwrap_or_default();
        let lost = inbound.lost.saturating_sub(earlier.lost);
        let received = inbound.flow.packets.saturating_sub(earlier.flow.packets);
        self.window.rotate_left(1);
        self.window[WINDOW - 1] = (lost, received);
        let (lost, received) =
            self.window.iter().fold((0, 0), |all, second| (all.0 + second.0, all.1 + second.1));
        let loss = share(lost, lost + received);
        let report = sample.report.unwrap_or_default();
        let round_trip = report.round_trip.or(sample.round_trip);
        let rate = |bytes: u64, before: u64| {
            (bytes.saturating_sub(before) as f64 * 8.0 / seconds).round() as u64
        };
        let sent = |sample: &Sample| sample.outbound.unwrap_or_default().bytes;
        self.figures = Some(Figures {
            mos: mos::mos(sample.codec.as_ref(), loss, inbound.jitter, round_trip),
            loss,
            loss_there: report.lost,
            jitter: inbound.jitter,
            round_trip,
            rates: (rate(inbound.flow.bytes, earlier.flow.bytes), rate(sent(sample), sent(before))),
            codec: sample.codec.clone(),
            route: sample.route,
            video: sample.video,
        });
    }
}

/// A part of a whole, in thousandths.
fn share(part: u64, whole: u64) -> u32 {
    u32::try_from((part * 1000).checked_div(whole).unwrap_or(0)).unwrap_or(1000)
}

#[cfg(test)]
mod tests;
