//! The sound of the far end: one audio element and the stream that it plays.
//!
//! The stream is made here rather than taken from the track's event: a far end may move its track
//! to another stream with a later description, and the element would fall silent.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStream, MediaStreamTrack};

use super::devices::play_on;
use super::{failure, microphone};

/// An audio element that is part of no document.
#[derive(Debug, Clone)]
pub(super) struct Playback {
    element: HtmlAudioElement,
    /// The device that it plays on; empty for the system's own.
    device: Rc<RefCell<String>>,
}

/// What became of an attempt to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Played {
    /// The sound is on.
    Yes,
    /// The browser wants a click or a key first.
    Blocked,
    /// There is nothing to play, or no more.
    Nothing,
}

impl Playback {
    pub(super) fn new() -> Result<Self, JsValue> {
        let element = HtmlAudioElement::new()?;
        element.set_autoplay(true);
        Ok(Self { element, device: Rc::default() })
    }

    /// Takes `track` into what is played. Returns whether it is the first one.
    pub(super) fn add(&self, track: &MediaStreamTrack) -> bool {
        match self.element.src_object() {
            Some(stream) => {
                // A track that is there already is not added twice.
                stream.add_track(track);
                false
            }
            None => {
                let stream = MediaStream::new_with_tracks(&Array::of1(track)).ok();
                self.element.set_src_object(stream.as_ref());
                stream.is_some()
            }
        }
    }

    /// Plays what is there.
    pub(super) async fn play(&self) -> Played {
        if self.element.src_object().is_none() {
            return Played::Nothing;
        }
        let Ok(promise) = self.element.play() else {
            return Played::Nothing;
        };
        match JsFuture::from(promise).await {
            Ok(_) => Played::Yes,
            Err(error) if failure::name(&error) == "NotAllowedError" => Played::Blocked,
            // `AbortError`: the call ended before its sound began.
            Err(_) => Played::Nothing,
        }
    }

    /// Whether there is something to play that is not played.
    pub(super) fn is_stopped(&self) -> bool {
        self.element.paused() && self.element.src_object().is_some()
    }

    /// What is played.
    pub(super) fn stream(&self) -> Option<MediaStream> {
        self.element.src_object()
    }

    /// Plays on the device of this id, or on the system's own where it is empty.
    pub(super) fn set_device(&self, id: &str) {
        if *self.device.borrow() == id {
            return;
        }
        id.clone_into(&mut self.device.borrow_mut());
        let Self { element, device } = self.clone();
        let id = id.to_owned();
        spawn_local(async move {
            if !play_on(&element, &id).await && *device.borrow() == id {
                // It plays where it did before, and is told again with the next change.
                device.borrow_mut().clear();
            }
        });
    }

    /// Plays in silence, or aloud again.
    pub(super) fn set_muted(&self, muted: bool) {
        self.element.set_muted(muted);
    }

    /// Stops the sound and lets go of the tracks.
    pub(super) fn clear(&self) {
        if let Some(stream) = self.element.src_object() {
            microphone::stop(&stream);
        }
        self.element.set_src_object(None);
    }
}
