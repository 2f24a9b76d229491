//! The telephone, driven by what the user does and by what the user agent reports.

mod book;
mod conference;
mod connected;
mod connection;
mod contacts;
mod favourites;
mod history;
mod keys_later;
mod lamps;
mod messages;
mod mirror;
mod readiness;
mod recording;
mod recordings;
mod returning;
mod settings;
mod sound;
mod transfer;
mod two_calls;
mod vcard;
mod video;
mod voicemail;

use super::*;
use crate::sip::ua::{CallEvent, Caller, Command, Event, Misbehaviour};
use crate::sip::wire::Uri;
use crate::time::Instant;

/// Does what would take days if it took the square of its input.
fn ends(work: impl FnOnce() + Send + 'static) {
    let (done, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        work();
        done.send(())
    });
    ended.recv_timeout(std::time::Duration::from_secs(300)).expect("it should end");
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).expect("a URI")
}

fn signed_in() -> Phone {
    let mut phone = Phone::default();
    phone.sign_in("example.com".into());
    phone.handle_event(Instant::default(), Event::Line(Line::Registered));
    phone
}

/// The command that calls somebody, by a call of this name.
fn call(id: u32, target: Uri) -> Command {
    Command::Call { id: CallId(id), target }
}

fn tell(phone: &mut Phone, event: CallEvent) -> Vec<Command> {
    tell_of(phone, 1, event)
}

fn tell_of(phone: &mut Phone, call: u32, event: CallEvent) -> Vec<Command> {
    phone.handle_event(Instant::default(), Event::Call(CallId(call), event))
}

fn incoming(phone: &mut Phone, call: u32, from: &str) {
    let caller = Box::new(Caller::new(None, uri(from)));
    assert_eq!(tell_of(phone, call, CallEvent::Incoming(caller)), []);
}

/// A call that we placed stands.
fn up(phone: &mut Phone, call: u32, to: &str) {
    tell_of(phone, call, CallEvent::Outgoing(uri(to)));
    tell_of(phone, call, CallEvent::Answered);
}

fn held(phone: &mut Phone, call: u32, here: bool) {
    tell_of(phone, call, CallEvent::HoldChanged { local: here, remote: false });
}

/// The call in front, by its number.
fn front(phone: &Phone) -> Option<u32> {
    phone.call().map(|call| call.id.0)
}

/// The calls whose microphone is muted.
fn muted(phone: &Phone) -> Vec<u32> {
    phone.calls().iter().filter(|call| call.muted).map(|call| call.id.0).collect()
}

/// The calls that have the microphone and the speaker.
fn heard(phone: &Phone) -> Vec<u32> {
    phone
        .calls()
        .iter()
        .map(|call| call.id)
        .filter(|id| phone.is_heard(*id))
        .map(|id| id.0)
        .collect()
}

#[test]
fn a_failed_first_attempt_returns_to_the_form_with_its_reason() {
    let mut phone = Phone::default();
    phone.sign_in("example.com".into());
    let waiting = Line::Waiting { retry_at: Instant::default(), fault: LineFault::Unreachable };
    assert_eq!(
        phone.handle_event(Instant::default(), Event::Line(waiting.clone())),
        [Command::Disconnect]
    );
    assert_eq!(phone.stage(), &Stage::SignedOut { fault: Some(LineFault::Unreachable) });

    let mut phone = signed_in();
    assert_eq!(phone.handle_event(Instant::default(), Event::Line(waiting)), []);
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
fn a_call_that_is_sent_on_says_where_to_and_rings_anew() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
    tell(&mut phone, CallEvent::Ringing);
    tell(&mut phone, CallEvent::Forwarded(uri("sip:+576041234567@example.com")));
    let call = phone.call().expect("a call");
    assert_eq!(call.forwarded_to.as_deref(), Some("+57 604 123 4567"));
    assert_eq!((call.party.label(), call.progress), ("1002", Progress::Calling));
    assert_eq!(phone.tone(), Tone::Silence);
    tell(&mut phone, CallEvent::Ringing);
    assert_eq!(phone.tone(), Tone::RingBack);
}

#[test]
fn a_rejected_call_leaves_a_notice_and_the_busy_tone() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri("sip:1002@example.com")));
    let reason = EndReason::Rejected { status: 486, reason: "Busy Here".into(), retry_after: None };
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
    assert_eq!(phone.answer(CallId(1), Others::Hold), [Command::Answer(CallId(1))]);
    assert_eq!(phone.tone(), Tone::Silence);
    phone.toggle_mute(CallId(1));
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
fn mute_is_a_toggle_of_its_call() {
    let mut phone = signed_in();
    phone.toggle_mute(CallId(1));
    up(&mut phone, 1, "sip:1002@example.com");
    assert!(muted(&phone).is_empty(), "what there is no call for is not muted");
    phone.toggle_mute(CallId(1));
    assert_eq!(muted(&phone), [1]);
    phone.toggle_mute(CallId(1));
    assert!(muted(&phone).is_empty());
}

#[test]
fn who_speaks_while_muted_is_told_until_unmuted() {
    let mut phone = signed_in();
    up(&mut phone, 1, "sip:1002@example.com");
    let talks = |phone: &Phone| phone.call().is_some_and(|call| call.talks_muted);
    phone.set_talks_muted(CallId(1), true);
    assert!(!talks(&phone), "everybody hears it");
    phone.toggle_mute(CallId(1));
    phone.set_talks_muted(CallId(1), true);
    assert!(talks(&phone));
    phone.toggle_mute(CallId(1));
    assert!(!talks(&phone));
}

#[test]
fn a_call_outlasts_the_account_that_the_server_refuses() {
    let mut phone = signed_in();
    up(&mut phone, 1, "sip:1002@example.com");
    let failed = Event::Line(Line::Failed(LineFault::WrongPassword));
    assert_eq!(phone.handle_event(Instant::default(), failed), [], "the call is not given up");
    assert!(phone.call().is_some_and(Call::is_up));
    assert_eq!(phone.fault(), Some(&LineFault::WrongPassword));
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!(phone.call(), None);
    assert_eq!(phone.stage(), &Stage::SignedOut { fault: Some(LineFault::WrongPassword) });
}

#[test]
fn keys_that_are_sent_are_shown_and_take_the_word_of_lost_ones_away() {
    let mut phone = signed_in();
    up(&mut phone, 1, "sip:1002@example.com");
    phone.keys_sent(CallId(1), "12");
    tell(&mut phone, CallEvent::DtmfFailed { status: 415 });
    assert_eq!(phone.notice(), Some(&Notice::KeysFailed));
    phone.keys_sent(CallId(1), "#");
    assert_eq!(phone.call().map(|call| call.keys.as_str()), Some("12#"));
    assert_eq!(phone.notice(), None);
}
