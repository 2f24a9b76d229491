//! How much strangers may send: beyond what people write, texts are turned away before anybody has
//! work with them.

use crate::time::Instant;
use std::time::Duration;

/// What is counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// So many texts of one sender are taken in that time, and so many of all together.
const MOST_OF_SENDER: usize = 60;
const MOST: usize = 600;

/// The texts of the last minute.
#[derive(Default)]
pub(super) struct Throttle {
    began: Option<Instant>,
    /// Who sent each.
    senders: Vec<String>,
}

impl Throttle {
    /// Whether one more of this sender is taken; if so, it counts.
    pub(super) fn admits(&mut self, now: Instant, sender: &str) -> bool {
        if self.began.is_none_or(|began| now >= began + WINDOW) {
            self.began = Some(now);
            self.senders.clear();
        }
        let own = self.senders.iter().filter(|other| *other == sender).count();
        let admits = own < MOST_OF_SENDER && self.senders.len() < MOST;
        if admits {
            self.senders.push(sender.to_owned());
        }
        admits
    }
}
