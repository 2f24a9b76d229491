//! Contacts as vCards: written as 3.0 (RFC 2426), which every program reads; read from 2.1, 3.0
//! and 4.0 (RFC 6350), as far as names and numbers go.
//!
//! Files of other programs are read for what can be understood in them. Nothing in a file is an
//! error; what is no card is passed over.

use super::contacts::{Contact, Label, Number};
use super::numbers::without_scheme;

/// What our own cards are numbered with.
const UID: &str = "webphone-";
/// The longest line of a card, in bytes.
const LINE: usize = 75;

/// The cards in a text. A card without a name is named after its organisation.
pub fn parse(text: &str) -> Vec<Contact> {
    let mut cards = Vec::new();
    let mut card = None;
    for line in unfold(text) {
        let Some(property) = Property::parse(&line) else { continue };
        match (property.name.as_str(), &mut card) {
            ("BEGIN", _) => card = Some(Card::default()),
            ("END", _) => cards.extend(card.take().map(Card::finish)),
            (_, Some(card)) => card.take(property),
            (_, None) => {}
        }
    }
    cards
}

/// A contact as a card.
pub fn write(contact: &Contact) -> String {
    let mut out = String::new();
    let name = escape(&contact.name);
    push_line(&mut out, &["BEGIN:VCARD"]);
    push_line(&mut out, &["VERSION:3.0"]);
    push_line(&mut out, &["UID:", UID, &contact.id.to_string()]);
    push_line(&mut out, &["FN:", &name]);
    push_line(&mut out, &["N:;", &name, ";;;"]);
    for Number { label, value } in &contact.numbers {
        let kind = match label {
            Label::Mobile => "CELL",
            Label::Work => "WORK",
            Label::Home => "HOME",
            Label::Other => "VOICE",
        };
        let value = escape(value);
        if !value.contains('@') {
            push_line(&mut out, &["TEL;TYPE=", kind, ":", &value]);
        } else if without_scheme(&value, "sips:").is_some() {
            push_line(&mut out, &["IMPP;TYPE=", kind, ":", &value]);
        } else {
            push_line(&mut out, &["IMPP;TYPE=", kind, ":sip:", &value]);
        }
    }
    if contact.favourite {
        push_line(&mut out, &["X-FAVORITE:1"]);
    }
    push_line(&mut out, &["END:VCARD"]);
    out
}

/// A card that is being read.
#[derive(Default)]
struct Card {
    contact: Contact,
    /// The name by its parts, and that of the organisation, where there is no other.
    parts: String,
    organisation: String,
}

impl Card {
    fn take(&mut self, property: Property) {
        let Property { name, types, value } = property;
        match name.as_str() {
            "FN" if self.contact.name.is_empty() => self.contact.name = unescape(&value),
            "N" => self.parts = name_of_parts(&value),
            "ORG" => self.organisation = unescape(split(&value).first().unwrap_or(&"")),
            "UID" => {
                let id = value.strip_prefix(UID).and_then(|id| id.parse().ok());
                self.contact.id = id.unwrap_or_default();
            }
            "X-FAVORITE" => self.contact.favourite = value == "1",
            "TEL" | "IMPP" | "X-SIP" => {
                let value = unescape(&value);
                let address = without_scheme(&value, "sip:");
                let secure = without_scheme(&value, "sips:").map(|_| value.as_str());
                let number = without_scheme(&value, "tel:")
                    .map(|number| number.split(';').next().unwrap_or_default());
                let bare = (name != "IMPP").then_some(value.as_str());
                // What can be reached in other ways than these cannot be called.
                let value = address.or(secure).or(number).or(bare).unwrap_or_default().trim();
                if !value.is_empty() {
                    let label = label(&types);
                    self.contact.numbers.push(Number { label, value: value.to_owned() });
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Contact {
        for name in [self.parts, self.organisation] {
            if self.contact.name.is_empty() {
                self.contact.name = name;
            }
        }
        self.contact
    }
}

/// A line of a card.
struct Property {
    name: String,
    types: Vec<String>,
    value: String,
}

impl Property {
    /// Reads `group.NAME;TYPE=a,b;c:value`.
    fn parse(line: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.find(|c| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (head, value) = (&line[..colon], &line[colon + 1..]);
        let mut params = head.split(';');
        let name = params.next()?.rsplit('.').next()?.trim().to_ascii_uppercase();
        let values = params.flat_map(|param| {
            let values = param.split_once('=').map_or(param, |(_, values)| values);
            values.split(',').map(|value| value.trim().trim_matches('"').to_ascii_uppercase())
        });
        let types: Vec<_> = values.collect();
        let value = if types.iter().any(|value| value == "QUOTED-PRINTABLE") {
            unquote(value)
        } else {
            value.trim().to_owned()
        };
        Some(Self { name, types, value })
    }
}

/// The lines of a text, those that were folded in one piece.
fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').split(['\r', '\n']) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            _ if line.is_empty() => {}
            (Some(rest), Some(last)) => last.push_str(rest),
            // Quoted-printable of 2.1 has a fold of its own.
            (None, Some(last)) if last.ends_with('=') && has_soft_breaks(last) => {
                last.pop();
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn has_soft_breaks(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default();
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// The bytes that quoted-printable writes as `=C3=A9`.
fn unquote(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| byte == b'=') {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// The parts between semicolons that are not escaped.
fn split(value: &str) -> Vec<&str> {
    let mut escaped = false;
    value
        .split(|c| {
            let ends = c == ';' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })
        .collect()
}

/// "Ana Gómez" of `Gómez;Ana;;;`.
fn name_of_parts(value: &str) -> String {
    let parts = split(value);
    let part = |index: usize| parts.get(index).map(|part| unescape(part)).unwrap_or_default();
    let words = [part(1), part(2), part(0)];
    let words: Vec<_> =
        words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn label(types: &[String]) -> Label {
    let has = |wanted: &str| types.iter().any(|kind| kind == wanted);
    if has("CELL") || has("MOBILE") {
        Label::Mobile
    } else if has("WORK") {
        Label::Work
    } else if has("HOME") {
        Label::Home
    } else {
        Label::Other
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ',' | ';' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match if c == '\\' { chars.next() } else { Some(c) } {
            Some('n' | 'N') if c == '\\' => out.push('\n'),
            Some(c) => out.push(c),
            None => out.push('\\'),
        }
    }
    out
}

/// Writes a line, folded where it is long.
fn push_line(out: &mut String, parts: &[&str]) {
    let mut room = LINE;
    for c in parts.iter().flat_map(|part| part.chars()) {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}
