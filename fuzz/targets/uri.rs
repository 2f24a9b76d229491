//! A URI is read; what is written of it reads the same and means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webphone::sip::wire::{Uri, escape_user, unescape};

fuzz_target!(|text: &str| {
    let user = unescape(&escape_user(text));
    assert_eq!(unescape(&escape_user(&user)), user);
    // Characters that stand for raw bytes may spell a letter together, and come back as that.
    if !text.contains(|ch| ('\u{F780}'..='\u{F7FF}').contains(&ch)) {
        assert_eq!(user, text);
    }
    if let Ok(uri) = Uri::parse(text) {
        let again = Uri::parse(&uri.to_string());
        assert_eq!(again.as_ref(), Ok(&uri));
        assert!(uri.equivalent(&uri));
        let _ = (uri.user(), uri.host(), uri.param("transport"));
    }
});
