//! How long an offer or answer waits for ICE candidates before it is sent.
//!
//! Browsers finish gathering late (Chromium after 122 ms, with a dead STUN server after 10 s),
//! while what matters for the call is there after a few milliseconds. This rule says when that is.
//! It sees candidates as lines of text and time as a plain duration; it knows no browser.
//!
//! What comes later is told to a peer that takes candidates one by one (`sip::ua::trickle`). Any
//! other learns the address behind such a candidate from the connectivity checks that arrive from
//! it (peer-reflexive candidates, RFC 8445 §7.3.1.3), and of a relay not at all.

use super::candidates::transport_and_type;
use std::time::Duration;

/// The longest wait in all from the user's click, the opening of the microphone included.
const LIMIT: Duration = Duration::from_millis(600);

/// What is left for the host candidates, however long the microphone took.
const LEAST: Duration = Duration::from_millis(100);

/// The longest wait for a relay where nothing else may be used: a dead one ends the call.
const RELAY_LIMIT: Duration = Duration::from_secs(5);

/// The quiet after a UDP host candidate that shows that it was the last one. The host candidates
/// of all network interfaces come in one burst, within 2 ms in Chromium on a busy computer.
const HOST_QUIET: Duration = Duration::from_millis(10);

/// The same for an answer. The peer learns of an address that it lacks as soon as we ask it from there,
/// which we do at once, as we have its own.
const ANSWER_QUIET: Duration = Duration::from_millis(2);

/// The time that is given to further candidates after the first one that a server provided, such
/// as the one for the other version of IP.
const SERVER_SETTLE: Duration = Duration::from_millis(50);

/// The candidates that must be there before a description is worth sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All UDP host candidates: there is no server that could give others.
    Host,
    /// The first server-reflexive or relay candidate.
    FromServer {
        /// A server may give a relay as well, which takes two round trips where a reflexive
        /// candidate takes one.
        relays: bool,
    },
    /// The first relay candidate: nothing else may be used.
    Relay,
}

/// What the STUN and TURN servers have given so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// A server-reflexive or relay candidate.
    pub from_server: bool,
    /// A relay candidate.
    pub relay: bool,
    /// Nothing more will come.
    pub complete: bool,
}

/// One wait for candidates. All times count from its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateWait {
    wanted: Wanted,
    limit: Duration,
    quiet: Duration,
    /// The wait ends at this time if nothing changes that; it has none before anything that
    /// matters has come.
    end: Option<Duration>,
    found: Found,
}

impl CandidateWait {
    /// A wait that begins now, `spent` after the user's click.
    pub fn new(wanted: Wanted, spent: Duration) -> Self {
        let limit = match wanted {
            Wanted::Relay => RELAY_LIMIT,
            Wanted::Host | Wanted::FromServer { .. } => LIMIT.saturating_sub(spent).max(LEAST),
        };
        Self { wanted, limit, quiet: HOST_QUIET, end: None, found: Found::default() }
    }

    /// The same for an answer.
    pub fn of_answer(self) -> Self {
        Self { quiet: ANSWER_QUIET, ..self }
    }

    /// A wait for a further description on the same path, for which hardly anything is gathered
    /// besides what was `found` before.
    pub fn again(found: Found) -> Self {
        let found = Found { complete: false, ..found };
        Self { found, ..Self::new(Wanted::Host, LIMIT) }
    }

    /// Takes note of a `candidate-attribute` (RFC 8839 §5.1), with or without `a=`, that the
    /// browser reported at `elapsed`. A line that is none changes nothing.
    pub fn handle_candidate(&mut self, elapsed: Duration, line: &str) {
        let Some((transport, kind)) = transport_and_type(line) else {
            return;
        };
        let is_first = !self.found.from_server;
        self.found.from_server |= matches!(kind, "srflx" | "relay");
        self.found.relay |= kind == "relay";
        if self.found.complete {
            return;
        }
        let is_udp = transport.eq_ignore_ascii_case("udp");
        let settled = elapsed + SERVER_SETTLE;
        match (self.wanted, kind) {
            (Wanted::Host, "host") if is_udp => self.end = Some(elapsed + self.quiet),
            // TCP candidates are gathered after all UDP ones.
            (Wanted::Host, "host") if self.end.is_some() => self.end = Some(elapsed),
            (Wanted::FromServer { relays: true }, "srflx") if is_first => {
                self.end = Some(settled.max(elapsed * 2));
            }
            (Wanted::FromServer { .. }, "srflx" | "relay") | (Wanted::Relay, "relay") => {
                self.end = Some(self.end.map_or(settled, |end| end.min(settled)));
            }
            _ => {}
        }
    }

