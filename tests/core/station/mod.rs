//! The door of the telephone, through which a page, a line and a clock are played by the tests.

mod acts;
mod keeping;
mod page;
mod paths;
mod tabs;

use crate::support::{
    ANOTHER_PATH, Agent, OUR_SDP, SDP, Sent, config, granted, in_dialog, invite, reply_to,
};
use std::collections::VecDeque;
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::phone::{Phone, Setting};
use webphone::sip::Config;
use webphone::sip::ua::{CallId, Command, LinkEvent, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request, Response};
use webphone::station::{Act, Input, Moment, Output, PageAct, Station, Whom};
use webphone::time::Instant;

/// A telephone on a desk, with a browser that does at once what it is asked for.
struct Desk {
    station: Station,
    moment: Moment,
    sent: VecDeque<Sent>,
    /// What else there was to do.
    asked: VecDeque<Output>,
    /// What was to be offered in calls that stand.
    plans: Vec<(CallId, Plan)>,
    deadline: Option<Instant>,
}

impl Desk {
    /// Nobody is signed in.
    fn new() -> Self {
        Self {
            station: Station::default(),
            moment: Moment { now: Instant::default(), time_of_day: 1_790_000_000_000 },
            sent: VecDeque::new(),
            asked: VecDeque::new(),
            plans: Vec::new(),
            deadline: None,
        }
    }

    /// The account of the bench, with so many calls at once; its REGISTER has just gone out.
    fn registering() -> (Self, Request) {
        Self::registering_with(false)
    }

    /// The same; `keys_by_info` where the server hears no telephone events.
    fn registering_with(keys_by_info: bool) -> (Self, Request) {
        let mut desk = Self::new();
        let config = Config { max_calls: 2, ..config() };
        desk.station.begin(Agent::new(config).ua, keys_by_info);
        desk.station.phone_mut(desk.moment).sign_in("example.com".into());
        desk.input(Input::Commands(vec![Command::Connect]));
        desk.input(Input::Link(LinkEvent::Opened));
        let register = desk.request(Method::Register);
        desk.asked.clear();
        (desk, register)
    }

    /// The same, registered.
    fn registered() -> Self {
        let (mut desk, register) = Self::registering();
        desk.grant(&register);
        desk
    }

    fn phone(&self) -> &Phone {
        self.station.phone()
    }

    fn act(&mut self, act: Act) {
        self.input(Input::User(act));
    }

    /// Takes something in, and drains what comes of it.
    fn input(&mut self, input: Input<'_>) {
        self.station.handle_input(self.moment, input);
        loop {
            let reply = match self.station.poll_output() {
                Output::Send(frame) => {
                    self.sent.push_back(Sent::of(frame));
                    continue;
                }
                Output::Media(MediaRequest::CreateOffer(call)) => {
                    MediaReply::Offer(call, OUR_SDP.into())
                }
                Output::Media(MediaRequest::Reoffer(call, plan)) => {
                    self.plans.push((call, plan));
                    MediaReply::Offer(call, OUR_SDP.into())
                }
                Output::Media(MediaRequest::CreateAnswer(call, _)) => {
                    MediaReply::Answer(call, OUR_SDP.into())
                }
                Output::Media(_) | Output::Changed => continue,
                Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                other => {
                    self.asked.push_back(other);
                    continue;
                }
            };
            self.station.handle_input(self.moment, Input::Media(reply));
        }
    }

    /// A frame arrives.
    fn receive(&mut self, frame: impl AsRef<[u8]>) {
        self.input(Input::Frame(frame.as_ref()));
    }

    /// The far end answers.
    fn reply(&mut self, request: &Request, status: u16, headers: &[(&str, &str)], body: &str) {
        self.receive(reply_to(request, "far", status, headers, body));
    }

    /// The registrar agrees.
    fn grant(&mut self, register: &Request) {
        self.reply(register, 200, &[("Contact", &granted(register, 600))], "");
    }

    /// The next thing sent must be an INVITE, which the other side accepts.
    #[track_caller]
    fn accept(&mut self) -> Request {
        let invite = self.request(Method::Invite);
        self.reply(&invite, 200, &[("Contact", "<sip:bob@far.example;transport=ws>")], SDP);
        invite
    }

    /// Both clocks run on, through every deadline on the way.
    fn advance(&mut self, by: Duration) {
        let end = self.moment.now + by;
        while let Some(deadline) = self.deadline.filter(|deadline| *deadline <= end) {
            self.run_to(deadline);
            self.input(Input::Timeout);
        }
        self.run_to(end);
    }

    fn run_to(&mut self, now: Instant) {
        self.moment.time_of_day += (now - self.moment.now).as_millis() as u64;
        self.moment.now = self.moment.now.max(now);
    }

    /// The next thing sent must be a request of this method.
    #[track_caller]
    fn request(&mut self, method: Method) -> Request {
        match self.sent.pop_front() {
            Some(Sent::Request(request)) if request.method == method => request,
            other => panic!("expected {method}, sent was {other:?}"),
        }
    }

    /// The next thing sent must be a response with this status.
    #[track_caller]
    fn response(&mut self, status: u16) -> Response {
        match self.sent.pop_front() {
            Some(Sent::Response(response)) if response.status == status => response,
            other => panic!("expected a {status}, sent was {other:?}"),
        }
    }

    #[track_caller]
    fn nothing_sent(&self) {
        assert!(self.sent.is_empty(), "sent was {:?}", self.sent);
    }

    /// A call to somebody, which stands. Nothing is left to look at.
    #[track_caller]
    fn call(&mut self, whom: &str) -> CallId {
        self.act(call(whom));
        self.accept();
        self.request(Method::Ack);
        self.asked.clear();
        self.phone().call().expect("a call").id
    }

    /// Somebody calls; returns the call.
    #[track_caller]
    fn ring(&mut self, invite: &str) -> CallId {
        self.receive(invite);
        self.response(180);
        self.phone().calls().last().expect("a call").id
    }
}

/// What was typed is called.
fn call(typed: &str) -> Act {
    Act::Call { whom: Whom::Typed(typed.into()), video: false }
}
