//! The recordings: the one that runs, into which the sound of a call goes, and those that are kept.

use super::media::Media;
use super::{Driver, Inner, moment};
use crate::phone::recordings::{Kept, Recordings};
use crate::phone::{Phone, Recording, RecordingFault};
use crate::platform::database::DatabaseError;
use crate::platform::timer::sleep;
use crate::platform::{Lock, Recorder, RecorderEvent, Tapes, clock, locks, timer};
use crate::time::Instant;
use js_sys::ArrayBuffer;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, MediaStream};

/// How soon it is looked again whether another page still makes a recording.
const AGAIN: Duration = Duration::from_secs(3);

/// How long the last tone takes on its way into the recording and to the other side.
const LAST_BEEP: Duration = Duration::from_millis(500);

/// The recordings of an account, and where they are kept.
#[derive(Default)]
pub(super) struct Shelf {
    list: Recordings,
    tapes: Option<Rc<Tapes>>,
    /// The name of their database.
    name: String,
}

/// The recording that runs.
pub(super) struct Tape {
    recorder: Recorder,
    began: Instant,
    kept: Kept,
    tapes: Rc<Tapes>,
    /// How many pieces there have been.
    pieces: u32,
    /// What waits to be kept, in its order.
    waiting: VecDeque<RecorderEvent>,
    is_writing: bool,
    /// No more is wanted.
    is_ending: bool,
    /// Other pages see by this that it runs.
    _lock: Lock,
}

impl Tape {
    /// The tone that the other side hears of it.
    pub(super) fn beep(&self) -> Option<MediaStream> {
        self.recorder.beep()
    }

    /// Has in it what is heard of the recorded calls.
    pub(super) fn follow(&mut self, phone: &Phone, media: &Media) {
        self.recorder.hear(&media.recorded(phone));
        if let Some((party, _)) = phone.recorded_party()
            && party.name.is_some()
            && phone.recording().call().is_some_and(|call| phone.is_joined(call))
        {
            self.kept.party = party;
        }
    }
}

/// The name of the database of the recordings that go with a book.
pub(super) fn recordings_of(book: &str) -> String {
    [book, ":recordings"].concat()
}

impl Driver {
    /// Reads something of the recordings that are kept.
    pub fn recordings<T>(&self, read: impl FnOnce(&Recordings) -> T) -> T {
        read(&self.0.borrow().book.shelf.list)
    }

    /// The sound of a recording, where it can be read.
    pub async fn recording(&self, id: u64) -> Option<Blob> {
        let kind = self.recordings(|list| list.get(id).map(|kept| kept.kind.clone()))?;
        let tapes = self.0.borrow().book.shelf.tapes.clone()?;
        tapes.sound(id, &kind).await.ok()
    }

    /// Deletes a recording for good.
    pub(super) fn delete_recording(&self, id: u64) {
        let tapes = {
            let shelf = &mut self.0.borrow_mut().book.shelf;
            shelf.list.remove(id);
            shelf.tapes.clone()
        };
        self.book_changed();
        spawn_local(async move {
            if let Some(tapes) = tapes {
                // What is not deleted is there again at the next visit.
                let _ = tapes.delete(id).await;
            }
        });
    }

    /// The user has heard of the recording that is offered.
    pub(super) fn dismiss_recording(&self) {
        let (known, tapes) = {
            let shelf = &mut self.0.borrow_mut().book.shelf;
            (shelf.list.dismiss(), shelf.tapes.clone())
        };
        self.book_changed();
        if let (Some(known), Some(tapes)) = (known, tapes) {
            spawn_local(async move {
                // It is offered once more at the next visit.
                let _ = tapes.label(known.id, &known.write()).await;
            });
        }
    }

    /// Finds the recordings of the account whose book has this name.
    pub(super) fn open_shelf(&self, book: &str, account: u32) {
        let name = recordings_of(book);
        self.0.borrow_mut().book.shelf.name.clone_from(&name);
        let driver = self.clone();
        spawn_local(async move {
            let mut locks = locks::held().await;
            // A page that is being closed holds its own for a moment yet.
            if locks.iter().any(|lock| lock.starts_with(&name)) {
                timer::sleep(AGAIN).await;
                locks = locks::held().await;
            }
            let Ok((tapes, labels)) = read(&name).await else { return };
            {
                let book = &mut driver.0.borrow_mut().book;
                if book.account != account {
                    return;
                }
                book.shelf.tapes = Some(Rc::new(tapes));
                book.shelf.list.load(&labels, |id| locks.contains(&lock(&name, id)));
            }
            driver.book_changed();
        });
    }

    /// Has the recorder do what the telephone wants.
    pub(super) fn follow_recording(&self) {
        let (recording, is_ending) = {
            let Inner { station, tape, .. } = &*self.0.borrow();
            (station.phone().recording(), tape.as_ref().map(|tape| tape.is_ending))
        };
        match (recording, is_ending) {
            (Recording::Starting(_), None) => self.start_recording(),
            (Recording::Running { .. }, _) => {}
            (_, Some(false)) => self.end_recording(),
            _ => {}
        }
    }

    fn start_recording(&self) {
        let started = self.try_recording();
        let mut phone = self.phone();
        match started {
            Ok(()) => phone.recording_started(clock::now()),
            Err(fault) => phone.recording_failed(fault),
        }
    }

