//! Parameters: `;name=value;flag`, of URIs and of header values.

use super::scan::{Scanner, ValueError, cut, cut_unquoted, is_token_byte, unquote};
use std::fmt;

/// The most parameters that a URI may have, and the most headers.
pub(super) const MAX_OF_URI: usize = 32;

/// Parameters in their order. Names compare without case; values are kept as written, quotes and
/// escapes included, and who sets one is to give it in that form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, Option<String>)>);

impl Params {
    /// Splits a header value such as `1800;refresher=uac` into what stands before the first `;`
    /// outside quotes and the parameters after it.
    pub fn split(text: &str) -> Result<(&str, Params), ValueError> {
        let mut scanner = Scanner::new(text);
        scanner.space();
        let start = scanner.rest();
        loop {
            scanner.take_while(|byte| !matches!(byte, b';' | b'"'));
            match scanner.peek() {
                Some(b'"') => scanner.quoted().ok_or(ValueError::Quote)?,
                _ => break,
            };
        }
        let main = start.get(..start.len() - scanner.rest().len()).unwrap_or_default();
        Ok((super::scan::trim(main), Params::scan_to_end(&mut scanner)?))
    }

    /// The first value of the name as written; `""` for a parameter without a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.as_deref().unwrap_or_default())
    }

    /// Whether the name is there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Like [`get`](Self::get), without quotes and backslashes.
    pub fn unquoted(&self, name: &str) -> Option<String> {
        unquote(self.get(name)?)
    }

    /// Gives the parameter this value: in its place if it is there, at the end if not.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(str::to_owned);
        match self.0.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
            Some(entry) => entry.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Appends a parameter.
    pub fn push(&mut self, name: &str, value: Option<&str>) {
        self.0.push((name.to_owned(), value.map(str::to_owned)));
    }

    /// Takes every parameter of the name away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    /// Names and values in order, as written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the parameters of a header value up to its end; spaces round `;` and `=` are allowed.
    pub(super) fn scan_to_end(scanner: &mut Scanner<'_>) -> Result<Params, ValueError> {
        let mut params = Params::default();
        while !scanner.is_done() {
            if !scanner.eat(b';') {
                return Err(ValueError::Param);
            }
            scanner.space();
            let name = scanner.take_while(is_token_byte);
            if name.is_empty() {
                return Err(ValueError::Param);
            }
            scanner.space();
            let value = if scanner.eat(b'=') {
                scanner.space();
                Some(match scanner.peek() {
                    Some(b'"') => scanner.quoted().ok_or(ValueError::Quote)?,
                    _ => scanner.take_while(is_value_byte),
                })
            } else {
                None
            };
            params.push(name, value);
        }
        Ok(params)
    }

    /// Reads the parameters of a URI, `;` included. `None` if one has no name, or there are more
    /// than anybody needs: comparing them takes the square of their number.
    pub(super) fn parse_uri(text: &str) -> Option<Params> {
        let mut params = Params::default();
        let mut rest = text.strip_prefix(';');
        while let Some(text) = rest {
            let (part, left) = match cut_unquoted(text, b';') {
                Some((part, left)) => (part, Some(left)),
                None => (text, None),
            };
            rest = left;
            let (name, value) = match cut(part, b'=') {
                Some((name, value)) => (name, Some(value)),
                None => (part, None),
            };
            if name.is_empty() || params.0.len() >= MAX_OF_URI {
                return None;
            }
            params.push(name, value);
        }
        Some(params)
    }
}

/// What an unquoted value may hold: more than a token, for the sake of `received=2001:db8::1`.
fn is_value_byte(byte: u8) -> bool {
    !matches!(byte, 0..=b' ' | 0x7F | b';' | b',' | b'"' | b'<' | b'>')
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.iter() {
            f.write_str(";")?;
            f.write_str(name)?;
            if let Some(value) = value {
                f.write_str("=")?;
                f.write_str(value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_parameters_are_read_with_spaces_and_quotes() {
        let table = [
            ("a", ""),
            ("a;b", ";b"),
            ("a ; Tag = x1 ; flag ", ";Tag=x1;flag"),
            ("a;\ttag\t=\tx", ";tag=x"),
            ("a;received=2001:db8::1;branch=z", ";received=2001:db8::1;branch=z"),
            ("a;received=[2001:db8::9:255]", ";received=[2001:db8::9:255]"),
            ("a;tag=x/y:z==", ";tag=x/y:z=="),
            ("a;i=\"<urn:uuid:1>;,\\\"\";b=1", ";i=\"<urn:uuid:1>;,\\\"\";b=1"),
            ("a;b=", ";b="),
            ("a;name=é\u{F7E9}", ";name=é\u{F7E9}"),
        ];
        for (text, expected) in table {
            let (main, params) = Params::split(text).expect(text);
            assert_eq!(main, "a");
            assert_eq!(params.to_string(), expected, "{text}");
        }
        assert_eq!(Params::split("\"x;y\" z ;q").map(|(main, _)| main), Ok("\"x;y\" z"));
    }

    #[test]
    fn malformed_parameters_are_refused() {
        for text in ["a;", "a;;b", "a;=x", "a;b c", "a;b=c d", "a;b=c,d", "a;b=\"c\"d", "a;b=<c>"] {
            assert_eq!(Params::split(text).map(|_| ()), Err(ValueError::Param), "{text}");
        }
        for text in ["a;b=\"c", "\"a;b"] {
            assert_eq!(Params::split(text).map(|_| ()), Err(ValueError::Quote), "{text}");
        }
    }

    #[test]
    fn names_compare_without_case_and_order_is_kept() {
        let (_, mut params) = Params::split("x;A=1;flag;b=\"q\\\"q\"").expect("parameters");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.get("FLAG"), Some(""));
        assert_eq!(params.get("c"), None);
        assert!(params.has("flag") && !params.has("c"));
        assert_eq!(params.unquoted("b").as_deref(), Some("q\"q"));
        params.set("a", None);
        params.set("c", Some("3"));
        params.remove("Flag");
        params.push("d", None);
        assert_eq!(params.to_string(), ";A;b=\"q\\\"q\";c=3;d");
        assert_eq!(params.iter().count(), 4);
    }
}
