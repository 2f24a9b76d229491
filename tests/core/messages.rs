//! The messages of the far end, and what is read from ours.

use webphone::sip::wire::{self, Frame, Headers, Request, Response};

/// A session description that a browser could accept.
pub(crate) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n\
    a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:\
    10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=setup:actpass\r\n";
/// What our own browser answers or offers.
pub(crate) const OUR_SDP: &str =
    "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

/// The Contact of a REGISTER, as the registrar's 200 gives it back.
pub(crate) fn granted(register: &Request, expires: u32) -> String {
    let contact = register.headers.get("Contact").expect("a Contact");
    let contact = contact.split(";expires=").next().unwrap_or_default();
    format!("{contact};expires={expires}")
}

/// An INVITE of the far end, with an offer.
pub(crate) fn invite(call_id: &str, branch: &str) -> String {
    request("INVITE", call_id, branch, "", SDP)
}

/// A request of the far end outside a dialog, with further header lines.
pub(crate) fn request(
    method: &str,
    call_id: &str,
    branch: &str,
    headers: &str,
    sdp: &str,
) -> String {
    let kind = if sdp.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    format!(
        "{method} sip:1001@client.invalid;transport=ws SIP/2.0\r\n\
         Via: SIP/2.0/WSS proxy.example.com;branch={branch}\r\n\
         Via: SIP/2.0/WSS far.invalid;branch={branch}x\r\n\
         Max-Forwards: 68\r\n\
         Record-Route: <sip:proxy.example.com;transport=ws;r2=on;lr>\r\n\
         From: \"Bob\" <sip:1002@example.com>;tag=far\r\n\
         To: <sip:1001@example.com>\r\n\
         Call-ID: {call_id}\r\n\
         CSeq: 1 {method}\r\n\
         Contact: <sip:bob@far.invalid;transport=ws>\r\n\
         {headers}{kind}Content-Length: {}\r\n\r\n{sdp}",
        sdp.len()
    )
}

/// A request of the far end in the dialog that our `response` to its INVITE belongs to.
pub(crate) fn in_dialog(
    response: &Response,
    method: &str,
    seq: u32,
    branch: &str,
    sdp: &str,
) -> String {
    let header = |name| response.headers.get(name).unwrap_or_default();
    dialog_request(method, seq, branch, header("From"), header("To"), header("Call-ID"), sdp)
}

/// A request of the far end in the dialog of our own INVITE, which it answered as `far`.
pub(crate) fn from_callee(
    invite: &Request,
    method: &str,
    seq: u32,
    branch: &str,
    sdp: &str,
) -> String {
    let header = |name| invite.headers.get(name).unwrap_or_default();
    let to = format!("{};tag=far", header("To"));
    dialog_request(method, seq, branch, &to, header("From"), header("Call-ID"), sdp)
}

fn dialog_request(
    method: &str,
    seq: u32,
    branch: &str,
    from: &str,
    to: &str,
    call_id: &str,
    sdp: &str,
) -> String {
    let kind = if sdp.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    format!(
        "{method} sip:1001@client.invalid;transport=ws SIP/2.0\r\n\
         Via: SIP/2.0/WSS proxy.example.com;branch={branch}\r\n\
         Max-Forwards: 68\r\n\
         From: {from}\r\nTo: {to}\r\nCall-ID: {call_id}\r\nCSeq: {seq} {method}\r\n\
         Contact: <sip:bob@moved.invalid;transport=ws>\r\n\
         {kind}Content-Length: {}\r\n\r\n{sdp}",
        sdp.len()
    )
}

/// A NOTIFY of the dialog that `subscribe` began, under the far end's `tag`, with the state of the
/// subscription and the rest of the headers, Content-Type included.
pub(crate) fn notify(
    subscribe: &Request,
    tag: &str,
    seq: u32,
    state: &str,
    (headers, body): (&str, &str),
) -> String {
    let header = |name| subscribe.headers.get(name).unwrap_or_default();
    let to = header("To").split(";tag=").next().unwrap_or_default();
    format!(
        "NOTIFY sip:1001@client.invalid;transport=ws SIP/2.0\r\n\
         Via: SIP/2.0/WSS proxy.example.com;branch=z9hG4bK-n{tag}{seq}\r\n\
         Max-Forwards: 68\r\n\
         Record-Route: <sip:p1.example.com;transport=ws;r2=on;lr>, <sip:p2.example.com;lr>\r\n\
         From: {to};tag={tag}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {seq} NOTIFY\r\n\
         Contact: <sip:notifier@{tag}.example>\r\n\
         o: {}\r\nSubscription-State: {state}\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        header("From"),
        header("Call-ID"),
        header("Event"),
        body.len()
    )
}

/// `message` with further header lines and a body of another kind than a session description.
pub(crate) fn with(message: &str, headers: &str, body: &str) -> String {
    let (start, _) = message.split_once("Content-Length: ").expect("a length");
    format!("{start}{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The value of a header, which must be there.
#[track_caller]
pub(crate) fn header<'a>(headers: &'a Headers, name: &str) -> &'a str {
    headers.get(name).unwrap_or_else(|| panic!("no {name} in {headers:?}"))
}

/// The branch of the topmost Via.
#[track_caller]
pub(crate) fn branch(request: &Request) -> String {
    request.via().and_then(|via| via.branch().map(str::to_owned)).expect("a branch")
}

/// The sequence number.
#[track_caller]
pub(crate) fn seq(request: &Request) -> u32 {
    request.cseq().expect("a CSeq").seq
}

/// What the user agent sent.
#[derive(Debug)]
pub(crate) enum Sent {
    Request(Request),
    Response(Response),
    Bytes(Vec<u8>),
}

impl Sent {
    /// What a frame of ours holds.
    pub(crate) fn of(frame: Vec<u8>) -> Self {
        match wire::parse(&frame) {
            Ok(Frame::Request(request)) => Self::Request(request),
            Ok(Frame::Response(response)) => Self::Response(response),
            _ => Self::Bytes(frame),
        }
    }
}

/// The answer of the far end to a `request` of ours. A To tag is added unless the status is 100 or
/// `headers` bring a To; a body makes it a session description.
pub(crate) fn reply_to(
    request: &Request,
    tag: &str,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let mut response = Response::to_request(request, status);
    let tagged = request.to().is_some_and(|to| to.tag().is_some());
    if status != 100 && !tagged {
        let to = format!("{};tag={tag}", request.headers.get("To").unwrap_or_default());
        response.headers.set("To", to);
    }
    for (name, value) in headers {
        response.headers.push(name, *value);
    }
    if !body.is_empty() {
        response.headers.push("Content-Type", "application/sdp");
        response.body = body.as_bytes().to_vec();
    }
    response.write()
}
