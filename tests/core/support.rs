//! The harness: one user agent, a fake clock, and the far end as a script of messages.

pub(crate) use crate::agent::{Agent, SERVER, config};
pub(crate) use crate::messages::*;

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::time::Duration;
use webphone::media::sdp::plan::Plan;
use webphone::sip::ua::{
    CallEvent, CallId, Command, EndReason, Event, Line, LinkEvent, LinkRequest, MediaReply,
    MediaRequest, MessageId, Misbehaviour, Package, SubscriptionEvent, SubscriptionId,
};
use webphone::sip::wire::{Method, Request, Response, Uri};
use webphone::sip::{Config, Input, Output};

/// All flows, by another way.
pub(crate) const ANOTHER_PATH: Plan = Plan { another_path: true, ..Plan::OPEN };

/// A user agent on the test bench.
pub(crate) struct Bench {
    agent: Agent,
    pub(crate) sent: VecDeque<Sent>,
    pub(crate) events: VecDeque<Event>,
    pub(crate) media: VecDeque<MediaRequest>,
    /// The offers of the calls that ring.
    pub(crate) expected: Vec<(CallId, String)>,
    pub(crate) link: VecDeque<LinkRequest>,
    /// How many calls were commanded.
    placed: u32,
}

impl Deref for Bench {
    type Target = Agent;

    fn deref(&self) -> &Agent {
        &self.agent
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut Agent {
        &mut self.agent
    }
}

impl Bench {
    pub(crate) fn with(config: Config) -> Self {
        Self {
            agent: Agent::new(config),
            sent: VecDeque::new(),
            events: VecDeque::new(),
            media: VecDeque::new(),
            expected: Vec::new(),
            link: VecDeque::new(),
            placed: 0,
        }
    }

    /// A user agent whose REGISTER has just gone out.
    pub(crate) fn registering() -> (Self, Request) {
        let mut bench = Self::with(config());
        bench.command(Command::Connect);
        assert_eq!(bench.link.pop_front(), Some(LinkRequest::Open(0)));
        bench.input(Input::Link(LinkEvent::Opened));
        let register = bench.request(Method::Register);
        (bench, register)
    }

    /// A user agent that is registered, with nothing left to look at. The registrar has asked for its
    /// password in the plainest way that there is.
    pub(crate) fn registered() -> Self {
        Self::registered_with(config())
    }

    pub(crate) fn registered_with(config: Config) -> Self {
        Self::registered_after("Digest realm=\"example.com\", nonce=\"n\"", config)
    }

    /// As [`Self::registered_with`], after this challenge.
    pub(crate) fn registered_after(challenge: &str, config: Config) -> Self {
        let mut bench = Self::with(config);
        bench.command(Command::Connect);
        bench.link.clear();
        bench.input(Input::Link(LinkEvent::Opened));
        let register = bench.request(Method::Register);
        bench.reply(&register, 401, &[("WWW-Authenticate", challenge)], "");
        let register = bench.request(Method::Register);
        bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
        bench.events.clear();
        bench
    }

    /// A proxy challenges a message, so that what goes out from now on outside of dialogs has
    /// credentials for it.
    pub(crate) fn meet_proxy(&mut self) {
        let to = Uri::parse("sip:1009@example.com").expect("a URI");
        self.command(Command::SendMessage { id: MessageId(1009), to, text: "?".into() });
        let message = self.request(Method::Message);
        let challenge = "Digest realm=\"example.com\", nonce=\"p\", qop=\"auth\"";
        self.reply(&message, 407, &[("Proxy-Authenticate", challenge)], "");
        let message = self.request(Method::Message);
        self.reply(&message, 200, &[], "");
        self.events.clear();
    }

