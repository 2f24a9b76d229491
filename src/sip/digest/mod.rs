//! Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760): which challenge to answer, and how.
//!
//! It remembers the challenges it met, so that later requests carry credentials at once and `nc`
//! counts the uses of each nonce.

mod credentials;

use super::wire::{Algorithm, Challenge, Request, Response, auth_param};
use crate::entropy::Entropy;
use credentials::{Use, credentials, is_session};

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
    /// Whoever asks need not know the password: it could try passwords on the answer.
    Untrusted,
}

/// Whose challenge to a request is answered. Anybody whom we call, write to or are called by may
/// send one, and could try passwords on what it gets.
#[derive(Debug, Clone)]
pub(super) enum Askers {
    /// The registrar's, which says by it what the account's servers ask for.
    Registrar,
    /// Those that ask as the registrar does: in its realm, for nothing weaker.
    Servers,
    /// Of these only those which the request that opened the dialog has answered, by their realms.
    Of {
        /// Far ends.
        servers: Vec<String>,
        /// Proxies.
        proxies: Vec<String>,
    },
}

impl Askers {
    /// Nobody's.
    pub(super) const NOBODY: Self = Self::Of { servers: Vec::new(), proxies: Vec::new() };

    /// Those in the dialog that our `request` has opened.
    pub(super) fn answered_by(request: &Request) -> Self {
        Self::Of {
            servers: answered_realms(request, Party::Server),
            proxies: answered_realms(request, Party::Proxy),
        }
    }
}

/// What a request has been through, and goes through, to be let in.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) askers: Askers,
    /// How many challenges the request was answered before it went out this time.
    pub(super) attempts: u8,
}

impl Login {
    pub(super) fn new(askers: Askers) -> Self {
        Self { askers, attempts: 0 }
    }
}

/// Whose challenge it is: the far end's (401) or a proxy's (407).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
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

/// How the registrar has asked in one realm.
struct Usual {
    realm: String,
    strength: u8,
    qop: bool,
}

/// The credentials of one account and the challenges they answered.
pub(super) struct Authenticator {
    username: String,
    password: String,
    policy: Policy,
    usual: Vec<Usual>,
    known: Vec<Known>,
}

/// What is asked of a challenge, besides.
pub(super) struct Policy {
    /// Challenges that ask for less are not answered.
    pub(super) weakest: Option<Algorithm>,
    /// The realms whose challenges are answered wherever they come from.
    pub(super) realms: Vec<String>,
}

