//! Which STUN and TURN servers a call uses: those that whoever hosts the page names, with the
//! login of a small site or with credentials that last for a while and are fetched anew in time
//! (draft-uberti-behave-turn-rest).
//!
//! Browsers refuse a whole connection for one address or login that they do not understand, so
//! only what they all take gets that far.

use super::gathering::{Found, Wanted};
use crate::sip::wire::Host;
use crate::time::Instant;
use std::time::Duration;

/// How many addresses are used. Browsers have limits of their own, the lowest at 32.
const MOST_URIS: usize = 16;
/// The longest user name of STUN, in bytes (RFC 8489 §14.3).
const MOST_USERNAME: usize = 508;
/// How long credentials are good for where their server does not say it, and at least and at most.
const USUAL_TTL: Duration = Duration::from_secs(3600);
const LEAST_TTL: Duration = Duration::from_secs(4);
const MOST_TTL: Duration = Duration::from_secs(24 * 3600);
/// After how long credentials that were not to be had are asked for again, at first and at last.
const RETRY: Duration = Duration::from_secs(5);
const LAST_RETRY: Duration = Duration::from_secs(300);
/// How long a call waits for credentials, and where without a relay there is no call.
const WAIT: Duration = Duration::from_millis(300);
const RELAY_WAIT: Duration = Duration::from_secs(5);
/// For how long servers that gave nothing are not waited for.
const SILENCE: Duration = Duration::from_secs(600);

/// One STUN or TURN server. The login is a secret, so it is not shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IceServer {
    /// Its addresses, `stun:` or `turn:` URIs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// The user name for TURN, empty for STUN.
    pub username: String,
    /// The password for TURN, empty for STUN.
    pub credential: String,
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(&self.urls).finish()
    }
}

/// The servers and the policy for one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IceConfig {
    /// STUN and TURN servers; none is fine where both ends see each other or the server relays.
    pub servers: Vec<IceServer>,
    /// Allow relayed media only, so that the far end does not learn this computer's address.
    pub relay_only: bool,
    /// The servers gave nothing lately, so that it is of no use to wait for them.
    pub silent: bool,
}

impl IceConfig {
    /// The candidates that a description must wait for under this configuration.
    pub fn wanted(&self) -> Wanted {
        if self.relay_only {
            Wanted::Relay
        } else if self.silent || self.servers.is_empty() {
            Wanted::Host
        } else {
            Wanted::FromServer { relays: self.has_relay() }
        }
    }

    /// Whether there is a TURN server.
    pub fn has_relay(&self) -> bool {
        // STUN servers have no login.
        self.servers.iter().any(|server| !server.username.is_empty())
    }
}

/// Credentials that a server gave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    /// What they are for; a login without addresses is for the TURN servers that the page names.
    pub servers: Vec<IceServer>,
    /// For how many seconds they are good, if the server says it.
    pub ttl: Option<u64>,
}

/// What is to be done about the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nothing.
    Nothing,
    /// The user should know that no relay can be used; new credentials may help.
    NoRelay,
}

/// The servers of an account that is signed in.
#[derive(Debug, Default)]
pub struct Ice {
    /// The addresses that the page names.
    stun: Vec<String>,
    turn: Vec<String>,
    login: Option<IceServer>,
    /// The policy of the page.
    relay_only: bool,
    /// The choice of the user.
    chosen: bool,
    /// Whether credentials are fetched.
    fetches: bool,
    granted: Option<(Instant, Vec<IceServer>)>,
    /// How often in a row the credentials were not to be had.
    failures: u32,
    silent_until: Option<Instant>,
    /// The user was told that there is no relay.
    told: bool,
}

impl Ice {
    /// What the page says: a list of addresses, a user name and a password separated by a space,
    /// whether credentials can be fetched, and the policy, which is `relay` or nothing.
    pub fn new(servers: &str, login: &str, fetches: bool, policy: &str) -> Self {
        let uris = servers.split([' ', ',', '\n', '\t']).filter_map(server_uri).take(MOST_URIS);
        let (stun, turn) = uris.partition(|uri| uri.starts_with("stun"));
        let login = login.trim().split_once(' ').map(|(username, password)| IceServer {
            urls: Vec::new(),
            username: username.to_owned(),
            credential: password.trim_start().to_owned(),
        });
        let relay_only = policy.trim().eq_ignore_ascii_case("relay");
        Self { stun, turn, login, relay_only, fetches, ..Self::default() }
    }

    /// Whether it is the user's to choose that media go through a relay only: the page does not
    /// choose itself and names a relay, or the user has chosen so before it named none any more.
    pub fn is_relay_a_choice(&self) -> bool {
        let names_relay = self.fetches || (self.login.is_some() && !self.turn.is_empty());
        (names_relay || self.chosen) && !self.relay_only
    }

