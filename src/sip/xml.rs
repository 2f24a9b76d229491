//! The little XML that SIP bodies need: elements, attributes and text, as a small tree.
//!
//! Names lose their prefix, as nobody here mixes vocabularies. There are no entities beyond the
//! five of XML and character references, and no DTD. Depth, number and size are bounded, so that
//! no document costs more than it should.

/// No larger document is read, in bytes.
const MAX_SIZE: usize = 64 * 1024;
/// No element lies deeper than this.
const MAX_DEPTH: usize = 16;
/// No more elements are read.
const MAX_ELEMENTS: usize = 1024;
/// No element has more attributes.
const MAX_ATTRIBUTES: usize = 32;

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// The name without its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    /// The value of the attribute of this name, its prefix left out.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The child elements of this name.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child element of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text directly in this element, trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }
}

/// Reads a document and returns its root; `None` for what is not well-formed, not UTF-8, or
/// beyond the bounds.
pub(super) fn parse(document: &[u8]) -> Option<Element> {
    if document.len() > MAX_SIZE {
        return None;
    }
    let text = std::str::from_utf8(document).ok()?;
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    // The elements that are open; the first holds the root once that is closed.
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        let (before, markup) = match rest.split_once('<') {
            Some((before, markup)) => (before, Some(markup)),
            None => (rest, None),
        };
        let depth = open.len();
        if depth == 1 && !before.trim().is_empty() {
            return None;
        }
        open.last_mut()?.text.push_str(&resolve(before)?);
        let Some(markup) = markup else { break };
        if let Some(comment) = markup.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(instruction) = markup.strip_prefix('?') {
            rest = instruction.split_once("?>")?.1;
        } else if let Some(data) = markup.strip_prefix("![CDATA[") {
            if depth == 1 {
                return None;
            }
            let (data, after) = data.split_once("]]>")?;
            open.last_mut()?.text.push_str(data);
            rest = after;
        } else if let Some(tag) = markup.strip_prefix('/') {
            let (name, after) = tag.split_once('>')?;
            let element = open.pop()?;
            if depth == 1 || local(name.trim_end()) != element.name {
                return None;
            }
            open.last_mut()?.children.push(element);
            rest = after;
        } else {
            elements += 1;
            let second_root = depth == 1 && !open.last()?.children.is_empty();
            if second_root || depth > MAX_DEPTH || elements > MAX_ELEMENTS {
                return None;
            }
            let (element, closed, after) = tag(markup)?;
            if closed {
                open.last_mut()?.children.push(element);
            } else {
                open.push(element);
            }
            rest = after;
        }
    }
    let document = open.pop()?;
    if open.is_empty() { document.children.into_iter().next() } else { None }
}

/// Reads an opening tag behind its `<`: the element, whether it is closed at once, and the rest.
fn tag(markup: &str) -> Option<(Element, bool, &str)> {
    let (name, mut rest) = take_name(markup)?;
    let mut element = Element { name: local(name).to_owned(), ..Element::default() };
    loop {
        let spaced = rest.trim_start();
        if let Some(after) = spaced.strip_prefix("/>") {
            return Some((element, true, after));
        }
        if let Some(after) = spaced.strip_prefix('>') {
            return Some((element, false, after));
        }
        if spaced.len() == rest.len() || element.attributes.len() == MAX_ATTRIBUTES {
            return None;
        }
        let (name, after) = take_name(spaced)?;
        let after = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after.strip_prefix(quote)?.split_once(quote)?;
        if value.contains('<') {
            return None;
        }
        element.attributes.push((local(name).to_owned(), resolve(value)?));
        rest = after;
    }
}

