//! The Reason header: why a call is torn down (RFC 3326), in the terms of SIP or of ISDN.

use super::scan::{parse_u32, quote};
use super::{Headers, Params, ValueError, display_text};
use std::fmt;

/// Whose numbers the cause is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonProtocol {
    /// A SIP status.
    Sip,
    /// An ISDN cause of ITU-T Q.850, such as 16, normal clearing, or 17, busy.
    Q850,
    /// Something else, such as `FreeSWITCH` or `X.int`.
    Other,
}

/// One value of Reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Whose numbers the cause is from.
    pub protocol: ReasonProtocol,
    /// The number.
    pub cause: Option<u16>,
    /// What it says, made safe to show; perhaps empty.
    pub text: String,
}

impl Reason {
    /// A reason in terms of a SIP status.
    pub fn sip(cause: u16, text: &str) -> Reason {
        Reason { protocol: ReasonProtocol::Sip, cause: Some(cause), text: text.to_owned() }
    }

    /// Reads one value.
    pub fn parse(text: &str) -> Result<Reason, ValueError> {
        let (protocol, params) = Params::split(text)?;
        let protocol = match protocol {
            "" => return Err(ValueError::Syntax),
            name if name.eq_ignore_ascii_case("SIP") => ReasonProtocol::Sip,
            name if name.eq_ignore_ascii_case("Q.850") => ReasonProtocol::Q850,
            _ => ReasonProtocol::Other,
        };
        let cause = match params.get("cause") {
            Some(cause) => {
                let number = parse_u32(cause).and_then(|cause| u16::try_from(cause).ok());
                Some(number.ok_or(ValueError::Number)?)
            }
            None => None,
        };
        let text = params.unquoted("text").unwrap_or_default();
        Ok(Reason { protocol, cause, text: display_text(&text) })
    }

    /// The reasons that a message gives, one of each protocol at the most (RFC 3326 §2); those
    /// that cannot be read are left out.
    pub fn list(headers: &Headers) -> Vec<Reason> {
        let values = headers.values("Reason");
        values.into_iter().filter_map(|value| Reason::parse(value).ok()).collect()
    }

    /// The number that a message gives as its reason, in the terms of `protocol`.
    pub fn cause(headers: &Headers, protocol: ReasonProtocol) -> Option<u16> {
        let list = Reason::list(headers);
        list.iter().find(|reason| reason.protocol == protocol)?.cause
    }

    /// Whether it says no more than that somebody hung up.
    pub fn is_ordinary(&self) -> bool {
        match (self.protocol, self.cause) {
            (ReasonProtocol::Sip, Some(cause)) => (200..=299).contains(&cause) || cause == 487,
            // Q.850: normal call clearing; normal, unspecified.
            (ReasonProtocol::Q850, Some(cause)) => matches!(cause, 16 | 31),
            _ => true,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.protocol {
            ReasonProtocol::Sip => "SIP",
            ReasonProtocol::Q850 => "Q.850",
            ReasonProtocol::Other => "X",
        })?;
        if let Some(cause) = self.cause {
            f.write_str(";cause=")?;
            cause.fmt(f)?;
        }
        if !self.text.is_empty() {
            f.write_str(";text=")?;
            f.write_str(&quote(&self.text))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_with_protocol_cause_and_text() {
        use ReasonProtocol::{Other, Q850, Sip};
        let table = [
            (
                "SIP;cause=200;text=\"Call completed elsewhere\"",
                Sip,
                Some(200),
                "Call completed elsewhere",
            ),
            ("sip ; cause = 603", Sip, Some(603), ""),
            ("Q.850;cause=16;text=\"a;b, \\\"c\\\"\"", Q850, Some(16), "a;b, \"c\""),
            ("q.850;cause=016", Q850, Some(16), ""),
            ("preemption;cause=1", Other, Some(1), ""),
            ("SIP", Sip, None, ""),
            ("SIP;text=plain", Sip, None, "plain"),
        ];
        for (text, protocol, cause, said) in table {
            let expected = Reason { protocol, cause, text: said.to_owned() };
            assert_eq!(Reason::parse(text), Ok(expected), "{text}");
        }
        for text in ["", ";cause=200", "SIP;cause=", "SIP;cause=99999", "SIP;text=\"open"] {
            assert!(Reason::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_reason_is_written_so_that_it_is_read_again() {
        let reason = Reason::sip(486, "say \"busy\"");
        assert_eq!(reason.to_string(), "SIP;cause=486;text=\"say \\\"busy\\\"\"");
        assert_eq!(Reason::parse(&reason.to_string()), Ok(reason));
    }

    #[test]
    fn an_unreadable_reason_hides_no_other() {
        let mut headers = Headers::default();
        headers.push("Reason", "SIP;cause=many, Q.850;cause=17");
        headers.push("Reason", "SIP;cause=486");
        assert_eq!(Reason::cause(&headers, ReasonProtocol::Sip), Some(486));
        let busy: Vec<_> = Reason::list(&headers).iter().map(Reason::is_ordinary).collect();
        assert_eq!(busy, [false, false]);
    }
}
