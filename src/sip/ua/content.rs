//! What a message's body is to us (RFC 3261 §20.11, RFC 5621): a session description or a text,
//! however it is wrapped, or something that may or may not be passed over.

use crate::media::sdp::{with_one_of_each, without_blank_lines};
use crate::sip::wire::{Headers, Params, split_parts};

/// How deep parts may hold parts.
const MAX_DEPTH: u8 = 3;

/// The body of a message, to whoever looks for something in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing, or nothing that matters.
    Nothing,
    /// What was looked for: a session description, or a text.
    Description(String),
    /// Something that the sender wants to be understood, and that is not.
    Unsupported,
    /// Something encrypted, for which there is no key.
    Undecipherable,
}

/// What is looked for in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    Text,
}

/// Looks for the session description in a body.
pub(super) fn content(headers: &Headers, body: &[u8]) -> Content {
    read(headers, body, Kind::Session, MAX_DEPTH)
}

/// Looks for the text to be shown in the body of a MESSAGE.
pub(super) fn text(headers: &Headers, body: &[u8]) -> Content {
    read(headers, body, Kind::Text, MAX_DEPTH)
}

/// Whether the body is compressed or otherwise encoded (RFC 3261 §20.12), which we cannot undo.
pub(super) fn is_encoded(headers: &Headers) -> bool {
    let encodings = headers.values("Content-Encoding");
    encodings.iter().any(|encoding| !encoding.eq_ignore_ascii_case("identity"))
}

fn read(headers: &Headers, body: &[u8], wanted: Kind, depth: u8) -> Content {
    if body.is_empty() {
        return Content::Nothing;
    }
    let otherwise = |content| if is_optional(headers) { Content::Nothing } else { content };
    let Ok((kind, params)) = Params::split(headers.get("Content-Type").unwrap_or_default()) else {
        return otherwise(Content::Unsupported);
    };
    let is = |other: &str| kind.eq_ignore_ascii_case(other);
    if is_encoded(headers) {
        otherwise(Content::Unsupported)
    } else if wanted == Kind::Text && is("text/plain") {
        Content::Description(decode(&params, body))
    } else if wanted == Kind::Session && is("application/sdp") && is_session(headers) {
        let sdp = without_blank_lines(String::from_utf8_lossy(body).into_owned());
        Content::Description(with_one_of_each(sdp))
    } else if is("application/pkcs7-mime") {
        otherwise(Content::Undecipherable)
    } else if kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/")) {
        let boundary = params.unquoted("boundary").unwrap_or_default();
        match split_parts(body, &boundary) {
            Some(parts) if depth > 0 => {
                let parts = parts.iter().map(|part| {
                    let required = handling(&part.headers).as_deref() == Some("required");
                    (required, read(&part.headers, part.body, wanted, depth - 1))
                });
                join(parts, wanted, is("multipart/alternative"), otherwise)
            }
            _ => otherwise(Content::Unsupported),
        }
    } else {
        otherwise(Content::Unsupported)
    }
}

/// What parts are together. Of alternatives one is enough. Otherwise, beside what is looked for,
/// each has to be understood that its sender says must be. By RFC 5621 §8.1 that is each which is
/// not said to be optional; but who adds a location to a call rarely says so, and means it. What is
/// attached to a text would be lost.
fn join(
    parts: impl Iterator<Item = (bool, Content)>,
    wanted: Kind,
    alternative: bool,
    otherwise: impl Fn(Content) -> Content,
) -> Content {
    let (mut found, mut fault, mut strange) =
        (Content::Nothing, Content::Nothing, Content::Nothing);
    for (required, part) in parts {
        match part {
            Content::Nothing => {}
            Content::Description(_) if found == Content::Nothing => found = part,
            Content::Description(_) if alternative => {}
            Content::Description(more) if wanted == Kind::Text => {
                if let Content::Description(text) = &mut found {
                    text.push('\n');
                    text.push_str(&more);
                }
            }
            // A second description would be of another session than the first.
            Content::Description(_) => fault = Content::Unsupported,
            Content::Unsupported | Content::Undecipherable if required || wanted == Kind::Text => {
                fault = part;
            }
            Content::Unsupported | Content::Undecipherable => strange = part,
        }
    }
    if found == Content::Nothing && fault == Content::Nothing {
        fault = strange;
    }
    match (&found, &fault) {
        (_, Content::Nothing) => found,
        (Content::Description(_), _) if alternative => found,
        _ => otherwise(fault),
    }
}

/// Bytes that are not UTF-8 are Latin-1 where the sender says so and cannot be read otherwise.
fn decode(params: &Params, body: &[u8]) -> String {
    let charset = params.unquoted("charset").unwrap_or_default();
    if charset.eq_ignore_ascii_case("iso-8859-1") {
        body.iter().copied().map(char::from).collect()
    } else {
        String::from_utf8_lossy(body).into_owned()
    }
}

