//! An open microphone that several take from: the calls, and the meter.
//!
//! It is opened once, whoever takes from it: Safari silences a microphone that is opened again, and
//! Firefox opens no second one beside it.

use std::any::Any;
use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{AudioContext, Event, MediaStream, MediaStreamTrack, MediaStreamTrackState};

use super::held::hold;
use super::level::Level;
use super::microphone::{self, MicrophoneError, audio_tracks};
use super::mixer::settle;
use super::page::Listener;
use crate::media::devices::{Device, Treatment};

/// An open microphone. Dropping it releases it; what was taken from it is released by its takers.
pub struct Capture {
    raw: MediaStreamTrack,
    sent: RefCell<MediaStreamTrack>,
    listeners: Vec<Listener>,
    /// What makes the sound that is sent.
    source: RefCell<Option<Box<dyn Any>>>,
}

impl Capture {
    /// Opens the microphone of this id, or the system's own.
    ///
    /// # Errors
    /// See [`MicrophoneError`].
    pub async fn open(device: Option<&str>, treatment: Treatment) -> Result<Self, MicrophoneError> {
        let stream = microphone::open(device, treatment).await?;
        let track = audio_tracks(&stream).next().ok_or(MicrophoneError::NotFound)?;
        Ok(Self::of(track, None))
    }

    /// Silence, in the place of a microphone that cannot be had: the other side gets sound packets
    /// as ever, and a microphone takes its place without any negotiation. `None` if this browser
    /// cannot make it.
    pub fn silence() -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let silence = context.create_media_stream_destination().ok()?;
        // Without a source, browsers make nothing of it.
        let source = context.create_constant_source().ok()?;
        source.offset().set_value(0.0);
        source.connect_with_audio_node(&silence).ok()?;
        source.start().ok()?;
        settle(context.resume().ok()?);
        let track = audio_tracks(&silence.stream()).next()?;
        Some(Self::of(track, Some(Box::new((Closing(context), source, silence)))))
    }

    fn of(track: MediaStreamTrack, source: Option<Box<dyn Any>>) -> Self {
        // The handle is copied, and not the track, as its own `clone` would.
        let raw = Clone::clone(&track);
        Self { raw, sent: RefCell::new(track), listeners: Vec::new(), source: RefCell::new(source) }
    }

    /// The microphone's own track, which nobody but its processors should take.
    pub fn raw(&self) -> &MediaStreamTrack {
        &self.raw
    }

    /// Has those who take from now on get this track instead of the microphone's own. `source` is
    /// what makes it, and is dropped with the microphone.
    pub fn send_instead(&self, track: MediaStreamTrack, source: impl Any) {
        self.sent.replace(track);
        self.source.replace(Some(Box::new(source)));
    }

    /// Whether it is a microphone whose own track is sent.
    pub fn is_raw(&self) -> bool {
        self.source.borrow().is_none()
    }

    /// A copy of what is to be sent, for one taker, who stops it.
    pub fn take(&self) -> Option<MediaStream> {
        let copy: MediaStreamTrack = MediaStreamTrack::clone(&self.sent.borrow()).unchecked_into();
        let stream = MediaStream::new_with_tracks(&Array::of1(&copy)).ok()?;
        // A microphone is open for as long as any copy of it is.
        hold(&stream);
        Some(stream)
    }

    /// A meter at what is to be sent.
    pub fn level(&self) -> Option<Level> {
        Level::of(&self.sent.borrow())
    }

    /// Has `on_change` called when the system ends, silences or wakes the microphone: it was
    /// unplugged, or the page was left on a telephone.
    pub fn watch(&mut self, on_change: impl Fn() + Clone + 'static) {
        let listen = |kind: &'static str| {
            let on_change = on_change.clone();
            let callback = move |_: Event| on_change();
            Listener::on(Some(Clone::clone(&self.raw).into()), kind.into(), Box::new(callback))
        };
        self.listeners = ["ended", "mute", "unmute"].map(listen).into();
    }

    /// Whether the microphone is still there.
    pub fn is_live(&self) -> bool {
        self.raw.ready_state() == MediaStreamTrackState::Live
    }

    /// Whether the system keeps the microphone silent.
    pub fn is_silenced(&self) -> bool {
        self.raw.muted()
    }

    /// The device that was opened.
    pub fn device(&self) -> Device {
        let id = self.raw.get_settings().get_device_id().unwrap_or_default();
        Device { id, label: self.raw.label() }
    }

    /// Treats the sound so from now on. Returns whether the browser does, as some do only for a
    /// microphone that is opened anew.
    pub async fn treat(&self, treatment: Treatment) -> bool {
        let wanted = microphone::constraints(None, treatment);
        let Ok(promise) = self.raw.apply_constraints_with_constraints(&wanted) else {
            return false;
        };
        if wasm_bindgen_futures::JsFuture::from(promise).await.is_err() {
            return false;
        }
        let now = self.raw.get_settings();
        now.get_echo_cancellation().is_none_or(|echo| echo == treatment.echo)
            && now.get_noise_suppression().is_none_or(|noise| noise == treatment.noise)
            && now.get_auto_gain_control().is_none_or(|gain| gain == treatment.gain)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.listeners.clear();
        self.raw.stop();
        self.sent.borrow().stop();
    }
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Capture").field("raw", &self.raw).finish_non_exhaustive()
    }
}

/// A context that closes when it is dropped.
#[derive(Debug)]
pub(super) struct Closing(pub(super) AudioContext);

impl Drop for Closing {
    fn drop(&mut self) {
        if let Ok(closed) = self.0.close() {
            settle(closed);
        }
    }
}
