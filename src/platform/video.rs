//! The pictures of a connection: the track that is shown to the far end, and what comes from it.
//!
//! Ours is put into one transceiver, which is used again and again. One that the far end has turned
//! down is taken back, so that later offers are free of it.

use std::cell::{Cell, RefCell};

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlVideoElement, MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit,
};

use super::mixer::settle;
use super::page::Listener;
use super::peer::{Peer, PeerEvent};
use super::picture::Picture;
use super::transceivers::{self, VIDEO, of_kind};
use crate::media::sdp::Direction;
use crate::media::sdp::plan::Plan;

#[wasm_bindgen]
extern "C" {
    /// A connection, for the exception of this method that web-sys leaves out.
    type Adding;
    #[wasm_bindgen(method, catch, js_name = addTrack)]
    fn add_track(
        this: &Adding,
        track: &MediaStreamTrack,
        stream: &MediaStream,
    ) -> Result<JsValue, JsValue>;
}

/// The pictures, and what decides whether ours is seen.
#[derive(Debug)]
pub(super) struct Video {
    far: Picture,
    own: Picture,
    track: RefCell<Option<MediaStreamTrack>>,
    /// Hears of the end of the track.
    ended: RefCell<Option<Listener>>,
    /// The stream of the voice, so that the far end keeps lips and voice together.
    stream: MediaStream,
    open: Cell<bool>,
    /// Offers ask for the far end's picture in any case, until one is answered.
    asked: Cell<bool>,
    /// One of ours was taken back: browsers would put the next one where nothing sends it.
    barred: Cell<bool>,
}

impl Video {
    /// Nothing yet; what is shown belongs to the voice in `stream`.
    pub(super) fn new(stream: &MediaStream) -> Result<Self, JsValue> {
        Ok(Self {
            far: Picture::new()?,
            own: Picture::new()?,
            track: RefCell::default(),
            ended: RefCell::default(),
            // The handle is copied, and not the stream with its tracks, as its own `clone` would.
            stream: Clone::clone(stream),
            open: Cell::new(true),
            asked: Cell::default(),
            barred: Cell::default(),
        })
    }

    /// The far end's picture.
    pub(super) fn handle_track(&self, track: &MediaStreamTrack) {
        self.far.show(Some(track));
    }

    /// Whether our picture may be seen.
    pub(super) fn set_open(&self, open: bool) {
        self.open.set(open);
        if let Some(track) = &*self.track.borrow() {
            track.set_enabled(open);
        }
    }

    /// Makes the next description say what is shown and what may come.
    pub(super) fn arrange(&self, connection: &RtcPeerConnection, plan: Plan, offering: bool) {
        let held = plan.pictures == Direction::Inactive;
        let track = self.track.borrow().clone();
        let mut usable = of_kind(connection, VIDEO).into_iter();
        match (usable.next(), &track) {
            (Some(transceiver), track) => {
                let direction = match track {
                    _ if held => RtcRtpTransceiverDirection::Inactive,
                    Some(track) => {
                        self.attach(&transceiver, track);
                        RtcRtpTransceiverDirection::Sendrecv
                    }
                    None => RtcRtpTransceiverDirection::Recvonly,
                };
                transceiver.set_direction(direction);
            }
            (None, Some(track)) if offering && !held && !self.barred.get() => {
                self.add(connection, track);
            }
            (None, None) if offering && !held && self.asked.get() => {
                let init = RtcRtpTransceiverInit::new();
                init.set_direction(RtcRtpTransceiverDirection::Recvonly);
                connection.add_transceiver_with_str_and_init(VIDEO, &init);
            }
            _ => {}
        }
        for other in usable {
            other.set_direction(RtcRtpTransceiverDirection::Inactive);
        }
    }

    fn add(&self, connection: &RtcPeerConnection, track: &MediaStreamTrack) {
        // Where the far end offers a picture in the same moment, its offer is joined with ours: browsers do
        // so with what comes by this method alone. Firefox refuses what was in one that is stopped.
        if connection.unchecked_ref::<Adding>().add_track(track, &self.stream).is_err() {
            let init = RtcRtpTransceiverInit::new();
            init.set_streams(&Array::of1(&self.stream));
            connection.add_transceiver_with_media_stream_track_and_init(track, &init);
        }
    }

