//! Commands, messages, losses and time in thousands of random orders: what always holds.

mod far_end;

use crate::dice::Dice;
use crate::ledger::Ledger;
use crate::support::{Bench, OUR_SDP, SERVER, Sent, config, granted};
use std::collections::HashMap;
use std::time::Duration;
use webphone::sip::ua::{
    CallEvent, CallId, Command, Event, Line, LinkEvent, LinkRequest, MediaFailure, MediaReply,
    MediaRequest, Server,
};
use webphone::sip::wire::{Method, Request, Response, Uri};
use webphone::sip::{Config, Input};

const RUNS: u64 = 2000;
const STEPS: u32 = 60;

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
    /// The calls in the order in which they came to be.
    order: Vec<CallId>,
    ledger: Ledger,
    /// The frames that the far end sent, the last one last.
    frames: Vec<Vec<u8>>,
    opening: bool,
    up: bool,
}

/// What was seen of a call, which may be new.
fn seen<'a>(
    calls: &'a mut HashMap<CallId, Seen>,
    order: &mut Vec<CallId>,
    id: CallId,
) -> &'a mut Seen {
    calls.entry(id).or_insert_with(|| {
        order.push(id);
        Seen::default()
    })
}

impl World {
    fn new(seed: u64) -> Self {
        let max_calls = 1 + (seed % 2) as usize;
        let servers = vec![SERVER, Server { priority: 2, ..SERVER }];
        let bench = Bench::registered_with(Config { max_calls, servers, ..config() });
        Self {
            seed,
            dice: Dice(seed),
            bench,
            requests: Vec::new(),
            responses: Vec::new(),
            pending: Vec::new(),
            calls: HashMap::new(),
            order: Vec::new(),
            ledger: Ledger::new(seed),
            frames: Vec::new(),
            opening: false,
            up: true,
        }
    }

    /// Looks at what came out, and checks it.
    fn observe(&mut self) {
        let seed = self.seed;
        let is_over = |event: &Event| matches!(event, Event::Line(Line::Off | Line::Failed(_)));
        if self.bench.events.iter().any(is_over) {
            // Whoever leaves does not wait for an ACK.
            self.ledger.lost();
        }
        for sent in std::mem::take(&mut self.bench.sent) {
            self.ledger.sent(&sent);
            match sent {
                Sent::Request(request) => self.requests.push(request),
                Sent::Response(response) => self.responses.push(response),
                Sent::Bytes(_) => {}
            }
        }
        let was_up = self.up;
        for request in std::mem::take(&mut self.bench.link) {
            if let LinkRequest::Try(_) = request {
                continue;
            }
            self.opening = matches!(request, LinkRequest::Open(_));
            self.up = false;
            self.ledger.lost();
        }
        for request in std::mem::take(&mut self.bench.media) {
            let (MediaRequest::CreateOffer(id)
            | MediaRequest::CreateAnswer(id, _)
            | MediaRequest::ExpectAnswer(id, _)
            | MediaRequest::Reoffer(id, _)
            | MediaRequest::Rollback(id)
            | MediaRequest::ApplyAnswer { call: id, .. }
            | MediaRequest::AddCandidates(id, _)
            | MediaRequest::Close(id)) = request;
            let call = seen(&mut self.calls, &mut self.order, id);
            assert!(!call.ended, "seed {seed}: {request:?} after the end");
            match request {
                MediaRequest::Close(_) => {
                    assert!(call.media, "seed {seed}: {id:?} has nothing to close");
                    call.media = false;
                    self.pending.retain(|pending| media_call(pending) != id);
                }
                MediaRequest::ApplyAnswer { .. }
                | MediaRequest::AddCandidates(..)
                | MediaRequest::Rollback(_) => {
                    assert!(call.media, "seed {seed}");
                }
                _ => {
                    call.media = true;
                    self.pending.push(request);
                }
            }
        }
        for event in std::mem::take(&mut self.bench.events) {
            let (id, event) = match event {
                Event::Call(id, event) => (id, event),
                Event::Line(Line::Off | Line::Failed(_)) if !was_up => {
                    // What should have been said can be said no more.
                    self.ledger.clear();
                    continue;
                }
                _ => continue,
            };
            let call = seen(&mut self.calls, &mut self.order, id);
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
        let id = self.dice.recent(&self.order);
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        let command = match (self.dice.roll(16), id) {
            (0..=4, _) | (_, None) => Command::Call { id: self.bench.fresh_call(), target },
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

    /// A transfer, a replacement or a key, from either side.
    fn service(&mut self) {
        let target = Uri::parse("sip:1003@example.com").expect("a URI");
        let (Some(call), Some(other)) =
            (self.dice.recent(&self.order), self.dice.recent(&self.order))
        else {
            return;
        };
        let command = match self.dice.roll(10) {
            0 => Command::Transfer { call, target },
            1 => Command::TransferTo { call, other },
            2 | 3 => Command::AcceptTransfer { call, id: self.bench.fresh_call() },
            4 => Command::RefuseTransfer(call),
            5 => Command::SendDtmf { call, digits: "1,2".into() },
            _ => return self.ask_service(),
        };
        self.input(Input::Command(command));
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
        match self.dice.roll(5) {
            0 => self.connection(LinkEvent::Opened),
            1 | 2 => self.connection(LinkEvent::Closed),
            there => self.input(Input::Link(LinkEvent::Tried(there == 3))),
        }
    }

    fn connection(&mut self, event: LinkEvent) {
        self.up = match event {
            LinkEvent::Opened => self.up || self.opening,
            LinkEvent::Closed | LinkEvent::Tried(_) => false,
        };
        self.opening = false;
        self.ledger.lost();
        // What waited for the connection leaves in one go.
        self.ledger.queued(true);
        self.input(Input::Link(event));
        self.ledger.queued(false);
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
        if self.opening {
            self.connection(LinkEvent::Opened);
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
        // Twice for what is said only when the line is back.
        for _ in 0..2 {
            self.nurse();
            self.bench.advance(Duration::from_secs(150));
            self.observe();
        }
        self.ledger.check();
        for (id, call) in &self.calls {
            assert!(call.ended, "seed {}: {id:?} never ends: {call:?}", self.seed);
        }
    }
}

fn media_call(request: &MediaRequest) -> CallId {
    match request {
        MediaRequest::CreateOffer(id)
        | MediaRequest::CreateAnswer(id, _)
        | MediaRequest::ExpectAnswer(id, _)
        | MediaRequest::Reoffer(id, _)
        | MediaRequest::Rollback(id)
        | MediaRequest::ApplyAnswer { call: id, .. }
        | MediaRequest::AddCandidates(id, _)
        | MediaRequest::Close(id) => *id,
    }
}

#[test]
fn every_call_ends_once_and_gives_its_media_back() {
    let (mut calls, mut answered, mut ended) = (0, 0, 0);
    for seed in 0..RUNS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.settle();
        calls += world.calls.len();
        answered += world.calls.values().filter(|call| call.answered).count();
        ended += world.ledger.ended();
    }
    // The orders are worth something only if calls come about in them.
    assert!(calls > 4 * RUNS as usize, "{calls} calls");
    assert!(answered > RUNS as usize / 4, "{answered} answered");
    assert!(ended > RUNS as usize / 4, "{ended} dialogs ended");
}