    /// The user chooses so. It counts where there is no relay, too: an address that was to be hidden
    /// is not told because the page has changed.
    pub fn choose_relay_only(&mut self, chosen: bool) {
        self.chosen = chosen;
    }

    /// What a connection that is made now should use.
    pub fn config(&self, now: Instant) -> IceConfig {
        let mut servers = Vec::new();
        let stun = IceServer { urls: self.stun.clone(), ..IceServer::default() };
        let granted = self.granted(now);
        for server in [Some(&stun), self.login.as_ref()].into_iter().flatten().chain(granted) {
            let mut urls = server.urls.clone();
            if urls.is_empty() && !server.username.is_empty() {
                urls.clone_from(&self.turn);
            }
            let (stun, turn): (Vec<_>, Vec<_>) = urls
                .iter()
                .filter_map(|url| server_uri(url))
                .partition(|uri| uri.starts_with("stun"));
            let is_login = !server.credential.is_empty()
                && (1..=MOST_USERNAME).contains(&server.username.len());
            if !stun.is_empty() {
                servers.push(IceServer { urls: stun, ..IceServer::default() });
            }
            if !turn.is_empty() && is_login {
                servers.push(IceServer { urls: turn, ..server.clone() });
            }
        }
        let mut left = MOST_URIS;
        for server in &mut servers {
            server.urls.truncate(left);
            left -= server.urls.len();
        }
        servers.retain(|server| !server.urls.is_empty());
        let silent = self.silent_until.is_some_and(|until| now < until);
        IceConfig { servers, relay_only: self.is_relay_only(), silent }
    }

    /// How long a call that begins now should wait for credentials at the most, if at all: there are
    /// none, and none that could not be had a moment ago, unless without a relay there is no call.
    pub fn patience(&self, now: Instant) -> Option<Duration> {
        let waits = self.fetches && self.granted(now).is_empty();
        match self.is_relay_only() {
            true => waits.then_some(RELAY_WAIT),
            false => (waits && self.failures == 0).then_some(WAIT),
        }
    }

    /// Whether media may go through a relay only.
    fn is_relay_only(&self) -> bool {
        self.relay_only || self.chosen
    }

    /// The credentials are here, or were not to be had. Returns after how long to fetch them again:
    /// well before they are void.
    pub fn learn(&mut self, now: Instant, grant: Option<Grant>) -> Duration {
        let Some(grant) = grant.filter(|grant| !grant.servers.is_empty()) else {
            self.failures = self.failures.saturating_add(1);
            return (RETRY * 2_u32.saturating_pow(self.failures - 1)).min(LAST_RETRY);
        };
        self.failures = 0;
        let ttl = grant.ttl.map_or(USUAL_TTL, Duration::from_secs).clamp(LEAST_TTL, MOST_TTL);
        self.granted = Some((now + ttl, grant.servers));
        ttl * 3 / 4
    }

    /// What the servers gave in a connection that uses them.
    pub fn note(&mut self, now: Instant, config: &IceConfig, found: Found) -> Advice {
        if found.from_server {
            self.silent_until = None;
        } else if !config.servers.is_empty() {
            self.silent_until = Some(now + SILENCE);
        }
        if found.relay {
            self.told = false;
        } else if found.complete && config.has_relay() && !std::mem::replace(&mut self.told, true) {
            return Advice::NoRelay;
        }
        Advice::Nothing
    }

    /// The computer is in another network now, perhaps, where the servers may be in reach.
    pub fn forget_silence(&mut self) {
        self.silent_until = None;
    }

    fn granted(&self, now: Instant) -> &[IceServer] {
        match &self.granted {
            Some((until, servers)) if now < *until => servers,
            _ => &[],
        }
    }
}

