//! The scanner under every value parser, and what quoted strings and comma lists have in common.

use super::uri::UriError;
use std::fmt;

/// Why a header value could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The value is not of the form that its header asks for.
    Syntax,
    /// A quoted string does not end.
    Quote,
    /// A parameter without a name, or with a value that would need quotes.
    Param,
    /// A number is missing, or larger than its field allows.
    Number,
    /// The URI, or the host of a Via, is malformed.
    Uri(UriError),
    /// An authentication scheme other than Digest.
    Scheme,
    /// A parameter that must be there is not; its name.
    Missing(&'static str),
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::Syntax => f.write_str("malformed value"),
            ValueError::Quote => f.write_str("unterminated quoted string"),
            ValueError::Param => f.write_str("malformed parameter"),
            ValueError::Number => f.write_str("missing or overlarge number"),
            ValueError::Uri(error) => error.fmt(f),
            ValueError::Scheme => f.write_str("not a Digest challenge"),
            ValueError::Missing(name) => {
                f.write_str("missing parameter ")?;
                f.write_str(name)
            }
        }
    }
}

impl std::error::Error for ValueError {}

impl From<UriError> for ValueError {
    fn from(error: UriError) -> Self {
        ValueError::Uri(error)
    }
}

/// What is left to read of a value. Every delimiter is ASCII, so every cut is at a character.
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner { rest: text }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    /// Skips spaces and tabs, and says whether there were any.
    pub(super) fn space(&mut self) -> bool {
        !self.take_while(is_blank).is_empty()
    }

    /// Takes `byte`, which must be ASCII, if it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.take(1);
        }
        found
    }

    /// Takes the bytes for which `belongs` holds; it must hold for all or none above ASCII.
    pub(super) fn take_while(&mut self, belongs: fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|byte| !belongs(byte));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Takes a quoted string with its quotes; `None` if none begins here or it does not end.
    pub(super) fn quoted(&mut self) -> Option<&'a str> {
        let end = quoted_end(self.rest.as_bytes())?;
        Some(self.take(end))
    }

    /// Skips spaces and says whether nothing else is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.space();
        self.rest.is_empty()
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

/// The length of the quoted string that `bytes` begins with, quotes included.
fn quoted_end(bytes: &[u8]) -> Option<usize> {
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Whether `byte` may stand in a `token` (RFC 3261 §25.1).
pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

/// Whether `text` is a `token` (RFC 3261 §25.1).
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Trims spaces and tabs, and nothing else.
pub(super) fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    let end = bytes.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    let start = bytes.iter().position(|byte| !is_blank(*byte)).unwrap_or(end);
    text.get(start..end).unwrap_or_default()
}

/// What stands before the first `byte`, which must be ASCII, and what stands after it.
pub(super) fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|other| other == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// As [`cut`], of what stands in no quotes. Quotes that do not end begin nothing.
pub(super) fn cut_unquoted(text: &str, byte: u8) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Behind quotes that do not end there are none that do: the rest is looked at once.
    let mut has_quotes = true;
    while let Some(other) = bytes.get(at) {
        if *other == byte {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
        let quoted = bytes.get(at..).filter(|_| has_quotes && *other == b'"').map(quoted_end);
        has_quotes &= quoted != Some(None);
        at += quoted.flatten().unwrap_or(1);
    }
    None
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A number of ASCII digits only, at most 2³²−1, leading zeros allowed.
pub(super) fn parse_u32(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0u32, |value, byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u32::from(byte - b'0')),
        _ => None,
    })
}

/// Writes `text` as a quoted string: `"` and `\` get a backslash.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for ch in text.chars() {
        if matches!(ch, '"' | '\\') {
            out.push('\\');
        }
        out.push(ch);
    }
    out.push('"');
    out
}

/// The content of a quoted string, its backslashes resolved; text without quotes as it is.
/// `None` where a quote opens and does not close, or something follows the closing one.
pub fn unquote(text: &str) -> Option<String> {
    if !text.starts_with('"') {
        return Some(text.to_owned());
    }
    if quoted_end(text.as_bytes())? != text.len() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.get(1..text.len() - 1)?.chars();
    while let Some(ch) = chars.next() {
        out.push(if ch == '\\' { chars.next()? } else { ch });
    }
    Some(out)
}

/// Splits at the commas that stand outside quotes and outside `<>`, and trims the parts.
/// Empty parts are kept, but blank text has none. What follows an open quote or `<` is one part.
pub fn split_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let bytes = text.as_bytes();
    let (mut start, mut at, mut in_angle) = (0, 0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if !in_angle => {
                let end = bytes.get(at..).and_then(quoted_end);
                at = end.map_or(bytes.len(), |len| at + len);
                continue;
            }
            b'<' => in_angle = true,
            b'>' => in_angle = false,
            b',' if !in_angle => {
                parts.extend(text.get(start..at).map(trim));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    let last = text.get(start..).map_or("", trim);
    if !(parts.is_empty() && last.is_empty()) {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_split_only_outside_quotes_and_angles() {
        let table: [(&str, &[&str]); 10] = [
            ("", &[]),
            (" \t", &[]),
            ("a", &["a"]),
            ("a , b,c", &["a", "b", "c"]),
            (",a,,", &["", "a", "", ""]),
            (r#""x, \"y" <sip:a@b,c>, z"#, &[r#""x, \"y" <sip:a@b,c>"#, "z"]),
            ("<http://a/,b>;x=1,<c>", &["<http://a/,b>;x=1", "<c>"]),
            (r#"<sip:a"b>, c"#, &[r#"<sip:a"b>"#, "c"]),
            (r#""open, x"#, &[r#""open, x"#]),
            ("é,日", &["é", "日"]),
        ];
        for (text, parts) in table {
            assert_eq!(split_commas(text), parts, "{text}");
        }
    }

    #[test]
    fn quoting_and_unquoting_are_inverse() {
        for text in ["", "plain", r#"say "hi""#, r"back\slash\", "é日\0", r#"\""#] {
            assert_eq!(unquote(&quote(text)).as_deref(), Some(text));
        }
        assert_eq!(quote(r#"a"b\c"#), r#""a\"b\\c""#);
        assert_eq!(unquote("token").as_deref(), Some("token"));
        assert_eq!(unquote(r#""\a\é""#).as_deref(), Some("aé"));
        for open in [r#"""#, r#""abc"#, r#""abc\""#, r#""a" b"#, r#""a""b""#] {
            assert_eq!(unquote(open), None, "{open}");
        }
    }

    #[test]
    fn numbers_are_digits_within_32_bits() {
        let table = [
            ("0", Some(0)),
            ("0009", Some(9)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("36893488147419103232", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1 ", None),
            ("٣", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_u32(text), expected, "{text}");
        }
    }

    #[test]
    fn tokens_hold_their_odd_characters_and_no_others() {
        assert!(is_token("!interesting-Method0123456789_*+`.%indeed'~"));
        for text in ["", "a b", "a:b", "é", "a\r", "<", "\""] {
            assert!(!is_token(text), "{text}");
        }
    }
}
