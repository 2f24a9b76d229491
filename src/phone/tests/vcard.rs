//! vCards of our own and of other programs.

use super::ends;
use crate::phone::contact::{Contact, Label, Number};
use crate::phone::vcard;
use crate::phone::vcard::write;

/// As browsers read them: every byte of windows-1252 that our inputs have is a letter of Latin-1.
pub(super) fn decode(charset: &str, bytes: &[u8]) -> Option<String> {
    let pairs = || bytes.chunks(2).map(|pair| [pair[0], pair.get(1).copied().unwrap_or_default()]);
    let wide =
        |unit: fn([u8; 2]) -> u16| String::from_utf16_lossy(&pairs().map(unit).collect::<Vec<_>>());
    match charset.to_ascii_lowercase().as_str() {
        "iso-8859-1" | "windows-1252" => Some(bytes.iter().copied().map(char::from).collect()),
        "utf-16le" => Some(wide(u16::from_le_bytes)),
        "utf-16be" => Some(wide(u16::from_be_bytes)),
        _ => None,
    }
}

fn parse(text: impl AsRef<[u8]>) -> Vec<Contact> {
    vcard::parse(text.as_ref(), &decode)
}

fn one(text: &str) -> Contact {
    let mut cards = parse(text);
    assert_eq!(cards.len(), 1, "{text}");
    cards.remove(0)
}

fn numbers(contact: &Contact) -> Vec<(Label, &str)> {
    contact.numbers.iter().map(|number| (number.label, number.value.as_str())).collect()
}

#[test]
fn a_card_of_3_0_is_read() {
    // As telephones and web mail write them.
    let card = one("BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17//EN\r\n\
        N:Gómez;Ana;;Dra.;\r\nFN:Dra. Ana Gómez\r\n\
        item1.TEL;type=CELL;type=VOICE;type=pref:+57 (300) 555-0001\r\n\
        TEL;TYPE=\"work,voice\":604 123 45\r\n 67\r\n\
        TEL;type=FAX:5\r\nEMAIL;type=INTERNET:ana@example.com\r\n\
        IMPP;X-SERVICE-TYPE=SIP;type=HOME:sip:ana@pbx.example\r\n\
        IMPP;X-SERVICE-TYPE=Jabber:xmpp:ana@jabber.example\r\n\
        X-SIP:ana2@pbx.example\r\nNOTE:a\\, b\\; c\\n:d\r\nEND:VCARD\r\n");
    assert_eq!(card.name, "Dra. Ana Gómez");
    assert_eq!(
        numbers(&card),
        [
            (Label::Mobile, "+57 (300) 555-0001"),
            (Label::Work, "604 123 4567"),
            (Label::Other, "5"),
            (Label::Home, "ana@pbx.example"),
            (Label::Other, "ana2@pbx.example"),
        ]
    );
}

#[test]
fn a_card_of_4_0_is_read() {
    let card = one("BEGIN:VCARD\nVERSION:4.0\nFN:Ana\\, la jefa\n\
        TEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+57-604-123-4567;ext=5\n\
        IMPP:sips:ana@pbx.example\nEND:VCARD");
    assert_eq!(card.name, "Ana, la jefa");
    let expected =
        [(Label::Home, "+57-604-123-4567 ext. 5"), (Label::Other, "sips:ana@pbx.example")];
    assert_eq!(numbers(&card), expected);
}

#[test]
fn a_card_of_2_1_is_read() {
    // As Android writes names that are not plain ASCII.
    let card = one("BEGIN:VCARD\r\nVERSION:2.1\r\n\
        N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4E=C3=BA=C3=B1=65=7A;=4A=6F=\r\n=73=C3=A9;;;\r\n\
        TEL;CELL;PREF:3005550001\r\nEND:VCARD\r\n");
    assert_eq!(card.name, "José Núñez");
    assert_eq!(numbers(&card), [(Label::Mobile, "3005550001")]);
}

#[test]
fn names_are_read_in_the_character_set_that_they_are_written_in() {
    let case = include_bytes!("../../../tests/core/data/cases/15a-qp-iso-8859-1.vcf");
    assert_eq!(parse(case)[0].name, "Jörg Müller");
    let one = |file: &[u8]| parse(file).remove(0).name;
    let raw = b"BEGIN:VCARD\nN;CHARSET=ISO-8859-1:M\xfcller;J\xf6rg;;;\nEND:VCARD";
    assert_eq!(one(raw), "Jörg Müller");
    assert_eq!(one(b"BEGIN:VCARD\nFN:M\xfcller\nEND:VCARD"), "Müller", "older programs");
    let odd = b"BEGIN:VCARD\nFN;CHARSET=X-ODD:M\xc3\xbcller\nEND:VCARD";
    assert_eq!(one(odd), "Müller", "a set that is not known");
    let folded = b"BEGIN:VCARD\r\nFN:M\xc3\r\n \xbcller\r\nEND:VCARD";
    assert_eq!(one(folded), "Müller", "folded within a letter");
    let text = "BEGIN:VCARD\r\nFN:Müller\r\nEND:VCARD\r\n";
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    assert_eq!(one(&[0xff, 0xfe].into_iter().chain(little).collect::<Vec<_>>()), "Müller");
    let big = text.encode_utf16().flat_map(u16::to_be_bytes);
    assert_eq!(one(&[0xfe, 0xff].into_iter().chain(big).collect::<Vec<_>>()), "Müller");
}

