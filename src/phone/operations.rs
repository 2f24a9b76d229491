//! What the user does with calls: what it changes on the display, and what the user agent is to do.

use super::call::{Progress, Transfer};
use super::{Notice, Phone, dial};
use crate::sip::ua::{CallId, Command};
use crate::sip::wire::Uri;

/// The numbers of calls that are placed go up to this, and begin anew.
const MOST_CALLS: u32 = 1 << 30;

/// What is known of a call that is commanded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Placing {
    /// It is about this one.
    pub(super) consults_for: Option<CallId>,
    /// It is one with a picture.
    pub(super) video: bool,
    /// The keys that it sends once it is answered.
    pub(super) keys: String,
}

/// What becomes of the other calls when one is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They are held.
    Hold,
    /// They end.
    End,
}

impl Phone {
    /// Calls an address; a call that stands is held meanwhile. The keys that
    /// [`dial::parse_with_keys`] has left in it are for later. `None` is what cannot be called.
    pub fn place(&mut self, target: Option<Uri>) -> Vec<Command> {
        self.place_as(target, Placing::default())
    }

    fn place_as(&mut self, target: Option<Uri>, placing: Placing) -> Vec<Command> {
        let Some(target) = self.may_place(target) else { return Vec::new() };
        let (target, keys) = dial::take_keys(target);
        let mut commands = self.calls.hold_all();
        commands.push(self.command_call(target, Placing { keys, ..placing }));
        commands
    }

    /// The command that calls this address.
    pub(super) fn command_call(&mut self, target: Uri, placing: Placing) -> Command {
        let id = self.fresh_call();
        self.placing.push((id, placing));
        Command::Call { id, target }
    }

    /// A name that no call has.
    pub(super) fn fresh_call(&mut self) -> CallId {
        loop {
            self.count = self.count % MOST_CALLS + 1;
            let id = CallId(self.count);
            if self.get(id).is_none() {
                return id;
            }
        }
    }

    /// The address that can be called now. Otherwise the user is told why not.
    pub(crate) fn may_place(&mut self, target: Option<Uri>) -> Option<Uri> {
        let Some(target) = target else {
            self.notice = Some(Notice::CannotDial);
            return None;
        };
        if !self.may_call() {
            self.notice = Some(Notice::TooManyCalls(self.party(&target)));
            return None;
        }
        self.placed = Some(target.clone());
        Some(target)
    }

    /// Calls an address as [`Self::place`] does, with a picture where the other side takes one.
    pub fn place_with_video(&mut self, target: Option<Uri>) -> Vec<Command> {
        self.place_as(target, Placing { video: true, ..Placing::default() })
    }

    /// Answers a ringing call.
    pub fn answer(&mut self, id: CallId, others: Others) -> Vec<Command> {
        let Some(call) = self.calls.get_mut(id).filter(|call| call.is_ringing()) else {
            return Vec::new();
        };
        call.progress = Progress::Answering;
        self.notice = None;
        let mut commands = match others {
            Others::Hold => self.calls.bring_to_front(id),
            Others::End => {
                self.calls.put_in_front(id);
                let others = self.calls.all().iter();
                let others = others.filter(|call| call.id != id && !call.is_ringing());
                others.map(|call| Command::HangUp(call.id)).collect()
            }
        };
        commands.push(Command::Answer(id));
        commands
    }

    /// Answers a ringing call with a picture.
    pub fn answer_with_video(&mut self, id: CallId, others: Others) -> Vec<Command> {
        if let Some(call) = self.calls.get_mut(id).filter(|call| call.is_ringing()) {
            call.video = call.video.clone().with_camera();
        }
        self.answer(id, others)
    }

    /// Holds the other side of a call, or all of the conference that it is of.
    pub fn hold(&mut self, id: CallId) -> Vec<Command> {
        let members = self.calls.together_with(id).into_iter();
        members.filter_map(|id| self.calls.set_hold(id, true)).collect()
    }

    /// Holds a call or its conference, or goes on with it where it is held; nothing while both ends
    /// have not agreed on the last change.
    pub fn toggle_hold(&mut self, id: CallId) -> Vec<Command> {
        match (self.hold_changes(id), self.holds(id)) {
            (true, _) => Vec::new(),
            (false, true) => self.resume(id),
            (false, false) => self.hold(id),
        }
    }

    /// Goes on with a call, and holds the one that was in front.
    pub fn resume(&mut self, id: CallId) -> Vec<Command> {
        self.calls.bring_to_front(id)
    }

