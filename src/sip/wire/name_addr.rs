//! The form of From, To, Contact, Route and their kind: a name and an address, or the address
//! alone (RFC 3261 §20.10).

use super::scan::{Scanner, ValueError, quote, split_commas, trim, unquote};
use super::{Headers, Params, Uri};
use std::fmt;

/// A URI with an optional display name, and the parameters of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// The display name without quotes and backslashes; never empty.
    pub display: Option<String>,
    /// The address.
    pub uri: Uri,
    /// The parameters of the header, such as `tag`.
    pub params: Params,
}

impl NameAddr {
    /// The address alone.
    pub fn new(uri: Uri) -> NameAddr {
        NameAddr { display: None, uri, params: Params::default() }
    }

    /// Reads one value, with nothing after it.
    pub fn parse(text: &str) -> Result<NameAddr, ValueError> {
        let mut scanner = Scanner::new(text);
        scanner.space();
        let display = if scanner.peek() == Some(b'"') {
            let quoted = scanner.quoted().ok_or(ValueError::Quote)?;
            scanner.space();
            unquote(quoted).unwrap_or_default()
        } else {
            // Which character comes first decides the form. A `<` behind one of the others is
            // part of a parameter, or an attempt to pass one address off as another.
            let name = scanner.take_while(|byte| !matches!(byte, b'<' | b';' | b',' | b'"'));
            if scanner.peek() != Some(b'<') {
                return NameAddr::addr_spec(trim(name), scanner);
            }
            trim(name).to_owned()
        };
        if !scanner.eat(b'<') {
            return Err(ValueError::Syntax);
        }
        let uri = Uri::parse(trim(scanner.take_while(|byte| byte != b'>')))?;
        if !scanner.eat(b'>') {
            return Err(ValueError::Syntax);
        }
        let display = Some(display).filter(|display| !display.is_empty());
        Ok(NameAddr { display, uri, params: Params::scan_to_end(&mut scanner)? })
    }

    /// Reads a comma list, in which no value may be empty.
    pub fn parse_list(text: &str) -> Result<Vec<NameAddr>, ValueError> {
        split_commas(text).into_iter().map(NameAddr::parse).collect()
    }

    /// The tag of a From or To, unless it is empty.
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|tag| !tag.is_empty())
    }

    /// The same with this tag.
    pub fn with_tag(mut self, tag: &str) -> Self {
        self.params.set("tag", Some(tag));
        self
    }

    /// An address without brackets: the parameters belong to the header, and what would make it
    /// ambiguous may not be in it (RFC 3261 §20).
    fn addr_spec(uri: &str, mut scanner: Scanner<'_>) -> Result<NameAddr, ValueError> {
        if uri.contains('?') || matches!(scanner.peek(), Some(b',' | b'"')) {
            return Err(ValueError::Syntax);
        }
        let uri = Uri::parse(uri)?;
        Ok(NameAddr { display: None, uri, params: Params::scan_to_end(&mut scanner)? })
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            f.write_str(&quote(display))?;
            f.write_str(" ")?;
        }
        f.write_str("<")?;
        self.uri.fmt(f)?;
        f.write_str(">")?;
        self.params.fmt(f)
    }
}

/// What the Contact headers of a message say (RFC 3261 §10.2.2, §20.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// `*`, which takes every binding away.
    Star,
    /// The contacts in order, perhaps none.
    List(Vec<NameAddr>),
}

