//! Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760): which challenge to answer, and how.
//!
//! It remembers the challenges it met, so that later requests carry credentials at once and `nc`
//! counts the uses of each nonce.

use super::wire::{Algorithm, Challenge, Request, Response, auth_param, quote};
use crate::entropy::{Entropy, hex};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha512_256};

/// How many challenges one request is answered at the most: two realms, each with a stale nonce.
const MAX_ATTEMPTS: u8 = 4;

/// How many realms are remembered; one account meets one or two.
const MAX_KNOWN: usize = 8;

/// Why a challenge is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AuthError {
    /// The server has seen our credentials and does not accept them.
    Rejected,
    /// No challenge has a scheme and an algorithm that we support.
    Unsupported,
}

/// Whose challenge it is: the far end's (401) or a proxy's (407).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Party {
    Server,
    Proxy,
}

impl Party {
    const ALL: [Self; 2] = [Self::Server, Self::Proxy];

    fn challenge_header(self) -> &'static str {
        match self {
            Self::Server => "WWW-Authenticate",
            Self::Proxy => "Proxy-Authenticate",
        }
    }

    fn credentials_header(self) -> &'static str {
        match self {
            Self::Server => "Authorization",
            Self::Proxy => "Proxy-Authorization",
        }
    }

    fn info_header(self) -> &'static str {
        match self {
            Self::Server => "Authentication-Info",
            Self::Proxy => "Proxy-Authentication-Info",
        }
    }
}

struct Known {
    party: Party,
    /// The Request-URI of the challenged request.
    uri: String,
    challenge: Challenge,
    /// How often the nonce was used.
    uses: u32,
    /// Of the `-sess` algorithms, the cnonce that belongs to the nonce: its first use is part of
    /// the secret (RFC 7616 §3.4.2), which some servers make anew and some keep.
    cnonce: Option<String>,
}

/// The credentials of one account and the challenges they answered.
pub(super) struct Authenticator {
    username: String,
    password: String,
    /// Challenges that ask for less are not answered.
    min_strength: u8,
    known: Vec<Known>,
}

impl Authenticator {
    pub(super) fn new(username: String, password: String, weakest: Option<&Algorithm>) -> Self {
        let min_strength = weakest.map_or(1, strength).max(1);
        Self { username, password, min_strength, known: Vec::new() }
    }

    /// Puts credentials for the challenges met so far into `request`, in place of older ones. A
    /// server's challenge holds for its Request-URI only: whoever else reads an `Authorization`
    /// could try passwords on it.
    pub(super) fn authorize(&mut self, request: &mut Request, entropy: &mut dyn Entropy) {
        for party in Party::ALL {
            request.headers.remove(party.credentials_header());
        }
        let uri = request.uri.to_string();
        for known in &mut self.known {
            if known.party == Party::Server && known.uri != uri {
                continue;
            }
            known.uses = known.uses.saturating_add(1);
            let cnonce = match &known.cnonce {
                Some(cnonce) => cnonce.clone(),
                None => entropy.hex::<8>(),
            };
            if is_session(&known.challenge.algorithm) {
                known.cnonce = Some(cnonce.clone());
            }
            let value = credentials(
                &self.username,
                &self.password,
                &known.challenge,
                &Use {
                    method: request.method.as_str(),
                    uri: &uri,
                    body: &request.body,
                    count: known.uses,
                    cnonce: &cnonce,
                },
            );
            request.headers.push(known.party.credentials_header(), value);
        }
    }