    /// Goes on with the other of two calls.
    pub fn swap(&mut self) -> Vec<Command> {
        let other = self.calls.other().map(|call| call.id);
        other.map(|id| self.calls.bring_to_front(id)).unwrap_or_default()
    }

    /// Has all calls that stand hear each other, and us.
    pub fn join(&mut self) -> Vec<Command> {
        let commands = self.calls.join();
        self.note_joined();
        commands
    }

    /// Ends the conference: the call in front goes on, the others are held.
    pub fn part(&mut self) -> Vec<Command> {
        self.calls.part()
    }

    /// Ends a call, with all of the conference that it is of.
    pub fn leave(&self, id: CallId) -> Vec<Command> {
        self.calls.together_with(id).into_iter().map(Command::HangUp).collect()
    }

    /// Has the other side of a call call somebody else instead. `None` is what cannot be called.
    pub fn transfer(&mut self, id: CallId, target: Option<Uri>) -> Vec<Command> {
        let Some(target) = self.may_transfer(target) else { return Vec::new() };
        let party = self.party(&target);
        let Some(call) = self.calls.get_mut(id).filter(|call| call.is_up()) else {
            return Vec::new();
        };
        if call.transfer.is_some() {
            return Vec::new();
        }
        call.transfer = Some(Transfer { target: party, rings: false });
        self.notice = None;
        vec![Command::Transfer { call: id, target }]
    }

    /// The address to which a call can be transferred. Otherwise the user is told.
    pub(crate) fn may_transfer(&mut self, target: Option<Uri>) -> Option<Uri> {
        // Of keys for later, nobody here would be there to send them.
        let target = target.map(dial::take_keys).filter(|(_, keys)| keys.is_empty());
        if target.is_none() {
            self.notice = Some(Notice::CannotDial);
        }
        target.map(|(target, _)| target)
    }

    /// Calls somebody to whom the other side of a call may be transferred; that call is held.
    pub fn consult(&mut self, id: CallId, target: Option<Uri>) -> Vec<Command> {
        self.place_as(target, Placing { consults_for: Some(id), ..Placing::default() })
    }

    /// Gives the two their call and leaves it: the other side of the consulted call and that of
    /// the one it is about. A target that has not answered yet is left to the other side to call.
    pub fn complete_transfer(&mut self, consultation: CallId) -> Vec<Command> {
        let Some(call) = self.calls.get(consultation) else { return Vec::new() };
        let Some(held) = call.consults_for else { return Vec::new() };
        if call.is_up() {
            return self.connect(held, consultation);
        }
        let target = call.uri.clone();
        let mut commands = self.transfer(held, Some(target));
        if !commands.is_empty() {
            commands.insert(0, Command::HangUp(consultation));
        }
        commands
    }

    /// Gives the other sides of two calls a call with each other, and leaves both.
    pub fn merge(&mut self) -> Vec<Command> {
        match (self.calls.other(), self.calls.front()) {
            (Some(other), Some(front)) if front.is_up() => self.connect(other.id, front.id),
            _ => Vec::new(),
        }
    }

    /// Calls the other side's own transfer off, or does what it asks for.
    pub fn decide_transfer(&mut self, id: CallId, accept: bool) -> Vec<Command> {
        let request = self.calls.get_mut(id).and_then(|call| call.transfer_request.take());
        if request.is_none() {
            return Vec::new();
        }
        if !accept {
            return vec![Command::RefuseTransfer(id)];
        }
        let new = self.fresh_call();
        self.note_successor(id, new);
        vec![Command::AcceptTransfer { call: id, id: new }]
    }

    /// Notes keys that were sent in a call.
    pub fn keys_sent(&mut self, id: CallId, keys: &str) {
        if let Some(call) = self.calls.get_mut(id) {
            call.keys.push_str(keys);
        }
        if self.notice == Some(Notice::KeysFailed) {
            self.notice = None;
        }
    }

    fn connect(&mut self, call: CallId, other: CallId) -> Vec<Command> {
        let target = self.calls.get(other).map(|call| call.party.clone());
        match (self.calls.get_mut(call), target) {
            (Some(held), Some(target)) if held.is_up() && held.transfer.is_none() => {
                held.transfer = Some(Transfer { target, rings: false });
                vec![Command::TransferTo { call, other }]
            }
            _ => Vec::new(),
        }
    }
}
