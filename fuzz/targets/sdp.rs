//! A body is read: as a session description, and as parts between boundaries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webphone::sdp;
use webphone::sip::wire::split_parts;

fuzz_target!(|body: &[u8]| {
    let text = String::from_utf8_lossy(body);
    let _ = sdp::is_usable_offer(&text);
    // The first line says what the boundary is.
    let boundary = text.lines().next().unwrap_or_default().trim_start_matches('-');
    for part in split_parts(body, boundary).unwrap_or_default() {
        assert!(part.body.len() <= body.len());
        let _ = sdp::is_usable_offer(&String::from_utf8_lossy(part.body));
    }
});
