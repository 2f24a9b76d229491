//! The servers of an account: which one is tried, and which next (RFC 3263 §4.3). A browser cannot
//! look up SRV records, so that whoever hosts the page lists what they would say (RFC 2782).

use crate::entropy::Entropy;
use crate::time::Instant;
use std::time::Duration;

/// What is known of a server. Its place in the list is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// It is reached over `wss:`, which is what our Via says (RFC 7118 §5.2).
    pub secure: bool,
    /// Those with the lowest are tried first.
    pub priority: u16,
    /// What share of the telephones is to come to it, among those of its priority.
    pub weight: u16,
}

/// When a server that did not serve is looked for again, at first; it doubles each time.
const SPARED: Duration = Duration::from_secs(600);
/// So often at most.
const DOUBLINGS: u32 = 4;

/// The servers in the order in which this telephone tries them.
pub(super) struct Servers {
    order: Vec<Candidate>,
    /// The one that is used, or tried.
    at: usize,
    /// How many better ones were looked for, each in its turn.
    looks: usize,
}

struct Candidate {
    place: usize,
    server: Server,
    /// It has failed since the last one that served us.
    failed: bool,
    /// It wants to be left alone until then (Retry-After).
    not_before: Option<Instant>,
    /// How often it took a connection and did not serve, and when it may be gone back to.
    failures: u32,
    spared_until: Option<Instant>,
}

impl Servers {
    /// Orders the list as RFC 2782 has it: by priority, and by chance and weight within each.
    pub(super) fn new(list: &[Server], entropy: &mut dyn Entropy) -> Self {
        let mut left: Vec<_> = list.iter().copied().enumerate().collect();
        let mut order = Vec::new();
        while let Some(first) = left.iter().map(|(_, server)| server.priority).min() {
            let equal = |(_, server): &&(usize, Server)| server.priority == first;
            let sum = left.iter().filter(equal).map(|(_, server)| share(*server)).sum();
            let mut drawn = entropy.below(sum);
            let next = left.iter().position(|(_, server)| {
                let before = drawn;
                if server.priority == first {
                    drawn = drawn.saturating_sub(share(*server));
                }
                server.priority == first && before < share(*server)
            });
            let (place, server) = left.remove(next.unwrap_or_default());
            order.push(Candidate {
                place,
                server,
                failed: false,
                not_before: None,
                failures: 0,
                spared_until: None,
            });
        }
        Self { order, at: 0, looks: 0 }
    }

    /// The place in the list of the one that is used, or tried.
    pub(super) fn place(&self) -> usize {
        self.order.get(self.at).map_or(0, |candidate| candidate.place)
    }

    pub(super) fn is_secure(&self) -> bool {
        self.order.get(self.at).is_some_and(|candidate| candidate.server.secure)
    }

    pub(super) fn are_several(&self) -> bool {
        self.order.len() > 1
    }

    /// The one that is used serves us: if it is lost, it is the first to be tried again.
    pub(super) fn serve(&mut self) {
        self.begin_round();
        if let Some(used) = self.order.get_mut(self.at) {
            (used.not_before, used.failures, used.spared_until) = (None, 0, None);
        }
    }

    fn begin_round(&mut self) {
        for candidate in &mut self.order {
            candidate.failed = false;
        }
    }

    /// The one that was tried does not serve us, and wants to be left alone for this time. Goes to the
    /// next that may be tried at once; `false` when all have failed, and a pause is due.
    pub(super) fn fail(&mut self, now: Instant, least: Duration, was_open: bool) -> bool {
        if let Some(candidate) = self.order.get_mut(self.at) {
            candidate.failed = true;
            candidate.not_before = Some(now + least);
            // That it takes connections says little of such a one.
            if was_open {
                candidate.spared_until = Some(now + SPARED * (1 << candidate.failures));
                candidate.failures = (candidate.failures + 1).min(DOUBLINGS);
            }
        }
        let may_be_tried = |candidate: &Candidate| {
            !candidate.failed && candidate.not_before.is_none_or(|at| at <= now)
        };
        if let Some(next) = self.order.iter().position(may_be_tried) {
            self.at = next;
            return true;
        }
        self.begin_round();
        let soonest = self.order.iter().enumerate().min_by_key(|(_, each)| each.not_before);
        self.at = soonest.map_or(0, |(at, _)| at);
        false
    }

