//! One call of the past, and the line that it is kept as.

use super::call::{Call, Direction, Party, Progress, kept_address};
use super::cause::Cause;
use super::contacts::Contacts;
use super::kept::{Line, Record, Shelf, Write};
use crate::media::quality::Summary;
use crate::sip::ua::EndReason;
use crate::time::Instant;
use std::time::Duration;

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
    /// What a newer telephone has written of it besides.
    pub(super) rest: String,
}

/// The fields of a call that is kept.
const FIELDS: [&str; 8] = ["at", "outcome", "length", "cause", "quality", "address", "uri", "name"];

/// What became of a call, as it is written.
const OUTCOMES: [(&str, Outcome); 6] = [
    ("made", Outcome::Made),
    ("failed", Outcome::Failed),
    ("received", Outcome::Received),
    ("missed", Outcome::Missed),
    ("elsewhere", Outcome::AnsweredElsewhere),
    ("declined", Outcome::Declined),
];

impl Entry {
    /// Whether somebody called whom the user neither knows nor spoke with.
    pub(super) fn is_of_stranger(&self, contacts: &Contacts) -> bool {
        let in_vain = match self.outcome {
            Outcome::Missed | Outcome::AnsweredElsewhere | Outcome::Declined => true,
            Outcome::Made | Outcome::Failed | Outcome::Received => false,
        };
        in_vain && contacts.owner_of(&self.party.address).is_none()
    }

    pub(super) fn new(id: u64, now_ms: u64, Finished { call, ended, reason }: Finished) -> Self {
        let length = match call.progress {
            Progress::Up { since } => Some(ended - since),
            _ => None,
        };
        let cause = Cause::of(&reason);
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
            rest: String::new(),
        }
    }

    /// Whether the other side can be called: a caller who hides has no address to call.
    pub fn can_be_called(&self) -> bool {
        let host = self.uri.rsplit('@').next().unwrap_or_default();
        !host.ends_with(".invalid") && !self.party.address.is_empty() && !self.uri.is_empty()
    }

    pub(super) fn put(&self) -> Write {
        Write::Put(Shelf::Calls, self.id, self.write())
    }

    fn write(&self) -> String {
        let outcome = OUTCOMES.iter().find(|(_, outcome)| *outcome == self.outcome);
        let cause = match self.cause {
            None => String::new(),
            Some(Cause::Status(status)) => status.to_string(),
            Some(Cause::Microphone) => "microphone".into(),
            Some(Cause::NoLine) => "line".into(),
            Some(Cause::Broken) => "broken".into(),
            Some(Cause::InCall) => "in-call".into(),
        };
        let length = self.length.map(|length| millis(length).to_string());
        let name = self.party.name.as_deref().unwrap_or_default();
        Line::new(self.id)
            .number("at", self.at)
            .field("outcome", outcome.map_or("", |(word, _)| word))
            .field("length", &length.unwrap_or_default())
            .field("cause", &cause)
            .field("quality", &self.quality.as_ref().map(Summary::write).unwrap_or_default())
            .field("address", &self.party.address)
            .field("uri", &self.uri)
            .field("name", &name.replace(char::is_control, " "))
            .end(&self.rest)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let Some(record) = Record::of(text) else { return Self::parse_older(text) };
        let [at, outcome, length, cause, quality, address, uri, name] =
            FIELDS.map(|name| record.text(name));
        let id = record.text("id");
        let entry = Self::of([&id, &at, &outcome, &length, &cause, &address, &uri, &name])?;
        let quality = Summary::parse(&quality);
        // What is said in words of a newer telephone stands there as it is.
        let is_read = |name: &&str| match *name {
            "quality" => quality.is_some(),
            "cause" => entry.cause.is_some(),
            _ => true,
        };
        let known: Vec<_> = FIELDS.into_iter().filter(is_read).collect();
        Some(Self { quality, rest: record.rest(&known), ..entry })
    }

    /// A line of fields without names; how the call sounded stands with the cause.
    fn parse_older(text: &str) -> Option<Self> {
        let fields: Vec<_> = text.split('\t').collect();
        let [id, at, outcome, length, causes, address, uri, name] = fields[..] else {
            return None;
        };
        let cause = causes.split(' ').next().unwrap_or_default();
        let entry = Self::of([id, at, outcome, length, cause, address, uri, name])?;
        Some(Self { quality: causes.split(' ').find_map(Summary::parse), ..entry })
    }

    fn of([id, at, outcome, length, cause, address, uri, name]: [&str; 8]) -> Option<Self> {
        let (_, outcome) = OUTCOMES.iter().find(|(word, _)| *word == outcome)?;
        let cause = match cause {
            "microphone" => Some(Cause::Microphone),
            "line" => Some(Cause::NoLine),
            "broken" => Some(Cause::Broken),
            "in-call" => Some(Cause::InCall),
            status => status.parse().ok().map(Cause::Status),
        };
        Some(Self {
            id: id.parse().ok()?,
            at: at.parse().ok()?,
            outcome: *outcome,
            party: Party {
                name: (!name.is_empty()).then(|| name.to_owned()),
                hidden: address.is_empty(),
                address: address.to_owned(),
                ..Party::default()
            },
            uri: uri.to_owned(),
            length: length.parse().ok().map(Duration::from_millis),
            cause,
            quality: None,
            rest: String::new(),
        })
    }
}

/// The name of the call that is kept as this text.
pub fn id_of(text: &str) -> Option<u64> {
    Entry::parse(text).map(|entry| entry.id)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
