//! The pictures of each call: opens what the telephone wants to show, and lets go of it.

use super::Driver;
use super::media::Media;
use crate::media::devices::{Kind, PictureFailure};
use crate::phone::Phone;
use crate::phone::video::{Source, Wish};
use crate::platform::{Peer, camera, page};
use crate::sip::ua::CallId;
use crate::station::{Input, MediaEvent};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlVideoElement, MediaStreamTrack};

/// What each call shows, or is about to.
pub(super) type Wishes = Vec<(CallId, Wish)>;

impl Media {
    /// Has each call show what the telephone wants it to.
    pub(super) fn show_pictures(&mut self, driver: &Driver, phone: &Phone) {
        for (call, peer) in self.connections() {
            let wish = wish(phone, call);
            let before =
                self.wishes.iter().find(|(known, _)| *known == call).map(|(_, wish)| *wish);
            if wish == before {
                continue;
            }
            self.note_wish(call, wish);
            match wish {
                None => peer.show_picture(None),
                Some(wish) => {
                    if wish.source == Source::Camera
                        && before.is_some_and(|before| before.source == Source::Camera)
                    {
                        peer.freeze_picture();
                    }
                    let driver = driver.clone();
                    spawn_local(async move { driver.open_picture(call, &peer, wish).await });
                }
            }
        }
    }

    /// Notes what a call is about to show.
    pub(super) fn note_wish(&mut self, call: CallId, wish: Option<Wish>) {
        self.wishes.retain(|(known, _)| *known != call);
        self.wishes.extend(wish.map(|wish| (call, wish)));
    }
}

/// What a call is to show.
pub(super) fn wish(phone: &Phone, call: CallId) -> Option<Wish> {
    phone.get(call).and_then(|call| call.video.wish())
}

impl Driver {
    /// Opens what a call is to show, and shows it unless the user has thought better of it.
    pub(super) async fn open_picture(&self, call: CallId, peer: &Rc<Peer>, wanted: Wish) {
        if peer.is_barred() {
            self.input(Input::MediaEvent(call, MediaEvent::PictureBarred));
            return;
        }
        let opened = self.open_device(wanted).await;
        let is_wanted = wish(self.0.borrow().station.phone(), call) == Some(wanted);
        match opened {
            Ok(track) if is_wanted && self.has_peer(call, peer) => {
                peer.show_picture(Some(&track));
                self.input(Input::MediaEvent(call, MediaEvent::PictureOpened));
            }
            Ok(track) => track.stop(),
            Err(failure) if is_wanted => {
                self.input(Input::MediaEvent(call, MediaEvent::PictureFailed(failure)));
            }
            Err(_) => {}
        }
    }

    /// The elements that show the far end's picture of a call, and ours.
    pub fn pictures(&self, call: CallId) -> Option<[HtmlVideoElement; 2]> {
        Some(self.connection(call)?.pictures())
    }

    /// Plays the pictures of a call on, which browsers pause when they are moved in the page.
    pub fn play_pictures(&self, call: CallId) {
        if let Some(peer) = self.connection(call) {
            peer.play_pictures();
        }
    }

    /// Lifts the far end's picture out of the page, or puts it back.
    pub(super) fn toggle_picture_in_picture(&self, call: CallId) {
        if let Some([far, _]) = self.pictures(call) {
            page::toggle_picture_in_picture(&far);
        }
    }

    /// Opens the camera that is chosen now where another is shown.
    pub(super) fn renew_cameras(&self) {
        if let Some(session) = &mut self.0.borrow_mut().session {
            session.media.wishes.retain(|(_, wish)| wish.source != Source::Camera);
        }
        self.changed();
    }

    async fn open_device(&self, wish: Wish) -> Result<MediaStreamTrack, PictureFailure> {
        if wish.source == Source::Screen {
            return camera::open_screen().await;
        }
        let chosen = {
            let inner = self.0.borrow();
            let used = inner.station.phone().devices().used(Kind::Camera);
            used.filter(|_| !wish.back).map(|camera| camera.id.clone())
        };
        let opened = camera::open(chosen.as_deref(), wish.back).await;
        match opened {
            // The chosen one is not there any more.
            Err(PictureFailure::NotFound) if chosen.is_some() => {
                camera::open(None, wish.back).await
            }
            opened => {
                // Its name is known from now on. Firefox lists nothing while the page is out of sight,
                // for which no call waits.
                self.list_devices();
                opened
            }
        }
    }

    fn connection(&self, call: CallId) -> Option<Rc<Peer>> {
        self.0.borrow().session.as_ref().and_then(|session| session.media.peer(call))
    }
}