    /// Until when the next one is to be left alone.
    pub(super) fn not_before(&self) -> Option<Instant> {
        self.order.get(self.at)?.not_before
    }

    /// Whether one is preferred to the one that is used.
    pub(super) fn is_better_known(&self) -> bool {
        let used = self.order.get(self.at);
        let first = self.order.first();
        used.zip(first).is_some_and(|(used, first)| first.server.priority < used.server.priority)
    }

    /// The place of a preferred one that may be gone back to, each of them in its turn.
    pub(super) fn better(&mut self, now: Instant) -> Option<usize> {
        let used = self.order.get(self.at)?.server.priority;
        let past = |at: Option<Instant>| at.is_none_or(|at| at <= now);
        let is_better = |each: &&Candidate| {
            each.server.priority < used && past(each.not_before) && past(each.spared_until)
        };
        let better: Vec<_> = self.order.iter().filter(is_better).collect();
        let place = better.get(self.looks.checked_rem(better.len())?)?.place;
        self.looks = self.looks.wrapping_add(1);
        Some(place)
    }

    /// Goes to the one at this place of the list.
    pub(super) fn go_to(&mut self, place: usize) {
        let at = self.order.iter().position(|candidate| candidate.place == place);
        self.at = at.unwrap_or_default();
    }
}

/// RFC 2782: what has no weight is chosen seldom, but it is.
fn share(server: Server) -> u32 {
    u32::from(server.weight) * 100 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u32);
    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 = self.0.wrapping_add(0x9E37_79B9);
            bytes.copy_from_slice(&self.0.to_le_bytes()[..bytes.len()]);
        }
    }

    fn server(priority: u16, weight: u16) -> Server {
        Server { secure: true, priority, weight }
    }

    fn order(list: &[Server], entropy: &mut Counting) -> Vec<usize> {
        Servers::new(list, entropy).order.iter().map(|candidate| candidate.place).collect()
    }

    #[test]
    fn the_lowest_priority_comes_first() {
        let list = [server(20, 9), server(10, 0), server(30, 1), server(10, 0)];
        for _ in 0..20 {
            let order = order(&list, &mut Counting(7));
            assert!(order == [1, 3, 0, 2] || order == [3, 1, 0, 2], "{order:?}");
        }
    }

    #[test]
    fn weights_share_the_telephones() {
        let list = [server(1, 10), server(1, 30), server(1, 0)];
        let mut entropy = Counting(1);
        let mut first = [0; 3];
        for _ in 0..4000 {
            first[order(&list, &mut entropy)[0]] += 1;
        }
        assert!((900..1100).contains(&first[0]), "{first:?}");
        assert!((2900..3100).contains(&first[1]), "{first:?}");
    }

    #[test]
    fn one_that_wants_to_be_left_alone_is_tried_after_the_others() {
        let list = [server(1, 1), server(2, 1)];
        let mut servers = Servers::new(&list, &mut Counting(0));
        let now = Instant::default();
        assert!(servers.fail(now, Duration::from_secs(60), true));
        assert_eq!(servers.place(), 1);
        assert!(!servers.fail(now, Duration::ZERO, false));
        assert_eq!(servers.place(), 1, "the first still wants to be left alone");
        assert!(!servers.fail(now, Duration::from_secs(90), true));
        assert_eq!(servers.place(), 0);
        assert_eq!(servers.not_before(), Some(now + Duration::from_secs(60)));
        servers.serve();
        assert_eq!(servers.not_before(), None, "it serves, whatever it wanted");
    }

    #[test]
    fn better_ones_are_looked_for_in_turn_and_those_that_did_not_serve_more_seldom() {
        let list = [server(1, 1), server(2, 1), server(3, 1)];
        let mut servers = Servers::new(&list, &mut Counting(0));
        let mut now = Instant::default();
        assert!(servers.fail(now, Duration::ZERO, false));
        assert!(servers.fail(now, Duration::ZERO, true));
        servers.serve();
        assert!(servers.is_better_known());
        assert_eq!(servers.better(now), Some(0));
        assert_eq!(servers.better(now), Some(0), "the second took a connection and did not serve");
        now = now + SPARED;
        let mut found = [servers.better(now), servers.better(now)];
        found.sort();
        assert_eq!(found, [Some(0), Some(1)]);
    }
}
