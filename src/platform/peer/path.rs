//! The way that media take: its servers, its candidates, and looking for another one.

use super::{Inner, Peer};
use crate::media::candidates;
use crate::media::gathering::Found;
use crate::media::ice::IceConfig;
use crate::media::sdp::fragment::Candidates;
use crate::platform::{clock, ice};
use js_sys::Promise;
use std::cell::Cell;

impl Peer {
    /// What was made ahead has a call from now on. The wait for candidates counts from here, and whether
    /// the far end can be heard is told anew.
    pub fn begin_call(&self) {
        self.inner.born.set(clock::now());
        self.inner.play();
    }

    /// The next description waits for this: the steps of two must not mix.
    pub fn begin_after(&self, done: Promise) {
        self.inner.before.replace(Some(done));
    }

    /// Has what is gathered from now on use these servers. The policy stays that with which the
    /// connection was made: a far end that knows no address of ours learns none by it.
    pub fn set_servers(&self, ice: &IceConfig) {
        let inner = &*self.inner;
        let ice = IceConfig { relay_only: inner.ice.borrow().relay_only, ..ice.clone() };
        let set = || inner.connection.set_configuration_with_configuration(&ice::to_js(&ice));
        // What the browser does not take leaves things as they were.
        if *inner.ice.borrow() != ice && !inner.closed.get() && set().is_ok() {
            inner.ice.replace(ice);
        }
    }

    /// The servers that it uses.
    pub fn servers(&self) -> IceConfig {
        self.inner.ice.borrow().clone()
    }

    /// What the STUN and TURN servers have given for the last description.
    pub fn found(&self) -> Found {
        self.inner.gathering.found().0
    }

    /// Takes further candidates of the far end, for its last description. The browser does so in its
    /// turn, after the description that is being applied; what it does not understand, or what
    /// belongs to another description, is passed over.
    pub fn add_candidates(&self, more: &Candidates) {
        let inner = &*self.inner;
        if !inner.closed.get() {
            ice::add(&inner.connection, more);
        }
    }
}

/// How often another path was asked for, offered, and agreed to. The next offer may be asked for while
/// the answer to the last is still being applied.
#[derive(Default)]
pub(super) struct Restarts {
    asked: Cell<u32>,
    offered: Cell<u32>,
    agreed: Cell<u32>,
}

impl Restarts {
    pub(super) fn ask(&self) {
        self.asked.set(self.asked.get() + 1);
    }

    /// Whether the path is looked for anew, until both ends have agreed to that.
    pub(super) fn are_due(&self) -> bool {
        self.asked.get() > self.agreed.get()
    }

    /// An offer is made. Returns whether it is to look for another path.
    pub(super) fn offer(&self) -> bool {
        self.offered.set(self.asked.get());
        self.are_due()
    }

    /// What has been asked for until now.
    pub(super) fn asked(&self) -> u32 {
        self.asked.get()
    }

    /// What the last offer has asked for.
    pub(super) fn offered(&self) -> u32 {
        self.offered.get()
    }

    /// Both ends have agreed to that.
    pub(super) fn agree(&self, offered: u32) {
        self.agreed.set(self.agreed.get().max(offered));
    }
}

impl Inner {
    /// The far end may look for a new way to us by this offer.
    pub(super) fn note_restart(&self, offer: &str) {
        let before = self.connection.current_remote_description();
        let differs = |before: String| candidates::ufrag(&before) != candidates::ufrag(offer);
        if before.is_some_and(|before| differs(before.sdp())) {
            self.restarts.ask();
        }
    }
}
