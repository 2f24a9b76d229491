//! What is kept of an account in the browser's database, and when it is written there: what the
//! telephone wants kept goes out in batches, one at a time, and again where it could not be written.

use super::{Output, Station};
use crate::phone::kept::{Shelf, Write};
use crate::phone::{Notice, entry};
use crate::sip::ua::Command;
use crate::time::Instant;
use std::time::Duration;

/// A database that is not open by then is held by another tab, or the browser does not say.
const LATE: Duration = Duration::from_secs(5);
/// What could not be written is tried again after this, or with what is to be written next.
const AGAIN: Duration = Duration::from_secs(30);
/// So many calls of pages that could write nothing any more are taken over.
const MOST_LEFT: usize = 100;

/// What became of the database, or of what was to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is open, and all that is in it: calls, contacts, marks and messages.
    Read([Vec<String>; 4]),
    /// It cannot be had.
    Unavailable,
    /// The batch of this number is written.
    Written(u32),
    /// It is not.
    Failed(u32),
}

/// The state of that.
#[derive(Default)]
pub(super) struct Keeping {
    keeper: Keeper,
    /// The page goes away, perhaps before the database has written anything: nothing waits.
    is_leaving: bool,
    /// How many batches there were.
    count: u32,
}

/// Where changes go.
#[derive(Default)]
enum Keeper {
    /// Nowhere: nobody is signed in, or the browser keeps nothing.
    #[default]
    Nowhere,
    /// Into the database, as soon as it is open. The user is told when that is late.
    Opening { waiting: Vec<Write>, late: Option<Instant> },
    Open {
        waiting: Vec<Write>,
        under_way: Vec<Batch>,
        has_failed: bool,
        /// When what has failed is tried again.
        again: Option<Instant>,
    },
}

/// What is being written together.
struct Batch {
    number: u32,
    writes: Vec<Write>,
    has_failed: bool,
}

impl Keeping {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match &self.keeper {
            Keeper::Nowhere => None,
            Keeper::Opening { late, .. } => *late,
            Keeper::Open { again, .. } => *again,
        }
    }

    /// What is to be written now: what waits, once nothing is under way, or `at_once`.
    fn next(&mut self, at_once: bool) -> Option<(u32, Vec<Write>)> {
        let Keeper::Open { waiting, under_way, again, .. } = &mut self.keeper else { return None };
        let can_write = at_once || (under_way.is_empty() && again.is_none());
        if waiting.is_empty() || !can_write {
            return None;
        }
        self.count = self.count.wrapping_add(1);
        let batch =
            Batch { number: self.count, writes: std::mem::take(waiting), has_failed: false };
        let writes = batch.writes.clone();
        under_way.push(batch);
        Some((self.count, writes))
    }
}

impl Station {
    /// Has the database of an account be opened. What an earlier page could not write any more is among
    /// what is to be written.
    pub(super) fn open_book(&mut self, now: Instant, name: String) {
        let left = self.ground.store.get(&name).unwrap_or_default();
        let left = left.lines().rev().take(MOST_LEFT);
        let left = left.filter_map(|text| Some((entry::id_of(text)?, text.into())));
        let waiting = left.map(|(id, text)| Write::Put(Shelf::Calls, id, text)).collect();
        self.keeping.keeper = Keeper::Opening { waiting, late: Some(now + LATE) };
        self.close_recordings();
        self.outputs.push_back(Output::OpenBook(name.clone()));
        self.book = name;
    }

    /// Nothing more is kept of the account, once what waits is written.
    pub(super) fn close_book(&mut self) {
        self.keep_due(true);
        self.keeping.keeper = Keeper::Nowhere;
        self.close_recordings();
        self.outputs.push_back(Output::CloseBook);
    }

    /// Whether the page goes away.
    pub(super) fn is_leaving(&self) -> bool {
        self.keeping.is_leaving
    }

    /// There may be no later: what waits is written.
    pub(super) fn leave_book(&mut self) {
        self.keeping.is_leaving = true;
        self.keep_due(true);
    }

    pub(super) fn return_to_book(&mut self) {
        self.keeping.is_leaving = false;
    }

    /// Leaves these calls to the next page, as the database may write nothing any more. Where it never
    /// opens, nobody takes them from there.
    fn leave_to_next(&self, calls: &[&str]) {
        let others = self.ground.store.get(&self.book).unwrap_or_default();
        let mut left: Vec<_> = others.lines().rev().take(MOST_LEFT).collect();
        left.reverse();
        left.extend(calls);
        self.ground.store.set(&self.book, &left.join("\n"));
    }