#[test]
fn a_soft_break_takes_the_next_line_as_it_is() {
    let card = one("BEGIN:VCARD\nFN;QUOTED-PRINTABLE:Ana=\n Maria=\n=C3=A9\nEND:VCARD");
    assert_eq!(card.name, "Ana Mariaé");
}

#[test]
fn a_hostile_file_costs_no_more_than_its_length() {
    let breaks = ["QUOTED-PRINTABLE=\n", &"a=\n".repeat(700_000)].concat();
    let cards = "BEGIN:VCARD\nFN:Ana\nTEL:+573001234567\nEND:VCARD\n".repeat(50_000);
    ends(move || assert!(parse(breaks).is_empty()));
    ends(move || assert_eq!(parse(cards).len(), 10_000));
}

#[test]
fn a_card_without_a_full_name_has_one_all_the_same() {
    assert_eq!(one("BEGIN:VCARD\nN:Gómez;Ana;María;;\nEND:VCARD").name, "Ana María Gómez");
    assert_eq!(one("BEGIN:VCARD\nN:a\\;b;;;;\nEND:VCARD").name, "a;b");
    assert_eq!(one("BEGIN:VCARD\nORG:Acme\\, Inc.;Sales\nN:;;;;\nEND:VCARD").name, "Acme, Inc.");
}

#[test]
fn what_is_no_card_is_passed_over() {
    for text in ["", "\u{feff}", "TEL:1", "END:VCARD", "BEGIN:VCARD\nTEL:1", "\0\r\n \n:;:"] {
        assert!(parse(text).is_empty(), "{text:?}");
    }
    let cards =
        parse("\u{feff}BEGIN:VCARD\nFN:Ana\nEND:VCARD\njunk\nbegin:vcard\nfn:Bob\nend:vcard");
    let names: Vec<_> = cards.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["Ana", "Bob"]);
}

#[test]
fn long_lines_are_folded() {
    let contact = Contact { name: "ñ".repeat(120), ..Contact::default() };
    let text = write(&contact);
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert_eq!(one(&text).name, contact.name);
}

/// Numbers that follow each other at random, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
    }
}

#[test]
fn whatever_is_written_is_read_as_it_was() {
    let pieces = [
        "Ana",
        " ",
        ";",
        ",",
        "\\",
        "\\n",
        "\n",
        ":",
        "=",
        "ñ",
        "你",
        "sip:",
        "tel:",
        "@",
        "sips:",
        "\"",
        "\t",
        "=C3",
        "BEGIN:VCARD",
        "5",
        "x.example",
        "🙂",
        "\u{301}",
        "+57",
    ];
    let mut dice = Dice(7);
    let mut whole = 0;
    for round in 0..20_000 {
        let labels = [Label::Mobile, Label::Work, Label::Home, Label::Other];
        let numbers = (0..dice.below(4))
            .map(|_| Number { label: labels[dice.below(4)], value: dice.text(&pieces, 8) })
            .collect();
        let name = dice.text(&pieces, 40);
        let [organisation, origin] = [(); 2].map(|()| dice.text(&pieces, 3));
        let favourite = dice.below(2) == 1;
        let contact = Contact { id: round, name, favourite, numbers, organisation, origin };
        let Some(contact) = contact.clean() else { continue };
        assert_eq!(contact.clone().clean().as_ref(), Some(&contact), "clean is clean");
        assert_eq!(one(&write(&contact)), contact, "round {round}");
        whole += 1;
    }
    assert!(whole > 10_000, "{whole}");
}

#[test]
fn no_file_breaks_the_reader() {
    let pieces = [
        "BEGIN:VCARD\n",
        "END:VCARD\n",
        "FN:",
        "N:",
        "TEL",
        ";TYPE=",
        "IMPP",
        ":",
        ";",
        "=",
        "\"",
        "\\",
        ",",
        "\r\n",
        "\n ",
        "\n\t",
        "ENCODING=QUOTED-PRINTABLE",
        "=C3=",
        "=A9",
        "=\r\n",
        "ñ",
        "é=",
        "=ñ",
        "sip:",
        "tel:",
        "5",
        "UID:webphone-",
        "99999999999999999999",
        "\u{0}",
        "ORG:",
        ".",
        "X-FAVORITE:1",
    ];
    let mut dice = Dice(1);
    let mut cards = 0;
    for _ in 0..50_000 {
        let text = dice.text(&pieces, 30);
        cards += parse(&text).len();
        cards += parse(["BEGIN:VCARD\n", &text, "\nEND:VCARD"].concat()).len();
    }
    assert!(cards > 1000, "{cards}");
}
