//! A text message as it is written down.

use super::kept::{Line, Record, Shelf, Write, unescape};
use super::messages::Delivery;
use crate::sip::wire::{Uri, display_text};

/// A message, as it is kept over a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredMessage {
    /// The number under which it is kept.
    pub(super) number: u64,
    /// The address of the other side.
    pub(super) address: Uri,
    /// The name of the other side, where it gave one.
    pub(super) name: Option<String>,
    /// The text.
    pub(super) text: String,
    /// When it was sent or came in, in milliseconds since 1970.
    pub(super) at: u64,
    /// What became of it.
    pub(super) delivery: Delivery,
    /// What a newer telephone has written of it besides.
    pub(super) rest: String,
}

/// The fields of a message that is kept.
const FIELDS: [&str; 6] = ["delivery", "status", "at", "address", "name", "text"];

impl StoredMessage {
    /// Keeps the message.
    pub(super) fn put(&self) -> Write {
        Write::Put(Shelf::Messages, self.number, self.write())
    }

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
        Line::new(self.number)
            .field("delivery", delivery)
            .number("status", status.into())
            .number("at", self.at)
            .field("address", &self.address.to_string())
            .field("name", name)
            .field("text", &self.text)
            .end(&self.rest)
    }

    /// Reads what is kept; `None` where it is none of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Some(record) = Record::of(text) else {
            let fields: Vec<_> = text.split('\t').collect();
            let [number, delivery, status, at, address, name, text] = fields[..] else {
                return None;
            };
            let (name, text) = (unescape(name), unescape(text));
            return Self::of([number, delivery, status, at, address, &name, &text]);
        };
        let [delivery, status, at, address, name, text] = FIELDS.map(|name| record.text(name));
        let number = record.text("id");
        let message = Self::of([&number, &delivery, &status, &at, &address, &name, &text])?;
        Some(Self { rest: record.rest(&FIELDS), ..message })
    }

    fn of([number, delivery, status, at, address, name, text]: [&str; 7]) -> Option<Self> {
        let delivery = match delivery {
            "u" => Delivery::Unread,
            "r" => Delivery::Read,
            "d" => Delivery::Delivered,
            "f" => Delivery::Failed(status.parse().ok()?),
            _ => return None,
        };
        Some(Self {
            number: number.parse().ok()?,
            address: Uri::parse(address).ok()?,
            name: Some(display_text(name)).filter(|name| !name.is_empty()),
            text: text.to_owned(),
            at: at.parse().ok()?,
            delivery,
            rest: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, delivery: Delivery) -> StoredMessage {
        StoredMessage {
            number: 1_795_000_000_124,
            address: Uri::parse("sip:%2331%23@example.com").expect("a URI"),
            name: Some("Ana \\ María".into()),
            text: text.into(),
            at: 1_795_000_000_123,
            delivery,
            rest: String::new(),
        }
    }

    fn again(message: &StoredMessage) -> Option<StoredMessage> {
        match message.put() {
            Write::Put(Shelf::Messages, number, text) if number == message.number => {
                StoredMessage::read(&text)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_message_survives_being_written() {
        let texts = ["hola", "two\nlines\tand a tab", "\\n is no line break \\", "مرحبا 🙂", "\\"];
        let deliveries =
            [Delivery::Unread, Delivery::Read, Delivery::Delivered, Delivery::Failed(480)];
        for text in texts {
            for delivery in deliveries {
                let written = message(text, delivery);
                assert_eq!(again(&written).as_ref(), Some(&written));
            }
        }
        let nameless = StoredMessage { name: None, ..message("no name", Delivery::Read) };
        assert_eq!(again(&nameless).as_ref(), Some(&nameless));
    }

    #[test]
    fn a_message_that_was_on_its_way_counts_as_not_delivered() {
        let read = again(&message("hi", Delivery::Sending));
        assert_eq!(read, Some(message("hi", Delivery::Failed(408))));
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert!(StoredMessage::read("1\tr\t0\t1\tsip:a@h\t\thi").is_some());
        for bad in [
            "",
            "\t\t\t\t\t\t",
            "1\tr\t0\t1",
            "1\tx\t0\t1\tsip:a@h\t\thi",
            "1\tr\t0\tnever\tsip:a@h\t\thi",
            "1\tr\t0\t1\tnobody\t\thi",
            "1\tf\tno\t1\tsip:a@h\t\thi",
            "1\tr\t0\t99999999999999999999\tsip:a@h\t\thi",
            "none\tr\t0\t1\tsip:a@h\t\thi",
            "1\tr\t0\t1\tsip:a@h\t\thi\tand more",
        ] {
            assert_eq!(StoredMessage::read(bad), None, "{bad}");
        }
    }
}
