//! A connection that is made before its call asks for one: while a number is typed, and while a call
//! rings. Making it and finding its candidates takes as long as the rest of a call's beginning.
//!
//! The microphone stays closed, and nothing goes to the far end.

use super::ice::Servers;
use super::media::{self, Media};
use super::{Driver, Session};
use crate::platform::{Peer, PeerError, Timeout, timer};
use crate::sip::ua::CallId;
use js_sys::Promise;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

/// How long it is kept: the servers have a port open for it, and firewalls a way to that.
const LIMIT: Duration = Duration::from_secs(60);

/// The connection, until a call has it or it is dropped.
pub(super) struct Spare {
    /// The far end's offer that it has taken; nothing where it has made its own.
    offer: Option<String>,
    peer: Rc<Peer>,
    call: Rc<Cell<Option<CallId>>>,
    begun: Begun,
    is_taken: bool,
    _limit: Timeout,
}

/// What a connection began by itself.
#[derive(Clone)]
pub(super) struct Begun {
    done: Promise,
    outcome: Outcome,
}

/// Nothing as long as it is not known.
type Outcome = Rc<RefCell<Option<Result<(), PeerError>>>>;

impl Begun {
    /// Waits until it is as far as it goes.
    pub(super) async fn outcome(self) -> Result<(), PeerError> {
        // What is there already is not waited for: others would have their turn before.
        if self.outcome.borrow().is_none() {
            let _ = JsFuture::from(self.done).await;
        }
        self.outcome.take().unwrap_or(Ok(()))
    }
}

impl Spare {
    /// Makes one, unless this browser has none to give.
    pub(super) fn new(driver: &Driver, media: &mut Media, offer: Option<String>) -> Option<Self> {
        let call = Rc::default();
        let peer = media::new_peer(driver, &call, &media.servers().config()).ok()?;
        let pending = media.servers().pending(driver);
        let outcome = Outcome::default();
        let done = {
            let (driver, peer, offer) = (driver.clone(), peer.clone(), offer.clone());
            let outcome = Rc::clone(&outcome);
            future_to_promise(async move {
                driver.late_servers(&peer, pending).await;
                outcome.replace(Some(peer.start(offer.as_deref()).await));
                Ok(JsValue::UNDEFINED)
            })
        };
        let begun = Begun { done, outcome };
        let driver = driver.clone();
        let limit = Timeout::new(LIMIT, move || driver.with_media(Media::drop_spare));
        Some(Self { offer, peer, call, begun, is_taken: false, _limit: limit })
    }

    /// Whether it is for this offer of the far end, or for one of ours, and good, with the servers that
    /// a call would have now.
    pub(super) fn suits(&self, offer: Option<&str>, servers: &Servers) -> bool {
        let has_failed = matches!(*self.begun.outcome.borrow(), Some(Err(_)));
        self.offer.as_deref() == offer && !has_failed && self.peer.servers() == servers.config()
    }

    /// Whether it is for an offer of the far end.
    pub(super) fn is_answer(&self) -> bool {
        self.offer.is_some()
    }

    /// Gives it to a call.
    pub(super) fn take(mut self, call: CallId) -> (Rc<Peer>, Begun) {
        self.is_taken = true;
        self.call.set(Some(call));
        self.peer.begin_call();
        (self.peer.clone(), self.begun.clone())
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        if !self.is_taken {
            self.peer.close();
        }
    }
}

impl Driver {
    /// A number is being typed, and may be called soon; or a call rings with this offer, and may be
    /// answered soon.
    pub(super) fn expect(&self, offer: Option<String>) {
        let driver = self.clone();
        spawn_local(async move {
            // What the person sees comes first.
            timer::next_task().await;
            driver.with_media(|media| media.expect(&driver, offer));
        });
    }

    pub(super) fn with_media(&self, change: impl FnOnce(&mut Media)) {
        if let Some(Session { media, .. }) = &mut self.0.borrow_mut().session {
            change(media);
        }
    }
}
