//! The recordings: the browser's recorder, and the database in which they are kept.

use super::queue::Queue;
use super::{Driver, Inner};
use crate::phone::RecordingFault;
use crate::phone::recordings::Recordings;
use crate::platform::database::DatabaseError;
use crate::platform::timer::sleep;
use crate::platform::{Lock, Recorder, Tapes, locks, recorder};
use crate::station::{Input, RecorderEvent, RecorderRequest};
use js_sys::ArrayBuffer;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, MediaStream};

/// How soon it is looked again whether another page still makes a recording.
const AGAIN: Duration = Duration::from_secs(3);
/// How long the last tone takes on its way into the recording and to the other side.
const LAST_BEEP: Duration = Duration::from_millis(500);

/// Where the recordings of an account are kept.
#[derive(Default)]
pub(super) struct Shelf {
    tapes: Option<Rc<Tapes>>,
    /// The name of their database.
    name: String,
}

/// The recording that runs.
pub(super) struct Tape {
    pub(super) recorder: Recorder,
    tapes: Rc<Tapes>,
    /// What has come of it, in its order.
    waiting: Queue<recorder::RecorderEvent>,
    /// What is to be done with the piece that came last.
    order: Option<Order>,
    /// Other pages see by this that it runs.
    _lock: Lock,
}

/// A piece is kept so: of which recording, in which place, and what is said of it.
type Order = (u64, u32, String);

impl Tape {
    /// The tone that the other side hears of it.
    pub(super) fn beep(&self) -> Option<MediaStream> {
        self.recorder.beep()
    }
}

/// The name of the database of the recordings that go with a book.
pub(super) fn recordings_of(book: &str) -> String {
    [book, ":recordings"].concat()
}

/// The name of the lock that a page holds which makes this recording.
fn lock(shelf: &str, id: u64) -> String {
    [shelf, ":", &id.to_string()].concat()
}

impl Driver {
    /// Reads something of the recordings that are kept.
    pub fn recordings<T>(&self, read: impl FnOnce(&Recordings) -> T) -> T {
        read(self.0.borrow().station.recordings())
    }

