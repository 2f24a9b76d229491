//! The calls of the telephone: which there are, which of them is in front, and who is heard.
//!
//! One call is in front: the one on the display, with the microphone and the speaker. The others
//! wait, held as soon as they stand. The members of a conference are heard together while one of
//! them is in front.

use super::call::Call;
use crate::sip::ua::{CallId, Command};

/// The calls, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Calls {
    list: Vec<Call>,
    front: Option<CallId>,
    conference: Vec<CallId>,
}

impl Calls {
    pub(super) fn all(&self) -> &[Call] {
        &self.list
    }

    pub(super) fn get(&self, id: CallId) -> Option<&Call> {
        self.list.iter().find(|call| call.id == id)
    }

    pub(super) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.list.iter_mut().find(|call| call.id == id)
    }

    /// The call in front.
    pub(super) fn front(&self) -> Option<&Call> {
        self.get(self.front?)
    }

    /// The call that stands beside the one in front, where there is just one.
    pub(super) fn other(&self) -> Option<&Call> {
        let mut others =
            self.list.iter().filter(|call| call.is_up() && self.front != Some(call.id));
        others.next().filter(|_| others.next().is_none())
    }

    /// The calls that ring while another is in front.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Call> {
        self.list.iter().filter(|call| call.is_ringing() && self.front != Some(call.id))
    }

    /// Whether the microphone and the speaker are this call's.
    pub(super) fn is_heard(&self, id: CallId) -> bool {
        self.is_with_front(id) && self.get(id).is_some_and(|call| !call.is_held())
    }

    /// Whether this call is of the conference.
    pub(super) fn is_joined(&self, id: CallId) -> bool {
        self.conference.len() > 1 && self.conference.contains(&id)
    }

    /// Adds a call. One that we place comes to the front, and so does one that rings while no
    /// other is there.
    pub(super) fn add(&mut self, call: Call) {
        if !call.is_ringing() || self.front.is_none() {
            self.front = Some(call.id);
        }
        self.list.push(call);
    }

    /// Adds a call that takes the place of another one.
    pub(super) fn add_in_place_of(&mut self, old: CallId, call: Call) {
        if self.front == Some(old) {
            self.front = Some(call.id);
        }
        if self.is_joined(old) {
            self.conference.push(call.id);
        }
        self.list.push(call);
    }

    /// What was said of `old` holds of `new` now.
    pub(super) fn take_place(&mut self, old: CallId, new: CallId) {
        for call in &mut self.list {
            if call.consults_for == Some(old) {
                call.consults_for = Some(new);
            }
        }
    }

    /// Takes a call out. If it was in front, the youngest that stands follows it, or else one that
    /// is under way, or one that rings.
    pub(super) fn remove(&mut self, id: CallId) -> Option<Call> {
        let index = self.list.iter().position(|call| call.id == id)?;
        let call = self.list.remove(index);
        self.leave_conference(id);
        if self.front == Some(id) {
            let follows = |wanted: fn(&Call) -> bool| self.list.iter().rfind(|call| wanted(call));
            self.front = follows(Call::is_up)
                .or_else(|| follows(|call| !call.is_ringing()))
                .or_else(|| self.list.first())
                .map(|call| call.id);
        }
        Some(call)
    }

    /// Brings a call to the front and holds all others that stand, but for those who are in a
    /// conference with it.
    pub(super) fn bring_to_front(&mut self, id: CallId) -> Vec<Command> {
        if self.get(id).is_none() {
            return Vec::new();
        }
        self.put_in_front(id);
        let mut commands = self.hold_others();
        for id in self.together_with(id) {
            commands.extend(self.set_hold(id, false));
        }
        commands
    }

    /// Puts a call in front, and leaves the others to whoever does.
    pub(super) fn put_in_front(&mut self, id: CallId) {
        self.front = Some(id);
    }

    /// Holds every call that stands beside the one in front, but for one whose place that takes.
    pub(super) fn hold_others(&mut self) -> Vec<Command> {
        let replaced = self.front().and_then(|call| call.replaces);
        let is_other = |call: &&Call| replaced != Some(call.id) && !self.is_with_front(call.id);
        let others: Vec<_> = self.list.iter().filter(is_other).map(|call| call.id).collect();
        others.into_iter().filter_map(|id| self.set_hold(id, true)).collect()
    }

    /// Holds every call that stands.
    pub(super) fn hold_all(&mut self) -> Vec<Command> {
        let all: Vec<_> = self.list.iter().map(|call| call.id).collect();
        all.into_iter().filter_map(|id| self.set_hold(id, true)).collect()
    }

    /// Holds a call that stands, or takes it from hold, where it is not so already.
    pub(super) fn set_hold(&mut self, id: CallId, hold: bool) -> Option<Command> {
        let call = self.get_mut(id).filter(|call| call.is_up() && call.is_held() != hold)?;
        call.hold_wanted = (call.hold.here != hold).then_some(hold);
        Some(if hold { Command::Hold(id) } else { Command::Resume(id) })
    }

    /// Has all calls that stand hear each other.
    pub(super) fn join(&mut self) -> Vec<Command> {
        let up: Vec<_> = self.list.iter().filter(|call| call.is_up()).map(|call| call.id).collect();
        if up.len() < 2 {
            return Vec::new();
        }
        self.conference.clone_from(&up);
        let muted = self.front().is_some_and(|call| call.muted);
        up.iter().for_each(|id| self.set_muted(*id, muted));
        up.into_iter().filter_map(|id| self.set_hold(id, false)).collect()
    }

    /// This call is of a conference that comes back.
    pub(super) fn rejoin(&mut self, id: CallId) {
        self.conference.push(id);
    }

    /// Ends the conference: the call in front goes on, the others are held.
    pub(super) fn part(&mut self) -> Vec<Command> {
        self.conference.clear();
        self.hold_others()
    }

    /// Mutes the microphone in a call and in the conference that it is of, or unmutes it.
    pub(super) fn set_muted(&mut self, id: CallId, muted: bool) {
        for member in self.together_with(id) {
            if let Some(call) = self.get_mut(member) {
                call.muted = muted;
                call.talks_muted = false;
            }
        }
    }

    /// The members of the conference that a call is of, or that call alone.
    pub(super) fn together_with(&self, id: CallId) -> Vec<CallId> {
        if self.is_joined(id) { self.conference.clone() } else { vec![id] }
    }

    /// Whether this call is the one in front, or in a conference with it.
    fn is_with_front(&self, id: CallId) -> bool {
        let joined = |front| self.is_joined(front) && self.is_joined(id);
        self.front.is_some_and(|front| front == id || joined(front))
    }

    fn leave_conference(&mut self, id: CallId) {
        self.conference.retain(|member| *member != id);
        if self.conference.len() < 2 {
            self.conference.clear();
        }
    }
}
