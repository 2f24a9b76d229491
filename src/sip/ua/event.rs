//! What comes out of a user agent: what the driver is to do, and what the telephone should know.

use super::input::{CallId, MediaFailure, MessageId, SubscriptionId};
#[cfg(doc)]
use super::input::{Command, Input, MediaReply};
use crate::media::sdp::fragment::Candidates;
use crate::media::sdp::plan::Plan;
use crate::media::sdp::video::Flow;
use crate::sip::dialog_info::WatchedDialog;
use crate::sip::link::LinkRequest;
use crate::sip::presence::PresenceStatus;
use crate::sip::wire::{Diversion, Identity, MessageSummary, Reason, Uri, Verstat};
use crate::time::Instant;
use std::time::Duration;

/// Something for the driver to do, or to know.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this frame.
    Send(Vec<u8>),
    /// Open or close the connection.
    Link(LinkRequest),
    /// Ask the browser's media engine for something.
    Media(MediaRequest),
    /// Tell the telephone.
    Event(Event),
    /// All is drained. Come back with [`Input::Timeout`] at this moment, if there is one.
    Timeout(Option<Instant>),
}

/// What the browser's media engine is asked for, per call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaRequest {
    /// A call rings with this offer, and may be answered soon: prepare for that as far as nothing
    /// reaches the caller. It has no reply, and leaves nothing to close.
    ExpectAnswer(CallId, String),
    /// Make an offer; [`MediaReply::Offer`] brings it.
    CreateOffer(CallId),
    /// Make an answer to this offer; [`MediaReply::Answer`] brings it.
    CreateAnswer(CallId, String),
    /// Make a new offer in a call that stands, as it is planned; [`MediaReply::Offer`] brings it.
    Reoffer(CallId, Plan),
    /// The peer did not take that offer: the media go on as before it.
    Rollback(CallId),
    /// The peer's answer to our offer.
    ApplyAnswer {
        /// The call.
        call: CallId,
        /// The session description.
        sdp: String,
        /// It came in a provisional response, so that another may follow.
        provisional: bool,
    },
    /// Further ways to reach the peer, for its last description.
    AddCandidates(CallId, Candidates),
    /// The call is over: free the microphone and the connection.
    Close(CallId),
}

/// Something that the telephone should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The line to the server changed.
    Line(Line),
    /// Something happened to a call.
    Call(CallId, CallEvent),
    /// Something happened to a text message.
    Message(MessageEvent),
    /// Something happened to a subscription, or to what is subscribed to.
    Subscription(SubscriptionId, SubscriptionEvent),
    /// The server tells of the mailbox of the account, without a subscription.
    MessagesWaiting(MessageSummary),
    /// Somebody called and was turned away at once: the user does not want to be disturbed, or has
    /// as many calls as there may be.
    Missed(Box<Caller>),
    /// Somebody called in a way that this telephone cannot serve, and was turned away with this
    /// status: a call without encryption, for example.
    Unserved(Box<Caller>, u16),
}

/// What a subscription brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionEvent {
    /// The server accepted it, for the first time or after a loss.
    Active,
    /// What waits in the mailbox.
    MessagesWaiting(MessageSummary),
    /// All calls of the telephone, those that have just ended included.
    Dialogs(Vec<WatchedDialog>),
    /// Whether somebody can be reached.
    Presence(PresenceStatus),
    /// It is over, and asking again would not help.
    Ended(SubscriptionEnd),
}

/// Why a subscription is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionEnd {
    /// The server does not know the package, the target or our right to it.
    Refused {
        /// The SIP status.
        status: u16,
        /// Its reason phrase, made safe to show.
        reason: String,
    },
    /// The server does not accept our credentials.
    Unauthorized,
    /// Whoever is subscribed to does not want it.
    Rejected,
    /// There is nothing to subscribe to any more.
    NoResource,
    /// What is subscribed to cannot change any more.
    Invariant,
}

/// What happens to a text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageEvent {
    /// One came in.
    Received {
        /// From whom.
        from: Box<Caller>,
        /// The text as it came: whoever shows it must make it safe to show.
        text: String,
        /// A number below 2^52, the same wherever the server sent this message to, and another one
        /// for each message.
        key: u64,
    },
    /// The far end, or a server that keeps messages, has taken it.
    Delivered(MessageId),
    /// It was not delivered.
    Failed {
        /// Which.
        id: MessageId,
        /// The SIP status; our own 503 where the line is down, 408 where nothing answered, 413
        /// where the text is too long.
        status: u16,
        /// Its reason phrase, made safe to show.
        reason: String,
    },
}

