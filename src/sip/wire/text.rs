//! Bytes to text and back without loss, %-escapes, and text made fit for a screen.

use std::borrow::Cow;

/// The longest text that [`display_text`] returns, in characters.
const DISPLAY_LIMIT: usize = 128;

/// The byte that a character of our private range stands for.
fn raw_byte(ch: char) -> Option<u8> {
    match ch {
        '\u{F780}'..='\u{F7FF}' => Some((ch as u32 & 0xFF) as u8),
        _ => None,
    }
}

/// Reads header bytes as text; see the module `wire` for bytes that are not UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    // U+F780 to U+F7FF begin with the byte EF; most text has none and is its own reading.
    if let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0xEF)
    {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len());
    let push_raw = |text: &mut String, bytes: &[u8]| {
        for byte in bytes {
            text.push(char::from_u32(0xF700 + u32::from(*byte)).unwrap_or('\u{FFFD}'));
        }
    };
    for chunk in bytes.utf8_chunks() {
        for ch in chunk.valid().chars() {
            match raw_byte(ch) {
                Some(_) => push_raw(&mut text, ch.encode_utf8(&mut [0; 4]).as_bytes()),
                None => text.push(ch),
            }
        }
        push_raw(&mut text, chunk.invalid());
    }
    text.into()
}

/// Appends the bytes of `text`, the inverse of [`decode`].
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    if !text.as_bytes().contains(&0xEF) {
        return out.extend_from_slice(text.as_bytes());
    }
    for ch in text.chars() {
        match raw_byte(ch) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Like [`encode`], with CR and LF made spaces: no line of a message can be broken in two.
pub(super) fn encode_line(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    encode(text, out);
    for byte in out.iter_mut().skip(start) {
        if matches!(byte, b'\r' | b'\n') {
            *byte = b' ';
        }
    }
}

/// The bytes of `text`.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    encode(text, &mut out);
    out
}

/// The byte that the three bytes at `at` spell as `%HH`, where they do.
pub(super) fn escape_at(bytes: &[u8], at: usize) -> Option<u8> {
    let hex = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    if bytes.get(at) != Some(&b'%') {
        return None;
    }
    Some((hex(at + 1)? * 16 + hex(at + 2)?) as u8)
}

/// Appends `byte` as `%HH`.
pub(super) fn push_escape(byte: u8, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
}

