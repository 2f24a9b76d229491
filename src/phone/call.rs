//! One call as the display shows it.

use crate::sip::ua::CallId;
use crate::sip::wire::{Uri, display_text};
use crate::time::Instant;

/// Who started a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// We did.
    Outgoing,
    /// The other side did.
    Incoming,
}

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// We call; nothing rings yet.
    Calling,
    /// The callee's telephone rings.
    Ringing,
    /// The callee's side sends sound before it answers.
    EarlyMedia,
    /// It rings here.
    Incoming,
    /// The user answered, and the browser prepares the sound.
    Answering,
    /// The call stands.
    Up {
        /// Since when, for the timer.
        since: Instant,
    },
}

/// The other side of a call, in texts that are safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name, where the other side gave one that says more than the address.
    pub name: Option<String>,
    /// The number or address, without what is plain to the user.
    pub address: String,
}

impl Party {
    /// The party with this address, as a telephone of `domain` shows it.
    pub fn of(name: Option<String>, uri: &Uri, domain: &str) -> Self {
        let user = uri.user().unwrap_or_default();
        let foreign = uri.host().filter(|host| !host.eq_ignore_ascii_case(domain));
        let address = match (user.is_empty(), foreign) {
            (false, Some(host)) => [&user, "@", &host].concat(),
            (false, None) => user,
            (true, Some(host)) => host,
            (true, None) => uri.to_string(),
        };
        let address = display_text(&address);
        let name = name.filter(|name| *name != address);
        Self { name, address }
    }

    /// The name, or the address where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.address)
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The user agent's name for it.
    pub id: CallId,
    /// Who started it.
    pub direction: Direction,
    /// With whom.
    pub party: Party,
    /// How far it has come.
    pub progress: Progress,
    /// Whether our microphone is muted.
    pub muted: bool,
    /// Whether the browser waits for a touch before it plays the call's sound.
    pub sound_blocked: bool,
}

impl Call {
    pub(super) fn outgoing(id: CallId, party: Party) -> Self {
        Self::new(id, Direction::Outgoing, party, Progress::Calling)
    }

    pub(super) fn incoming(id: CallId, party: Party) -> Self {
        Self::new(id, Direction::Incoming, party, Progress::Incoming)
    }

    fn new(id: CallId, direction: Direction, party: Party, progress: Progress) -> Self {
        Self { id, direction, party, progress, muted: false, sound_blocked: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: Option<&str>, uri: &str) -> Party {
        let uri = Uri::parse(uri).expect("a URI");
        Party::of(name.map(str::to_owned), &uri, "example.com")
    }

    #[test]
    fn the_own_domain_is_not_shown() {
        assert_eq!(party(None, "sip:1002@example.com").label(), "1002");
        assert_eq!(party(None, "sip:ana@other.example").label(), "ana@other.example");
        assert_eq!(party(None, "tel:+576041234567").label(), "+576041234567");
        assert_eq!(party(None, "sip:pbx.example").label(), "pbx.example");
    }

    #[test]
    fn a_name_that_repeats_the_number_is_dropped() {
        assert_eq!(party(Some("1002"), "sip:1002@example.com").name, None);
        assert_eq!(party(Some("Bob"), "sip:1002@example.com").label(), "Bob");
    }
}
