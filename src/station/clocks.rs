//! The clock that counts may stand still while the computer sleeps, and timers with it; that on the wall
//! does not. Where the two have run apart, the connection may be dead without having said so.

use super::{Moment, Station};
use crate::sip::ua::Command;
use crate::time::Instant;
use std::time::Duration;

/// How often they are compared.
const TICK: Duration = Duration::from_secs(2);
/// How far they may run apart while nobody sleeps.
const DRIFT: Duration = Duration::from_secs(5);

/// The last comparison, and when the next is.
#[derive(Default)]
pub(super) struct Clocks {
    last: Moment,
    next: Option<Instant>,
}

impl Clocks {
    /// They are compared from now on.
    pub(super) fn begin(&mut self, moment: Moment) {
        *self = Self { last: moment, next: Some(moment.now + TICK) };
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.next
    }

    /// Whether the computer has slept since the last time.
    fn have_slept(&mut self, moment: Moment) -> bool {
        let last = std::mem::replace(&mut self.last, moment);
        let by_wall = Duration::from_millis(moment.time_of_day.saturating_sub(last.time_of_day));
        by_wall.saturating_sub(moment.now - last.now) > DRIFT
    }
}

impl Station {
    /// Compares them where it is time for that.
    pub(super) fn compare_clocks(&mut self, moment: Moment) -> Vec<Command> {
        if self.clocks.next.is_none_or(|next| next > moment.now) {
            return Vec::new();
        }
        self.clocks.next = Some(moment.now + TICK);
        self.note_presence(moment);
        let slept = self.clocks.have_slept(moment);
        slept.then_some(Command::Retry).into_iter().collect()
    }
}
