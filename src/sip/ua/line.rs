//! The line of a user agent: connecting, registering, losing the connection and leaving.

use super::call::Call;
use super::event::{Event, Line, LineFault, Output};
use super::owner::Owner;
use super::{Intent, LinkRequest, UserAgent};
use crate::sip::digest::Askers;
use crate::sip::keep_alive::{KeepAlive, KeepAliveDue, Rhythm};
use crate::sip::link::{Failure, LinkDue};
use crate::sip::registration::Outcome;
use crate::sip::wire::{Method, Response, Uri};
use crate::time::Instant;
use std::time::Duration;

impl UserAgent {
    pub(super) fn is_leaving(&self) -> bool {
        self.intent != Intent::Connected
    }

    pub(super) fn connect(&mut self, now: Instant) {
        let left = self.is_leaving();
        self.intent = Intent::Connected;
        if self.link.is_off() {
            self.open(now);
        } else if left {
            self.set_line(Line::Connecting);
            self.registration.register(now, &mut self.core);
        }
    }

    pub(super) fn retry(&mut self, now: Instant) {
        if self.link.retry_at().is_some() {
            self.open(now);
        } else if self.link.is_up() {
            let due = self.keep_alive.probe(now);
            self.keep_alive(now, due);
            if let Some(place) = self.link.look_back(now, &mut *self.core.entropy) {
                self.core.output(Output::Link(LinkRequest::Try(place)));
            }
        }
    }

    pub(super) fn renew(&mut self, now: Instant) {
        // A call that is being placed does not survive its line, which may be good after all.
        let places = |call: &Call| matches!(call, Call::Outgoing(call) if call.is_live());
        if self.intent != Intent::Connected || self.calls.iter().any(places) {
            self.retry(now);
            return;
        }
        if self.link.retry_at().is_none() {
            self.close_link();
            self.interrupt(now);
        }
        self.open(now);
    }

    pub(super) fn disconnect(&mut self, now: Instant) {
        if !matches!(self.intent, Intent::Connected | Intent::Outlasting) {
            return;
        }
        self.intent = Intent::Leaving;
        self.end_calls(now);
        if self.link.is_up() {
            self.part_subscriptions(now);
        }
        if !self.link.is_up() || !self.registration.unregister(now, &mut self.core) {
            self.shut(now, Line::Off);
        }
    }

    /// Leaves without waiting for anybody: the page is going away.
    pub(super) fn leave(&mut self, now: Instant) {
        self.disconnect(now);
        if self.intent == Intent::Leaving {
            self.shut(now, Line::Off);
        }
    }

    pub(super) fn handle_link_opened(&mut self, now: Instant) {
        if !self.link.handle_opened() {
            return;
        }
        self.keep_alive.begin(now, self.core.config.policy.keep_alive);
        self.registration.register(now, &mut self.core);
    }

    pub(super) fn handle_link_closed(&mut self, now: Instant) {
        match self.intent {
            Intent::Off => {}
            Intent::Leaving => self.shut(now, Line::Off),
            Intent::Outlasting => self.cut_off(now),
            // We closed it ourselves, and already wait for the next attempt.
            Intent::Connected if self.link.retry_at().is_some() => {}
            Intent::Connected => {
                let (fault, failure) = match self.link.is_up() {
                    true => (LineFault::Lost, Failure::Lost),
                    false => (LineFault::Unreachable, Failure::Unreachable),
                };
                self.wait(now, fault, failure);
            }
        }
    }

    pub(super) fn handle_registered(&mut self, now: Instant, response: &Response) {
        let outcome = self.registration.handle_response(now, &mut self.core, response);
        if outcome == Outcome::Registered {
            let rhythm = Rhythm::of(response, self.core.config.policy.keep_alive);
            self.keep_alive.set_rhythm(now, &mut *self.core.entropy, rhythm);
        }
        self.follow(now, outcome);
    }

    /// Nothing answered the REGISTER, so the connection is as good as dead.
    pub(super) fn handle_register_timeout(&mut self, now: Instant) {
        if self.is_leaving() {
            self.shut(now, Line::Off);
        } else {
            self.close_link();
            self.wait(now, LineFault::NoAnswer, Failure::Busy(Duration::ZERO));
        }
    }

    pub(super) fn handle_link_timeout(&mut self, now: Instant) {
        match self.link.handle_timeout(now, &mut *self.core.entropy) {
            LinkDue::Nothing => {}
            LinkDue::Open => self.open(now),
            LinkDue::Try(place) => self.core.output(Output::Link(LinkRequest::Try(place))),
            LinkDue::Failed => {
                self.close_link();
                self.wait(now, LineFault::Unreachable, Failure::Unreachable);
            }
        }
        let due = self.keep_alive.handle_timeout(now, &mut *self.core.entropy);
        self.keep_alive(now, due);
        let outcome = self.registration.handle_timeout(now, &mut self.core);
        self.follow(now, outcome);
    }

    fn keep_alive(&mut self, now: Instant, due: KeepAliveDue) {
        match due {
            KeepAliveDue::Nothing => {}
            KeepAliveDue::Ping => self.core.output(Output::Send(b"\r\n\r\n".to_vec())),
            KeepAliveDue::Ask => self.ask_server(now),
            KeepAliveDue::Lost => self.lose(now),
        }
    }

    /// Asks the server whether it is there. It need not know us for that, so that there are no
    /// credentials.
    fn ask_server(&mut self, now: Instant) {
        let mut server = self.core.config.address.clone();
        (server.user, server.password) = (None, None);
        let options = self.core.request(Method::Options, Uri::Sip(server));
        self.core.transactions.forget(Owner::KeepAlive);
        self.core.send_plain(now, Owner::KeepAlive, &Askers::NOBODY, options);
    }

