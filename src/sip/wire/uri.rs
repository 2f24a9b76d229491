//! URIs: `sip:`, `sips:` and `tel:` in parts, any other as text (RFC 3261 §19.1, RFC 3966).

use super::params::MAX_OF_URI;
use super::scan::{cut, cut_unquoted};
use super::text::{escape_user, unescape};
use super::{Host, Params};
use std::fmt;

/// Why a URI could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriError {
    /// White space, a control character, a quote or an angle bracket.
    Character,
    /// No scheme, or nothing after it.
    Scheme,
    /// The host is missing or malformed.
    Host,
    /// The port is no number below 65536.
    Port,
    /// A parameter or a header without a name, or too many.
    Param,
    /// A telephone number with something else in it.
    Number,
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UriError::Character => "a character that no URI may hold",
            UriError::Scheme => "no URI scheme",
            UriError::Host => "malformed host",
            UriError::Port => "malformed port",
            UriError::Param => "malformed URI parameter",
            UriError::Number => "malformed telephone number",
        })
    }
}

impl std::error::Error for UriError {}

/// A URI. `==` compares what is written; [`equivalent`](Self::equivalent) what is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uri {
    /// `sip:` or `sips:`.
    Sip(SipUri),
    /// `tel:`.
    Tel(TelUri),
    /// Any other absolute URI, as written.
    Other(String),
}

/// A `sip:` or `sips:` URI. Parts are as written: nothing is unescaped, case is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipUri {
    /// Whether the scheme is `sips`.
    pub secure: bool,
    /// The user, still escaped.
    pub user: Option<String>,
    /// The password, still escaped.
    pub password: Option<String>,
    /// The host.
    pub host: Host,
    /// The port, where one is written.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params,
    /// The headers after `?`, still escaped.
    pub headers: Vec<(String, String)>,
}

/// A `tel:` URI (RFC 3966).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelUri {
    /// The number as written, visual separators included.
    pub number: String,
    /// The parameters, such as `phone-context`.
    pub params: Params,
}

impl Uri {
    /// Reads a URI, which nothing may surround. An unknown scheme is no error.
    pub fn parse(text: &str) -> Result<Uri, UriError> {
        if text.bytes().any(|byte| matches!(byte, 0..=b' ' | 0x7F | b'<' | b'>')) {
            return Err(UriError::Character);
        }
        let (scheme, rest) = cut(text, b':').ok_or(UriError::Scheme)?;
        let mut letters = scheme.bytes();
        let is_scheme = letters.next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !is_scheme || rest.is_empty() {
            return Err(UriError::Scheme);
        }
        let secure = scheme.eq_ignore_ascii_case("sips");
        if secure || scheme.eq_ignore_ascii_case("sip") {
            SipUri::parse(secure, rest).map(Uri::Sip)
        } else if rest.contains('"') {
            Err(UriError::Character)
        } else if scheme.eq_ignore_ascii_case("tel") {
            TelUri::parse(rest).map(Uri::Tel)
        } else {
            Ok(Uri::Other(text.to_owned()))
        }
    }

    /// The user, unescaped; of a telephone number the number alone.
    pub fn user(&self) -> Option<String> {
        match self {
            Uri::Sip(sip) => sip.user.as_deref().map(|user| unescape(without_params(user))),
            Uri::Tel(tel) => Some(tel.number.clone()),
            Uri::Other(_) => None,
        }
    }

    /// The host, an IPv6 address in brackets.
    pub fn host(&self) -> Option<String> {
        self.as_sip().map(|sip| sip.host.to_string())
    }

    /// The value of a parameter, name and value unescaped; `""` for one without a value.
    pub fn param(&self, name: &str) -> Option<String> {
        let params = match self {
            Uri::Sip(sip) => &sip.params,
            Uri::Tel(tel) => &tel.params,
            Uri::Other(_) => return None,
        };
        let (_, value) = params.iter().find(|(key, _)| unescape(key).eq_ignore_ascii_case(name))?;
        Some(unescape(value.unwrap_or_default()))
    }

