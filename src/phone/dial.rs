//! What people type or paste into the dialler, made into an address.

use super::digits::{self, number, parted, plain};
use super::numbers::without_scheme;
use crate::sip::wire::{Host, SipUri, Uri, unescape};

/// From the beginning of one key to that of the next, in seconds, as telephone events and INFO send
/// them.
const KEY: f64 = 0.23;
/// How long a `,` is.
const PAUSE: f64 = 2.0;

/// In the user part of an address: the keys that are sent once somebody has answered.
const LATER: &str = ";postd=";

/// The address for what was typed, as a telephone of `domain` understands it; `None` if it is
/// neither a number nor an address.
///
/// A number may carry the marks that people write into numbers (spaces, dots, dashes, slashes,
/// parentheses), be a `tel:` link (RFC 3966), and be in the digits of any script. A name may be any
/// user part; both are taken to be of the own domain. Keys for later are left out.
pub fn parse(text: &str, domain: &Host) -> Option<Uri> {
    parse_with_keys(text, domain).map(|target| take_keys(target).0)
}

/// The same, to be called: with the keys that are sent once somebody has answered
/// (`604 123 4567,,42#`, or an extension), which [`take_keys`] takes from it.
pub fn parse_with_keys(text: &str, domain: &Host) -> Option<Uri> {
    let text = plain(text);
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    if let Some(link) = without_scheme(text, "tel:") {
        return of_link(link, domain);
    }
    if without_scheme(text, "sip:").is_some() || without_scheme(text, "sips:").is_some() {
        let uri = Uri::parse(text).ok()?;
        return uri.as_sip().is_some_and(|sip| sip.headers.is_empty()).then_some(uri);
    }
    if text.contains('@') {
        return Uri::parse(&["sip:", text].concat()).ok();
    }
    let (head, keys) = parted(text);
    match number(head) {
        Some(number) => local(&number, &keys, domain),
        None if text.contains(char::is_whitespace) || !text.contains(is_letter) => None,
        None => local(text, "", domain),
    }
}

/// Takes the keys for later from what [`parse_with_keys`] has made.
pub(super) fn take_keys(target: Uri) -> (Uri, String) {
    let sip = match target {
        Uri::Sip(sip) => sip,
        other => return (other, String::new()),
    };
    let whole = unescape(sip.user.as_deref().unwrap_or_default());
    match whole.split_once(LATER) {
        Some((user, later)) => {
            let user = SipUri::new(Some(user), sip.host.clone()).user;
            (Uri::Sip(SipUri { user, ..sip }), keys(later))
        }
        None => (Uri::Sip(sip), String::new()),
    }
}

/// Whether `c` may be typed on a keypad.
pub fn is_key(c: char) -> bool {
    digits::is_key(c)
}

/// The keys in what was typed or pasted during a call: what a telephone can send, and `,` for a
/// pause. Whatever people write between digits is left out.
pub fn keys(text: &str) -> String {
    let is_key = |c: &char| c.is_ascii_digit() || matches!(c, '*' | '#' | ',' | 'A'..='D');
    plain(text).chars().map(|c| c.to_ascii_uppercase()).filter(is_key).take(64).collect()
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

/// A `tel:` link: its parameters are an extension, keys for later, or the rest of a number that is
/// none by itself; it may be escaped as in the address of a page.
fn of_link(link: &str, domain: &Host) -> Option<Uri> {
    let link = plain(&unescape(link.trim_start_matches('/')));
    let mut params = link.split(';');
    let with_commas = |text: &str| text.replace(['p', 'P', 'w', 'W'], ",");
    // Nothing in a link is a name: a pause may stand behind a short number, too.
    let named = with_commas(params.next()?);
    let (head, mut keys) = parted(&named);
    let mut whole = number(head)?;
    for (name, value) in params.filter_map(|param| param.split_once('=')) {
        match name.trim().to_ascii_lowercase().as_str() {
            "ext" => keys = [",", value].concat(),
            "postd" => keys = with_commas(value),
            "phone-context" if value.starts_with('+') && !whole.starts_with('+') => {
                whole = [number(value)?, whole].concat();
            }
            _ => {}
        }
    }
    local(&whole, &keys, domain)
}

fn local(user: &str, keys: &str, domain: &Host) -> Option<Uri> {
    let later = if keys.is_empty() { "" } else { LATER };
    Some(Uri::Sip(SipUri::new(Some(&[user, later, keys].concat()), domain.clone())))
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
    fn links_are_read_as_the_standard_has_them() {
        for (link, user) in [
            ("tel:///%2B49305550110", "+49305550110"),
            ("TEL:+57%20604%20123", "+57604123"),
            ("tel:7042;phone-context=+1-914-555", "+19145557042"),
            ("tel:7042;phone-context=example.net", "7042"),
            ("tel:+1-310-555-0147;isub=9", "+13105550147"),
        ] {
            assert_eq!(dial(link), Some(format!("sip:{user}@example.com")), "{link}");
        }
        for link in ["tel:", "tel:ana", "tel:%0d%0a1", "tel:;ext=1"] {
            assert_eq!(dial(link), None, "{link}");
        }
    }

    #[test]
    fn keys_for_later_go_with_a_call_and_not_with_an_address() {
        let domain = Host::Name("example.com".into());
        for (typed, keys) in [
            ("tel:+1-310-555-0147;ext=42", ",42"),
            ("tel:+13105550147,,42%23", ",,42#"),
            ("tel:+13105550147;postd=pp22", ",,22"),
            ("tel:+13105550147p22", ",22"),
            ("+1 310 555 0147,,42#", ",,42#"),
            ("+1 (310) 555-0147 ext. 42", ",42"),
        ] {
            assert_eq!(dial(typed).as_deref(), Some("sip:+13105550147@example.com"), "{typed}");
            let whole = parse_with_keys(typed, &domain).expect(typed);
            let again = Uri::parse(&whole.to_string()).expect("what other tabs are told");
            let (uri, later) = take_keys(again);
            assert_eq!(uri.to_string(), "sip:+13105550147@example.com");
            assert_eq!(later, keys, "{typed}");
        }
        let plain = Uri::parse("sip:ana;x=1@example.com").expect("an address");
        assert_eq!(take_keys(plain.clone()), (plain, String::new()));
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
