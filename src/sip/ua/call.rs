//! A call in the form that it has at the moment, and what each form makes of what it hears.

use super::core::Core;
use super::incoming::Incoming;
use super::input::{CallId, MediaReply};
use super::outgoing::Outgoing;
use super::services::Task;
use super::session::{Becomes, Session};
use crate::sip::dialog::DialogId;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Request, Response, Uri};
use crate::time::Instant;

/// A call in one of the three forms it takes.
pub(super) enum Call {
    Outgoing(Box<Outgoing>),
    Incoming(Box<Incoming>),
    Session(Box<Session>),
}

impl Call {
    pub(super) fn id(&self) -> CallId {
        match self {
            Self::Outgoing(call) => call.id(),
            Self::Incoming(call) => call.id(),
            Self::Session(call) => call.id(),
        }
    }

    pub(super) fn dialog_id(&self) -> Option<&DialogId> {
        match self {
            Self::Outgoing(_) => None,
            Self::Incoming(call) => Some(call.dialog_id()),
            Self::Session(call) => Some(call.dialog_id()),
        }
    }

    pub(super) fn has_dialog(&self, id: &DialogId) -> bool {
        match self {
            Self::Outgoing(call) => call.has_dialog(id),
            other => other.dialog_id() == Some(id),
        }
    }

    /// The peer's address in that dialog of this call.
    pub(super) fn remote_uri(&self, id: &DialogId) -> Option<Uri> {
        match self {
            Self::Outgoing(call) => call.remote_uri(id),
            Self::Incoming(_) => None,
            Self::Session(call) => call.dialog().remote_uri(),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        match self {
            Self::Outgoing(call) => call.is_live(),
            Self::Incoming(_) => true,
            Self::Session(call) => call.is_live(),
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::Outgoing(call) => call.poll_timeout(),
            Self::Incoming(call) => call.poll_timeout(),
            Self::Session(call) => call.poll_timeout(),
        }
    }

    pub(super) fn handle_timeout(self, now: Instant, core: &mut Core) -> Option<Self> {
        Some(match self {
            Self::Outgoing(call) => call.handle_timeout(now, core)?.into(),
            Self::Incoming(call) => call.handle_timeout(now, core)?.into(),
            Self::Session(call) => call.handle_timeout(now, core)?.into(),
        })
    }

    pub(super) fn answer(self, core: &mut Core) -> Option<Self> {
        match self {
            Self::Incoming(call) => call.answer(core).map(Self::Incoming),
            other => Some(other),
        }
    }

    /// The user ends it, or turns it away.
    pub(super) fn hang_up(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.hang_up(now, core).map(Self::Outgoing),
            Self::Incoming(call) => call.decline(now, core).map(Self::Incoming),
            Self::Session(call) => call.hang_up(now, core).map(Self::Session),
        }
    }