    /// Feeds one input and drains the outputs.
    pub(crate) fn input(&mut self, input: Input<'_>) {
        self.agent.input(input, |output| match output {
            Output::Send(bytes) => self.sent.push_back(Sent::of(bytes)),
            Output::Link(request) => self.link.push_back(request),
            Output::Media(MediaRequest::ExpectAnswer(id, offer)) => self.expected.push((id, offer)),
            Output::Media(request) => self.media.push_back(request),
            Output::Event(event) => self.events.push_back(event),
            Output::Timeout(_) => {}
        });
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// A frame arrives.
    pub(crate) fn receive(&mut self, frame: impl AsRef<[u8]>) {
        self.input(Input::Frame(frame.as_ref()));
    }

    /// The clock runs on, through every deadline on the way.
    pub(crate) fn advance(&mut self, by: Duration) {
        let end = self.now + by;
        let mut steps = 0;
        while let Some(deadline) = self.deadline.filter(|deadline| *deadline <= end) {
            self.now = self.now.max(deadline);
            self.input(Input::Timeout);
            steps += 1;
            assert!(steps < 10_000, "the same deadline comes again and again");
        }
        self.now = end;
    }

    /// The next thing sent must be a request of this method.
    #[track_caller]
    pub(crate) fn request(&mut self, method: Method) -> Request {
        match self.sent.pop_front() {
            Some(Sent::Request(request)) if request.method == method => request,
            other => panic!("expected {method}, sent was {other:?}"),
        }
    }

    /// The next thing sent must be a response with this status.
    #[track_caller]
    pub(crate) fn response(&mut self, status: u16) -> Response {
        match self.sent.pop_front() {
            Some(Sent::Response(response)) if response.status == status => response,
            other => panic!("expected a {status}, sent was {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn nothing_sent(&self) {
        assert!(self.sent.is_empty(), "sent was {:?}", self.sent);
    }

    /// The next event must be one of a call; returns it.
    #[track_caller]
    pub(crate) fn call_event(&mut self) -> (CallId, CallEvent) {
        match self.events.pop_front() {
            Some(Event::Call(id, event)) => (id, event),
            other => panic!("expected an event of a call, it was {other:?}"),
        }
    }

    /// The next event must be one of the line; returns it.
    #[track_caller]
    pub(crate) fn line(&mut self) -> Line {
        match self.events.pop_front() {
            Some(Event::Line(line)) => line,
            other => panic!("expected an event of the line, it was {other:?}"),
        }
    }

    /// The next event must be the end of this call; returns why. Its media is closed by now.
    #[track_caller]
    pub(crate) fn ended(&mut self, id: CallId) -> EndReason {
        assert_eq!(self.media.pop_back(), Some(MediaRequest::Close(id)));
        self.ended_without_media(id)
    }

    /// As [`Self::ended`], for a call that never asked for media.
    #[track_caller]
    pub(crate) fn ended_without_media(&mut self, id: CallId) -> EndReason {
        match self.call_event() {
            (ended, CallEvent::Ended(reason)) if ended == id => reason,
            other => panic!("expected the end of {id:?}, it was {other:?}"),
        }
    }

    /// The next event must be one of this subscription; returns it.
    #[track_caller]
    pub(crate) fn subscription(&mut self, number: u32) -> SubscriptionEvent {
        match self.events.pop_front() {
            Some(Event::Subscription(SubscriptionId(id), event)) if id == number => event,
            other => panic!("expected an event of subscription {number}, it was {other:?}"),
        }
    }

    /// Subscribes to `sip:1002@example.com` and returns the SUBSCRIBE.
    #[track_caller]
    pub(crate) fn subscribe(&mut self, number: u32, package: Package) -> Request {
        let target = Uri::parse("sip:1002@example.com").expect("a URI");
        self.command(Command::Subscribe { id: SubscriptionId(number), target, package });
        self.request(Method::Subscribe)
    }

    /// Nothing was sent, nothing told, nothing asked of the media engine.
    #[track_caller]
    pub(crate) fn quiet(&self) {
        self.nothing_sent();
        assert!(self.events.is_empty(), "events were {:?}", self.events);
        assert!(self.media.is_empty(), "media requests were {:?}", self.media);
    }

    /// Only the line had anything to say.
    #[track_caller]
    pub(crate) fn quiet_but_for_the_line(&mut self) {
        self.events.retain(|event| !matches!(event, Event::Line(_)));
        self.quiet();
    }

    /// Besides the line, only the end of this call had anything to say.
    #[track_caller]
    pub(crate) fn quiet_but_for_the_line_and_the_end(&mut self, id: CallId) {
        self.events.retain(|event| !matches!(event, Event::Line(_)));
        assert_eq!(self.ended(id), EndReason::ProtocolFailure(Misbehaviour::NotRefreshed));
        self.quiet();
    }

    /// The connection breaks.
    pub(crate) fn lose(&mut self) {
        self.input(Input::Link(LinkEvent::Closed));
    }

    /// The user agent waits as long as it wants to, and gets its next connection.
    #[track_caller]
    pub(crate) fn reopen(&mut self) {
        self.link.clear();
        while self.link.pop_front() != Some(LinkRequest::Open(0)) {
            self.now = self.deadline.expect("it waits for its next attempt").max(self.now);
            self.input(Input::Timeout);
        }
        self.input(Input::Link(LinkEvent::Opened));
    }

    /// The far end answers `request`, as [`reply_to`] says.
    pub(crate) fn reply(
        &mut self,
        request: &Request,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        self.reply_as("far", request, status, headers, body);
    }

    /// As [`Self::reply`], under a To tag of its own, as another fork would.
    pub(crate) fn reply_as(
        &mut self,
        tag: &str,
        request: &Request,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        self.receive(reply_to(request, tag, status, headers, body));
    }

    /// A name for a call that is placed.
    pub(crate) fn fresh_call(&mut self) -> CallId {
        self.placed += 1;
        CallId(self.placed)
    }

    /// Commands a call to this address.
    pub(crate) fn dial(&mut self, target: Uri) {
        let id = self.fresh_call();
        self.command(Command::Call { id, target });
    }

    /// Places a call to `target` and returns it with the INVITE that went out.
    pub(crate) fn place_call(&mut self, target: &str) -> (CallId, Request) {
        self.dial(Uri::parse(target).expect("a URI"));
        let (id, event) = self.call_event();
        assert!(matches!(event, CallEvent::Outgoing(_)), "{event:?}");
        assert_eq!(self.media.pop_front(), Some(MediaRequest::CreateOffer(id)));
        self.input(Input::Media(MediaReply::Offer(id, OUR_SDP.into())));
        let invite = self.request(Method::Invite);
        (id, invite)
    }

    /// A call that the far end has accepted.
    pub(crate) fn established_outgoing(&mut self) -> (CallId, Request, Request) {
        let (id, invite) = self.place_call("sip:1002@example.com");
        self.reply(&invite, 200, &[("Contact", "<sip:bob@far.example;transport=ws>")], SDP);
        let ack = self.request(Method::Ack);
        self.events.clear();
        self.media.clear();
        (id, invite, ack)
    }

    /// An INVITE of the far end arrives and rings; returns the call and the 180.
    pub(crate) fn ring(&mut self, invite: &str) -> (CallId, Response) {
        self.receive(invite);
        let ringing = self.response(180);
        let (id, event) = self.call_event();
        assert!(matches!(event, CallEvent::Incoming(_)), "{event:?}");
        (id, ringing)
    }

    /// Answers a call that rings; returns the 200.
    #[track_caller]
    pub(crate) fn accept(&mut self, id: CallId) -> Response {
        self.command(Command::Answer(id));
        self.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
        self.response(200)
    }

    /// An incoming call that we answered and the far end acknowledged; returns the 200 to it.
    pub(crate) fn established_incoming(&mut self) -> (CallId, Response) {
        let (id, _) = self.ring(&invite("in-call", "z9hG4bK-i1"));
        let ok = self.accept(id);
        self.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a1", ""));
        self.events.clear();
        self.media.clear();
        (id, ok)
    }
}

/// A call that we have answered; the 200 has left and waits for its ACK.
pub(crate) fn answered() -> (Bench, CallId, Response) {
    let mut bench = Bench::registered();
    let (id, _) = bench.ring(&invite("in", "z9hG4bK-1"));
    bench.command(Command::Answer(id));
    assert_eq!(bench.media.pop_front(), Some(MediaRequest::CreateAnswer(id, SDP.into())));
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    let ok = bench.response(200);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
    (bench, id, ok)
}