    /// The server has answered that question.
    pub(super) fn handle_asked(&mut self, now: Instant, status: u16) {
        if status >= 200 && self.keep_alive.handle_answer(status) == KeepAliveDue::Lost {
            self.lose(now);
        }
    }

    /// The connection is dead, although it does not say so.
    fn lose(&mut self, now: Instant) {
        if self.intent == Intent::Outlasting {
            self.close_link();
            self.cut_off(now);
        } else if self.is_leaving() {
            self.shut(now, Line::Off);
        } else {
            let fault = match self.registration.is_registered() {
                true => LineFault::Lost,
                false => LineFault::NoAnswer,
            };
            self.close_link();
            self.wait(now, fault, Failure::Lost);
        }
    }

    /// The server will not have us: the line stays down until the user acts. A call needs no
    /// registration, though, so those that there are go on, and the connection stays for them.
    pub(super) fn fail_line(&mut self, now: Instant, fault: LineFault) {
        if self.is_leaving() {
            self.shut(now, Line::Off);
            return;
        }
        self.suspend_subscriptions();
        self.intent = Intent::Outlasting;
        self.set_line(Line::Failed(fault));
    }

    /// Goes back to the preferred server where that is possible, and closes the line that outlasted its
    /// registration, once the last call on it has ended and its end is known to the peer.
    pub(super) fn settle_line(&mut self, now: Instant) {
        self.go_back(now);
        let parting = self.link.is_up() && self.core.transactions.is_waiting(Owner::Parting);
        if self.intent == Intent::Outlasting && self.live_calls() == 0 && !parting {
            self.shut(now, self.line.clone());
        }
    }

    fn end_calls(&mut self, now: Instant) {
        for call in std::mem::take(&mut self.calls) {
            self.calls.extend(call.leave(now, &mut self.core));
        }
    }

    fn follow(&mut self, now: Instant, outcome: Outcome) {
        match outcome {
            Outcome::Pending => {}
            Outcome::Registered => {
                self.link.serve(now, &mut *self.core.entropy);
                self.set_line(Line::Registered);
                self.core.online = true;
                for call in &mut self.calls {
                    if let Call::Session(call) = call {
                        call.handle_line_back(now, &mut self.core);
                    }
                }
                self.resume_subscriptions(now);
            }
            Outcome::Unregistered => self.shut(now, Line::Off),
            Outcome::Refused(status, reason) => {
                self.fail_line(now, LineFault::Refused { status, reason });
            }
            Outcome::RetryAfter(least, status, reason) => {
                self.close_link();
                self.wait(now, LineFault::Refused { status, reason }, Failure::Busy(least));
            }
        }
    }

    fn open(&mut self, now: Instant) {
        let (place, is_another) = self.link.open(now);
        if is_another {
            self.keep_alive = KeepAlive::default();
        }
        self.core.set_secure(self.link.is_secure());
        self.core.output(Output::Link(LinkRequest::Open(place)));
        self.set_line(Line::Connecting);
    }

    /// The connection is gone: waits for the next attempt, or makes it with another server.
    fn wait(&mut self, now: Instant, fault: LineFault, failure: Failure) {
        self.interrupt(now);
        if !self.link.fail(now, &mut *self.core.entropy, failure) {
            self.open(now);
        } else if let Some(retry_at) = self.link.retry_at() {
            self.set_line(Line::Waiting { retry_at, fault });
        }
    }

    /// Tells everybody that the connection is gone, and that another one will follow.
    fn interrupt(&mut self, now: Instant) {
        self.core.online = false;
        self.registration.handle_link_lost();
        self.keep_alive.stop();
        self.core.transactions.handle_link_lost();
        self.suspend_subscriptions();
        for call in std::mem::take(&mut self.calls) {
            self.calls.extend(call.handle_line_lost(now, &mut self.core));
        }
    }

    /// Goes back to a preferred server, once that is there and nothing would be interrupted.
    fn go_back(&mut self, now: Instant) {
        let is_busy = !self.calls.is_empty() || !self.core.transactions.is_idle();
        if self.link.can_go_back() && self.registration.is_registered() && !is_busy {
            self.close_link();
            self.interrupt(now);
            self.link.go_back();
            self.open(now);
        }
    }

    /// The connection is gone, and without a registration there will be no other.
    fn cut_off(&mut self, now: Instant) {
        self.link.close();
        self.core.online = false;
        self.keep_alive.stop();
        for call in std::mem::take(&mut self.calls) {
            self.calls.extend(call.handle_line_ended(now, &mut self.core));
        }
    }

    fn close_link(&mut self) {
        self.flush();
        self.core.output(Output::Link(LinkRequest::Close));
    }

    /// Closes the line for good: what should be said later is said now or never.
    fn shut(&mut self, now: Instant, line: Line) {
        for call in std::mem::take(&mut self.calls) {
            call.part_early(now, &mut self.core);
        }
        self.close_link();
        self.end_messages();
        self.suspend_subscriptions();
        self.link.close();
        self.core.transactions.clear();
        self.registration.handle_link_lost();
        self.keep_alive.stop();
        self.intent = Intent::Off;
        self.set_line(line);
    }

    /// Hands out what waits to be sent before the connection closes.
    fn flush(&mut self) {
        while self.link.is_up()
            && let Some(frame) = self.core.transactions.poll_transmit()
        {
            self.core.output(Output::Send(frame));
        }
    }

    fn set_line(&mut self, line: Line) {
        if self.line != line {
            self.line = line.clone();
            self.core.output(Output::Event(Event::Line(line)));
        }
    }
}
