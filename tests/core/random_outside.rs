//! Messages and subscriptions in thousands of random orders of answers, notifications, losses and
//! time: what always holds.

use crate::dice::Dice;
use crate::support::{Bench, Sent, granted, notify};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{
    Command, Event, LinkEvent, LinkRequest, MessageEvent, MessageId, Package, SubscriptionEvent,
    SubscriptionId,
};
use webphone::sip::wire::{Method, Request, Uri};

const RUNS: u64 = 1000;
const STEPS: u32 = 80;

struct World {
    seed: u64,
    dice: Dice,
    bench: Bench,
    requests: Vec<Request>,
    /// Messages sent, and how often each came to an end.
    messages: HashMap<u32, u32>,
    wanted: HashSet<u32>,
    active: usize,
    opening: bool,
    branch: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            dice: Dice(seed),
            bench: Bench::registered(),
            requests: Vec::new(),
            messages: HashMap::new(),
            wanted: HashSet::new(),
            active: 0,
            opening: false,
            branch: 0,
        }
    }

    fn input(&mut self, input: Input<'_>) {
        self.bench.input(input);
        self.observe();
    }

    fn observe(&mut self) {
        for sent in std::mem::take(&mut self.bench.sent) {
            if let Sent::Request(request) = sent {
                self.requests.push(request);
            }
        }
        for request in std::mem::take(&mut self.bench.link) {
            self.opening = matches!(request, LinkRequest::Open(_));
        }
        for event in std::mem::take(&mut self.bench.events) {
            match event {
                Event::Message(MessageEvent::Delivered(id) | MessageEvent::Failed { id, .. }) => {
                    *self.messages.entry(id.0).or_default() += 1;
                }
                Event::Subscription(SubscriptionId(id), event) => {
                    let known = self.wanted.contains(&id);
                    assert!(known, "seed {}: {event:?} of nothing wanted", self.seed);
                    match event {
                        SubscriptionEvent::Ended(_) => {
                            self.wanted.remove(&id);
                        }
                        SubscriptionEvent::Active => self.active += 1,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    fn step(&mut self) {
        match self.dice.roll(20) {
            0..=2 => self.command(),
            3..=8 => self.respond(),
            9..=13 => self.notify(),
            14 => {
                let closed = self.dice.roll(3) > 0;
                let event = if closed { LinkEvent::Closed } else { LinkEvent::Opened };
                self.input(Input::Link(event));
            }
            15 | 16 => {
                let spans = [1, 50, 5000, 32_000, 400_000, 3_000_000];
                let span = self.dice.pick(&spans).unwrap_or_default();
                self.bench.advance(Duration::from_millis(span));
                self.observe();
            }
            _ => self.nurse(),
        }
    }

    fn command(&mut self) {
        let id = self.dice.roll(4) as u32;
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        let command = match self.dice.roll(12) {
            0..=4 => {
                let packages = [Package::MessageSummary, Package::Dialog, Package::Presence];
                let package = self.dice.pick(&packages).unwrap_or(Package::Dialog);
                self.wanted.insert(id);
                Command::Subscribe { id: SubscriptionId(id), target, package }
            }
            5 | 6 => {
                self.wanted.remove(&id);
                Command::Unsubscribe(SubscriptionId(id))
            }
            7..=10 => {
                let id = self.messages.len() as u32;
                self.messages.insert(id, 0);
                Command::SendMessage { id: MessageId(id), to: target, text: "hi".into() }
            }
            _ => Command::Disconnect,
        };
        self.input(Input::Command(command));
    }

    fn respond(&mut self) {
        let Some(request) = self.dice.recent(&self.requests) else { return };
        if request.method == Method::Register && self.dice.roll(10) > 0 {
            return;
        }
        let statuses = [100, 200, 200, 200, 202, 401, 403, 408, 423, 430, 481, 500, 503];
        let status = self.dice.pick(&statuses).unwrap_or(200);
        let tag = self.dice.pick(&["far", "far", "fork"]).unwrap_or_default();
        let expires = self.dice.pick(&["0", "1", "60", "3600", "4294967295"]).unwrap_or_default();
        let mut headers = vec![("Expires", expires), ("Min-Expires", "7200")];
        if self.dice.roll(8) > 0 {
            headers.push(("Contact", "<sip:far.example>"));
        }
        let challenge =
            format!("Digest realm=\"example.com\", nonce=\"{}\", stale=true", self.dice.roll(99));
        match status {
            401 => headers.push(("WWW-Authenticate", &challenge)),
            503 => headers.push(("Retry-After", expires)),
            _ => {}
        }
        self.bench.reply_as(tag, &request, status, &headers, "");
        self.observe();
    }

    fn notify(&mut self) {
        let subscribes: Vec<_> =
            self.requests.iter().filter(|sent| sent.method == Method::Subscribe).cloned().collect();
        let Some(subscribe) = self.dice.recent(&subscribes) else { return };
        let states = [
            "active",
            "active;expires=60",
            "active;expires=0",
            "pending",
            "terminated",
            "terminated;reason=deactivated",
            "terminated;reason=rejected",
            "terminated;reason=probation;retry-after=4294967295",
        ];
        let state = self.dice.pick(&states).unwrap_or_default();
        let tag = self.dice.pick(&["far", "far", "far", "fork"]).unwrap_or_default();
        let bodies = [
            ("", ""),
            ("c: application/simple-message-summary\r\n", "Messages-Waiting: yes\r\n"),
            ("c: application/pidf+xml\r\n", "<presence/>"),
            ("c: application/dialog-info+xml\r\n", "<dialog-info version='9' state='partial'/>"),
            ("c: application/dialog-info+xml\r\n", "<dialog-info version='8' state='full'/>"),
        ];
        let body = self.dice.pick(&bodies).unwrap_or_default();
        self.branch += 1;
        let seq = self.branch.saturating_sub(self.dice.roll(3) as u32);
        let mut frame = notify(&subscribe, tag, seq, state, body);
        frame = frame.replacen("branch=", &format!("branch=z9hG4bK-{}-", self.branch), 1);
        self.input(Input::Frame(frame.as_bytes()));
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
            let contact = granted(&register, 4000);
            self.bench.reply(&register, 200, &[("Contact", &contact)], "");
            self.observe();
        }
    }
}

#[test]
fn every_message_ends_once_and_no_subscription_speaks_after_its_end() {
    let (mut sent, mut active) = (0, 0);
    for seed in 0..RUNS {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
        }
        world.input(Input::Command(Command::Disconnect));
        world.bench.advance(Duration::from_secs(60));
        world.observe();
        for (id, ends) in &world.messages {
            assert_eq!(*ends, 1, "seed {seed}: message {id}");
        }
        sent += world.messages.len();
        active += world.active;
    }
    // The orders are worth something only if something comes about in them.
    assert!(sent > RUNS as usize, "{sent} messages");
    assert!(active > RUNS as usize / 4, "{active} active subscriptions");
}