    /// The parts of a `sip:` or `sips:` URI.
    pub fn as_sip(&self) -> Option<&SipUri> {
        match self {
            Uri::Sip(sip) => Some(sip),
            _ => None,
        }
    }
}

/// Whether this user part is a number of the telephone network, perhaps behind a code of the server
/// (`*67…`), and no extension.
pub fn is_public_number(user: &str) -> bool {
    let is_mark = |byte| matches!(byte, b'-' | b'.' | b'(' | b')' | b'*' | b'#');
    let digits = user.bytes().filter(u8::is_ascii_digit).count();
    user.starts_with('+')
        || (digits >= 7 && user.bytes().all(|byte| byte.is_ascii_digit() || is_mark(byte)))
}

impl SipUri {
    /// A `sip:` URI of this user, given as raw text and escaped where needed, at this host.
    pub fn new(user: Option<&str>, host: Host) -> SipUri {
        SipUri {
            secure: false,
            user: user.map(escape_user),
            password: None,
            host,
            port: None,
            params: Params::default(),
            headers: Vec::new(),
        }
    }

    fn parse(secure: bool, rest: &str) -> Result<SipUri, UriError> {
        // The user may hold `;`, `?` and `/`, but never `@`: the first one ends it.
        let (userinfo, rest) = match cut(rest, b'@') {
            Some((userinfo, rest)) => (Some(userinfo), rest),
            None => (None, rest),
        };
        let (user, password) = match userinfo.and_then(|userinfo| cut(userinfo, b':')) {
            Some((user, password)) => (Some(user), Some(password)),
            None => (userinfo, None),
        };
        let (rest, headers) = cut_unquoted(rest, b'?').unwrap_or((rest, ""));
        let (place, params) = split_params(rest);
        // Only parameters may hold quotes, which none should: those of servers that hide others do.
        let quoted = [user, password, Some(place), Some(headers)];
        if quoted.into_iter().flatten().any(|part| part.contains('"')) {
            return Err(UriError::Character);
        }
        let (host, port) = Host::parse_with_port(place)?;
        let headers = headers.split('&').filter(|header| !header.is_empty());
        if headers.clone().nth(MAX_OF_URI).is_some() {
            return Err(UriError::Param);
        }
        let headers = headers.map(|header| {
            let (name, value) = cut(header, b'=').unwrap_or((header, ""));
            if name.is_empty() { None } else { Some((name.to_owned(), value.to_owned())) }
        });
        Ok(SipUri {
            secure,
            user: user.map(str::to_owned),
            password: password.map(str::to_owned),
            host,
            port,
            params: Params::parse_uri(params).ok_or(UriError::Param)?,
            headers: headers.collect::<Option<_>>().ok_or(UriError::Param)?,
        })
    }
}

impl TelUri {
    fn parse(rest: &str) -> Result<TelUri, UriError> {
        let (number, params) = split_params(rest);
        let digits = number.strip_prefix('+').unwrap_or(number);
        let is_digit = |byte: u8| byte.is_ascii_hexdigit() || b"*#-.()".contains(&byte);
        if digits.is_empty() || !digits.bytes().all(is_digit) {
            return Err(UriError::Number);
        }
        let params = Params::parse_uri(params).ok_or(UriError::Param)?;
        Ok(TelUri { number: number.to_owned(), params })
    }
}

/// A user part without what follows a telephone number in it (RFC 3261 §19.1.6, RFC 3966 §3), such
/// as `;verstat=`. Any other user may hold a `;` of its own.
fn without_params(user: &str) -> &str {
    let is_mark = |byte: u8| byte.is_ascii_digit() || b"+-.()*#".contains(&byte);
    match cut(user, b';') {
        Some((number, _)) if !number.is_empty() && number.bytes().all(is_mark) => number,
        _ => user,
    }
}

/// What stands before the first `;`, and the rest from there.
fn split_params(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| byte == b';').unwrap_or(text.len()))
}

