//! What a user agent is told when it is made.

use crate::sip::wire::{Algorithm, SipUri};
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
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Extensions without which a caller is turned away (421). Many callers have none.
    pub require: Vec<String>,
    /// Rings for offers that no browser could accept, for tools that have no browser.
    pub any_media: bool,
    /// The weakest digest algorithm that a challenge is answered with; `None` is any, MD5 too.
    pub min_algorithm: Option<Algorithm>,
    /// The realms whose challenges are answered in calls that the other side opened. Anybody who
    /// calls could challenge our BYE, and then try passwords on the answer.
    pub answer_in_dialog_challenges: Vec<String>,
}
