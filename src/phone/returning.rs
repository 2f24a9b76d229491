//! Calls that outlive the page: what is kept of them, and how they come back.
//!
//! A page that is loaded anew has lost the sound of its calls. The other sides do not know that, and
//! wait a while; a new call takes the place of each (RFC 3891).

use super::call::{Call, Direction, Party, Progress};
use super::fields::{Fields, Row};
use super::video::Source;
use super::{Phone, Stage};
use crate::sip::ua::{CallId, Command, EndReason, Line, Standing};
use crate::sip::wire::Uri;
use crate::time::Instant;
use std::time::Duration;

/// After how long the user is asked first, in milliseconds.
const ASK_AFTER: u64 = 60_000;

/// A call that was left standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    standing: Standing,
    party: Party,
    direction: Direction,
    uri: Uri,
    /// When it began and when it was answered, in milliseconds since 1970.
    times: [u64; 2],
    muted: bool,
    held: bool,
    front: bool,
    /// The user was seen. A screen comes back only by a hand, as browsers want it.
    camera: bool,
    /// By the camera that looks away from them.
    back: bool,
    /// It was of the conference.
    joined: bool,
    /// The call that takes its place, once it is commanded.
    by: Option<CallId>,
}

/// What was left by another page, until it is back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Returning {
    calls: Vec<Left>,
    /// When they were left, in milliseconds since 1970.
    seen: u64,
    /// The user is to say first whether they are taken back.
    asks: bool,
    /// The account is not registered yet.
    starts: bool,
}

impl Phone {
    /// The calls that stand, each as a text to be kept; `standing` says what names them.
    pub fn left(&self, standing: &dyn Fn(CallId) -> Option<Standing>) -> Vec<String> {
        let mut left = Vec::new();
        for call in self.calls() {
            if let Some(before) = &call.left {
                left.push(before.write());
            } else if let Some(standing) = standing(call.id).filter(|_| call.is_up()) {
                left.push(self.as_left(call, standing).write());
            }
        }
        left.extend(self.returning.calls.iter().map(Left::write));
        left
    }

    fn as_left(&self, call: &Call, standing: Standing) -> Left {
        Left {
            standing,
            party: call.party.clone(),
            direction: call.direction,
            uri: call.uri.clone(),
            times: call.times,
            muted: call.muted,
            held: call.is_held(),
            front: self.is_front(call.id),
            camera: call.video.source() == Some(Source::Camera),
            back: call.video.back,
            joined: self.is_joined(call.id),
            by: None,
        }
    }

    /// Goes on with an account of this domain that was signed in before, with the calls that were left
    /// at that moment, in milliseconds since 1970.
    pub fn go_on(&mut self, domain: String, calls: &[String], seen: u64) {
        let time_of_day = self.time_of_day;
        self.sign_in(domain);
        (self.stage, self.time_of_day) = (Stage::SignedIn, time_of_day);
        let mut calls: Vec<_> = calls.iter().filter_map(|text| Left::parse(text)).collect();
        // The one in front comes last, so that it is there in the end.
        if let Some(front) = calls.iter().position(|left| left.front) {
            calls[front..].rotate_left(1);
        }
        self.returning = Returning { calls, seen, asks: false, starts: true };
        self.returning.asks = self.is_long_ago();
    }

    /// Another page of this browser has the telephone.
    pub fn leave_to_another(&mut self) {
        *self = Self { stage: Stage::Elsewhere, ..self.of_nobody() };
    }

    /// The page goes away, and the next one may take the calls back.
    pub fn leave_calls(&mut self) {
        let up: Vec<_> =
            self.calls().iter().filter(|call| call.is_up()).map(|call| call.id).collect();
        for id in up {
            if let Some(call) = self.calls.get_mut(id) {
                call.goes_on = true;
            }
        }
    }

    /// Whether a call is to come back, or on its way.
    pub fn is_returning(&self) -> bool {
        !self.returning.calls.is_empty() || self.calls().iter().any(Call::comes_back)
    }

    /// With whom the calls were, of which the user is to say whether they are taken back.
    pub fn asks_to_return(&self) -> Vec<&Party> {
        let asked = self.returning.calls.iter().filter(|_| self.returning.asks);
        asked.map(|left| &left.party).collect()
    }

    /// Takes the calls back that were left, or ends them: the other sides may still wait.
    pub fn decide_return(&mut self, now: Instant, accept: bool) -> Vec<Command> {
        self.returning.asks = false;
        let mut commands = Vec::new();
        if !accept {
            for left in std::mem::take(&mut self.returning.calls) {
                let call = Call::outgoing(CallId(0), left.party.clone(), left.uri.clone());
                self.finish_left(now, call, &left);
                commands.push(left.abandon());
            }
        }
        self.returning.seen = self.time_of_day;
        commands.extend(self.take_back());
        commands
    }

    /// Ends the calls that are not back.
    pub(super) fn abandon_left(&self) -> Vec<Command> {
        let on_its_way = self.calls().iter().filter_map(|call| call.left.as_deref());
        on_its_way.chain(&self.returning.calls).map(Left::abandon).collect()
    }

    /// Notes a call that was left and is over: it ended then.
    pub(super) fn finish_left(&mut self, now: Instant, mut call: Call, left: &Left) {
        let [began, since] = left.times.map(|at| self.moment(now, at));
        call.direction = left.direction;
        (call.began, call.times, call.progress) = (began, left.times, Progress::Up { since });
        let ended = self.moment(now, self.returning.seen);
        self.finish(ended, &call, &EndReason::HungUpHere);
    }