/// The line to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Nothing is open, as asked.
    Off,
    /// Connecting or registering.
    Connecting,
    /// Registered: calls can be made and would ring.
    Registered,
    /// The line is down, and is tried again at `retry_at`.
    Waiting {
        /// When.
        retry_at: Instant,
        /// Why it is down.
        fault: LineFault,
    },
    /// The server will not have us; trying again would not help. Calls that there are go on, and
    /// the connection closes after them.
    Failed(LineFault),
}

/// What is wrong with the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineFault {
    /// No connection could be made.
    Unreachable,
    /// The connection broke.
    Lost,
    /// The server does not answer the registration.
    NoAnswer,
    /// The server does not accept the password.
    WrongPassword,
    /// The server asks for a kind of authentication that we do not have.
    UnsupportedAuthentication,
    /// The server turned the registration down.
    Refused {
        /// The SIP status.
        status: u16,
        /// Its reason phrase.
        reason: String,
    },
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// We are calling this address.
    Outgoing(Uri),
    /// Somebody is calling.
    Incoming(Box<Caller>),
    /// The callee's side sent us on: we are calling this address now.
    Forwarded(Uri),
    /// The callee's telephone rings.
    Ringing,
    /// The callee's side sends sound before it answers.
    EarlyMedia,
    /// The call is answered and stands.
    Answered,
    /// What the telephone at the other end is, as it says itself (User-Agent, Server). A server
    /// in between that makes calls of its own says what it is.
    Product(String),
    /// The peer's side says with whom the call is connected now.
    Connected(Box<Caller>),
    /// Who holds whom has changed, and both ends agree on it.
    HoldChanged {
        /// We hold the peer.
        local: bool,
        /// The peer holds us.
        remote: bool,
    },
    /// The peer does not agree to be put on hold, or to be taken from it.
    HoldRefused,
    /// Both ends have agreed on which pictures flow. It is told whenever they have described what
    /// they want and our side knows of pictures, also where nothing has changed.
    VideoChanged(Flow),
    /// The peer does not agree to what [`Command::Reoffer`] had to offer.
    VideoRefused,
    /// The answer could not be made; the call still rings.
    AnswerFailed(MediaFailure),
    /// A transfer that we asked for goes on.
    Transfer(TransferEvent),
    /// The peer asks us to call somebody in its place: [`Command::AcceptTransfer`] or
    /// [`Command::RefuseTransfer`]. After half a minute it is refused.
    TransferRequested {
        /// Whom we are to call.
        target: Uri,
        /// On whose wish, as the peer claims (RFC 3892).
        referred_by: Option<Box<Identity>>,
    },
    /// The peer pressed a key, and told so by INFO.
    Dtmf(char),
    /// The keys of [`Command::SendDtmf`] did not arrive, and the rest of them are dropped.
    DtmfFailed {
        /// The SIP status.
        status: u16,
    },
    /// The call is over.
    Ended(EndReason),
}

/// Who calls, and what the caller's side says of the call. Texts are made safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name that the caller claims.
    pub name: Option<String>,
    /// The address that the caller claims.
    pub uri: Uri,
    /// Who it is as our server asserts: an address, a telephone number, or both, the address
    /// first. Empty where it says nothing, where the caller does not want to be known, and where
    /// the policy does not believe it.
    pub asserted: Vec<Identity>,
    /// What our server found out of the caller's signature, where it says so of an asserted
    /// number (RFC 8224).
    pub verstat: Option<Verstat>,
    /// Who it is according to Remote-Party-ID, which is a claim as well.
    pub remote_party: Option<Identity>,
    /// The caller does not want to be known.
    pub anonymous: bool,
    /// Who sent the call on to us, the first to do so first.
    pub diverted_by: Vec<Diversion>,
    /// After how long the caller's side wants the call to be answered without the user.
    pub auto_answer: Option<Duration>,
    /// The caller wants to show or to see a picture.
    pub video: bool,
    /// The headers that begin with `X-`.
    pub headers: Vec<(String, String)>,
    /// The call that ends when this one is answered, as this one takes its place.
    pub replaces: Option<CallId>,
    /// That happens at once, without the user: it is the very peer of that call.
    pub takes_over: bool,
}