    /// Learns the challenges of a 401 or 407 to `request`, after which [`Self::authorize`] answers
    /// them. `attempts` says how many challenges this request was answered before.
    pub(super) fn learn(
        &mut self,
        request: &Request,
        response: &Response,
        attempts: u8,
    ) -> Result<(), AuthError> {
        let mut learnt = false;
        let uri = request.uri.to_string();
        for party in Party::ALL {
            for challenge in strongest(response, party, self.min_strength) {
                let answered = attempts > 0 && has_credentials(request, party, &challenge.realm);
                let is_same =
                    |old: &Known| old.party == party && old.challenge.realm == challenge.realm;
                if attempts >= MAX_ATTEMPTS || answered && !challenge.stale {
                    self.known.retain(|old| !is_same(old));
                    return Err(AuthError::Rejected);
                }
                // A nonce that the server gives out again goes on counting.
                let old = self.known.iter().position(is_same).map(|at| self.known.remove(at));
                let old = old.filter(|old| old.challenge.nonce == challenge.nonce);
                let (uses, cnonce) = old.map_or((0, None), |old| (old.uses, old.cnonce));
                self.known.push(Known { party, uri: uri.clone(), challenge, uses, cnonce });
                if self.known.len() > MAX_KNOWN {
                    self.known.remove(0);
                }
                learnt = true;
            }
        }
        if learnt { Ok(()) } else { Err(AuthError::Unsupported) }
    }

    /// Takes the nonce that a response hands out for the next request (RFC 7616 §3.5).
    pub(super) fn renew(&mut self, request: &Request, response: &Response) {
        for party in Party::ALL {
            let info = response.headers.get(party.info_header());
            let Some(nonce) = info.and_then(|info| auth_param(info, "nextnonce")) else {
                continue;
            };
            // It does not name its realm: it is that of the credentials which the request carried.
            let used = |known: &&mut Known| {
                known.party == party && has_credentials(request, party, &known.challenge.realm)
            };
            if let Some(known) = self.known.iter_mut().find(used)
                && known.challenge.nonce != nonce
            {
                known.challenge.nonce = nonce;
                known.uses = 0;
                known.cnonce = None;
            }
        }
    }
}

/// The realms of the challenges in a response.
pub(super) fn realms(response: &Response) -> Vec<String> {
    let headers =
        Party::ALL.into_iter().flat_map(|party| response.headers.all(party.challenge_header()));
    headers.flat_map(Challenge::parse_list).map(|challenge| challenge.realm).collect()
}

/// The strongest supported challenge of each realm, in the order of the realms.
fn strongest(response: &Response, party: Party, least: u8) -> Vec<Challenge> {
    let mut best: Vec<Challenge> = Vec::new();
    let lines = response.headers.all(party.challenge_header());
    for challenge in lines.flat_map(Challenge::parse_list) {
        let rank = strength(&challenge.algorithm);
        if rank < least {
            continue;
        }
        match best.iter_mut().find(|other| other.realm == challenge.realm) {
            Some(other) if strength(&other.algorithm) < rank => *other = challenge,
            Some(_) => {}
            None => best.push(challenge),
        }
    }
    best
}

/// Zero for what we cannot do.
fn strength(algorithm: &Algorithm) -> u8 {
    match algorithm {
        Algorithm::Unknown(_) => 0,
        Algorithm::Md5 => 1,
        Algorithm::Md5Sess => 2,
        Algorithm::Sha256 => 3,
        Algorithm::Sha256Sess => 4,
        Algorithm::Sha512_256 => 5,
        Algorithm::Sha512_256Sess => 6,
    }
}

/// Whether the secret is one of the session only.
fn is_session(algorithm: &Algorithm) -> bool {
    use Algorithm::{Md5Sess, Sha256Sess, Sha512_256Sess};
    matches!(algorithm, Md5Sess | Sha256Sess | Sha512_256Sess)
}

fn has_credentials(request: &Request, party: Party, realm: &str) -> bool {
    // Credentials have the grammar of a challenge with more parameters.
    request
        .headers
        .all(party.credentials_header())
        .filter_map(|value| Challenge::parse(value).ok())
        .any(|credentials| credentials.realm == realm)
}

/// What one use of a challenge depends on.
struct Use<'a> {
    method: &'a str,
    uri: &'a str,
    body: &'a [u8],
    count: u32,
    cnonce: &'a str,
}

