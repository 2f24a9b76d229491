//! What the user agent reports: what it changes on the display, and what follows from it.

use super::call::{Call, Direction, Hold, Party, Progress, TransferRequest};
use super::operations::Placing;
use super::returning::Left;
use super::video::Video;
use super::{Notice, Phone, Stage, voicemail};
use crate::sip::ua::{
    CallEvent, CallId, Caller, Command, EndReason, Event, Line, SubscriptionEvent, TransferEvent,
};
use crate::time::Instant;

impl Phone {
    /// Takes in what the user agent reports, and returns what it is to do next.
    pub fn handle_event(&mut self, now: Instant, event: Event) -> Vec<Command> {
        match event {
            Event::Line(line) => self.handle_line(line),
            Event::Call(id, event) => self.handle_call(now, id, event),
            Event::MessagesWaiting(summary)
            | Event::Subscription(
                voicemail::SUBSCRIPTION,
                SubscriptionEvent::MessagesWaiting(summary),
            ) => {
                self.mailbox.tell(summary);
                Vec::new()
            }
            Event::Message(event) => self.handle_message(event),
            Event::Subscription(id, event) => self.lamps.handle(id, event),
            Event::Missed(caller) if self.settings.do_not_disturb => {
                self.turn_away(now, &caller, EndReason::NotAnswered, Notice::Missed)
            }
            Event::Missed(caller) => {
                self.turn_away(now, &caller, EndReason::TooManyCalls, Notice::MissedInCall)
            }
            Event::Unserved(caller, status) => {
                let reason =
                    EndReason::Rejected { status, reason: String::new(), retry_after: None };
                let notice = if status == 488 { Notice::MissedUnserved } else { Notice::Missed };
                self.turn_away(now, &caller, reason, notice)
            }
        }
    }

    /// Notes a caller who was turned away without ringing.
    fn turn_away(
        &mut self,
        now: Instant,
        caller: &Caller,
        reason: EndReason,
        notice: fn(Party) -> Notice,
    ) -> Vec<Command> {
        let (party, uri) = Party::of_caller(caller, &self.domain);
        // It never became a call of the user agent: none has this name.
        let mut call = Call::incoming(CallId(0), self.known(party), uri);
        call.began = now;
        self.finish(now, &call, &reason);
        self.notice = Some(notice(call.party));
        Vec::new()
    }

    fn handle_line(&mut self, line: Line) -> Vec<Command> {
        let mut commands = Vec::new();
        match (&self.stage, &line) {
            (Stage::SigningIn, Line::Registered) => {
                self.stage = Stage::SignedIn;
                commands.extend(self.mailbox.subscribe());
                commands.extend(self.watch_wanted());
            }
            (Stage::SigningIn, Line::Waiting { fault, .. }) => {
                // The user should see why the first attempt failed, rather than wait.
                self.stage = Stage::SignedOut { fault: Some(fault.clone()) };
                commands.push(Command::Disconnect);
            }
            (Stage::SigningIn | Stage::SignedIn, Line::Failed(fault)) => {
                self.stage = Stage::SignedOut { fault: Some(fault.clone()) };
            }
            _ => {}
        }
        if line != Line::Registered {
            self.lamps.darken();
        } else if self.line != Line::Registered {
            commands.extend(self.lamps.ask_again());
        }
        self.line = line;
        if self.line == Line::Registered {
            commands.extend(self.return_to_line());
        }
        commands
    }

