//! The calls of the past: made, received, missed.

use super::contacts::{Contacts, Suggestion};
use super::entry::{Entry, Finished, Outcome};
use super::kept::{SEEN, Shelf, Write, fresh_id};
use super::numbers::{Query, Searched, key, same};
use std::sync::Arc;

/// As many calls are kept.
pub const KEPT: usize = 10_000;
/// Of so many calls a minute that nobody took a note is made: of one caller, and of all who are no
/// contacts.
const MOST_OF_CALLER: usize = 10;
const MOST_OF_STRANGERS: usize = 60;
const MINUTE: u64 = 60_000;

/// Which calls a search looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Those that nobody answered here.
    Missed,
    /// Those that we placed.
    Made,
    /// Those that we answered.
    Received,
}

impl Filter {
    fn allows(self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Made | Outcome::Failed => self == Self::Made,
            Outcome::Received => self == Self::Received,
            Outcome::Missed => self == Self::Missed,
            Outcome::AnsweredElsewhere | Outcome::Declined => false,
        }
    }
}

/// The calls of the past, the newest first. A clone costs nothing: whoever looks at the telephone has
/// one.
#[derive(Debug, Clone, Default)]
pub struct History {
    rows: Arc<Vec<Arc<Row>>>,
    /// The newest call that was on the display while the user looked.
    seen: u64,
    deleted: Arc<Vec<Arc<Row>>>,
}

#[derive(Debug, Clone)]
struct Row {
    entry: Entry,
    /// The address in its canonical form.
    number: String,
    /// What a search looks at.
    searched: Searched,
}

impl History {
    /// Takes in what earlier visits kept: the calls, and the mark [`SEEN`]. What cannot be read is
    /// passed over.
    pub fn load(&mut self, calls: &[String], marks: &[String], contacts: &Contacts) {
        let read = calls.iter().filter_map(|text| Entry::parse(text));
        let rows = read.map(|entry| Arc::new(Row::new(entry, contacts)));
        self.take_back(rows);
        self.rows_mut().dedup_by_key(|row| row.entry.id);
        let seen = marks.iter().filter_map(|mark| mark.parse().ok()).max();
        self.seen = self.seen.max(seen.unwrap_or_default());
    }

    /// Adds a call that ended at `now_ms`, in milliseconds since 1970.
    pub fn add(&mut self, finished: Finished, now_ms: u64, contacts: &Contacts) -> Vec<Write> {
        let id = fresh_id(now_ms, self.rows.first().map(|row| row.entry.id));
        let entry = Entry::new(id, now_ms, finished);
        if self.is_flooded(&entry, now_ms, contacts) {
            return Vec::new();
        }
        let mut writes = vec![entry.put()];
        self.rows_mut().insert(0, Arc::new(Row::new(entry, contacts)));
        while self.rows.len() > KEPT {
            let place = self.least(contacts);
            writes.push(forget(self.rows_mut().remove(place).entry.id));
        }
        writes
    }

    /// The contacts are others than `before`, and with them the names that a search finds.
    pub fn rename(&mut self, contacts: &Contacts, before: &Contacts) {
        let changed = contacts.changed_since(before);
        let is_changed = |row: &Arc<Row>| changed.binary_search(&key(&row.number)).is_ok();
        for rows in [&mut self.rows, &mut self.deleted] {
            if rows.iter().any(is_changed) {
                for row in Arc::make_mut(rows).iter_mut().filter(|row| is_changed(row)) {
                    Arc::make_mut(row).name(contacts);
                }
            }
        }
    }

