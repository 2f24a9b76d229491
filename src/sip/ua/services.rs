//! What a call that stands does besides sound: it transfers its peer, is asked to call somebody
//! in the peer's place, and passes keys and ICE candidates as INFO. Each has a state of its own; this is the door
//! through which they hear of messages, commands and time.

use super::event::{CallEvent, EndReason, TransferEvent};
use super::in_call::InCall;
use super::info::{self, Keys};
use super::input::CallId;
use super::owner::Service;
use super::referred::Referred;
use super::transfer::{Transfer, Verdict};
use super::trickle::{self, Trickle};
use crate::media::sdp::fragment::Candidates;
use crate::sip::timer::earliest;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, Params, Request, Response};
use crate::time::Instant;

/// Something for them to do.
pub(super) enum Task<'a> {
    /// A REFER, NOTIFY or INFO of the peer.
    Request(ServerId, Request),
    /// A response to a request of ours.
    Response(Service, &'a Response),
    /// No response came to it.
    Silence(Service),
    /// The user transfers the peer: the value of Refer-To.
    Transfer(String),
    /// The user consents to what the peer asks for, with a name for the new call, or does not.
    Consent(Option<CallId>),
    /// How the call goes that we placed for the peer, as a SIP status.
    Progress(u16),
    /// The user sends keys.
    Keys(String),
    /// The browser has found candidates.
    Found(Candidates),
    /// The call has come to stand.
    Confirmed,
    /// A deadline has come.
    Timeout,
}

/// What becomes of the call.
pub(super) enum After {
    Stay,
    /// The peer had taken a transfer up that then failed, so it may be gone: Asterisk keeps the
    /// dialog until it is asked for something.
    Check,
    Leave(EndReason),
}

/// Their state.
#[derive(Default)]
pub(super) struct Services {
    transfer: Option<Transfer>,
    referred: Option<Referred>,
    /// Whether the peer's next REFER is not its first, and must be told apart (RFC 3515 §2.4.6).
    referred_before: bool,
    keys: Keys,
    pub(super) trickle: Trickle,
}

impl Services {
    pub(super) fn handle(&mut self, call: &mut InCall<'_>, task: Task<'_>) -> After {
        match task {
            Task::Request(server, request) => return self.handle_request(call, server, &request),
            Task::Response(Service::Refer, response) => {
                let verdict = self.transfer.as_mut().map(|own| own.handle_response(call, response));
                return self.settle(call, verdict);
            }
            Task::Silence(Service::Refer) => {
                let failed = Verdict::Failed { status: 408, reason: String::new() };
                let verdict = self.transfer.is_some().then_some(failed);
                return self.settle(call, verdict);
            }
            Task::Response(Service::Notify, response) if response.status < 300 => {}
            // RFC 6665 §4.2.2: nobody wants to know any more.
            Task::Response(Service::Notify, _) | Task::Silence(Service::Notify) => {
                if self.referred.as_ref().is_some_and(Referred::is_accepted) {
                    self.referred = None;
                }
            }
            Task::Response(Service::Info, response) => {
                self.keys.handle_response(call, response.status);
            }
            Task::Silence(Service::Info) => self.keys.handle_response(call, 408),
            Task::Response(Service::Candidates, response) => {
                self.trickle.handle_response(call, response.status);
            }
            Task::Silence(Service::Candidates) => self.trickle.handle_response(call, 408),
            Task::Transfer(refer_to) => {
                if self.transfer.is_none() {
                    self.transfer = Some(Transfer::start(call, &refer_to));
                }
            }
            Task::Consent(consent) => {
                if let Some(referred) = self.referred.take() {
                    let before = self.referred_before;
                    self.referred_before |= consent.is_some();
                    self.referred = referred.decide(call, consent, before);
                }
            }
            Task::Progress(status) => {
                let referred = self.referred.take();
                self.referred = referred.and_then(|own| own.handle_progress(call, status));
            }
            Task::Keys(digits) => self.keys.send(call, &digits),
            Task::Found(found) => {
                self.trickle.find(found);
                self.trickle.advance(call);
            }
            Task::Confirmed => self.trickle.advance(call),
            Task::Timeout => return self.handle_timeout(call),
        }
        After::Stay
    }

