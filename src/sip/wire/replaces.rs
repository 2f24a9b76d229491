//! The Replaces header: which dialog a new call takes the place of (RFC 3891 §6.1).

use super::text::push_escape;
use super::{Headers, Params, ValueError};
use std::fmt;

/// The dialog to be replaced, as the one who receives the header knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaces {
    /// The Call-ID.
    pub call_id: String,
    /// The tag of the one who receives the header.
    pub to_tag: String,
    /// The tag of its peer.
    pub from_tag: String,
    /// Only a dialog that is not answered yet may be replaced.
    pub early_only: bool,
}

impl Replaces {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Replaces, ValueError> {
        let (call_id, params) = Params::split(text)?;
        let tag = |name: &'static str| match params
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .count()
        {
            1 => params.get(name).filter(|tag| !tag.is_empty()).ok_or(ValueError::Missing(name)),
            0 => Err(ValueError::Missing(name)),
            _ => Err(ValueError::Syntax),
        };
        let (to_tag, from_tag) = (tag("to-tag")?.to_owned(), tag("from-tag")?.to_owned());
        if call_id.is_empty() || call_id.contains([' ', '\t', ',']) {
            return Err(ValueError::Syntax);
        }
        let early_only = params.has("early-only");
        Ok(Replaces { call_id: call_id.to_owned(), to_tag, from_tag, early_only })
    }

    /// What a request wants to replace; more than one dialog is an error (RFC 3891 §3).
    pub fn of(headers: &Headers) -> Result<Option<Replaces>, ValueError> {
        if !headers.has("Replaces") {
            return Ok(None);
        }
        Replaces::parse(headers.single("Replaces")?).map(Some)
    }

    /// The value as it stands in a URI, where all that could end it there is escaped.
    pub fn to_uri_header(&self) -> String {
        let mut out = Vec::new();
        for byte in self.to_string().bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
                out.push(byte);
            } else {
                push_escape(byte, &mut out);
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

impl fmt::Display for Replaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.call_id, ";to-tag=", &self.to_tag, ";from-tag=", &self.from_tag] {
            f.write_str(part)?;
        }
        f.write_str(if self.early_only { ";early-only" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::wire::unescape;

    #[test]
    fn a_dialog_is_named_by_call_id_and_both_tags() {
        let read = Replaces::parse("98732@sip.example.com ; from-tag=r33th4x0r;to-tag=ff87ff");
        let expected = Replaces {
            call_id: "98732@sip.example.com".into(),
            to_tag: "ff87ff".into(),
            from_tag: "r33th4x0r".into(),
            early_only: false,
        };
        assert_eq!(read, Ok(expected));
        let early = Replaces::parse("a;to-tag=1;from-tag=2;early-only").expect("a value");
        assert!(early.early_only);
        for text in [
            "",
            "a",
            "a;to-tag=1",
            "a;from-tag=1;to-tag=",
            ";to-tag=1;from-tag=2",
            "a;to-tag=1;from-tag=2;to-tag=3",
            "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2",
        ] {
            assert!(Replaces::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn two_of_them_are_an_error_and_none_is_nothing() {
        let mut headers = Headers::default();
        assert_eq!(Replaces::of(&headers), Ok(None));
        headers.push("Replaces", "a;to-tag=1;from-tag=2");
        assert!(matches!(Replaces::of(&headers), Ok(Some(_))));
        headers.push("Replaces", "b;to-tag=1;from-tag=2");
        assert!(Replaces::of(&headers).is_err());
    }

    #[test]
    fn in_a_uri_nothing_of_it_can_end_the_uri() {
        let text = "a/b?c&d@h:1;to-tag=1+2;from-tag=x%41;early-only";
        let replaces = Replaces::parse(text).expect("a value");
        let escaped = replaces.to_uri_header();
        assert!(!escaped.contains(['?', '&', '=', ';', '@', '/', '+', '<', '>', ' ']), "{escaped}");
        assert_eq!(Replaces::parse(&unescape(&escaped)), Ok(replaces));
    }
}
