//! What a peer connection does behind its methods: it hands out and takes in descriptions, one step
//! after the other, and follows the browser's events.

use std::rc::Rc;
use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    MediaStreamTrack, RtcIceCandidate, RtcIceConnectionState, RtcIceGatheringState,
    RtcOfferOptions, RtcPeerConnectionState, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState,
};

use super::{Inner, PeerError, PeerEvent, report};
use crate::media::candidates;
use crate::media::gathering::{CandidateWait, Found};
use crate::media::sdp::fragment::Candidates;
use crate::platform::playback::Played;
use crate::platform::transceivers::AUDIO;
use crate::platform::{clock, failure, ice};

#[wasm_bindgen]
extern "C" {
    /// A connection, for the form of this method that web-sys leaves out.
    type Answering;
    /// Makes the local description by itself (WebRTC §4.4.1.5).
    #[wasm_bindgen(method, js_name = setLocalDescription)]
    fn set_local_description(this: &Answering) -> Promise;
}

impl Inner {
    pub(super) fn close(&self) {
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
        self.meter.take();
        self.playback.clear();
        self.video.stop();
        self.gathering.close();
    }

    pub(super) fn check_open(&self) -> Result<(), PeerError> {
        // Adding to a connection that is closed would throw.
        let closed =
            self.closed.get() || self.connection.signaling_state() == RtcSignalingState::Closed;
        if closed { Err(PeerError::Closed) } else { Ok(()) }
    }

    pub(super) fn check_relay(&self) -> Result<(), PeerError> {
        let ice = self.ice.borrow();
        if ice.relay_only && !ice.has_relay() { Err(PeerError::NoRelay) } else { Ok(()) }
    }

    /// Makes the next description speak of our voice, which may be given later.
    pub(super) fn arrange_voice(&self) {
        if self.connection.local_description().is_none() {
            self.sending.arrange(&self.connection);
        }
    }

    /// Each offer looks for another path until one has come to be: Firefox takes none of the far end
    /// after an offer of ours that did not.
    pub(super) async fn create_offer(&self) -> Result<JsValue, PeerError> {
        let options = RtcOfferOptions::new();
        options.set_ice_restart(self.restarts.offer());
        self.settle(self.connection.create_offer_with_rtc_offer_options(&options)).await
    }

    /// Makes this offer the local description, or an answer to the far end's, and waits for its candidates.
    pub(super) async fn describe_locally(&self, offer: Option<JsValue>) -> Result<(), PeerError> {
        self.check_relay()?;
        let ice = self.ice.borrow().clone();
        let is_first = self.connection.local_description().is_none();
        let spent = clock::now().since(self.born.get());
        self.described.set(false);
        let (restarts, asked) = (self.restarts.are_due(), self.restarts.asked());
        let wait = match (is_first, restarts) {
            (true, _) => CandidateWait::new(ice.wanted(), spent),
            (false, true) => CandidateWait::new(ice.wanted(), Duration::ZERO),
            (false, false) => CandidateWait::again(self.gathering.found().0),
        };
        self.gathering.begin(if offer.is_some() { wait } else { wait.of_answer() });
        match offer {
            Some(offer) => {
                let set = self.connection.set_local_description(offer.unchecked_ref());
                self.settle(set).await?;
            }
            // Without an offer the browser would make one.
            None if self.connection.signaling_state() != RtcSignalingState::HaveRemoteOffer => {
                return Err(PeerError::Refused(String::new()));
            }
            None => {
                // In one step: an answer that passed through here would wait for its turn between what is
                // shown.
                let connection: &Answering = self.connection.unchecked_ref();
                self.settle(connection.set_local_description()).await?;
                self.restarts.agree(asked);
            }
        }
        // A description that follows another one on the same path gathers nothing new. Where it looks
        // for another path, the browser says only later that it gathers.
        if !restarts {
            self.look_for_end_of_gathering();
        }
        self.gathering.ready().await?;
        if self.gathering.found().1 { Err(PeerError::NoRelay) } else { Ok(()) }
    }

    /// The local description as it is now. What comes later is told.
    pub(super) fn hand_out(&self) -> Result<String, PeerError> {
        self.check_open()?;
        let description = self.connection.local_description().ok_or(PeerError::Closed)?;
        self.described.set(true);
        let sdp = description.sdp();
        Ok(if self.ice.borrow().relay_only { candidates::relays_only(&sdp) } else { sdp })
    }

