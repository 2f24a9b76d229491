//! How long an offer or answer waits for ICE candidates before it is sent.
//!
//! Browsers finish gathering late (Chromium after 122 ms, with a dead STUN server after 10 s),
//! while what matters for the call is there after a few milliseconds. This rule says when that is.
//! It sees candidates as lines of text and time as a plain duration; it knows no browser.
//!
//! Candidates that come later are not sent: SIP has no common way to send them (RFC 8840 is
//! hardly spoken), and the far end learns the address behind such a candidate from the
//! connectivity checks that arrive from it (peer-reflexive candidates, RFC 8445 §7.3.1.3).

use std::time::Duration;

/// The longest wait in all.
const LIMIT: Duration = Duration::from_secs(1);

/// The quiet after a UDP host candidate that shows that it was the last one. The host candidates
/// of all network interfaces come in one burst.
const HOST_QUIET: Duration = Duration::from_millis(25);

/// The time that is given to further candidates after the first one that a server provided, such
/// as the one for the other version of IP.
const SERVER_SETTLE: Duration = Duration::from_millis(50);

/// The candidates that must be there before a description is worth sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All UDP host candidates: no server is configured that could give others.
    Host,
    /// The first server-reflexive or relay candidate: a STUN or TURN server is configured.
    FromServer,
    /// The first relay candidate: nothing else may be used.
    Relay,
}

impl Wanted {
    /// What to wait for, given whether any STUN or TURN server is configured and whether only
    /// relayed media is allowed.
    pub fn new(has_servers: bool, relay_only: bool) -> Self {
        match (has_servers, relay_only) {
            (_, true) => Self::Relay,
            (true, false) => Self::FromServer,
            (false, false) => Self::Host,
        }
    }
}

/// One wait for candidates. All times count from its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateWait {
    wanted: Wanted,
    progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing that matters has come.
    Nothing,
    /// Something has; the wait ends at this time if nothing changes that.
    EndsAt(Duration),
    /// The wait is over.
    Over,
}

impl CandidateWait {
    /// A wait that begins now.
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, progress: Progress::Nothing }
    }

    /// Takes note of a `candidate-attribute` (RFC 8839 §5.1), with or without `a=`, that the
    /// browser reported at `elapsed`. A line that is none changes nothing.
    pub fn handle_candidate(&mut self, elapsed: Duration, line: &str) {
        let Some((transport, kind)) = transport_and_type(line) else {
            return;
        };
        let is_udp = transport.eq_ignore_ascii_case("udp");
        self.progress = match (self.progress, self.wanted, kind) {
            (Progress::Over, ..) => Progress::Over,
            (_, Wanted::Host, "host") if is_udp => Progress::EndsAt(elapsed + HOST_QUIET),
            // TCP candidates are gathered after all UDP ones.
            (Progress::EndsAt(_), Wanted::Host, "host") => Progress::Over,
            (Progress::Nothing, Wanted::FromServer, "srflx" | "relay")
            | (Progress::Nothing, Wanted::Relay, "relay") => {
                Progress::EndsAt(elapsed + SERVER_SETTLE)
            }
            (progress, ..) => progress,
        };
    }

    /// Takes note that the browser has finished gathering: there is nothing to wait for.
    pub fn handle_complete(&mut self) {
        self.progress = Progress::Over;
    }

    /// How much longer to wait, as seen at `elapsed`, if nothing more happens. Zero: the
    /// description can be sent.
    pub fn remaining(&self, elapsed: Duration) -> Duration {
        match self.progress {
            Progress::Nothing => LIMIT,
            Progress::EndsAt(end) => end.min(LIMIT),
            Progress::Over => Duration::ZERO,
        }
        .saturating_sub(elapsed)
    }
}

