//! From a frame to a start line, headers and a body: everything about lines, and nothing about
//! what they mean. Limits, line ends, folding, compact names and Content-Length are settled here.

use super::Headers;
use super::headers::long_name;
use super::scan::{cut, is_token, parse_u32, trim};
use super::text::decode;
use std::borrow::Cow;

/// The longest message read, in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// The most headers read of a message, Content-Length not counted.
pub const MAX_HEADERS: usize = 256;
/// The longest header read, in bytes of its value.
pub const MAX_HEADER: usize = 8 * 1024;

/// What a frame holds.
pub(super) enum Normalized<'a> {
    /// CRLFCRLF.
    Ping,
    /// CRLF.
    Pong,
    /// A message, well-formed or not.
    Message(Lines<'a>),
}

/// A message in lines.
pub(super) struct Lines<'a> {
    /// The first line, as it stands.
    pub(super) start: Cow<'a, str>,
    /// The headers that could be read; Content-Length is not among them.
    pub(super) headers: Headers,
    /// The body, as long as Content-Length says, or as much of it as there is.
    pub(super) body: &'a [u8],
    /// The status that a request with broken framing is answered with.
    pub(super) fault: Option<u16>,
}

/// Splits a frame.
pub(super) fn normalize(frame: &[u8]) -> Normalized<'_> {
    let line_ends = frame.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if line_ends == frame.len() {
        let lines = frame.iter().filter(|byte| **byte == b'\n').count();
        return if lines > 1 { Normalized::Ping } else { Normalized::Pong };
    }
    let too_large = frame.len() > MAX_MESSAGE;
    let mut rest = frame.get(line_ends..frame.len().min(MAX_MESSAGE)).unwrap_or_default();
    let mut reader = HeaderReader::default();
    let start = decode_line(next_line(&mut rest).unwrap_or_default());
    let mut has_end = false;
    while let Some(line) = next_line(&mut rest) {
        if line.is_empty() {
            has_end = true;
            break;
        }
        reader.line(line);
    }
    reader.finish_header();
    if too_large {
        // What is too large is the body if the headers ended in time, else the message (513).
        reader.fault.get_or_insert(if has_end { 413 } else { 513 });
    }
    let body = match reader.length {
        Some(length) if length <= rest.len() => rest.get(..length).unwrap_or_default(),
        Some(_) => {
            reader.fault.get_or_insert(400);
            rest
        }
        None => rest,
    };
    Normalized::Message(Lines { start, headers: reader.headers, body, fault: reader.fault })
}

/// Splits a part of a multipart body into its headers, perhaps none, and what it holds.
pub(super) fn normalize_part(part: &[u8]) -> (Headers, &[u8]) {
    let mut rest = part;
    let mut reader = HeaderReader::default();
    while let Some(line) = next_line(&mut rest).filter(|line| !line.is_empty()) {
        reader.line(line);
    }
    reader.finish_header();
    (reader.headers, rest)
}

/// Takes one line off, without its line end: CRLF, or LF alone.
fn next_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let line = rest.get(..end).unwrap_or_default();
    *rest = rest.get(end + 1..).unwrap_or_default();
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// A line as text. A CR that ends no line becomes a space: echoed, it could end one elsewhere.
fn decode_line(line: &[u8]) -> Cow<'_, str> {
    let text = decode(line);
    if line.contains(&b'\r') { text.replace('\r', " ").into() } else { text }
}

/// Gathers lines into headers.
#[derive(Default)]
struct HeaderReader<'a> {
    headers: Headers,
    /// The header being read, unfolded so far.
    current: Cow<'a, [u8]>,
    length: Option<usize>,
    fault: Option<u16>,
}

