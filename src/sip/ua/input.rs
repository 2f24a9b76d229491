//! What goes into a user agent: commands, frames, and what the browser did.

#[cfg(doc)]
use super::event::{CallEvent, MediaRequest, MessageEvent, Output, SubscriptionEvent};
use crate::media::sdp::fragment::Candidates;
use crate::sip::link::LinkEvent;
use crate::sip::wire::Uri;

/// Names a call for the life of a user agent: one that is placed by the number that its command gave
/// it, below 2^31, one that comes in by a number of its own above that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// Names a text message: one that goes out by the number that its command gave it, one that came
/// in by a number of its own, from 1 up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// Names a subscription, by the number that its command gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionId(pub u32);

/// What can be subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The messages that wait in a mailbox (RFC 3842).
    MessageSummary,
    /// The calls of a telephone (RFC 4235).
    Dialog,
    /// Whether somebody can be reached (RFC 3856).
    Presence,
}

/// What names a call that stands beyond the life of its user agent, for a new call that takes its
/// place (RFC 3891) and for its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The Call-ID.
    pub call_id: String,
    /// Our tag.
    pub local_tag: String,
    /// The peer's tag.
    pub remote_tag: String,
    /// Where the peer is called.
    pub peer: Uri,
    /// Where the peer is reached within the call.
    pub target: Uri,
    /// The way there, as values of one Route header.
    pub route: String,
}

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

/// What the user wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Connect and register.
    Connect,
    /// Do not wait for the next attempt to connect: try now. Where there seems to be a connection, make
    /// sure of it: for whoever has slept, or is in another network.
    Retry,
    /// Connect anew, whatever there is: the network has changed, and with it our address.
    Renew,
    /// End all calls, take the registration away and close the connection.
    Disconnect,
    /// The same at once, without waiting for the answers: the page is going away.
    Leave,
    /// Call this address. [`CallEvent::Outgoing`] follows.
    Call {
        /// Names the call; no other that there is may have it.
        id: CallId,
        /// Whom to call.
        target: Uri,
    },
    /// Take a call back that a user agent of the same account has left behind: a new call takes its
    /// place. [`CallEvent::Outgoing`] follows.
    TakeBack {
        /// Names the new call.
        id: CallId,
        /// What names the old one.
        standing: Box<Standing>,
    },
    /// End such a call.
    Abandon(Box<Standing>),
    /// Answer a ringing call.
    Answer(CallId),
    /// Turn a ringing call away.
    Decline(CallId),
    /// End a call in whatever state it is.
    HangUp(CallId),
    /// Send a text message, outside any call. [`MessageEvent`] says what becomes of it.
    SendMessage {
        /// Names it in what follows.
        id: MessageId,
        /// To whom.
        to: Uri,
        /// The text, at most 16 KiB of UTF-8.
        text: String,
    },
    /// Subscribe, and stay subscribed whenever there is a line, until [`Command::Unsubscribe`] or
    /// [`SubscriptionEvent::Ended`]. One of the same number is ended first.
    Subscribe {
        /// Names it in what follows.
        id: SubscriptionId,
        /// To whose mailbox, telephone or presence.
        target: Uri,
        /// To what.
        package: Package,
    },
    /// End a subscription, of which nothing is heard any more.
    Unsubscribe(SubscriptionId),
    /// Ask the peer of a call that stands to call this address instead (RFC 3515). Ignored while
    /// another transfer of the call is under way.
    Transfer {
        /// The call.
        call: CallId,
        /// Whom the peer is to call.
        target: Uri,
    },
    /// Ask the peer of a call that stands to take our place in the other one (RFC 5589 §7).
    TransferTo {
        /// The call.
        call: CallId,
        /// Our call with the target.
        other: CallId,
    },
    /// Do what [`CallEvent::TransferRequested`] asks for. [`CallEvent::Outgoing`] follows, unless the
    /// peer waits no more or there is no line.
    AcceptTransfer {
        /// The call whose peer has asked.
        call: CallId,
        /// Names the new call.
        id: CallId,
    },
    /// Do not.
    RefuseTransfer(CallId),
    /// Send keys, one by one, as INFO: for servers that do not hear telephone events (RFC 4733).
    /// `,` is a pause of two seconds; what is no key is left out.
    SendDtmf {
        /// The call.
        call: CallId,
        /// The keys.
        digits: String,
    },
    /// Put the peer of a call that stands on hold.
    Hold(CallId),
    /// Take the peer from hold.
    Resume(CallId),
    /// Offer the peer of a call that stands what the media engine has now, as a picture more or
    /// less. [`CallEvent::VideoChanged`] or [`CallEvent::VideoRefused`] says what becomes of it.
    Reoffer(CallId),
    /// Have the media engine offer another way to the peer of a call that stands (ICE restart, RFC 8839
    /// §4.4.1.1), as soon as there is a line.
    FindPath(CallId),
    /// Turn all callers away from now on, or no longer. What stands or rings already goes on.
    SetDoNotDisturb(bool),
    /// From now on there may be so many calls at once.
    SetMaxCalls(usize),
    /// From now on our calls follow a 3xx, or do not.
    SetFollowRedirects(bool),
}

/// What the browser's media engine did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaReply {
    /// The offer that was asked for.
    Offer(CallId, String),
    /// The answer that was asked for.
    Answer(CallId, String),
    /// It has found further candidates for the description that it gave last, or knows that there
    /// are no others.
    Found(CallId, Candidates),
    /// The last request for this call could not be fulfilled.
    Failed(CallId, MediaFailure),
}

/// Why there is no media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaFailure {
    /// The user or the browser's settings refuse the microphone.
    MicrophoneRefused,
    /// The browser's settings give no page a microphone.
    MicrophoneForbidden,
    /// There is no microphone.
    MicrophoneNotFound,
    /// Another program holds the microphone.
    MicrophoneInUse,
    /// The browser could not open the microphone, and does not say why in terms we know.
    MicrophoneBroken,
    /// The page did not come over HTTPS, so the browser gives it no microphone.
    PageNotSecure,
    /// The two ends have no media in common.
    Incompatible,
    /// The other side does not encrypt the sound. The user agent itself finds this.
    NotEncrypted,
    /// Calls must go through a relay, and none can be had.
    NoRelay,
}