/// Resolves `%HH` once. An escape that is not two hex digits stays as it is, `%00` is an ordinary
/// character, and escaped bytes that are not UTF-8 survive as raw bytes.
pub fn unescape(text: &str) -> String {
    let bytes = bytes(text);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match escape_at(&bytes, at) {
            Some(escaped) => {
                out.push(escaped);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    decode(&out).into_owned()
}

/// Escapes what may not stand in the user part of a SIP URI (RFC 3261 §25.1, `user`).
pub fn escape_user(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    for byte in bytes(text) {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&byte) {
            out.push(byte);
        } else {
            push_escape(byte, &mut out);
        }
    }
    decode(&out).into_owned()
}

/// Text from the wire made fit for a screen: raw bytes become Latin-1 letters; control, bidi and
/// invisible characters go, line breaks and tabs become spaces; at most 128 characters remain.
pub fn display_text(text: &str) -> String {
    let mut out = String::new();
    let shown = text.chars().filter_map(|ch| match raw_byte(ch) {
        Some(byte) => (byte >= 0xA0 && byte != 0xAD).then_some(char::from(byte)),
        None if matches!(ch, '\t' | '\r' | '\n') => Some(' '),
        None => (!is_hidden(ch)).then_some(ch),
    });
    let mut marks = 0;
    let shown = shown.filter(|ch| {
        marks = if is_mark(*ch) { marks + 1 } else { 0 };
        marks <= MOST_MARKS
    });
    for (count, ch) in shown.enumerate() {
        if count == DISPLAY_LIMIT {
            out.pop();
            out.push('…');
            break;
        }
        out.push(ch);
    }
    out.trim().to_owned()
}

/// So many marks are shown on one letter: no script has more, and a pile of them covers what stands
/// above and below.
pub const MOST_MARKS: u32 = 4;

/// Whether a character is put on the letter before it.
pub fn is_mark(ch: char) -> bool {
    matches!(ch,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5BD}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{E47}'..='\u{E4E}' | '\u{EB8}'..='\u{ECD}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// Characters that a reader cannot see, or that reorder what he sees.
pub fn is_hidden(ch: char) -> bool {
    ch.is_control()
        || matches!(ch,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{2800}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_string_survives_as_text() {
        let samples: [&[u8]; 7] = [
            b"plain",
            "José \u{4F60}".as_bytes(),
            b"Jos\xE9",
            b"\xC3",
            b"\xE2\x82 \xFF\x80",
            "\u{F780}\u{F7FF}".as_bytes(),
            b"a\0b\xEF\xBB\xBFc",
        ];
        for sample in samples {
            assert_eq!(bytes(&decode(sample)), sample);
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&decode(&all)), all);
        assert_eq!(decode(b"Jos\xE9"), "Jos\u{F7E9}");
        assert_eq!(decode("\u{F780}".as_bytes()), "\u{F7EF}\u{F79E}\u{F780}");
    }

    #[test]
    fn escapes_are_resolved_exactly_once() {
        let table = [
            ("alice", "alice"),
            ("%61lice", "alice"),
            ("v%61lue%25%34%31", "value%41"),
            ("null-%00-null", "null-\0-null"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz%4a", "%zzJ"),
            ("caf%C3%A9", "café"),
            ("caf%E9", "caf\u{F7E9}"),
        ];
        for (text, expected) in table {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_user_is_escaped_only_where_needed() {
        let table = [
            ("+34600", "+34600"),
            ("john.doe", "john.doe"),
            ("user;par=u@example.net", "user;par=u%40example.net"),
            ("a b:c", "a%20b%3Ac"),
            ("#31#*", "%2331%23*"),
            ("50%", "50%25"),
            ("é\0\r\n<>\"", "%C3%A9%00%0D%0A%3C%3E%22"),
        ];
        for (raw, escaped) in table {
            assert_eq!(escape_user(raw), escaped);
            assert_eq!(unescape(&escape_user(raw)), raw);
        }
        assert_eq!(unescape(&escape_user("caf\u{F7E9}")), "caf\u{F7E9}");
    }

    #[test]
    fn raw_bytes_that_spell_a_letter_come_back_as_the_letter() {
        assert_eq!(escape_user("s\u{F7D1}\u{F791}"), "s%D1%91");
        assert_eq!(unescape("s%D1%91"), "sё");
        assert_eq!(unescape("s\u{F7D1}\u{F791}"), "sё");
        assert_eq!(unescape(&escape_user("sё")), "sё");
    }

    #[test]
    fn text_for_a_screen_hides_nothing_and_has_an_end() {
        let table = [
            ("Jos\u{F7E9}", "José"),
            ("a\u{F785}b", "ab"),
            ("BEL:\u{7} NUL:\0 DEL:\u{7f}", "BEL: NUL: DEL:"),
            ("\u{202E}knab\u{202C}", "knab"),
            ("Bank\u{200B}\u{FEFF}", "Bank"),
            ("one\r\ntwo\tthree ", "one  two three"),
            ("日本 🙂", "日本 🙂"),
            ("\u{2800}\u{1BCA0}\u{1D173}\u{FE0F}", ""),
            ("ni\u{303}a", "ni\u{303}a"),
        ];
        for (text, expected) in table {
            assert_eq!(display_text(text), expected);
        }
        let pile = ["a", &"\u{35C}".repeat(100), "b\u{301}"].concat();
        assert_eq!(display_text(&pile), "a\u{35C}\u{35C}\u{35C}\u{35C}b\u{301}");
        let long = display_text(&"é".repeat(200));
        assert_eq!(long.chars().count(), DISPLAY_LIMIT);
        assert!(long.ends_with('…'));
        assert_eq!(display_text(&"é".repeat(DISPLAY_LIMIT)), "é".repeat(DISPLAY_LIMIT));
    }
}
