//! A file of contacts is read, and what stands in it is dialled, compared and shown.
#![no_main]

#[path = "../limits.rs"]
mod limits;

use libfuzzer_sys::fuzz_target;
use webphone::phone::contacts::Contacts;
use webphone::phone::dial;
use webphone::phone::numbers::{Query, Searched, mean_the_same};
use webphone::phone::vcard;
use webphone::sip::wire::{Host, Uri};

fuzz_target!(|file: &[u8]| limits::within_limits(file.len(), || {
    let latin = |_: &str, bytes: &[u8]| Some(bytes.iter().copied().map(char::from).collect());
    let mut contacts = Contacts::new("example.com".into());
    let (imported, writes) = contacts.import(vcard::parse(file, &latin), 1);
    assert_eq!((imported.added, writes.len()), (contacts.all().count(), contacts.all().count()));
    let cards = vcard::parse(contacts.export().as_bytes(), &latin);
    let (again, writes) = contacts.import(cards, 2);
    assert_eq!((again.merged, writes.len()), (contacts.all().count(), 0), "everybody is known");
    let text = String::from_utf8_lossy(file);
    let domain = Host::Name("example.com".into());
    for line in text.lines().take(64) {
        if let Some(uri) = dial::parse_with_keys(line, &domain) {
            assert!(Uri::parse(&uri.to_string()).is_ok());
        }
        let _ = (dial::keys(line), contacts.name_of(line));
        assert!(mean_the_same(line, line));
        // What can be typed is found in what it was typed into.
        let is_plain = line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        assert!(Query::new(line).matches(&Searched::new(line.trim())) || !is_plain);
    }
}));
