//! Telephones that call each other: one clock, a server that passes on what they say, and wires to it
//! that are slow, fall silent or break.

mod calls;
mod pages;

use crate::browser::{self, Browser};
use crate::support::{SDP, granted, reply_to};
use std::collections::HashMap;
use std::time::Duration;
use webphone::media::sdp::Direction;
use webphone::media::sdp::plan::Plan;
use webphone::phone::Phone;
use webphone::sip::ua::{CallId, LinkEvent, LinkRequest, MediaReply, MediaRequest};
use webphone::sip::wire::{self, Frame, Method, Request, Uri};
use webphone::station::{
    Act, Claim, Input, Kept, LastWords, Lock, Moment, Output, Page, Station, Vault, Whom,
};
use webphone::time::Instant;

/// What is under way, and when it arrives.
struct Mail {
    at: Instant,
    to: To,
    what: What,
}

impl Mail {
    fn is_on_wire(&self) -> bool {
        matches!(self.what, What::Frame(_) | What::Link(_))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum To {
    /// What a telephone says, to the server.
    Server {
        from: usize,
    },
    Telephone(usize),
}

enum What {
    Frame(Vec<u8>),
    Link(LinkEvent),
    /// What the browser has done for a page, or another of its pages says.
    Lock(Lock),
    Vault(Vault),
    Kept(Kept),
    Tab(String),
}

/// How the wire of a telephone is.
#[derive(Clone, Copy, PartialEq)]
enum Wire {
    Well,
    /// It takes everything, and nothing arrives.
    Silent,
    /// There is none.
    Cut,
}

/// A telephone with its wire, in a page of a browser.
struct End {
    station: Station,
    /// By its place.
    browser: usize,
    /// It is gone.
    is_closed: bool,
    deadline: Option<Instant>,
    is_connected: bool,
    wire: Wire,
    /// What the browser was last told of the direction of each call's sound, and what holds before
    /// the other side has agreed.
    directions: HashMap<CallId, [Direction; 2]>,
}

/// A browser, and which of its pages has the telephone and which want it.
#[derive(Default)]
struct Host {
    browser: Browser,
    holder: Option<usize>,
    in_turn: Vec<usize>,
    /// What the service worker was told of the goodbyes, with those it has.
    last_words: Vec<LastWords>,
    goodbyes: Vec<Vec<u8>>,
}

/// Telephones, and the server between them.
struct World {
    moment: Moment,
    hosts: Vec<Host>,
    ends: Vec<End>,
    mail: Vec<Mail>,
    /// How long each way takes.
    delay: Duration,
    /// Who is at an address, by user and host.
    bindings: HashMap<String, usize>,
}

impl World {
    /// Telephones of these users, registered.
    fn of(users: &[&str]) -> Self {
        let mut world = Self {
            moment: Moment { now: Instant::default(), time_of_day: 1_790_000_000_000 },
            hosts: Vec::new(),
            ends: Vec::new(),
            mail: Vec::new(),
            delay: Duration::from_millis(20),
            bindings: HashMap::new(),
        };
        for user in users {
            world.hosts.push(Host::default());
            let end = world.open_page(world.hosts.len() - 1);
            world.run(second());
            world.act(end, browser::sign_in(user, true));
        }
        world.run(second());
        world
    }

    /// One more page of a browser.
    fn open_page(&mut self, browser: usize) -> usize {
        let ground = self.hosts[browser].browser.ground(browser::provision(), browser as u64);
        self.ends.push(End {
            station: Station::new(ground),
            browser,
            is_closed: false,
            deadline: None,
            is_connected: false,
            wire: Wire::Well,
            directions: HashMap::new(),
        });
        let end = self.ends.len() - 1;
        let kept = self.hosts[browser].browser.vault();
        self.post(To::Telephone(end), What::Vault(Vault::Open(kept)));
        end
    }

    /// A page is gone without a word, as one that has crashed. The browser gives its lock to the next.
    fn close_page(&mut self, end: usize) {
        self.drop_connection(end);
        self.mail.retain(|mail| mail.to != To::Telephone(end));
        (self.ends[end].is_closed, self.ends[end].deadline) = (true, None);
        self.host(end).in_turn.retain(|waiting| *waiting != end);
        self.release(end);
    }

    fn release(&mut self, end: usize) {
        let host = &mut self.hosts[self.ends[end].browser];
        if host.holder.take_if(|holder| *holder == end).is_some() && !host.in_turn.is_empty() {
            let next = host.in_turn.remove(0);
            host.holder = Some(next);
            self.post(To::Telephone(next), What::Lock(Lock::Granted(Claim::InTurn)));
        }
    }

    /// A page asks for the lock.
    fn claim(&mut self, end: usize, claim: Claim) {
        let host = &mut self.hosts[self.ends[end].browser];
        let lock = match (claim, host.holder) {
            (Claim::IfFree, Some(_)) => Lock::Denied(claim),
            (Claim::InTurn, Some(_)) => return host.in_turn.push(end),
            _ => Lock::Granted(claim),
        };
        if lock == Lock::Granted(claim)
            && let Some(loser) = host.holder.replace(end)
        {
            self.post(To::Telephone(loser), What::Lock(Lock::Lost));
        }
        self.post(To::Telephone(end), What::Lock(lock));
    }

    fn host(&mut self, end: usize) -> &mut Host {
        &mut self.hosts[self.ends[end].browser]
    }

    fn phone(&self, end: usize) -> &Phone {
        self.ends[end].station.phone()
    }

    fn act(&mut self, end: usize, act: Act) {
        self.input(end, Input::User(act));
    }

    /// Calls what is typed; returns the call.
    fn call(&mut self, end: usize, typed: &str) -> CallId {
        self.act(end, Act::Call { whom: Whom::Typed(typed.into()), video: false });
        self.phone(end).call().expect("a call").id
    }

    /// The wire of a telephone is so from now on. One that is cut breaks at once.
    fn set_wire(&mut self, end: usize, wire: Wire) {
        self.ends[end].wire = wire;
        if wire == Wire::Cut {
            self.drop_connection(end);
            self.input(end, Input::Link(LinkEvent::Closed));
        }
    }

    fn drop_connection(&mut self, end: usize) {
        self.ends[end].is_connected = false;
        let own = [To::Telephone(end), To::Server { from: end }];
        self.mail.retain(|mail| !mail.is_on_wire() || !own.contains(&mail.to));
    }

    /// All goes on for so long.
    fn run(&mut self, time: Duration) {
        let until = self.moment.now + time;
        for _ in 0..100_000 {
            let mail = self.mail.iter().map(|mail| mail.at);
            let next = mail.chain(self.ends.iter().filter_map(|end| end.deadline)).min();
            let Some(next) = next.filter(|next| *next <= until) else {
                self.run_clock(until);
                return;
            };
            self.run_clock(next);
            if let Some(at) = self.mail.iter().position(|mail| mail.at <= next) {
                let mail = self.mail.remove(at);
                self.deliver(mail);
            } else {
                let due = |end: &End| end.deadline.is_some_and(|at| at <= next);
                let end = self.ends.iter().position(due).expect("somebody is due");
                self.input(end, Input::Timeout);
            }
        }
        panic!("it never comes to rest");
    }

    fn run_clock(&mut self, now: Instant) {
        let now = self.moment.now.max(now);
        self.moment.time_of_day += (now - self.moment.now).as_millis() as u64;
        self.moment.now = now;
    }

    fn input(&mut self, end: usize, input: Input<'_>) {
        self.ends[end].station.handle_input(self.moment, input);
        loop {
            let output = self.ends[end].station.poll_output();
            match output {
                Output::Timeout(deadline) => {
                    self.ends[end].deadline = deadline;
                    return;
                }
                Output::Send(frame) => {
                    if self.ends[end].is_connected && self.ends[end].wire == Wire::Well {
                        self.post(To::Server { from: end }, What::Frame(frame));
                    }
                }
                Output::Link(LinkRequest::Open(_)) => {
                    self.drop_connection(end);
                    match self.ends[end].wire {
                        Wire::Well => {
                            self.ends[end].is_connected = true;
                            self.post(To::Telephone(end), What::Link(LinkEvent::Opened));
                        }
                        Wire::Silent => {}
                        Wire::Cut => self.post(To::Telephone(end), What::Link(LinkEvent::Closed)),
                    }
                }
                Output::Link(LinkRequest::Try(_)) => {}
                Output::Claim(claim) => self.claim(end, claim),
                Output::Unlock => self.release(end),
                Output::ReadVault(claim) => {
                    let kept = self.host(end).browser.vault();
                    self.post(To::Telephone(end), What::Vault(Vault::Read(claim, kept)));
                }
                Output::Seal(text) => {
                    self.host(end).browser.seal(text);
                    self.post(To::Telephone(end), What::Vault(Vault::Written));
                }
                Output::OpenBook(_) => {
                    self.post(To::Telephone(end), What::Kept(Kept::Read(Default::default())));
                }
                Output::Keep(number, _) => {
                    self.post(To::Telephone(end), What::Kept(Kept::Written(number)));
                }
                Output::Tell(text) => {
                    let browser = self.ends[end].browser;
                    let others = self.ends.iter().enumerate().filter(|(other, page)| {
                        *other != end && page.browser == browser && !page.is_closed
                    });
                    for other in others.map(|(other, _)| other).collect::<Vec<_>>() {
                        self.post(To::Telephone(other), What::Tab(text.clone()));
                    }
                }
                Output::LastWords(words) => self.host(end).last_words.push(words),
                Output::Goodbyes(frames) => self.host(end).goodbyes = frames,
                Output::Link(LinkRequest::Close) => {
                    self.ends[end].is_connected = false;
                    // What was said before arrives.
                    self.mail.retain(|mail| !mail.is_on_wire() || mail.to != To::Telephone(end));
                }
                Output::Media(request) => {
                    if let Some(reply) = self.ends[end].describe(request) {
                        self.ends[end].station.handle_input(self.moment, Input::Media(reply));
                    }
                }
                _ => {}
            }
        }
    }

    fn post(&mut self, to: To, what: What) {
        self.mail.push(Mail { at: self.moment.now + self.delay, to, what });
    }

    fn deliver(&mut self, Mail { to, what, .. }: Mail) {
        match (to, what) {
            (To::Telephone(end), What::Link(event)) => self.input(end, Input::Link(event)),
            (To::Telephone(end), What::Frame(frame)) => {
                if self.ends[end].is_connected && self.ends[end].wire == Wire::Well {
                    self.input(end, Input::Frame(&frame));
                }
            }
            (To::Telephone(end), What::Lock(lock)) => self.input(end, Input::Lock(lock)),
            (To::Telephone(end), What::Vault(vault)) => self.input(end, Input::Vault(vault)),
            (To::Telephone(end), What::Kept(kept)) => self.input(end, Input::Kept(kept)),
            (To::Telephone(end), What::Tab(text)) => self.input(end, Input::Tab(&text)),
            (To::Server { from }, What::Frame(frame)) => self.serve(from, &frame),
            (To::Server { .. }, _) => {}
        }
    }

    /// The server is a registrar and a stateless proxy (RFC 3261 §16.11).
    fn serve(&mut self, from: usize, frame: &[u8]) {
        let text = String::from_utf8(frame.to_vec()).expect("a message in text");
        match wire::parse(frame) {
            Ok(Frame::Ping) => self.post(To::Telephone(from), What::Frame(b"\r\n".to_vec())),
            Ok(Frame::Request(request)) => self.serve_request(from, &request, &text),
            Ok(Frame::Response(_)) => {
                let (own, rest) = without_via(&text);
                let to = own.rsplit("from=").next().and_then(|to| to.trim().parse().ok());
                let to = to.expect("our own Via");
                self.post(To::Telephone(to), What::Frame(rest.into_bytes()));
            }
            other => panic!("the server cannot read {other:?}"),
        }
    }

    fn serve_request(&mut self, from: usize, request: &Request, text: &str) {
        match &request.method {
            Method::Register => {
                let contact = request.contact().map(|contact| place(&contact.uri));
                let address = request.to().map(|to| place(&to.uri));
                for place in contact.into_iter().chain(address) {
                    self.bindings.insert(place, from);
                }
                let granted = granted(request, 600);
                self.reply(from, request, 200, &[("Contact", &granted)]);
            }
            Method::Subscribe => self.reply(from, request, 489, &[]),
            _ => match self.bindings.get(&place(&request.uri)) {
                Some(to) => {
                    let branch = text.split("branch=").nth(1).unwrap_or_default();
                    let branch = branch.split([';', '\r']).next().unwrap_or_default();
                    let via =
                        format!("Via: SIP/2.0/WSS hub.invalid;branch={branch}h;from={from}\r\n");
                    let start = text.find("\r\n").expect("a start line") + 2;
                    let passed = [&text[..start], &via, &text[start..]].concat();
                    self.post(To::Telephone(*to), What::Frame(passed.into_bytes()));
                }
                None if request.method == Method::Ack => {}
                None => self.reply(from, request, 404, &[]),
            },
        }
    }

    fn reply(&mut self, to: usize, request: &Request, status: u16, headers: &[(&str, &str)]) {
        let answer = reply_to(request, "server", status, headers, "");
        self.post(To::Telephone(to), What::Frame(answer));
    }
}

fn second() -> Duration {
    Duration::from_secs(1)
}

/// By what the server finds an address.
fn place(uri: &Uri) -> String {
    let sip = uri.as_sip().expect("a SIP URI");
    format!("{}@{}", sip.user.as_deref().unwrap_or_default(), sip.host)
}

/// The first Via of a message, and the message without it.
fn without_via(text: &str) -> (String, String) {
    let start = text.find("Via:").expect("a Via");
    let end = start + text[start..].find("\r\n").expect("the end of a line") + 2;
    (text[start..end].to_owned(), [&text[..start], &text[end..]].concat())
}

impl End {
    /// What the browser makes of a request, with the direction of its own that it was told.
    fn describe(&mut self, request: MediaRequest) -> Option<MediaReply> {
        match request {
            MediaRequest::CreateOffer(call) => Some(MediaReply::Offer(call, SDP.into())),
            MediaRequest::Reoffer(call, Plan { sound: direction, .. }) => {
                let [own, _] = self.direction(call);
                self.directions.insert(call, [direction, own]);
                Some(MediaReply::Offer(call, [SDP, line_of(direction)].concat()))
            }
            MediaRequest::Rollback(call) => {
                let [_, before] = self.direction(call);
                self.directions.insert(call, [before; 2]);
                None
            }
            MediaRequest::CreateAnswer(call, offer) => {
                let [own, _] = self.direction(call);
                let sends =
                    sends(own) && !offer.contains("a=sendonly") && !offer.contains("a=inactive");
                let receives =
                    receives(own) && !offer.contains("a=recvonly") && !offer.contains("a=inactive");
                let direction = match (sends, receives) {
                    (true, true) => Direction::SendRecv,
                    (true, false) => Direction::SendOnly,
                    (false, true) => Direction::RecvOnly,
                    (false, false) => Direction::Inactive,
                };
                let sdp = [&SDP.replace("actpass", "active"), line_of(direction)].concat();
                Some(MediaReply::Answer(call, sdp))
            }
            _ => None,
        }
    }

    fn direction(&self, call: CallId) -> [Direction; 2] {
        self.directions.get(&call).copied().unwrap_or([Direction::SendRecv; 2])
    }
}

fn sends(direction: Direction) -> bool {
    matches!(direction, Direction::SendRecv | Direction::SendOnly)
}

fn receives(direction: Direction) -> bool {
    matches!(direction, Direction::SendRecv | Direction::RecvOnly)
}

fn line_of(direction: Direction) -> &'static str {
    match direction {
        Direction::SendRecv => "a=sendrecv\r\n",
        Direction::SendOnly => "a=sendonly\r\n",
        Direction::RecvOnly => "a=recvonly\r\n",
        Direction::Inactive => "a=inactive\r\n",
    }
}
