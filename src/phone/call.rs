//! One call as the display shows it.

use super::cause::Refusal;
use super::number::grouped;
use super::returning::Left;
use super::video::Video;
use crate::media::encryption::Lock;
use crate::media::quality::Quality;
use crate::sip::ua::{CallId, Caller, EndReason};
use crate::sip::wire::{Host, SipUri, Uri, Verstat, display_text};
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

/// The host of those who do not want to be known (RFC 3323 §4.1.1.3).
pub(super) const NOBODY: &str = "anonymous.invalid";

/// No longer address is kept, in bytes: nobody has one.
pub(super) const MOST_OF_ADDRESS: usize = 512;

/// An address in one way of writing it: without what concerns only one request, and the host in
/// small letters.
pub(super) fn plain_address(uri: &Uri) -> Uri {
    match uri {
        Uri::Sip(sip) => {
            let host = sip.host.to_string().to_ascii_lowercase();
            let host = Host::parse(&host).unwrap_or_else(|_| sip.host.clone());
            let mut plain = SipUri::new(uri.user().as_deref(), host);
            plain.secure = sip.secure;
            plain.port = sip.port;
            Uri::Sip(plain)
        }
        other => other.clone(),
    }
}

/// The same as a text that is kept; empty where it is too long to be anybody's.
pub(super) fn kept_address(uri: &Uri) -> String {
    let address = plain_address(uri).to_string();
    if address.len() <= MOST_OF_ADDRESS { address } else { String::new() }
}

/// The other side of a call, in texts that are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// The name, where the other side gave one that says more than the address.
    pub name: Option<String>,
    /// The name is the user's own for this address, and not what the other side claims.
    pub known: bool,
    /// The number, in groups, or the address, without what is plain to the user.
    pub address: String,
    /// The number was checked.
    pub verified: bool,
    /// The other side does not want to be known.
    pub hidden: bool,
    /// Whom the call was meant for before it was sent on to us.
    pub via: Option<String>,
}

impl Party {
    /// The party with this address, as a telephone of `domain` shows it.
    pub fn of(name: Option<String>, uri: &Uri, domain: &str) -> Self {
        let user = uri.user().unwrap_or_default();
        let foreign = uri.host().filter(|host| !host.eq_ignore_ascii_case(domain));
        if foreign.as_deref().is_some_and(|host| host.eq_ignore_ascii_case(NOBODY)) {
            return Self { hidden: true, ..Self::default() };
        }
        let address = match (user.is_empty(), foreign) {
            (false, Some(host)) => [&user, "@", &host].concat(),
            (false, None) => user,
            (true, Some(host)) => host,
            (true, None) => uri.to_string(),
        };
        let address = display_text(&address);
        let name = name.filter(|name| *name != address);
        let address = grouped(&address);
        Self { name, address, ..Self::default() }
    }

    /// Who calls or writes, and at which address to call back. What our server asserts goes before
    /// what is claimed; a claimed name stays only where it is claimed of the same address.
    pub fn of_caller(caller: &Caller, domain: &str) -> (Self, Uri) {
        let asserted = caller.asserted.first();
        let uri = asserted.map_or(&caller.uri, |asserted| &asserted.uri);
        let claimed = caller.name.clone();
        let claimed =
            claimed.or_else(|| caller.remote_party.as_ref().and_then(|party| party.name.clone()));
        let name = match asserted {
            Some(asserted) if asserted.name.is_some() => asserted.name.clone(),
            _ => claimed.filter(|_| uri.equivalent(&caller.uri)),
        };
        let mut party = Self::of(name, uri, domain);
        party.verified = asserted.is_some() && caller.verstat == Some(Verstat::Passed);
        if caller.anonymous {
            party.hidden = true;
            party.name = None;
            party.address.clear();
        }
        let diversion = caller.diverted_by.first().map(|by| by.party.clone());
        party.via = diversion.map(|by| Self::of(by.name, &by.uri, domain).label().to_owned());
        (party, uri.clone())
    }

    /// The name, or the address where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.address)
    }
}

/// Who is on hold in a call, as both ends have agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hold {
    /// We hold the other side.
    pub here: bool,
    /// The other side holds us.
    pub there: bool,
}

/// A transfer that we asked the other side for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// To whom.
    pub target: Party,
    /// The target's telephone rings.
    pub rings: bool,
}