impl Contacts {
    /// Reads all Contact headers; `*` beside another contact is an error.
    pub fn parse(headers: &Headers) -> Result<Contacts, ValueError> {
        let mut list = Vec::new();
        let mut stars = 0;
        for value in headers.all("Contact").flat_map(split_commas) {
            if value == "*" {
                stars += 1;
            } else {
                list.push(NameAddr::parse(value)?);
            }
        }
        match (stars, list.len()) {
            (0, _) => Ok(Contacts::List(list)),
            (1, 0) => Ok(Contacts::Star),
            _ => Err(ValueError::Syntax),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
        let table = [
            ("sip:a@h", None, "sip:a@h", ""),
            ("sip:a@h;tag=1;x", None, "sip:a@h", ";tag=1;x"),
            (" <sip:a@h;lr> ; tag = 1 ", None, "sip:a@h;lr", ";tag=1"),
            ("caller<sip:c@h>;tag=323", Some("caller"), "sip:c@h", ";tag=323"),
            (
                "token1~` token2'+_ token3*%!.- <sip:m@h>",
                Some("token1~` token2'+_ token3*%!.-"),
                "sip:m@h",
                "",
            ),
            (
                "\"J Rosenberg \\\\\\\"\"  <sip:j@h>  ; tag = 98",
                Some("J Rosenberg \\\""),
                "sip:j@h",
                ";tag=98",
            ),
            (
                "\"Quoted string \\\"\\\"\" <sip:j@h>;q=0.33",
                Some("Quoted string \"\""),
                "sip:j@h",
                ";q=0.33",
            ),
            ("\"Bob <x> Smith\" <sip:a@b>", Some("Bob <x> Smith"), "sip:a@b", ""),
            ("\"Bank <sip:bank@x>\" <sip:evil@y>", Some("Bank <sip:bank@x>"), "sip:evil@y", ""),
            (
                "\"Bank\\\" <sip:bank@x>\" <sip:evil@y>",
                Some("Bank\" <sip:bank@x>"),
                "sip:evil@y",
                "",
            ),
            ("sip:evil@y;x=\"<sip:bank@x>\"", None, "sip:evil@y", ";x=\"<sip:bank@x>\""),
            ("\"\" <sip:a@h>", None, "sip:a@h", ""),
            ("\"Watson, Thomas\" < sip:t@h >", Some("Watson, Thomas"), "sip:t@h", ""),
            ("José +34 (91) 555 <sip:a@h>", Some("José +34 (91) 555"), "sip:a@h", ""),
            ("Jos\u{F7E9} <sip:a@h>", Some("Jos\u{F7E9}"), "sip:a@h", ""),
            ("\"NUL:\\\0\" <sip:a@h>", Some("NUL:\0"), "sip:a@h", ""),
            (
                "<sip:b@h;transport=ws?Replaces=a%3Bb>",
                None,
                "sip:b@h;transport=ws?Replaces=a%3Bb",
                "",
            ),
            (
                "<sip:a@h>;+sip.instance=\"<urn:uuid:0>\";reg-id=1;pub-gruu=\"sip:a@h;gr=urn:x\"",
                None,
                "sip:a@h",
                ";+sip.instance=\"<urn:uuid:0>\";reg-id=1;pub-gruu=\"sip:a@h;gr=urn:x\"",
            ),
            (
                "sip:a@h;+sip.instance=\"<urn:uuid:0>\"",
                None,
                "sip:a@h",
                ";+sip.instance=\"<urn:uuid:0>\"",
            ),
            ("<tel:+34600;ext=1>", None, "tel:+34600;ext=1", ""),
            ("isbn:2983792873", None, "isbn:2983792873", ""),
            ("<sip:a@[2001:db8::1]:5060>", None, "sip:a@[2001:db8::1]:5060", ""),
        ];
        for (text, display, uri, params) in table {
            let read = NameAddr::parse(text).expect(text);
            assert_eq!(read.display.as_deref(), display, "{text}");
            assert_eq!(read.uri.to_string(), uri, "{text}");
            assert_eq!(read.params.to_string(), params, "{text}");
            assert_eq!(NameAddr::parse(&read.to_string()), Ok(read), "{text}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "",
            "\"Mr. J. User <sip:j.user@example.com>",
            "\"a\" sip:a@h",
            "\"a\" b <sip:a@h>",
            "Bell, Alexander <sip:a@h>",
            "sip:evil@y;x=<sip:bank@x>",
            "sip:evil@y, <sip:bank@x>",
            "evil \"<sip:bank@x>\" <sip:evil@y>",
            "<sip:a@h",
            "<sip:a@h> x",
            "<sip:a@h>;;;;",
            "<sip:a@h>;",
            "<sip:a@h>, <sip:b@h>",
            "<<sip:a@h>>",
            "<>",
            "sip:a@h?Route=%3Csip:x%3E",
            "sip:a@h x",
            "*",
            "alice",
        ] {
            assert!(NameAddr::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn display_names_are_quoted_and_tags_set() {
        let uri = Uri::parse("sip:a@h;lr").expect("a URI");
        let mut value = NameAddr::new(uri).with_tag("1").with_tag("2");
        assert_eq!(value.to_string(), "<sip:a@h;lr>;tag=2");
        assert_eq!(value.tag(), Some("2"));
        value.display = Some("A \"B\" \\ <sip:x@y>".to_owned());
        assert_eq!(value.to_string(), "\"A \\\"B\\\" \\\\ <sip:x@y>\" <sip:a@h;lr>;tag=2");
        assert_eq!(NameAddr::parse(&value.to_string()), Ok(value));
        assert_eq!(NameAddr::parse("<sip:a@h>;tag=").expect("a value").tag(), None);
    }

    #[test]
    fn lists_split_outside_quotes_and_brackets() {
        let list = NameAddr::parse_list("\"a, b\" <sip:c,d@h>;x=\",\" , sip:e@h");
        let list: Vec<_> = list.expect("a list").iter().map(ToString::to_string).collect();
        assert_eq!(list, ["\"a, b\" <sip:c,d@h>;x=\",\"", "<sip:e@h>"]);
        assert_eq!(NameAddr::parse_list(""), Ok(Vec::new()));
        assert!(NameAddr::parse_list("<sip:a@h>,").is_err());
    }

    #[test]
    fn contacts_are_a_star_or_a_list_over_all_headers() {
        let read = |values: &[&str]| {
            let mut headers = Headers::default();
            for value in values {
                headers.push("m", *value);
            }
            Contacts::parse(&headers)
        };
        assert_eq!(read(&[]), Ok(Contacts::List(Vec::new())));
        assert_eq!(read(&[" * "]), Ok(Contacts::Star));
        assert!(read(&["*", "<sip:a@h>"]).is_err());
        assert!(read(&["*, *"]).is_err());
        assert!(read(&["<sip:a@h>,,<sip:b@h>"]).is_err());
        match read(&["<sip:a@h>;expires=1, <sip:b@h>", "sip:c@h"]) {
            Ok(Contacts::List(list)) => assert_eq!(list.len(), 3),
            other => panic!("{other:?}"),
        }
    }
}
