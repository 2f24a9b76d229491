//! A user agent lives through a sequence of frames, commands, answers of the browser, losses and
//! time.
//!
//! The byte FE separates the steps. A step that begins with a control character is something other
//! than a frame; in a frame, some control characters stand for what the user agent sent last, so
//! that a sequence can answer it.
#![no_main]

#[path = "../limits.rs"]
mod limits;

use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use webphone::entropy::Entropy;
use webphone::sip::ua::{
    CallId, Command, Event, LinkEvent, MediaFailure, MediaReply, MediaRequest, Policy, Server,
};
use webphone::sip::wire::{self, Frame, Host, Request, Response, SipUri, Uri};
use webphone::sip::{Config, Input, Output, UserAgent};
use webphone::time::Instant;

fuzz_target!(|steps: &[u8]| {
    let mut agent = Agent::registered();
    for step in steps.split(|byte| *byte == 0xFE).take(64) {
        agent.step(step);
    }
    agent.input(Input::Command(Command::Disconnect));
    for _ in 0..64 {
        agent.wait();
    }
});

struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            *byte = ((self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u8;
        }
    }
}

struct Agent {
    ua: UserAgent,
    now: Instant,
    deadline: Option<Instant>,
    request: Option<Request>,
    response: Option<Response>,
    call: Option<CallId>,
    placed: u32,
    media: Option<MediaRequest>,
}

impl Agent {
    fn registered() -> Self {
        let config = Config {
            address: SipUri::new(Some("1001"), Host::Name("example.com".into())),
            display_name: None,
            auth_user: None,
            password: "secret".into(),
            servers: vec![Server { secure: true, priority: 1, weight: 1 }],
            instance: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6".into(),
            product: "WebPhone".into(),
            expires: Duration::from_secs(600),
            max_calls: 2,
            policy: Policy { any_media: true, ..Policy::default() },
        };
        let mut agent = Self {
            ua: UserAgent::new(config, Box::new(Seeded(1))),
            now: Instant::default(),
            deadline: None,
            request: None,
            response: None,
            call: None,
            placed: 0,
            media: None,
        };
        agent.input(Input::Command(Command::Connect));
        agent.input(Input::Link(LinkEvent::Opened));
        if let Some(register) = agent.request.clone() {
            let mut ok = Response::to_request(&register, 200);
            ok.headers.push("Contact", register.headers.get("Contact").unwrap_or_default());
            agent.input(Input::Frame(&ok.write()));
        }
        agent
    }

    fn input(&mut self, input: Input<'_>) {
        self.ua.handle_input(self.now, input);
        for _ in 0..10_000 {
            match self.ua.poll_output() {
                Output::Send(frame) => match wire::parse(&frame) {
                    Ok(Frame::Request(request)) => self.request = Some(request),
                    Ok(Frame::Response(response)) => self.response = Some(response),
                    _ => {}
                },
                Output::Event(Event::Call(call, _)) => self.call = Some(call),
                Output::Media(MediaRequest::ExpectAnswer(..)) => {}
                Output::Media(request) => self.media = Some(request),
                Output::Event(_) | Output::Link(_) => {}
                Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return;
                }
            }
        }
        panic!("the outputs never end");
    }

    fn step(&mut self, step: &[u8]) {
        let command = |call: Option<CallId>, make: fn(CallId) -> Command| call.map(make);
        let command = match step.first() {
            Some(0x11) => command(self.call, Command::Answer),
            Some(0x12) => command(self.call, Command::Decline),
            Some(0x13) => command(self.call, Command::HangUp),
            Some(0x14) => {
                self.placed += 1;
                let id = CallId(self.placed);
                let target = Uri::parse("sip:1002@example.com").ok();
                target.map(|target| Command::Call { id, target })
            }
            Some(0x15 | 0x16) => return self.reply(step.first() == Some(&0x15)),
            Some(0x17) => return self.wait(),
            Some(0x18) => {
                self.now = self.now + Duration::from_secs(40);
                return self.input(Input::Timeout);
            }
            Some(0x19) => return self.input(Input::Link(LinkEvent::Closed)),
            Some(0x1A) => return self.input(Input::Link(LinkEvent::Opened)),
            Some(0x1B) => Some(Command::Connect),
            Some(0x1C) => Some(Command::Disconnect),
            Some(_) => return self.frame(step),
            None => None,
        };
        if let Some(command) = command {
            self.input(Input::Command(command));
        }
    }

    fn frame(&mut self, step: &[u8]) {
        let request = |name: &str| self.request.as_ref().and_then(|sent| sent.headers.get(name));
        let response = |name: &str| self.response.as_ref().and_then(|sent| sent.headers.get(name));
        let mut frame = Vec::with_capacity(step.len());
        for byte in step {
            let name = match byte {
                1 => request("Via"),
                2 => request("From"),
                3 => request("To"),
                4 => request("Call-ID"),
                5 => request("CSeq"),
                6 => response("From"),
                7 => response("To"),
                8 => response("Call-ID"),
                _ => None,
            };
            match name {
                Some(value) => frame.extend_from_slice(value.as_bytes()),
                None => frame.push(*byte),
            }
        }
        limits::within_limits(frame.len(), || self.input(Input::Frame(&frame)));
    }

    fn reply(&mut self, fine: bool) {
        const SDP: &str = "v=0\r\na=fingerprint:x\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n";
        let reply = match self.media.take() {
            Some(MediaRequest::CreateOffer(call)) if fine => MediaReply::Offer(call, SDP.into()),
            Some(MediaRequest::CreateAnswer(call, _)) if fine => {
                MediaReply::Answer(call, SDP.into())
            }
            Some(
                MediaRequest::CreateOffer(call)
                | MediaRequest::CreateAnswer(call, _)
                | MediaRequest::ApplyAnswer { call, .. },
            ) => MediaReply::Failed(call, MediaFailure::Incompatible),
            _ => return,
        };
        self.input(Input::Media(reply));
    }

    fn wait(&mut self) {
        if let Some(deadline) = self.deadline {
            self.now = self.now.max(deadline);
            self.input(Input::Timeout);
        }
    }
}