fn credentials(username: &str, password: &str, challenge: &Challenge, usage: &Use<'_>) -> String {
    let hash = |text: &str| digest(&challenge.algorithm, text.as_bytes());
    let qop = match (challenge.qop.auth, challenge.qop.auth_int) {
        (true, _) => Some("auth"),
        (false, true) => Some("auth-int"),
        (false, false) => None,
    };
    let count = count_hex(usage.count);
    let nonce = challenge.nonce.as_str();

    let mut secret = hash(&[username, ":", &challenge.realm, ":", password].concat());
    let session = is_session(&challenge.algorithm);
    if session {
        secret = hash(&[&secret, ":", nonce, ":", usage.cnonce].concat());
    }
    let mut action = [usage.method, ":", usage.uri].concat();
    if qop == Some("auth-int") {
        action.push(':');
        action.push_str(&digest(&challenge.algorithm, usage.body));
    }
    let action = hash(&action);
    let response = match qop {
        Some(qop) => hash(
            &[&secret, ":", nonce, ":", &count, ":", usage.cnonce, ":", qop, ":", &action].concat(),
        ),
        None => hash(&[&secret, ":", nonce, ":", &action].concat()),
    };

    let mut value = [
        "Digest username=",
        &quote(username),
        ", realm=",
        &quote(&challenge.realm),
        ", nonce=",
        &quote(nonce),
        ", uri=",
        &quote(usage.uri),
        ", response=\"",
        &response,
        "\", algorithm=",
        &challenge.algorithm.to_string(),
    ]
    .concat();
    if let Some(opaque) = &challenge.opaque {
        value.push_str(", opaque=");
        value.push_str(&quote(opaque));
    }
    if let Some(qop) = qop {
        value.push_str(&[", qop=", qop, ", nc=", &count].concat());
    }
    if qop.is_some() || session {
        value.push_str(", cnonce=");
        value.push_str(&quote(usage.cnonce));
    }
    value
}

/// `nc`: eight hexadecimal digits (RFC 7616 §3.4).
fn count_hex(count: u32) -> String {
    hex(&count.to_be_bytes())
}

fn digest(algorithm: &Algorithm, bytes: &[u8]) -> String {
    match algorithm {
        Algorithm::Sha256 | Algorithm::Sha256Sess => hex(&Sha256::digest(bytes)),
        Algorithm::Sha512_256 | Algorithm::Sha512_256Sess => hex(&Sha512_256::digest(bytes)),
        _ => hex(&Md5::digest(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respond(algorithm: Algorithm, username: &str, password: &str, usage: &Use<'_>) -> String {
        let mut challenge = Challenge::parse(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
        )
        .expect("a challenge of RFC 7616");
        challenge.algorithm = algorithm;
        credentials(username, password, &challenge, usage)
    }

    #[test]
    fn the_examples_of_rfc_7616_give_their_responses() {
        let usage = Use {
            method: "GET",
            uri: "/dir/index.html",
            body: b"",
            count: 1,
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        };
        let md5 = respond(Algorithm::Md5, "Mufasa", "Circle of Life", &usage);
        assert!(md5.contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""), "{md5}");
        assert!(md5.contains("qop=auth, nc=00000001"), "{md5}");
        let sha = respond(Algorithm::Sha256, "Mufasa", "Circle of Life", &usage);
        assert!(
            sha.contains(
                "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""
            ),
            "{sha}"
        );
    }

    #[test]
    fn the_example_of_sha_512_256_gives_the_response_of_erratum_4897() {
        let challenge = Challenge::parse(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
             nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", \
             opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true",
        )
        .expect("the challenge of RFC 7616 §3.9.2");
        let usage = Use {
            method: "GET",
            uri: "/doe.json",
            body: b"",
            count: 1,
            cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
        };
        let value = credentials("J\u{E4}s\u{F8}n Doe", "Secret, or not?", &challenge, &usage);
        assert!(value.contains("response=\"3798d4131c277846"), "{value}");
    }

    #[test]
    fn nc_is_hexadecimal_beyond_nine() {
        assert_eq!(count_hex(10), "0000000a");
        assert_eq!(count_hex(256), "00000100");
    }
}