    /// Takes back what was offered and never agreed to, unless it is still wanted.
    pub(super) fn withdraw(&self, connection: &RtcPeerConnection) {
        if self.track.borrow().is_some() || self.asked.get() {
            return;
        }
        for transceiver in of_kind(connection, VIDEO) {
            if transceiver.mid().is_none() {
                transceiver.stop();
                self.barred.set(true);
            }
        }
    }

    /// The far end has answered whether it has a picture.
    pub(super) fn answered(&self) {
        self.asked.set(false);
    }

    /// Lets go of what is shown.
    pub(super) fn stop(&self) {
        self.ended.replace(None);
        if let Some(track) = self.track.take() {
            track.stop();
        }
        self.far.show(None);
        self.own.show(None);
    }

    fn show(&self, connection: &RtcPeerConnection, track: Option<&MediaStreamTrack>) {
        if let Some(track) = track {
            track.set_enabled(self.open.get());
        }
        let old = self.track.replace(track.cloned());
        self.own.show(track);
        // Where a picture goes out already, this one takes its place at once.
        if let Some(transceiver) = of_kind(connection, VIDEO).first() {
            settle(transceiver.sender().replace_track(track));
        }
        if let Some(old) = old {
            old.stop();
        }
    }

    fn attach(&self, transceiver: &RtcRtpTransceiver, track: &MediaStreamTrack) {
        let sender = transceiver.sender();
        transceivers::set_streams(&sender, &Array::of1(&self.stream));
        if sender.track().as_ref() != Some(track) {
            settle(sender.replace_track(Some(track)));
        }
    }
}

impl Peer {
    /// Shows this track to the far end, or nothing; it is the peer's from here on. Where the
    /// descriptions do not allow for it yet, the next one will. Its end, other than by us, is
    /// [`PeerEvent::PictureEnded`].
    pub fn show_picture(&self, track: Option<&MediaStreamTrack>) {
        let video = &self.inner.video;
        if self.inner.closed.get() {
            if let Some(track) = track {
                track.stop();
            }
            return;
        }
        let weak = std::rc::Rc::downgrade(&self.inner);
        let ended = track.map(|track| {
            let tell = Box::new(move |_| super::peer::report(&weak, PeerEvent::PictureEnded));
            // The handle is copied, and not the track, as its own `clone` would.
            Listener::on(Some(Clone::clone(track).into()), "ended".into(), tell)
        });
        video.ended.replace(ended);
        video.show(&self.inner.connection, track);
    }

    /// Whether no picture can be offered any more, after one that was refused.
    pub fn is_barred(&self) -> bool {
        self.inner.video.barred.get() && of_kind(&self.inner.connection, VIDEO).is_empty()
    }

    /// Lets go of the device behind the picture that is shown, of which the last frame stays until
    /// another takes its place: telephones open one camera at a time.
    pub fn freeze_picture(&self) {
        self.inner.video.ended.replace(None);
        if let Some(track) = &*self.inner.video.track.borrow() {
            track.stop();
        }
    }

    /// Has the next offer ask for the far end's picture, also without one of ours. It comes after the
    /// sound there, which telephones without pictures look for in the first place.
    pub fn ask_for_picture(&self) {
        self.inner.video.asked.set(true);
    }

    /// The elements that show the far end's picture, and ours.
    pub fn pictures(&self) -> [HtmlVideoElement; 2] {
        [&self.inner.video.far, &self.inner.video.own].map(|picture| picture.element().clone())
    }

    /// Plays the pictures on, after they were moved in the page.
    pub fn play_pictures(&self) {
        self.inner.video.far.play();
        self.inner.video.own.play();
    }
}

impl super::peer::Inner {
    /// Our picture is seen where our microphone could be heard, muted or not.
    pub(super) fn open_picture(&self) {
        self.video.set_open(self.sending.may_be_heard());
    }

    /// Makes the next description say which pictures there are.
    pub(super) fn arrange_pictures(&self, offering: bool) {
        self.video.arrange(&self.connection, self.sending.plan(), offering);
    }
}