/// An address as all browsers take it: `stun:host`, `turn:host:port?transport=udp` and the like,
/// with its scheme in small letters (RFC 7064 §3.1, RFC 7065 §3.1).
fn server_uri(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, query) = match rest.split_once('?') {
        Some((authority, query)) => (authority, Some(query)),
        None => (rest, None),
    };
    match (&*scheme, query) {
        ("stun" | "stuns" | "turn" | "turns", None)
        | ("turn" | "turns", Some("transport=udp" | "transport=tcp")) => {}
        _ => return None,
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    Host::parse(host).ok()?;
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|n| n > 0)
    };
    port.is_none_or(is_port).then(|| [&scheme, ":", rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: Found = Found { from_server: true, relay: true, complete: true };
    const NOTHING: Found = Found { from_server: false, relay: false, complete: false };

    fn at(seconds: u64) -> Instant {
        Instant::default() + Duration::from_secs(seconds)
    }

    fn grant(urls: &[&str], ttl: Option<u64>) -> Option<Grant> {
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        let server = IceServer { urls, username: "1:ana".into(), credential: "s3cret".into() };
        Some(Grant { servers: vec![server], ttl })
    }

    fn urls(config: &IceConfig) -> Vec<&str> {
        config.servers.iter().flat_map(|server| &server.urls).map(String::as_str).collect()
    }

    #[test]
    fn only_addresses_that_every_browser_takes_are_used() {
        for good in [
            "stun:stun.example.com",
            "stuns:192.0.2.1:5349",
            "turn:[2001:db8::1]:3478",
            "turn:a?transport=udp",
            "turns:a.example:443?transport=tcp",
        ] {
            assert_eq!(server_uri(good).as_deref(), Some(good));
        }
        assert_eq!(server_uri("TURN:A").as_deref(), Some("turn:A"));
        for bad in [
            "",
            "a.example",
            "stun:",
            "stun:a?transport=udp",
            "turn:a?transport=sctp",
            "turn:a?transport=udp&x=1",
            "turn:a?",
            "turn://a",
            "turn:user@a",
            "turn:a:0",
            "turn:a:65536",
            "turn:a:+1",
            "turn:a:",
            "turn:a b",
            "turn:[2001:db8::1",
            "turn:[x]",
            "turn:a/b",
            "http://a",
            "javascript:alert(1)",
        ] {
            assert_eq!(server_uri(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_list_may_have_faults_and_a_turn_server_needs_a_login() {
        let list = " stun:a, nonsense\nturn:b?transport=tcp turn:c:0 ";
        let config = Ice::new(list, "", false, "").config(at(0));
        assert_eq!(urls(&config), ["stun:a"]);
        assert!(!config.has_relay() && !config.relay_only);
        let config = Ice::new(list, "ana my secret", false, " Relay ").config(at(0));
        assert_eq!(urls(&config), ["stun:a", "turn:b?transport=tcp"]);
        assert_eq!(config.servers[1].username, "ana");
        assert_eq!(config.servers[1].credential, "my secret");
        assert!(config.has_relay() && config.relay_only);
    }

    #[test]
    fn a_relay_is_a_choice_where_the_page_names_one_and_leaves_it_open() {
        let relayed = |servers, login, fetches, policy| {
            let mut ice = Ice::new(servers, login, fetches, policy);
            let is_choice = ice.is_relay_a_choice();
            let before = ice.config(at(0)).relay_only;
            ice.choose_relay_only(true);
            assert!(ice.config(at(0)).relay_only && ice.is_relay_only());
            (is_choice, before, ice.is_relay_a_choice())
        };
        assert_eq!(relayed("turn:b", "ana x", false, ""), (true, false, true));
        assert_eq!(relayed("", "", true, ""), (true, false, true), "credentials bring the servers");
        // Whoever has chosen so before can take it back.
        assert_eq!(relayed("stun:a turn:b", "", false, ""), (false, false, true));
        assert_eq!(relayed("stun:a", "ana x", false, ""), (false, false, true));
        assert_eq!(relayed("turn:b", "ana x", false, "relay"), (false, true, false));
    }

    #[test]
    fn who_chose_the_relay_waits_for_its_credentials_until_that_is_taken_back() {
        let mut ice = Ice::new("turn:b", "", true, "");
        ice.learn(at(0), None);
        assert_eq!(ice.patience(at(0)), None);
        ice.choose_relay_only(true);
        assert_eq!(ice.patience(at(0)), Some(RELAY_WAIT), "without a relay there is no call");
        ice.choose_relay_only(false);
        assert!(ice.patience(at(0)).is_none() && !ice.config(at(0)).relay_only);
    }

    #[test]
    fn secrets_are_not_shown() {
        let mut ice = Ice::new("turn:b", "ana s3cret", true, "");
        ice.learn(at(0), grant(&["turn:c"], None));
        let shown = format!("{ice:?} {:?}", ice.config(at(0)));
        assert!(shown.contains("turn:c") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn credentials_come_with_their_servers_or_are_for_those_of_the_page() {
        let mut ice = Ice::new("stun:a turn:b", "", true, "");
        ice.learn(at(0), grant(&["turn:c", "stun:d", "gopher:e"], None));
        assert_eq!(urls(&ice.config(at(0))), ["stun:a", "stun:d", "turn:c"]);
        ice.learn(at(0), grant(&[], None));
        let config = ice.config(at(0));
        assert_eq!(urls(&config), ["stun:a", "turn:b"]);
        assert_eq!(config.servers[1].username, "1:ana");
    }

    #[test]
    fn logins_that_browsers_refuse_are_left_out() {
        let mut ice = Ice::new("", "", true, "");
        for (username, credential) in [("", "x"), ("x", ""), (&*"x".repeat(509), "x")] {
            let server = IceServer {
                urls: vec!["turn:b".into()],
                username: username.into(),
                credential: credential.into(),
            };
            ice.learn(at(0), Some(Grant { servers: vec![server], ttl: None }));
            assert_eq!(ice.config(at(0)), IceConfig::default());
        }
    }

    #[test]
    fn a_long_list_is_cut_off() {
        let many = "stun:a ".repeat(40);
        let mut ice = Ice::new(&many, "", true, "");
        ice.learn(at(0), grant(&["turn:b"; 40], None));
        assert_eq!(urls(&ice.config(at(0))).len(), MOST_URIS);
    }

    #[test]
    fn credentials_are_fetched_again_well_before_they_are_void() {
        let mut ice = Ice::new("turn:b", "", true, "");
        assert_eq!(ice.patience(at(0)), Some(WAIT));
        assert_eq!(ice.learn(at(0), grant(&[], Some(600))), Duration::from_secs(450));
        assert!(ice.patience(at(599)).is_none() && ice.config(at(599)).has_relay());
        assert!(ice.patience(at(600)).is_some() && !ice.config(at(600)).has_relay());
        for (ttl, next) in [(None, 2700), (Some(0), 3), (Some(u64::MAX), 64_800)] {
            assert_eq!(ice.learn(at(0), grant(&[], ttl)), Duration::from_secs(next), "{ttl:?}");
        }
        assert_eq!(Ice::new("turn:b", "", false, "").patience(at(0)), None);
    }

    #[test]
    fn credentials_that_are_not_to_be_had_are_asked_for_ever_more_rarely() {
        let mut ice = Ice::new("turn:b", "", true, "");
        let waits: Vec<u64> = (0..8).map(|_| ice.learn(at(0), None).as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
        assert_eq!(ice.patience(at(0)), None, "a call does not wait for them again");
        let relayed = Ice { relay_only: true, ..ice };
        assert_eq!(relayed.patience(at(0)), Some(RELAY_WAIT), "without a relay there is no call");
        let mut ice = Ice::new("turn:b", "", true, "");
        let empty = Some(Grant { servers: Vec::new(), ttl: None });
        assert_eq!(ice.learn(at(0), empty), RETRY, "nothing was granted");
    }

    #[test]
    fn credentials_hold_while_a_newer_grant_cannot_be_had() {
        let mut ice = Ice::new("turn:b", "", true, "");
        ice.learn(at(0), grant(&[], Some(600)));
        ice.learn(at(450), None);
        assert!(ice.config(at(599)).has_relay());
    }

    #[test]
    fn servers_that_gave_nothing_are_not_waited_for_until_they_do_or_the_network_changes() {
        let mut ice = Ice::new("stun:a", "", false, "");
        let waits = Wanted::FromServer { relays: false };
        assert_eq!(ice.config(at(0)).wanted(), waits);
        ice.note(at(1), &ice.config(at(0)), NOTHING);
        assert_eq!(ice.config(at(2)).wanted(), Wanted::Host);
        assert_eq!(ice.config(at(601)).wanted(), waits, "it may have been a passing trouble");
        ice.note(at(1), &ice.config(at(0)), NOTHING);
        ice.note(at(2), &ice.config(at(0)), Found { from_server: true, ..NOTHING });
        assert_eq!(ice.config(at(2)).wanted(), waits);
        ice.note(at(1), &ice.config(at(0)), NOTHING);
        ice.forget_silence();
        assert_eq!(ice.config(at(2)).wanted(), waits);
        assert_eq!(Ice::new("", "", false, "").config(at(0)).wanted(), Wanted::Host);
        let relay = Ice::new("", "", false, "relay");
        assert_eq!(relay.config(at(0)).wanted(), Wanted::Relay);
    }

    #[test]
    fn a_relay_that_cannot_be_used_is_told_once() {
        let mut ice = Ice::new("turn:b", "ana x", false, "");
        let config = ice.config(at(0));
        assert_eq!(config.wanted(), Wanted::FromServer { relays: true });
        assert_eq!(ice.note(at(0), &config, NOTHING), Advice::Nothing, "it may come yet");
        let reflexive = Found { relay: false, ..FOUND };
        assert_eq!(ice.note(at(0), &config, reflexive), Advice::NoRelay);
        assert_eq!(ice.note(at(0), &config, reflexive), Advice::Nothing);
        ice.note(at(0), &config, FOUND);
        assert_eq!(ice.note(at(0), &config, reflexive), Advice::NoRelay);
        let stun = Ice::new("stun:a", "", false, "").config(at(0));
        assert_eq!(Ice::default().note(at(0), &stun, reflexive), Advice::Nothing);
    }
}
