//! WebPhone's reader of messages as its page calls it, for the comparison of `make bench`. An
//! example of the product's own package, so that Cargo builds it as it builds the page.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessageEvent;
use webphone::platform::socket::bytes;
use webphone::sip::wire::{CSeq, Challenge, Frame, Headers, NameAddr, Via, parse};

/// From an event of the socket to a message. Returns the length of its body, so that nobody can
/// leave the work out.
#[wasm_bindgen]
pub fn message(event: MessageEvent) -> Option<usize> {
    match frame(&event)? {
        Frame::Request(request) => Some(request.body.len()),
        Frame::Response(response) => Some(response.body.len()),
        Frame::Ping | Frame::Pong => None,
    }
}

/// The same, with every value read that JsSIP reads when a message arrives. Returns the sum of
/// their numbers and lengths.
#[wasm_bindgen]
pub fn values(event: MessageEvent) -> Option<usize> {
    macro_rules! values {
        ($message:ident) => {
            $message.body.len()
                + $message.call_id().len()
                + sum($message.via()?, $message.cseq()?, [$message.from()?, $message.to()?])
                + optional(&$message.headers, $message.contact())
        };
    }
    Some(match frame(&event)? {
        Frame::Request(request) => values!(request),
        Frame::Response(response) => values!(response),
        Frame::Ping | Frame::Pong => return None,
    })
}

/// What the readers must agree on: method or status, Call-ID, CSeq, tag of From, length of body.
#[wasm_bindgen]
pub fn summary(event: MessageEvent) -> Option<String> {
    macro_rules! summary {
        ($message:ident, $start:expr) => {
            [
                $start.as_str(),
                $message.call_id(),
                &$message.cseq()?.to_string(),
                $message.from()?.tag()?,
                &$message.body.len().to_string(),
            ]
            .join(" ")
        };
    }
    Some(match frame(&event)? {
        Frame::Request(request) => summary!(request, request.method),
        Frame::Response(response) => summary!(response, response.status.to_string()),
        Frame::Ping | Frame::Pong => return None,
    })
}

fn frame(event: &MessageEvent) -> Option<Frame> {
    parse(&bytes(&event.data())?).ok()
}

fn sum(via: Via, cseq: CSeq, ends: [NameAddr; 2]) -> usize {
    let tags = ends.iter().filter_map(NameAddr::tag).map(str::len).sum::<usize>();
    via.branch().map_or(0, str::len) + cseq.seq as usize + tags
}

fn optional(headers: &Headers, contact: Option<NameAddr>) -> usize {
    let routes = headers.all("Record-Route").filter_map(|line| NameAddr::parse_list(line).ok());
    let challenge = headers.get("WWW-Authenticate").and_then(|value| Challenge::parse(value).ok());
    let hosts = routes.flatten().chain(contact).filter_map(|address| address.uri.host());
    hosts.map(|host| host.len()).sum::<usize>() + challenge.map_or(0, |found| found.nonce.len())
}
