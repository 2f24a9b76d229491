//! Text messages as they are written down: a line for each, its fields separated by tabs.

use super::messages::Delivery;
use crate::sip::wire::{Uri, display_text};

/// No more is kept of all messages together, in bytes; the newest go first.
const MOST_BYTES: usize = 200_000;

/// A message, as it is kept over a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    /// The address of the other side.
    pub address: Uri,
    /// The name of the other side, where it gave one.
    pub name: Option<String>,
    /// The text.
    pub text: String,
    /// When it was sent or came in, in milliseconds since 1970.
    pub at: u64,
    /// What became of it.
    pub delivery: Delivery,
}

impl StoredMessage {
    /// The message as a line, with the line break.
    fn write(&self) -> String {
        let (delivery, status) = match self.delivery {
            Delivery::Unread => ("u", 0),
            Delivery::Read => ("r", 0),
            // What the telephone does not see the end of counts as not delivered.
            Delivery::Sending => ("f", 408),
            Delivery::Delivered => ("d", 0),
            Delivery::Failed(status) => ("f", status),
        };
        let name = self.name.as_deref().unwrap_or_default();
        let (at, status) = (self.at.to_string(), status.to_string());
        let address = self.address.to_string();
        let fields = [delivery, &status, &at, &address, &escape(name), &escape(&self.text)];
        [&fields.join("\t"), "\n"].concat()
    }

    /// Reads a line without its break; `None` where it is none of ours.
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        let (delivery, status, at) = (next()?, next()?, next()?);
        let (address, name, text) = (next()?, next()?, next()?);
        let delivery = match delivery {
            "u" => Delivery::Unread,
            "r" => Delivery::Read,
            "d" => Delivery::Delivered,
            "f" => Delivery::Failed(status.parse().ok()?),
            _ => return None,
        };
        let name = Some(display_text(&unescape(name))).filter(|name| !name.is_empty());
        Some(Self {
            address: Uri::parse(address).ok()?,
            name,
            text: unescape(text),
            at: at.parse().ok()?,
            delivery,
        })
    }
}

/// All messages as text, the oldest first; of too many, the newest.
pub fn write(messages: &[StoredMessage]) -> String {
    let mut size = 0;
    let mut lines: Vec<String> = Vec::new();
    for message in messages.iter().rev() {
        let line = message.write();
        size += line.len();
        if size > MOST_BYTES {
            break;
        }
        lines.push(line);
    }
    lines.reverse();
    lines.concat()
}

/// Reads what [`write`] wrote. Lines that cannot be read are left out.
pub fn read(text: &str) -> Vec<StoredMessage> {
    text.lines().filter_map(StoredMessage::read).collect()
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "")
}

fn unescape(text: &str) -> String {
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

    fn message(text: &str, delivery: Delivery) -> StoredMessage {
        StoredMessage {
            address: Uri::parse("sip:%2331%23@example.com").expect("a URI"),
            name: Some("Ana \\ María".into()),
            text: text.into(),
            at: 1_795_000_000_123,
            delivery,
        }
    }

    #[test]
    fn every_message_survives_being_written() {
        let texts = ["hola", "two\nlines\tand a tab", "\\n is no line break \\", "مرحبا 🙂", "\\"];
        let deliveries =
            [Delivery::Unread, Delivery::Read, Delivery::Delivered, Delivery::Failed(480)];
        let mut all: Vec<_> = texts
            .iter()
            .flat_map(|text| deliveries.map(|delivery| message(text, delivery)))
            .collect();
        all.push(StoredMessage { name: None, ..message("no name", Delivery::Read) });
        assert_eq!(read(&write(&all)), all);
        assert_eq!(write(&all).lines().count(), all.len());
    }

    #[test]
    fn a_message_that_was_on_its_way_counts_as_not_delivered() {
        let read = read(&write(&[message("hi", Delivery::Sending)]));
        assert_eq!(read, [message("hi", Delivery::Failed(408))]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let good = write(&[message("hi", Delivery::Read)]);
        for bad in [
            "",
            "\t\t\t\t\t",
            "r\t0\t1",
            "x\t0\t1\tsip:a@h\t\thi",
            "r\t0\tnever\tsip:a@h\t\thi",
            "r\t0\t1\tnobody\t\thi",
            "f\tno\t1\tsip:a@h\t\thi",
            "r\t0\t99999999999999999999\tsip:a@h\t\thi",
        ] {
            assert_eq!(read(&[bad, "\n", &good, bad].concat()).len(), 1, "{bad}");
        }
    }

    #[test]
    fn of_too_much_the_newest_is_kept() {
        let long = "x".repeat(60_000);
        let all: Vec<_> =
            (0..5).map(|at| StoredMessage { at, ..message(&long, Delivery::Read) }).collect();
        let text = write(&all);
        assert!(text.len() <= MOST_BYTES, "{}", text.len());
        let kept: Vec<_> = read(&text).iter().map(|message| message.at).collect();
        assert_eq!(kept, [2, 3, 4]);
    }
}
