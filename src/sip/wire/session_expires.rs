//! Session-Expires (RFC 4028 §4).

use super::{Params, ValueError};
use std::fmt;

/// Who refreshes a session, by its part in the request that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    /// Who sent the request.
    Uac,
    /// Who answered it.
    Uas,
}

/// How long a session lasts without a refresh, and who sends that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionExpires {
    /// The interval in seconds.
    pub seconds: u32,
    /// Who refreshes, where it is said.
    pub refresher: Option<Refresher>,
}

impl SessionExpires {
    /// Reads a value such as `1800;refresher=uac`. A refresher that is neither is none.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let (seconds, params) = Params::split(text)?;
        let refresher = match params.get("refresher") {
            Some(who) if who.eq_ignore_ascii_case("uac") => Some(Refresher::Uac),
            Some(who) if who.eq_ignore_ascii_case("uas") => Some(Refresher::Uas),
            _ => None,
        };
        let seconds = super::scan::parse_u32(seconds).ok_or(ValueError::Number)?;
        Ok(Self { seconds, refresher })
    }
}

impl fmt::Display for SessionExpires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seconds.fmt(f)?;
        f.write_str(match self.refresher {
            Some(Refresher::Uac) => ";refresher=uac",
            Some(Refresher::Uas) => ";refresher=uas",
            None => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_expires_is_read_and_written() {
        for text in ["1800", "90;refresher=uac", "4294967295;refresher=uas"] {
            assert_eq!(SessionExpires::parse(text).map(|value| value.to_string()), Ok(text.into()));
        }
        let odd = SessionExpires::parse(" 600 ; Refresher = UAS;x=y").expect("a value");
        assert_eq!(odd, SessionExpires { seconds: 600, refresher: Some(Refresher::Uas) });
        assert_eq!(SessionExpires::parse("1;refresher=me").expect("a value").refresher, None);
        for text in ["", "x", "-1", "4294967296", ";refresher=uac"] {
            assert!(SessionExpires::parse(text).is_err(), "{text}");
        }
    }
}
