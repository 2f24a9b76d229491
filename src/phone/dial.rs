//! What people type or paste into the dialler, made into an address.

use crate::sip::wire::{Host, SipUri, Uri};

/// From the beginning of one key to that of the next, in seconds, as telephone events and INFO send
/// them.
const KEY: f64 = 0.23;
/// How long a `,` is.
const PAUSE: f64 = 2.0;

/// The address for what was typed, as a telephone of `domain` understands it; `None` if it is
/// neither a number nor an address.
///
/// A number may carry the marks that people write into numbers (spaces, dots, dashes, slashes,
/// parentheses), and a name may be any user part; both are taken to be of the own domain.
pub fn parse(text: &str, domain: &Host) -> Option<Uri> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    if let Some(number) = strip_scheme(text, "tel:") {
        return local(&number_of(number)?, domain);
    }
    if strip_scheme(text, "sip:").is_some() || strip_scheme(text, "sips:").is_some() {
        let uri = Uri::parse(text).ok()?;
        return uri.as_sip().is_some_and(|sip| sip.headers.is_empty()).then_some(uri);
    }
    if text.contains('@') {
        return Uri::parse(&["sip:", text].concat()).ok();
    }
    match number_of(text) {
        Some(number) => local(&number, domain),
        None if text.contains(char::is_whitespace) || !text.contains(is_letter) => None,
        None => local(text, domain),
    }
}

/// Whether `c` may be typed on a keypad.
pub fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '*' | '#' | '+')
}

/// The keys in what was typed or pasted during a call: what a telephone can send, and `,` for a
/// pause. Whatever people write between digits is left out.
pub fn keys(text: &str) -> String {
    let is_key = |c: &char| c.is_ascii_digit() || matches!(c, '*' | '#' | ',' | 'A'..='D');
    text.chars().map(|c| c.to_ascii_uppercase()).filter(is_key).take(64).collect()
}

/// When each of these keys begins to be sent, in seconds after the first, and how long all of them
/// take.
pub fn timed(keys: &str) -> (Vec<(char, f64)>, f64) {
    let mut moment = 0.0;
    let timed = keys.chars().map(|key| {
        let begins = moment;
        moment += if key == ',' { PAUSE } else { KEY };
        (key, begins)
    });
    (timed.collect(), moment)
}

/// Whether `c` is a letter or a digit: in ASCII exactly, beyond it by the blocks of letters, as the
/// tables of all of Unicode are 2 kB of the page.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3040}'..='\u{1efff}')
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

/// The digits of a number written for people.
fn number_of(text: &str) -> Option<String> {
    let mut number = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '+' if !number.is_empty() => return None,
            c if is_key(c) => number.push(c),
            ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' => {}
            _ => return None,
        }
    }
    number.contains(|c: char| c != '+').then_some(number)
}

fn local(user: &str, domain: &Host) -> Option<Uri> {
    Some(Uri::Sip(SipUri::new(Some(user), domain.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(text: &str) -> Option<String> {
        parse(text, &Host::Name("example.com".into())).map(|uri| uri.to_string())
    }

    #[test]
    fn numbers_lose_the_marks_that_people_write() {
        for (text, user) in [
            ("1002", "1002"),
            (" 1002 ", "1002"),
            ("+57 (604) 123-45.67", "+576041234567"),
            ("tel:+57-604-123-4567", "+576041234567"),
            ("*97", "*97"),
        ] {
            assert_eq!(dial(text), Some(format!("sip:{user}@example.com")), "{text}");
        }
        assert_eq!(dial("#31#").as_deref(), Some("sip:%2331%23@example.com"));
    }

    #[test]
    fn addresses_are_taken_as_they_are() {
        assert_eq!(dial("ana@other.example").as_deref(), Some("sip:ana@other.example"));
        assert_eq!(dial("sip:ana@other.example").as_deref(), Some("sip:ana@other.example"));
        assert_eq!(dial("ana").as_deref(), Some("sip:ana@example.com"));
    }

    #[test]
    fn keys_are_what_can_be_sent_in_a_call() {
        assert_eq!(keys("12 34-56 #*,d"), "123456#*,D");
        assert_eq!(keys("+57 (604)"), "57604");
        assert_eq!(keys("héllo"), "");
        assert_eq!(keys(&"1".repeat(1000)).len(), 64);
    }

    #[test]
    fn each_key_has_its_moment_and_a_comma_is_a_pause() {
        let (keys, length) = timed("1,2#");
        assert_eq!(keys, [('1', 0.0), (',', 0.23), ('2', 2.23), ('#', 2.46)]);
        assert!((length - 2.69).abs() < 1e-9, "{length}");
        assert_eq!(timed(""), (Vec::new(), 0.0));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "  ", "+", "hello world", "sip:", "1002\r\nEvil: 1", "a@b@c d"] {
            assert_eq!(dial(text), None, "{text:?}");
        }
        for text in ["…", "¿?", "—", "€", "。", "😀"] {
            assert_eq!(dial(text), None, "no letter and no digit: {text}");
        }
        for text in ["ñ", "Ω", "я", "א", "ع", "ก", "あ", "漢", "한"] {
            assert!(dial(text).is_some(), "a letter: {text}");
        }
        // Headers in a link would let a web page put words into our INVITE.
        assert_eq!(dial("sip:ana@other.example?Replaces=x"), None);
    }
}
