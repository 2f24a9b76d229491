//! A user agent lives through a sequence of frames, commands, answers of the browser, losses and
//! time.
//!
//! The byte FE separates the steps. A step that begins with a control character is something other
//! than a frame; in a frame, some control characters stand for what the user agent sent last, so
//! that a sequence can answer it.
#![no_main]

#[path = "../../tests/agent.rs"]
mod agent;
#[path = "../limits.rs"]
mod limits;

use agent::{Agent, config};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use webphone::sip::ua::{
    CallId, Command, Event, LinkEvent, MediaFailure, MediaReply, MediaRequest, Policy,
};
use webphone::sip::wire::{self, Frame, Request, Response, Uri};
use webphone::sip::{Config, Input, Output};

fuzz_target!(|steps: &[u8]| {
    let mut life = Life::registered();
    for step in steps.split(|byte| *byte == 0xFE).take(64) {
        life.step(step);
    }
    life.input(Input::Command(Command::Disconnect));
    for _ in 0..64 {
        life.wait();
    }
});

struct Life {
    agent: Agent,
    request: Option<Request>,
    response: Option<Response>,
    call: Option<CallId>,
    placed: u32,
    media: Option<MediaRequest>,
}

impl Life {
    fn registered() -> Self {
        let policy = Policy { any_media: true, ..Policy::default() };
        let agent = Agent::registered(Config { max_calls: 2, policy, ..config() });
        Self { agent, request: None, response: None, call: None, placed: 0, media: None }
    }

    fn input(&mut self, input: Input<'_>) {
        self.agent.input(input, |output| match output {
            Output::Send(frame) => match wire::parse(&frame) {
                Ok(Frame::Request(request)) => self.request = Some(request),
                Ok(Frame::Response(response)) => self.response = Some(response),
                _ => {}
            },
            Output::Event(Event::Call(call, _)) => self.call = Some(call),
            Output::Media(MediaRequest::ExpectAnswer(..)) => {}
            Output::Media(request) => self.media = Some(request),
            Output::Event(_) | Output::Link(_) | Output::Timeout(_) => {}
        });
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
                self.agent.now = self.agent.now + Duration::from_secs(40);
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
        if let Some(deadline) = self.agent.deadline {
            self.agent.now = self.agent.now.max(deadline);
            self.input(Input::Timeout);
        }
    }
}