fn is_optional(headers: &Headers) -> bool {
    handling(headers).as_deref() == Some("optional")
}

/// Whether what cannot be understood matters, in small letters, where that is said.
fn handling(headers: &Headers) -> Option<String> {
    Some(disposition(headers)?.1.unquoted("handling")?.to_ascii_lowercase())
}

/// A description is one of this session unless it says otherwise (RFC 3959 §4).
fn is_session(headers: &Headers) -> bool {
    disposition(headers).is_none_or(|(kind, _)| kind.eq_ignore_ascii_case("session"))
}

fn disposition(headers: &Headers) -> Option<(&str, Params)> {
    Params::split(headers.get("Content-Disposition")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in lines {
            headers.push(name, *value);
        }
        headers
    }

    fn of(kind: &str, disposition: &str, body: &str) -> Content {
        let mut lines = vec![("Content-Type", kind)];
        if !disposition.is_empty() {
            lines.push(("Content-Disposition", disposition));
        }
        content(&headers(&lines), body.as_bytes())
    }

    fn found(sdp: &str) -> Content {
        Content::Description(sdp.to_owned())
    }

    #[test]
    fn a_single_body_is_judged_by_type_disposition_and_handling() {
        let table = [
            ("application/sdp", "", found("x")),
            ("Application/SDP ; charset=utf-8", "session;handling=required", found("x")),
            ("application/sdp", "early-session", Content::Unsupported),
            ("application/sdp", "early-session; handling=OPTIONAL", Content::Nothing),
            ("application/isup", "signal;handling=optional", Content::Nothing),
            ("application/isup", "signal;handling=required", Content::Unsupported),
            ("application/isup", "", Content::Unsupported),
            ("application/pkcs7-mime; smime-type=x", "", Content::Undecipherable),
            ("", "", Content::Unsupported),
            ("\"", "", Content::Unsupported),
            ("multipart/mixed", "", Content::Unsupported),
            ("multipart/mixed;boundary=b", "", Content::Unsupported),
        ];
        for (kind, disposition, expected) in table {
            assert_eq!(of(kind, disposition, "x"), expected, "{kind} {disposition}");
        }
        assert_eq!(of("text/plain", "", ""), Content::Nothing);
        let zipped = headers(&[("c", "application/sdp"), ("e", "identity, gzip")]);
        assert_eq!(content(&zipped, b"x"), Content::Unsupported);
        let plain = headers(&[("c", "application/sdp"), ("e", "Identity")]);
        assert_eq!(content(&plain, b"x"), found("x"));
    }

    #[test]
    fn the_description_is_found_among_other_parts() {
        let sdp = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n";
        let isup = |handling: &str| {
            ["--b\r\nContent-Type: application/isup\r\n", handling, "\r\n\x01\x02\r\n"].concat()
        };
        let optional = isup("Content-Disposition: signal;handling=optional\r\n");
        let mixed = |parts: &[&str]| {
            of("multipart/mixed;boundary=\"b\"", "", &[&parts.concat(), "--b--"].concat())
        };
        assert_eq!(mixed(&[sdp, &optional]), found("v=0\r\n"));
        assert_eq!(mixed(&[&optional, sdp]), found("v=0\r\n"));
        assert_eq!(mixed(&[&optional]), Content::Nothing);
        let required = isup("Content-Disposition: signal;handling=REQUIRED\r\n");
        assert_eq!(mixed(&[sdp, &required]), Content::Unsupported);
        assert_eq!(mixed(&[&isup("")]), Content::Unsupported);
        assert_eq!(mixed(&[sdp, sdp]), Content::Unsupported);
        let alternative = [&isup(""), sdp, "--b--"].concat();
        assert_eq!(of("multipart/alternative;boundary=b", "", &alternative), found("v=0\r\n"));
        let inner = ["--o\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n", sdp, "--b--\r\n"];
        let nested = [&inner.concat(), "--o--"].concat();
        assert_eq!(of("multipart/mixed;boundary=o", "", &nested), found("v=0\r\n"));
    }

    #[test]
    fn a_part_that_nobody_says_must_be_understood_is_passed_over() {
        let body = "--b\r\nContent-Type: application/pidf+xml\r\nContent-ID: <l@h>\r\n\r\n<presence/>\r\n\
             --b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b--";
        assert_eq!(of("multipart/mixed;boundary=b", "", body), found("v=0\r\n"));
    }

    #[test]
    fn parts_within_parts_come_to_an_end() {
        let mut body = String::from("x");
        for depth in 0..100 {
            let boundary = format!("b{depth}");
            body = format!(
                "--{boundary}\r\nContent-Type: multipart/mixed;boundary=b{}\r\n\r\n{body}\r\n\
                 --{boundary}--\r\n",
                depth - 1
            );
        }
        assert_eq!(of("multipart/mixed;boundary=b99", "", &body), Content::Unsupported);
    }
}
