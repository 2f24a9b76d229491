//! Hosts and ports of URIs and Via: names, IPv4 addresses, IPv6 addresses in brackets.

use super::UriError;
use super::scan::trim;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The host of a SIP URI or a Via.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A domain name, case kept.
    Name(String),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address, written in brackets.
    V6(Ipv6Addr),
}

impl Host {
    /// Reads a host without a port, an IPv6 address in brackets.
    pub fn parse(text: &str) -> Result<Host, UriError> {
        if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            // The grammar of RFC 3261 let a third colon stand before an IPv4 part (RFC 5118 §4.10,
            // mended by RFC 5954); it can mean nothing else, so it is understood.
            let address = address.replace(":::", "::");
            return address.parse().map(Host::V6).map_err(|_| UriError::Host);
        }
        if let Ok(address) = text.parse() {
            return Ok(Host::V4(address));
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if text.is_empty() || !text.bytes().all(is_name) {
            return Err(UriError::Host);
        }
        Ok(Host::Name(text.to_owned()))
    }

    /// Whether both are the same: the case of a name is none.
    pub fn is_same(&self, other: &Host) -> bool {
        match (self, other) {
            (Host::Name(a), Host::Name(b)) => a.eq_ignore_ascii_case(b),
            _ => self == other,
        }
    }

    /// Reads `host` or `host:port`; spaces round the colon are allowed, as in a Via.
    pub(super) fn parse_with_port(text: &str) -> Result<(Host, Option<u16>), UriError> {
        let end = if text.starts_with('[') { text.find(']').map(|end| end + 1) } else { None };
        let colon = || text.bytes().position(|byte| byte == b':');
        let (host, rest) = text.split_at(end.or_else(colon).unwrap_or(text.len()));
        let host = Host::parse(trim(host))?;
        let rest = trim(rest);
        if rest.is_empty() {
            return Ok((host, None));
        }
        let port = trim(rest.strip_prefix(':').ok_or(UriError::Host)?);
        let digits =
            (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        match port.parse() {
            Ok(port) if digits => Ok((host, Some(port))),
            _ => Err(UriError::Port),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::V4(address) => address.fmt(f),
            Host::V6(address) => {
                f.write_str("[")?;
                fmt::Display::fmt(address, f)?;
                f.write_str("]")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_told_apart() {
        let v6 = |text: &str| Host::V6(text.parse().expect("an address"));
        let table = [
            ("Example.COM", Ok((Host::Name("Example.COM".into()), None))),
            (
                "under_score-1.example.:5060",
                Ok((Host::Name("under_score-1.example.".into()), Some(5060))),
            ),
            ("192.0.2.1:05060", Ok((Host::V4(Ipv4Addr::new(192, 0, 2, 1)), Some(5060)))),
            ("192.0.2.300", Ok((Host::Name("192.0.2.300".into()), None))),
            ("[2001:DB8::1]", Ok((v6("2001:db8::1"), None))),
            ("[::1] : 5070 ", Ok((v6("::1"), Some(5070)))),
            // Without a bracket before the port this is an address of one more group.
            ("[2001:db8::10:5070]", Ok((v6("2001:db8::10:5070"), None))),
            ("[2001:db8:::192.0.2.1]", Ok((v6("2001:db8::192.0.2.1"), None))),
            ("", Err(UriError::Host)),
            (":5060", Err(UriError::Host)),
            ("a b", Err(UriError::Host)),
            ("dömain", Err(UriError::Host)),
            ("[::1", Err(UriError::Host)),
            ("[::1]5060", Err(UriError::Host)),
            ("[192.0.2.1]", Err(UriError::Host)),
            ("2001:db8::1", Err(UriError::Port)),
            ("h:", Err(UriError::Port)),
            ("h:-1", Err(UriError::Port)),
            ("h:65536", Err(UriError::Port)),
            ("h:000080", Err(UriError::Port)),
        ];
        for (text, expected) in table {
            assert_eq!(Host::parse_with_port(text), expected, "{text}");
        }
        assert_eq!(v6("2001:0db8:0::1").to_string(), "[2001:db8::1]");
    }
}
