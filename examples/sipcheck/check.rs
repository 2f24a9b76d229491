//! Feeds a frame to a user agent and notes what it does by itself.

use super::fault::fault;
use crate::agent::{Agent, config};
use serde_json::{Map, json};
use webphone::sip::ua::{CallEvent, Event, Policy};
use webphone::sip::wire::{self, Frame, NameAddr, Request, WireError};
use webphone::sip::{Config, Input, Output};

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// `request`, `response`, `keepalive` or `garbage`.
    pub(crate) kind: &'static str,
    /// The method of a request, or the one that a response answers.
    pub(crate) method: Option<String>,
    /// The final status that the user agent sent by itself.
    pub(crate) reply: Option<u16>,
    /// The headers of that reply; lines of one name are joined.
    pub(crate) reply_headers: Vec<(String, String)>,
    /// What is wrong with the frame.
    pub(crate) error: Option<String>,
    /// What the telephone is told.
    pub(crate) events: Vec<String>,
}

impl Report {
    /// The report as one line of JSON.
    pub(crate) fn to_json(&self, file: &str) -> String {
        let headers = self.reply_headers.iter();
        let headers: Map<_, _> =
            headers.map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "file": file,
            "kind": self.kind,
            "method": self.method,
            "reply": self.reply,
            "reply_headers": headers,
            "error": self.error,
            "events": self.events,
        })
        .to_string()
    }
}

/// Feeds one frame to a user agent of its own, registered as `sip:1001@example.com` over WSS.
pub(crate) fn check(frame: &[u8]) -> Report {
    let (kind, method, error) = describe(frame);
    let (reply_headers, events) = (Vec::new(), Vec::new());
    let mut report = Report { kind, method, reply: None, reply_headers, error, events };
    let mut agent = Agent::registered(Config {
        product: concat!("WebPhone/", env!("CARGO_PKG_VERSION")).into(),
        // Signalling is what is checked: there is no browser that could judge an offer.
        policy: Policy { any_media: true, ..Policy::default() },
        ..config()
    });
    agent.input(Input::Frame(frame), |output| match output {
        Output::Send(sent) => {
            if let Some((status, headers)) = final_response(&sent) {
                (report.reply, report.reply_headers) = (Some(status), headers);
            }
        }
        Output::Event(event) => report.events.push(event_text(&event)),
        Output::Link(_) | Output::Media(_) | Output::Timeout(_) => {}
    });
    report
}

/// What a frame is, before anybody looks at it as a telephone.
fn describe(frame: &[u8]) -> (&'static str, Option<String>, Option<String>) {
    let method = |request: &Request| Some(request.method.as_str().to_owned());
    match wire::parse(frame) {
        Ok(Frame::Ping | Frame::Pong) => ("keepalive", None, None),
        Ok(Frame::Request(request)) => ("request", method(&request), None),
        Ok(Frame::Response(response)) => {
            let method = response.cseq().map(|cseq| cseq.method.as_str().to_owned());
            ("response", method, None)
        }
        Err(WireError::Reject { status, request }) => {
            ("request", method(&request), Some(fault(status, &request)))
        }
        Err(error @ WireError::Drop(_)) => {
            let (kind, method) = guess(frame);
            (kind, method, Some(error.to_string()))
        }
    }
}

/// What a frame that is dropped was meant to be.
fn guess(frame: &[u8]) -> (&'static str, Option<String>) {
    let text = String::from_utf8_lossy(frame);
    let start = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
    let mut words = start.split_whitespace();
    match (words.next(), words.next_back()) {
        (Some(version), _) if version.starts_with("SIP/") => ("response", None),
        (Some(method), Some(version)) if version.starts_with("SIP/") => {
            ("request", Some(method.to_owned()))
        }
        _ => ("garbage", None),
    }
}

/// The status and the headers of a final response, as they were written: what is malformed is
/// echoed, so that no parser would read it.
fn final_response(sent: &[u8]) -> Option<(u16, Vec<(String, String)>)> {
    let text = String::from_utf8_lossy(sent);
    let mut lines = text.split("\r\n");
    let status: u16 = lines.next()?.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()?;
    if status < 200 {
        return None;
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once(": ") else {
            continue;
        };
        match headers.iter_mut().find(|(key, _)| key == name) {
            Some((_, values)) => {
                values.push_str(", ");
                values.push_str(value);
            }
            None => headers.push((name.to_owned(), value.to_owned())),
        }
    }
    Some((status, headers))
}

fn event_text(event: &Event) -> String {
    match event {
        Event::Call(_, CallEvent::Incoming(caller)) => {
            let mut address = NameAddr::new(caller.uri.clone());
            address.display.clone_from(&caller.name);
            format!("Incoming {address}")
        }
        Event::Call(_, event) => format!("{event:?}"),
        other => format!("{other:?}"),
    }
}
