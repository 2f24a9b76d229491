//! The door of the telephone, through which a page, a line and a clock are played by the tests.

mod account;
mod acts;
mod keeping;
mod lasting;
mod microphone;
mod mix;
mod page;
mod paths;
mod recording;
mod tabs;

use crate::browser::{self, Browser};
use crate::support::{ANOTHER_PATH, OUR_SDP, SDP, Sent, granted, in_dialog, invite, reply_to};
use std::collections::VecDeque;
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::phone::{MediaFailure, Phone, Setting, Stage};
use webphone::portal::Provision;
use webphone::sip::ua::{CallId, LinkEvent, LinkRequest, MediaReply, MediaRequest};
use webphone::sip::wire::{Method, Request, Response};
use webphone::station::{
    Act, Claim, Input, Kept, Lock, MediaEvent, MicrophoneRequest, Moment, Output, Page, PageAct,
    Station, Store, Vault, Whom,
};
use webphone::time::Instant;

/// A telephone on a desk, in a page of a browser that does at once what it is asked for.
struct Desk {
    station: Station,
    browser: Browser,
    moment: Moment,
    sent: VecDeque<Sent>,
    /// How often the server was asked whether it is there. It answers.
    pings: usize,
    /// What else there was to do.
    asked: VecDeque<Output>,
    /// What was to be offered in calls that stand.
    plans: Vec<(CallId, Plan)>,
    /// What the other tabs were last told of the display.
    shown: String,
    /// The browser opens databases and writes into them.
    has_database: bool,
    /// The vault is read and written when the test says so.
    reads_slowly: bool,
    writes_slowly: bool,
    /// Another page has the telephone.
    is_taken: bool,
    /// Why there are no media for a call.
    media_fail: Option<MediaFailure>,
    /// The number of the microphone that was to be opened last.
    microphone: u32,
    deadline: Option<Instant>,
}

impl Desk {
    /// Nobody is signed in.
    fn new() -> Self {
        Self::of(browser::provision())
    }

    /// The same, as whoever hosts the page has decided.
    fn of(provision: Provision) -> Self {
        Self::in_browser(&Browser::default(), provision)
    }

    /// A page of this browser.
    fn in_browser(browser: &Browser, provision: Provision) -> Self {
        Self {
            station: Station::new(browser.ground(provision, 0)),
            browser: browser.clone(),
            moment: Moment { now: Instant::default(), time_of_day: 1_790_000_000_000 },
            sent: VecDeque::new(),
            pings: 0,
            asked: VecDeque::new(),
            plans: Vec::new(),
            shown: String::new(),
            has_database: true,
            reads_slowly: false,
            writes_slowly: false,
            is_taken: false,
            media_fail: None,
            microphone: 0,
            deadline: None,
        }
    }

    /// The account of the bench, with two calls at once; its REGISTER has just gone out.
    fn registering() -> (Self, Request) {
        Self::new().sign_in(false)
    }

    /// Ana signs in, for this page alone or until she signs out; her REGISTER has just gone out.
    fn sign_in(mut self, stays: bool) -> (Self, Request) {
        self.act(browser::sign_in("1001", stays));
        self.input(Input::Link(LinkEvent::Opened));
        let register = self.request(Method::Register);
        self.asked.clear();
        (self, register)
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
                Output::Send(frame) if frame == b"\r\n\r\n" => {
                    self.pings += 1;
                    self.station.handle_input(self.moment, Input::Frame(b"\r\n"));
                    continue;
                }
                Output::Send(frame) => {
                    self.sent.push_back(Sent::of(frame));
                    continue;
                }
                Output::Media(MediaRequest::CreateOffer(call)) => match self.media_fail {
                    Some(failure) => MediaReply::Failed(call, failure),
                    None => MediaReply::Offer(call, OUR_SDP.into()),
                },
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
                    if let Some(reply) = self.carry_out(other) {
                        self.station.handle_input(self.moment, reply);
                    }
                    continue;
                }
            };
            self.station.handle_input(self.moment, Input::Media(reply));
        }
    }

    /// Does what the browser is to do for it; returns what comes of that at once.
    fn carry_out(&mut self, output: Output) -> Option<Input<'static>> {
        match output {
            Output::Claim(Claim::IfFree) if self.is_taken => {
                Some(Input::Lock(Lock::Denied(Claim::IfFree)))
            }
            Output::Claim(claim) if claim != Claim::InTurn => {
                Some(Input::Lock(Lock::Granted(claim)))
            }
            Output::ReadVault(claim) if !self.reads_slowly => {
                Some(Input::Vault(Vault::Read(claim, self.browser.vault())))
            }
            Output::Seal(text) => {
                self.browser.seal(text);
                (!self.writes_slowly).then_some(Input::Vault(Vault::Written))
            }
            Output::OpenBook(_) if self.has_database => {
                Some(Input::Kept(Kept::Read(Default::default())))
            }
            Output::Keep(number, _) if self.has_database => {
                Some(Input::Kept(Kept::Written(number)))
            }
            Output::Tell(text) if text.starts_with('=') => {
                self.shown = text;
                None
            }
            other => {
                if let Output::Microphone(MicrophoneRequest::Open { number, .. }) = &other {
                    self.microphone = *number;
                }
                self.asked.push_back(other);
                None
            }
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

    /// The registrar agrees; it knows no voicemail.
    fn grant(&mut self, register: &Request) {
        self.reply(register, 200, &[("Contact", &granted(register, 600))], "");
        let is_subscribe = |sent: &mut Sent| matches!(sent, Sent::Request(request) if request.method == Method::Subscribe);
        if let Some(Sent::Request(subscribe)) = self.sent.pop_front_if(is_subscribe) {
            self.reply(&subscribe, 489, &[], "");
        }
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

    /// Two calls that stand, of which the second is in front and the first is held.
    fn with_two_calls() -> (Self, CallId, CallId) {
        let mut desk = Self::registered();
        let ana = desk.call("1003");
        desk.act(call("1004"));
        for _ in ["the first is held", "the second is called"] {
            desk.accept();
        }
        for _ in 0..2 {
            desk.request(Method::Ack);
        }
        let bob = desk.phone().call().expect("a call").id;
        (desk, ana, bob)
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
