//! When two ways of writing a number or an address mean the same, and how names are searched.
//!
//! The same telephone is written as `+57 604 123 4567`, `(604) 123-4567` and `1234567`, and a
//! caller's number comes in yet another of these forms.

use super::digits;

/// The fewest digits of a number that may lack its beginning: below that it is an extension, which
/// must be the same as a whole.
pub(super) const LOCAL: usize = 7;

/// A number or an address without what may differ between two ways of writing it.
pub(super) fn canonical(text: &str, domain: &str) -> String {
    let text = digits::plain(text);
    let text = ["sip:", "sips:", "tel:"]
        .iter()
        .find_map(|scheme| without_scheme(text.trim(), scheme))
        .unwrap_or(text.trim());
    let text = digits::parted(text).0.split([';', '?']).next().unwrap_or_default();
    match text.split_once('@') {
        // A global number is the same at whatever server.
        Some((user, host)) if host.eq_ignore_ascii_case(domain) || user.starts_with('+') => {
            number(user).unwrap_or_else(|| user.to_ascii_lowercase())
        }
        Some(_) => text.to_ascii_lowercase(),
        None => number(text).unwrap_or_else(|| text.to_ascii_lowercase()),
    }
}

/// Whether two texts, as they are shown or typed, mean the same telephone.
pub fn mean_the_same(a: &str, b: &str) -> bool {
    same(&canonical(a, ""), &canonical(b, ""))
}

/// Whether two canonical texts mean the same telephone.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || (is_long(a) && is_long(b) && (a.ends_with(b) || b.ends_with(a)))
}

/// What all canonical texts that may mean the same have in common.
pub(super) fn key(canonical: &str) -> &str {
    if is_long(canonical) { &canonical[canonical.len() - LOCAL..] } else { canonical }
}

/// `text` without its scheme.
pub(super) fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

/// `text` in small letters, without the accents of the languages that are written with Latin
/// letters, so that `jose` finds `José`.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(small).filter_map(plain).collect()
}

/// What a text is searched for: a part of a name or an address, in any letters, or of a number
/// however it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    text: String,
    digits: String,
}

impl Query {
    /// A query as it was typed.
    pub fn new(typed: &str) -> Self {
        let text = fold(digits::plain(typed).trim());
        let digits = number(&text).unwrap_or_default();
        Self { text, digits }
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a text matches.
    pub fn matches(&self, searched: &Searched) -> bool {
        searched.text.contains(&self.text)
            || (!self.digits.is_empty() && searched.keys.contains(&self.digits))
    }
}

/// A text that is searched, made ready once for all keys that are typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Searched {
    /// The text, folded.
    pub(super) text: String,
    /// The keys of a telephone in it, where there is a digit.
    keys: String,
}

impl Searched {
    /// A text as it is shown.
    pub fn new(text: &str) -> Self {
        let text = fold(text);
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let keys = if has_digit { keys_of(&text) } else { String::new() };
        Self { text, keys }
    }
}

/// The digits of a number written for people, without the zeros that only lead out of an office
/// or a country; `None` where it is no number.
fn number(text: &str) -> Option<String> {
    let number = digits::number(text)?;
    let number = number.trim_start_matches('+');
    let short = number.trim_start_matches('0');
    Some(if short.len() >= LOCAL { short } else { number }.to_owned())
}

fn keys_of(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || "*#".contains(*c)).collect()
}

fn is_long(canonical: &str) -> bool {
    canonical.len() >= LOCAL && canonical.bytes().all(|byte| byte.is_ascii_digit())
}

