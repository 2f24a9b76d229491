//! One peer connection: the media of one call.
//!
//! It turns the browser's `RTCPeerConnection` into offers and answers that are complete texts,
//! plays what the far end sends and says how the connection fares. It knows no SIP and does not
//! read the descriptions that it carries.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Event, MediaStream, MediaStreamTrack, RtcIceGatheringState, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit, RtcSignalingState, RtcTrackEvent,
};

use super::gathering::{Closed, Gathering};
use super::ice::IceConfig;
use super::playback::{Playback, Played};
use super::sending::{self, Sending};
use super::{failure, microphone};
use crate::phone::candidates::Wanted;
use crate::sdp::Direction;

/// What happens on a peer connection. No event follows its closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerEvent {
    /// The far end's first audio track has arrived; its sound is played as soon as it flows.
    RemoteAudio,
    /// ICE and DTLS are up: media flows both ways. It may come again after `Disconnected`.
    Connected,
    /// The path is interrupted; it may come back by itself.
    Disconnected,
    /// The path is lost and does not come back without a new offer.
    Failed,
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
    /// It has been closed, before or meanwhile.
    Closed,
}

/// The media of one call. Dropping it closes it.
#[derive(Debug)]
pub struct Peer {
    inner: Rc<Inner>,
    _on_candidate: Closure<dyn Fn(RtcPeerConnectionIceEvent)>,
    _on_gathering: Closure<dyn Fn(Event)>,
    _on_track: Closure<dyn Fn(RtcTrackEvent)>,
    _on_state: Closure<dyn Fn(Event)>,
}

struct Inner {
    connection: RtcPeerConnection,
    playback: Playback,
    gathering: Gathering,
    wanted: Wanted,
    sending: Sending,
    closed: Cell<bool>,
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
        let connection =
            RtcPeerConnection::new_with_configuration(&ice.to_js()).map_err(unavailable)?;
        let inner = Rc::new(Inner {
            connection,
            playback,
            gathering: Gathering::default(),
            wanted: ice.wanted(),
            sending: Sending::default(),
            closed: Cell::new(false),
            on_event: Box::new(on_event),
        });

