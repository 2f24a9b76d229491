//! Methods, an open set, and CSeq.

use super::scan::{Scanner, ValueError, is_token, is_token_byte, parse_u32};
use std::fmt;

/// The method of a request. Names compare with case (RFC 3261 §7.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is the method of its name")]
pub enum Method {
    Ack,
    Bye,
    Cancel,
    Info,
    Invite,
    Message,
    Notify,
    Options,
    Prack,
    Publish,
    Refer,
    Register,
    Subscribe,
    Update,
    /// Any other token.
    Other(String),
}

const KNOWN: [Method; 14] = [
    Method::Ack,
    Method::Bye,
    Method::Cancel,
    Method::Info,
    Method::Invite,
    Method::Message,
    Method::Notify,
    Method::Options,
    Method::Prack,
    Method::Publish,
    Method::Refer,
    Method::Register,
    Method::Subscribe,
    Method::Update,
];

impl Method {
    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Method::Ack => "ACK",
            Method::Bye => "BYE",
            Method::Cancel => "CANCEL",
            Method::Info => "INFO",
            Method::Invite => "INVITE",
            Method::Message => "MESSAGE",
            Method::Notify => "NOTIFY",
            Method::Options => "OPTIONS",
            Method::Prack => "PRACK",
            Method::Publish => "PUBLISH",
            Method::Refer => "REFER",
            Method::Register => "REGISTER",
            Method::Subscribe => "SUBSCRIBE",
            Method::Update => "UPDATE",
            Method::Other(name) => name,
        }
    }

    /// Reads a method; `None` if the text is not a token.
    pub fn parse(text: &str) -> Option<Method> {
        let known = KNOWN.iter().find(|method| method.as_str() == text).cloned();
        known.or_else(|| is_token(text).then(|| Method::Other(text.to_owned())))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value of CSeq (RFC 3261 §20.16).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CSeq {
    /// The sequence number. What we send stays below 2³¹; what we read may be up to 2³²−1.
    pub seq: u32,
    /// The method, in a response that of the request.
    pub method: Method,
}

impl CSeq {
    /// Reads a CSeq value.
    pub fn parse(text: &str) -> Result<CSeq, ValueError> {
        let mut scanner = Scanner::new(text);
        scanner.space();
        let seq = parse_u32(scanner.take_while(|byte| byte.is_ascii_digit()));
        let seq = seq.ok_or(ValueError::Number)?;
        if !scanner.space() {
            return Err(ValueError::Syntax);
        }
        let method = Method::parse(scanner.take_while(is_token_byte)).ok_or(ValueError::Syntax)?;
        if !scanner.is_done() {
            return Err(ValueError::Syntax);
        }
        Ok(CSeq { seq, method })
    }
}

impl fmt::Display for CSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seq.fmt(f)?;
        f.write_str(" ")?;
        f.write_str(self.method.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_an_open_set_of_tokens_with_case() {
        for method in KNOWN {
            assert_eq!(Method::parse(method.as_str()), Some(method));
        }
        for name in ["invite", "INVITEX", "RE%47IST%45R", "!interesting-Method_*+`.%indeed'~"] {
            assert_eq!(Method::parse(name), Some(Method::Other(name.to_owned())));
        }
        for name in ["", "INV ITE", "INVITE\r", "INV<ITE", "ÍNVITE"] {
            assert_eq!(Method::parse(name), None, "{name}");
        }
        assert_eq!(Method::Other("FOO".into()).to_string(), "FOO");
    }

    #[test]
    fn cseq_is_a_32_bit_number_and_a_method() {
        let table = [
            ("1 INVITE", Ok((1, "INVITE"))),
            ("0009 \t  INVITE ", Ok((9, "INVITE"))),
            ("7\tBYE", Ok((7, "BYE"))),
            ("4294967295 FOO", Ok((u32::MAX, "FOO"))),
            ("4294967296 FOO", Err(ValueError::Number)),
            ("36893488147419103232 REGISTER", Err(ValueError::Number)),
            ("-1 INVITE", Err(ValueError::Number)),
            ("INVITE", Err(ValueError::Number)),
            ("", Err(ValueError::Number)),
            ("1", Err(ValueError::Syntax)),
            ("1INVITE", Err(ValueError::Syntax)),
            ("1 ", Err(ValueError::Syntax)),
            ("1 INVITE x", Err(ValueError::Syntax)),
        ];
        for (text, expected) in table {
            let read = CSeq::parse(text);
            let expected = expected
                .map(|(seq, name)| CSeq { seq, method: Method::parse(name).expect("a token") });
            assert_eq!(read, expected, "{text}");
        }
        assert_eq!(CSeq { seq: 3, method: Method::Bye }.to_string(), "3 BYE");
    }
}
