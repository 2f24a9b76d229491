//! Via: where a request has been (RFC 3261 §20.42).

use super::scan::{Scanner, ValueError, is_token_byte, split_commas};
use super::{Host, Params};
use std::fmt;

/// One value of Via.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// The transport as written, such as `WSS`; any token.
    pub transport: String,
    /// The host of sent-by.
    pub host: Host,
    /// The port of sent-by, where one is written.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params,
}

impl Via {
    /// Reads one value. The protocol version is not looked at: that of the start line counts.
    pub fn parse(text: &str) -> Result<Via, ValueError> {
        let mut scanner = Scanner::new(text);
        let mut names = [""; 3];
        for (index, name) in names.iter_mut().enumerate() {
            scanner.space();
            if index > 0 && !scanner.eat(b'/') {
                return Err(ValueError::Syntax);
            }
            scanner.space();
            *name = scanner.take_while(is_token_byte);
        }
        let [protocol, version, transport] = names;
        let is_sip = protocol.eq_ignore_ascii_case("SIP");
        if !is_sip || version.is_empty() || transport.is_empty() || !scanner.space() {
            return Err(ValueError::Syntax);
        }
        let (host, port) = Host::parse_with_port(scanner.take_while(|byte| byte != b';'))?;
        let params = Params::scan_to_end(&mut scanner)?;
        Ok(Via { transport: transport.to_owned(), host, port, params })
    }

    /// Reads a comma list, in which no value may be empty.
    pub fn parse_list(text: &str) -> Result<Vec<Via>, ValueError> {
        split_commas(text).into_iter().map(Via::parse).collect()
    }

    /// The branch, unless it is empty. One of RFC 2543 does not begin with `z9hG4bK`.
    pub fn branch(&self) -> Option<&str> {
        self.params.get("branch").filter(|branch| !branch.is_empty())
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SIP/2.0/")?;
        f.write_str(&self.transport)?;
        f.write_str(" ")?;
        self.host.fmt(f)?;
        if let Some(port) = self.port {
            f.write_str(":")?;
            port.fmt(f)?;
        }
        self.params.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_branch_whatever_stands_round_it() {
        let table = [
            ("SIP/2.0/WSS x.invalid;branch=z9hG4bK1", "SIP/2.0/WSS x.invalid;branch=z9hG4bK1"),
            ("SIP/2.0/UDP h; branch=z", "SIP/2.0/UDP h;branch=z"),
            ("SIP/2.0/UDP  h ;\tbranch = z ; rport", "SIP/2.0/UDP h;branch=z;rport"),
            (
                "SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z",
                "SIP/2.0/TCP spindle.example.com;branch=z",
            ),
            (
                "SIP/2.0/UDP h;received=2001:db8::1;branch=z",
                "SIP/2.0/UDP h;received=2001:db8::1;branch=z",
            ),
            (
                "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z",
                "SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z",
            ),
            (
                "sip/2.0/unknown 192.0.2.1 : 5060;branch=z",
                "SIP/2.0/unknown 192.0.2.1:5060;branch=z",
            ),
            ("SIP/7.0/UDP [::1]:5070;branch=z", "SIP/2.0/UDP [::1]:5070;branch=z"),
            (
                "SIP/2.0/TCP h;branch=z9hG4bK-.!%66*_+`'~",
                "SIP/2.0/TCP h;branch=z9hG4bK-.!%66*_+`'~",
            ),
        ];
        for (text, expected) in table {
            let via = Via::parse(text).expect(text);
            assert_eq!(via.to_string(), expected);
            assert!(via.branch().is_some_and(|branch| branch.starts_with('z')), "{text}");
            assert_eq!(Via::parse(&via.to_string()), Ok(via));
        }
        assert_eq!(Via::parse("SIP/2.0/UDP 192.0.2.5").expect("a value").branch(), None);
        assert_eq!(Via::parse("SIP/2.0/UDP h;branch=").expect("a value").branch(), None);
    }

    #[test]
    fn lists_are_read_whole_or_not_at_all() {
        let list = Via::parse_list("SIP/2.0/UDP a;branch=1, SIP/2.0/TCP b;branch=2");
        let branches: Vec<_> =
            list.as_ref().expect("a list").iter().filter_map(Via::branch).collect();
        assert_eq!(branches, ["1", "2"]);
        for text in [
            "SIP/2.0/UDP 192.0.2.15;;,;,,",
            "SIP/2.0/UDP a,",
            "SIP/2.0/UDP",
            "SIP/2.0/UDP ;branch=z",
            "SIP/2.0 h",
            "SIP/2.0/UDPh",
            "HTTP/2.0/UDP h",
            "SIP//UDP h",
            "SIP/2.0/UDP h x;branch=z",
            "SIP/2.0/UDP h:5060:1",
            "SIP/2.0/UDP 2001:db8::1",
            "*",
        ] {
            assert!(Via::parse_list(text).is_err(), "{text}");
        }
    }
}
