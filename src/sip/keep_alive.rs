//! Keeping a connection alive by CRLF CRLF, which the server answers by CRLF (RFC 5626 §4.4.1), and
//! noticing by it that the connection is dead. A server that never answers those is asked by
//! OPTIONS instead, to which any final response will do.
//!
//! It says when a ping is due and when to give the connection up; sending is another's business.

use super::registration::{LONGEST, seconds};
use super::wire::Response;
use crate::entropy::Entropy;
use crate::time::Instant;
use std::time::Duration;

/// How long the answer to a ping may take (RFC 5626 §4.4.1).
const PONG_TIMEOUT: Duration = Duration::from_secs(10);

/// When a server is first asked that has promised nothing, or has not answered our REGISTER.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// How long it may take where there is reason to doubt the connection.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);
/// Who comes later than this to a deadline has slept, and has not waited.
const LATE: Duration = Duration::from_secs(5);

/// What a deadline brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeepAliveDue {
    Nothing,
    /// Time to send a ping.
    Ping,
    /// Time to send an OPTIONS.
    Ask,
    /// The connection is dead.
    Lost,
}

/// How often the server wants a ping, and whether it promised to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rhythm {
    interval: Duration,
    promised: bool,
}

impl Rhythm {
    /// What the 2xx to our REGISTER asks for by Flow-Timer, where the server does outbound, or more often
    /// where our own policy wants that; else what the policy wants, if it wants anything.
    pub(super) fn of(response: &Response, policy: Option<Duration>) -> Option<Self> {
        let outbound = ["Require", "Supported"];
        let outbound = outbound.iter().any(|name| response.headers.has_token(name, "outbound"));
        let timer = seconds(response, "Flow-Timer").filter(|timer| outbound && *timer > 0);
        let own = Self::own(policy);
        match timer {
            Some(timer) => {
                let asked = Duration::from_secs(timer.min(LONGEST));
                let interval = own.map_or(asked, |own| own.interval.min(asked));
                Some(Self { interval, promised: true })
            }
            None => own,
        }
    }

    fn own(policy: Option<Duration>) -> Option<Self> {
        let interval = policy.filter(|interval| !interval.is_zero())?;
        Some(Self { interval, promised: false })
    }
}

/// The pings of one connection after the other, all to one server.
#[derive(Debug, Default)]
pub(super) struct KeepAlive {
    rhythm: Option<Rhythm>,
    state: State,
    /// The server has answered a ping before, so that silence means something.
    answers: bool,
    /// The server has left a ping unanswered before it ever answered one.
    deaf: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Off,
    /// Nothing has come by this connection yet.
    Untried {
        ping_at: Instant,
    },
    Resting {
        ping_at: Instant,
    },
    Waiting {
        give_up: Instant,
        /// When the next ping is due after a pong.
        ping_at: Instant,
    },
    /// An OPTIONS is out.
    Asking {
        give_up: Instant,
        ping_at: Instant,
    },
}

impl State {
    fn ping_at(self) -> Option<Instant> {
        match self {
            Self::Off => None,
            Self::Untried { ping_at }
            | Self::Resting { ping_at }
            | Self::Waiting { ping_at, .. }
            | Self::Asking { ping_at, .. } => Some(ping_at),
        }
    }
}

impl KeepAlive {
    /// The connection is open. What the server wants is known once it has registered us; until then
    /// it is asked as before, or as our own policy wants.
    pub(super) fn begin(&mut self, now: Instant, policy: Option<Duration>) {
        self.rhythm = self.rhythm.or_else(|| Rhythm::own(policy));
        if self.rhythm.is_some() {
            self.state = State::Untried { ping_at: now + FIRST_PAUSE };
        }
    }

