//! Bodies of several parts (RFC 2046 §5.1, RFC 5621).

use super::Headers;
use super::normalize::normalize_part;

/// The most parts that are looked at; who sends more hides something.
const MAX_PARTS: usize = 32;

/// One part of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<'a> {
    /// Its headers, perhaps none.
    pub headers: Headers,
    /// What it holds.
    pub body: &'a [u8],
}

/// Splits a body at its boundary. What stands before the first boundary and after the last one is
/// for readers who know no multipart, and is left out. A last boundary that is missing is not
/// missed. `None` where the boundary is no boundary, or does not occur.
pub fn split_parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let mut parts = Vec::new();
    let (mut at, mut start) = (0, None);
    while let Some(line) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let len = line.iter().position(|byte| *byte == b'\n').map_or(line.len(), |end| end + 1);
        let line = line.get(..len).unwrap_or_default();
        if let Some(is_last) = delimiter(line, boundary) {
            if let Some(start) = start {
                parts.push(part(body.get(start..at).unwrap_or_default()));
            }
            start = (!is_last && parts.len() < MAX_PARTS).then_some(at + len);
            if start.is_none() {
                return Some(parts);
            }
        }
        at += len;
    }
    parts.push(part(body.get(start?..).unwrap_or_default()));
    Some(parts)
}

/// Whether a line is a boundary, and if so, whether it is the last one.
fn delimiter(line: &[u8], boundary: &str) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary.as_bytes())?;
    match rest.strip_prefix(b"--") {
        Some(rest) if rest.trim_ascii().is_empty() => Some(true),
        _ => rest.trim_ascii().is_empty().then_some(false),
    }
}

/// A part without the line end before its boundary, which belongs to the boundary.
fn part(bytes: &[u8]) -> Part<'_> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let (headers, body) = normalize_part(bytes);
    Part { headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(body: &[u8], boundary: &str) -> Option<Vec<Vec<u8>>> {
        let parts = split_parts(body, boundary)?;
        Some(parts.iter().map(|part| part.body.to_vec()).collect())
    }

    #[test]
    fn parts_are_split_at_whole_boundaries_only() {
        let body = b"preamble\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--bc\r\n x--b\r\n\
            --b \t\r\n\r\n\0\xFF\n\r\n--b--\r\nepilogue\r\n--b\r\n\r\nnever";
        let parts = split_parts(body, "b").expect("parts");
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].headers.get("Content-Type"), Some("text/plain"));
        assert_eq!(parts[0].body, b"one\r\n--bc\r\n x--b");
        assert_eq!(parts[1].headers.iter().count(), 0);
        assert_eq!(parts[1].body, b"\0\xFF\n");
    }

    #[test]
    fn broken_bodies_give_what_they_hold() {
        type Row<'a> = (&'a [u8], &'a str, Option<&'a [&'a [u8]]>);
        let table: [Row<'_>; 8] = [
            (b"--b\n\nx\n--b--", "b", Some(&[b"x"])),
            (b"--b\n\nx", "b", Some(&[b"x"])),
            (b"--b", "b", Some(&[b""])),
            (b"--b--", "b", Some(&[])),
            (b"--b\r\n--b--", "b", Some(&[b""])),
            (b"", "b", None),
            (b"x--b\r\n\r\nx", "b", None),
            (b"--\n\nx", "", None),
        ];
        for (body, boundary, expected) in table {
            let expected = expected.map(|parts| parts.iter().map(|part| part.to_vec()).collect());
            assert_eq!(bodies(body, boundary), expected, "{}", String::from_utf8_lossy(body));
        }
        let many = "--b\n\nx\n".repeat(1000);
        assert_eq!(bodies(many.as_bytes(), "b").map(|parts| parts.len()), Some(MAX_PARTS));
    }
}
