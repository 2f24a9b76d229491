//! The connection to the server: when to open it and, after a loss, when to try again.
//!
//! It holds no socket. It says what the socket's owner should do and is told what happened.

use super::timer::earliest;
use crate::entropy::Entropy;
use crate::time::Instant;
use std::time::Duration;

/// How long an attempt to connect may take before it counts as failed.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// The first delay after a loss; it doubles with each failure.
const FIRST_DELAY: Duration = Duration::from_millis(1000);
/// No delay grows beyond this.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// What to do with the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRequest {
    /// Open a new one, in place of any that is there.
    Open,
    /// Close it, once everything sent before has left.
    Close,
}

/// What happened to the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkEvent {
    /// It is open and speaks SIP.
    Opened,
    /// It closed, or could not be opened.
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Off,
    Opening { give_up: Instant },
    Up,
    Waiting { retry_at: Instant },
}

/// The state of the connection.
pub(super) struct Link {
    state: State,
    /// Failures in a row, which make the delays grow.
    failures: u32,
}

/// What a deadline of the link brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LinkDue {
    Nothing,
    /// Time to open the socket.
    Open,
    /// The attempt to open took too long.
    Failed,
}

impl Link {
    pub(super) fn new() -> Self {
        Self { state: State::Off, failures: 0 }
    }

    pub(super) fn is_up(&self) -> bool {
        self.state == State::Up
    }

    pub(super) fn is_off(&self) -> bool {
        self.state == State::Off
    }

    /// When the next attempt starts, if the link waits for one.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { retry_at } => Some(retry_at),
            _ => None,
        }
    }

    /// The socket is being opened.
    pub(super) fn open(&mut self, now: Instant) {
        self.state = State::Opening { give_up: now + OPEN_TIMEOUT };
    }

    pub(super) fn handle_opened(&mut self) -> bool {
        let expected = matches!(self.state, State::Opening { .. });
        if expected {
            self.state = State::Up;
        }
        expected
    }

    /// The connection or the attempt failed: waits for the next one.
    pub(super) fn wait(&mut self, now: Instant, entropy: &mut dyn Entropy, least: Duration) {
        let delay = backoff(self.failures, entropy).max(least);
        self.failures = self.failures.saturating_add(1);
        self.state = State::Waiting { retry_at: now + delay };
    }

    /// The phone is registered: the next loss starts with a short delay again. An open socket
    /// alone proves little, as a broken server accepts connections too.
    pub(super) fn reset_backoff(&mut self) {
        self.failures = 0;
    }

    pub(super) fn close(&mut self) {
        self.state = State::Off;
        self.failures = 0;
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) -> LinkDue {
        match self.state {
            State::Waiting { retry_at } if retry_at <= now => LinkDue::Open,
            State::Opening { give_up } if give_up <= now => LinkDue::Failed,
            _ => LinkDue::Nothing,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let opening = match self.state {
            State::Opening { give_up } => Some(give_up),
            _ => None,
        };
        earliest(opening, self.retry_at())
    }
}

/// The delay after `failures` earlier failures: doubling, and of that a random half to whole, so
/// that ten thousand phones do not come back in the same instant.
fn backoff(failures: u32, entropy: &mut dyn Entropy) -> Duration {
    let whole = FIRST_DELAY.saturating_mul(1 << failures.min(5)).min(LONGEST_DELAY);
    let half = whole / 2;
    let spread = u32::try_from(half.as_millis()).unwrap_or(u32::MAX);
    half + Duration::from_millis(entropy.below(spread.saturating_add(1)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);
    impl Entropy for Always {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn delays_double_with_jitter_up_to_their_limit() {
        let mut link = Link::new();
        let mut delays = Vec::new();
        for _ in 0..8 {
            link.wait(Instant::default(), &mut Always(0), Duration::ZERO);
            delays.push(link.retry_at().map(|at| at.since_origin().as_millis()));
        }
        let expected = [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000].map(Some);
        assert_eq!(delays, expected);
        link.reset_backoff();
        link.wait(Instant::default(), &mut Always(0xff), Duration::ZERO);
        let first = link.retry_at().map_or(0, |at| at.since_origin().as_millis());
        assert!((500..=1000).contains(&first), "{first}");
    }

    #[test]
    fn a_servers_retry_after_is_the_least_delay() {
        let mut link = Link::new();
        link.wait(Instant::default(), &mut Always(0), Duration::from_secs(20));
        assert_eq!(link.retry_at().map(Instant::since_origin), Some(Duration::from_secs(20)));
    }

    #[test]
    fn an_attempt_that_hangs_fails_after_its_time() {
        let mut link = Link::new();
        link.open(Instant::default());
        let due = link.poll_timeout().expect("a deadline");
        assert_eq!(link.handle_timeout(due), LinkDue::Failed);
    }
}
