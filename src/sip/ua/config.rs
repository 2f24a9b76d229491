//! What a user agent is told when it is made.

use crate::sip::servers::Server;
use crate::sip::wire::{Algorithm, SipUri};
use std::time::Duration;

/// The account and the habits of a user agent.
#[derive(Clone)]
pub struct Config {
    /// The address of record that is registered, without parameters.
    pub address: SipUri,
    /// The name shown to those who are called.
    pub display_name: Option<String>,
    /// The name for authentication, where it is not the user part of the address.
    pub auth_user: Option<String>,
    /// The password of the account.
    pub password: String,
    /// The servers, of which one is used at a time.
    pub servers: Vec<Server>,
    /// The UUID of this installation, kept across visits (RFC 5626 §4.1).
    pub instance: String,
    /// The value of our User-Agent header.
    pub product: String,
    /// How long a registration is asked for.
    pub expires: Duration,
    /// How many calls there may be at once; a further one is busy.
    pub max_calls: usize,
    /// What it may do by itself.
    pub policy: Policy,
}

/// Without the password.
impl std::fmt::Debug for Config {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Config").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What the user agent may do by itself. The default is what a cautious telephone does.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Whether text messages that belong to no call are taken; 403 otherwise.
    pub messages: bool,
    /// Whether a server may tell of waiting messages without a subscription, as Asterisk does.
    pub unsolicited_mwi: bool,
    /// How often the connection is kept alive by a CRLF CRLF where the server asks for none. A
    /// missing answer counts only once the server has given one.
    pub keep_alive: Option<Duration>,
    /// Whether those whom we call get our temporary GRUU, which does not tell them who we are
    /// (RFC 5627 §3.1.2), rather than the public one.
    pub temporary_gruu: bool,
    /// Extensions without which a caller is turned away (421). Many callers have none.
    pub require: Vec<String>,
    /// Rings for offers that no browser could accept, for tools that have no browser.
    pub any_media: bool,
    /// The weakest digest algorithm that a challenge is answered with; `None` is any, MD5 too.
    pub min_algorithm: Option<Algorithm>,
    /// The realms whose challenges are answered wherever they come from, in calls that the other
    /// side opened too. Otherwise only who asks as the registrar does is answered, as anybody
    /// whom we call or write to could try passwords on what it gets.
    pub realms: Vec<String>,
    /// Our Via says WS although the server is reached over `wss:`, for a server behind a proxy
    /// that ends TLS and does not answer otherwise.
    pub plain_via: bool,
    /// Whether P-Asserted-Identity is believed: our server is the trust domain (RFC 3325 §2.4),
    /// and nothing reaches us but through it.
    pub trust_asserted_identity: bool,
    /// Whether our server asserts only what it has checked, so that its word is worth a `verstat`
    /// that has passed (RFC 8224).
    pub vouches: bool,
    /// Which calls may take the place of a call that stands, or that we place (RFC 3891).
    pub replaces: ReplacesPolicy,
    /// How long a session may go without a refresh, as we propose it (RFC 4028); zero proposes
    /// nothing.
    pub session_expires: Duration,
    /// Whether our call follows a 3xx to the addresses that it names.
    pub follow_redirects: bool,
    /// What callers are told while the user does not want to be disturbed: 486 where voicemail or
    /// another telephone is to take over, as it does for a busy one; 480 is the other custom.
    pub do_not_disturb_status: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            messages: true,
            unsolicited_mwi: true,
            keep_alive: None,
            temporary_gruu: false,
            require: Vec::new(),
            any_media: false,
            min_algorithm: None,
            realms: Vec::new(),
            plain_via: false,
            trust_asserted_identity: true,
            vouches: false,
            replaces: ReplacesPolicy::Ask,
            session_expires: Duration::from_secs(1800),
            follow_redirects: true,
            do_not_disturb_status: 486,
        }
    }
}

/// Which calls may take the place of a call that stands. To name its dialog is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplacesPolicy {
    /// One of the very peer of that call does so at once. Any other rings, and takes its place
    /// when the user answers.
    Ask,
    /// Any call that names the dialog does so at once: for servers that check it themselves.
    Allow,
}
