//! Contacts as vCards: written as 3.0 (RFC 2426), which every program reads; read from 2.1, 3.0
//! and 4.0 (RFC 6350), as far as names and numbers go.
//!
//! Files of other programs are read for what can be understood in them. Nothing in a file is an
//! error; what is no card is passed over.

use super::contact::{Contact, Label, Number};
use super::numbers::without_scheme;
use crate::sip::wire::unescape as unescape_uri;

/// What our own cards are numbered with.
const UID: &str = "webphone-";
/// Our property for the UID that a card had in the file it came from.
const ORIGIN: &str = "X-WEBPHONE-UID";
/// The longest line of a card, in bytes.
const LINE: usize = 75;
const QUOTED_PRINTABLE: &str = "QUOTED-PRINTABLE";
/// So many cards are read.
const MOST: usize = 10_000;

/// Reads bytes in the character set of this name (RFC 2978); `None` where that is not known.
pub type Decode<'a> = &'a dyn Fn(&str, &[u8]) -> Option<String>;

/// The cards in a file. A card without a name is named after its organisation.
///
/// A line of 2.1 may name its character set. A file that begins with the mark of UTF-16 is in that;
/// whatever else is not UTF-8 is windows-1252, as older programs write it.
pub fn parse(file: &[u8], decode: Decode<'_>) -> Vec<Contact> {
    let wide = match file {
        [0xff, 0xfe, rest @ ..] => decode("utf-16le", rest),
        [0xfe, 0xff, rest @ ..] => decode("utf-16be", rest),
        _ => None,
    };
    let file = wide.as_ref().map_or(file, |text| text.as_bytes());
    let mut cards = Vec::new();
    let mut card = None;
    for line in unfold(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file)) {
        let Some(property) = Property::parse(&line, decode) else { continue };
        match (property.name.as_str(), &mut card) {
            ("BEGIN", _) => card = Some(Card::default()),
            ("END", _) => cards.extend(card.take().map(Card::finish)),
            (_, Some(card)) => card.take(property),
            (_, None) => {}
        }
        if cards.len() == MOST {
            break;
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
    if !contact.origin.is_empty() {
        push_line(&mut out, &[ORIGIN, ":", &escape(&contact.origin)]);
    }
    push_line(&mut out, &["FN:", &name]);
    push_line(&mut out, &["N:;", &name, ";;;"]);
    if !contact.organisation.is_empty() {
        push_line(&mut out, &["ORG:", &escape(&contact.organisation)]);
    }
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
    /// The name by its parts, where there is no other.
    parts: String,
}

impl Card {
    fn take(&mut self, property: Property) {
        let Property { name, types, value } = property;
        match name.as_str() {
            "FN" if self.contact.name.is_empty() => self.contact.name = unescape(&value),
            "N" => self.parts = name_of_parts(&value),
            "ORG" => self.contact.organisation = unescape(split(&value).first().unwrap_or(&"")),
            "UID" => match value.strip_prefix(UID).and_then(|id| id.parse().ok()) {
                Some(id) => self.contact.id = id,
                None => self.contact.origin = value,
            },
            ORIGIN => self.contact.origin = unescape(&value),
            "X-FAVORITE" => self.contact.favourite = value == "1",
            "TEL" | "IMPP" | "X-SIP" => {
                let value = unescape(&value);
                let address = without_scheme(&value, "sip:");
                let secure = without_scheme(&value, "sips:").map(|_| value.as_str());
                let link = without_scheme(&value, "tel:").map(of_link);
                let number = link.as_deref();
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
        for name in [&self.parts, &self.contact.organisation] {
            if self.contact.name.is_empty() {
                self.contact.name = name.clone();
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
    fn parse(line: &[u8], decode: Decode<'_>) -> Option<Self> {
        let mut quoted = false;
        let colon = line.iter().position(|byte| {
            quoted ^= *byte == b'"';
            *byte == b':' && !quoted
        })?;
        let head = String::from_utf8_lossy(&line[..colon]).to_ascii_uppercase();
        let mut params = head.split(';');
        let name = params.next()?.rsplit('.').next()?.trim().to_owned();
        let (mut types, mut charset) = (Vec::new(), None);
        for param in params {
            let (key, values) = param.split_once('=').unwrap_or(("", param));
            let mut values = values.split(',').map(|value| value.trim().trim_matches('"'));
            if key.trim() == "CHARSET" {
                charset = values.next_back();
            } else {
                types.extend(values.map(str::to_owned));
            }
        }
        let mut value = line[colon + 1..].to_vec();
        if types.iter().any(|value| value == QUOTED_PRINTABLE) {
            value = unquote(&value);
        }
        let value = text(value, charset, decode).trim().to_owned();
        Some(Self { name, types, value })
    }
}

/// A value as text, in the character set that is given for it.
fn text(value: Vec<u8>, charset: Option<&str>, decode: Decode<'_>) -> String {
    let given = charset.filter(|name| *name != "UTF-8").and_then(|name| decode(name, &value));
    given.unwrap_or_else(|| {
        String::from_utf8(value).unwrap_or_else(|error| {
            let value = error.as_bytes();
            let old = decode("windows-1252", value);
            old.unwrap_or_else(|| String::from_utf8_lossy(value).into_owned())
        })
    })
}

/// The lines of a file, those that were folded in one piece.
fn unfold(file: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let lines = file.split(|byte| matches!(byte, b'\r' | b'\n'));
    let mut lines = lines.filter(|line| !line.is_empty()).peekable();
    std::iter::from_fn(move || {
        let mut line = lines.next()?.to_vec();
        // Quoted-printable of 2.1 has a fold of its own.
        let has_soft_breaks = line.split(|byte| *byte == b':').next().is_some_and(|head| {
            String::from_utf8_lossy(head).to_ascii_uppercase().contains(QUOTED_PRINTABLE)
        });
        while let Some(next) = lines.peek() {
            if has_soft_breaks && line.last() == Some(&b'=') {
                line.pop();
                line.extend(*next);
            } else if let [b' ' | b'\t', rest @ ..] = next {
                line.extend(rest);
            } else {
                break;
            }
            lines.next();
        }
        Some(line)
    })
}

/// The bytes that quoted-printable writes as `=C3=A9`.
fn unquote(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
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
    bytes
}

/// The number of a `tel:` link, with its extension as people write it (RFC 3966 §5.3).
fn of_link(link: &str) -> String {
    let mut params = link.split(';');
    let number = unescape_uri(params.next().unwrap_or_default());
    match params.find_map(|param| without_scheme(param, "ext=")) {
        Some(extension) => [&number, " ext. ", extension].concat(),
        None => number,
    }
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