    /// The call ends, `by_peer` or by us. Returns why, if that is known here.
    pub(super) fn part(&mut self, call: &mut InCall<'_>, by_peer: bool) -> Option<EndReason> {
        self.keys = Keys::default();
        self.referred = self.referred.take().and_then(|own| own.part(call));
        let transfer = self.transfer.take()?;
        // A peer whose side has taken the transfer up leaves without waiting for its outcome:
        // some servers do so at once.
        if !by_peer || !transfer.is_accepted() {
            return None;
        }
        call.tell(CallEvent::Transfer(TransferEvent::Done));
        Some(EndReason::Transferred)
    }

    /// Whether something is still to be told to the peer, even after the call.
    pub(super) fn is_busy(&self) -> bool {
        self.referred.is_some()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let transfer = self.transfer.as_ref().and_then(Transfer::poll_timeout);
        let referred = self.referred.as_ref().map(Referred::poll_timeout);
        earliest(earliest(transfer, referred), self.keys.poll_timeout())
    }

    fn handle_timeout(&mut self, call: &mut InCall<'_>) -> After {
        self.keys.handle_timeout(call);
        let now = call.now;
        let due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if due(self.referred.as_ref().map(Referred::poll_timeout)) {
            let referred = self.referred.take();
            self.referred = referred.and_then(|own| own.handle_timeout(call));
        }
        let verdict = match &self.transfer {
            Some(transfer) if due(transfer.poll_timeout()) => Some(transfer.handle_timeout()),
            _ => None,
        };
        self.settle(call, verdict)
    }

    fn handle_request(
        &mut self,
        call: &mut InCall<'_>,
        server: ServerId,
        request: &Request,
    ) -> After {
        match request.method {
            Method::Info if trickle::is_of_package(request) => {
                self.trickle.receive(call, server, request);
            }
            Method::Info => info::receive(call, server, request),
            Method::Refer if self.referred.is_some() => call.reject(server, request, 491),
            Method::Refer => self.referred = Referred::ask(call, server, request),
            _ => return self.handle_notify(call, server, request),
        }
        After::Stay
    }

    fn handle_notify(
        &mut self,
        call: &mut InCall<'_>,
        server: ServerId,
        notify: &Request,
    ) -> After {
        let event = notify.headers.get("Event").and_then(|value| Params::split(value).ok());
        if !event.is_some_and(|(package, _)| package.eq_ignore_ascii_case("refer")) {
            let mut response = call.core.response(notify, 489);
            response.headers.push("Allow-Events", "refer");
            call.core.transactions.respond(call.now, server, &response);
            return After::Stay;
        }
        let Some(transfer) = &mut self.transfer else {
            call.reject(server, notify, 481);
            return After::Stay;
        };
        call.reject(server, notify, 200);
        let verdict = transfer.handle_notify(call, notify);
        self.settle(call, Some(verdict))
    }

    fn settle(&mut self, call: &mut InCall<'_>, verdict: Option<Verdict>) -> After {
        match verdict {
            None | Some(Verdict::Pending) => After::Stay,
            Some(Verdict::Done) => {
                self.transfer = None;
                call.tell(CallEvent::Transfer(TransferEvent::Done));
                After::Leave(EndReason::Transferred)
            }
            Some(Verdict::Failed { status, reason }) => {
                let taken_up = self.transfer.take().is_some_and(|transfer| transfer.is_accepted());
                call.tell(CallEvent::Transfer(TransferEvent::Failed { status, reason }));
                if taken_up { After::Check } else { After::Stay }
            }
        }
    }
}
