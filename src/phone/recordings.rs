//! The recordings that are kept, and which of them the user should hear of.

use super::call::Party;
use super::entry::Entry;
use super::kept::{Line, Record};
use std::time::Duration;

/// One recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Names it: when it began, in milliseconds since 1970.
    pub id: u64,
    /// The other side of the call.
    pub party: Party,
    /// The address with which the call began, as in the history.
    pub uri: String,
    /// How long it is.
    pub length: Duration,
    /// The room that it takes.
    pub bytes: u64,
    /// Its format, as a MIME type.
    pub kind: String,
    /// It has come to its end, or the user knows that it has not.
    pub finished: bool,
    /// What a newer telephone has written of it besides.
    pub rest: String,
}

/// The fields of a recording that is kept.
const FIELDS: [&str; 7] = ["finished", "length", "bytes", "kind", "address", "uri", "name"];

impl Kept {
    /// As it is kept.
    pub fn write(&self) -> String {
        let length = u64::try_from(self.length.as_millis()).unwrap_or(u64::MAX);
        let name = self.party.name.as_deref().unwrap_or_default();
        Line::new(self.id)
            .field("finished", if self.finished { "finished" } else { "" })
            .number("length", length)
            .number("bytes", self.bytes)
            .field("kind", &self.kind)
            .field("address", &self.party.address)
            .field("uri", &self.uri)
            .field("name", &name.replace(char::is_control, " "))
            .end(&self.rest)
    }

    fn parse(text: &str) -> Option<Self> {
        let Some(record) = Record::of(text) else {
            let fields: Vec<_> = text.split('\t').collect();
            let [id, finished, length, bytes, kind, address, uri, name] = fields[..] else {
                return None;
            };
            return Self::of([id, finished, length, bytes, kind, address, uri, name]);
        };
        let [finished, length, bytes, kind, address, uri, name] =
            FIELDS.map(|name| record.text(name));
        let id = record.text("id");
        let kept = Self::of([&id, &finished, &length, &bytes, &kind, &address, &uri, &name])?;
        Some(Self { rest: record.rest(&FIELDS), ..kept })
    }

    fn of([id, finished, length, bytes, kind, address, uri, name]: [&str; 8]) -> Option<Self> {
        Some(Self {
            id: id.parse().ok()?,
            party: Party {
                name: (!name.is_empty()).then(|| name.to_owned()),
                hidden: address.is_empty() && name.is_empty(),
                address: address.to_owned(),
                ..Party::default()
            },
            uri: uri.to_owned(),
            length: Duration::from_millis(length.parse().ok()?),
            bytes: bytes.parse().ok()?,
            kind: kind.to_owned(),
            finished: !finished.is_empty(),
            rest: String::new(),
        })
    }

    /// A name for its file: the moment, as `day` writes it, and with whom it was.
    pub fn file_name(&self, day: &str) -> String {
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '+' | '-' | ' ' | '@' | '.');
        let party: String = self.party.label().chars().filter(|c| allowed(*c)).take(60).collect();
        let extension = match self.kind.split(';').next() {
            Some("audio/ogg") => ".ogg",
            Some("audio/mp4") => ".m4a",
            _ => ".webm",
        };
        let between = if party.trim().is_empty() { "" } else { " " };
        [day, between, party.trim().trim_end_matches('.'), extension].concat()
    }

    /// Whether it was recorded in this call.
    pub fn is_of(&self, call: &Entry) -> bool {
        // The name of a call is the moment of its end.
        (call.at..=call.id).contains(&self.id) && self.uri == call.uri
    }
}

/// The recordings of an account, the newest first.
#[derive(Debug, Default)]
pub struct Recordings {
    list: Vec<Kept>,
    /// The one that has just come to its end.
    fresh: Option<u64>,
}

impl Recordings {
    /// Takes in what is kept, but for what other pages are recording now. What cannot be read is
    /// passed over.
    pub fn load(&mut self, texts: &[String], running: impl Fn(u64) -> bool) {
        let read = texts.iter().filter_map(|text| Kept::parse(text));
        self.list.extend(read.filter(|kept| kept.finished || !running(kept.id)));
        self.list.sort_by_key(|kept| std::cmp::Reverse(kept.id));
        self.list.dedup_by_key(|kept| kept.id);
    }

    /// Adds one that has come to its end.
    pub fn add(&mut self, kept: Kept) {
        self.fresh = Some(kept.id);
        self.list.retain(|other| other.id != kept.id);
        self.list.insert(0, kept);
    }

    /// A name for one that begins at this moment, in milliseconds since 1970.
    pub fn fresh_id(&self, now_ms: u64) -> u64 {
        super::kept::fresh_id(now_ms, self.list.first().map(|kept| kept.id))
    }

    /// The one of this name.
    pub fn get(&self, id: u64) -> Option<&Kept> {
        self.list.iter().find(|kept| kept.id == id)
    }

    /// Deletes one.
    pub fn remove(&mut self, id: u64) {
        self.list.retain(|kept| kept.id != id);
    }

    /// The names of all, or of those of one call, the newest first.
    pub fn of(&self, call: Option<&Entry>) -> Vec<u64> {
        let wanted = |kept: &&Kept| call.is_none_or(|call| kept.is_of(call));
        self.list.iter().filter(wanted).map(|kept| kept.id).collect()
    }

    /// The room that all of them take, in bytes.
    pub fn room(&self) -> u64 {
        self.list.iter().map(|kept| kept.bytes).sum()
    }

    /// The one that the user should hear of: it has just come to its end, or an earlier visit broke
    /// off in the middle of it.
    pub fn offered(&self) -> Option<&Kept> {
        let fresh = self.fresh.and_then(|id| self.get(id));
        fresh.or_else(|| self.list.iter().find(|kept| !kept.finished))
    }

    /// The user has heard of the one that is offered. What is to be written for that is returned.
    pub fn dismiss(&mut self) -> Option<Kept> {
        let id = self.offered()?.id;
        self.fresh = None;
        let kept = self.list.iter_mut().find(|kept| kept.id == id && !kept.finished)?;
        kept.finished = true;
        Some(kept.clone())
    }
}
