//! `message/sipfrag` (RFC 3420): the start of a response as the body of a NOTIFY, by which the
//! progress of a transfer is told (RFC 3515 §2.4.5).

use super::scan::parse_u32;
use super::{display_text, reason_phrase};

/// The media type of such a body.
pub const SIPFRAG: &str = "message/sipfrag;version=2.0";

/// The status line that a body begins with: its status, and its phrase made safe to show.
pub fn parse_sipfrag(body: &[u8]) -> Option<(u16, String)> {
    let text = String::from_utf8_lossy(body);
    let line = text.trim_start().lines().next()?;
    let (version, rest) = line.split_once(' ')?;
    let (code, phrase) = rest.trim_start().split_once(' ').unwrap_or((rest.trim(), ""));
    let status = parse_u32(code).and_then(|code| u16::try_from(code).ok())?;
    if !version.eq_ignore_ascii_case("SIP/2.0") || !(100..700).contains(&status) {
        return None;
    }
    Some((status, display_text(phrase)))
}

/// The body that tells `status`.
pub fn sipfrag(status: u16) -> String {
    ["SIP/2.0 ", &status.to_string(), " ", reason_phrase(status), "\r\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_line_is_all_that_counts() {
        let table = [
            (&b"SIP/2.0 100 Trying"[..], Some((100, "Trying"))),
            (b"SIP/2.0 200 OK\r\nTo: <sip:a@h>\r\n\r\n", Some((200, "OK"))),
            (b"\r\nsip/2.0 486\r\n", Some((486, ""))),
            (b"SIP/2.0 603 No \x1b[31mway\n", Some((603, "No [31mway"))),
            (b"SIP/2.0 700 x", None),
            (b"SIP/3.0 200 OK", None),
            (b"INVITE sip:a@h SIP/2.0", None),
            (b"", None),
            (b"\xFF\xFE", None),
        ];
        for (body, expected) in table {
            let expected = expected.map(|(status, phrase)| (status, phrase.to_owned()));
            assert_eq!(parse_sipfrag(body), expected, "{body:?}");
        }
        assert_eq!(parse_sipfrag(sipfrag(180).as_bytes()), Some((180, "Ringing".into())));
    }
}