impl fmt::Display for SipUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secure { "sips:" } else { "sip:" })?;
        if let Some(user) = &self.user {
            f.write_str(user)?;
            if let Some(password) = &self.password {
                f.write_str(":")?;
                f.write_str(password)?;
            }
            f.write_str("@")?;
        }
        self.host.fmt(f)?;
        if let Some(port) = self.port {
            f.write_str(":")?;
            port.fmt(f)?;
        }
        self.params.fmt(f)?;
        let mut separator = "?";
        for (name, value) in &self.headers {
            for part in [separator, name, "=", value] {
                f.write_str(part)?;
            }
            separator = "&";
        }
        Ok(())
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Uri::Sip(sip) => sip.fmt(f),
            Uri::Tel(tel) => {
                f.write_str("tel:")?;
                f.write_str(&tel.number)?;
                tel.params.fmt(f)
            }
            Uri::Other(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sip(text: &str) -> SipUri {
        match Uri::parse(text) {
            Ok(Uri::Sip(sip)) => sip,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn uris_that_are_read_are_written_the_same() {
        for text in [
            "sip:alice@example.com",
            "sips:example.com:5061",
            "sip:john.doe@example.com",
            "sip:user;par=u%40example.net@example.com",
            "sip:alice:secret@example.com:5060;transport=tcp?Subject=hi&Replaces=a%3Bto-tag%3Db",
            "sip:b@h;transport=ws?Replaces=x%40y",
            "sip:h:5070?X=y",
            "sip:a@[2001:db8::1]:5060;maddr=[::1]",
            "sip:a@192.0.2.1;lr;Transport=WS;x=",
            "sip:gr@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "sip:null-%00-null@example.com",
            "sip:jos\u{F7E9}@example.com",
            "sip:@example.com",
            "sip:a@under_score.example",
            "tel:+34-600-(123).456",
            "tel:7042;phone-context=example.com",
            "urn:service:sos",
            "mailto:a@example.com",
            "http://example.com/a?b=c;d",
            "nobodyKnowsThisScheme:totallyopaquecontent",
            "soap.beep://192.0.2.103:3002",
        ] {
            assert_eq!(Uri::parse(text).map(|uri| uri.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn parts_are_where_they_belong() {
        let uri = sip("SIP:J.Doe:p%20w@[2001:DB8::1]:5070;lr;Transport=WS?Replaces=a%3Db&X=");
        assert!(!uri.secure);
        assert_eq!(uri.user.as_deref(), Some("J.Doe"));
        assert_eq!(uri.password.as_deref(), Some("p%20w"));
        assert_eq!(uri.host.to_string(), "[2001:db8::1]");
        assert_eq!(uri.port, Some(5070));
        assert_eq!(uri.params.get("transport"), Some("WS"));
        assert_eq!(uri.params.get("LR"), Some(""));
        let headers = [("Replaces".to_owned(), "a%3Db".to_owned()), ("X".into(), String::new())];
        assert_eq!(uri.headers, headers);
        let odd = sip(
            "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.\
             (doesn't-it)@example.com",
        );
        let user = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*";
        assert_eq!(odd.user.as_deref(), Some(user));
        assert_eq!(odd.password.as_deref(), Some("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
    }

    #[test]
    fn users_and_parameters_are_unescaped_once() {
        let table = [
            ("sip:%75se%72@h", Some("user")),
            ("sip:sips%3Auser%40example.com@h", Some("sips:user@example.com")),
            ("sip:user;par=u%40example.net@h", Some("user;par=u@example.net")),
            ("sip:%00%00@h", Some("\0\0")),
            ("sip:I%20have%20spaces@h", Some("I have spaces")),
            ("sip:%2561@h", Some("%61")),
            ("sip:h", None),
            ("tel:+1-2", Some("+1-2")),
            ("urn:x:y", None),
        ];
        for (text, user) in table {
            assert_eq!(Uri::parse(text).expect(text).user().as_deref(), user);
        }
        let uri = Uri::parse("sip:c@h;%6C%72;n%61me=v%61lue%25%34%31").expect("a URI");
        assert_eq!(uri.param("LR").as_deref(), Some(""));
        assert_eq!(uri.param("name").as_deref(), Some("value%41"));
        assert_eq!(uri.param("x"), None);
        assert_eq!(uri.host().as_deref(), Some("h"));
        assert_eq!(Uri::parse("tel:1;Ext=2").expect("a URI").param("ext").as_deref(), Some("2"));
        let new = SipUri::new(Some("50% off@x"), Host::Name("h".into()));
        assert_eq!(new.to_string(), "sip:50%25%20off%40x@h");
    }

    #[test]
    fn a_number_ends_where_its_parameters_begin() {
        let table = [
            ("sip:+33199000111;tgrp=tg7;trunk-context=c.example@gw.example.com", "+33199000111"),
            ("sip:+16315550123;verstat=TN-Validation-Passed@ims.example.net", "+16315550123"),
            ("sip:+358-9-5550100;postd=pp5@foo.example;user=phone", "+358-9-5550100"),
            ("sip:6041234567;npdi@h", "6041234567"),
            ("tel:+57604;verstat=No-TN-Validation", "+57604"),
            ("sip:ana;x=1@h", "ana;x=1"),
            ("sip:;x@h", ";x"),
        ];
        for (text, user) in table {
            let uri = Uri::parse(text).expect(text);
            assert_eq!(uri.user().as_deref(), Some(user));
            assert_eq!(uri.to_string(), text, "it goes back as it came");
        }
    }

    #[test]
    fn quotes_stand_in_parameters_only() {
        for text in
            ["sip:a@h;x=\"y\"", "sip:h:443;x=\"a;b?c\";lr?X=1", "sip:h;x=\"", "sip:h;\"=1;y"]
        {
            let uri = Uri::parse(text).expect(text);
            assert_eq!(uri.to_string(), text);
            assert!(uri.as_sip().is_some_and(|sip| sip.host == Host::Name("h".into())), "{text}");
        }
        for text in
            ["sip:\"a@h", "sip:a:\"@h", "sip:\"h\"", "sip:h?X=\"", "tel:1;x=\"y\"", "urn:\"x"]
        {
            assert_eq!(Uri::parse(text), Err(UriError::Character), "{text}");
        }
    }

    #[test]
    fn malformed_uris_say_what_is_wrong() {
        let table = [
            ("", UriError::Scheme),
            ("alice", UriError::Scheme),
            ("sip:", UriError::Scheme),
            (":x", UriError::Scheme),
            ("1sip:x", UriError::Scheme),
            ("s ip:x", UriError::Character),
            ("sip:a@h; lr", UriError::Character),
            (" sip:a@h", UriError::Character),
            ("<sip:a@h>", UriError::Character),
            ("sip:a\r\nb@h", UriError::Character),
            ("sip:a\0@h", UriError::Character),
            ("sip:\"a\"@h", UriError::Character),
            ("sip:a@", UriError::Host),
            ("sip:a@b@h", UriError::Host),
            ("sip:a@h,x", UriError::Host),
            ("sip:a@2001:db8::1", UriError::Port),
            ("sip:a@[2001:db8::1", UriError::Host),
            ("sip:a@[2001:db8::g]", UriError::Host),
            ("sip:a@[::1]x", UriError::Host),
            ("sip:a@h:", UriError::Port),
            ("sip:a@h:65536", UriError::Port),
            ("sip:a@h:+5", UriError::Port),
            ("sip:a@h;;lr", UriError::Param),
            ("sip:a@h;=x", UriError::Param),
            ("sip:a@h?=x", UriError::Param),
            ("tel:", UriError::Scheme),
            ("tel:alice", UriError::Number),
            ("tel:+", UriError::Number),
        ];
        for (text, error) in table {
            assert_eq!(Uri::parse(text), Err(error), "{text}");
        }
    }
}
