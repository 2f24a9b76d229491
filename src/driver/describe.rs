//! The session description of a call: its connection makes it, with the microphone, with what it shows
//! and with the servers that are still to come.

use super::media::{Fresh, Media};
use super::{Driver, Inner};
use crate::media::candidates;
use crate::phone::Phone;
use crate::platform::{Peer, PeerError};
use crate::sip::ua::{CallId, MediaFailure, MediaReply};
use crate::station::Input;
use futures_util::future::join;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How often a connection without candidates is changed for another.
const RENEWALS: u8 = 3;

impl Media {
    /// Makes an offer, or an answer to `offer`, in the call's connection, which is made where
    /// there is none yet.
    pub(super) fn describe(
        &mut self,
        driver: &Driver,
        phone: &Phone,
        call: CallId,
        offer: Option<String>,
    ) {
        let known = self.peer(call);
        let make = || {
            let made = self.fresh(driver, phone, call, offer.as_deref());
            made.map(|(peer, fresh)| (peer, Some(fresh)))
        };
        let Ok((mut peer, fresh)) = known.clone().map_or_else(make, |peer| Ok((peer, None))) else {
            let driver = driver.clone();
            spawn_local(async move { driver.media_failed(call, MediaFailure::Incompatible) });
            return;
        };
        let driver = driver.clone();
        spawn_local(async move {
            let mut described = describe(&driver, call, &peer, fresh, offer.as_deref()).await;
            // On a busy computer Chromium has connections that never find a candidate of their own, two
            // in a row sometimes: nobody would be heard. Another one finds them.
            let mut renewals = if known.is_none() { RENEWALS } else { 0 };
            while renewals > 0
                && matches!(&described, Ok(sdp) if !candidates::names_any(sdp))
                && let Some((other, fresh)) = driver.renew_peer(call, &peer, offer.as_deref())
            {
                renewals -= 1;
                peer = other;
                described = describe(&driver, call, &peer, Some(fresh), offer.as_deref()).await;
            }
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
                    if known.is_none() {
                        driver.servers_gave(call, peer.found());
                    }
                }
                // The call ended meanwhile.
                Err(None) => {}
                Err(Some(failure)) => {
                    if known.is_none() {
                        // Should it be tried again, then with another one.
                        driver.close_peer(call);
                    }
                    driver.media_failed(call, failure);
                }
            }
        });
    }
}

impl Driver {
    /// Another connection in the place of this one, if it is still that of the call.
    fn renew_peer(
        &self,
        call: CallId,
        old: &Rc<Peer>,
        offer: Option<&str>,
    ) -> Option<(Rc<Peer>, Fresh)> {
        if !self.has_peer(call, old) {
            return None;
        }
        self.close_peer(call);
        let Inner { station, session, .. } = &mut *self.0.borrow_mut();
        session.as_mut()?.media.fresh(self, station.phone(), call, offer).ok()
    }
}

/// The session description for a call. One that is new takes the microphone, and what it shows, and
/// the servers that are still to come.
async fn describe(
    driver: &Driver,
    call: CallId,
    peer: &Rc<Peer>,
    fresh: Option<Fresh>,
    offer: Option<&str>,
) -> Result<String, Option<MediaFailure>> {
    match fresh {
        None => peer.start(offer).await.map_err(meaning)?,
        Some(Fresh { begun, pending, picture: None }) => {
            let started = async {
                if let Some(begun) = begun {
                    return begun.outcome().await;
                }
                driver.late_servers(peer, pending).await;
                peer.start(offer).await
            };
            // It is given as soon as it is there: another one may take its place meanwhile.
            let given = async {
                peer.give_microphone(&driver.take_microphone().await?).await;
                Ok(())
            };
            // What needs no microphone is done while it opens.
            let (given, started) = join(given, started).await;
            given.map_err(Some)?;
            started.map_err(meaning)?;
        }
        Some(Fresh { pending, picture: Some(wish), .. }) => {
            let microphone = driver.take_microphone().await.map_err(Some)?;
            peer.give_microphone(&microphone).await;
            driver.open_picture(call, peer, wish).await;
            if offer.is_none() {
                peer.ask_for_picture();
            }
            driver.late_servers(peer, pending).await;
            peer.start(offer).await.map_err(meaning)?;
        }
    }
    if offer.is_some() {
        // The way to the far end is looked for from here on: an answer that came to nothing would be in
        // the way of the next one.
        peer.begin_answer().await.map_err(meaning)?;
    }
    peer.description().map_err(meaning)
}

/// What the failure is for the call; nothing where it has ended.
fn meaning(error: PeerError) -> Option<MediaFailure> {
    match error {
        PeerError::Closed => None,
        PeerError::NoRelay => Some(MediaFailure::NoRelay),
        PeerError::Refused(_) | PeerError::Unavailable(_) => Some(MediaFailure::Incompatible),
    }
}
