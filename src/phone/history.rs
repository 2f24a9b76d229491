//! The calls of the past: made, received, missed.

use super::call::{Call, Direction, Party, Progress, kept_address};
use super::contacts::{Contacts, Suggestion};
use super::kept::{SEEN, Shelf, Write, fresh_id};
use super::numbers::{Query, fold, mean_the_same};
use super::quality::Summary;
use crate::sip::ua::{EndReason, MediaFailure};
use crate::time::Instant;
use std::time::Duration;

/// As many calls are kept.
pub const KEPT: usize = 10_000;
/// Of so many calls a minute that nobody took a note is made: of one caller, and of all who are no
/// contacts.
const MOST_OF_CALLER: usize = 10;
const MOST_OF_STRANGERS: usize = 60;
const MINUTE: u64 = 60_000;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// We called. Without a length, nobody answered before we gave up.
    Made,
    /// We called, and it did not come about.
    Failed,
    /// We answered.
    Received,
    /// Nobody answered.
    Missed,
    /// Another telephone of ours answered.
    AnsweredElsewhere,
    /// We declined, here or elsewhere.
    Declined,
}

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

/// Why a call did not come about, or broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server or the other side said so, with this SIP status.
    Status(u16),
    /// There was no microphone.
    Microphone,
    /// There was no line to the server.
    NoLine,
    /// The call broke off.
    Broken,
    /// There were as many calls as there may be.
    InCall,
}

/// A call that is over, by the clock of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    pub(super) call: Call,
    pub(super) ended: Instant,
    pub(super) reason: EndReason,
}

/// One call of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Names it.
    pub id: u64,
    /// When it began, in milliseconds since 1970-01-01 UTC.
    pub at: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// With whom, as the display showed it.
    pub party: Party,
    /// What to call to reach them again.
    pub uri: String,
    /// How long the two talked.
    pub length: Option<Duration>,
    /// What went wrong.
    pub cause: Option<Cause>,
    /// How it sounded.
    pub quality: Option<Summary>,
}

/// The calls of the past, the newest first.
#[derive(Debug, Default)]
pub struct History {
    rows: Vec<Row>,
    /// The newest call that was on the display while the user looked.
    seen: u64,
    deleted: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    entry: Entry,
    /// What a search looks at.
    folded: String,
}

impl History {
    /// Takes in what earlier visits kept: the calls, and the mark [`SEEN`]. What cannot be read is
    /// passed over.
    pub fn load(&mut self, calls: &[String], marks: &[String], contacts: &Contacts) {
        let read = calls.iter().filter_map(|text| Entry::parse(text));
        self.rows.extend(read.map(|entry| Row { entry, folded: String::new() }));
        self.arrange();
        self.rows.dedup_by_key(|row| row.entry.id);
        let seen = marks.iter().filter_map(|mark| mark.parse().ok()).max();
        self.seen = self.seen.max(seen.unwrap_or_default());
        self.rename(contacts);
    }

    /// Adds a call that ended at `now_ms`, in milliseconds since 1970.
    pub fn add(&mut self, finished: Finished, now_ms: u64, contacts: &Contacts) -> Vec<Write> {
        let id = fresh_id(now_ms, self.rows.first().map(|row| row.entry.id));
        let entry = Entry::new(id, now_ms, finished);
        if self.is_flooded(&entry, now_ms, contacts) {
            return Vec::new();
        }
        let mut writes = vec![entry.put()];
        let folded = searched(&entry, contacts);
        self.rows.insert(0, Row { entry, folded });
        while self.rows.len() > KEPT {
            let place = self.least(contacts);
            writes.push(forget(self.rows.remove(place).entry.id));
        }
        writes
    }

    /// The contacts have changed, and with them the names that a search finds.
    pub fn rename(&mut self, contacts: &Contacts) {
        for row in &mut self.rows {
            row.folded = searched(&row.entry, contacts);
        }
    }

    /// The call of this name.
    pub fn get(&self, id: u64) -> Option<&Entry> {
        self.position(id).map(|index| &self.rows[index].entry)
    }