    /// Takes note that the browser has finished gathering: there is nothing to wait for.
    pub fn handle_complete(&mut self) {
        self.found.complete = true;
    }

    /// How much longer to wait, as seen at `elapsed`, if nothing more happens. Zero: the
    /// description can be sent.
    pub fn remaining(&self, elapsed: Duration) -> Duration {
        if self.found.complete {
            return Duration::ZERO;
        }
        self.end.map_or(self.limit, |end| end.min(self.limit)).saturating_sub(elapsed)
    }

    /// What the servers have given.
    pub fn found(&self) -> Found {
        self.found
    }

    /// Whether a description without what was waited for would be of no use.
    pub fn is_in_vain(&self) -> bool {
        self.wanted == Wanted::Relay && !self.found.relay
    }
}

#[cfg(test)]
mod tests {
    use super::super::candidates::lines::*;
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    const FROM_STUN: Wanted = Wanted::FromServer { relays: false };
    const FROM_TURN: Wanted = Wanted::FromServer { relays: true };

    fn wait(wanted: Wanted, candidates: &[(u64, &str)]) -> CandidateWait {
        let mut wait = CandidateWait::new(wanted, ms(0));
        for (at, line) in candidates {
            wait.handle_candidate(ms(*at), line);
        }
        wait
    }

    #[test]
    fn without_any_candidate_it_waits_well_under_a_second() {
        for wanted in [Wanted::Host, FROM_STUN, FROM_TURN] {
            let wait = wait(wanted, &[]);
            assert_eq!(wait.remaining(ms(0)), ms(600));
            assert_eq!(wait.remaining(ms(599)), ms(1));
            assert_eq!(wait.remaining(ms(600)), ms(0));
            assert_eq!(wait.remaining(ms(5000)), ms(0));
        }
    }

    #[test]
    fn what_the_microphone_took_is_not_waited_again() {
        for (spent, limit) in [(250, 350), (550, 100), (60_000, 100)] {
            let wait = CandidateWait::new(FROM_STUN, ms(spent));
            assert_eq!(wait.remaining(ms(0)), ms(limit), "{spent}");
        }
    }

    #[test]
    fn a_further_description_waits_shortly_and_forgets_nothing() {
        let mut first = wait(FROM_TURN, &[(9, RELAY)]);
        first.handle_complete();
        let again = CandidateWait::again(first.found());
        assert_eq!(again.remaining(ms(0)), ms(100));
        assert_eq!(again.found(), Found { complete: false, ..first.found() });
    }

    #[test]
    fn a_relay_without_which_there_is_no_call_is_waited_for_longer() {
        let mut wait = wait(Wanted::Relay, &[(9, UDP_HOST), (80, REFLEXIVE)]);
        assert_eq!(wait.remaining(ms(80)), ms(4920));
        assert!(wait.is_in_vain());
        wait.handle_candidate(ms(2000), RELAY);
        assert_eq!(wait.remaining(ms(2000)), ms(50));
        assert!(!wait.is_in_vain());
        assert!(!CandidateWait::new(FROM_TURN, ms(0)).is_in_vain());
    }

    #[test]
    fn the_end_of_gathering_ends_every_wait() {
        for wanted in [Wanted::Host, FROM_STUN, FROM_TURN, Wanted::Relay] {
            let mut wait = wait(wanted, &[(9, UDP_HOST)]);
            wait.handle_complete();
            assert_eq!(wait.remaining(ms(10)), ms(0));
            wait.handle_candidate(ms(11), UDP_HOST);
            assert_eq!(wait.remaining(ms(11)), ms(0));
        }
    }

