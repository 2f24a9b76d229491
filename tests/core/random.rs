//! Commands, messages, losses and time in thousands of random orders: what always holds.

use crate::support::{
    Bench, OUR_SDP, SDP, Sent, config, from_callee, granted, in_dialog, invite, request, with,
};
use std::collections::HashMap;
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, CallId, Command, Event, LinkEvent, LinkRequest, MediaFailure, MediaReply,
    MediaRequest,
};
use webphone::sip::wire::{Method, Request, Response, Uri};
use webphone::sip::{Config, Input};

const RUNS: u64 = 2000;
const STEPS: u32 = 60;

/// A random sequence that each seed gives again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % sides
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.roll(from.len())].clone()) }
    }

    /// One of the last few, which are the ones that matter.
    pub(crate) fn recent<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let start = from.len().saturating_sub(4);
        if self.roll(4) == 0 { self.pick(from) } else { self.pick(&from[start..]) }
    }
}

/// What was seen of a call.
#[derive(Debug, Default)]
struct Seen {
    announced: bool,
    answered: bool,
    ended: bool,
    /// It has media that must be closed.
    media: bool,
}

/// The user agent with everything round it, and an eye on what it does.
struct World {
    seed: u64,
    dice: Dice,
    bench: Bench,
    requests: Vec<Request>,
    responses: Vec<Response>,
    pending: Vec<MediaRequest>,
    calls: HashMap<CallId, Seen>,
    opening: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let max_calls = 1 + (seed % 2) as usize;
        let bench = Bench::registered_with(Config { max_calls, ..config() });
        let (requests, responses, pending) = Default::default();
        let (dice, calls, opening) = (Dice(seed), HashMap::new(), false);
        Self { seed, dice, bench, requests, responses, pending, calls, opening }
    }

    /// Looks at what came out, and checks it.
    fn observe(&mut self) {
        let seed = self.seed;
        for sent in std::mem::take(&mut self.bench.sent) {
            match sent {
                Sent::Request(request) => self.requests.push(request),
                Sent::Response(response) => self.responses.push(response),
                Sent::Bytes(_) => {}
            }
        }
        for request in std::mem::take(&mut self.bench.link) {
            self.opening = request == LinkRequest::Open;
        }
        for request in std::mem::take(&mut self.bench.media) {
            let (MediaRequest::CreateOffer(id)
            | MediaRequest::CreateAnswer(id, _)
            | MediaRequest::Reoffer(id, _)
            | MediaRequest::Rollback(id)
            | MediaRequest::ApplyAnswer { call: id, .. }
            | MediaRequest::Close(id)) = request;
            let call = self.calls.entry(id).or_default();
            assert!(!call.ended, "seed {seed}: {request:?} after the end");
            match request {
                MediaRequest::Close(_) => {
                    assert!(call.media, "seed {seed}: {id:?} has nothing to close");
                    call.media = false;
                    self.pending.retain(|pending| media_call(pending) != id);
                }
                MediaRequest::ApplyAnswer { .. } | MediaRequest::Rollback(_) => {
                    assert!(call.media, "seed {seed}");
                }
                _ => {
                    call.media = true;
                    self.pending.push(request);
                }
            }
        }
        for event in std::mem::take(&mut self.bench.events) {
            let Event::Call(id, event) = event else {
                continue;
            };
            let call = self.calls.entry(id).or_default();
            assert!(!call.ended, "seed {seed}: {event:?} after the end of {id:?}");
            let first = matches!(event, CallEvent::Outgoing(_) | CallEvent::Incoming(_));
            assert_eq!(first, !call.announced, "seed {seed}: {event:?} of {id:?}");
            call.announced = true;
            match event {
                CallEvent::Answered => {
                    assert!(!call.answered, "seed {seed}: {id:?} is answered twice");
                    call.answered = true;
                }
                CallEvent::Ended(_) => {
                    assert!(!call.media, "seed {seed}: {id:?} keeps its media");
                    call.ended = true;
                }
                _ => {}
            }
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.bench.input(input);
        self.observe();
    }

    fn step(&mut self) {
        match self.dice.roll(14) {
            0..=2 => self.command(),
            3..=5 => self.respond(),
            6 | 7 => self.ask(),
            8 | 9 => self.media(),
            10 => self.link(),
            11 | 12 => self.service(),
            _ => self.pass(),
        }
        // Most of the time the line is well.
        if self.dice.roll(10) > 2 {
            self.media();
            self.nurse();
        }
    }

    fn command(&mut self) {
        let ids: Vec<_> = self.calls.keys().copied().collect();
        let mut ids = ids;
        ids.sort();
        let id = self.dice.recent(&ids);
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        let command = match (self.dice.roll(16), id) {
            (0..=4, _) | (_, None) => Command::Call(target),
            (5..=8, Some(id)) => Command::Answer(id),
            (9 | 10, Some(id)) => Command::Decline(id),
            (11, Some(id)) => Command::HangUp(id),
            (12, Some(id)) if self.dice.roll(2) == 0 => Command::Hold(id),
            (12, Some(id)) => Command::Resume(id),
            (13, _) => Command::Retry,
            (14, _) => Command::Connect,
            _ if self.dice.roll(4) == 0 => Command::Disconnect,
            _ => Command::Connect,
        };
        self.input(Input::Command(command));
    }

    /// Some response to some request that was sent.
    fn respond(&mut self) {
        let invites = self.invites();
        let invite = if self.dice.roll(2) == 0 { invites.last().cloned() } else { None };
        let Some(request) = invite.or_else(|| self.dice.recent(&self.requests)) else {
            return;
        };
        if request.method == Method::Register && self.dice.roll(10) > 0 {
            return;
        }
        let statuses = [100, 180, 180, 183, 200, 200, 200, 401, 407, 423, 486, 487, 503, 302];
        let Some(status) = self.dice.pick(&statuses) else {
            return;
        };
        let tag = self.dice.pick(&["far", "far", "far", "fork"]).unwrap_or_default();
        let mut headers = Vec::new();
        if self.dice.roll(8) > 0 {
            headers.push(("Contact", "<sip:bob@far.example;transport=ws>"));
        }
        if self.dice.roll(4) > 0 {
            headers.push(("Record-Route", "<sip:proxy.example.com;lr>, <sip:strict>"));
        }
        let nonce = self.dice.roll(1000);
        let stale = if self.dice.roll(2) == 0 { ", stale=true" } else { "" };
        let challenge = format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\"{stale}");
        match status {
            401 => headers.push(("WWW-Authenticate", &challenge)),
            407 => headers.push(("Proxy-Authenticate", &challenge)),
            423 => headers.push(("Min-Expires", "900")),
            _ => {}
        }
        let body = if self.dice.roll(3) > 0 { SDP } else { "" };
        self.bench.reply_as(tag, &request, status, &headers, body);
        self.observe();
    }

    /// Some request of the far end.
    fn ask(&mut self) {
        let branch = format!("z9hG4bK-{}", self.dice.roll(6));
        let call_id = format!("call-{}", self.dice.roll(4));
        let methods =
            ["ACK", "ACK", "BYE", "INVITE", "CANCEL", "UPDATE", "PRACK", "OPTIONS", "INFO", "FOO"];
        let method = self.dice.pick(&methods).unwrap_or_default();
        let seq = self.dice.roll(5) as u32;
        let sdp = if self.dice.roll(3) > 0 { SDP } else { "" };
        let answered = self.dice.recent(&self.responses);
        let invites = self.invites();
        let invited = self.dice.recent(&invites);
        let text = match (self.dice.roll(8), answered, invited) {
            (0..=2, Some(response), _) => in_dialog(&response, method, seq, &branch, sdp),
            (3 | 4, _, Some(invite)) => from_callee(&invite, method, seq, &branch, sdp),
            (5, ..) => request(method, &call_id, &branch, "Expires: 40\r\n", sdp),
            _ => invite(&call_id, &branch),
        };
        let mut frame = text.into_bytes();
        if self.dice.roll(6) == 0 {
            let at = self.dice.roll(frame.len());
            match self.dice.roll(3) {
                0 => frame.truncate(at),
                1 => frame[at] = self.dice.roll(256) as u8,
                _ => frame.insert(at, b"\r\n \0\";<,"[self.dice.roll(8)]),
            }
        }
        self.input(Input::Frame(&frame));
    }

    /// A transfer, a replacement or a key, from either side.
    fn service(&mut self) {
        let mut ids: Vec<_> = self.calls.keys().copied().collect();
        ids.sort();
        let target = Uri::parse("sip:1003@example.com").expect("a URI");
        let (Some(call), Some(other)) = (self.dice.recent(&ids), self.dice.recent(&ids)) else {
            return;
        };
        let command = match self.dice.roll(10) {
            0 => Command::Transfer { call, target },
            1 => Command::TransferTo { call, other },
            2 | 3 => Command::AcceptTransfer(call),
            4 => Command::RefuseTransfer(call),
            5 => Command::SendDtmf { call, digits: "1,2".into() },
            _ => return self.ask_service(),
        };
        self.input(Input::Command(command));
    }

    fn ask_service(&mut self) {
        let branch = format!("z9hG4bK-s{}", self.dice.roll(1000));
        let seq = 2 + self.dice.roll(5) as u32;
        let answered = self.dice.recent(&self.responses);
        let Some(response) = answered.filter(|response| response.status < 300) else {
            return;
        };
        let tag = response.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        let named = format!("Replaces: {};to-tag={tag};from-tag=far\r\n", response.call_id());
        let fragments =
            ["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "SIP/2.0 486"];
        let fragment = self.dice.pick(&fragments).unwrap_or_default();
        let state = self.dice.pick(&["active", "terminated"]).unwrap_or_default();
        let (method, headers, body) = match self.dice.roll(4) {
            0 => ("REFER", "Refer-To: <sip:1003@example.com>\r\n".to_owned(), ""),
            1 => ("NOTIFY", format!("Event: refer\r\nSubscription-State: {state}\r\n"), fragment),
            2 => ("INFO", "Content-Type: application/dtmf\r\n".to_owned(), "5"),
            _ => {
                let frame = request("INVITE", &branch, &branch, &named, SDP);
                return self.input(Input::Frame(frame.as_bytes()));
            }
        };
        let invites = self.invites();
        let frame = match self.dice.recent(&invites) {
            Some(invite) if self.dice.roll(2) == 0 => {
                from_callee(&invite, method, seq, &branch, "")
            }
            _ => in_dialog(&response, method, seq, &branch, ""),
        };
        self.input(Input::Frame(with(&frame, &headers, body).as_bytes()));
    }

    fn invites(&self) -> Vec<Request> {
        self.requests.iter().filter(|sent| sent.method == Method::Invite).cloned().collect()
    }

    fn media(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let request = self.pending.remove(self.dice.roll(self.pending.len()));
        let id = media_call(&request);
        let failure = if self.dice.roll(2) == 0 {
            MediaFailure::MicrophoneInUse
        } else {
            MediaFailure::Incompatible
        };
        let reply = match (self.dice.roll(6), &request) {
            (0, _) => MediaReply::Failed(id, failure),
            (_, MediaRequest::CreateOffer(_) | MediaRequest::Reoffer(..)) => {
                MediaReply::Offer(id, OUR_SDP.into())
            }
            _ => MediaReply::Answer(id, OUR_SDP.into()),
        };
        self.input(Input::Media(reply));
    }

    fn link(&mut self) {
        let event = if self.dice.roll(3) > 0 { LinkEvent::Closed } else { LinkEvent::Opened };
        self.input(Input::Link(event));
    }

    fn pass(&mut self) {
        let spans = [1, 10, 500, 501, 2000, 4000, 10_000, 32_000, 61_000, 200_000];
        let span = self.dice.pick(&spans).unwrap_or_default();
        self.bench.advance(Duration::from_millis(span));
        self.observe();
    }

    /// The connection opens and the registration is granted.
    fn nurse(&mut self) {
        self.input(Input::Command(Command::Connect));
        self.input(Input::Command(Command::Retry));
        if std::mem::take(&mut self.opening) {
            self.input(Input::Link(LinkEvent::Opened));
        }
        let last = self.requests.iter().rfind(|sent| sent.method == Method::Register).cloned();
        if let Some(register) = last {
            let contact = granted(&register, 600);
            self.bench.reply(&register, 200, &[("Contact", &contact)], "");
            self.observe();
        }
    }

    /// Both sides stop. The browser still does what it was asked, and a call that stands is hung
    /// up, as nothing else would ever end it.
    fn settle(&mut self) {
        while let Some(request) = self.pending.first().cloned() {
            self.pending.remove(0);
            let failure = MediaFailure::Incompatible;
            self.input(Input::Media(MediaReply::Failed(media_call(&request), failure)));
        }
        let up: Vec<_> =
            self.calls.iter().filter(|(_, call)| call.answered).map(|(id, _)| *id).collect();
        for id in up {
            self.input(Input::Command(Command::HangUp(id)));
        }
        self.bench.advance(Duration::from_secs(300));
        self.observe();
        for (id, call) in &self.calls {
            assert!(call.ended, "seed {}: {id:?} never ends: {call:?}", self.seed);
        }
    }
}

fn media_call(request: &MediaRequest) -> CallId {
    match request {
        MediaRequest::CreateOffer(id)
        | MediaRequest::CreateAnswer(id, _)
        | MediaRequest::Reoffer(id, _)
        | MediaRequest::Rollback(id)
        | MediaRequest::ApplyAnswer { call: id, .. }
        | MediaRequest::Close(id) => *id,
    }
}

#[test]
fn every_call_ends_once_and_gives_its_media_back() {
    let (mut calls, mut answered) = (0, 0);
    for seed in 0..RUNS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle();
        calls += world.calls.len();
        answered += world.calls.values().filter(|call| call.answered).count();
    }
    // The orders are worth something only if calls come about in them.
    assert!(calls > 4 * RUNS as usize, "{calls} calls");
    assert!(answered > RUNS as usize / 4, "{answered} answered");
}
