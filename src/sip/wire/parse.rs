//! Reading a frame: what is a message, what is answered with an error, and what is dropped.

use super::normalize::{Lines, MAX_HEADER, Normalized, normalize};
use super::scan::{ValueError, cut, parse_u32, trim};
use super::{
    CSeq, Contacts, Headers, Method, NameAddr, Request, Response, Uri, Via, reason_phrase,
};
use std::fmt;

/// What one WebSocket frame holds (RFC 7118 §5).
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// CRLFCRLF, to be answered with CRLF (RFC 5626 §4.4.1).
    Ping,
    /// CRLF, the answer.
    Pong,
    /// A well-formed request.
    Request(Request),
    /// A well-formed response.
    Response(Response),
}

/// Why a frame holds no message for the user agent.
#[derive(Clone, Debug, PartialEq)]
pub enum WireError {
    /// Nothing that could or should be answered; the text says why.
    Drop(&'static str),
    /// A request to be answered with this status, without looking further into it.
    Reject {
        /// 400, 413, 414, 505 or 513.
        status: u16,
        /// What could be read of it: enough for [`Response::to_request`], but any header may be
        /// missing or malformed, and a URI that could not be read is [`Uri::Other`].
        request: Box<Request>,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireError::Drop(why) => f.write_str(why),
            WireError::Reject { status, .. } => f.write_str(reason_phrase(*status)),
        }
    }
}

impl std::error::Error for WireError {}

/// Reads one frame. A message that comes back as [`Frame`] has every header that it must have,
/// each well-formed; the method and the scheme of the Request-URI may be any.
pub fn parse(frame: &[u8]) -> Result<Frame, WireError> {
    match normalize(frame) {
        Normalized::Ping => Ok(Frame::Ping),
        Normalized::Pong if frame.is_empty() => Err(WireError::Drop("an empty frame")),
        Normalized::Pong => Ok(Frame::Pong),
        Normalized::Message(lines) => {
            let start = lines.start.as_bytes();
            if start.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"SIP/")) {
                parse_response(lines).map(Frame::Response)
            } else {
                parse_request(lines).map(Frame::Request)
            }
        }
    }
}

fn parse_request(lines: Lines<'_>) -> Result<Request, WireError> {
    let not_sip = WireError::Drop("not a SIP message");
    let mut words = lines.start.trim_matches(' ').splitn(2, ' ');
    let method = words.next().and_then(Method::parse);
    let target = words.next().and_then(|rest| rest.rsplit_once(' '));
    let (Some(method), Some((uri, version))) = (method, target) else {
        return Err(not_sip);
    };
    if !version.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("SIP/")) {
        return Err(not_sip);
    }
    let text = uri.trim_matches(' ');
    let uri = Uri::parse(text).ok().filter(is_request_uri);
    let status = if !version.eq_ignore_ascii_case("SIP/2.0") {
        Some(505)
    } else if lines.fault.is_some() {
        lines.fault
    } else if text.len() > MAX_HEADER {
        Some(414)
    } else if uri.is_none() || check_request(&method, &lines.headers).is_err() {
        Some(400)
    } else {
        None
    };
    let uri = uri.unwrap_or_else(|| Uri::Other(text.to_owned()));
    let request = Request { method, uri, headers: lines.headers, body: lines.body.to_vec() };
    let Some(status) = status else {
        return Ok(request);
    };
    if request.method == Method::Ack {
        return Err(WireError::Drop("a malformed ACK"));
    }
    let headers = &request.headers;
    if !headers.has("Via") || !(headers.has("CSeq") || headers.has("Call-ID")) {
        return Err(WireError::Drop("a request without the headers to answer it"));
    }
    Err(WireError::Reject { status, request: Box::new(request) })
}

fn parse_response(lines: Lines<'_>) -> Result<Response, WireError> {
    let malformed = WireError::Drop("a malformed response");
    let (version, rest) = cut(&lines.start, b' ').unwrap_or_default();
    let (code, reason) = cut(rest, b' ').unwrap_or((rest, ""));
    let status = parse_u32(code).and_then(|code| u16::try_from(code).ok());
    let status = status.filter(|status| code.len() == 3 && (100..700).contains(status));
    let Some(status) = status else {
        return Err(malformed);
    };
    if !version.eq_ignore_ascii_case("SIP/2.0")
        || lines.fault.is_some()
        || check(&lines.headers).is_err()
    {
        return Err(malformed);
    }
    let reason = trim(reason).to_owned();
    Ok(Response { status, reason, headers: lines.headers, body: lines.body.to_vec() })
}

/// A Request-URI has no headers (RFC 3261 §19.1.1, table 1): they could smuggle a Route in.
fn is_request_uri(uri: &Uri) -> bool {
    uri.as_sip().is_none_or(|sip| sip.headers.is_empty())
}

fn check_request(method: &Method, headers: &Headers) -> Result<(), ValueError> {
    if check(headers)?.method != *method {
        return Err(ValueError::Syntax);
    }
    // Where Contact is a binding or the target of a dialog, it must be well-formed.
    if matches!(method, Method::Invite | Method::Refer | Method::Register | Method::Subscribe) {
        Contacts::parse(headers)?;
    }
    Ok(())
}