    /// Goes on as the server that has registered us wants it.
    pub(super) fn set_rhythm(
        &mut self,
        now: Instant,
        entropy: &mut dyn Entropy,
        rhythm: Option<Rhythm>,
    ) {
        let goes_on = !matches!(self.state, State::Off | State::Untried { .. });
        if self.rhythm == rhythm && goes_on {
            return;
        }
        self.rhythm = rhythm;
        self.state = match rhythm {
            // Whether this server answers pings should be known by the time that a silence is to be judged.
            Some(Rhythm { promised: false, .. }) if !self.answers && !self.deaf => {
                State::Resting { ping_at: now + FIRST_PAUSE }
            }
            Some(rhythm) => State::Resting { ping_at: now + pause(rhythm, entropy) },
            None => State::Off,
        };
    }

    /// The connection is gone.
    pub(super) fn stop(&mut self) {
        self.state = State::Off;
    }

    /// The server answered.
    pub(super) fn handle_pong(&mut self) {
        if let State::Waiting { ping_at, .. } = self.state {
            self.answers = true;
            self.state = State::Resting { ping_at };
        }
    }

    /// The final response to the OPTIONS. Whoever answers in the server's stead says by 408 or 503
    /// that it is not there.
    pub(super) fn handle_answer(&mut self, status: u16) -> KeepAliveDue {
        let State::Asking { ping_at, .. } = self.state else {
            return KeepAliveDue::Nothing;
        };
        if matches!(status, 408 | 503) {
            self.state = State::Off;
            return KeepAliveDue::Lost;
        }
        self.state = State::Resting { ping_at };
        KeepAliveDue::Nothing
    }

    /// Asks at once, and does not wait long for the answer: the computer may have slept, or be in another
    /// network.
    pub(super) fn probe(&mut self, now: Instant) -> KeepAliveDue {
        let (Some(rhythm), Some(ping_at)) = (self.rhythm, self.state.ping_at()) else {
            return KeepAliveDue::Nothing;
        };
        let ping_at = ping_at.max(now + PROBE_TIMEOUT);
        self.ask(rhythm, now + PROBE_TIMEOUT, ping_at)
    }

    fn ask(&mut self, rhythm: Rhythm, give_up: Instant, ping_at: Instant) -> KeepAliveDue {
        if self.deaf && !rhythm.promised {
            self.state = State::Asking { give_up, ping_at };
            return KeepAliveDue::Ask;
        }
        self.state = State::Waiting { give_up, ping_at };
        KeepAliveDue::Ping
    }

    pub(super) fn handle_timeout(
        &mut self,
        now: Instant,
        entropy: &mut dyn Entropy,
    ) -> KeepAliveDue {
        let Some(rhythm) = self.rhythm else {
            return KeepAliveDue::Nothing;
        };
        if self.poll_timeout().is_some_and(|due| due + LATE <= now) {
            return self.probe(now);
        }
        match self.state {
            State::Untried { ping_at } | State::Resting { ping_at } if ping_at <= now => {
                self.ask(rhythm, now + PONG_TIMEOUT, now + pause(rhythm, entropy))
            }
            State::Waiting { give_up, .. }
                if give_up <= now && (rhythm.promised || self.answers) =>
            {
                self.state = State::Off;
                KeepAliveDue::Lost
            }
            // Some servers never answer a ping, which proves nothing.
            State::Waiting { give_up, ping_at } if give_up <= now => {
                self.deaf = true;
                self.state = State::Asking { give_up: now + PONG_TIMEOUT, ping_at };
                KeepAliveDue::Ask
            }
            State::Asking { give_up, .. } if give_up <= now => {
                self.state = State::Off;
                KeepAliveDue::Lost
            }
            _ => KeepAliveDue::Nothing,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Off => None,
            State::Untried { ping_at } | State::Resting { ping_at } => Some(ping_at),
            State::Waiting { give_up, .. } | State::Asking { give_up, .. } => Some(give_up),
        }
    }
}

