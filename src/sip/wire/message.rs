//! Requests and responses, and how they are written (RFC 3261 §7, §8.2.6).

use super::text::{bytes, encode_line, push_escape};
use super::{CSeq, Headers, Method, NameAddr, Uri, Via, reason_phrase};

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The Request-URI.
    pub uri: Uri,
    /// The headers, without Content-Length.
    pub headers: Headers,
    /// The body, as long as Content-Length said.
    pub body: Vec<u8>,
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status, 100 to 699.
    pub status: u16,
    /// The reason phrase, which may be empty.
    pub reason: String,
    /// The headers, without Content-Length.
    pub headers: Headers,
    /// The body, as long as Content-Length said.
    pub body: Vec<u8>,
}

macro_rules! getters {
    () => {
        /// The topmost Via.
        pub fn via(&self) -> Option<Via> {
            self.headers.via()
        }

        /// CSeq.
        pub fn cseq(&self) -> Option<CSeq> {
            self.headers.cseq()
        }

        /// From.
        pub fn from(&self) -> Option<NameAddr> {
            self.headers.name_addr("From")
        }

        /// To.
        pub fn to(&self) -> Option<NameAddr> {
            self.headers.name_addr("To")
        }

        /// Call-ID; empty where there is none, which `parse` lets pass in rejected requests only.
        pub fn call_id(&self) -> &str {
            self.headers.get("Call-ID").unwrap_or_default()
        }

        /// The first Contact, unless it is `*` or malformed.
        pub fn contact(&self) -> Option<NameAddr> {
            self.headers.contact()
        }
    };
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, uri: Uri) -> Request {
        Request { method, uri, headers: Headers::default(), body: Vec::new() }
    }

    getters!();

    /// The message as one frame: headers in order, Content-Length last.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024 + self.body.len());
        encode_line(self.method.as_str(), &mut out);
        out.push(b' ');
        // A URI put together from parts may hold what would break the line: it goes out escaped.
        for byte in bytes(&self.uri.to_string()) {
            if byte <= b' ' || byte == 0x7F {
                push_escape(byte, &mut out);
            } else {
                out.push(byte);
            }
        }
        out.extend_from_slice(b" SIP/2.0\r\n");
        write_rest(&self.headers, &self.body, out)
    }
}

impl Response {
    /// The response of this status to a request, with what every response echoes: each Via in
    /// order, From, To, Call-ID and CSeq, and Timestamp in a 100, byte for byte (RFC 3261
    /// §8.2.6). The phrase is the registered one. No tag is added to To.
    pub fn to_request(request: &Request, status: u16) -> Response {
        let mut headers = Headers::default();
        headers.copy(&request.headers, "Via", usize::MAX);
        for name in ["From", "To", "Call-ID", "CSeq"] {
            headers.copy(&request.headers, name, 1);
        }
        if status == 100 {
            headers.copy(&request.headers, "Timestamp", 1);
        }
        Response { status, reason: reason_phrase(status).to_owned(), headers, body: Vec::new() }
    }

    getters!();

    /// The message as one frame: headers in order, Content-Length last.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024 + self.body.len());
        out.extend_from_slice(b"SIP/2.0 ");
        out.extend_from_slice(self.status.to_string().as_bytes());
        out.push(b' ');
        encode_line(&self.reason, &mut out);
        out.extend_from_slice(b"\r\n");
        write_rest(&self.headers, &self.body, out)
    }
}

