//! The recording that runs, which is kept piece by piece, and those that are kept.

use super::{Moment, Output, Station};
use crate::phone::recordings::{Kept, Recordings};
use crate::phone::{Recording, RecordingFault};
use crate::time::Instant;
use std::time::Duration;

/// Something to do for the recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecorderRequest {
    /// Record from now on under this name, and say [`RecorderEvent::Started`] or
    /// [`RecorderEvent::NotStarted`].
    Start {
        /// The name.
        id: u64,
        /// A tone tells of it, again and again.
        beeps: bool,
    },
    /// Record no more.
    Stop {
        /// After a last tone.
        beep: bool,
    },
    /// Keep the piece of [`RecorderEvent::Piece`], which is this one of the recording, and say
    /// [`RecorderEvent::PieceKept`]. A piece without this is dropped.
    Keep {
        /// The name of the recording.
        id: u64,
        /// How many pieces there were before.
        place: u32,
        /// What is said of the recording from now on.
        label: String,
    },
    /// There is no more to come of the recording: say this of it, if anything, and then
    /// [`RecorderEvent::Saved`].
    Finish(Option<(u64, String)>),
    /// Say this of a recording that is kept.
    Label(u64, String),
    /// Delete a recording for good.
    Delete(u64),
}

/// Something that happens to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecorderEvent {
    /// The recordings of the account are found.
    Found {
        /// What is said of each.
        labels: Vec<String>,
        /// The names of those that other pages are making now.
        running: Vec<u64>,
    },
    /// It records, in this format.
    Started(String),
    /// It does not.
    NotStarted(RecordingFault),
    /// The next piece is there, with so many bytes.
    Piece(u64),
    /// Whether it is kept.
    PieceKept(bool),
    /// There are no more pieces.
    Ended,
    /// What was to be said at the end is said, or will be at the next visit.
    Saved,
}

/// The state of that.
#[derive(Default)]
pub(super) struct Recorder {
    list: Recordings,
    tape: Tape,
}

/// The recording that runs.
#[derive(Default)]
enum Tape {
    #[default]
    None,
    Starting(u64),
    Running(Box<Running>),
    /// What is said of it at the end is being written.
    Saving(Box<Running>),
}

struct Running {
    kept: Kept,
    began: Instant,
    /// How many pieces are kept.
    pieces: u32,
    /// How long it is with the one that is being written, and what room it takes then.
    next: (Duration, u64),
    /// No more is wanted.
    is_ending: bool,
    /// A piece is missing: what follows it cannot be played.
    is_torn: bool,
    /// It is of the account that is signed in.
    is_own: bool,
}

impl Station {
    /// The recordings that are kept.
    pub fn recordings(&self) -> &Recordings {
        &self.recorder.list
    }

    pub(super) fn handle_recorder(&mut self, moment: Moment, event: RecorderEvent) {
        match event {
            RecorderEvent::Found { labels, running } => {
                self.recorder.list.load(&labels, |id| running.contains(&id));
                self.outputs.push_back(Output::RecordingsChanged);
            }
            RecorderEvent::Started(kind) => self.recording_began(moment.now, kind),
            RecorderEvent::NotStarted(fault) => {
                self.recorder.tape = Tape::None;
                self.phone.recording_failed(fault);
            }
            RecorderEvent::Piece(bytes) => self.keep_piece(moment.now, bytes),
            RecorderEvent::PieceKept(is_kept) => self.piece_kept(is_kept),
            RecorderEvent::Ended => self.recording_ended(),
            RecorderEvent::Saved => self.recording_saved(),
        }
    }

    /// Has the recorder do what the telephone wants.
    pub(super) fn follow_recording(&mut self, moment: Moment) {
        match (self.phone.recording(), &mut self.recorder.tape) {
            (Recording::Starting(_), Tape::None) => {
                let id = self.recorder.list.fresh_id(moment.time_of_day);
                let beeps = self.phone.recording_policy().beeps;
                self.recorder.tape = Tape::Starting(id);
                self.ask_recorder(RecorderRequest::Start { id, beeps });
            }
            (Recording::Running { call, .. }, Tape::Running(running)) => {
                if let Some((party, _)) = self.phone.recorded_party()
                    && party.name.is_some()
                    && self.phone.is_joined(call)
                {
                    running.kept.party = party;
                }
            }
            (recording, Tape::Running(running)) if !running.is_ending => {
                running.is_ending = true;
                // A last tone, where somebody hears it.
                let beep = recording.call().is_some_and(|call| self.phone.beeps(call));
                self.ask_recorder(RecorderRequest::Stop { beep });
            }
            _ => {}
        }
    }

