//! The way of the media: what the browser tells of it, and looking for another.

use super::Driver;
use super::media::Media;
use crate::sip::ua::CallId;
use crate::station::{Input, MediaEvent, Page};

impl Driver {
    /// The computer may be in another network now.
    pub(super) fn network_changed(&self) {
        self.with_servers(|servers| servers.forget_silence());
        self.with_media(Media::drop_spare);
        self.input(Input::Page(Page::NetworkChanged));
    }

    /// The media of a call get through.
    pub(super) fn path_found(&self, call: CallId) {
        self.input(Input::MediaEvent(call, MediaEvent::PathFound));
        // Nobody should wait for the lock.
        self.look_at_calls();
    }
}
