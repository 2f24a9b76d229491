//! Requests whose content, or whose wishes for the answer, cannot be served (RFC 3261 §8.2.3).

use super::content::{Content, content, is_encoded};
use super::core::{ACCEPT, Core};
use crate::media::sdp::security::{self, Audio};
use crate::sip::wire::{Headers, Method, Params, Request, Response};

/// The answer to a request whose content we cannot use. Refusing an INVITE before the telephone
/// rings is kinder than a call that fails when it is answered.
pub(super) fn content_refusal(core: &mut Core, request: &Request) -> Option<Response> {
    // A BYE is followed whatever it carries, and a MESSAGE says itself what it takes.
    let is_judged = !matches!(request.method, Method::Bye | Method::Message);
    if !request.body.is_empty() && is_judged && is_encoded(&request.headers) {
        return Some(unsupported(core, request));
    }
    let is_acceptable = accepts_description(&request.headers);
    match request.method {
        // These are the methods that bring an offer.
        Method::Invite => {}
        Method::Update if !request.body.is_empty() => {}
        // RFC 3261 §11.2: it is answered as an INVITE would be.
        Method::Options if !is_acceptable => return Some(not_acceptable(core, request)),
        _ => return None,
    }
    match content(&request.headers, &request.body) {
        Content::Nothing => {}
        Content::Description(offer) => {
            if !core.config.policy.any_media && !matches!(security::audio(&offer), Audio::Secure(_))
            {
                return Some(not_secure(core, request));
            }
        }
        Content::Unsupported => return Some(unsupported(core, request)),
        Content::Undecipherable => return Some(core.response(request, 493)),
    }
    (!is_acceptable).then(|| not_acceptable(core, request))
}

/// The answer to an INVITE of a caller that lacks what our policy asks for (RFC 3261 §21.4.15).
pub(super) fn extension_refusal(core: &mut Core, request: &Request) -> Option<Response> {
    let is_new = request.to().is_some_and(|to| to.tag().is_none());
    if request.method != Method::Invite || !is_new || core.config.policy.require.is_empty() {
        return None;
    }
    let has = |tag: &str| {
        request.headers.has_token("Supported", tag) || request.headers.has_token("Require", tag)
    };
    let required = core.config.policy.require.iter();
    let missing: Vec<&str> = required.map(String::as_str).filter(|tag| !has(tag)).collect();
    if missing.is_empty() {
        return None;
    }
    let missing = missing.join(", ");
    let mut response = core.response(request, 421);
    response.headers.push("Require", missing);
    Some(response)
}

/// A 406 says what could have been sent (RFC 3261 §21.4.7).
fn not_acceptable(core: &mut Core, request: &Request) -> Response {
    let mut response = core.response(request, 406);
    response.headers.push("Accept", ACCEPT);
    response
}

/// An offer whose audio would not be secret. The caller's server may offer it once more in another
/// way, as with rtpengine, so that nobody has been missed yet. The Warning helps whoever looks for
/// the reason (RFC 3261 §20.43).
fn not_secure(core: &mut Core, request: &Request) -> Response {
    let mut response = core.response(request, 488);
    response.headers.push("Warning", "302 webphone \"Audio over DTLS-SRTP is required\"");
    response
}

/// RFC 3261 §8.2.3: a 415 says what would have been understood.
fn unsupported(core: &mut Core, request: &Request) -> Response {
    let mut response = core.response(request, 415);
    response.headers.push("Accept", ACCEPT);
    response.headers.push("Accept-Encoding", "identity");
    response
}

/// Whether the sender can read the only thing that we answer an INVITE with. Without an Accept it
/// can; an empty one accepts nothing (RFC 3261 §20.1). What it says of the type itself counts more
/// than what it says of all types.
fn accepts_description(headers: &Headers) -> bool {
    if !headers.has("Accept") {
        return true;
    }
    let values = headers.values("Accept");
    let ranges: Vec<_> = values.into_iter().filter_map(|range| Params::split(range).ok()).collect();
    let best = ["application/sdp", "application/*", "*/*"]
        .into_iter()
        .find_map(|known| ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(known)));
    let is_zero = |q: &str| q.starts_with('0') && q.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    best.is_some_and(|(_, params)| !params.get("q").is_some_and(is_zero))
}
