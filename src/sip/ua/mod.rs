//! The user agent: the line to the server, and the calls on it.
//!
//! [`UserAgent`] is the one way in and out. After every [`UserAgent::handle_input`], call
//! [`UserAgent::poll_output`] until it returns [`Output::Timeout`], and come back with
//! [`Input::Timeout`] when that moment has come. Of a session description it knows whose turn it is
//! (`negotiation`); what is in it is read by [`crate::media::sdp`] and by the browser.

mod answering;
mod call;
mod caller;
mod change;
mod config;
mod content;
pub(in crate::sip) mod core;
mod early;
mod event;
mod forks;
mod handing_on;
mod in_call;
mod incoming;
mod info;
mod input;
mod line;
mod message;
mod negotiation;
mod outgoing;
pub(in crate::sip) mod owner;
mod redirect;
mod referred;
mod refusals;
mod reinvite;
mod relations;
mod reliable;
mod requests;
mod responses;
mod services;
mod serving;
mod session;
mod session_timer;
mod subscription;
mod throttle;
mod transfer;
mod trickle;
mod unserved;

pub use super::dialog_info::{CallDirection, DialogState, WatchedDialog};
pub use super::link::{LinkEvent, LinkRequest};
pub use super::presence::PresenceStatus;
pub use super::servers::Server;
pub use config::{Config, Policy, ReplacesPolicy};
pub use event::{
    CallEvent, Caller, EndReason, Event, Line, LineFault, MediaRequest, MessageEvent, Misbehaviour,
    Output, SubscriptionEnd, SubscriptionEvent, TransferEvent,
};
pub use input::{
    CallId, Command, Input, MediaFailure, MediaReply, MessageId, Package, Standing, SubscriptionId,
};

use self::core::Core;
use super::dialog::Dialog;
use super::keep_alive::KeepAlive;
use super::link::Link;
use super::registration::Registration;
use super::timer::earliest;
use super::wire::{self, Frame, Uri, WireError};
use crate::entropy::Entropy;
use crate::time::Instant;
use call::Call;
use message::Messages;
use negotiation::Proposal;
use outgoing::Outgoing;
use relations::Relations;
use services::Task;
use std::collections::VecDeque;
use subscription::list::Subscriptions;
use unserved::Unserved;

/// A SIP user agent for one account over one WebSocket.
pub struct UserAgent {
    core: Core,
    link: Link,
    keep_alive: KeepAlive,
    registration: Registration,
    calls: Vec<Call>,
    relations: Relations,
    /// What is to be done, of which the relations have taken note.
    outputs: VecDeque<Output>,
    /// How many calls have come in, which numbers them.
    incoming: u32,
    messages: Messages,
    unserved: Unserved,
    subscriptions: Subscriptions,
    do_not_disturb: bool,
    intent: Intent,
    /// The line as the telephone knows it.
    line: Line,
}

/// What is to become of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intent {
    Connected,
    /// The server will not have us; what stands may end in its own time.
    Outlasting,
    Leaving,
    Off,
}

impl UserAgent {
    /// A user agent that does nothing until [`Command::Connect`].
    pub fn new(config: Config, entropy: Box<dyn Entropy>) -> Self {
        let mut core = Core::new(config, entropy);
        Self {
            registration: Registration::new(&mut core),
            link: Link::new(&core.config.servers, &mut *core.entropy),
            core,
            keep_alive: KeepAlive::default(),
            calls: Vec::new(),
            relations: Relations::default(),
            outputs: VecDeque::new(),
            incoming: 0,
            messages: Messages::default(),
            unserved: Unserved::default(),
            subscriptions: Subscriptions::default(),
            do_not_disturb: false,
            intent: Intent::Off,
            line: Line::Off,
        }
    }