    /// The names of the calls that match a query, all or one kind of them, the newest first.
    pub fn search(&self, typed: &str, only: Option<Filter>) -> Vec<u64> {
        let query = Query::new(typed);
        let wanted = |row: &&Row| {
            only.is_none_or(|only| only.allows(row.entry.outcome))
                && (query.is_empty() || query.matches(&row.folded))
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
        let mut found: Vec<Suggestion> = Vec::new();
        for Row { entry, folded } in &self.rows {
            if found.len() == most || query.is_empty() {
                break;
            }
            let address = &entry.party.address;
            let is_new = found.iter().all(|known| !mean_the_same(&known.address, address));
            if is_new && entry.can_be_called() && query.matches(folded) {
                let name = contacts.name_of(address).or(entry.party.name.as_deref());
                let (name, address) = (name.map(str::to_owned), address.clone());
                found.push(Suggestion { name, address });
            }
        }
        found
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
        self.deleted = vec![self.rows.remove(index)];
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
        let writes = deleted.iter().map(|row| row.entry.put()).collect();
        self.rows.extend(deleted);
        self.arrange();
        writes
    }

    /// What was deleted stays so.
    pub fn forget_deleted(&mut self) {
        self.deleted.clear();
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

    fn arrange(&mut self) {
        self.rows.sort_by_key(|row| std::cmp::Reverse(row.entry.id));
    }

    fn position(&self, id: u64) -> Option<usize> {
        self.rows.binary_search_by(|row| id.cmp(&row.entry.id)).ok()
    }
}

impl Entry {
    /// Whether somebody called whom the user neither knows nor spoke with.
    fn is_of_stranger(&self, contacts: &Contacts) -> bool {
        let in_vain = match self.outcome {
            Outcome::Missed | Outcome::AnsweredElsewhere | Outcome::Declined => true,
            Outcome::Made | Outcome::Failed | Outcome::Received => false,
        };
        in_vain && contacts.owner_of(&self.party.address).is_none()
    }

    fn new(id: u64, now_ms: u64, Finished { call, ended, reason }: Finished) -> Self {
        let length = match call.progress {
            Progress::Up { since } => Some(ended - since),
            _ => None,
        };
        let cause = cause(&reason);
        let outcome = match (call.direction, &reason) {
            (Direction::Outgoing, _) if length.is_none() && cause.is_some() => Outcome::Failed,
            (Direction::Outgoing, _) => Outcome::Made,
            (Direction::Incoming, _) if length.is_some() => Outcome::Received,
            (_, EndReason::AnsweredElsewhere | EndReason::Replaced { .. }) => {
                Outcome::AnsweredElsewhere
            }
            (_, EndReason::DeclinedHere | EndReason::DeclinedElsewhere | EndReason::HungUpHere) => {
                Outcome::Declined
            }
            _ => Outcome::Missed,
        };
        let encryption = call.lock.encryption();
        Self {
            id,
            quality: call.quality.summary().map(|summary| Summary { encryption, ..summary }),
            // What is noted late began no later for that.
            at: match call.times {
                [0, _] => now_ms.saturating_sub(millis(ended - call.began)),
                [began, _] => began,
            },
            outcome,
            // Who hides is not kept.
            uri: if call.party.hidden { String::new() } else { kept_address(&call.uri) },
            party: call.party,
            length,
            cause,
        }
    }

    /// Whether the other side can be called: a caller who hides has no address to call.
    pub fn can_be_called(&self) -> bool {
        let host = self.uri.rsplit('@').next().unwrap_or_default();
        !host.ends_with(".invalid") && !self.party.address.is_empty() && !self.uri.is_empty()
    }

    fn put(&self) -> Write {
        Write::Put(Shelf::Calls, self.id, self.write())
    }

    /// As a line of fields with tabs between them, the name last. How the call sounded stands with the
    /// cause, where telephones that do not know of it pass over it.
    fn write(&self) -> String {
        let outcome = match self.outcome {
            Outcome::Made => "made",
            Outcome::Failed => "failed",
            Outcome::Received => "received",
            Outcome::Missed => "missed",
            Outcome::AnsweredElsewhere => "elsewhere",
            Outcome::Declined => "declined",
        };
        let cause = match self.cause {
            None => String::new(),
            Some(Cause::Status(status)) => status.to_string(),
            Some(Cause::Microphone) => "microphone".into(),
            Some(Cause::NoLine) => "line".into(),
            Some(Cause::Broken) => "broken".into(),
            Some(Cause::InCall) => "in-call".into(),
        };
        let quality = self.quality.as_ref().map(Summary::write);
        let cause = [cause].into_iter().chain(quality).filter(|word| !word.is_empty());
        let cause = cause.collect::<Vec<_>>().join(" ");
        let length = self.length.map(|length| millis(length).to_string()).unwrap_or_default();
        let name = self.party.name.as_deref().unwrap_or_default();
        let fields = [
            &self.id.to_string(),
            &self.at.to_string(),
            outcome,
            &length,
            &cause,
            &self.party.address,
            &self.uri,
            name,
        ];
        fields.map(|field| field.replace(char::is_control, " ")).join("\t")
    }

    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<_> = text.split('\t').collect();
        let [id, at, outcome, length, cause, address, uri, name] = fields[..] else {
            return None;
        };
        let outcome = match outcome {
            "made" => Outcome::Made,
            "failed" => Outcome::Failed,
            "received" => Outcome::Received,
            "missed" => Outcome::Missed,
            "elsewhere" => Outcome::AnsweredElsewhere,
            "declined" => Outcome::Declined,
            _ => return None,
        };
        let quality = cause.split(' ').find_map(Summary::parse);
        let cause = match cause.split(' ').next().unwrap_or_default() {
            "microphone" => Some(Cause::Microphone),
            "line" => Some(Cause::NoLine),
            "broken" => Some(Cause::Broken),
            "in-call" => Some(Cause::InCall),
            status => status.parse().ok().map(Cause::Status),
        };
        let name = (!name.is_empty()).then(|| name.to_owned());
        Some(Self {
            id: id.parse().ok()?,
            at: at.parse().ok()?,
            outcome,
            party: Party {
                name,
                hidden: address.is_empty(),
                address: address.to_owned(),
                ..Party::default()
            },
            uri: uri.to_owned(),
            length: length.parse().ok().map(Duration::from_millis),
            cause,
            quality,
        })
    }
}

/// The name of the call that is kept as this text.
pub fn id_of(text: &str) -> Option<u64> {
    Entry::parse(text).map(|entry| entry.id)
}

fn cause(reason: &EndReason) -> Option<Cause> {
    match reason {
        EndReason::Rejected { status, .. } => Some(Cause::Status(*status)),
        EndReason::Redirected(_) => Some(Cause::Status(302)),
        EndReason::Unauthorized => Some(Cause::Status(403)),
        EndReason::NoMedia(
            MediaFailure::Incompatible | MediaFailure::NotEncrypted | MediaFailure::NoRelay,
        ) => Some(Cause::Status(488)),
        EndReason::NoMedia(_) => Some(Cause::Microphone),
        EndReason::NoLine => Some(Cause::NoLine),
        EndReason::TooManyCalls => Some(Cause::InCall),
        EndReason::Released(_) | EndReason::ProtocolFailure => Some(Cause::Broken),
        EndReason::HungUpHere
        | EndReason::HungUpThere
        | EndReason::Transferred
        | EndReason::Replaced { .. }
        | EndReason::Cancelled
        | EndReason::AnsweredElsewhere
        | EndReason::DeclinedElsewhere
        | EndReason::DeclinedHere
        | EndReason::NotAnswered => None,
    }
}

fn searched(entry: &Entry, contacts: &Contacts) -> String {
    let name = contacts.name_of(&entry.party.address).or(entry.party.name.as_deref());
    fold(&[name.unwrap_or_default(), "\n", &entry.party.address].concat())
}

fn forget(id: u64) -> Write {
    Write::Delete(Shelf::Calls, id)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