    #[test]
    fn host_candidates_are_all_there_after_a_short_quiet() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST)]);
        assert_eq!(wait.remaining(ms(9)), ms(10));
        assert_eq!(wait.remaining(ms(18)), ms(1));
        assert_eq!(wait.remaining(ms(19)), ms(0));
    }

    #[test]
    fn each_further_host_candidate_starts_the_quiet_again() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (15, UDP_HOST_MDNS)]);
        assert_eq!(wait.remaining(ms(19)), ms(6));
        assert_eq!(wait.remaining(ms(25)), ms(0));
    }

    #[test]
    fn an_answer_waits_for_no_more_than_the_burst() {
        let mut wait = CandidateWait::new(Wanted::Host, ms(0)).of_answer();
        assert_eq!(wait.remaining(ms(0)), ms(600));
        wait.handle_candidate(ms(9), UDP_HOST);
        assert_eq!(wait.remaining(ms(9)), ms(2));
        wait.handle_candidate(ms(10), UDP_HOST_MDNS);
        assert_eq!(wait.remaining(ms(11)), ms(1));
    }

    #[test]
    fn a_stream_of_host_candidates_is_cut_off() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (595, UDP_HOST)]);
        assert_eq!(wait.remaining(ms(595)), ms(5));
    }

    #[test]
    fn a_tcp_candidate_shows_that_the_udp_ones_are_there() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (12, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(12)), ms(0));
    }

    #[test]
    fn a_tcp_candidate_alone_ends_no_wait() {
        let wait = wait(Wanted::Host, &[(9, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(9)), ms(591));
    }

    #[test]
    fn with_a_server_host_candidates_end_no_wait() {
        let wait = wait(FROM_STUN, &[(9, UDP_HOST), (10, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(100)), ms(500));
        assert_eq!(wait.found(), Found::default());
    }

    #[test]
    fn the_first_candidate_from_a_server_ends_the_wait_after_a_settle() {
        for (wanted, line) in [(FROM_STUN, REFLEXIVE), (FROM_TURN, RELAY), (Wanted::Relay, RELAY)] {
            let wait = wait(wanted, &[(9, UDP_HOST), (80, line)]);
            assert_eq!(wait.remaining(ms(80)), ms(50));
            assert_eq!(wait.remaining(ms(130)), ms(0));
            assert!(wait.found().from_server);
            assert_eq!(wait.found().relay, line == RELAY);
        }
    }

    #[test]
    fn a_relay_is_given_a_second_round_trip() {
        let mut wait = wait(FROM_TURN, &[(120, REFLEXIVE)]);
        assert_eq!(wait.remaining(ms(120)), ms(120));
        wait.handle_candidate(ms(130), REFLEXIVE);
        assert_eq!(wait.remaining(ms(130)), ms(50), "one of each version of IP");
        let mut wait = self::wait(FROM_TURN, &[(200, REFLEXIVE), (380, RELAY)]);
        assert_eq!(wait.remaining(ms(380)), ms(20));
        wait.handle_complete();
        assert_eq!(wait.remaining(ms(380)), ms(0));
    }

    #[test]
    fn later_candidates_from_servers_do_not_prolong_the_settle() {
        let wait = wait(FROM_STUN, &[(80, REFLEXIVE), (120, REFLEXIVE)]);
        assert_eq!(wait.remaining(ms(130)), ms(0));
    }

    #[test]
    fn the_settle_does_not_exceed_the_limit() {
        let wait = wait(FROM_TURN, &[(590, REFLEXIVE)]);
        assert_eq!(wait.remaining(ms(590)), ms(10));
    }

    #[test]
    fn the_attribute_prefix_is_allowed() {
        let line = ["a=", UDP_HOST].concat();
        assert_eq!(wait(Wanted::Host, &[(9, &line)]), wait(Wanted::Host, &[(9, UDP_HOST)]));
    }

    #[test]
    fn lines_that_are_no_candidates_change_nothing() {
        for line in [
            "",
            "a=end-of-candidates",
            "candidate:",
            "candidate:1 1 udp",
            "candidate:1 1 udp 1 192.0.2.7 50000 typ",
            "candidate:1 1 udp 1 192.0.2.7 50000 host typ",
            "candidate:1 1 udp 1 192.0.2.7 50000 typ unknown",
            "1 1 udp 1 192.0.2.7 50000 typ host",
        ] {
            assert_eq!(
                wait(Wanted::Host, &[(9, line)]),
                CandidateWait::new(Wanted::Host, ms(0)),
                "{line}"
            );
        }
    }
}