    /// Has what the telephone wants kept be written, as soon as it can, or `at_once`.
    pub(super) fn keep_due(&mut self, at_once: bool) {
        let writes = self.phone.take_writes();
        let is_new = !writes.is_empty();
        if self.keeping.is_leaving {
            let calls: Vec<_> = writes.iter().filter_map(call_of).collect();
            if !calls.is_empty() {
                self.leave_to_next(&calls);
            }
        }
        match &mut self.keeping.keeper {
            Keeper::Nowhere => return,
            Keeper::Opening { waiting, .. } => waiting.extend(writes),
            Keeper::Open { waiting, again, .. } => {
                again.take_if(|_| is_new);
                waiting.extend(writes);
            }
        }
        // There may be no later; but what has just failed is not tried again without a pause.
        let at_once = at_once || (self.keeping.is_leaving && is_new);
        if let Some((number, writes)) = self.keeping.next(at_once) {
            self.outputs.push_back(Output::Keep(number, writes));
        }
    }

    pub(super) fn handle_kept(&mut self, now: Instant, kept: Kept) -> Vec<Command> {
        match kept {
            Kept::Read([mut calls, contacts, marks, messages]) => {
                let Keeper::Opening { waiting, .. } = &mut self.keeping.keeper else {
                    return Vec::new();
                };
                let waiting = std::mem::take(waiting);
                // The calls that an earlier page has left there are among what is written now.
                self.ground.store.remove(&self.book);
                calls.extend(waiting.iter().filter_map(call_of).map(str::to_owned));
                self.keeping.keeper =
                    Keeper::Open { waiting, under_way: Vec::new(), has_failed: false, again: None };
                self.phone.withdraw(&Notice::BookIsLate);
                return self.phone.load([&calls, &marks, &contacts, &messages]);
            }
            Kept::Unavailable => {
                self.keeping.keeper = Keeper::Nowhere;
                self.phone.notify(Notice::NothingKept);
            }
            Kept::Written(number) => self.written(now, number, true),
            Kept::Failed(number) => self.written(now, number, false),
        }
        Vec::new()
    }

    /// It is late, or time to try again.
    pub(super) fn keep_in_time(&mut self, now: Instant) {
        match &mut self.keeping.keeper {
            Keeper::Nowhere => {}
            Keeper::Opening { late, .. } => {
                if late.take_if(|at| *at <= now).is_some() {
                    self.phone.notify(Notice::BookIsLate);
                }
            }
            Keeper::Open { again, .. } => drop(again.take_if(|at| *at <= now)),
        }
    }

    fn written(&mut self, now: Instant, number: u32, is_kept: bool) {
        let Keeper::Open { waiting, under_way, has_failed, again } = &mut self.keeping.keeper
        else {
            return;
        };
        let Some(at) = under_way.iter().position(|batch| batch.number == number) else { return };
        if is_kept {
            let written = under_way.remove(at);
            // What is newer stays.
            for older in &mut under_way[..at] {
                older
                    .writes
                    .retain(|old| written.writes.iter().all(|new| place(new) != place(old)));
            }
        } else {
            under_way[at].has_failed = true;
        }
        under_way.retain(|batch| !batch.writes.is_empty());
        // They are tried again in the order in which they came.
        if under_way.iter().all(|batch| batch.has_failed) {
            let later = std::mem::take(waiting);
            for batch in under_way.drain(..) {
                *again = Some(now + AGAIN);
                waiting.extend(batch.writes);
            }
            waiting.extend(later);
        }
        let fails = !is_kept || again.is_some() || under_way.iter().any(|batch| batch.has_failed);
        match (std::mem::replace(has_failed, fails), fails) {
            (true, false) => self.phone.withdraw(&Notice::NothingKept),
            (false, true) => self.phone.notify(Notice::NothingKept),
            _ => {}
        }
    }
}

/// Where this is written.
fn place(write: &Write) -> (Shelf, u64) {
    match write {
        Write::Put(shelf, number, _) | Write::Delete(shelf, number) => (*shelf, *number),
    }
}

/// The call that this keeps, if it does that.
fn call_of(write: &Write) -> Option<&str> {
    match write {
        Write::Put(Shelf::Calls, _, text) => Some(text),
        _ => None,
    }
}
