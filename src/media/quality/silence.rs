//! Whether anything is heard at all: of a microphone, and of the other side.
//!
//! A room is never silent: even with noise suppression some bits remain. Digital silence comes from
//! a microphone that is off, or from a telephone that is muted.

use super::sample::{Energy, Sample};
use crate::time::Instant;
use std::time::Duration;

/// Energy of no more than this a second is digital silence. A microphone that is off gives none at
/// all, not even the last of 16 bits; a decoder may give some of these.
const SILENT_HERE: Energy = 100;
const SILENT_THERE: Energy = 10_000;
/// For so long it must last before it counts.
const PATIENCE: Duration = Duration::from_secs(8);

/// What was last heard, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Meter {
    energy: Energy,
    /// Since when there is silence.
    since: Option<Instant>,
}

impl Meter {
    fn note(&mut self, now: Instant, energy: Option<Energy>, silent: Energy) {
        let Some(energy) = energy else {
            self.since = None;
            return;
        };
        // It begins anew where the browser begins to count anew.
        if energy.abs_diff(self.energy) > silent {
            self.since = None;
        }
        self.energy = energy;
        self.since.get_or_insert(now);
    }

    fn is_silent(&self, now: Instant) -> bool {
        self.since.is_some_and(|since| now - since >= PATIENCE)
    }
}

/// Both sides of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Silence {
    here: Meter,
    there: Meter,
    was_heard: bool,
}

impl Silence {
    /// A call that was on hold.
    pub(super) fn after_pause(was_heard: bool) -> Self {
        Self { was_heard, ..Self::default() }
    }

    pub(super) fn note(&mut self, now: Instant, sample: &Sample, muted: bool) {
        let microphone = sample.microphone.filter(|microphone| microphone.live && !muted);
        self.here.note(now, microphone.and_then(|microphone| microphone.energy), SILENT_HERE);
        let inbound = sample.inbound.unwrap_or_default();
        self.was_heard |= inbound.flow.packets > 0;
        // Nothing that is played has no energy.
        let energy = inbound.energy.unwrap_or(inbound.flow.packets * (SILENT_THERE + 1));
        self.there.note(now, Some(energy), SILENT_THERE);
    }

    /// Our microphone is silent.
    pub(super) fn here(&self, now: Instant) -> bool {
        self.here.is_silent(now)
    }

    /// The other side is.
    pub(super) fn there(&self, now: Instant) -> bool {
        self.there.is_silent(now)
    }

    pub(super) fn was_heard(&self) -> bool {
        self.was_heard
    }

    /// No sound has arrived since the call stands.
    pub(super) fn never_heard(&self) -> bool {
        !self.was_heard
    }
}
