//! One peer connection: the media of one call.
//!
//! It turns the browser's `RTCPeerConnection` into offers and answers that are complete texts,
//! plays what the far end sends and says how the connection fares. It knows no SIP and does not
//! read the descriptions that it carries.

mod connection;
mod path;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, MediaStream, MediaStreamTrack, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcSdpType,
    RtcSessionDescription, RtcSignalingState, RtcTrackEvent,
};

use super::gathering::{Closed, Gathering};
use super::held::hold;
use super::playback::{Playback, Played};
use super::sending::{self, Sending};
use super::stats::Meter;
use super::video::Video;
use super::{clock, failure, ice, microphone, stats};
use crate::media::gathering::Found;
use crate::media::ice::IceConfig;
use crate::media::quality::Sample;
use crate::media::sdp::fragment::Candidates;
use crate::media::sdp::plan::Plan;
use crate::time::Instant;
use path::Restarts;

/// What happens on a peer connection. No event follows its closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerEvent {
    /// The far end's first audio track has arrived; its sound is played as soon as it flows.
    RemoteAudio,
    /// ICE and DTLS are up: media flows both ways. It may come again after `Disconnected`.
    Connected,
    /// The path is interrupted; it may come back by itself.
    Disconnected,
    /// The path is lost and does not come back without a new offer.
    Failed,
    /// Candidates came that the last description does not have, or it is known that there are no
    /// others.
    Candidates(Candidates),
    /// A STUN or TURN server gave something after the description was made, or it is known now that
    /// none will.
    Servers(Found),
    /// The device behind our picture is gone: unplugged, or taken away by the browser or the system.
    PictureEnded,
    /// The browser does not play sound before the person clicks or presses a key; then call
    /// [`Peer::resume_playback`].
    PlaybackBlocked,
}

/// Why a peer connection could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerError {
    /// It could not be made: no WebRTC, or servers that the browser does not take. In the
    /// browser's words.
    Unavailable(String),
    /// The browser refused a description, mostly because the far end's is faulty. In its words.
    Refused(String),
    /// Media may go through a relay only, and there is none.
    NoRelay,
    /// It has been closed, before or meanwhile.
    Closed,
}

/// The media of one call. Dropping it closes it.
#[derive(Debug)]
pub struct Peer {
    pub(super) inner: Rc<Inner>,
    _on_candidate: Closure<dyn Fn(RtcPeerConnectionIceEvent)>,
    _on_gathering: Closure<dyn Fn(Event)>,
    _on_track: Closure<dyn Fn(RtcTrackEvent)>,
    _on_state: Closure<dyn Fn(Event)>,
}

pub(super) struct Inner {
    pub(super) connection: RtcPeerConnection,
    playback: Playback,
    pub(super) video: Video,
    gathering: Gathering,
    ice: RefCell<IceConfig>,
    born: Cell<Instant>,
    /// The last description has been handed out.
    described: Cell<bool>,
    restarts: Restarts,
    pub(super) sending: Sending,
    /// The provisional answer that was applied as the final one; empty where there is none.
    early: RefCell<String>,
    /// What has to be done before the next description is begun.
    before: RefCell<Option<Promise>>,
    meter: RefCell<Option<Meter>>,
    pub(super) closed: Cell<bool>,
    on_event: Box<dyn Fn(PeerEvent)>,
}

impl Peer {
    /// Makes a connection that does nothing yet. Events arrive later, never during a call of a
    /// method; `on_event` may close or drop the peer.
    ///
    /// # Errors
    /// [`PeerError::Unavailable`].
    pub fn new(ice: &IceConfig, on_event: impl Fn(PeerEvent) + 'static) -> Result<Self, PeerError> {
        let unavailable = |error: JsValue| PeerError::Unavailable(failure::describe(&error));
        let playback = Playback::new().map_err(unavailable)?;
        let stream = MediaStream::new().map_err(unavailable)?;
        let video = Video::new(&stream).map_err(unavailable)?;
        let connection =
            RtcPeerConnection::new_with_configuration(&ice::to_js(ice)).map_err(unavailable)?;
        hold(&connection);
        let inner = Rc::new(Inner {
            connection,
            playback,
            video,
            gathering: Gathering::default(),
            ice: RefCell::new(ice.clone()),
            born: Cell::new(clock::now()),
            described: Cell::new(false),
            restarts: Restarts::default(),
            sending: Sending::new(stream),
            early: RefCell::default(),
            before: RefCell::default(),
            meter: RefCell::default(),
            closed: Cell::new(false),
            on_event: Box::new(on_event),
        });

        let on_candidate =
            handler(&inner, |inner, event: RtcPeerConnectionIceEvent| match event.candidate() {
                Some(candidate) => inner.handle_candidate(&candidate),
                None => inner.handle_complete(),
            });
        let on_gathering = handler(&inner, |inner, _: Event| inner.look_for_end_of_gathering());
        let on_track = handler(&inner, |inner, event: RtcTrackEvent| {
            inner.handle_track(&event.track());
        });
        let on_state = handler(&inner, |inner, _: Event| inner.handle_state());
        let connection = &inner.connection;
        connection.set_onicecandidate(Some(on_candidate.as_ref().unchecked_ref()));
        connection.set_onicegatheringstatechange(Some(on_gathering.as_ref().unchecked_ref()));
        connection.set_ontrack(Some(on_track.as_ref().unchecked_ref()));
        connection.set_onconnectionstatechange(Some(on_state.as_ref().unchecked_ref()));
        Ok(Self {
            inner,
            _on_candidate: on_candidate,
            _on_gathering: on_gathering,
            _on_track: on_track,
            _on_state: on_state,
        })
    }