/// Splits a name off. What begins with `!`, as a DTD does, has none.
fn take_name(text: &str) -> Option<(&str, &str)> {
    let is_name =
        |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, ':' | '_' | '-' | '.' | '\u{c0}'..);
    let end = text.find(|ch: char| !is_name(ch)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// `text` with its references resolved; `None` for an entity that XML does not have by itself.
fn resolve(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        let (name, after) = reference.split_once(';')?;
        out.push_str(before);
        out.push(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => character(name.strip_prefix('#')?)?,
        });
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The character of a reference such as `#233` or `#xE9`, without its `#`.
fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|ch| *ch != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Element {
        parse(text.as_bytes()).unwrap_or_else(|| panic!("not read: {text}"))
    }

    #[test]
    fn elements_attributes_and_text_are_read() {
        let root = root(
            "\u{FEFF}<?xml version=\"1.0\"?>\r\n<!-- a > b -->\n<d:a xmlns:d='x' b = \"1\" d:c='\"'>\
             t&#233;<b>one</b>&amp;<d:b  x='2'/><![CDATA[<&]]></d:a >\n<!-- end -->\n",
        );
        assert_eq!(root.name, "a");
        assert_eq!(root.attribute("b"), Some("1"));
        assert_eq!(root.attribute("c"), Some("\""));
        assert_eq!(root.text(), "té&<&");
        let texts: Vec<_> = root.children("b").map(Element::text).collect();
        assert_eq!(texts, ["one", ""]);
        assert_eq!(root.child("c"), None);
    }

    #[test]
    fn references_are_resolved_once() {
        assert_eq!(root("<a>&amp;lt;&lt;&gt;&quot;&apos;&#x4f60;&#65;</a>").text(), "&lt;<>\"'你A");
        assert_eq!(root("<a b='&amp;amp;'/>").attribute("b"), Some("&amp;"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "  ",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "text<a/>",
            "<a b></a>",
            "<a b=1/>",
            "<a b='1'c='2'/>",
            "<a b='<'/>",
            "<a b='1/>",
            "<a",
            "<",
            "< a/>",
            "<a><b></a></b>",
            "<a>&nbsp;</a>",
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
            "<a>&#+65;</a>",
            "<a>&#;</a>",
            "<a>& b</a>",
            "<a><!-- </a>",
            "<a><![CDATA[</a>",
            "<![CDATA[x]]><a/>",
            "<?xml <a/>",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"<a>\xFF</a>"), None);
    }

    #[test]
    fn a_document_type_is_refused_before_its_entities_count() {
        let laughs = "<!DOCTYPE a [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;&l;&l;\">]><a>&m;</a>";
        assert_eq!(parse(laughs.as_bytes()), None);
        let file = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
        assert_eq!(parse(file.as_bytes()), None);
    }

    #[test]
    fn depth_number_and_size_are_bounded() {
        let nested = |depth| ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_some());
        assert_eq!(parse(nested(MAX_DEPTH + 1).as_bytes()), None);
        let many = |count| ["<a>", &"<b/>".repeat(count - 1), "</a>"].concat();
        assert!(parse(many(MAX_ELEMENTS).as_bytes()).is_some());
        assert_eq!(parse(many(MAX_ELEMENTS + 1).as_bytes()), None);
        let wide = |count| ["<a", &" b='1'".repeat(count), "/>"].concat();
        assert!(parse(wide(MAX_ATTRIBUTES).as_bytes()).is_some());
        assert_eq!(parse(wide(MAX_ATTRIBUTES + 1).as_bytes()), None);
        let long = |size: usize| ["<a>", &"x".repeat(size - 7), "</a>"].concat();
        assert!(parse(long(MAX_SIZE).as_bytes()).is_some());
        assert_eq!(parse(long(MAX_SIZE + 1).as_bytes()), None);
    }

    #[test]
    fn no_cut_and_no_flip_panics() {
        let text = "<?xml v?><!-- c --><a b='&lt;é'>x&#65;<c/><![CDATA[<]]></a>".as_bytes();
        for cut in 0..text.len() {
            let _ = parse(&text[..cut]);
            let _ = parse(&text[cut..]);
            for byte in *b"<>&;/'\"!?x\xFF \0" {
                let mut flipped = text.to_vec();
                flipped[cut] = byte;
                let _ = parse(&flipped);
            }
        }
    }
}
