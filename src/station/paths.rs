//! Another way for the media of a call whose own is lost, as often as it takes.

use super::Station;
use crate::phone::{Direction, Notice};
use crate::sip::ua::{CallId, Command};
use crate::time::Instant;
use std::time::Duration;

/// How long a call has to end, which looks the same.
const END: Duration = Duration::from_millis(300);
/// How long the called side leaves it to the caller, so that two offers do not meet.
const COURTESY: Duration = Duration::from_secs(2);
/// How long an attempt has: longer than a relay is waited for, so that the next does not begin while
/// this one is taken back.
const ATTEMPT: Duration = Duration::from_secs(7);

/// The calls for which another way is looked for.
#[derive(Default)]
pub(super) struct Paths(Vec<Path>);

/// The way of a call.
struct Path {
    call: CallId,
    /// The moment of the next attempt. A loss that comes before it waits for it.
    at: Instant,
    is_lost: bool,
}

impl Paths {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.0.iter().map(|path| path.at).min()
    }

    fn get_mut(&mut self, call: CallId) -> Option<&mut Path> {
        self.0.iter_mut().find(|path| path.call == call)
    }
}

impl Station {
    /// The media of a call do not get through any more.
    pub(super) fn path_lost(&mut self, now: Instant, id: CallId) -> Vec<Command> {
        if let Some(path) = self.paths.get_mut(id) {
            path.is_lost = true;
            return Vec::new();
        }
        let Some(call) = self.phone.get(id) else { return Vec::new() };
        let wait = if call.direction == Direction::Incoming { COURTESY } else { END };
        self.paths.0.push(Path { call: id, at: now + wait, is_lost: true });
        // What has taken the media may have taken the line too.
        vec![Command::Retry]
    }

    /// They get through.
    pub(super) fn path_found(&mut self, call: CallId) {
        if let Some(path) = self.paths.get_mut(call) {
            path.is_lost = false;
        }
        self.phone.withdraw(&Notice::SoundLost);
    }

    /// The computer may be in another network: no way is as it was.
    pub(super) fn network_changed(&self) -> Vec<Command> {
        let find = self.phone.calls().iter().map(|call| Command::FindPath(call.id));
        // First, so that what is said about calls goes by the new connection.
        [Command::Renew].into_iter().chain(find).collect()
    }

    /// Begins the attempts whose moment has come.
    pub(super) fn find_paths(&mut self, now: Instant) -> Vec<Command> {
        let (phone, paths) = (&self.phone, &mut self.paths.0);
        paths.retain(|path| phone.get(path.call).is_some() && (path.is_lost || path.at > now));
        let mut due = Vec::new();
        for path in paths.iter_mut().filter(|path| path.at <= now) {
            path.at = now + ATTEMPT;
            due.push(path.call);
        }
        due.into_iter().map(Command::FindPath).collect()
    }
}