    /// For Firefox, which has no provisional answers: the first one settles the offer, so that it is
    /// heard. Those of other telephones that ring do not fit it and are left out.
    pub(super) async fn answer_early(&self, answer: &str) -> Result<(), PeerError> {
        if self.connection.signaling_state() == RtcSignalingState::HaveLocalOffer {
            self.describe_remotely(RtcSdpType::Answer, answer).await?;
            self.early.replace(answer.to_owned());
        }
        Ok(())
    }

    /// The final answer. One that came early was taken for it already; where this is another, the
    /// same offer is made once more for it, here only.
    pub(super) async fn settle_answer(&self, answer: &str) -> Result<(), PeerError> {
        let early = self.early.take();
        if early == answer {
            return Ok(());
        }
        if !early.is_empty() {
            let offer = self.create_offer().await?;
            self.settle(self.connection.set_local_description(offer.unchecked_ref())).await?;
        }
        self.describe_remotely(RtcSdpType::Answer, answer).await
    }

    pub(super) async fn describe_remotely(
        &self,
        kind: RtcSdpType,
        sdp: &str,
    ) -> Result<(), PeerError> {
        let offered = self.restarts.offered();
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        self.settle(self.connection.set_remote_description(&description)).await?;
        if kind == RtcSdpType::Answer {
            self.restarts.agree(offered);
            self.video.answered();
        }
        Ok(())
    }

    pub(super) async fn roll_back(&self) -> Result<(), PeerError> {
        let back = RtcSessionDescriptionInit::new(RtcSdpType::Rollback);
        self.settle(self.connection.set_local_description(&back)).await?;
        Ok(())
    }

    pub(super) async fn settle(&self, promise: impl Into<Promise>) -> Result<JsValue, PeerError> {
        self.gathering
            .settle(promise.into())
            .await?
            .map_err(|error| PeerError::Refused(failure::describe(&error)))
    }

    pub(super) fn look_for_end_of_gathering(&self) {
        if self.connection.ice_gathering_state() == RtcIceGatheringState::Complete {
            self.handle_complete();
        }
    }

    pub(super) fn handle_candidate(&self, candidate: &RtcIceCandidate) {
        let (before, _) = self.gathering.found();
        self.gathering.handle_candidate(&candidate.candidate());
        if !self.described.get() {
            return;
        }
        let (found, _) = self.gathering.found();
        if found != before {
            (self.on_event)(PeerEvent::Servers(found));
        }
        let relay_only = self.ice.borrow().relay_only;
        if let Some(late) = ice::late(candidate, relay_only) {
            (self.on_event)(PeerEvent::Candidates(late));
        }
    }

    /// The browser says so twice.
    pub(super) fn handle_complete(&self) {
        let (before, _) = self.gathering.found();
        self.gathering.handle_complete();
        if self.described.get() && !before.complete {
            // Chromium stops as soon as it has a path, which says nothing of the servers.
            if !matches!(
                self.connection.ice_connection_state(),
                RtcIceConnectionState::Connected | RtcIceConnectionState::Completed
            ) {
                (self.on_event)(PeerEvent::Servers(Found { complete: true, ..before }));
            }
            let end = Candidates { complete: true, ..Candidates::default() };
            (self.on_event)(PeerEvent::Candidates(end));
        }
    }

    pub(super) fn handle_track(self: &Rc<Self>, track: &MediaStreamTrack) {
        if track.kind() != AUDIO {
            self.video.handle_track(track);
            return;
        }
        let is_first = self.playback.add(track);
        self.play();
        if is_first {
            (self.on_event)(PeerEvent::RemoteAudio);
        }
    }

    /// Plays what there is, and tells where the browser does not let it.
    pub(super) fn play(self: &Rc<Self>) {
        let inner = Rc::downgrade(self);
        let playback = self.playback.clone();
        spawn_local(async move {
            if playback.play().await == Played::Blocked {
                report(&inner, PeerEvent::PlaybackBlocked);
            }
        });
    }

    pub(super) fn handle_state(&self) {
        let event = match self.connection.connection_state() {
            RtcPeerConnectionState::Connected => PeerEvent::Connected,
            RtcPeerConnectionState::Disconnected => PeerEvent::Disconnected,
            RtcPeerConnectionState::Failed => PeerEvent::Failed,
            _ => return,
        };
        (self.on_event)(event);
    }
}
