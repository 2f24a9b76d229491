//! The media of each call: carries out what the user agent asks of the browser's media engine.

use super::Driver;
use super::ice::{Pending, Servers};
use super::muted::Muted;
use super::spare::{Begun, Spare};
use super::video::{Wishes, wish};
use super::watch::Watch;
use crate::media::devices::Kind;
use crate::media::ice::IceConfig;
use crate::phone::Phone;
use crate::phone::video::Wish;
use crate::platform::{Mixer, Peer, PeerError, PeerEvent};
use crate::portal::IceProvision;
use crate::sip::ua::{CallId, MediaFailure, MediaReply, MediaRequest};
use crate::station::{Input, MediaEvent};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::{MediaStream, MediaStreamTrack};

/// The peer connections of the calls that have one, and what joins them.
#[derive(Default)]
pub(super) struct Media {
    peers: Vec<(CallId, Rc<Peer>)>,
    mixer: Option<Mixer>,
    muted: Option<Muted>,
    watch: Option<Watch>,
    servers: Servers,
    spare: Option<Spare>,
    pub(super) wishes: Wishes,
}

impl Media {
    /// No calls yet, with the servers that the page names.
    pub(super) fn new(driver: &Driver, provision: &IceProvision, relay_only: bool) -> Self {
        Self { servers: Servers::new(driver, provision, relay_only), ..Self::default() }
    }

    /// The STUN and TURN servers.
    pub(super) fn servers(&mut self) -> &mut Servers {
        &mut self.servers
    }

    /// The connection of a call.
    pub(super) fn peer(&self, call: CallId) -> Option<Rc<Peer>> {
        self.peers.iter().find(|(id, _)| *id == call).map(|(_, peer)| peer.clone())
    }

    /// Follows the telephone: gives the microphone and the speaker to the calls that have them, and
    /// has the members of a conference hear each other. Who is recorded hears `beep`.
    pub(super) fn follow(&mut self, driver: &Driver, phone: &Phone, beep: Option<MediaStream>) {
        for (call, peer) in &self.peers {
            peer.set_speaker(phone.device(Kind::Speaker));
            peer.set_heard(phone.is_heard(*call));
            peer.set_muted(phone.get(*call).is_some_and(|call| call.muted));
        }
        self.spare = self.spare.take().filter(|spare| !spare.is_answer() || phone.may_answer());
        self.mix(phone, beep);
        self.show_pictures(driver, phone);
        self.watch = Watch::follow(self.watch.take(), driver, phone);
        self.muted = Muted::follow(self.muted.take(), driver, phone, &self.peers);
    }

    fn mix(&mut self, phone: &Phone, beep: Option<MediaStream>) {
        let beep = beep.filter(|_| self.peers.iter().any(|(call, _)| phone.beeps(*call)));
        // Of a call that has just come to be, nothing can be mixed yet.
        let sounds = |peer: &Peer| peer.microphone().is_some() && peer.far_sound().is_some();
        let calls: Vec<_> = self.peers.iter().map(|(call, peer)| (*call, sounds(peer))).collect();
        let mixed = phone.mixed(&calls, beep.is_some());
        let members: Vec<_> = mixed.into_iter().filter_map(|call| self.peer(call)).collect();
        if members.is_empty() {
            self.mixer = None;
        } else if !self.mixer.as_ref().is_some_and(|mixer| mixer.is_of(&members, beep.as_ref())) {
            // The old one gives the microphones back before the new one takes them.
            self.mixer = None;
            self.mixer = Mixer::new(&members, beep);
        }
    }

    /// The calls that have a connection.
    pub(super) fn connections(&self) -> Vec<(CallId, Rc<Peer>)> {
        self.peers.clone()
    }

    /// The connections of all calls.
    pub(super) fn peers(&self) -> Vec<Rc<Peer>> {
        self.peers.iter().map(|(_, peer)| peer.clone()).collect()
    }

    /// Has what is mixed be heard again where the system has stopped it.
    pub(super) fn wake(&self) {
        if let Some(mixer) = &self.mixer {
            mixer.wake();
        }
    }

    /// The calls have another microphone now: what reads a copy of its own takes a new one.
    pub(super) fn take_new_microphone(&mut self) {
        if let Some(mixer) = &mut self.mixer {
            mixer.renew_microphones();
        }
        self.muted = None;
    }

    /// What is in a recording: our microphone as it is sent, and the far ends that are heard.
    pub(super) fn recorded(&self, phone: &Phone) -> Vec<MediaStreamTrack> {
        let recorded = |(call, _): &&(CallId, _)| phone.goes_into_recording(*call);
        let peers: Vec<_> = self.peers.iter().filter(recorded).map(|(_, peer)| peer).collect();
        let own = peers.first().and_then(|peer| peer.microphone());
        own.into_iter().chain(peers.iter().flat_map(|peer| peer.far_tracks())).collect()
    }

    /// How loud it is before the muted microphone that is listened to.
    pub(super) fn muted(&mut self) -> Option<&mut Muted> {
        self.muted.as_mut()
    }

    /// Makes a connection for a call that may come to be.
    pub(super) fn expect(&mut self, driver: &Driver, offer: Option<String>) {
        let suits = |spare: &Spare| spare.suits(offer.as_deref(), &self.servers);
        self.spare = self.spare.take().filter(suits);
        if self.spare.is_none() {
            self.spare = Spare::new(driver, self, offer);
        }
    }

    /// Closes the connection that no call has taken.
    pub(super) fn drop_spare(&mut self) {
        self.spare = None;
    }

