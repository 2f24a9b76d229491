//! For whom a request of ours is out.

use super::input::{CallId, MessageId};

/// Who a client transaction works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sip) enum Owner {
    /// The registration.
    Registration,
    /// A call's INVITE.
    Call(CallId),
    /// What we change in a call that stands, by a re-INVITE or an UPDATE, and which attempt at
    /// that it is.
    Change(CallId, u32),
    /// The PRACK of a call that is not answered yet.
    Prack(CallId),
    /// What a call does besides sound.
    Service(CallId, Service),
    /// A text message.
    Message(MessageId),
    /// A subscription, by its number.
    Subscription(u32),
    /// The question whether the server is there.
    KeepAlive,
    /// A request whose answer changes nothing, such as CANCEL and BYE.
    Parting,
}

/// Something that a call does besides sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sip) enum Service {
    /// Our REFER.
    Refer,
    /// Our NOTIFY about the peer's REFER.
    Notify,
    /// Our INFO with a key.
    Info,
    /// Our INFO with candidates.
    Candidates,
}
