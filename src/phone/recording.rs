//! Whether a call is recorded: what the user wants, what whoever hosts the page allows, and which
//! call a recording follows.

use super::call::{Party, kept_address};
use super::{Notice, Phone};
use crate::sip::ua::CallId;
use crate::time::Instant;

/// What whoever hosts the page says about recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingPolicy {
    /// Calls can be recorded.
    pub offered: bool,
    /// The user confirms first that everyone agrees.
    pub asks: bool,
    /// A tone tells the other side, again and again, that it is recorded.
    pub beeps: bool,
}

impl Default for RecordingPolicy {
    fn default() -> Self {
        Self { offered: true, asks: true, beeps: true }
    }
}

impl RecordingPolicy {
    /// Reads `off`, or which of `ask` and `beep` there shall be. Without any of these words it is
    /// both, so that a slip of the pen records nobody unawares.
    pub fn parse(text: &str) -> Self {
        let has = |word| text.split_ascii_whitespace().any(|other| other == word);
        match (has("ask"), has("beep")) {
            _ if has("off") => Self { offered: false, ..Self::default() },
            (false, false) => Self::default(),
            (asks, beeps) => Self { offered: true, asks, beeps },
        }
    }
}

/// How far the recording of a call has come. There is at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Recording {
    /// Nothing is recorded.
    #[default]
    Off,
    /// The user is asked whether everyone in this call agrees.
    AsksConsent(CallId),
    /// This call is to be recorded, as soon as the browser does.
    Starting(CallId),
    /// This call is recorded, with all of its conference.
    Running {
        /// The call.
        call: CallId,
        /// Since when.
        since: Instant,
    },
    /// The end of the recording of this call is being kept.
    Saving(CallId),
}

impl Recording {
    /// The call that it is about.
    pub fn call(self) -> Option<CallId> {
        match self {
            Self::Off => None,
            Self::AsksConsent(call)
            | Self::Starting(call)
            | Self::Running { call, .. }
            | Self::Saving(call) => Some(call),
        }
    }

    /// Since when it runs.
    pub fn since(self) -> Option<Instant> {
        match self {
            Self::Running { since, .. } => Some(since),
            _ => None,
        }
    }

    fn about(self, id: CallId) -> Self {
        match self {
            Self::Off => Self::Off,
            Self::AsksConsent(_) => Self::AsksConsent(id),
            Self::Starting(_) => Self::Starting(id),
            Self::Running { since, .. } => Self::Running { call: id, since },
            Self::Saving(_) => Self::Saving(id),
        }
    }
}

/// Why there is no recording, or no more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingFault {
    /// The browser cannot record.
    Unsupported,
    /// The browser keeps nothing of this page, so that a recording would be lost.
    NothingKept,
    /// The browser keeps no more of it, mostly for lack of room.
    Full,
    /// The browser stopped recording.
    Broken,
}

/// The state of recording in the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Recorder {
    policy: RecordingPolicy,
    state: Recording,
    /// The call that we place for the other side of the recorded one, which goes.
    successor: Option<CallId>,
}

impl Phone {
    /// Whoever hosts the page says this about recording.
    pub fn set_recording_policy(&mut self, policy: RecordingPolicy) {
        self.recorder.policy = policy;
    }

    /// What whoever hosts the page says about recording.
    pub fn recording_policy(&self) -> RecordingPolicy {
        self.recorder.policy
    }

    /// How far the recording of a call has come.
    pub fn recording(&self) -> Recording {
        self.recorder.state
    }

    /// Whether this call can be recorded, or is.
    pub fn may_record(&self, id: CallId) -> bool {
        self.recorder.policy.offered && self.get(id).is_some_and(|call| call.is_up())
    }

    /// Whether a recording runs that has in it what is said in this call, while it is not on hold.
    pub fn is_recorded(&self, id: CallId) -> bool {
        match self.recorder.state {
            Recording::Running { call, .. } | Recording::Saving(call) => {
                self.calls.together_with(call).contains(&id)
            }
            _ => false,
        }
    }

    /// Whether the other side of this call is told by a tone that it is recorded.
    pub fn beeps(&self, id: CallId) -> bool {
        self.recorder.policy.beeps && self.is_recorded(id) && self.is_heard(id)
    }