impl Caller {
    /// A caller of whom nothing more is known.
    pub fn new(name: Option<String>, uri: Uri) -> Self {
        Self {
            name,
            uri,
            asserted: Vec::new(),
            verstat: None,
            remote_party: None,
            anonymous: false,
            diverted_by: Vec::new(),
            auto_answer: None,
            video: false,
            headers: Vec::new(),
            replaces: None,
            takes_over: false,
        }
    }
}

/// How a transfer goes on that we asked the peer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferEvent {
    /// The peer's side has taken it up.
    Trying,
    /// The target's telephone rings.
    Ringing,
    /// The peer and the target have each other. The call ends.
    Done,
    /// It did not come about. The call goes on.
    Failed {
        /// The SIP status.
        status: u16,
        /// Its reason phrase, made safe to show.
        reason: String,
    },
}

/// Why a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// We hung up.
    HungUpHere,
    /// The peer hung up.
    HungUpThere,
    /// The peer's side ended the call for this reason (RFC 3326), which is not that somebody hung
    /// up.
    Released(Reason),
    /// The peer was transferred, and talks to somebody else.
    Transferred,
    /// Another call has taken its place (RFC 3891).
    Replaced {
        /// That call.
        by: CallId,
    },
    /// The caller gave up before we answered.
    Cancelled,
    /// Another telephone of ours took the call.
    AnsweredElsewhere,
    /// It was declined at another telephone of ours.
    DeclinedElsewhere,
    /// We declined it.
    DeclinedHere,
    /// It rang until nobody could be expected to answer.
    NotAnswered,
    /// The callee's side turned the call down.
    Rejected {
        /// The SIP status.
        status: u16,
        /// Its reason phrase, made safe to show.
        reason: String,
        /// After how long a further attempt may be of use, as the callee's side says.
        retry_after: Option<Duration>,
    },
    /// The callee is said to be at another address, outside our domain or in the telephone network,
    /// which is called only if the user wants that.
    Redirected(Box<Uri>),
    /// The server wants a password for the call and does not accept ours.
    Unauthorized,
    /// The line is down, so the call could not be placed or set up.
    NoLine,
    /// As many calls as the configuration allows are up.
    TooManyCalls,
    /// The peer, or a server between, does not follow the protocol.
    ProtocolFailure(Misbehaviour),
    /// There is no microphone or no common media.
    NoMedia(MediaFailure),
}

/// How the peer's side departed from the protocol, so that its call could not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It did not acknowledge our 2xx (RFC 3261 §13.3.1.4).
    NoAck,
    /// It did not acknowledge our reliable provisional response (RFC 3262 §3).
    NoPrack,
    /// It accepted a call without saying where it can be reached (RFC 3261 §12.1.1), so that the call
    /// can be neither acknowledged nor ended.
    NoContact,
    /// It accepted our offer, or our 2xx to a call without one, and described no session (RFC 3261
    /// §13.2.1).
    NoDescription,
    /// It does not know the call any more: 481 (RFC 3261 §12.2.1.2).
    Forgotten,
    /// It did not answer a request in the call: 408, or nothing at all (RFC 3261 §12.2.1.2).
    Silent,
    /// It did not refresh the session (RFC 4028 §10).
    NotRefreshed,
}

impl EndReason {
    /// What a CANCEL or a BYE says of it (RFC 3326), where the peer could not guess.
    pub(super) fn as_header(&self) -> Option<&'static str> {
        match self {
            Self::Rejected { .. } => Some("SIP;cause=408;text=\"No answer\""),
            Self::ProtocolFailure(_) => Some("SIP;cause=400;text=\"Protocol failure\""),
            Self::NoMedia(MediaFailure::NotEncrypted) => {
                Some("SIP;cause=488;text=\"Audio over DTLS-SRTP is required\"")
            }
            Self::NoMedia(_) => Some("SIP;cause=488;text=\"No media\""),
            Self::Replaced { .. } => Some("SIP;cause=200;text=\"Replaced\""),
            _ => None,
        }
    }
}
