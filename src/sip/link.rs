//! The connection to the server: when to open it and, after a loss, when to try again.
//!
//! It holds no socket. It says what the socket's owner should do and is told what happened.

use super::servers::{Server, Servers};
use super::timer::earliest;
use crate::entropy::Entropy;
use crate::time::Instant;
use std::time::Duration;

/// How long an attempt to connect may take before it counts as failed.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// The same where another server can be tried.
const OPEN_TIMEOUT_OF_SEVERAL: Duration = Duration::from_secs(5);
/// The first delay after a loss; it doubles with each failure.
const FIRST_DELAY: Duration = Duration::from_millis(1000);
/// No delay grows beyond this while no server can be reached: to refuse a connection costs little, and
/// whoever comes back should be found soon.
const LONGEST_DELAY: Duration = Duration::from_secs(4);
/// No delay grows beyond this while the server takes connections and does not serve: it has too much to
/// do.
const LONGEST_DELAY_OF_BUSY: Duration = Duration::from_secs(30);
/// How often, at least, a telephone that had to go to another server looks whether a preferred one is
/// back.
const BACK_AFTER: Duration = Duration::from_secs(300);

/// What to do with the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRequest {
    /// Open a new one to the server at this place of the list, in place of any that is there.
    Open(usize),
    /// Close it, once everything sent before has left.
    Close,
    /// See whether the server at this place takes connections, beside the one that there is;
    /// [`LinkEvent::Tried`] tells.
    Try(usize),
}

/// What happened to the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkEvent {
    /// It is open and speaks SIP.
    Opened,
    /// It closed, or could not be opened.
    Closed,
    /// Whether the server of [`LinkRequest::Try`] takes connections.
    Tried(bool),
}

/// Why the connection is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It closed, or was found dead.
    Lost,
    /// It did not come about.
    Unreachable,
    /// The server did not serve us, and wants to be left alone for this time.
    Busy(Duration),
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
    servers: Servers,
    /// The server serves us by this connection, or did.
    served: bool,
    /// The place of the server that was tried last.
    last: Option<usize>,
    back: Back,
}

/// The way back to the preferred server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// We are there, or not anywhere.
    There,
    /// It is looked for at this time.
    Later(Instant),
    /// The one at this place is looked for now.
    Trying(usize),
    /// It is back.
    Ready(usize),
}

/// What a deadline of the link brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LinkDue {
    Nothing,
    /// Time to open the socket.
    Open,
    /// The attempt to open took too long.
    Failed,
    /// Time to see whether the preferred server is back.
    Try(usize),
}