    fn try_recording(&self) -> Result<(), RecordingFault> {
        if !Recorder::is_supported() {
            return Err(RecordingFault::Unsupported);
        }
        let inner = &mut *self.0.borrow_mut();
        let tapes = inner.book.shelf.tapes.clone().ok_or(RecordingFault::NothingKept)?;
        let beeps = inner.station.phone().recording_policy().beeps;
        let driver = self.clone();
        let recorder = Recorder::start(beeps, move |event| driver.recorded(event));
        let recorder = recorder.ok_or(RecordingFault::Broken)?;
        let (party, uri) = inner.station.phone().recorded_party().unwrap_or_default();
        let id = inner.book.shelf.list.fresh_id(clock::wall_clock_ms() as u64);
        let kept = Kept {
            id,
            party,
            uri,
            length: Duration::ZERO,
            bytes: 0,
            kind: recorder.kind(),
            finished: false,
            rest: String::new(),
        };
        inner.tape = Some(Tape {
            recorder,
            began: clock::now(),
            kept,
            tapes,
            pieces: 0,
            waiting: VecDeque::new(),
            is_writing: false,
            is_ending: false,
            _lock: Lock::hold(&lock(&inner.book.shelf.name, id)),
        });
        Ok(())
    }

    /// Ends the recording, with a last tone where somebody hears it.
    fn end_recording(&self) {
        let told = {
            let Inner { station, tape: Some(tape), .. } = &mut *self.0.borrow_mut() else { return };
            let phone = station.phone();
            tape.is_ending = true;
            let told = phone.recording().call().is_some_and(|call| phone.beeps(call));
            if told {
                tape.recorder.last_beep();
            } else {
                tape.recorder.stop();
            }
            told
        };
        if told {
            let driver = self.clone();
            spawn_local(async move {
                sleep(LAST_BEEP).await;
                if let Some(tape) = &driver.0.borrow().tape {
                    tape.recorder.stop();
                }
            });
        }
    }

    /// Takes what the recorder gives, to be kept piece by piece.
    fn recorded(&self, event: RecorderEvent) {
        let starts = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return };
            tape.waiting.push_back(event);
            !std::mem::replace(&mut tape.is_writing, true)
        };
        if starts {
            let driver = self.clone();
            spawn_local(async move { while driver.keep_next().await {} });
        }
    }

    /// Keeps what waits longest. Returns whether there may be more.
    async fn keep_next(&self) -> bool {
        let next = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return false };
            let next = tape.waiting.pop_front();
            tape.is_writing = next.is_some();
            next
        };
        match next {
            None => false,
            Some(RecorderEvent::Piece(piece)) => {
                if self.keep(&piece).await.is_err() {
                    self.lose_recording(RecordingFault::Full);
                }
                true
            }
            Some(RecorderEvent::Ended) => {
                self.finish_recording().await;
                false
            }
        }
    }

    async fn keep(&self, piece: &Blob) -> Result<(), DatabaseError> {
        let sound = JsFuture::from(piece.array_buffer()).await?;
        let sound: ArrayBuffer = sound.unchecked_into();
        let (tapes, place, kept) = {
            let inner = &mut *self.0.borrow_mut();
            let Some(tape) = &mut inner.tape else { return Ok(()) };
            let mut kept = tape.kept.clone();
            kept.length = clock::now() - tape.began;
            kept.bytes += u64::from(sound.byte_length());
            (tape.tapes.clone(), tape.pieces, kept)
        };
        tapes.add(kept.id, &kept.write(), place, &sound).await?;
        if let Some(tape) = &mut self.0.borrow_mut().tape {
            tape.pieces = place + 1;
            (tape.kept.length, tape.kept.bytes) = (kept.length, kept.bytes);
        }
        Ok(())
    }

    /// No more of the recording is kept; the call is left alone.
    fn lose_recording(&self, fault: RecordingFault) {
        let was_wanted = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return };
            // What follows a piece that is missing cannot be played.
            tape.waiting.retain(|event| matches!(event, RecorderEvent::Ended));
            tape.recorder.stop();
            !std::mem::replace(&mut tape.is_ending, true)
        };
        if was_wanted {
            self.update(|phone| phone.recording_failed(fault));
        }
    }

    /// There is no more to come: the recording is put to the others.
    async fn finish_recording(&self) {
        let tape = self.0.borrow_mut().tape.take();
        let Some(Tape { mut kept, tapes, is_ending, .. }) = tape else { return };
        if !is_ending {
            self.phone().recording_failed(RecordingFault::Broken);
        }
        kept.finished = true;
        if kept.bytes > 0 {
            // Where it is not kept, the recording is offered at the next visit.
            let _ = tapes.label(kept.id, &kept.write()).await;
        }
        {
            let inner = &mut *self.0.borrow_mut();
            inner.station.phone_mut(moment()).recording_saved();
            let is_own = inner.book.shelf.tapes.as_ref().is_some_and(|own| Rc::ptr_eq(own, &tapes));
            if is_own && kept.bytes > 0 {
                inner.book.shelf.list.add(kept);
            }
        }
        self.changed();
        self.book_changed();
    }
}

async fn read(name: &str) -> Result<(Tapes, Vec<String>), DatabaseError> {
    let tapes = Tapes::open(name).await?;
    let labels = tapes.labels().await?;
    Ok((tapes, labels))
}

/// The name of the lock that a page holds which makes this recording.
fn lock(shelf: &str, id: u64) -> String {
    [shelf, ":", &id.to_string()].concat()
}
