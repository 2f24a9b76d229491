//! A body is read: as a session description, as candidates on their own, and as parts between boundaries.
#![no_main]

#[path = "../limits.rs"]
mod limits;

use libfuzzer_sys::fuzz_target;
use webphone::media::sdp::fragment::Candidates;
use webphone::media::sdp::{self, security, video};
use webphone::sip::wire::split_parts;

fuzz_target!(|body: &[u8]| limits::within_limits(body.len(), || {
    let text = String::from_utf8_lossy(body);
    read(&text);
    // The first line says what the boundary is.
    let boundary = text.lines().next().unwrap_or_default().trim_start_matches('-');
    for part in split_parts(body, boundary).unwrap_or_default() {
        assert!(part.body.len() <= body.len());
        read(&String::from_utf8_lossy(part.body));
    }
}));

fn read(sdp: &str) {
    let _ = (security::audio(sdp), security::fingerprint(sdp), sdp::is_hold(sdp));
    let _ = (video::is_offered(sdp), video::flow(sdp, sdp));
    assert!(sdp::is_unchanged(sdp, sdp));
    let plain = sdp::with_one_of_each(sdp::without_blank_lines(sdp.to_owned()));
    assert_eq!(sdp::with_one_of_each(plain.clone()), plain);
    let _ = Candidates::parse(sdp).write(sdp);
}