impl<'a> HeaderReader<'a> {
    fn line(&mut self, line: &'a [u8]) {
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            self.finish_header();
            self.current = line.into();
        } else if !self.current.is_empty() {
            // All white space of a fold is one space (RFC 3261 §7.3.1).
            let current = self.current.to_mut();
            current.truncate(current.trim_ascii_end().len());
            current.push(b' ');
            current.extend_from_slice(line.trim_ascii_start());
        }
    }

    /// Keeps the header that has been gathered. A line that is none is ignored, as RFC 3261 §8.2.2
    /// asks for what is malformed and not needed.
    fn finish_header(&mut self) {
        let current = std::mem::take(&mut self.current);
        let line = decode_line(&current);
        let Some((name, value)) = cut(&line, b':') else {
            return;
        };
        let (name, value) = (long_name(trim(name)), trim(value));
        if !is_token(name) {
            return;
        }
        if name.eq_ignore_ascii_case("Content-Length") {
            self.content_length(value);
        } else if name.len().max(value.len()) > MAX_HEADER || self.headers.len() >= MAX_HEADERS {
            self.fault.get_or_insert(513);
        } else {
            self.headers.push_wire(name, value);
        }
    }

    /// Two lengths that differ are no length: the next element may believe the other one.
    fn content_length(&mut self, value: &str) {
        let length = parse_u32(value).map(|length| length as usize);
        if length.is_none() || self.length.is_some_and(|before| Some(before) != length) {
            self.fault.get_or_insert(400);
        }
        self.length = length.or(self.length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(frame: &[u8]) -> Lines<'_> {
        match normalize(frame) {
            Normalized::Message(lines) => lines,
            _ => panic!("a message was expected"),
        }
    }

    #[test]
    fn frames_of_line_ends_are_keep_alives() {
        assert!(matches!(normalize(b"\r\n\r\n"), Normalized::Ping));
        assert!(matches!(normalize(b"\n\n"), Normalized::Ping));
        assert!(matches!(normalize(b"\r\n"), Normalized::Pong));
        assert!(matches!(normalize(b"\r\n\r\nX"), Normalized::Message(_)));
    }

    #[test]
    fn lines_are_made_canonical() {
        let frame = b"\r\n\n\r\nSTART x\n folded into nothing\r\nv  :\tone\r\n\t two \n  \r\n\
            S:\r\nno colon\r\nb\xE9d: x\r\nX-Raw: Jos\xE9 \"a\\\0b\"\r\nX-Cr: a\rEvil: b\r\r\n\
            l: 3\r\n\r\nbodyextra";
        let read = lines(frame);
        assert_eq!(read.start, "START x");
        let headers: Vec<_> = read.headers.iter().collect();
        assert_eq!(
            headers,
            [
                ("Via", "one two"),
                ("Subject", ""),
                ("X-Raw", "Jos\u{F7E9} \"a\\\0b\""),
                ("X-Cr", "a Evil: b"),
            ]
        );
        assert_eq!((read.body, read.fault), (&b"bod"[..], None));
    }

    #[test]
    fn content_length_bounds_the_body() {
        let table: [(&[u8], &[u8], Option<u16>); 10] = [
            (b"Content-Length: 2", b"bo", None),
            (b"L:002", b"bo", None),
            (b"l: 4\r\nContent-Length: 4", b"body", None),
            (b"X: none", b"body", None),
            (b"l: 5", b"body", Some(400)),
            (b"l: -1", b"body", Some(400)),
            (b"l: two", b"body", Some(400)),
            (b"l: 99999999999999999999", b"body", Some(400)),
            (b"l: 2\r\nl: 4", b"body", Some(400)),
            (b"l: 4, 4", b"body", Some(400)),
        ];
        for (header, body, fault) in table {
            let frame = [b"START\r\n", header, b"\r\n\r\nbody"].concat();
            let read = lines(&frame);
            assert_eq!((read.body, read.fault), (body, fault), "{header:?}");
        }
    }

    #[test]
    fn limits_hold_for_message_headers_and_header() {
        let fault = |frame: &[u8]| lines(frame).fault;
        let header = |len: usize| ["START\r\nX: ", &"x".repeat(len), "\r\n\r\n"].concat();
        assert_eq!(fault(header(MAX_HEADER).as_bytes()), None);
        assert_eq!(fault(header(MAX_HEADER + 1).as_bytes()), Some(513));
        let count = |count: usize| ["START\r\n", &"X: y\r\n".repeat(count), "l: 0\r\n"].concat();
        assert_eq!(fault(count(MAX_HEADERS).as_bytes()), None);
        assert_eq!(fault(count(MAX_HEADERS + 1).as_bytes()), Some(513));
        let head = "START\r\nX: y\r\n\r\n";
        let body = |len: usize| [head, &"x".repeat(len - head.len())].concat();
        assert_eq!(fault(body(MAX_MESSAGE).as_bytes()), None);
        assert_eq!(fault(body(MAX_MESSAGE + 1).as_bytes()), Some(413));
        let endless = ["START\r\n", &"X: y\r\n".repeat(100), &"x".repeat(MAX_MESSAGE)].concat();
        assert_eq!(fault(endless.as_bytes()), Some(513));
    }
}