    /// The sound of a recording, where it can be read.
    pub async fn recording(&self, id: u64) -> Option<Blob> {
        let kind = self.recordings(|list| list.get(id).map(|kept| kept.kind.clone()))?;
        let tapes = self.0.borrow().book.shelf.tapes.clone()?;
        tapes.sound(id, &kind).await.ok()
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
                sleep(AGAIN).await;
                locks = locks::held().await;
            }
            let Ok((tapes, labels)) = read(&name).await else { return };
            {
                let book = &mut driver.0.borrow_mut().book;
                if book.account != account {
                    return;
                }
                book.shelf.tapes = Some(Rc::new(tapes));
            }
            let own = locks.iter().filter_map(|held| held.strip_prefix(&name)?.strip_prefix(':'));
            let running = own.filter_map(|id| id.parse().ok()).collect();
            driver.input(Input::Recorder(RecorderEvent::Found { labels, running }));
        });
    }

    pub(super) fn record(&self, request: RecorderRequest) {
        match request {
            RecorderRequest::Start { id, beeps } => {
                let event = match self.start_recording(id, beeps) {
                    Ok(kind) => RecorderEvent::Started(kind),
                    Err(fault) => RecorderEvent::NotStarted(fault),
                };
                self.input(Input::Recorder(event));
            }
            RecorderRequest::Stop { beep } => self.stop_recording(beep),
            RecorderRequest::Keep { id, place, label } => {
                if let Some(tape) = &mut self.0.borrow_mut().tape {
                    tape.order = Some((id, place, label));
                }
            }
            RecorderRequest::Finish(label) => self.finish_recording(label),
            RecorderRequest::Label(id, label) => {
                let Some(tapes) = self.0.borrow().book.shelf.tapes.clone() else { return };
                spawn_local(async move {
                    // It is offered once more at the next visit.
                    let _ = tapes.label(id, &label).await;
                });
            }
            RecorderRequest::Delete(id) => {
                let Some(tapes) = self.0.borrow().book.shelf.tapes.clone() else { return };
                spawn_local(async move {
                    // What is not deleted is there again at the next visit.
                    let _ = tapes.delete(id).await;
                });
            }
        }
    }

    fn start_recording(&self, id: u64, beeps: bool) -> Result<String, RecordingFault> {
        if !Recorder::is_supported() {
            return Err(RecordingFault::Unsupported);
        }
        let Inner { book, tape, .. } = &mut *self.0.borrow_mut();
        let tapes = book.shelf.tapes.clone().ok_or(RecordingFault::NothingKept)?;
        let driver = self.clone();
        let recorder = Recorder::start(beeps, move |event| driver.recorded(event));
        let recorder = recorder.ok_or(RecordingFault::Broken)?;
        let kind = recorder.kind();
        *tape = Some(Tape {
            recorder,
            tapes,
            waiting: Queue::default(),
            order: None,
            _lock: Lock::hold(&lock(&book.shelf.name, id)),
        });
        Ok(kind)
    }

    fn stop_recording(&self, beep: bool) {
        let inner = self.0.borrow();
        let Some(tape) = &inner.tape else { return };
        if !beep {
            return tape.recorder.stop();
        }
        tape.recorder.last_beep();
        let driver = self.clone();
        spawn_local(async move {
            sleep(LAST_BEEP).await;
            if let Some(tape) = &driver.0.borrow().tape {
                tape.recorder.stop();
            }
        });
    }

    /// Takes what the recorder gives, one after the other.
    fn recorded(&self, event: recorder::RecorderEvent) {
        let starts = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return };
            tape.waiting.push(event)
        };
        if starts {
            let driver = self.clone();
            spawn_local(async move { while driver.take_next().await {} });
        }
    }

    /// Takes what waits longest. Returns whether there may be more.
    async fn take_next(&self) -> bool {
        let next = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return false };
            tape.waiting.next()
        };
        match next {
            None => false,
            Some(recorder::RecorderEvent::Piece(piece)) => {
                let kept = self.keep(&piece).await;
                if let Some(is_kept) = kept.unwrap_or(Some(false)) {
                    self.input(Input::Recorder(RecorderEvent::PieceKept(is_kept)));
                }
                true
            }
            Some(recorder::RecorderEvent::Ended) => {
                self.input(Input::Recorder(RecorderEvent::Ended));
                false
            }
        }
    }

    /// Keeps a piece where that is wanted.
    async fn keep(&self, piece: &Blob) -> Result<Option<bool>, DatabaseError> {
        let sound = JsFuture::from(piece.array_buffer()).await?;
        let sound: ArrayBuffer = sound.unchecked_into();
        self.input(Input::Recorder(RecorderEvent::Piece(sound.byte_length().into())));
        let (order, tapes) = {
            let Some(tape) = &mut self.0.borrow_mut().tape else { return Ok(None) };
            (tape.order.take(), tape.tapes.clone())
        };
        let Some((id, place, label)) = order else { return Ok(None) };
        tapes.add(id, &label, place, &sound).await?;
        Ok(Some(true))
    }

    fn finish_recording(&self, label: Option<(u64, String)>) {
        let Some(tape) = self.0.borrow_mut().tape.take() else { return };
        let driver = self.clone();
        spawn_local(async move {
            if let Some((id, label)) = label {
                // Where it is not kept, the recording is offered at the next visit.
                let _ = tape.tapes.label(id, &label).await;
            }
            driver.input(Input::Recorder(RecorderEvent::Saved));
        });
    }
}

async fn read(name: &str) -> Result<(Tapes, Vec<String>), DatabaseError> {
    let tapes = Tapes::open(name).await?;
    let labels = tapes.labels().await?;
    Ok((tapes, labels))
}
