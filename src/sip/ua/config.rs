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
    /// What the user agent may do by itself.
    pub policy: Policy,
}

/// What the user agent may do by itself. The default is what a cautious telephone does.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How long a session may go without a refresh, as we propose it (RFC 4028); zero proposes
    /// nothing.
    pub session_expires: Duration,
    /// Whether our call follows a 3xx to the addresses that it names.
    pub follow_redirects: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { session_expires: Duration::from_secs(1800), follow_redirects: true }
    }
}
