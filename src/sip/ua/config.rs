//! What a user agent is told when it is made.

use crate::sip::wire::SipUri;
use std::time::Duration;

/// The account and the habits of a user agent.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address of record that is registered, without parameters.
    pub address: SipUri,
    /// The name shown to those who are called.
    pub display_name: Option<String>,
    /// The name for authentication, where it is not the user part of the address.
    pub auth_user: Option<String>,
    /// The password of the account.
    pub password: String,
    /// Whether the server is reached over `wss:`, which is what our Via says (RFC 7118 §5.2).
    pub secure: bool,
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

/// What the user agent may do by itself. The default is what a cautious telephone does.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Whether P-Asserted-Identity is believed: our server is the trust domain (RFC 3325 §2.4),
    /// and nothing reaches us but through it.
    pub trust_asserted_identity: bool,
    /// Which calls may take the place of a call that stands (RFC 3891).
    pub replaces: ReplacesPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Self { trust_asserted_identity: true, replaces: ReplacesPolicy::Ask }
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
