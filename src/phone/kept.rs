//! What is kept across visits: short texts, each under a number of its own. The models say what
//! is to be written; where it goes is the platform's business.

/// A kind of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// The calls of the past.
    Calls,
    /// The people.
    Contacts,
    /// Single values: [`SEEN`].
    Marks,
    /// The text messages.
    Messages,
}

/// The mark that says up to which call the history was looked at.
pub const SEEN: u64 = 1;

/// A change of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// This text stands under this number from now on.
    Put(Shelf, u64, String),
    /// Nothing does.
    Delete(Shelf, u64),
}

/// A number for something new: the time in milliseconds, so that what two tabs write at different
/// times stays apart, or the next one that is free.
pub(super) fn fresh_id(now_ms: u64, largest: Option<u64>) -> u64 {
    now_ms.max(largest.map_or(1, |id| id.saturating_add(1)))
}

/// A record that is being written: fields with their names in one line, those that say something. A
/// telephone passes over the fields that it does not know and keeps them, so that an older one that
/// writes a record again takes nothing from it.
pub(super) struct Line(String);

impl Line {
    /// The record of this number.
    pub(super) fn new(id: u64) -> Self {
        Self(["id=", &id.to_string()].concat())
    }

    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.extend(["\t", name, "="]);
            for c in value.chars() {
                match c {
                    '\\' => self.0.push_str("\\\\"),
                    '\n' => self.0.push_str("\\n"),
                    '\t' => self.0.push_str("\\t"),
                    '\r' => {}
                    c => self.0.push(c),
                }
            }
        }
        self
    }

    pub(super) fn number(self, name: &str, value: u64) -> Self {
        self.field(name, &value.to_string())
    }

    /// The line, with what a newer telephone has written besides.
    pub(super) fn end(self, rest: &str) -> String {
        [&self.0, rest].concat()
    }
}

/// A record that is being read.
pub(super) struct Record<'a>(&'a str);

impl<'a> Record<'a> {
    /// The record in `text`, or `None` where it is of the telephones whose fields had no names.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        text.starts_with("id=").then_some(Self(text))
    }

    pub(super) fn text(&self, name: &str) -> String {
        let found = self.fields().find(|(known, _)| *known == name);
        found.map(|(_, value)| unescape(value)).unwrap_or_default()
    }

    /// The fields of other names than these, as they stand in the line.
    pub(super) fn rest(&self, known: &[&str]) -> String {
        let other = self.fields().filter(|(name, _)| *name != "id" && !known.contains(name));
        other.flat_map(|(name, value)| ["\t", name, "=", value]).collect()
    }

    fn fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.split('\t').filter_map(|field| field.split_once('='))
    }
}

/// A text that was written with what would end its field escaped.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_whatever_is_in_it() {
        for text in ["plain", "a=b", "two\nlines\tand a tab", "\\n is no break \\", "مرحبا 🙂", "="]
        {
            let line = Line::new(7).field("name", text).number("at", 9).end("");
            assert!(!line.contains('\n'), "{line:?}");
            let record = Record::of(&line).expect("a record");
            assert_eq!(record.text("name"), text);
            let others = ["id", "at", "else"].map(|name| record.text(name));
            assert_eq!(others, ["7", "9", ""]);
        }
    }

    #[test]
    fn what_a_newer_telephone_has_written_is_passed_over_and_kept() {
        let newer = "id=7\tat=9\tmood=so\\tso\tname=Ana\tstars=5";
        let record = Record::of(newer).expect("a record");
        let rest = record.rest(&["at", "name"]);
        let written = Line::new(7).number("at", 9).field("name", "Ana María").end(&rest);
        assert_eq!(written, "id=7\tat=9\tname=Ana María\tmood=so\\tso\tstars=5");
        assert_eq!(Record::of(&written).map(|again| again.text("mood")), Some("so\tso".into()));
    }

    #[test]
    fn a_record_without_names_is_an_older_one() {
        assert!(Record::of("7\t9\tmade\t\t\t1002\tsip:1002@example.com\tid=Ana").is_none());
    }
}
