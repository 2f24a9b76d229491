//! A frame is read; what is written of it reads the same.
#![no_main]

#[path = "../limits.rs"]
mod limits;

use libfuzzer_sys::fuzz_target;
use webphone::sip::wire::{self, Challenge, Contacts, Frame, Response, WireError};

fuzz_target!(|frame: &[u8]| limits::within_limits(frame.len(), || {
    let read = wire::parse(frame);
    match &read {
        Ok(Frame::Request(request)) => {
            assert_eq!(wire::parse(&request.write()), read);
            let _ = (request.from(), request.to(), request.contact(), request.via());
            let _ = Contacts::parse(&request.headers);
            for (_, value) in request.headers.iter() {
                let _ = Challenge::parse_list(value);
            }
            answer(request);
        }
        Ok(Frame::Response(response)) => assert_eq!(wire::parse(&response.write()), read),
        Err(WireError::Reject { request, .. }) => answer(request),
        Ok(Frame::Ping | Frame::Pong) | Err(WireError::Drop(_)) => {}
    }
}));

/// An answer has one line a header, whatever it echoes.
fn answer(request: &wire::Request) {
    let answer = Response::to_request(request, 400);
    let lines = answer.write().iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines, answer.headers.iter().count() + 3);
}