    /// Takes something in. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        match input {
            Input::Frame(frame) => self.handle_frame(now, frame),
            Input::Link(LinkEvent::Opened) => self.handle_link_opened(now),
            Input::Link(LinkEvent::Closed) => self.handle_link_closed(now),
            Input::Link(LinkEvent::Tried(is_there)) => {
                self.link.handle_tried(now, &mut *self.core.entropy, is_there);
            }
            Input::Command(command) => self.handle_command(now, command),
            Input::Media(reply) => self.handle_media(now, reply),
            Input::Timeout => self.handle_timeout(now),
        }
        self.settle_relations(now);
        self.settle_line(now);
    }

    /// The next thing to do. [`Output::Timeout`] says that all is drained.
    pub fn poll_output(&mut self) -> Output {
        // Frames for a connection that is down wait for the next one.
        if self.link.is_up()
            && let Some(frame) = self.core.transactions.poll_transmit()
        {
            return Output::Send(frame);
        }
        let output = self.outputs.pop_front().or_else(|| self.core.poll_output());
        output.unwrap_or_else(|| Output::Timeout(self.poll_timeout()))
    }

    fn poll_timeout(&self) -> Option<Instant> {
        let calls = self.calls.iter().map(Call::poll_timeout).fold(None, earliest);
        [
            self.core.transactions.poll_timeout(),
            self.registration.poll_timeout(),
            self.link.poll_timeout(),
            self.keep_alive.poll_timeout(),
            self.subscriptions.poll_timeout(),
            self.unserved.poll_timeout(),
            calls,
        ]
        .into_iter()
        .fold(None, earliest)
    }

    fn handle_frame(&mut self, now: Instant, frame: &[u8]) {
        // What a connection still holds when it was given up can no longer be answered.
        if !self.link.is_up() {
            return;
        }
        match wire::parse(frame) {
            // RFC 5626 §4.4.1: a double CRLF is answered by a single one.
            Ok(Frame::Ping) => self.core.output(Output::Send(b"\r\n".to_vec())),
            Ok(Frame::Pong) => self.keep_alive.handle_pong(),
            Err(WireError::Drop(_)) => {}
            Ok(Frame::Request(request)) => self.handle_request(now, request),
            Ok(Frame::Response(response)) => self.handle_response(now, response),
            Err(WireError::Reject { status, request }) => {
                let response = self.core.response(&request, status);
                self.core.transactions.send_stateless(&response);
            }
        }
    }

    fn handle_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Connect => self.connect(now),
            Command::Retry => self.retry(now),
            Command::Renew => self.renew(now),
            Command::Disconnect => self.disconnect(now),
            Command::Leave => self.leave(now),
            Command::Call { id, target } => self.place_call(now, id, target),
            Command::TakeBack { id, standing } => self.take_back(now, id, &standing),
            Command::Abandon(standing) => {
                let own = self.core.config.address.clone();
                self.core.part(now, &mut Dialog::of_standing(&own, *standing));
            }
            Command::Answer(id) => self.answer(id),
            Command::Decline(id) | Command::HangUp(id) => self.hang_up(now, id),
            Command::SendMessage { id, to, text } => self.send_message(now, id, to, text),
            Command::Subscribe { id, target, package } => self.subscribe(now, id, target, package),
            Command::Unsubscribe(id) => self.unsubscribe(now, id),
            Command::Transfer { call, target } => self.transfer(now, call, target),
            Command::TransferTo { call, other } => self.transfer_to(now, call, other),
            Command::AcceptTransfer { call, id } => {
                self.do_service(now, call, Task::Consent(Some(id)));
            }
            Command::RefuseTransfer(id) => self.do_service(now, id, Task::Consent(None)),
            Command::SendDtmf { call, digits } => self.do_service(now, call, Task::Keys(digits)),
            Command::Hold(id) => self.propose(now, id, Proposal::Hold(true)),
            Command::Resume(id) => self.propose(now, id, Proposal::Hold(false)),
            Command::Reoffer(id) => self.propose(now, id, Proposal::Pictures),
            Command::FindPath(id) => {
                self.propose(now, id, Proposal::Anew { another_path: true });
            }
            Command::SetDoNotDisturb(on) => self.do_not_disturb = on,
            Command::SetMaxCalls(most) => self.core.config.max_calls = most,
            Command::SetFollowRedirects(on) => self.core.config.policy.follow_redirects = on,
        }
    }

    fn answer(&mut self, id: CallId) {
        self.with_call(|call| call.id() == id, |core, call| call.answer(core));
    }

    fn place_call(&mut self, now: Instant, id: CallId, target: Uri) {
        let reason = if !self.registration.is_registered() {
            EndReason::NoLine
        } else if self.live_calls() >= self.core.config.max_calls {
            EndReason::TooManyCalls
        } else {
            let call = Outgoing::start(now, &mut self.core, id, target);
            self.calls.push(call.into());
            return;
        };
        self.core.tell(id, CallEvent::Outgoing(target));
        self.core.tell(id, CallEvent::Ended(reason));
    }

    fn take_back(&mut self, now: Instant, id: CallId, standing: &Standing) {
        if self.registration.is_registered() {
            self.calls.push(Outgoing::take_back(now, &mut self.core, id, standing).into());
        } else {
            self.core.tell(id, CallEvent::Outgoing(standing.peer.clone()));
            self.core.tell(id, CallEvent::Ended(EndReason::NoLine));
        }
    }

    /// What names a call that stands, for [`Command::TakeBack`] of another user agent.
    pub fn standing(&self, id: CallId) -> Option<Standing> {
        let call = self.calls.iter().find(|call| call.id() == id && call.is_live());
        match call {
            Some(Call::Session(session)) => session.dialog().standing(),
            _ => None,
        }
    }

    fn hang_up(&mut self, now: Instant, id: CallId) {
        self.with_call(|call| call.id() == id, |core, call| call.hang_up(now, core));
    }

    fn propose(&mut self, now: Instant, id: CallId, proposal: Proposal) {
        let session = self.calls.iter_mut().find_map(|call| match call {
            Call::Session(session) if session.id() == id => Some(session),
            _ => None,
        });
        if let Some(session) = session {
            session.want(now, &mut self.core, proposal);
        }
    }

    fn handle_media(&mut self, now: Instant, reply: MediaReply) {
        let (MediaReply::Offer(id, _)
        | MediaReply::Answer(id, _)
        | MediaReply::Found(id, _)
        | MediaReply::Failed(id, _)) = reply;
        self.with_call(
            |call| call.id() == id && call.is_live(),
            |core, call| call.handle_media(now, core, reply),
        );
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.handle_link_timeout(now);
        for owner in self.core.transactions.handle_timeout(now) {
            self.handle_unanswered(now, owner);
        }
        self.handle_unserved_timeout(now);
        self.handle_subscription_timeout(now);
        for call in std::mem::take(&mut self.calls) {
            let due = call.poll_timeout().is_some_and(|due| due <= now);
            let kept = if due { call.handle_timeout(now, &mut self.core) } else { Some(call) };
            self.calls.extend(kept);
        }
    }

    /// Calls that the user sees.
    fn live_calls(&self) -> usize {
        self.calls.iter().filter(|call| call.is_live()).count()
    }

    /// Hands the first call that `matches` to `step`, which gives back what becomes of it.
    /// Returns whether there was one.
    fn with_call(
        &mut self,
        matches: impl Fn(&Call) -> bool,
        step: impl FnOnce(&mut Core, Call) -> Option<Call>,
    ) -> bool {
        let Some(index) = self.calls.iter().position(matches) else {
            return false;
        };
        let call = self.calls.remove(index);
        if let Some(call) = step(&mut self.core, call) {
            self.calls.insert(index, call);
        }
        true
    }
}