    /// The other side of the recorded call, with the address as the history has it. A conference
    /// bears the names of all its members.
    pub fn recorded_party(&self) -> Option<(Party, String)> {
        let recorded = self.get(self.recorder.state.call()?)?;
        let mut party = recorded.party.clone();
        let uri = if party.hidden { String::new() } else { kept_address(&recorded.uri) };
        if self.is_joined(recorded.id) {
            let members = self.together_with(recorded.id);
            let names: Vec<_> = members.map(|call| call.party.label()).collect();
            party.name = Some(names.join(", "));
        }
        Some((party, uri))
    }

    /// Starts to record a call, after the question for consent where there is one, or ends its
    /// recording.
    pub fn toggle_recording(&mut self, id: CallId) {
        match self.recorder.state {
            Recording::Off if self.may_record(id) => {
                self.notice = None;
                self.recorder.state = if self.recorder.policy.asks {
                    Recording::AsksConsent(id)
                } else {
                    Recording::Starting(id)
                };
            }
            Recording::Running { .. } if self.is_recorded(id) => self.stop_recording(),
            _ => {}
        }
    }

    /// Everyone agrees to be recorded, or not.
    pub fn consent_to_recording(&mut self, agreed: bool) {
        if let Recording::AsksConsent(call) = self.recorder.state {
            self.recorder.state = if agreed { Recording::Starting(call) } else { Recording::Off };
        }
    }

    /// The browser records the call from now on.
    pub fn recording_started(&mut self, now: Instant) {
        if let Recording::Starting(call) = self.recorder.state {
            self.recorder.state = Recording::Running { call, since: now };
        }
    }

    /// The recording ends here.
    pub fn stop_recording(&mut self) {
        if let Recording::Running { call, .. } = self.recorder.state {
            self.recorder.state = Recording::Saving(call);
        }
    }

    /// There is no recording, or no more of it. The call goes on.
    pub fn recording_failed(&mut self, fault: RecordingFault) {
        self.notice = Some(Notice::NotRecorded(fault));
        match self.recorder.state {
            Recording::Running { .. } => self.stop_recording(),
            Recording::Starting(_) => self.recorder.state = Recording::Off,
            _ => {}
        }
    }

    /// All of the recording is kept.
    pub fn recording_saved(&mut self) {
        if let Recording::Saving(_) = self.recorder.state {
            self.recorder.state = Recording::Off;
        }
    }

    /// We call somebody, by a call of this name, for the other side of that one, which wants to
    /// transfer us.
    pub(super) fn note_successor(&mut self, of: CallId, id: CallId) {
        if self.is_recorded(of) {
            self.recorder.successor = Some(id);
        }
    }

    /// These calls are joined: whoever is new in a recording must be told.
    pub(super) fn note_joined(&mut self) {
        let Some(recorded) = self.recorder.state.since().and(self.recorder.state.call()) else {
            return;
        };
        let others = self.together_with(recorded).filter(|call| call.id != recorded);
        let newest = others.last().map(|call| call.party.clone());
        self.notice = newest.map(Notice::StillRecording).or(self.notice.take());
    }

    /// A call has ended, in which these others were: its recording goes on with the one that takes
    /// its place, or with whoever remains of the conference, and ends otherwise.
    pub(super) fn follow_recording(&mut self, ended: CallId, others: &[CallId]) {
        if self.recorder.state.call() != Some(ended) {
            return;
        }
        let replaces = |id: &CallId| self.get(*id).is_some_and(|c| c.replaces == Some(ended));
        let successor = self.recorder.successor.filter(|id| self.get(*id).is_some());
        let successor = successor.or_else(|| self.calls().iter().map(|c| c.id).find(replaces));
        let remains = others.iter().copied().find(|id| *id != ended);
        let next = successor.or(remains);
        self.recorder.successor = None;
        match (self.recorder.state, next) {
            (Recording::Running { .. }, Some(next)) => {
                self.recorder.state = self.recorder.state.about(next);
                // Who has called anew to take its own place knows.
                let told = self.get(next).filter(|call| remains.is_none() && !call.takes_over);
                if let Some(call) = told {
                    self.notice = Some(Notice::StillRecording(call.party.clone()));
                }
            }
            (Recording::Running { .. }, None) => self.stop_recording(),
            (Recording::Saving(_), _) => {}
            _ => self.recorder.state = Recording::Off,
        }
    }
}