    /// Takes the far end's offer, or makes one: as far as it goes without a microphone.
    ///
    /// # Errors
    /// Those of [`Self::take_offer`] and [`Self::begin_offer`].
    pub async fn start(&self, offer: Option<&str>) -> Result<(), PeerError> {
        let before = self.inner.before.take();
        if let Some(before) = before {
            let _ = JsFuture::from(before).await;
        }
        match offer {
            Some(offer) => self.take_offer(offer).await,
            None => self.begin_offer().await,
        }
    }

    /// Makes an offer the local description and gathers the candidates that matter. The microphone may
    /// be given before or after.
    ///
    /// # Errors
    /// [`PeerError::Refused`], [`PeerError::NoRelay`] and [`PeerError::Closed`].
    pub async fn begin_offer(&self) -> Result<(), PeerError> {
        let inner = &*self.inner;
        inner.check_open()?;
        inner.arrange_voice();
        inner.arrange_pictures(true);
        let offer = inner.create_offer().await?;
        inner.describe_locally(Some(offer)).await
    }

    /// Takes the far end's offer, which [`Self::begin_answer`] answers. Nothing is sent yet.
    ///
    /// # Errors
    /// [`PeerError::Refused`], for an offer that the browser does not understand, [`PeerError::NoRelay`]
    /// and [`PeerError::Closed`].
    pub async fn take_offer(&self, offer: &str) -> Result<(), PeerError> {
        let inner = &*self.inner;
        inner.check_open()?;
        // One that was taken and not answered would be in the way of ours.
        inner.check_relay()?;
        inner.note_restart(offer);
        inner.describe_remotely(RtcSdpType::Offer, offer).await
    }

    /// Makes an answer to the offer that was taken the local description and gathers the candidates that
    /// matter. The microphone may be given before or after; but from here on the browser tries to reach
    /// the far end, which has to do with this connection alone then.
    ///
    /// # Errors
    /// [`PeerError::Refused`], [`PeerError::NoRelay`] and [`PeerError::Closed`].
    pub async fn begin_answer(&self) -> Result<(), PeerError> {
        let inner = &*self.inner;
        inner.check_open()?;
        inner.arrange_voice();
        inner.arrange_pictures(false);
        inner.describe_locally(None).await
    }

    /// The description that was begun, with the candidates that there are by now, ready to be sent.
    /// Those that come later are [`PeerEvent::Candidates`].
    ///
    /// # Errors
    /// [`PeerError::Closed`].
    pub fn description(&self) -> Result<String, PeerError> {
        self.inner.hand_out()
    }

    /// Applies the far end's answer to our offer. A provisional one (early media) may be followed
    /// by others; the final one settles it.
    ///
    /// # Errors
    /// [`PeerError::Refused`], for an answer that does not fit the offer, and
    /// [`PeerError::Closed`].
    pub async fn apply_answer(&self, answer: &str, provisional: bool) -> Result<(), PeerError> {
        let inner = &*self.inner;
        if !provisional {
            return inner.settle_answer(answer).await;
        }
        match inner.describe_remotely(RtcSdpType::Pranswer, answer).await {
            Err(PeerError::Refused(words)) if words.starts_with("NotSupportedError") => {
                inner.answer_early(answer).await
            }
            applied => applied,
        }
    }

    /// Has the next offer ask for what is planned. Whoever is on hold does not hear our microphone,
    /// whatever the direction says. Another path is asked for until the far end has agreed to that.
    pub fn follow(&self, plan: Plan) {
        if plan.another_path {
            self.inner.restarts.ask();
        }
        self.inner.sending.turn(&self.inner.connection, plan);
        self.inner.open_picture();
    }

    /// Takes back the direction of an offer that was not accepted.
    pub fn restore_direction(&self) {
        self.inner.sending.turn_back(&self.inner.connection);
        self.inner.open_picture();
    }

