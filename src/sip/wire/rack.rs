//! RAck: which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2).

use super::{CSeq, ValueError};
use std::fmt;

/// The value of RAck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RAck {
    /// The RSeq of the response.
    pub rseq: u32,
    /// The CSeq of the request that it answered.
    pub cseq: CSeq,
}

impl RAck {
    /// Reads a value such as `776656 1 INVITE`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim_start();
        let (rseq, cseq) = text.split_once([' ', '\t']).ok_or(ValueError::Syntax)?;
        let rseq = super::scan::parse_u32(rseq).ok_or(ValueError::Number)?;
        Ok(Self { rseq, cseq: CSeq::parse(cseq)? })
    }
}

impl fmt::Display for RAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rseq.fmt(f)?;
        f.write_str(" ")?;
        self.cseq.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rack_is_read_and_written() {
        let text = "776656 1 INVITE";
        assert_eq!(RAck::parse(text).map(|value| value.to_string()), Ok(text.into()));
        assert_eq!(RAck::parse(" 776656 \t 1  INVITE"), RAck::parse(text));
        for text in ["", "1", "1 2", "x 1 INVITE", "1 x INVITE", "4294967296 1 INVITE"] {
            assert!(RAck::parse(text).is_err(), "{text}");
        }
    }
}