impl Link {
    pub(super) fn new(servers: &[Server], entropy: &mut dyn Entropy) -> Self {
        let servers = Servers::new(servers, entropy);
        Self {
            state: State::Off,
            failures: 0,
            servers,
            served: false,
            last: None,
            back: Back::There,
        }
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

    /// Whether the server is reached over `wss:`.
    pub(super) fn is_secure(&self) -> bool {
        self.servers.is_secure()
    }

    /// The socket is being opened, to the server at the place that this returns, and whether that is
    /// another one than before.
    pub(super) fn open(&mut self, now: Instant) -> (usize, bool) {
        // Where none could be reached, it may be the way that is slow.
        let hurries = self.servers.are_several() && self.failures < 2;
        let patience = if hurries { OPEN_TIMEOUT_OF_SEVERAL } else { OPEN_TIMEOUT };
        self.state = State::Opening { give_up: now + patience };
        self.served = false;
        self.back = Back::There;
        let place = self.servers.place();
        (place, self.last.replace(place).is_some_and(|last| last != place))
    }

    pub(super) fn handle_opened(&mut self) -> bool {
        let expected = matches!(self.state, State::Opening { .. });
        if expected {
            self.state = State::Up;
        }
        expected
    }

    /// The connection or the attempt failed. Waits for the next one, unless another server can be
    /// tried at once; returns whether it waits.
    pub(super) fn fail(
        &mut self,
        now: Instant,
        entropy: &mut dyn Entropy,
        failure: Failure,
    ) -> bool {
        let another = match failure {
            Failure::Busy(least) => self.servers.fail(now, least, true),
            // What has served us is the first to be tried again.
            Failure::Lost | Failure::Unreachable if self.served => false,
            _ => self.servers.fail(now, Duration::ZERO, failure == Failure::Lost),
        };
        if another {
            return false;
        }
        let longest = match failure {
            Failure::Unreachable => LONGEST_DELAY,
            Failure::Lost | Failure::Busy(_) => LONGEST_DELAY_OF_BUSY,
        };
        let retry_at = now + backoff(self.failures, longest, entropy);
        let retry_at = retry_at.max(self.servers.not_before().unwrap_or(retry_at));
        self.failures = self.failures.saturating_add(1);
        self.state = State::Waiting { retry_at };
        true
    }

    /// The phone is registered: the next loss starts with a short delay again. An open socket
    /// alone proves little, as a broken server accepts connections too.
    pub(super) fn serve(&mut self, now: Instant, entropy: &mut dyn Entropy) {
        self.failures = 0;
        self.served = true;
        self.servers.serve();
        if self.back == Back::There && self.servers.is_better_known() {
            self.back = Back::Later(now + jittered(BACK_AFTER, entropy));
        }
    }

    /// The place of a preferred server, where it is to be seen now and not later whether it is back.
    pub(super) fn look_back(&mut self, now: Instant, entropy: &mut dyn Entropy) -> Option<usize> {
        let Back::Later(_) = self.back else { return None };
        let better = self.servers.better(now);
        let later = Back::Later(now + jittered(BACK_AFTER, entropy));
        self.back = better.map_or(later, Back::Trying);
        better
    }

    /// What the trial has shown.
    pub(super) fn handle_tried(&mut self, now: Instant, entropy: &mut dyn Entropy, is_there: bool) {
        if let Back::Trying(place) = self.back {
            self.back = match is_there {
                true => Back::Ready(place),
                false => Back::Later(now + jittered(BACK_AFTER, entropy)),
            };
        }
    }

    /// Whether a preferred server is back.
    pub(super) fn can_go_back(&self) -> bool {
        self.is_up() && matches!(self.back, Back::Ready(_))
    }

    /// The next connection is to that server.
    pub(super) fn go_back(&mut self) {
        if let Back::Ready(place) = self.back {
            self.servers.go_to(place);
        }
    }

    pub(super) fn close(&mut self) {
        self.state = State::Off;
        self.failures = 0;
        self.back = Back::There;
    }

    pub(super) fn handle_timeout(&mut self, now: Instant, entropy: &mut dyn Entropy) -> LinkDue {
        match (self.state, self.back) {
            (State::Waiting { retry_at }, _) if retry_at <= now => LinkDue::Open,
            (State::Opening { give_up }, _) if give_up <= now => LinkDue::Failed,
            (State::Up, Back::Later(at)) if at <= now => {
                self.look_back(now, entropy).map_or(LinkDue::Nothing, LinkDue::Try)
            }
            _ => LinkDue::Nothing,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let due = match (self.state, self.back) {
            (State::Opening { give_up }, _) => Some(give_up),
            (State::Up, Back::Later(at)) => Some(at),
            _ => None,
        };
        earliest(due, self.retry_at())
    }
}

/// The delay after `failures` earlier failures, doubling.
fn backoff(failures: u32, longest: Duration, entropy: &mut dyn Entropy) -> Duration {
    jittered(FIRST_DELAY.saturating_mul(1 << failures.min(5)).min(longest), entropy)
}

/// A random half to whole of a time, so that ten thousand phones do not come in the same instant.
fn jittered(whole: Duration, entropy: &mut dyn Entropy) -> Duration {
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

    fn link() -> Link {
        let server = Server { secure: true, priority: 1, weight: 1 };
        Link::new(&[server], &mut Always(0))
    }

    fn delays(link: &mut Link, failure: Failure) -> Vec<Option<u128>> {
        let mut delay = |_| {
            link.fail(Instant::default(), &mut Always(0), failure);
            link.retry_at().map(|at| at.since_origin().as_millis())
        };
        (0..7).map(&mut delay).collect()
    }

    #[test]
    fn delays_double_with_jitter_up_to_their_limit() {
        let mut link = link();
        let expected = [500, 1000, 2000, 2000, 2000, 2000, 2000].map(Some);
        assert_eq!(delays(&mut link, Failure::Unreachable), expected);
        link.serve(Instant::default(), &mut Always(0));
        link.fail(Instant::default(), &mut Always(0xff), Failure::Lost);
        let first = link.retry_at().map_or(0, |at| at.since_origin().as_millis());
        assert!((500..=1000).contains(&first), "{first}");
    }

    #[test]
    fn a_server_that_does_not_serve_is_spared() {
        let expected = [500, 1000, 2000, 4000, 8000, 15000, 15000].map(Some);
        assert_eq!(delays(&mut link(), Failure::Busy(Duration::ZERO)), expected);
    }

    #[test]
    fn a_servers_retry_after_is_the_least_delay() {
        let mut link = link();
        let least = Duration::from_secs(20);
        link.fail(Instant::default(), &mut Always(0), Failure::Busy(least));
        assert_eq!(link.retry_at().map(Instant::since_origin), Some(least));
    }

    #[test]
    fn an_attempt_that_hangs_fails_after_its_time() {
        let mut link = link();
        link.open(Instant::default());
        let due = link.poll_timeout().expect("a deadline");
        assert_eq!(link.handle_timeout(due, &mut Always(0)), LinkDue::Failed);
    }
}
