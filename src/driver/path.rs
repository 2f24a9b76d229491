//! Finds another way for the media of a call when theirs is lost, as often as it takes.

use super::Driver;
use crate::phone::{Direction, Notice};
use crate::platform::{Peer, timer};
use crate::sip::ua::{CallId, Command};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// How long a call has to end, which looks the same.
const END: Duration = Duration::from_millis(300);
/// How long the called side leaves it to the caller, so that two offers do not meet.
const COURTESY: Duration = Duration::from_secs(2);
/// How long an attempt has: longer than a relay is waited for, so that the next does not begin while
/// this one is taken back.
const ATTEMPT: Duration = Duration::from_secs(7);

/// The calls for which another way is looked for.
#[derive(Default)]
pub(super) struct Paths(Vec<CallId>);

impl Paths {
    /// The call is over.
    pub(super) fn forget(&mut self, call: CallId) {
        self.0.retain(|id| *id != call);
    }

    /// Whether nobody looks for it yet.
    fn begin(&mut self, call: CallId) -> bool {
        let is_new = !self.0.contains(&call);
        if is_new {
            self.0.push(call);
        }
        is_new
    }
}

impl Driver {
    /// The media of a call do not get through any more.
    pub(super) fn path_lost(&self, call: CallId) {
        let mut is_new = false;
        self.with_media(|media| is_new = media.paths.begin(call));
        let Some(peer) = self.peer(call).filter(|_| is_new) else { return };
        // What has taken the media may have taken the line too.
        self.command(Command::Retry);
        let direction = self.0.borrow().station.phone().get(call).map(|call| call.direction);
        let driver = self.clone();
        spawn_local(async move {
            let is_called = direction == Some(Direction::Incoming);
            timer::sleep(if is_called { COURTESY } else { END }).await;
            while driver.has_peer(call, &peer) && !peer.is_connected() {
                driver.find_path(call, &peer);
                timer::sleep(ATTEMPT).await;
            }
            driver.with_media(|media| media.paths.forget(call));
        });
    }

    /// The computer may be in another network: no way is as it was.
    pub(super) fn find_paths(&self) {
        let connections = match &self.0.borrow().session {
            Some(session) => session.media.connections(),
            None => Vec::new(),
        };
        for (call, peer) in connections {
            self.find_path(call, &peer);
        }
    }

    /// The media of a call get through.
    pub(super) fn path_found(&self) {
        self.update(|phone| phone.withdraw(&Notice::SoundLost));
        // Nobody should wait for the lock.
        self.look_at_calls();
    }

    fn find_path(&self, call: CallId, peer: &Rc<Peer>) {
        self.with_servers(|servers| peer.set_servers(&servers.config()));
        peer.find_path();
        self.command(Command::FindPath(call));
    }
}
