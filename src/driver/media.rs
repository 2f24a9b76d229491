//! The media of each call: carries out what the user agent asks of the browser's media engine.

use super::Driver;
use super::muted::Muted;
use crate::phone::{Notice, Phone};
use crate::platform::{IceConfig, MicrophoneError, Mixer, Peer, PeerError, PeerEvent, microphone};
use crate::sip::Input;
use crate::sip::ua::{CallId, MediaFailure, MediaReply, MediaRequest};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The peer connections of the calls that have one, and what joins them.
#[derive(Default)]
pub(super) struct Media {
    peers: Vec<(CallId, Rc<Peer>)>,
    mixer: Option<Mixer>,
    muted: Option<Muted>,
}

impl Media {
    /// The connection of a call.
    pub(super) fn peer(&self, call: CallId) -> Option<Rc<Peer>> {
        self.peers.iter().find(|(id, _)| *id == call).map(|(_, peer)| peer.clone())
    }

    /// Gives the microphone and the speaker to the calls that have them, and has the members of a
    /// conference hear each other.
    pub(super) fn give_sound(&mut self, driver: &Driver, phone: &Phone) {
        for (call, peer) in &self.peers {
            peer.set_heard(phone.is_heard(*call));
            peer.set_muted(phone.get(*call).is_some_and(|call| call.muted));
        }
        self.mix(phone);
        self.muted = Muted::follow(self.muted.take(), driver, phone, &self.peers);
    }

    fn mix(&mut self, phone: &Phone) {
        let members = self.peers.iter().filter(|(call, _)| phone.is_mixed(*call));
        let members: Vec<_> = members.map(|(_, peer)| peer.clone()).collect();
        if members.len() < 2 {
            self.mixer = None;
        } else if !self.mixer.as_ref().is_some_and(|mixer| mixer.is_of(&members)) {
            // The old one gives the microphones back before the new one takes them.
            self.mixer = None;
            self.mixer = Mixer::new(&members);
        }
    }

    /// How loud it is before the muted microphone that is listened to.
    pub(super) fn muted(&mut self) -> Option<&mut Muted> {
        self.muted.as_mut()
    }

    /// Starts what is asked for. The outcome comes back as an input of `driver`.
    pub(super) fn handle(&mut self, driver: &Driver, request: MediaRequest) {
        match request {
            MediaRequest::CreateOffer(call) => self.describe(driver, call, None),
            MediaRequest::CreateAnswer(call, offer) => self.describe(driver, call, Some(offer)),
            MediaRequest::Reoffer(call, direction) => {
                if let Some(peer) = self.peer(call) {
                    peer.set_direction(direction);
                    self.describe(driver, call, None);
                }
            }
            MediaRequest::Rollback(call) => {
                let Some(peer) = self.peer(call) else { return };
                // At once, as the next offer may be asked for in the same breath.
                peer.restore_direction();
                let driver = driver.clone();
                spawn_local(async move {
                    if let Err(PeerError::Refused(_) | PeerError::Unavailable(_)) =
                        peer.rollback().await
                    {
                        driver.media_failed(call, MediaFailure::Incompatible);
                    }
                });
            }
            MediaRequest::ApplyAnswer { call, sdp, provisional } => {
                let Some(peer) = self.peer(call) else { return };
                let driver = driver.clone();
                spawn_local(async move {
                    if let Err(PeerError::Refused(_) | PeerError::Unavailable(_)) =
                        peer.apply_answer(&sdp, provisional).await
                        && driver.has_peer(call, &peer)
                    {
                        driver.media_failed(call, MediaFailure::Incompatible);
                    }
                });
            }
            MediaRequest::Close(call) => {
                self.peers.retain(|(id, peer)| {
                    if *id == call {
                        peer.close();
                    }
                    *id != call
                });
            }
        }
    }

    /// Makes an offer, or an answer to `offer`, in the call's connection, which is made where
    /// there is none yet.
    fn describe(&mut self, driver: &Driver, call: CallId, offer: Option<String>) {
        let known = self.peer(call);
        let Ok(peer) = known.clone().map_or_else(|| new_peer(driver, call), Ok) else {
            let driver = driver.clone();
            spawn_local(async move { driver.media_failed(call, MediaFailure::Incompatible) });
            return;
        };
        if known.is_none() {
            self.peers.push((call, peer.clone()));
        }
        let driver = driver.clone();
        spawn_local(async move {
            let described = describe(&peer, known.is_none(), offer.as_deref()).await;
            if !driver.has_peer(call, &peer) {
                // The call is over, and its name may be another call's by now.
                peer.close();
                return;
            }
            match described {
                Ok(sdp) => {
                    let reply = match offer {
                        Some(_) => MediaReply::Answer(call, sdp),
                        None => MediaReply::Offer(call, sdp),
                    };
                    driver.input(Input::Media(reply));
                }
                // The call ended meanwhile.
                Err(None) => {}
                Err(Some(failure)) => driver.media_failed(call, failure),
            }
        });
    }
}

impl Driver {
    /// Whether this is the connection of that call, of the account that is signed in now.
    fn has_peer(&self, call: CallId, peer: &Rc<Peer>) -> bool {
        let inner = self.0.borrow();
        let own = inner.session.as_ref().and_then(|session| session.media.peer(call));
        own.is_some_and(|own| Rc::ptr_eq(&own, peer))
    }

    fn media_failed(&self, call: CallId, failure: MediaFailure) {
        self.input(Input::Media(MediaReply::Failed(call, failure)));
    }
}

/// The session description for a call whose microphone is opened first, if it is `fresh`.
async fn describe(
    peer: &Peer,
    fresh: bool,
    offer: Option<&str>,
) -> Result<String, Option<MediaFailure>> {
    let stream = if fresh { Some(microphone::open().await.map_err(failure)?) } else { None };
    let described = match offer {
        Some(offer) => peer.create_answer(offer, stream.as_ref()).await,
        None => peer.create_offer(stream.as_ref()).await,
    };
    described.map_err(|error| match error {
        PeerError::Closed => None,
        PeerError::Refused(_) | PeerError::Unavailable(_) => Some(MediaFailure::Incompatible),
    })
}

fn new_peer(driver: &Driver, call: CallId) -> Result<Rc<Peer>, PeerError> {
    let driver = driver.clone();
    let peer = Peer::new(&IceConfig::default(), move |event| match event {
        PeerEvent::PlaybackBlocked => driver.update(|phone| phone.set_sound_blocked(call, true)),
        PeerEvent::Failed => driver.update(|phone| phone.notify(Notice::SoundLost)),
        PeerEvent::RemoteAudio | PeerEvent::Connected | PeerEvent::Disconnected => {}
    })?;
    Ok(Rc::new(peer))
}

fn failure(error: MicrophoneError) -> Option<MediaFailure> {
    Some(match error {
        MicrophoneError::Refused => MediaFailure::MicrophoneRefused,
        MicrophoneError::NotFound => MediaFailure::MicrophoneNotFound,
        MicrophoneError::InUse => MediaFailure::MicrophoneInUse,
        MicrophoneError::Unavailable(_) => MediaFailure::MicrophoneBroken,
        MicrophoneError::InsecurePage => MediaFailure::PageNotSecure,
    })
}
