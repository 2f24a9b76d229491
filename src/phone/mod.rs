//! The telephone as a model: what stands on its display, and why.
//!
//! Events of the user agent go in, and what a screen must show can be read. There is no DOM, no
//! protocol message and no clock in here; the texts for what it says are the screens' business.

pub mod account;
pub mod call;
pub mod candidates;
pub mod dial;

pub use account::{Account, AccountError};
pub use call::{Call, Direction, Party, Progress};

use crate::sip::ua::{CallEvent, CallId, EndReason, Event, Line, LineFault, MediaFailure};
use crate::time::Instant;

/// Where the user stands with the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody is signed in.
    SignedOut {
        /// Why the last attempt, or the last session, came to its end.
        fault: Option<LineFault>,
    },
    /// The first registration is under way.
    SigningIn,
    /// The account was registered at least once, and is kept registered.
    SignedIn,
}

/// Something to be told once, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A call ended in a way that the user should know of.
    CallEnded {
        /// With whom it was.
        party: Party,
        /// Why it ended.
        reason: EndReason,
    },
    /// An incoming call could not be answered; it still rings.
    CannotAnswer(MediaFailure),
    /// What was dialled is no number and no address.
    CannotDial,
    /// The sound of the call broke off.
    SoundLost,
    /// The line broke while this party was calling.
    CallLost(Party),
}

/// What is to be heard besides the call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Silence,
    /// Somebody calls.
    Ring,
    /// The callee's telephone rings and its side sends no sound of its own.
    RingBack,
    /// The call could not be completed.
    Busy,
}

/// The telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    stage: Stage,
    line: Line,
    domain: String,
    calls: Vec<Call>,
    notice: Option<Notice>,
}

impl Default for Phone {
    fn default() -> Self {
        Self {
            stage: Stage::SignedOut { fault: None },
            line: Line::Off,
            domain: String::new(),
            calls: Vec::new(),
            notice: None,
        }
    }
}

impl Phone {
    /// The user signs in with an account of this domain.
    pub fn sign_in(&mut self, domain: String) {
        *self = Self { stage: Stage::SigningIn, line: Line::Connecting, domain, ..Self::default() };
    }

    /// The user signs out.
    pub fn sign_out(&mut self) {
        let line = std::mem::replace(&mut self.line, Line::Off);
        *self = Self { line, ..Self::default() };
    }

    /// Takes in what the user agent reports. Returns whether the account should be given up: the
    /// first attempt to sign in has failed, and the user should see why rather than wait.
    pub fn handle_event(&mut self, now: Instant, event: Event) -> bool {
        match event {
            Event::Line(line) => self.handle_line(line),
            Event::Call(id, event) => {
                self.handle_call(now, id, event);
                false
            }
            // No screen shows messages, mailboxes or the lamps of other telephones.
            Event::Message(_) | Event::Subscription(..) | Event::MessagesWaiting(_) => false,
        }
    }

    /// Shows `notice` until it is dismissed or another takes its place.
    pub fn notify(&mut self, notice: Notice) {
        self.notice = Some(notice);
    }

    /// The user has read the notice, or goes on to something else.
    pub fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// Mutes or unmutes the microphone in a call. Returns whether it is muted now, and nothing if
    /// there is no such call.
    pub fn toggle_mute(&mut self, id: CallId) -> Option<bool> {
        let call = self.calls.iter_mut().find(|call| call.id == id)?;
        call.muted = !call.muted;
        Some(call.muted)
    }

