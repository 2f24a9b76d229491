//! What goes into a user agent and what comes out of it.

use crate::sdp::Direction;
use crate::sip::link::{LinkEvent, LinkRequest};
use crate::sip::wire::Uri;
use crate::time::Instant;

/// Names a call for the life of a user agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub(crate) u32);

/// Something for the user agent to take in.
#[derive(Debug)]
pub enum Input<'a> {
    /// A WebSocket frame arrived.
    Frame(&'a [u8]),
    /// Something happened to the connection.
    Link(LinkEvent),
    /// The user wants something.
    Command(Command),
    /// The browser did, or could not do, what a [`MediaRequest`] asked.
    Media(MediaReply),
    /// The deadline of the last [`Output::Timeout`] has come.
    Timeout,
}

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

/// What the user wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Connect and register.
    Connect,
    /// Do not wait for the next attempt to connect: try now.
    Retry,
    /// End all calls, take the registration away and close the connection.
    Disconnect,
    /// Call this address. [`CallEvent::Outgoing`] names the new call.
    Call(Uri),
    /// Answer a ringing call.
    Answer(CallId),
    /// Turn a ringing call away.
    Decline(CallId),
    /// End a call in whatever state it is.
    HangUp(CallId),
    /// Put the peer of a call that stands on hold.
    Hold(CallId),
    /// Take the peer from hold.
    Resume(CallId),
}

/// What the browser's media engine is asked for, per call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaRequest {
    /// Make an offer; [`MediaReply::Offer`] brings it.
    CreateOffer(CallId),
    /// Make an answer to this offer; [`MediaReply::Answer`] brings it.
    CreateAnswer(CallId, String),
    /// Make a new offer in a call that stands, with audio in this direction;
    /// [`MediaReply::Offer`] brings it.
    Reoffer(CallId, Direction),
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
    /// The call is over: free the microphone and the connection.
    Close(CallId),
}

/// What the browser's media engine did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaReply {
    /// The offer that was asked for.
    Offer(CallId, String),
    /// The answer that was asked for.
    Answer(CallId, String),
    /// The last request for this call could not be fulfilled.
    Failed(CallId, MediaFailure),
}

/// Why there is no media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaFailure {
    /// The user or the browser's settings refuse the microphone.
    MicrophoneRefused,
    /// There is no microphone.
    MicrophoneNotFound,
    /// Another program holds the microphone.
    MicrophoneInUse,
    /// The page did not come over HTTPS, so the browser gives it no microphone.
    PageNotSecure,
    /// The two ends have no media in common.
    Incompatible,
}

/// Something that the telephone should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The line to the server changed.
    Line(Line),
    /// Something happened to a call.
    Call(CallId, CallEvent),
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
    /// The server will not have us; trying again would not help.
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
    Incoming(Caller),
    /// The callee's telephone rings.
    Ringing,
    /// The callee's side sends sound before it answers.
    EarlyMedia,
    /// The call is answered and stands.
    Answered,
    /// Who holds whom has changed, and both ends agree on it.
    HoldChanged {
        /// We hold the peer.
        local: bool,
        /// The peer holds us.
        remote: bool,
    },
    /// The peer does not agree to be put on hold, or to be taken from it.
    HoldRefused,
    /// The answer could not be made; the call still rings.
    AnswerFailed(MediaFailure),
    /// The call is over.
    Ended(EndReason),
}

/// Who calls, as the caller's side claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name, made safe to show.
    pub name: Option<String>,
    /// The address.
    pub uri: Uri,
}

/// Why a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// We hung up.
    HungUpHere,
    /// The peer hung up.
    HungUpThere,
    /// The caller gave up before we answered.
    Cancelled,
    /// Another telephone of ours took the call.
    AnsweredElsewhere,
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
    },
    /// The server wants a password for the call and does not accept ours.
    Unauthorized,
    /// The line is down, so the call could not be placed or set up.
    NoLine,
    /// As many calls as the configuration allows are up.
    TooManyCalls,
    /// The peer stopped following the protocol: no ACK, or an answer without a session.
    ProtocolFailure,
    /// There is no microphone or no common media.
    NoMedia(MediaFailure),
}