/// The small letter of a capital, in the alphabets of Latin, Greek, Cyrillic and Armenian. The
/// tables of all of Unicode are 3 kB of the page.
fn small(c: char) -> char {
    let code = u32::from(c);
    let small = match c {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => {
            code + 32
        }
        'Ѐ'..='Џ' => code + 80,
        'Ա'..='Ֆ' => code + 48,
        'İ' => 'i'.into(),
        'Ÿ' => 'ÿ'.into(),
        'Ά' => 'ά'.into(),
        'Έ'..='Ί' => code + 37,
        'Ό' => 'ό'.into(),
        'Ӏ' => 'ӏ'.into(),
        'Ύ' | 'Ώ' => code + 63,
        // Capitals are even here and followed by their small letters, or odd.
        'Ā'..='ķ' | 'Ŋ'..='ŷ' | 'Ѡ'..='ҁ' | 'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' | 'Ḁ'..='ẕ' | 'Ạ'..='ỿ' => {
            code | 1
        }
        'Ĺ'..='ň' | 'Ź'..='ž' | 'Ӂ'..='ӎ' => code + code % 2,
        _ => return c,
    };
    char::from_u32(small).unwrap_or(c)
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        // Accents that stand beside their letter.
        '\u{300}'..='\u{36f}' => return None,
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_telephone(a: &str, b: &str) -> bool {
        let (a, b) = (canonical(a, "example.com"), canonical(b, "example.com"));
        assert_eq!(same(&a, &b), same(&b, &a), "{a} {b}");
        assert!(!same(&a, &b) || key(&a) == key(&b), "{a} {b}");
        same(&a, &b)
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for other in [
            "576041234567",
            "00576041234567",
            "(604) 123-4567",
            "0604 123 4567",
            "123.45.67",
            "tel:+57-604-123-4567",
            "+576041234567@trunk.example",
            "sip:+576041234567@example.com;user=phone",
            "+57 (0) 604 123 4567",
            "\u{202a}+57\u{202f}604\u{202f}123\u{202f}4567\u{202c}",
            "+57 604 123 4567,,42#",
            "٥٧٦٠٤١٢٣٤٥٦٧",
        ] {
            assert!(same_telephone("+57 604 123 4567", other), "{other}");
        }
        for other in ["+57 605 123 4567", "234567", "1 604 123 4567", "4567", ""] {
            assert!(!same_telephone("+57 604 123 4567", other), "{other}");
        }
    }

    #[test]
    fn an_extension_is_the_same_only_as_a_whole() {
        assert!(same_telephone("1002", "1002@example.com"));
        assert!(same_telephone("*97", "sip:*97@EXAMPLE.com"));
        for (a, b) in [("1002", "002"), ("0100", "100"), ("*97", "97"), ("1002", "1002@other.com")]
        {
            assert!(!same_telephone(a, b), "{a} {b}");
        }
    }

    #[test]
    fn an_address_is_the_same_only_as_a_whole() {
        assert!(same_telephone("Ana@Other.example", "sip:ana@other.example"));
        assert!(same_telephone("ana", "ana@example.com"));
        assert!(!same_telephone("ana@other.example", "ana@example.com"));
        assert!(!same_telephone("6041234567@other.example", "6041234567"));
    }

    #[test]
    fn a_search_finds_capitals_in_each_alphabet_that_has_them() {
        let alphabets = [
            'A'..='Z',
            'À'..='ž',
            'Ά'..='ώ',
            'Ѐ'..='ҁ',
            'Ҋ'..='ԯ',
            'Ա'..='ֆ',
            'Ḁ'..='ẕ',
            'Ạ'..='ỿ',
        ];
        for letter in alphabets.into_iter().flatten() {
            let all: String = letter.to_lowercase().filter(|c| *c != '\u{307}').collect();
            assert_eq!(small(letter).to_string(), all, "{letter}");
        }
    }

    #[test]
    fn a_search_finds_names_without_accents_and_numbers_without_marks() {
        let searched = Searched::new("José Ñáñez +57 (604) 123-4567");
        for typed in ["", "jose", "JOSÉ", " nanez ", "57 604", "(604)", "604-123-4567", "4567"] {
            assert!(Query::new(typed).matches(&searched), "{typed}");
        }
        for typed in ["josef", "605", "ana"] {
            assert!(!Query::new(typed).matches(&searched), "{typed}");
        }
        assert!(!Query::new("12").matches(&Searched::new("ana")));
    }

    #[test]
    fn marks_between_digits_make_no_other_number() {
        assert!(mean_the_same("300 123 4567", " 3001234567"));
        assert!(mean_the_same("+57 604 123 4567", "sip:+576041234567@example.com"));
        assert!(!mean_the_same("1002", "1003") && !mean_the_same("ana", "anabel"));
    }
}