        let on_candidate =
            handler(&inner, |inner, event: RtcPeerConnectionIceEvent| match event.candidate() {
                Some(candidate) => inner.gathering.handle_candidate(&candidate.candidate()),
                None => inner.gathering.handle_complete(),
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

    /// An offer with the candidates that matter, ready to be sent. Without a microphone it asks
    /// to hear only.
    ///
    /// `microphone` is the peer's from here on: closing stops it, and if the peer is closed
    /// already, it is stopped at once.
    ///
    /// # Errors
    /// [`PeerError::Refused`] and [`PeerError::Closed`].
    pub async fn create_offer(
        &self,
        microphone: Option<&MediaStream>,
    ) -> Result<String, PeerError> {
        let inner = &*self.inner;
        inner.adopt(microphone)?;
        if inner.connection.get_transceivers().length() == 0 {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Recvonly);
            inner.connection.add_transceiver_with_str_and_init("audio", &init);
        }
        let offer = inner.settle(inner.connection.create_offer()).await?;
        inner.describe_locally(offer).await
    }

    /// An answer to `offer` with the candidates that matter, ready to be sent. Without a
    /// microphone it agrees to hear only.
    ///
    /// `microphone` is the peer's from here on, as in [`Self::create_offer`].
    ///
    /// # Errors
    /// [`PeerError::Refused`], for an offer that the browser does not understand, and
    /// [`PeerError::Closed`].
    pub async fn create_answer(
        &self,
        offer: &str,
        microphone: Option<&MediaStream>,
    ) -> Result<String, PeerError> {
        let inner = &*self.inner;
        inner.adopt(microphone)?;
        inner.describe_remotely(RtcSdpType::Offer, offer).await?;
        let answer = inner.settle(inner.connection.create_answer()).await?;
        inner.describe_locally(answer).await
    }

    /// Applies the far end's answer to our offer. A provisional one (early media) may be followed
    /// by others; the final one settles it.
    ///
    /// # Errors
    /// [`PeerError::Refused`], for an answer that does not fit the offer, and
    /// [`PeerError::Closed`].
    pub async fn apply_answer(&self, answer: &str, provisional: bool) -> Result<(), PeerError> {
        let kind = if provisional { RtcSdpType::Pranswer } else { RtcSdpType::Answer };
        self.inner.describe_remotely(kind, answer).await
    }

    /// Has the next offer ask for audio in this direction. Whoever is on hold does not hear our
    /// microphone, whatever the direction says.
    pub fn set_direction(&self, direction: Direction) {
        self.inner.sending.turn(&self.inner.connection, direction);
    }

    /// Takes back the direction of an offer that was not accepted.
    pub fn restore_direction(&self) {
        self.inner.sending.turn_back(&self.inner.connection);
    }

    /// Takes back an offer of ours that is not answered, in the direction that was restored before.
    ///
    /// # Errors
    /// [`PeerError::Refused`] and [`PeerError::Closed`].
    pub async fn rollback(&self) -> Result<(), PeerError> {
        let inner = &*self.inner;
        if inner.connection.signaling_state() == RtcSignalingState::HaveLocalOffer {
            inner.roll_back().await?;
            // Chromium plays no more what an offer to hold does not want to hear, and begins again
            // only when another offer wants it.
            let offer = inner.settle(inner.connection.create_offer()).await?;
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
    }

    /// Sends keys as telephone events (RFC 4733): `0` to `9`, `*`, `#`, `A` to `D`, and `,` for a
    /// pause of two seconds. Returns `false` where the far end has not agreed to them.
    pub fn send_keys(&self, keys: &str) -> bool {
        sending::keys(&self.inner.connection, keys)
    }

    /// Sends `track` in the place of the microphone, or the microphone again.
    pub fn send_instead(&self, track: Option<&MediaStreamTrack>) {
        if !self.inner.closed.get() {
            let microphone = self.microphone();
            sending::replace(&self.inner.connection, track.or(microphone.as_ref()));
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

impl Inner {
    fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        let connection = &self.connection;
        connection.set_onicecandidate(None);
        connection.set_onicegatheringstatechange(None);
        connection.set_ontrack(None);
        connection.set_onconnectionstatechange(None);
        connection.close();
        self.sending.stop();
        self.playback.clear();
        self.gathering.close();
    }

    /// Adds the tracks of `microphone` that are not being sent yet.
    fn adopt(&self, microphone: Option<&MediaStream>) -> Result<(), PeerError> {
        // Adding a track to a connection that is closed would throw.
        let closed =
            self.closed.get() || self.connection.signaling_state() == RtcSignalingState::Closed;
        if closed {
            microphone.map(microphone::stop);
            return Err(PeerError::Closed);
        }
        if let Some(stream) = microphone {
            self.sending.add(&self.connection, stream);
        }
        Ok(())
    }

    /// Makes `description` the local one and waits for its candidates.
    async fn describe_locally(&self, description: JsValue) -> Result<String, PeerError> {
        self.gathering.begin(self.wanted);
        let description: RtcSessionDescriptionInit = description.unchecked_into();
        self.settle(self.connection.set_local_description(&description)).await?;
        // A description that follows another one on the same path gathers nothing new.
        self.look_for_end_of_gathering();
        self.gathering.ready().await?;
        self.connection
            .local_description()
            .map(|description| description.sdp())
            .ok_or(PeerError::Closed)
    }

    async fn describe_remotely(&self, kind: RtcSdpType, sdp: &str) -> Result<(), PeerError> {
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        self.settle(self.connection.set_remote_description(&description)).await?;
        Ok(())
    }

    async fn roll_back(&self) -> Result<(), PeerError> {
        let back = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
        self.settle(self.connection.set_local_description(&back)).await?;
        Ok(())
    }

    async fn settle(&self, promise: impl Into<Promise>) -> Result<JsValue, PeerError> {
        self.gathering
            .settle(promise.into())
            .await?
            .map_err(|error| PeerError::Refused(failure::describe(&error)))
    }

    fn look_for_end_of_gathering(&self) {
        if self.connection.ice_gathering_state() == RtcIceGatheringState::Complete {
            self.gathering.handle_complete();
        }
    }

    fn handle_track(self: &Rc<Self>, track: &MediaStreamTrack) {
        if track.kind() != "audio" {
            return;
        }
        let is_first = self.playback.add(track);
        let inner = Rc::downgrade(self);
        let playback = self.playback.clone();
        spawn_local(async move {
            if playback.play().await == Played::Blocked {
                report(&inner, PeerEvent::PlaybackBlocked);
            }
        });
        if is_first {
            (self.on_event)(PeerEvent::RemoteAudio);
        }
    }

    fn handle_state(&self) {
        let event = match self.connection.connection_state() {
            RtcPeerConnectionState::Connected => PeerEvent::Connected,
            RtcPeerConnectionState::Disconnected => PeerEvent::Disconnected,
            RtcPeerConnectionState::Failed => PeerEvent::Failed,
            _ => return,
        };
        (self.on_event)(event);
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inner")
            .field("connection", &self.connection)
            .field("wanted", &self.wanted)
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

fn report(inner: &Weak<Inner>, event: PeerEvent) {
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
