//! Telephone numbers as people write, type and paste them.

use super::numbers::LOCAL;
use crate::sip::wire::is_hidden;

/// The zero of each script, before its other nine digits (Unicode, general category Nd).
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0,
    0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0,
    0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0, 0x1e4f0,
];

/// `text` with the characters of a keypad for those that mean the same: the digits of every script
/// and the wide letters of East Asia become those of ASCII, each space a space and each dash a dash.
/// What cannot be seen is gone.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter_map(plain_char).collect()
}

fn plain_char(c: char) -> Option<char> {
    let code = u32::from(c);
    Some(match c {
        '\0'..='~' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0)?,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        c if c.is_whitespace() => ' ',
        c if is_hidden(c) => return None,
        c => match ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
            Some(zero) => char::from_digit(code - zero, 10)?,
            None => c,
        },
    })
}

/// What a number written for people has a telephone dial: its digits, `*` and `#`, and a `+` before
/// them; `None` where it is no number. The text is [`plain`].
pub(super) fn number(text: &str) -> Option<String> {
    let mut number = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let (before, behind) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            // It is dialled within the country only.
            '0' if before.ends_with('(') && behind.starts_with(')') && has_country(&number) => {}
            '+' if !number.is_empty() => return None,
            c if is_key(c) => number.push(c),
            c if is_mark(c) => {}
            _ => return None,
        }
    }
    number.contains(|c| c != '+').then_some(number)
}

/// Parts what is called from the keys that are sent once somebody has answered: what stands behind a
/// pause (`,` or `p`; `;` or `w` for one that waits), and an extension (`;ext=` of RFC 3966 §5.3, or
/// `ext` as people write it). Each pause and each wait is a `,` in the keys. The text is [`plain`].
pub(super) fn parted(text: &str) -> (&str, String) {
    let all = (text, String::new());
    let Some(end) = text.find(|c| !is_key(c) && !is_mark(c)) else { return all };
    let (number, mut rest) = text.split_at(end);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    // A letter may belong to a name such as "200w3".
    let may_be_name =
        rest.starts_with(['p', 'P', 'w', 'W']) && digits == number.len() && digits < LOCAL;
    if digits == 0 || may_be_name {
        return all;
    }
    let mut keys = String::new();
    while let Some(c) = rest.chars().next() {
        let pause = [";ext=", ";postd=", "ext.", "ext", ",", ";", "p", "w"].iter().find(|pause| {
            rest.get(..pause.len()).is_some_and(|head| head.eq_ignore_ascii_case(pause))
        });
        match pause {
            Some(pause) => {
                keys.push(',');
                rest = &rest[pause.len()..];
                continue;
            }
            None if is_mark(c) => {}
            None if is_key(c) && c != '+' => keys.push(c),
            None => return all,
        }
        rest = &rest[c.len_utf8()..];
    }
    if keys.contains(|key| key != ',') {
        (number, keys)
    } else if text[end..].starts_with([',', ';']) {
        (number, String::new())
    } else {
        all
    }
}

/// Whether `c` may be typed on a keypad.
pub(super) fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '*' | '#' | '+')
}

/// Whether people write `c` between digits.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '(' | ')')
}

/// Whether a number begins as one of another country, with the code of that country (E.164).
fn has_country(number: &str) -> bool {
    let code = number.strip_prefix('+').or(number.strip_prefix("00"));
    code.is_some_and(|code| (1..=3).contains(&code.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialled(text: &str) -> Option<String> {
        number(&plain(text))
    }

    #[test]
    fn digits_of_every_script_are_those_of_the_keypad() {
        for zero in ZEROS.into_iter().chain([0xff10]) {
            let digits: String = (zero..zero + 10).filter_map(char::from_u32).collect();
            assert_eq!(dialled(&digits).as_deref(), Some("0123456789"), "{zero:x}");
        }
        assert_eq!(dialled("＋５７ （６０４）").as_deref(), Some("+57604"));
    }

    #[test]
    fn marks_that_cannot_be_seen_and_spaces_of_any_width_are_left_out() {
        for space in
            ['\u{a0}', '\u{2009}', '\u{202f}', '\u{3000}', '\u{200b}', '\u{2060}', '\u{feff}']
        {
            assert_eq!(dialled(&format!("300{space}123")).as_deref(), Some("300123"), "{space:?}");
        }
        for mark in
            ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{2066}', '\u{2069}', '\u{ad}']
        {
            assert_eq!(dialled(&format!("{mark}+57{mark}")).as_deref(), Some("+57"), "{mark:?}");
        }
        assert_eq!(dialled("300\u{2212}123\u{2013}4").as_deref(), Some("3001234"));
    }

    #[test]
    fn a_zero_in_parentheses_is_left_out_behind_the_code_of_a_country_only() {
        for (text, number) in [
            ("+49 (0) 40 5550133", "+49405550133"),
            ("0044(0)20 7946 0000", "00442079460000"),
            ("+57-(0)-604", "+57604"),
            ("(0) 40 555", "040555"),
            ("40 (0) 555", "400555"),
            ("+ (0) 40", "+040"),
            ("+49 40 (0) 555", "+49400555"),
            ("+49 (00) 40", "+490040"),
        ] {
            assert_eq!(dialled(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn keys_for_afterwards_are_parted_from_the_number() {
        for (text, number, keys) in [
            ("3105550147,,42#", "3105550147", ",,42#"),
            ("310-555-0147;42", "310-555-0147", ",42"),
            ("3105550147 ext. 42", "3105550147 ", ",42"),
            ("3105550147 EXT42", "3105550147 ", ",42"),
            ("+13105550147;ext=4-2", "+13105550147", ",42"),
            ("3105550147p1w2", "3105550147", ",1,2"),
            ("3105550147P1,2", "3105550147", ",1,2"),
            ("*97p1234", "*97", ",1234"),
            ("1002,", "1002", ""),
            ("1002", "1002", ""),
        ] {
            assert_eq!(parted(text), (number, keys.to_owned()), "{text}");
        }
        for name in
            ["ana,1", "ext", "1002p", "100 people", "200w3", "101p1", ",12", "1,+2", "3;isub=4"]
        {
            assert_eq!(parted(name), (name, String::new()), "{name}");
        }
    }
}