/// Writes what follows the start line.
fn write_rest(headers: &Headers, body: &[u8], mut out: Vec<u8>) -> Vec<u8> {
    for (name, value) in headers.iter() {
        if !name.eq_ignore_ascii_case("Content-Length") {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            encode_line(value, &mut out);
            out.extend_from_slice(b"\r\n");
        }
    }
    out.extend_from_slice(b"Content-Length: ");
    out.extend_from_slice(body.len().to_string().as_bytes());
    out.extend_from_slice(b"\r\n\r\n");
    out.extend_from_slice(body);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::wire::{Frame, WireError, parse};

    const HEADERS: &str = "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
        To: <sip:b@h>\r\nCall-ID: c@d\r\nCSeq: 7 INFO\r\n";

    fn parse_text(start: &str, headers: &str) -> Result<Frame, WireError> {
        parse([start, "\r\n", headers, "\r\n"].concat().as_bytes())
    }

    fn request(start: &str, headers: &str) -> Request {
        match parse_text(start, headers) {
            Ok(Frame::Request(request)) => request,
            other => panic!("{start}: {other:?}"),
        }
    }

    #[test]
    fn a_rejected_request_can_be_answered() {
        let headers = HEADERS.replace("To: <sip:b@h>", "t: \"open <sip:b@h>");
        match parse_text("INFO sip:a@h; lr SIP/2.0", &headers) {
            Err(WireError::Reject { status, request }) => {
                assert_eq!(request.uri, Uri::Other("sip:a@h; lr".into()));
                let text = Response::to_request(&request, status).write();
                let headers = headers.replace("t: ", "To: ");
                let expected =
                    ["SIP/2.0 400 Bad Request\r\n", &headers, "Content-Length: 0\r\n\r\n"].concat();
                assert_eq!(String::from_utf8(text), Ok(expected));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn responses_echo_byte_for_byte() {
        let frame = b"INFO sip:a@h SIP/2.0\r\nv:SIP/2.0/UDP  one ;branch=1 , SIP/2.0/UDP two\r\n\
            Via: SIP/2.0/WSS three\r\nTimestamp: 54.1\r\nt: \"Jos\xE9 \\\0\xEF\x9E\x80\" <sip:b@h>\r\n\
            f: caller<sip:a@h> ; tag = 1\r\ni: c\r\nCSeq:\t007   INFO\r\n\r\n";
        let Ok(Frame::Request(request)) = parse(frame) else { panic!("a request was expected") };
        let expected: &[u8] = b"SIP/2.0 100 Trying\r\n\
            Via: SIP/2.0/UDP  one ;branch=1 , SIP/2.0/UDP two\r\nVia: SIP/2.0/WSS three\r\n\
            From: caller<sip:a@h> ; tag = 1\r\nTo: \"Jos\xE9 \\\0\xEF\x9E\x80\" <sip:b@h>\r\n\
            Call-ID: c\r\nCSeq: 007   INFO\r\nTimestamp: 54.1\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(Response::to_request(&request, 100).write(), expected);
        assert!(!Response::to_request(&request, 200).headers.has("Timestamp"));
        assert_eq!(request.via().expect("a Via").host.to_string(), "one");
    }

    #[test]
    fn getters_read_what_is_asked_for() {
        let read = request("INFO sip:a@h SIP/2.0", &[HEADERS, "m: <sip:x@y>, *\r\n"].concat());
        assert_eq!(read.via().expect("a Via").branch(), Some("z9hG4bK1"));
        assert_eq!(read.cseq(), Some(CSeq { seq: 7, method: Method::Info }));
        assert_eq!(read.from().expect("From").tag(), Some("1"));
        assert_eq!(read.to().expect("To").tag(), None);
        assert_eq!(read.call_id(), "c@d");
        assert_eq!(read.contact().expect("a contact").to_string(), "<sip:x@y>");
        let empty = Request::new(Method::Bye, read.uri);
        assert_eq!((empty.via(), empty.cseq(), empty.contact()), (None, None, None));
        assert_eq!(empty.call_id(), "");
    }

    #[test]
    fn nothing_that_is_written_breaks_its_line() {
        let uri = Uri::Other("x:\r\nEvil: 1 \0".into());
        let mut request = Request::new(Method::Other("A\r\nEvil: 2".into()), uri);
        request.headers.push("Content-Length", "99");
        request.headers.push("Subject", "x\r\nEvil: 3");
        request.body = b"\xFFbody\r\n".to_vec();
        assert_eq!(
            request.write(),
            b"A  Evil: 2 x:%0D%0AEvil:%201%20%00 SIP/2.0\r\nSubject: x  Evil: 3\r\n\
              Content-Length: 7\r\n\r\n\xFFbody\r\n"
        );
        let mut response = Response::to_request(&request, 183);
        response.reason = "x\r\nEvil: 4".into();
        assert_eq!(response.write(), b"SIP/2.0 183 x  Evil: 4\r\nContent-Length: 0\r\n\r\n");
    }
}