/// The time to the next ping: a random 80 to 100 % of what is asked for.
fn pause(rhythm: Rhythm, entropy: &mut dyn Entropy) -> Duration {
    let spread = u32::try_from((rhythm.interval / 5).as_millis()).unwrap_or(u32::MAX);
    rhythm.interval - Duration::from_millis(entropy.below(spread.saturating_add(1)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::wire::{Method, Request, Uri};

    const SECOND: Duration = Duration::from_secs(1);

    struct Counting(u32);
    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 = self.0.wrapping_add(0x9E37_79B9);
            bytes.copy_from_slice(&self.0.to_le_bytes()[..bytes.len()]);
        }
    }

    fn at(seconds: u64) -> Instant {
        Instant::default() + Duration::from_secs(seconds)
    }

    fn ok(headers: &[(&str, &str)]) -> Response {
        let uri = Uri::parse("sip:example.com").expect("a URI");
        let mut response = Response::to_request(&Request::new(Method::Register, uri), 200);
        for (name, value) in headers {
            response.headers.push(name, *value);
        }
        response
    }

    fn running(promised: bool) -> KeepAlive {
        let mut keep_alive = KeepAlive::default();
        let rhythm = Rhythm { interval: 120 * SECOND, promised };
        keep_alive.set_rhythm(at(0), &mut Counting(1), Some(rhythm));
        keep_alive
    }

    /// Lets the next ping be due; returns when that is.
    fn ping(keep_alive: &mut KeepAlive) -> Instant {
        let due = keep_alive.poll_timeout().expect("a deadline");
        assert_eq!(keep_alive.handle_timeout(due, &mut Counting(2)), KeepAliveDue::Ping);
        due
    }

    #[test]
    fn a_flow_timer_counts_only_with_outbound() {
        let timer = ("Flow-Timer", "120");
        let promised = Some(Rhythm { interval: 120 * SECOND, promised: true });
        assert_eq!(Rhythm::of(&ok(&[timer, ("Require", "outbound")]), None), promised);
        assert_eq!(Rhythm::of(&ok(&[timer, ("k", "path, Outbound")]), None), promised);
        assert_eq!(Rhythm::of(&ok(&[timer]), None), None);
        assert_eq!(Rhythm::of(&ok(&[("Require", "outbound")]), None), None);
        let zero = ok(&[("Flow-Timer", "0"), ("Require", "outbound")]);
        assert_eq!(Rhythm::of(&zero, None), None);
        let own = Some(Rhythm { interval: 30 * SECOND, promised: false });
        assert_eq!(Rhythm::of(&ok(&[timer]), Some(30 * SECOND)), own);
        assert_eq!(Rhythm::of(&ok(&[]), Some(Duration::ZERO)), None);
        let both = ok(&[timer, ("Require", "outbound")]);
        let oftener = Some(Rhythm { interval: 30 * SECOND, promised: true });
        assert_eq!(Rhythm::of(&both, Some(30 * SECOND)), oftener);
        assert_eq!(Rhythm::of(&both, Some(150 * SECOND)), promised);
    }

    #[test]
    fn pings_come_after_80_to_100_percent_of_the_interval() {
        let mut keep_alive = running(true);
        let mut last = at(0);
        let mut pauses = Vec::new();
        for _ in 0..50 {
            let due = keep_alive.poll_timeout().expect("a deadline");
            assert_eq!(
                keep_alive.handle_timeout(due, &mut Counting(due.since(at(0)).as_millis() as u32)),
                KeepAliveDue::Ping
            );
            pauses.push(due.since(last));
            last = due;
            keep_alive.handle_pong();
        }
        assert!(
            pauses.iter().all(|pause| (96 * SECOND..=120 * SECOND).contains(pause)),
            "{pauses:?}"
        );
        assert!(pauses.iter().any(|pause| *pause != pauses[0]), "{pauses:?}");
    }

    #[test]
    fn a_missing_pong_is_a_loss_where_the_server_promised_one() {
        let mut keep_alive = running(true);
        let sent = ping(&mut keep_alive);
        assert_eq!(keep_alive.poll_timeout(), Some(sent + PONG_TIMEOUT));
        let early = sent + 9 * SECOND;
        assert_eq!(keep_alive.handle_timeout(early, &mut Counting(3)), KeepAliveDue::Nothing);
        let late = sent + PONG_TIMEOUT;
        assert_eq!(keep_alive.handle_timeout(late, &mut Counting(3)), KeepAliveDue::Lost);
        assert_eq!(keep_alive.poll_timeout(), None);
    }

    #[test]
    fn without_a_promise_only_a_server_that_answered_before_is_missed() {
        let mut keep_alive = running(false);
        ping(&mut keep_alive);
        keep_alive.handle_pong();
        let sent = ping(&mut keep_alive);
        let late = sent + PONG_TIMEOUT;
        assert_eq!(keep_alive.handle_timeout(late, &mut Counting(3)), KeepAliveDue::Lost);
    }

    #[test]
    fn a_server_that_never_answered_a_ping_is_asked_by_options() {
        let mut keep_alive = running(false);
        let mut late = ping(&mut keep_alive) + PONG_TIMEOUT;
        for status in [200, 404, 501] {
            assert_eq!(keep_alive.handle_timeout(late, &mut Counting(3)), KeepAliveDue::Ask);
            assert_eq!(keep_alive.poll_timeout(), Some(late + PONG_TIMEOUT));
            // A line end that nobody asked for is no answer.
            keep_alive.handle_pong();
            assert_eq!(keep_alive.handle_answer(status), KeepAliveDue::Nothing);
            assert_eq!(keep_alive.handle_answer(503), KeepAliveDue::Nothing, "it was answered");
            late = keep_alive.poll_timeout().expect("a deadline");
        }
        assert_eq!(keep_alive.handle_timeout(late, &mut Counting(3)), KeepAliveDue::Ask);
        let mut gone = keep_alive.state;
        assert_eq!(keep_alive.handle_answer(408), KeepAliveDue::Lost);
        std::mem::swap(&mut gone, &mut keep_alive.state);
        let silent = late + PONG_TIMEOUT;
        assert_eq!(keep_alive.handle_timeout(silent, &mut Counting(3)), KeepAliveDue::Lost);
        assert_eq!(keep_alive.poll_timeout(), None);
    }

    #[test]
    fn who_has_slept_over_a_deadline_asks_again_before_giving_up() {
        let mut keep_alive = running(true);
        let sent = ping(&mut keep_alive);
        let woken = sent + 3600 * SECOND;
        assert_eq!(keep_alive.handle_timeout(woken, &mut Counting(3)), KeepAliveDue::Ping);
        assert_eq!(keep_alive.poll_timeout(), Some(woken + PROBE_TIMEOUT));
        keep_alive.handle_pong();
        let next = keep_alive.poll_timeout().expect("a deadline");
        assert_eq!(keep_alive.handle_timeout(next, &mut Counting(3)), KeepAliveDue::Ping);
        let lost = next + PONG_TIMEOUT;
        assert_eq!(keep_alive.handle_timeout(lost, &mut Counting(3)), KeepAliveDue::Lost);
        assert_eq!(keep_alive.probe(lost), KeepAliveDue::Nothing, "there is no connection");
    }

    #[test]
    fn a_refresh_that_changes_nothing_does_not_put_the_ping_off() {
        let mut keep_alive = running(true);
        let due = keep_alive.poll_timeout();
        let same = keep_alive.rhythm;
        keep_alive.set_rhythm(at(50), &mut Counting(9), same);
        assert_eq!(keep_alive.poll_timeout(), due);
        keep_alive.stop();
        assert_eq!(keep_alive.poll_timeout(), None);
        keep_alive.set_rhythm(at(200), &mut Counting(9), same);
        assert!(keep_alive.poll_timeout().is_some_and(|due| due >= at(296)));
        keep_alive.set_rhythm(at(300), &mut Counting(9), None);
        assert_eq!(keep_alive.poll_timeout(), None);
    }
}
