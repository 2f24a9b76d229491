//! The code by which two people find out that nobody sits between them.
//!
//! Each end of a call proves to hold the certificate whose fingerprint its description names. Whoever
//! carries the descriptions could put certificates of his own into both, and listen: then the two
//! ends do not see the same pair of fingerprints. The code is made of both, so that it differs then,
//! and it is short enough to be read out over the call itself.
//!
//! How much it takes to deceive somebody who compares it: whoever sits in between has shown the
//! callee's end a certificate before he learns the callee's own, as each call has a fresh one. From
//! then on that end's code is fixed, and he needs a certificate for the caller's end that gives the
//! very same code: one in 10^20 (66 bits) does. He has as long as the telephone rings, or at most as
//! long as the call lasts, and each attempt costs 2^14 hashes. With a hundred thousand graphics cards,
//! which make 10^15 hashes a second, an hour gives him one chance in 450,000. (Could he choose both
//! certificates with both ends known, 2^34 attempts would do. A new certificate in the middle of a
//! call would allow him that, so that there is no code after one, see [`super::encryption`].)

use crate::media::sdp::security::Fingerprint;
use sha2::{Digest, Sha256};

/// How many times the hash is hashed again.
const ROUNDS: usize = 1 << 14;

/// Five digits each.
const GROUPS: usize = 4;

/// The certificates of both ends of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Ours.
    pub ours: Fingerprint,
    /// That of the other end.
    pub theirs: Fingerprint,
}

impl Keys {
    /// The code: four groups of five digits, the same at both ends. It takes some milliseconds, so
    /// that it is made when somebody wants to see it.
    pub fn code(&self) -> String {
        let (first, second) = if self.ours < self.theirs {
            (&self.ours, &self.theirs)
        } else {
            (&self.theirs, &self.ours)
        };
        let mut hash = Sha256::new();
        for end in [first, second] {
            // The name of the hash tells its length, so that no two pairs are the same bytes.
            hash.update(end.hash);
            hash.update(&end.bytes);
        }
        let mut hash = hash.finalize();
        for _ in 0..ROUNDS {
            hash = Sha256::digest(hash);
        }
        let value = hash.iter().take(16).fold(0, |value, byte| value << 8 | u128::from(*byte));
        digits(value)
    }
}

/// The last digits of a number, in groups.
fn digits(mut value: u128) -> String {
    let mut groups = Vec::new();
    for _ in 0..GROUPS {
        // Five digits with a one before them, which keeps the zeros.
        let group = (100_000 + value % 100_000).to_string();
        groups.push(group.get(1..).unwrap_or_default().to_owned());
        value /= 100_000;
    }
    groups.reverse();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hash: &'static str, length: usize, seed: u8) -> Fingerprint {
        Fingerprint { hash, bytes: (0..length).map(|byte| seed ^ byte as u8).collect() }
    }

    fn code(ours: Fingerprint, theirs: Fingerprint) -> String {
        Keys { ours, theirs }.code()
    }

    #[test]
    fn both_ends_see_the_same_code_whoever_called() {
        for (a, b) in [
            (key("sha-256", 32, 1), key("sha-256", 32, 2)),
            (key("sha-512", 64, 1), key("sha-256", 32, 200)),
        ] {
            assert_eq!(code(a.clone(), b.clone()), code(b, a));
        }
    }

    #[test]
    fn another_certificate_gives_another_code() {
        let (a, b) = (key("sha-256", 32, 1), key("sha-256", 32, 2));
        let between = key("sha-256", 32, 3);
        let honest = code(a.clone(), b.clone());
        assert_ne!(code(a.clone(), between.clone()), honest);
        assert_ne!(code(a.clone(), between.clone()), code(b.clone(), between));
        let mut almost = b;
        almost.bytes[31] ^= 1;
        assert_ne!(code(a, almost), honest);
    }

    #[test]
    fn the_code_is_what_other_telephones_compute() {
        // Computed with Python's hashlib from the definition above.
        let code = code(key("sha-256", 32, 0), key("sha-256", 32, 255));
        assert_eq!(code, "24024 51954 77571 15763");
    }

    #[test]
    fn it_has_four_groups_of_five_digits() {
        assert_eq!(digits(0), "00000 00000 00000 00000");
        assert_eq!(digits(100_002_000_030_000_400_005), "00002 00003 00004 00005");
        assert_eq!(digits(u128::MAX), "63374 60743 17682 11455");
    }
}