/// The other side wants us to call somebody in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRequest {
    /// Whom we are to call.
    pub target: Party,
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
    /// With whom it began, where another party has taken the place since.
    pub began_with: Option<Party>,
    /// The address with which it began.
    pub uri: Uri,
    /// When it began.
    pub began: Instant,
    /// When it began and when it was answered, in milliseconds since 1970.
    pub(super) times: [u64; 2],
    /// How far it has come.
    pub progress: Progress,
    /// Where the other side's server has sent our call on to.
    pub forwarded_to: Option<String>,
    /// Who holds whom.
    pub hold: Hold,
    /// What the user wants of our hold, until both ends agree.
    pub hold_wanted: Option<bool>,
    /// Our microphone is muted. It stays so while the call is on hold.
    pub muted: bool,
    /// The user speaks all the same.
    pub talks_muted: bool,
    /// A transfer of the other side that is under way.
    pub transfer: Option<Transfer>,
    /// The call that ends when this one is answered, as this one takes its place.
    pub replaces: Option<CallId>,
    /// The call whose other side may be transferred to this one.
    pub consults_for: Option<CallId>,
    /// What the other side asks for, until the user has decided.
    pub transfer_request: Option<TransferRequest>,
    /// The call that it is to bring back, which another page has left.
    pub(super) left: Option<Box<Left>>,
    /// It takes the place of another call without the user: the very other side of that one has called.
    pub(super) takes_over: bool,
    /// It goes on as another call, of this page or of the next one: for the user they are one.
    pub(super) goes_on: bool,
    /// When it is answered without the user.
    pub answer_at: Option<Instant>,
    /// The keys that are sent once its sound gets through.
    pub(super) keys_later: String,
    /// The keys that were sent, for the display.
    pub keys: String,
    /// Whether the browser waits for a touch before it plays the call's sound.
    pub sound_blocked: bool,
    /// Its pictures.
    pub video: Video,
    /// Whether the telephone at the other end says that it is a WebPhone, too.
    pub with_webphone: bool,
    /// How its sound is kept secret.
    pub lock: Lock,
    /// How it sounds.
    pub quality: Quality,
}

impl Call {
    pub(super) fn outgoing(id: CallId, party: Party, uri: Uri) -> Self {
        Self::new(id, Direction::Outgoing, party, uri, Progress::Calling)
    }

    pub(super) fn incoming(id: CallId, party: Party, uri: Uri) -> Self {
        Self::new(id, Direction::Incoming, party, uri, Progress::Incoming)
    }

    /// Whether the call stands.
    pub fn is_up(&self) -> bool {
        matches!(self.progress, Progress::Up { .. })
    }

    /// Since when it stands.
    pub fn since(&self) -> Option<Instant> {
        match self.progress {
            Progress::Up { since } => Some(since),
            _ => None,
        }
    }

    /// Whether it rings here and nobody has answered.
    pub fn is_ringing(&self) -> bool {
        self.progress == Progress::Incoming
    }

    /// Whether it is on its way back, after its page was loaded anew.
    pub fn comes_back(&self) -> bool {
        self.left.is_some()
    }

    /// Whether we hold the other side, or are about to.
    pub(super) fn is_held(&self) -> bool {
        self.hold_wanted.unwrap_or(self.hold.here)
    }

    /// Whether the callee's side may take the call with sound alone.
    pub(super) fn was_refused_for_its_picture(&self, reason: &EndReason) -> bool {
        let EndReason::Rejected { status, .. } = reason else { return false };
        let refused = Refusal::of(*status) == Refusal::Incompatible;
        refused && self.direction == Direction::Outgoing && self.video.source().is_some()
    }

    /// The other side says who it is now. A name that it had is kept where none is told.
    pub(super) fn connect(&mut self, party: Party) {
        if party.address != self.party.address {
            let before = std::mem::replace(&mut self.party, party);
            self.began_with.get_or_insert(before);
        } else if self.party.name.is_none() {
            self.party.name = party.name;
        }
    }

    fn new(id: CallId, direction: Direction, party: Party, uri: Uri, progress: Progress) -> Self {
        Self {
            id,
            direction,
            party,
            began_with: None,
            uri,
            began: Instant::default(),
            times: [0; 2],
            progress,
            forwarded_to: None,
            hold: Hold::default(),
            hold_wanted: None,
            muted: false,
            talks_muted: false,
            transfer: None,
            replaces: None,
            consults_for: None,
            transfer_request: None,
            left: None,
            takes_over: false,
            goes_on: false,
            answer_at: None,
            keys_later: String::new(),
            keys: String::new(),
            sound_blocked: false,
            video: Video::default(),
            with_webphone: false,
            lock: Lock::default(),
            quality: Quality::default(),
        }
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
        assert_eq!(party(None, "tel:+576041234567").label(), "+57 604 123 4567");
        assert_eq!(party(None, "sip:pbx.example").label(), "pbx.example");
    }

    #[test]
    fn nobody_has_neither_name_nor_address() {
        let nobody = party(Some("Anonymous"), "sip:anonymous@Anonymous.invalid");
        assert_eq!(nobody, Party { hidden: true, ..Party::default() });
    }

    #[test]
    fn a_name_that_repeats_the_number_is_dropped() {
        assert_eq!(party(Some("1002"), "sip:1002@example.com").name, None);
        assert_eq!(party(Some("+576041234567"), "tel:+576041234567").name, None);
        assert_eq!(party(Some("Bob"), "sip:1002@example.com").label(), "Bob");
    }
}
