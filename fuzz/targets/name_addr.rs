//! An address with a name is read; what is written of it reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webphone::sip::wire::{NameAddr, display_text};

fuzz_target!(|text: &str| {
    let _ = NameAddr::parse_list(text);
    if let Ok(read) = NameAddr::parse(text) {
        assert_eq!(NameAddr::parse(&read.to_string()).as_ref(), Ok(&read));
        let shown = read.display.as_deref().map(display_text).unwrap_or_default();
        assert!(!shown.chars().any(char::is_control));
    }
});