/// The transport and the type (`host`, `srflx`, `prflx`, `relay`) of a candidate:
/// `candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> …`.
fn transport_and_type(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("a=").unwrap_or(line);
    let mut fields = line.strip_prefix("candidate:")?.split_ascii_whitespace();
    let transport = fields.nth(2)?;
    let (_priority, _address, _port) = (fields.next()?, fields.next()?, fields.next()?);
    (fields.next()? == "typ").then_some(())?;
    Some((transport, fields.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UDP_HOST: &str =
        "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0 ufrag x";
    const UDP_HOST_MDNS: &str = "candidate:2 1 UDP 2122252543 5ad1.local 50001 typ host";
    const TCP_HOST: &str = "candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active";
    const REFLEXIVE: &str =
        "candidate:4 1 udp 1677729535 203.0.113.9 50000 typ srflx raddr 192.0.2.7 rport 50000";
    const RELAY: &str =
        "candidate:5 1 udp 33562367 198.51.100.4 60000 typ relay raddr 203.0.113.9 rport 50000";

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn wait(wanted: Wanted, candidates: &[(u64, &str)]) -> CandidateWait {
        let mut wait = CandidateWait::new(wanted);
        for (at, line) in candidates {
            wait.handle_candidate(ms(*at), line);
        }
        wait
    }

    #[test]
    fn what_is_wanted_follows_from_the_servers() {
        assert_eq!(Wanted::new(false, false), Wanted::Host);
        assert_eq!(Wanted::new(true, false), Wanted::FromServer);
        assert_eq!(Wanted::new(true, true), Wanted::Relay);
        assert_eq!(Wanted::new(false, true), Wanted::Relay);
    }

    #[test]
    fn without_any_candidate_it_waits_one_second() {
        for wanted in [Wanted::Host, Wanted::FromServer, Wanted::Relay] {
            let wait = wait(wanted, &[]);
            assert_eq!(wait.remaining(ms(0)), ms(1000));
            assert_eq!(wait.remaining(ms(999)), ms(1));
            assert_eq!(wait.remaining(ms(1000)), ms(0));
            assert_eq!(wait.remaining(ms(5000)), ms(0));
        }
    }

    #[test]
    fn the_end_of_gathering_ends_every_wait() {
        for wanted in [Wanted::Host, Wanted::FromServer, Wanted::Relay] {
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
        assert_eq!(wait.remaining(ms(9)), ms(25));
        assert_eq!(wait.remaining(ms(33)), ms(1));
        assert_eq!(wait.remaining(ms(34)), ms(0));
    }

    #[test]
    fn each_further_host_candidate_starts_the_quiet_again() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (20, UDP_HOST_MDNS)]);
        assert_eq!(wait.remaining(ms(34)), ms(11));
        assert_eq!(wait.remaining(ms(45)), ms(0));
    }

    #[test]
    fn a_stream_of_host_candidates_is_cut_off_after_one_second() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (990, UDP_HOST)]);
        assert_eq!(wait.remaining(ms(990)), ms(10));
    }

    #[test]
    fn a_tcp_candidate_shows_that_the_udp_ones_are_there() {
        let wait = wait(Wanted::Host, &[(9, UDP_HOST), (12, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(12)), ms(0));
    }

    #[test]
    fn a_tcp_candidate_alone_ends_no_wait() {
        let wait = wait(Wanted::Host, &[(9, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(9)), ms(991));
    }

    #[test]
    fn with_a_server_host_candidates_end_no_wait() {
        let wait = wait(Wanted::FromServer, &[(9, UDP_HOST), (10, TCP_HOST)]);
        assert_eq!(wait.remaining(ms(100)), ms(900));
    }

    #[test]
    fn the_first_candidate_from_a_server_ends_the_wait_after_a_settle() {
        for line in [REFLEXIVE, RELAY] {
            let wait = wait(Wanted::FromServer, &[(9, UDP_HOST), (80, line)]);
            assert_eq!(wait.remaining(ms(80)), ms(50));
            assert_eq!(wait.remaining(ms(130)), ms(0));
        }
    }

    #[test]
    fn later_candidates_from_servers_do_not_prolong_the_settle() {
        let wait = wait(Wanted::FromServer, &[(80, REFLEXIVE), (120, RELAY)]);
        assert_eq!(wait.remaining(ms(130)), ms(0));
    }

    #[test]
    fn the_settle_does_not_exceed_one_second_in_all() {
        let wait = wait(Wanted::FromServer, &[(980, REFLEXIVE)]);
        assert_eq!(wait.remaining(ms(980)), ms(20));
    }

    #[test]
    fn only_a_relay_candidate_counts_where_relays_are_demanded() {
        let waiting = wait(Wanted::Relay, &[(9, UDP_HOST), (80, REFLEXIVE)]);
        assert_eq!(waiting.remaining(ms(80)), ms(920));
        let settling = wait(Wanted::Relay, &[(80, REFLEXIVE), (90, RELAY)]);
        assert_eq!(settling.remaining(ms(90)), ms(50));
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
                CandidateWait::new(Wanted::Host),
                "{line}"
            );
        }
    }
}