    /// Deletes a recording for good.
    pub(super) fn delete_recording(&mut self, id: u64) {
        self.recorder.list.remove(id);
        self.ask_recorder(RecorderRequest::Delete(id));
        self.outputs.push_back(Output::RecordingsChanged);
    }

    /// The user has heard of the one that is offered.
    pub(super) fn dismiss_recording(&mut self) {
        if let Some(known) = self.recorder.list.dismiss() {
            self.ask_recorder(RecorderRequest::Label(known.id, known.write()));
        }
        self.outputs.push_back(Output::RecordingsChanged);
    }

    /// Those of the account that is left are not shown any more. One that runs is kept to its end.
    pub(super) fn close_recordings(&mut self) {
        self.recorder.list = Recordings::default();
        if let Tape::Running(running) | Tape::Saving(running) = &mut self.recorder.tape {
            running.is_own = false;
        }
    }

    fn ask_recorder(&mut self, request: RecorderRequest) {
        self.outputs.push_back(Output::Recorder(request));
    }

    fn recording_began(&mut self, now: Instant, kind: String) {
        let Tape::Starting(id) = self.recorder.tape else { return };
        let (party, uri) = self.phone.recorded_party().unwrap_or_default();
        let kept = Kept {
            id,
            party,
            uri,
            length: Default::default(),
            bytes: 0,
            kind,
            finished: false,
            rest: String::new(),
        };
        self.recorder.tape = Tape::Running(Box::new(Running {
            kept,
            next: Default::default(),
            began: now,
            pieces: 0,
            is_ending: false,
            is_torn: false,
            is_own: true,
        }));
        self.phone.recording_started(now);
    }

    fn keep_piece(&mut self, now: Instant, bytes: u64) {
        let Tape::Running(running) = &mut self.recorder.tape else { return };
        if running.is_torn {
            return;
        }
        running.next = (now - running.began, running.kept.bytes + bytes);
        let (length, bytes) = running.next;
        let label = Kept { length, bytes, ..running.kept.clone() }.write();
        let (id, place) = (running.kept.id, running.pieces);
        self.ask_recorder(RecorderRequest::Keep { id, place, label });
    }

    fn piece_kept(&mut self, is_kept: bool) {
        let Tape::Running(running) = &mut self.recorder.tape else { return };
        if is_kept {
            running.pieces += 1;
            (running.kept.length, running.kept.bytes) = running.next;
            return;
        }
        // The call is left alone.
        running.is_torn = true;
        if !std::mem::replace(&mut running.is_ending, true) {
            self.phone.recording_failed(RecordingFault::Full);
        }
        self.ask_recorder(RecorderRequest::Stop { beep: false });
    }

    fn recording_ended(&mut self) {
        let mut running = match std::mem::take(&mut self.recorder.tape) {
            Tape::Running(running) => running,
            other => return self.recorder.tape = other,
        };
        if !running.is_ending {
            self.phone.recording_failed(RecordingFault::Broken);
        }
        running.kept.finished = true;
        let kept = &running.kept;
        let label = (kept.bytes > 0).then(|| (kept.id, kept.write()));
        self.ask_recorder(RecorderRequest::Finish(label));
        self.recorder.tape = Tape::Saving(running);
    }

    fn recording_saved(&mut self) {
        let running = match std::mem::take(&mut self.recorder.tape) {
            Tape::Saving(running) => running,
            other => return self.recorder.tape = other,
        };
        self.phone.recording_saved();
        if running.is_own && running.kept.bytes > 0 {
            self.recorder.list.add(running.kept);
        }
        self.outputs.push_back(Output::RecordingsChanged);
    }
}