    /// The browser refuses to play the call's sound before the user has touched the page.
    pub fn set_sound_blocked(&mut self, id: CallId, blocked: bool) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
            call.sound_blocked = blocked;
        }
    }

    /// Where the user stands with the account.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Why the account is signed out, where that was not the user's wish. A call may outlast it.
    pub fn fault(&self) -> Option<&LineFault> {
        match &self.stage {
            Stage::SignedOut { fault } => fault.as_ref(),
            Stage::SigningIn | Stage::SignedIn => None,
        }
    }

    /// The line to the server.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The domain of the account.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The call on the display: the first, as the telephone has one.
    pub fn call(&self) -> Option<&Call> {
        self.calls.first()
    }

    /// What the user should be told.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// What is to be heard besides the call itself.
    pub fn tone(&self) -> Tone {
        match self.call().map(|call| &call.progress) {
            Some(Progress::Incoming) => Tone::Ring,
            Some(Progress::Ringing) => Tone::RingBack,
            Some(_) => Tone::Silence,
            None => match &self.notice {
                Some(Notice::CallEnded { reason: EndReason::Rejected { .. }, .. }) => Tone::Busy,
                _ => Tone::Silence,
            },
        }
    }

    fn handle_line(&mut self, line: Line) -> bool {
        let mut give_up = false;
        match (&self.stage, &line) {
            (Stage::SigningIn, Line::Registered) => self.stage = Stage::SignedIn,
            (Stage::SigningIn, Line::Waiting { fault, .. }) => {
                self.stage = Stage::SignedOut { fault: Some(fault.clone()) };
                give_up = true;
            }
            (Stage::SigningIn | Stage::SignedIn, Line::Failed(fault)) => {
                self.stage = Stage::SignedOut { fault: Some(fault.clone()) };
            }
            _ => {}
        }
        self.line = line;
        give_up
    }

    fn handle_call(&mut self, now: Instant, id: CallId, event: CallEvent) {
        match event {
            CallEvent::Outgoing(target) => {
                let party = Party::of(None, &target, &self.domain);
                self.start_call(Call::outgoing(id, party));
            }
            CallEvent::Incoming(caller) => {
                let party = Party::of(caller.name, &caller.uri, &self.domain);
                self.start_call(Call::incoming(id, party));
            }
            CallEvent::Ended(reason) => self.end_call(id, reason),
            CallEvent::AnswerFailed(failure) => {
                self.set_progress(id, Progress::Incoming);
                if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
                    // The next answer opens another microphone.
                    call.muted = false;
                }
                self.notice = Some(Notice::CannotAnswer(failure));
            }
            CallEvent::Ringing => self.set_progress(id, Progress::Ringing),
            CallEvent::EarlyMedia => self.set_progress(id, Progress::EarlyMedia),
            CallEvent::Answered => self.set_progress(id, Progress::Up { since: now }),
            // No screen starts a transfer, asks for consent to one, or shows keys that come by
            // INFO. A transfer that nobody consents to is refused by the user agent.
            CallEvent::Transfer(_)
            | CallEvent::TransferRequested { .. }
            | CallEvent::Dtmf(_)
            | CallEvent::DtmfFailed { .. } => {}
            // The display has no key for holding yet, and a peer that holds us is heard.
            CallEvent::HoldChanged { .. } | CallEvent::HoldRefused => {}
        }
    }

    fn start_call(&mut self, call: Call) {
        self.notice = None;
        self.calls.push(call);
    }

    /// The user answers: the call does not ring any longer, though it does not stand yet.
    pub fn answering(&mut self, id: CallId) {
        self.notice = None;
        self.set_progress(id, Progress::Answering);
    }

    fn set_progress(&mut self, id: CallId, progress: Progress) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
            call.progress = progress;
        }
    }

    fn end_call(&mut self, id: CallId, reason: EndReason) {
        let Some(index) = self.calls.iter().position(|call| call.id == id) else {
            return;
        };
        let call = self.calls.remove(index);
        self.notice = match reason {
            // What the user did needs no explanation, and a call that both had ends by itself.
            EndReason::HungUpHere
            | EndReason::DeclinedHere
            | EndReason::HungUpThere
            | EndReason::Transferred
            | EndReason::Replaced { .. } => None,
            EndReason::NoLine if call.direction == Direction::Incoming => {
                Some(Notice::CallLost(call.party))
            }
            reason => Some(Notice::CallEnded { party: call.party, reason }),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::ua::Caller;
    use crate::sip::wire::Uri;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).expect("a URI")
    }

    fn signed_in() -> Phone {
        let mut phone = Phone::default();
        phone.sign_in("example.com".into());
        phone.handle_event(Instant::default(), Event::Line(Line::Registered));
        phone
    }

    fn tell(phone: &mut Phone, event: CallEvent) {
        phone.handle_event(Instant::default(), Event::Call(CallId(1), event));
    }

    #[test]
    fn a_failed_first_attempt_returns_to_the_form_with_its_reason() {
        let mut phone = Phone::default();
        phone.sign_in("example.com".into());
        let waiting = Line::Waiting { retry_at: Instant::default(), fault: LineFault::Unreachable };
        assert!(phone.handle_event(Instant::default(), Event::Line(waiting.clone())));
        assert_eq!(phone.stage(), &Stage::SignedOut { fault: Some(LineFault::Unreachable) });

        let mut phone = signed_in();
        assert!(!phone.handle_event(Instant::default(), Event::Line(waiting)));
        assert_eq!(phone.stage(), &Stage::SignedIn, "a later loss is waited out");
    }

    #[test]
    fn a_call_out_rings_back_until_it_stands() {
        let mut phone = signed_in();
        tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
        assert_eq!(phone.call().map(|call| call.party.label()), Some("1002"));
        assert_eq!(phone.tone(), Tone::Silence);
        tell(&mut phone, CallEvent::Ringing);
        assert_eq!(phone.tone(), Tone::RingBack);
        tell(&mut phone, CallEvent::EarlyMedia);
        assert_eq!(phone.tone(), Tone::Silence);
        tell(&mut phone, CallEvent::Answered);
        assert!(matches!(phone.call().map(|c| &c.progress), Some(Progress::Up { .. })));
    }

    #[test]
    fn a_rejected_call_leaves_a_notice_and_the_busy_tone() {
        let mut phone = signed_in();
        tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
        let reason =
            EndReason::Rejected { status: 486, reason: "Busy Here".into(), retry_after: None };
        tell(&mut phone, CallEvent::Ended(reason));
        assert_eq!(phone.call(), None);
        assert!(matches!(phone.notice(), Some(Notice::CallEnded { .. })));
        assert_eq!(phone.tone(), Tone::Busy);
        phone.dismiss_notice();
        assert_eq!(phone.tone(), Tone::Silence);
    }

    #[test]
    fn an_answer_without_a_microphone_keeps_the_call_ringing() {
        let mut phone = signed_in();
        let caller = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
        tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
        assert_eq!(phone.tone(), Tone::Ring);
        phone.answering(CallId(1));
        assert_eq!(phone.tone(), Tone::Silence);
        assert_eq!(phone.toggle_mute(CallId(1)), Some(true));
        tell(&mut phone, CallEvent::AnswerFailed(MediaFailure::MicrophoneRefused));
        assert_eq!(phone.tone(), Tone::Ring);
        let told = Notice::CannotAnswer(MediaFailure::MicrophoneRefused);
        assert_eq!(phone.notice(), Some(&told));
        assert_eq!(phone.call().map(|call| call.muted), Some(false), "of the next microphone");
    }

    #[test]
    fn hanging_up_needs_no_notice_and_a_missed_call_does() {
        let mut phone = signed_in();
        let caller = Caller::new(None, uri("sip:1002@example.com"));
        tell(&mut phone, CallEvent::Incoming(Box::new(caller.clone())));
        tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
        assert!(matches!(phone.notice(), Some(Notice::CallEnded { .. })));
        tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
        assert_eq!(phone.notice(), None, "a new call takes the notice away");
        tell(&mut phone, CallEvent::Answered);
        tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
        assert_eq!(phone.notice(), None);
    }

    #[test]
    fn a_call_outlasts_the_account_that_the_server_refuses() {
        let mut phone = signed_in();
        tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
        tell(&mut phone, CallEvent::Answered);
        let failed = Event::Line(Line::Failed(LineFault::WrongPassword));
        assert!(!phone.handle_event(Instant::default(), failed), "the call is not given up");
        assert!(matches!(phone.call().map(|call| &call.progress), Some(Progress::Up { .. })));
        assert_eq!(phone.fault(), Some(&LineFault::WrongPassword));
        tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
        assert_eq!(phone.call(), None);
        assert_eq!(phone.stage(), &Stage::SignedOut { fault: Some(LineFault::WrongPassword) });
    }

    #[test]
    fn mute_is_a_toggle_of_its_call() {
        let mut phone = signed_in();
        assert_eq!(phone.toggle_mute(CallId(1)), None);
        tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
        assert_eq!(phone.toggle_mute(CallId(1)), Some(true));
        assert_eq!(phone.toggle_mute(CallId(1)), Some(false));
    }
}
