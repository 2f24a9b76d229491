//! How many messages a second are read and written, and how many calls are made and ended; and what
//! large lists of contacts and calls cost.

#[path = "../tests/agent.rs"]
mod agent;
mod people;

use agent::{Agent, config};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use webphone::sip::ua::{CallEvent, CallId, Command, Event, MediaReply};
use webphone::sip::wire::{self, Frame, Request, Response, Uri};
use webphone::sip::{Config, Input, Output};

criterion_main!(benches);
criterion_group!(benches, parse, write, call, people::people);

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, message) in messages() {
        assert!(wire::parse(message).is_ok(), "{name}");
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bench| bench.iter(|| wire::parse(black_box(message))));
    }
}

fn write(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write");
    for (name, message) in messages() {
        group.throughput(Throughput::Elements(1));
        match wire::parse(message) {
            Ok(Frame::Request(request)) => {
                group.bench_function(name, |bench| bench.iter(|| black_box(&request).write()));
            }
            Ok(Frame::Response(response)) => {
                group.bench_function(name, |bench| bench.iter(|| black_box(&response).write()));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// A call from the click to the answer to its BYE, both ends' messages read and written.
fn call(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("call");
    group.throughput(Throughput::Elements(1));
    group.bench_function("placed, answered, hung up", |bench| {
        let call = |mut caller: Caller| {
            caller.call();
            caller
        };
        bench.iter_batched(Caller::registered, call, BatchSize::SmallInput);
    });
}

/// What a telephone reads most: an INVITE with the offer of a browser, and the answers to its own.
fn messages() -> [(&'static str, &'static [u8]); 4] {
    [
        ("INVITE with 3 kB", include_bytes!("messages/invite.sip")),
        ("200", include_bytes!("messages/200.sip")),
        ("401", include_bytes!("messages/401.sip")),
        ("NOTIFY", include_bytes!("messages/notify.sip")),
    ]
}

const SDP: &str = "v=0\r\na=fingerprint:x\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

/// A telephone that is registered, and what it has sent.
struct Caller {
    agent: Agent,
    sent: Vec<Vec<u8>>,
    placed: u32,
    ended: u64,
}

impl Caller {
    fn registered() -> Self {
        let agent = Agent::registered(Config { expires: Duration::from_secs(86_400), ..config() });
        Self { agent, sent: Vec::new(), placed: 1, ended: 0 }
    }

    fn call(&mut self) {
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        let id = CallId(self.placed);
        self.placed += 1;
        self.input(Input::Command(Command::Call { id, target }));
        self.input(Input::Media(MediaReply::Offer(id, SDP.into())));
        let invite = self.request();
        let contact = "<sip:1002@y.invalid;transport=ws>";
        self.respond(&invite, 180, contact, "");
        self.respond(&invite, 200, contact, SDP);
        self.request();
        self.input(Input::Command(Command::HangUp(id)));
        let bye = self.request();
        self.respond(&bye, 200, contact, "");
        assert_eq!(self.ended, 1);
    }

    fn input(&mut self, input: Input<'_>) {
        self.agent.input(input, |output| match output {
            Output::Send(frame) => self.sent.push(frame),
            Output::Event(Event::Call(_, CallEvent::Ended(_))) => self.ended += 1,
            Output::Event(_) | Output::Link(_) | Output::Media(_) | Output::Timeout(_) => {}
        });
    }

    fn request(&mut self) -> Request {
        let frame = self.sent.pop().expect("a frame");
        match wire::parse(&frame) {
            Ok(Frame::Request(request)) => request,
            other => panic!("{other:?}"),
        }
    }

    fn respond(&mut self, request: &Request, status: u16, contact: &str, sdp: &str) {
        let mut response = Response::to_request(request, status);
        if request.to().is_some_and(|to| to.tag().is_none()) {
            let to = [request.headers.get("To").unwrap_or_default(), ";tag=far"].concat();
            response.headers.set("To", to);
        }
        response.headers.push("Contact", contact);
        if !sdp.is_empty() {
            response.headers.push("Content-Type", "application/sdp");
            response.body = sdp.as_bytes().to_vec();
        }
        self.input(Input::Frame(&response.write()));
    }
}