/// Checks the headers that every message has, each but Via once, and returns CSeq.
fn check(headers: &Headers) -> Result<CSeq, ValueError> {
    let mut vias = 0;
    for line in headers.all("Via") {
        vias += Via::parse_list(line)?.len();
    }
    if vias == 0 {
        return Err(ValueError::Missing("Via"));
    }
    NameAddr::parse(headers.single("From")?)?;
    NameAddr::parse(headers.single("To")?)?;
    let call_id = headers.single("Call-ID")?;
    if call_id.is_empty() || call_id.contains([' ', '\t']) {
        return Err(ValueError::Syntax);
    }
    CSeq::parse(headers.single("CSeq")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
        To: <sip:b@h>\r\nCall-ID: c@d\r\nCSeq: 7 INFO\r\n";

    fn parse_text(start: &str, headers: &str) -> Result<Frame, WireError> {
        parse([start, "\r\n", headers, "\r\n"].concat().as_bytes())
    }

    /// 0 for a request, 1 for a response, 2 for a keep-alive, 3 for a frame to drop, or the
    /// status that the request is rejected with.
    fn verdict(result: Result<Frame, WireError>) -> u16 {
        match result {
            Ok(Frame::Request(_)) => 0,
            Ok(Frame::Response(_)) => 1,
            Ok(_) => 2,
            Err(WireError::Drop(_)) => 3,
            Err(WireError::Reject { status, .. }) => status,
        }
    }

    #[test]
    fn start_lines_are_judged() {
        let long = ["INFO sip:", &"a".repeat(MAX_HEADER), "@h SIP/2.0"].concat();
        let table = [
            ("INFO sip:john.doe@h SIP/2.0", 0),
            ("INFO sip:a@[2001:db8::1]:5060;gr=urn:uuid:1 sip/2.0", 0),
            ("INFO tel:+1 SIP/2.0", 0),
            ("INFO urn:service:sos SIP/2.0", 0),
            ("INFO nobodyKnowsThisScheme:x SIP/2.0", 0),
            ("INFO  sip:a@h  SIP/2.0  ", 0),
            ("INFO sip:a@h SIP/7.0", 505),
            ("INFO sip:a@h SIP/1.0", 505),
            ("INFO sip:a@h SIP/", 505),
            ("INFO bad SIP/3.0", 505),
            ("INFO sip:a@h; lr SIP/2.0", 400),
            ("INFO <sip:a@h> SIP/2.0", 400),
            ("INFO sip:a@h?Route=%3Csip:x%3E SIP/2.0", 400),
            ("INFO * SIP/2.0", 400),
            ("INFO sip:2001:db8::1 SIP/2.0", 400),
            ("info sip:a@h SIP/2.0", 400),
            (&long, 414),
            ("INFO SIP/2.0", 3),
            ("INFO sip:a@h", 3),
            ("IN<FO sip:a@h SIP/2.0", 3),
            ("GET / HTTP/1.1", 3),
            ("hello", 3),
            ("SIP/2.0 200 OK", 1),
            ("SIP/2.0 486", 1),
            ("SIP/2.0 486 ", 1),
            ("sip/2.0 699 x", 1),
            ("SIP/2.0 099 x", 3),
            ("SIP/2.0 700 x", 3),
            ("SIP/2.0 20 x", 3),
            ("SIP/2.0 0200 x", 3),
            ("SIP/2.0 4294967301 x", 3),
            ("SIP/2.0  200 x", 3),
            ("SIP/3.0 200 x", 3),
            ("SIP/2.0", 3),
        ];
        for (start, expected) in table {
            assert_eq!(verdict(parse_text(start, HEADERS)), expected, "{start}");
        }
        assert_eq!(verdict(parse(b"")), 3);
        assert_eq!(parse(b"\r\n\r\n"), Ok(Frame::Ping));
        assert_eq!(parse(b"\r\n"), Ok(Frame::Pong));
    }

    #[test]
    fn mandatory_headers_must_be_there_once_and_well_formed() {
        let without = |name: &str| {
            HEADERS
                .split_inclusive("\r\n")
                .filter(|line| !line.starts_with(name))
                .collect::<String>()
        };
        let table = [
            ("Via", "", 3),
            ("Via", "Via: junk", 400),
            ("Via", "v: SIP/2.0/UDP h, SIP/2.0/UDP i;;", 400),
            ("From", "", 400),
            ("From", "From: \"a <sip:a@h>", 400),
            ("From", "f: sip:a@h\r\nFrom: sip:a@h", 400),
            ("To", "", 400),
            ("To", "To: Bell, Alexander <sip:a@h>", 400),
            ("Call-ID", "", 400),
            ("Call-ID", "Call-ID:", 400),
            ("Call-ID", "Call-ID: a b", 400),
            ("CSeq", "", 400),
            ("CSeq", "CSeq: 4294967296 INFO", 400),
            ("CSeq", "CSeq: 7 INVITE", 400),
            ("CSeq", "CSeq: 7 INFO\r\nCSeq: 8 INFO", 400),
            ("X", "l: 1", 400),
            ("X", "Max-Forwards: many", 0),
            ("X", "Contact: sip:a@h?b=c", 0),
        ];
        for (name, line, expected) in table {
            let headers = [&without(name), line, "\r\n"].concat();
            assert_eq!(verdict(parse_text("INFO sip:a@h SIP/2.0", &headers)), expected, "{line}");
            let expected = if expected == 0 || line == "CSeq: 7 INVITE" { 1 } else { 3 };
            assert_eq!(verdict(parse_text("SIP/2.0 200 OK", &headers)), expected, "{line}");
        }
        let lonely = "Via: SIP/2.0/UDP h\r\nX: y\r\n";
        assert_eq!(verdict(parse_text("INFO sip:a@h SIP/2.0", lonely)), 3);
        let invite = HEADERS.replace("7 INFO", "7 INVITE") + "m: sip:a@h?b=c\r\n";
        assert_eq!(verdict(parse_text("INVITE sip:a@h SIP/2.0", &invite)), 400);
        let ack = HEADERS.replace("7 INFO", "7 ACK");
        assert_eq!(verdict(parse_text("ACK sip:a@h SIP/2.0", &ack)), 0);
        assert_eq!(verdict(parse_text("ACK sip:a@h SIP/3.0", &ack)), 3);
    }
}