    fn handle_call(&mut self, now: Instant, id: CallId, event: CallEvent) -> Vec<Command> {
        match event {
            CallEvent::Outgoing(target) => {
                let party = Party::of(None, &target, &self.domain);
                let mut call = Call::outgoing(id, party, target);
                if let Some(at) = self.placing.iter().position(|(known, _)| *known == id) {
                    let (_, placing) = self.placing.remove(at);
                    call.consults_for = placing.consults_for;
                    call.keys_later = placing.keys;
                    if placing.video {
                        call.video = Video::default().with_camera();
                    }
                }
                self.start_call(now, call);
                self.takes_back(now, id);
            }
            CallEvent::Incoming(caller) => {
                let (party, uri) = Party::of_caller(&caller, &self.domain);
                let mut call = Call::incoming(id, party, uri);
                if self.settings.auto_answer && self.calls.all().is_empty() {
                    // Nobody from elsewhere opens the microphone, whatever name he goes by.
                    let asserted = caller.asserted.first();
                    let is_near = asserted.is_some_and(|who| self.is_of_domain(&who.uri));
                    let delay = caller.auto_answer.filter(|_| is_near);
                    call.answer_at = delay.map(|delay| now + delay);
                }
                call.replaces = caller.replaces;
                call.video = Video::of_caller(caller.video);
                call.takes_over = caller.takes_over;
                if call.takes_over {
                    call.progress = Progress::Answering;
                }
                self.start_call(now, call);
            }
            CallEvent::Ended(reason) => return self.end_call(now, id, reason),
            CallEvent::AnswerFailed(failure) => {
                self.set_progress(id, Progress::Incoming);
                if let Some(call) = self.calls.get_mut(id) {
                    // The next answer opens another microphone.
                    call.muted = false;
                    call.talks_muted = false;
                    call.video = Video::of_caller(call.video.offered);
                }
                self.notice = Some(Notice::CannotAnswer(failure));
            }
            CallEvent::Forwarded(target) => {
                self.set_progress(id, Progress::Calling);
                let label = self.party(&target).label().to_owned();
                if let Some(call) = self.calls.get_mut(id) {
                    call.forwarded_to = Some(label);
                }
            }
            CallEvent::Product(product) => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.with_webphone = product.starts_with("WebPhone/");
                }
            }
            CallEvent::Ringing => self.set_progress(id, Progress::Ringing),
            CallEvent::EarlyMedia => self.set_progress(id, Progress::EarlyMedia),
            CallEvent::Answered => {
                self.set_progress(id, Progress::Up { since: now });
                if let Some(call) = self.calls.get_mut(id) {
                    call.times[1] = self.time_of_day;
                }
                let mut commands = self.is_back(now, id);
                commands.extend(self.succeeds(id));
                // The user has turned to another call meanwhile.
                commands.extend(self.calls.hold_others());
                return commands;
            }
            CallEvent::Connected(caller) => {
                let (party, _) = Party::of_caller(&caller, &self.domain);
                let party = self.known(party);
                if let Some(call) = self.calls.get_mut(id) {
                    call.connect(party);
                }
            }
            CallEvent::HoldChanged { local, remote } => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.hold = Hold { here: local, there: remote };
                    call.hold_wanted = call.hold_wanted.filter(|wanted| *wanted != local);
                }
            }
            CallEvent::HoldRefused => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.hold_wanted = None;
                    self.notice = Some(Notice::HoldRefused(call.party.clone()));
                }
            }
            CallEvent::VideoChanged(flow) => self.handle_video(id, flow),
            CallEvent::VideoRefused => self.picture_refused(id),
            CallEvent::Transfer(event) => return self.handle_transfer(id, event),
            CallEvent::TransferRequested { target, .. } => {
                let target = self.party(&target);
                if let Some(call) = self.calls.get_mut(id) {
                    call.transfer_request = Some(TransferRequest { target });
                }
            }
            CallEvent::DtmfFailed { .. } => self.notice = Some(Notice::KeysFailed),
            // The other side's keys mean something to machines only.
            CallEvent::Dtmf(_) => {}
        }
        Vec::new()
    }

    fn handle_transfer(&mut self, id: CallId, event: TransferEvent) -> Vec<Command> {
        let Some(call) = self.calls.get_mut(id) else { return Vec::new() };
        match event {
            TransferEvent::Trying => {}
            TransferEvent::Ringing => {
                if let Some(transfer) = &mut call.transfer {
                    transfer.rings = true;
                }
            }
            // The end of the call follows, and tells of it.
            TransferEvent::Done => {}
            TransferEvent::Failed { status, .. } => {
                if let Some(transfer) = call.transfer.take() {
                    self.notice = Some(Notice::TransferFailed { target: transfer.target, status });
                }
                if self.calls.front().is_none_or(|front| front.id == id || !front.is_up()) {
                    return self.calls.bring_to_front(id);
                }
            }
        }
        Vec::new()
    }

    fn start_call(&mut self, now: Instant, mut call: Call) {
        self.notice.take_if(|told| !matches!(told, Notice::CalledWithoutVideo(_)));
        call.began = now;
        call.times = [self.time_of_day; 2];
        call.party = self.known(call.party);
        match call.replaces.filter(|_| call.takes_over) {
            Some(old) => self.calls.add_in_place_of(old, call),
            None => self.calls.add(call),
        }
    }

    fn set_progress(&mut self, id: CallId, progress: Progress) {
        if let Some(call) = self.calls.get_mut(id) {
            call.progress = progress;
        }
    }

    fn end_call(&mut self, now: Instant, id: CallId, reason: EndReason) -> Vec<Command> {
        let together = self.calls.together_with(id);
        let Some(call) = self.calls.remove(id) else {
            return Vec::new();
        };
        if call.goes_on {
            self.follow_recording(id, &together);
            return Vec::new();
        }
        if call.comes_back() && reason == EndReason::NoLine {
            self.waits_to_return(&call);
            return Vec::new();
        }
        match &call.left {
            Some(left) => self.finish_left(now, call.clone(), left),
            None => self.finish(now, &call, &reason),
        }
        // It did not come back, and the other side may still wait.
        let abandon = call.left.as_deref().map(Left::abandon);
        if call.was_refused_for_its_picture(&reason) {
            self.notice = Some(Notice::CalledWithoutVideo(call.party));
            let placing = Placing { keys: call.keys_later, ..Placing::default() };
            return vec![self.command_call(call.uri, placing)];
        }
        let told = match reason {
            // What the user did needs no explanation, and a call that both had ends by itself.
            EndReason::HungUpHere
            | EndReason::DeclinedHere
            | EndReason::HungUpThere
            | EndReason::Replaced { .. } => None,
            _ if call.comes_back() => Some(Notice::NotTakenBack(call.party)),
            EndReason::Transferred => call
                .transfer
                .map(|transfer| Notice::Transferred { party: call.party, target: transfer.target }),
            EndReason::Redirected(target) => {
                let to = self.party(&target);
                Some(Notice::Forwards { party: call.party, to, target: *target })
            }
            EndReason::NoLine if call.direction == Direction::Incoming => {
                Some(Notice::CallLost(call.party))
            }
            reason => Some(Notice::CallEnded { party: call.party, reason }),
        };
        // What was said of another call stays until it is read, and so does what became of a
        // transfer: the call with its target may end after the one that was handed over, and a
        // server may end both when the target cannot be had.
        let of_transfer =
            matches!(self.notice, Some(Notice::Transferred { .. } | Notice::TransferFailed { .. }));
        if told.is_some() || (self.calls.all().is_empty() && !of_transfer) {
            self.notice = told;
        }
        self.follow_recording(id, &together);
        // A consultation is over without a transfer: back to whom it was about.
        let mut commands = match call.consults_for.and_then(|held| self.calls.get(held)) {
            Some(held) if held.transfer.is_none() => self.calls.bring_to_front(held.id),
            _ => Vec::new(),
        };
        commands.extend(abandon);
        commands
    }
}