    /// Whether nothing has changed since the other was cloned from this one, or this one from it.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_same = |(own, other): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(own, other);
        [(&self.rows, &other.rows), (&self.deleted, &other.deleted)].into_iter().all(is_same)
            && self.seen == other.seen
    }

    /// The call of this name.
    pub fn get(&self, id: u64) -> Option<&Entry> {
        self.position(id).map(|index| &self.rows[index].entry)
    }

    /// The names of the calls that match a query, all or one kind of them, the newest first.
    pub fn search(&self, typed: &str, only: Option<Filter>) -> Vec<u64> {
        let query = Query::new(typed);
        let wanted = |row: &&Arc<Row>| {
            only.is_none_or(|only| only.allows(row.entry.outcome))
                && (query.is_empty() || query.matches(&row.searched))
        };
        self.rows.iter().filter(wanted).map(|row| row.entry.id).collect()
    }

    /// All calls, the newest first.
    #[cfg(test)]
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.rows.iter().map(|row| &row.entry)
    }

    /// At most `most` of those with whom there were calls and who match what is typed.
    pub fn suggest(&self, typed: &str, contacts: &Contacts, most: usize) -> Vec<Suggestion> {
        let query = Query::new(typed);
        let mut found: Vec<(&str, Suggestion)> = Vec::new();
        for row in self.rows.iter() {
            let Row { entry, number, searched } = &**row;
            if found.len() == most || query.is_empty() {
                break;
            }
            let is_new = found.iter().all(|(known, _)| !same(known, number));
            if is_new && entry.can_be_called() && query.matches(searched) {
                let known = contacts.owner_of_canonical(number);
                let name = known.map(|contact| &contact.name).or(entry.party.name.as_ref());
                let (name, address) = (name.cloned(), entry.party.address.clone());
                found.push((number, Suggestion { name, address }));
            }
        }
        found.into_iter().map(|(_, suggestion)| suggestion).collect()
    }

    /// How many calls were missed since the user last looked.
    pub fn missed(&self) -> usize {
        let new = self.rows.iter().take_while(|row| row.entry.id > self.seen);
        new.filter(|row| row.entry.outcome == Outcome::Missed).count()
    }

    /// The user looks at the history.
    pub fn look(&mut self) -> Option<Write> {
        let newest = self.rows.first().map(|row| row.entry.id).filter(|id| *id > self.seen)?;
        self.seen = newest;
        Some(Write::Put(Shelf::Marks, SEEN, newest.to_string()))
    }

    /// Deletes a call, which can be undone until the next is deleted.
    pub fn delete(&mut self, id: u64) -> Option<Write> {
        let index = self.position(id)?;
        self.deleted = Arc::new(vec![self.rows_mut().remove(index)]);
        Some(forget(id))
    }

    /// Deletes all calls, which can be undone until the next is deleted.
    pub fn delete_all(&mut self) -> Vec<Write> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        self.deleted = std::mem::take(&mut self.rows);
        // What another page of the account has kept since is not among them, and stays.
        self.deleted.iter().map(|row| forget(row.entry.id)).collect()
    }

    /// How many calls [`Self::undo`] would bring back.
    pub fn deleted(&self) -> usize {
        self.deleted.len()
    }

    /// Brings back what was deleted last.
    pub fn undo(&mut self) -> Vec<Write> {
        let deleted = std::mem::take(&mut self.deleted);
        self.take_back(deleted.iter().cloned());
        deleted.iter().map(|row| row.entry.put()).collect()
    }

    /// What was deleted stays so.
    pub fn forget_deleted(&mut self) {
        self.deleted = Arc::default();
    }

    /// Whether strangers call so often that the rest is not worth a note.
    fn is_flooded(&self, entry: &Entry, now_ms: u64, contacts: &Contacts) -> bool {
        if !entry.is_of_stranger(contacts) {
            return false;
        }
        let minute = now_ms.saturating_sub(MINUTE)..=now_ms;
        let new = self.rows.iter().map(|row| &row.entry).take(MOST_OF_STRANGERS);
        let new = new.filter(|other| minute.contains(&other.at) && other.is_of_stranger(contacts));
        let new: Vec<_> = new.collect();
        let own = new.iter().filter(|other| other.party.address == entry.party.address);
        new.len() >= MOST_OF_STRANGERS || own.count() >= MOST_OF_CALLER
    }

    /// Which call goes first: the oldest that a stranger made in vain, or else the oldest of all. The
    /// newest stays.
    fn least(&self, contacts: &Contacts) -> usize {
        let strange = self.rows.iter().rposition(|row| row.entry.is_of_stranger(contacts));
        strange.filter(|place| *place > 0).unwrap_or(self.rows.len() - 1)
    }

    /// Puts these in order among those that are.
    fn take_back(&mut self, rows: impl Iterator<Item = Arc<Row>>) {
        let own = self.rows_mut();
        own.extend(rows);
        own.sort_by_key(|row| std::cmp::Reverse(row.entry.id));
    }

    fn rows_mut(&mut self) -> &mut Vec<Arc<Row>> {
        Arc::make_mut(&mut self.rows)
    }

    fn position(&self, id: u64) -> Option<usize> {
        self.rows.binary_search_by(|row| id.cmp(&row.entry.id)).ok()
    }
}

impl Row {
    fn new(entry: Entry, contacts: &Contacts) -> Self {
        let number = contacts.canonical(&entry.party.address);
        let mut row = Self { entry, number, searched: Searched::default() };
        row.name(contacts);
        row
    }

    /// Has a search find the name that the contacts give.
    fn name(&mut self, contacts: &Contacts) {
        let party = &self.entry.party;
        let known = contacts.owner_of_canonical(&self.number).map(|contact| &contact.name);
        let name = known.or(party.name.as_ref()).map_or("", String::as_str);
        self.searched = Searched::new(&[name, "\n", &party.address].concat());
    }
}

fn forget(id: u64) -> Write {
    Write::Delete(Shelf::Calls, id)
}