    /// The account is registered: what is due then.
    pub(super) fn return_to_line(&mut self) -> Vec<Command> {
        let mut commands = Vec::new();
        if std::mem::take(&mut self.returning.starts) {
            commands.extend(self.mailbox.subscribe());
            commands.extend(self.watch_wanted());
        }
        // It may have taken long until there was a line.
        self.returning.asks |= self.is_long_ago();
        commands.extend(self.take_back());
        commands
    }

    fn is_long_ago(&self) -> bool {
        let Returning { calls, seen, .. } = &self.returning;
        !calls.is_empty() && self.time_of_day.saturating_sub(*seen) > ASK_AFTER
    }

    fn take_back(&mut self) -> Vec<Command> {
        if self.returning.asks || self.line != Line::Registered {
            return Vec::new();
        }
        let mut commands = Vec::new();
        for place in 0..self.returning.calls.len() {
            let id = self.fresh_call();
            let left = &mut self.returning.calls[place];
            left.by = Some(id);
            commands.push(Command::TakeBack { id, standing: Box::new(left.standing.clone()) });
        }
        commands
    }

    /// This call takes the place of one that was left, if it is one that does.
    pub(super) fn takes_back(&mut self, now: Instant, id: CallId) {
        let calls = &mut self.returning.calls;
        let Some(at) = calls.iter().position(|left| left.by == Some(id)) else { return };
        let left = calls.remove(at);
        let began = self.moment(now, left.times[0]);
        if left.joined {
            self.calls.rejoin(id);
        }
        if let Some(call) = self.calls.get_mut(id) {
            call.party = left.party.clone();
            call.direction = left.direction;
            call.uri = left.uri.clone();
            call.began = began;
            call.times = left.times;
            call.muted = left.muted;
            call.video.back = left.back;
            call.left = Some(Box::new(left));
        }
    }

    /// The call that was left is back, if this is one.
    pub(super) fn is_back(&mut self, now: Instant, id: CallId) -> Vec<Command> {
        let Some(left) = self.calls.get_mut(id).and_then(|call| call.left.take()) else {
            return Vec::new();
        };
        let since = self.moment(now, left.times[1]);
        if let Some(call) = self.calls.get_mut(id) {
            call.progress = Progress::Up { since };
            call.times = left.times;
        }
        let mut commands: Vec<_> = self.calls.set_hold(id, left.held).into_iter().collect();
        if left.camera {
            commands.extend(self.toggle_camera(id));
        }
        commands
    }

    /// The line broke once more: the call is tried again with the next one.
    pub(super) fn waits_to_return(&mut self, call: &Call) {
        self.returning.calls.extend(call.left.as_deref().cloned());
    }

    /// A moment of the past, by the clock that counts.
    fn moment(&self, now: Instant, at: u64) -> Instant {
        now.before(Duration::from_millis(self.time_of_day.saturating_sub(at)))
    }

    /// The call was answered without the user, as the other side of a call that stood has called anew to
    /// take its place. For the user the two are one.
    pub(super) fn succeeds(&mut self, id: CallId) -> Vec<Command> {
        let Some(call) = self.calls.get(id).filter(|call| call.takes_over) else {
            return Vec::new();
        };
        let old = call.replaces.and_then(|old| self.calls.get_mut(old));
        let Some(old) = old.filter(|old| old.is_up()) else { return Vec::new() };
        old.goes_on = true;
        let old = old.clone();
        if let Some(call) = self.calls.get_mut(id) {
            call.party = old.party.clone();
            call.began_with = old.began_with.clone();
            call.direction = old.direction;
            call.uri = old.uri.clone();
            call.began = old.began;
            call.times = old.times;
            call.progress = old.progress;
            call.muted = old.muted;
            call.consults_for = old.consults_for;
            call.video = old.video.succeeded();
        }
        self.calls.take_place(old.id, id);
        self.calls.set_hold(id, old.is_held()).into_iter().collect()
    }
}

impl Left {
    /// Ends it, wherever the other side has got to.
    pub(super) fn abandon(&self) -> Command {
        Command::Abandon(Box::new(self.standing.clone()))
    }

    fn write(&self) -> String {
        let Standing { call_id, local_tag, remote_tag, peer, target, route } = &self.standing;
        let row = Row::default().text(call_id).text(local_tag).text(remote_tag);
        let row = row.text(&peer.to_string()).party(&self.party).text(&self.uri.to_string());
        let row = row.flag(self.direction == Direction::Outgoing);
        let row = row.number(self.times[0]).number(self.times[1]);
        let row = row.flag(self.muted).flag(self.held).flag(self.front);
        let row = row.flag(self.camera).flag(self.joined).flag(self.back);
        row.text(&target.to_string()).text(route).end()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut fields = Fields::of(text);
        let mut name = || fields.text().to_owned();
        let (call_id, local_tag, remote_tag) = (name(), name(), name());
        let peer = Uri::parse(fields.text()).ok()?;
        let party = fields.party();
        let uri = Uri::parse(fields.text()).ok()?;
        let direction = if fields.flag() { Direction::Outgoing } else { Direction::Incoming };
        Some(Self {
            party,
            direction,
            uri,
            times: [fields.number()?, fields.number()?],
            muted: fields.flag(),
            held: fields.flag(),
            front: fields.flag(),
            camera: fields.flag(),
            joined: fields.flag(),
            by: None,
            back: fields.flag(),
            standing: Standing {
                call_id,
                local_tag,
                remote_tag,
                target: Uri::parse(fields.text()).unwrap_or_else(|_| peer.clone()),
                route: fields.text().to_owned(),
                peer,
            },
        })
    }
}
