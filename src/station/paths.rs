//! Another way for the media of a call whose own is lost, as often as it takes.

use super::{Output, Station};
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

/// The calls for which another way is looked for, each with the moment of the next attempt.
#[derive(Default)]
pub(super) struct Paths(Vec<(CallId, Instant)>);

impl Paths {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.0.iter().map(|(_, at)| *at).min()
    }
}

impl Station {
    /// The media of a call do not get through any more.
    pub(super) fn path_lost(&mut self, now: Instant, id: CallId) -> Vec<Command> {
        let is_known = self.paths.0.iter().any(|(known, _)| *known == id);
        let Some(call) = self.phone.get(id).filter(|_| !is_known) else { return Vec::new() };
        let wait = if call.direction == Direction::Incoming { COURTESY } else { END };
        self.paths.0.push((id, now + wait));
        // What has taken the media may have taken the line too.
        vec![Command::Retry]
    }

    /// They get through.
    pub(super) fn path_found(&mut self, call: CallId) {
        self.paths.0.retain(|(known, _)| *known != call);
        self.phone.withdraw(&Notice::SoundLost);
    }

    /// The computer may be in another network: no way is as it was.
    pub(super) fn network_changed(&mut self) -> Vec<Command> {
        let calls: Vec<_> = self.phone.calls().iter().map(|call| call.id).collect();
        let find = calls.into_iter().map(|call| self.find_path(call));
        // First, so that what is said about calls goes by the new connection.
        [Command::Renew].into_iter().chain(find).collect()
    }

    /// Begins the attempts whose moment has come.
    pub(super) fn find_paths(&mut self, now: Instant) -> Vec<Command> {
        let (phone, paths) = (&self.phone, &mut self.paths.0);
        paths.retain(|(call, _)| phone.get(*call).is_some());
        let mut due = Vec::new();
        for (call, at) in paths.iter_mut().filter(|(_, at)| *at <= now) {
            *at = now + ATTEMPT;
            due.push(*call);
        }
        due.into_iter().map(|call| self.find_path(call)).collect()
    }

    fn find_path(&mut self, call: CallId) -> Command {
        self.outputs.push_back(Output::FindPath(call));
        Command::FindPath(call)
    }
}
