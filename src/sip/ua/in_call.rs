//! What a service of a call has of the call that it works for.

use super::core::Core;
use super::event::CallEvent;
use super::input::CallId;
use super::owner::{Owner, Service};
use crate::sip::dialog::Dialog;
use crate::sip::transaction::ServerId;
use crate::sip::wire::Request;
use crate::time::Instant;

/// The call that they work for.
pub(super) struct InCall<'a> {
    pub(super) now: Instant,
    pub(super) core: &'a mut Core,
    pub(super) id: CallId,
    pub(super) dialog: &'a mut Dialog,
    /// The peer knows that the call stands, so that it takes requests in it.
    pub(super) confirmed: bool,
    /// The descriptions that hold.
    pub(super) local_sdp: &'a str,
    pub(super) remote_sdp: &'a str,
}

impl InCall<'_> {
    pub(super) fn send(&mut self, service: Service, request: Request) {
        let owner = Owner::Service(self.id, service);
        self.core.send_plain(self.now, owner, self.dialog.askers(), request);
    }

    pub(super) fn reject(&mut self, server: ServerId, request: &Request, status: u16) {
        self.core.reject(self.now, server, request, status);
    }

    pub(super) fn tell(&mut self, event: CallEvent) {
        self.core.tell(self.id, event);
    }
}
