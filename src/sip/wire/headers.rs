//! The headers of a message: rsip's model of a header, addressed by name.

use super::scan::{ValueError, is_token, split_commas, trim};
use super::{CSeq, NameAddr, Via};
use rsip::headers::header::{Header, Tokenizer};
use rsip::headers::untyped::UntypedHeader;
use std::fmt;

/// Headers in their order. Names compare without case and are the long ones: `parse` and every
/// method that takes a header expand the compact form of a name.
///
/// Writing is total and forges nothing: CR, LF and NUL in a value each become a space, blanks
/// round it are trimmed, and a header whose name is not a token is dropped. Only `parse` puts a
/// NUL into a header, where the wire had one, so that it is echoed byte for byte.
///
/// Content-Length is framing and not kept here: `parse` takes it out, `write` adds the right one
/// and leaves out one that was pushed.
#[derive(Default, PartialEq)]
pub struct Headers(rsip::Headers);

impl Clone for Headers {
    // By name and value: a clone of each of rsip's variants is 3 kB of wasm.
    fn clone(&self) -> Self {
        Self(self.iter().filter_map(|(name, value)| header(name, value)).collect::<Vec<_>>().into())
    }
}

impl Headers {
    /// The value of the first header of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of each header line of this name, in order.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The values of all header lines of this name, split at the commas outside quotes and `<>`;
    /// empty ones are left out. Not for dates and authentication, which hold commas of their own.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.all(name).flat_map(split_commas).filter(|value| !value.is_empty()).collect()
    }

    /// Whether the comma list of this name holds the token, compared without case.
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        self.values(name).iter().any(|value| value.eq_ignore_ascii_case(token))
    }

    /// Whether there is a header of this name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(parts)
    }

    /// Appends a header.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        if let Some(header) = clean(name, value.into()) {
            self.0.push(header);
        }
    }

    /// Puts a header before all others.
    pub fn push_front(&mut self, name: &str, value: impl Into<String>) {
        if let Some(header) = clean(name, value.into()) {
            self.insert(0, header);
        }
    }

    /// Gives the header this one value, in the place of the first of its name or at the end.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let Some(header) = clean(name, value.into()) else {
            return;
        };
        let name = parts(&header).0.to_owned();
        let position = self.iter().position(|(key, _)| key.eq_ignore_ascii_case(&name));
        self.remove(&name);
        self.insert(position.unwrap_or(usize::MAX), header);
    }

    /// Takes every header of this name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !parts(header).0.eq_ignore_ascii_case(name));
    }

    /// Appends the headers of this name that `other` holds, at most `limit`, byte for byte.
    pub(super) fn copy(&mut self, other: &Headers, name: &str, limit: usize) {
        for value in other.all(name).take(limit) {
            self.push_wire(name, value);
        }
    }

    /// Appends a header as it came from the wire: one line, its name a token in the long form.
    pub(super) fn push_wire(&mut self, name: &str, value: &str) {
        if let Some(header) = header(name, value) {
            self.0.push(header);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().count()
    }

    /// The one value of a header that may occur only once.
    pub(super) fn single(&self, name: &'static str) -> Result<&str, ValueError> {
        let mut all = self.all(name);
        let value = all.next().ok_or(ValueError::Missing(name))?;
        if all.next().is_some() { Err(ValueError::Syntax) } else { Ok(value) }
    }

    pub(super) fn via(&self) -> Option<Via> {
        Via::parse(split_commas(self.get("Via")?).first()?).ok()
    }

    pub(super) fn cseq(&self) -> Option<CSeq> {
        CSeq::parse(self.get("CSeq")?).ok()
    }

    pub(super) fn name_addr(&self, name: &str) -> Option<NameAddr> {
        NameAddr::parse(self.get(name)?).ok()
    }

    pub(super) fn contact(&self) -> Option<NameAddr> {
        NameAddr::parse(self.values("Contact").first()?).ok()
    }

    fn insert(&mut self, at: usize, header: Header) {
        let mut list = Vec::from(std::mem::take(&mut self.0));
        list.insert(at.min(list.len()), header);
        self.0 = list.into();
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Has rsip make a header of a name, which must be a token, and a value. The line is split
/// already, so that rsip's own splitting, 3.5 kB of compressed wasm, is not needed.
fn header(name: &str, value: &str) -> Option<Header> {
    Tokenizer::from((name.as_bytes(), value.as_bytes())).try_into().ok()
}

/// A header that cannot break out of its line.
fn clean(name: &str, value: String) -> Option<Header> {
    let name = long_name(name);
    if !is_token(name) {
        return None;
    }
    let value = value.replace(['\r', '\n', '\0'], " ");
    header(name, trim(&value))
}

/// The long form of a header name, for every compact form that IANA lists.
pub(super) fn long_name(name: &str) -> &str {
    let &[letter] = name.as_bytes() else {
        return name;
    };
    match letter.to_ascii_lowercase() {
        b'a' => "Accept-Contact",
        b'b' => "Referred-By",
        b'c' => "Content-Type",
        b'd' => "Request-Disposition",
        b'e' => "Content-Encoding",
        b'f' => "From",
        b'i' => "Call-ID",
        b'j' => "Reject-Contact",
        b'k' => "Supported",
        b'l' => "Content-Length",
        b'm' => "Contact",
        b'n' => "Identity-Info",
        b'o' => "Event",
        b'r' => "Refer-To",
        b's' => "Subject",
        b't' => "To",
        b'u' => "Allow-Events",
        b'v' => "Via",
        b'x' => "Session-Expires",
        b'y' => "Identity",
        _ => name,
    }
}

/// The name and the value of a header, whichever of rsip's variants holds it.
fn parts(header: &Header) -> (&str, &str) {
    macro_rules! parts {
        ($($variant:ident $name:literal)*) => {
            match header {
                $(Header::$variant(inner) => ($name, inner.value()),)*
                Header::Other(name, value) => (name, value),
            }
        };
    }
    parts! {
        Accept "Accept"
        AcceptEncoding "Accept-Encoding"
        AcceptLanguage "Accept-Language"
        AlertInfo "Alert-Info"
        Allow "Allow"
        AuthenticationInfo "Authentication-Info"
        Authorization "Authorization"
        CSeq "CSeq"
        CallId "Call-ID"
        CallInfo "Call-Info"
        Contact "Contact"
        ContentDisposition "Content-Disposition"
        ContentEncoding "Content-Encoding"
        ContentLanguage "Content-Language"
        ContentLength "Content-Length"
        ContentType "Content-Type"
        Date "Date"
        ErrorInfo "Error-Info"
        Event "Event"
        Expires "Expires"
        From "From"
        InReplyTo "In-Reply-To"
        MaxForwards "Max-Forwards"
        MimeVersion "MIME-Version"
        MinExpires "Min-Expires"
        Organization "Organization"
        Priority "Priority"
        ProxyAuthenticate "Proxy-Authenticate"
        ProxyAuthorization "Proxy-Authorization"
        ProxyRequire "Proxy-Require"
        RecordRoute "Record-Route"
        ReplyTo "Reply-To"
        Require "Require"
        RetryAfter "Retry-After"
        Route "Route"
        Server "Server"
        Subject "Subject"
        SubscriptionState "Subscription-State"
        Supported "Supported"
        Timestamp "Timestamp"
        To "To"
        Unsupported "Unsupported"
        UserAgent "User-Agent"
        Via "Via"
        Warning "Warning"
        WwwAuthenticate "WWW-Authenticate"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(headers: &Headers) -> Vec<String> {
        headers.iter().map(|(name, value)| [name, "=", value].concat()).collect()
    }

    #[test]
    fn every_known_header_answers_to_its_own_name() {
        let names = "Accept Accept-Encoding Accept-Language Alert-Info Allow Authentication-Info \
            Authorization CSeq Call-ID Call-Info Contact Content-Disposition Content-Encoding \
            Content-Language Content-Type Date Error-Info Event Expires From In-Reply-To \
            Max-Forwards MIME-Version Min-Expires Organization Priority Proxy-Authenticate \
            Proxy-Authorization Proxy-Require Record-Route Reply-To Require Retry-After Route \
            Server Subject Subscription-State Supported Timestamp To Unsupported User-Agent Via \
            Warning WWW-Authenticate Replaces Refer-To Referred-By Session-Expires Min-SE RSeq \
            RAck Path Service-Route P-Asserted-Identity Privacy Reason Allow-Events Diversion \
            History-Info SIP-ETag X-Anything";
        for name in names.split_ascii_whitespace() {
            let mut headers = Headers::default();
            headers.push(name, "value");
            headers.push("X-Other", "other");
            assert_eq!(listed(&headers), [[name, "=value"].concat(), "X-Other=other".into()]);
            headers.remove(&name.to_ascii_uppercase());
            assert_eq!(listed(&headers), ["X-Other=other"], "{name}");
        }
    }

    #[test]
    fn no_value_and_no_name_forges_a_header() {
        let mut headers = Headers::default();
        headers.push("User-Agent", "x\r\nEvil: 1\n\rEvil: 2\0");
        headers.push("Evil: 1\r\nX", "y");
        headers.push("E\0vil", "y");
        headers.push("", "y");
        headers.push("É", "y");
        headers.set("X\r", "y");
        headers.push_front("X\n", "y");
        assert_eq!(listed(&headers), ["User-Agent=x  Evil: 1  Evil: 2"]);
    }

    #[test]
    fn set_keeps_the_place_of_the_first_and_push_front_goes_before_all() {
        let mut headers = Headers::default();
        headers.push("Via", "1");
        headers.push("X-A", "2");
        headers.push("Via", "3");
        headers.push("x-a", "4");
        headers.set("x-A", " 5\t");
        headers.set("v", "6");
        headers.set("X-New", "7");
        headers.push_front("t", "8");
        assert_eq!(listed(&headers), ["To=8", "Via=6", "x-A=5", "X-New=7"]);
        headers.set("Subject", "");
        assert_eq!(headers.get("subject"), Some(""));
        assert!(headers.has("SUBJECT") && !headers.has("Date"));
    }

    #[test]
    fn lists_are_read_over_all_lines() {
        let mut headers = Headers::default();
        headers.push("Require", "100rel, replaces,");
        headers.push("require", ",timer");
        headers.push("Contact", "\"a,b\" <sip:a@h>;x=1, <sip:c,d@h>");
        assert_eq!(headers.values("Require"), ["100rel", "replaces", "timer"]);
        assert_eq!(headers.all("REQUIRE").count(), 2);
        assert!(headers.has_token("Require", "Timer") && !headers.has_token("Require", "time"));
        assert_eq!(headers.values("Contact"), ["\"a,b\" <sip:a@h>;x=1", "<sip:c,d@h>"]);
        headers.push("Allow", "INVITE,FROBNICATE");
        assert_eq!(headers.values("Allow"), ["INVITE", "FROBNICATE"]);
        assert!(headers.values("Via").is_empty());
    }

    #[test]
    fn compact_names_are_expanded_and_others_kept() {
        let compact = "a b c d e f i j k l m n o r s t u v x y";
        for name in compact.split(' ') {
            assert!(long_name(name).len() > 1, "{name}");
            assert_eq!(long_name(name), long_name(&name.to_ascii_uppercase()));
        }
        assert_eq!(long_name("z"), "z");
        assert_eq!(long_name("Via"), "Via");
    }
}