    /// Takes back an offer of ours that is not answered, in the direction that was restored before.
    ///
    /// # Errors
    /// [`PeerError::Refused`] and [`PeerError::Closed`].
    pub async fn rollback(&self) -> Result<(), PeerError> {
        let inner = &*self.inner;
        if inner.connection.signaling_state() == RtcSignalingState::HaveLocalOffer {
            inner.roll_back().await?;
            inner.video.withdraw(&inner.connection);
            inner.arrange_pictures(false);
            // Chromium plays no more what an offer to hold does not want to hear, and begins again
            // only when another offer wants it.
            let offer = inner.create_offer().await?;
            inner.settle(inner.connection.set_local_description(offer.unchecked_ref())).await?;
            inner.roll_back().await?;
        }
        Ok(())
    }

    /// Sends silence instead of the microphone, or the microphone again.
    pub fn set_muted(&self, muted: bool) {
        self.inner.sending.set_muted(muted);
    }

    /// Gives the microphone and the speaker to this connection, or takes them from it.
    pub fn set_heard(&self, heard: bool) {
        self.inner.playback.set_muted(!heard);
        self.inner.sending.set_heard(heard);
        self.inner.open_picture();
    }

    /// Plays the far end on the device of this id, or on the system's own where it is empty.
    pub fn set_speaker(&self, id: &str) {
        self.inner.playback.set_device(id);
    }

    /// Sends keys as telephone events (RFC 4733): `0` to `9`, `*`, `#`, `A` to `D`, and `,` for a
    /// pause of two seconds. Returns `false` where the far end has not agreed to them.
    pub fn send_keys(&self, keys: &str) -> bool {
        sending::keys(&self.inner.connection, keys)
    }

    /// Sends `track` in the place of the microphone, or the microphone again.
    pub fn send_instead(&self, track: Option<&MediaStreamTrack>) {
        if !self.inner.closed.get() {
            self.inner.sending.send_instead(&self.inner.connection, track);
        }
    }

    /// Sends this microphone, in the place of the one that was given before, without a gap and without
    /// a new description; it is muted where that one was. The stream is the peer's from here on:
    /// closing stops it, and if the peer is closed already, it is stopped at once.
    pub async fn give_microphone(&self, microphone: &MediaStream) {
        if self.inner.closed.get() {
            microphone::stop(microphone);
        } else {
            self.inner.sending.give(&self.inner.connection, microphone).await;
        }
    }

    /// The microphone that this connection was given.
    pub fn microphone(&self) -> Option<MediaStreamTrack> {
        self.inner.sending.microphone()
    }

    /// The sound of the far end.
    pub fn far_sound(&self) -> Option<MediaStream> {
        self.inner.playback.stream()
    }

    /// What the browser measures now. `None` once it is closed.
    pub async fn sample(&self) -> Option<Sample> {
        let track = self.microphone();
        let mut sample = stats::sample(&self.inner.connection, track.as_ref()).await?;
        if let (Some(microphone), Some(track)) = (&mut sample.microphone, &track)
            && microphone.energy.is_none()
            && !self.inner.closed.get()
        {
            microphone.energy = Meter::read(&self.inner.meter, track);
        }
        Some(sample)
    }

    /// The descriptions on which both ends have agreed: ours, and that of the far end.
    pub fn descriptions(&self) -> Option<(String, String)> {
        let connection = &self.inner.connection;
        let sdp = |description: Option<RtcSessionDescription>| Some(description?.sdp());
        sdp(connection.current_local_description())
            .zip(sdp(connection.current_remote_description()))
    }

    /// The tracks of that sound.
    pub fn far_tracks(&self) -> Vec<MediaStreamTrack> {
        self.far_sound().iter().flat_map(microphone::audio_tracks).collect()
    }

    /// Whether there is sound of the far end that is not played.
    pub fn is_stopped(&self) -> bool {
        self.inner.playback.is_stopped()
    }

    /// Plays the far end's sound after [`PeerEvent::PlaybackBlocked`]; to be called from the
    /// handler of a click or key. Returns whether the sound is on.
    pub async fn resume_playback(&self) -> bool {
        self.inner.playback.play().await == Played::Yes
    }

    /// Ends the media, stops the microphone that was given to this peer and fails whatever still
    /// waits with [`PeerError::Closed`]. Doing it twice does no harm.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.inner.close();
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("connection", &self.connection)
            .field("ice", &self.ice)
            .field("sending", &self.sending)
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

impl From<Closed> for PeerError {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

pub(super) fn report(inner: &Weak<Inner>, event: PeerEvent) {
    if let Some(inner) = inner.upgrade()
        && !inner.closed.get()
    {
        (inner.on_event)(event);
    }
}

/// A callback for the browser that does not keep the connection alive.
fn handler<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
    inner: &Rc<Inner>,
    handle: impl Fn(&Rc<Inner>, E) + 'static,
) -> Closure<dyn Fn(E)> {
    let inner = Rc::downgrade(inner);
    Closure::new(move |event| {
        if let Some(inner) = inner.upgrade()
            && !inner.closed.get()
        {
            handle(&inner, event);
        }
    })
}