impl Authenticator {
    pub(super) fn new(username: String, password: String, policy: Policy) -> Self {
        Self { username, password, policy, usual: Vec::new(), known: Vec::new() }
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
    /// them.
    pub(super) fn learn(
        &mut self,
        request: &Request,
        response: &Response,
        login: &Login,
    ) -> Result<(), AuthError> {
        let by_registrar = matches!(login.askers, Askers::Registrar);
        let least = self.policy.weakest.as_ref().map_or(1, strength).max(1);
        let mut refusal = AuthError::Unsupported;
        // The strongest of each realm, in the order of the realms.
        let mut best: Vec<(Party, Challenge)> = Vec::new();
        for (party, challenge) in challenges(response) {
            let rank = strength(&challenge.algorithm);
            if rank > 0 && !self.is_realm_of(&login.askers, party, &challenge.realm) {
                return Err(AuthError::Untrusted);
            }
            if rank < least {
                continue;
            }
            if !by_registrar && !self.is_usual(&challenge) {
                refusal = AuthError::Untrusted;
                continue;
            }
            match best.iter_mut().find(|(by, other)| *by == party && other.realm == challenge.realm)
            {
                Some((_, other)) if strength(&other.algorithm) < rank => *other = challenge,
                Some(_) => {}
                None => best.push((party, challenge)),
            }
        }
        if best.is_empty() {
            return Err(refusal);
        }
        for (party, challenge) in best {
            let answered =
                login.attempts > 0 && answered_realms(request, party).contains(&challenge.realm);
            let is_same =
                |old: &Known| old.party == party && old.challenge.realm == challenge.realm;
            if login.attempts >= MAX_ATTEMPTS || answered && !challenge.stale {
                self.known.retain(|old| !is_same(old));
                return Err(AuthError::Rejected);
            }
            if by_registrar {
                self.note_usual(&challenge);
            }
            // A nonce that the server gives out again goes on counting.
            let old = self.known.iter().position(is_same).map(|at| self.known.remove(at));
            let old = old.filter(|old| old.challenge.nonce == challenge.nonce);
            let (uses, cnonce) = old.map_or((0, None), |old| (old.uses, old.cnonce));
            let uri = request.uri.to_string();
            self.known.push(Known { party, uri, challenge, uses, cnonce });
            if self.known.len() > MAX_KNOWN {
                self.known.remove(0);
            }
        }
        Ok(())
    }

    /// Whether those whose challenges are answered may name this realm.
    fn is_realm_of(&self, askers: &Askers, party: Party, realm: &String) -> bool {
        let answered = match (askers, party) {
            (Askers::Registrar, _) => return true,
            (Askers::Servers, _) => None,
            (Askers::Of { servers, .. }, Party::Server) => Some(servers),
            (Askers::Of { proxies, .. }, Party::Proxy) => Some(proxies),
        };
        let is_own = self.usual.iter().any(|usual| usual.realm == *realm);
        let is_asker = is_own && answered.is_none_or(|answered| answered.contains(realm));
        is_asker || self.policy.realms.contains(realm)
    }

    /// Whether a challenge asks for no less than the registrar's of its realm does, if that has asked.
    fn is_usual(&self, challenge: &Challenge) -> bool {
        let usual = self.usual.iter().find(|usual| usual.realm == challenge.realm);
        usual.is_none_or(|usual| {
            let qop = challenge.qop.auth || challenge.qop.auth_int;
            // With `-sess` a hash is no other hash.
            let hash = |strength: u8| strength.div_ceil(2);
            hash(strength(&challenge.algorithm)) >= hash(usual.strength) && (qop || !usual.qop)
        })
    }

    fn note_usual(&mut self, challenge: &Challenge) {
        let Challenge { realm, algorithm, qop, .. } = challenge;
        self.usual.retain(|usual| usual.realm != *realm);
        if self.usual.len() >= MAX_KNOWN {
            self.usual.remove(0);
        }
        let (strength, qop) = (strength(algorithm), qop.auth || qop.auth_int);
        self.usual.push(Usual { realm: realm.clone(), strength, qop });
    }

    /// Takes the nonce that the registrar hands out for the next request (RFC 7616 §3.5). What is
    /// answered by others could come from whom we call.
    pub(super) fn renew(&mut self, request: &Request, response: &Response) {
        for party in Party::ALL {
            let info = response.headers.get(party.info_header());
            let Some(nonce) = info.and_then(|info| auth_param(info, "nextnonce")) else {
                continue;
            };
            // It does not name its realm: it is that of the credentials which the request carried.
            let used = |known: &&mut Known| {
                known.party == party
                    && answered_realms(request, party).contains(&known.challenge.realm)
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

/// What a response asks for, and who does.
fn challenges(response: &Response) -> Vec<(Party, Challenge)> {
    let mut all = Vec::new();
    for party in Party::ALL {
        for line in response.headers.all(party.challenge_header()) {
            all.extend(Challenge::parse_list(line).into_iter().map(|challenge| (party, challenge)));
        }
    }
    all
}

/// The realms of one party that a request has credentials for.
fn answered_realms(request: &Request, party: Party) -> Vec<String> {
    // Credentials have the grammar of a challenge with more parameters.
    let values = request.headers.all(party.credentials_header());
    values.filter_map(|value| Challenge::parse(value).ok()).map(|used| used.realm).collect()
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