    /// Starts what is asked for. The outcome comes back as an input of `driver`.
    pub(super) fn handle(&mut self, driver: &Driver, phone: &Phone, request: MediaRequest) {
        match request {
            MediaRequest::ExpectAnswer(_, offer) => driver.expect(Some(offer)),
            MediaRequest::CreateOffer(call) => self.describe(driver, phone, call, None),
            MediaRequest::CreateAnswer(call, offer) => {
                self.describe(driver, phone, call, Some(offer));
            }
            MediaRequest::Reoffer(call, plan) => {
                if let Some(peer) = self.peer(call) {
                    if plan.another_path {
                        peer.set_servers(&self.servers.config());
                    }
                    peer.follow(plan);
                    self.describe(driver, phone, call, None);
                }
            }
            MediaRequest::Rollback(call) => {
                let Some(peer) = self.peer(call) else { return };
                // At once, as the next offer may be asked for in the same breath.
                peer.restore_direction();
                let (driver, own) = (driver.clone(), peer.clone());
                peer.begin_after(future_to_promise(async move {
                    if let Err(PeerError::Refused(_) | PeerError::Unavailable(_)) =
                        own.rollback().await
                    {
                        driver.media_failed(call, MediaFailure::Incompatible);
                    }
                    Ok(JsValue::UNDEFINED)
                }));
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
            MediaRequest::AddCandidates(call, more) => {
                let Some(peer) = self.peer(call) else { return };
                // Later, as the description that they belong to may have to be applied first.
                spawn_local(async move { peer.add_candidates(&more) });
            }
            MediaRequest::Close(call) => self.close(call),
        }
    }

    /// The connection that was made ahead, or a new one.
    pub(super) fn fresh(
        &mut self,
        driver: &Driver,
        phone: &Phone,
        call: CallId,
        offer: Option<&str>,
    ) -> Result<(Rc<Peer>, Fresh), PeerError> {
        let picture = wish(phone, call);
        let pending = self.servers.pending(driver);
        let suits = |spare: &Spare| {
            picture.is_none() && pending.is_none() && spare.suits(offer, &self.servers)
        };
        let (peer, begun) = match self.spare.take().filter(suits) {
            Some(spare) => {
                let (peer, begun) = spare.take(call);
                (peer, Some(begun))
            }
            None => {
                let of = Rc::new(Cell::new(Some(call)));
                (new_peer(driver, &of, &self.servers.config())?, None)
            }
        };
        self.peers.push((call, peer.clone()));
        self.note_wish(call, picture);
        Ok((peer, Fresh { begun, pending, picture }))
    }

    fn close(&mut self, call: CallId) {
        self.peers.retain(|(id, peer)| {
            if *id == call {
                peer.close();
            }
            *id != call
        });
        self.note_wish(call, None);
    }
}

/// What a connection that is new waits for.
pub(super) struct Fresh {
    /// What it began before the call was there.
    pub(super) begun: Option<Begun>,
    /// Servers that are still to come.
    pub(super) pending: Option<Pending>,
    /// What is to be shown.
    pub(super) picture: Option<Wish>,
}

impl Driver {
    /// The connection of a call.
    pub(super) fn peer(&self, call: CallId) -> Option<Rc<Peer>> {
        self.0.borrow().session.as_ref()?.media.peer(call)
    }

    /// Whether this is the connection of that call, of the account that is signed in now.
    pub(super) fn has_peer(&self, call: CallId, peer: &Rc<Peer>) -> bool {
        self.peer(call).is_some_and(|own| Rc::ptr_eq(&own, peer))
    }

    pub(super) fn close_peer(&self, call: CallId) {
        if let Some(session) = &mut self.0.borrow_mut().session {
            session.media.close(call);
        }
    }

    pub(super) fn media_failed(&self, call: CallId, failure: MediaFailure) {
        self.input(Input::Media(MediaReply::Failed(call, failure)));
    }
}

/// A connection without a call yet, or of the call that `of` holds.
pub(super) fn new_peer(
    driver: &Driver,
    of: &Rc<Cell<Option<CallId>>>,
    ice: &IceConfig,
) -> Result<Rc<Peer>, PeerError> {
    // A server that this browser does not take after all costs the servers, and not the call.
    let without = IceConfig { servers: Vec::new(), ..ice.clone() };
    peer_with(driver, of.clone(), ice).or_else(|_| peer_with(driver, of.clone(), &without))
}

fn peer_with(
    driver: &Driver,
    of: Rc<Cell<Option<CallId>>>,
    ice: &IceConfig,
) -> Result<Rc<Peer>, PeerError> {
    let driver = driver.clone();
    let peer = Peer::new(ice, move |event| {
        let Some(call) = of.get() else { return };
        match event {
            PeerEvent::Candidates(found) => {
                driver.input(Input::Media(MediaReply::Found(call, found)));
            }
            PeerEvent::Servers(found) => driver.servers_gave(call, found),
            PeerEvent::PlaybackBlocked => {
                driver.input(Input::MediaEvent(call, MediaEvent::Blocked(true)));
            }
            PeerEvent::Failed => {
                driver.sound_lost(call);
                driver.input(Input::MediaEvent(call, MediaEvent::PathLost));
            }
            PeerEvent::Disconnected => driver.input(Input::MediaEvent(call, MediaEvent::PathLost)),
            PeerEvent::Connected => driver.path_found(call),
            // A recording takes it in.
            PeerEvent::RemoteAudio => driver.changed(),
            PeerEvent::PictureEnded => {
                driver.input(Input::MediaEvent(call, MediaEvent::PictureEnded));
            }
        }
    })?;
    Ok(Rc::new(peer))
}