    /// The user leaves, and with the user the line.
    pub(super) fn leave(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Incoming(call) => call.abandon(now, core).map(Self::Incoming),
            other => other.hang_up(now, core),
        }
    }

    /// Ends what is left of a call that the user no longer sees, without the waiting that
    /// RFC 3261 §9.1 and §15 ask for: the connection closes.
    pub(super) fn part_early(self, now: Instant, core: &mut Core) {
        match self {
            Self::Outgoing(mut call) => call.cancel_now(now, core),
            Self::Incoming(_) => {}
            Self::Session(mut call) => call.part_now(now, core),
        }
    }

    /// Another call has taken the place of this one.
    pub(super) fn replaced(self, now: Instant, core: &mut Core, by: CallId) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.replaced(now, core, by).map(Self::Outgoing),
            Self::Session(call) => call.replaced(now, core, by).map(Self::Session),
            Self::Incoming(_) => Some(self),
        }
    }

    /// The connection is gone. What stands or rings can wait for the next one.
    pub(super) fn handle_line_lost(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.handle_line_lost(now, core).map(Self::Outgoing),
            Self::Session(mut call) => {
                call.handle_line_lost(core);
                Some(Self::Session(call))
            }
            Self::Incoming(_) => Some(self),
        }
    }

    /// The connection is gone, and there will be no other. The sound of a call needs none.
    pub(super) fn handle_line_ended(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Incoming(call) => call.abandon(now, core).map(Self::Incoming),
            other => other.handle_line_lost(now, core),
        }
    }

    /// What the browser has done for this call.
    pub(super) fn handle_media(
        self,
        now: Instant,
        core: &mut Core,
        reply: MediaReply,
    ) -> Option<Self> {
        match (self, reply) {
            (Self::Outgoing(call), MediaReply::Offer(_, sdp)) => {
                call.handle_offer(now, core, sdp).map(Self::Outgoing)
            }
            (Self::Outgoing(mut call), MediaReply::Answer(_, sdp)) => {
                call.handle_answer(now, core, sdp);
                Some(Self::Outgoing(call))
            }
            (Self::Outgoing(mut call), MediaReply::Found(_, found)) => {
                call.handle_candidates(found);
                Some(Self::Outgoing(call))
            }
            (Self::Outgoing(call), MediaReply::Failed(_, failure)) => {
                call.handle_media_failed(now, core, failure).map(Self::Outgoing)
            }
            (Self::Incoming(call), MediaReply::Offer(_, sdp) | MediaReply::Answer(_, sdp)) => {
                Some(call.handle_description(now, core, sdp).into())
            }
            (Self::Incoming(call), MediaReply::Failed(_, failure)) => {
                call.handle_media_failed(now, core, failure).map(Self::Incoming)
            }
            (Self::Incoming(call), MediaReply::Found(..)) => Some(Self::Incoming(call)),
            (Self::Session(mut call), MediaReply::Offer(_, sdp)) => {
                call.handle_offer(now, core, sdp);
                Some(Self::Session(call))
            }
            (Self::Session(mut call), MediaReply::Answer(_, sdp)) => {
                call.handle_description(now, core, sdp);
                Some(Self::Session(call))
            }
            (Self::Session(call), MediaReply::Found(_, found)) => {
                call.serve(now, core, Task::Found(found)).map(Self::Session)
            }
            (Self::Session(call), MediaReply::Failed(_, failure)) => {
                call.handle_media_failed(now, core, failure).map(Self::Session)
            }
        }
    }

    /// A request in a dialog of this call.
    pub(super) fn handle_request(
        self,
        now: Instant,
        core: &mut Core,
        server: ServerId,
        request: Request,
    ) -> Option<Self> {
        match self {
            Self::Session(call) => {
                call.handle_request(now, core, server, request).map(Self::Session)
            }
            Self::Outgoing(mut call) => {
                call.handle_request(now, core, server, request);
                Some(Self::Outgoing(call))
            }
            Self::Incoming(call) => {
                call.handle_request(now, core, server, &request).map(Self::Incoming)
            }
        }
    }

    /// A response to the INVITE that began this call.
    pub(super) fn handle_response(
        self,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.handle_response(now, core, response).map(Self::from),
            Self::Session(mut call) => {
                call.handle_response(now, core, response);
                Some(Self::Session(call))
            }
            Self::Incoming(_) => Some(self),
        }
    }

    /// The server does not accept our credentials for what this call has sent.
    pub(super) fn handle_unauthorized(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.handle_unauthorized(now, core).map(Self::Outgoing),
            Self::Session(call) => call.handle_change_unauthorized(now, core).map(Self::Session),
            Self::Incoming(_) => Some(self),
        }
    }

    /// Nothing answered the INVITE that was to begin this call.
    pub(super) fn handle_unanswered(self, now: Instant, core: &mut Core) -> Option<Self> {
        match self {
            Self::Outgoing(call) => call.handle_unanswered(now, core).map(Self::Outgoing),
            other => Some(other),
        }
    }

    /// Hands a call that stands to `step`, which gives back what is left of it.
    pub(super) fn standing(
        self,
        step: impl FnOnce(Box<Session>) -> Option<Box<Session>>,
    ) -> Option<Self> {
        match self {
            Self::Session(call) => step(call).map(Self::Session),
            other => Some(other),
        }
    }
}

impl From<Box<Outgoing>> for Call {
    fn from(call: Box<Outgoing>) -> Self {
        Self::Outgoing(call)
    }
}

impl From<Box<Incoming>> for Call {
    fn from(call: Box<Incoming>) -> Self {
        Self::Incoming(call)
    }
}

impl From<Box<Session>> for Call {
    fn from(call: Box<Session>) -> Self {
        Self::Session(call)
    }
}

impl<T: Into<Self>> From<Becomes<T>> for Call {
    fn from(becomes: Becomes<T>) -> Self {
        match becomes {
            Becomes::Same(call) => call.into(),
            Becomes::Standing(session) => Self::Session(session),
        }
    }
}
