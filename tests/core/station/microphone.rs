//! The microphone of all calls, and what takes its place.

use super::*;
use webphone::media::devices::{Class, Device, Kind, Treatment};
use webphone::phone::{Notice, Unheard};
use webphone::station::{Condition, MicrophoneEvent, MicrophoneFault, Purpose};

use Asked::{Close, Drop, List, Measure, Open, Ready, Silence, Treat, Use};
use MicrophoneEvent::{Is, Untreated, Wanted};
use Purpose::{Finding, Measuring, Naming};

/// What was asked, by the number of the last that was to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Open(Option<Device>, Treatment),
    List(Purpose),
    Use,
    Silence,
    Drop,
    Treat(Treatment),
    Ready(Result<(), MediaFailure>),
    Measure(bool),
    Close,
    /// The same with one that was to be opened before it.
    UseEarlier,
    DropEarlier,
}

const CHOSEN: Treatment = Treatment { echo: true, noise: true, gain: true };
const FAILED: MicrophoneFault = MicrophoneFault::Failed(MediaFailure::MicrophoneNotFound);
const IN_USE: MicrophoneFault = MicrophoneFault::Failed(MediaFailure::MicrophoneInUse);
const REFUSED: MicrophoneFault = MicrophoneFault::Failed(MediaFailure::MicrophoneRefused);

fn headset(id: &str) -> Device {
    Device { id: id.into(), label: "Headset".into() }
}

fn listed(id: &str) -> Vec<(Class, Device)> {
    vec![(Class::SoundIn, headset(id))]
}

impl Desk {
    fn microphone(&mut self, event: MicrophoneEvent) {
        self.input(Input::Microphone(event));
    }

    /// What was to be opened last is open, or not.
    fn opened(&mut self, outcome: Result<bool, MicrophoneFault>) {
        self.microphone(MicrophoneEvent::Opened(self.microphone, outcome));
    }

    fn listed(&mut self, purpose: Purpose, devices: Option<Vec<(Class, Device)>>) {
        self.microphone(MicrophoneEvent::Listed(purpose, devices));
    }

    /// What was asked of the microphone since this was asked last.
    fn requests(&mut self) -> Vec<Asked> {
        let last = self.microphone;
        let requests = self.asked.drain(..).filter_map(|asked| match asked {
            Output::Microphone(request) => Some(match request {
                MicrophoneRequest::Open { device, treatment, .. } => Open(device, treatment),
                MicrophoneRequest::List(purpose) => List(purpose),
                MicrophoneRequest::Use(number) if number == last => Use,
                MicrophoneRequest::Use(_) => Asked::UseEarlier,
                MicrophoneRequest::Silence => Silence,
                MicrophoneRequest::Drop(number) if number == last => Drop,
                MicrophoneRequest::Drop(_) => Asked::DropEarlier,
                MicrophoneRequest::Treat(treatment) => Treat(treatment),
                MicrophoneRequest::Ready(outcome) => Ready(outcome),
                MicrophoneRequest::Measure(on) => Measure(on),
                MicrophoneRequest::Close => Close,
            }),
            _ => None,
        });
        requests.collect()
    }

    /// A call that wants the microphone, which is being opened.
    fn call_wants_it(&mut self) -> CallId {
        let call = self.call("1002");
        self.microphone(Wanted);
        call
    }
}

/// A call with a microphone of which the names of the devices are known.
fn talking() -> (Desk, CallId) {
    let mut desk = Desk::registered();
    let call = desk.call_wants_it();
    desk.opened(Ok(false));
    desk.listed(Naming, Some(listed("one")));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Use, Ready(Ok(())), List(Naming)]);
    (desk, call)
}

/// The same with a headset that was chosen.
fn talking_by_headset() -> (Desk, CallId) {
    let (mut desk, call) = talking();
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Open(Some(headset("one")), CHOSEN), Use]);
    (desk, call)
}

/// A call for which it was to be opened, by this number, is over, and nobody has answered the browser.
fn with_a_question_put_away() -> (Desk, u32) {
    let mut desk = Desk::registered();
    let call = desk.call_wants_it();
    let number = desk.microphone;
    desk.act(Act::HangUp(call));
    desk.sent.clear();
    (desk, number)
}

#[test]
fn it_is_opened_with_the_first_call_and_let_go_of_after_the_last() {
    let (mut desk, first) = talking();
    desk.act(call("1003"));
    desk.microphone(Wanted);
    assert_eq!(desk.requests(), [Ready(Ok(()))], "the second takes from it");
    let second = desk.phone().call().expect("a call").id;
    assert_ne!(first, second);
    desk.act(Act::HangUp(first));
    assert_eq!(desk.requests(), []);
    desk.act(Act::HangUp(second));
    // The other side does not answer: it is over when that is clear.
    desk.advance(Duration::from_secs(60));
    assert_eq!(desk.requests(), [Close]);
}

#[test]
fn a_question_that_was_put_away_is_put_again_for_the_next_call_and_the_first_answer_counts() {
    let (mut desk, earlier) = with_a_question_put_away();
    desk.call_wants_it();
    assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
    assert_ne!(desk.microphone, earlier);
    desk.microphone(MicrophoneEvent::Opened(earlier, Err(REFUSED)));
    assert_eq!(desk.requests(), [], "that was for a call that is over");
    desk.microphone(MicrophoneEvent::Opened(earlier, Ok(false)));
    assert_eq!(desk.requests(), [Asked::UseEarlier, Ready(Ok(())), List(Naming)]);
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Drop], "one is enough");
}

#[test]
fn what_was_opened_for_a_call_that_is_over_is_dropped_once_another_has_its_own() {
    let (mut desk, earlier) = with_a_question_put_away();
    desk.call_wants_it();
    desk.opened(Ok(false));
    desk.requests();
    desk.microphone(MicrophoneEvent::Opened(earlier, Ok(false)));
    assert_eq!(desk.requests(), [Asked::DropEarlier]);
}

#[test]
fn one_that_is_chosen_while_another_opens_follows_it() {
    let (mut desk, first) = talking();
    desk.act(Act::Treat(CHOSEN));
    desk.microphone(Untreated);
    desk.act(Act::HangUp(first));
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    desk.sent.clear();
    let earlier = desk.microphone;
    desk.call_wants_it();
    desk.requests();
    desk.microphone(MicrophoneEvent::Opened(earlier, Ok(false)));
    let chosen = Open(Some(headset("one")), CHOSEN);
    assert_eq!(desk.requests(), [Asked::UseEarlier, Ready(Ok(())), chosen]);
}

#[test]
fn one_that_is_treated_otherwise_while_it_opens_for_the_first_call_is_treated_then() {
    let mut desk = Desk::registered();
    desk.call_wants_it();
    let plain = Treatment { echo: false, ..CHOSEN };
    desk.act(Act::Treat(plain));
    desk.opened(Ok(false));
    let expected = [Open(None, CHOSEN), Use, Ready(Ok(())), Treat(plain), List(Naming)];
    assert_eq!(desk.requests(), expected);
}

#[test]
fn one_that_was_lost_in_a_call_that_is_over_is_not_told_of_in_the_next() {
    let (mut desk, first) = talking();
    desk.microphone(Is(Condition::Ended("Headset".into())));
    desk.act(Act::HangUp(first));
    desk.opened(Ok(false));
    desk.sent.clear();
    desk.call_wants_it();
    desk.opened(Ok(false));
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    desk.opened(Ok(false));
    assert_eq!(desk.phone().notice(), None);
}

#[test]
fn what_opens_after_the_call_has_ended_is_dropped() {
    let (mut desk, call) = talking();
    desk.act(Act::Treat(CHOSEN));
    desk.microphone(Untreated);
    desk.requests();
    desk.act(Act::HangUp(call));
    assert_eq!(desk.requests(), [Close]);
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Drop]);
}

#[test]
fn without_one_the_call_has_silence_and_another_is_tried_every_five_seconds() {
    let mut desk = Desk::registered();
    desk.call_wants_it();
    desk.opened(Err(FAILED));
    let expected = [Open(None, CHOSEN), Silence, Ready(Ok(())), List(Naming)];
    assert_eq!(desk.requests(), expected);
    let without = Some(Unheard::Without(MediaFailure::MicrophoneNotFound));
    assert_eq!(desk.phone().unheard(), without);
    for _ in 0..2 {
        desk.advance(Duration::from_millis(4999));
        assert_eq!(desk.requests(), []);
        desk.advance(Duration::from_millis(1));
        assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
        desk.opened(Err(FAILED));
        assert_eq!(desk.requests(), [], "the silence stays");
    }
    desk.advance(Duration::from_secs(5));
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Use]);
    assert_eq!(desk.phone().unheard(), None);
}

#[test]
fn who_refuses_it_has_no_call_and_is_not_asked_again() {
    let mut desk = Desk::registered();
    let call = desk.call_wants_it();
    desk.opened(Err(REFUSED));
    let refused = MediaFailure::MicrophoneRefused;
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Ready(Err(refused))]);
    desk.input(Input::Media(MediaReply::Failed(call, refused)));
    assert_eq!(desk.phone().calls(), []);
    desk.advance(Duration::from_secs(60));
    assert_eq!(desk.requests(), []);
}

#[test]
fn who_wants_to_listen_only_is_not_asked_until_the_call_has_ended() {
    let mut desk = Desk::registered();
    desk.media_fail = Some(MediaFailure::MicrophoneRefused);
    desk.act(call("1002"));
    desk.nothing_sent();
    assert!(desk.phone().may_listen_only());
    desk.media_fail = None;
    desk.act(Act::ListenOnly);
    desk.accept();
    desk.request(Method::Ack);
    desk.microphone(Wanted);
    assert_eq!(desk.requests(), [Silence, Ready(Ok(())), List(Naming)]);
    let listening = desk.phone().call().expect("a call").id;
    desk.input(Input::Page(Page::Devices(listed("one"))));
    assert_eq!(desk.requests(), [], "nobody is asked");
    desk.act(Act::HangUp(listening));
    assert_eq!(desk.requests(), [Close]);
    desk.sent.clear();
    desk.call_wants_it();
    assert_eq!(desk.requests(), [Open(None, CHOSEN)], "that was for the one call");
}

#[test]
fn another_one_that_is_chosen_takes_its_place() {
    let (mut desk, _) = talking_by_headset();
    desk.act(Act::ChooseDevice(Kind::Microphone, None));
    assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    assert_eq!(desk.requests(), [], "one after the other");
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Asked::UseEarlier, Open(Some(headset("one")), CHOSEN)]);
}

#[test]
fn one_whose_id_is_another_now_is_found_by_its_label() {
    let (mut desk, call) = talking_by_headset();
    desk.act(Act::HangUp(call));
    desk.sent.clear();
    desk.call_wants_it();
    desk.requests();
    desk.opened(Err(MicrophoneFault::Gone));
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), List(Finding)]);
    desk.listed(Finding, Some(listed("other")));
    let again = Open(Some(headset("other")), CHOSEN);
    assert_eq!(desk.requests(), [Asked::DropEarlier, again]);
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Use, Ready(Ok(()))]);
    assert_eq!(desk.phone().notice(), None);
}

#[test]
fn where_the_chosen_one_is_not_there_the_systems_own_is_used_and_that_is_said() {
    let (mut desk, call) = talking_by_headset();
    desk.act(Act::HangUp(call));
    desk.sent.clear();
    desk.call_wants_it();
    desk.opened(Err(MicrophoneFault::Gone));
    desk.opened(Ok(false));
    desk.requests();
    desk.listed(Finding, None);
    assert_eq!(desk.requests(), [Use, Ready(Ok(()))]);
    assert_eq!(desk.phone().notice(), Some(&Notice::DeviceGone("Headset".into())));
}

#[test]
fn one_that_is_unplugged_makes_way_for_another_and_that_is_said() {
    let (mut desk, _) = talking_by_headset();
    desk.microphone(Is(Condition::Ended("Headset".into())));
    assert_eq!(desk.requests(), [Open(Some(headset("one")), CHOSEN)]);
    desk.opened(Err(MicrophoneFault::Gone));
    desk.opened(Ok(false));
    desk.listed(Finding, Some(Vec::new()));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), List(Finding), Use]);
    assert_eq!(desk.phone().notice(), Some(&Notice::DeviceGone("Headset".into())));
    assert_eq!(desk.phone().unheard(), None);
}

#[test]
fn one_that_is_unplugged_and_has_no_other_makes_way_for_silence() {
    let (mut desk, _) = talking();
    desk.microphone(Is(Condition::Ended("Microphone".into())));
    desk.opened(Err(FAILED));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Silence]);
    let without = Some(Unheard::Without(MediaFailure::MicrophoneNotFound));
    assert_eq!(desk.phone().unheard(), without);
    desk.input(Input::Page(Page::Devices(listed("new"))));
    assert_eq!(desk.requests(), [Open(None, CHOSEN)], "what comes is tried at once");
}

#[test]
fn one_that_the_system_silences_is_opened_again_after_two_seconds() {
    let (mut desk, _) = talking();
    desk.microphone(Is(Condition::Silenced));
    desk.advance(Duration::from_millis(1999));
    assert_eq!(desk.requests(), []);
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
    desk.opened(Ok(true));
    assert_eq!(desk.requests(), [Use]);
    assert_eq!(desk.phone().unheard(), Some(Unheard::Silenced));
    desk.advance(Duration::from_secs(30));
    assert_eq!(desk.requests(), [], "it comes back by itself");
    desk.microphone(Is(Condition::Well));
    assert_eq!(desk.phone().unheard(), None);
}

#[test]
fn one_that_is_silenced_for_a_moment_is_left_alone() {
    let (mut desk, _) = talking();
    desk.microphone(Is(Condition::Silenced));
    desk.advance(Duration::from_secs(1));
    desk.microphone(Is(Condition::Well));
    desk.advance(Duration::from_secs(10));
    assert_eq!(desk.requests(), []);
}

#[test]
fn where_two_cannot_be_open_at_once_the_first_goes_first() {
    let (mut desk, _) = talking();
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    desk.opened(Err(IN_USE));
    let open = Open(Some(headset("one")), CHOSEN);
    assert_eq!(desk.requests(), [open.clone(), Silence, open]);
    desk.opened(Err(IN_USE));
    assert_eq!(desk.requests(), [Silence], "once");
    let without = Some(Unheard::Without(MediaFailure::MicrophoneInUse));
    assert_eq!(desk.phone().unheard(), without);
}

#[test]
fn the_sound_is_treated_in_the_call_or_by_opening_it_anew() {
    let (mut desk, _) = talking();
    let plain = Treatment { echo: false, ..CHOSEN };
    desk.act(Act::Treat(plain));
    assert_eq!(desk.requests(), [Treat(plain)]);
    desk.microphone(Untreated);
    assert_eq!(desk.requests(), [Silence, Open(None, plain)]);
    desk.act(Act::Treat(CHOSEN));
    assert_eq!(desk.requests(), [], "what is being opened is treated as was wanted before");
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Asked::UseEarlier, Silence, Open(None, CHOSEN)]);
}

#[test]
fn who_has_the_noise_taken_out_here_leaves_it_in_the_browser() {
    let (mut desk, _) = talking();
    desk.act(Act::Set(Setting::Denoise(true)));
    let left_in = Treatment { noise: false, ..CHOSEN };
    assert_eq!(desk.requests(), [Open(None, left_in)]);
    desk.opened(Ok(false));
    desk.requests();
    desk.input(Input::Page(Page::NotDenoised));
    assert_eq!(desk.phone().notice(), Some(&Notice::NotDenoised));
    assert!(!desk.phone().settings().denoise);
    assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
}

#[test]
fn the_level_is_shown_where_the_user_has_allowed_the_microphone() {
    let mut desk = Desk::registered();
    desk.act(Act::OpenMeter { asks: false });
    let unnamed = Some(vec![(Class::SoundIn, Device::default())]);
    desk.listed(Measuring { asks: false }, unnamed.clone());
    assert_eq!(
        desk.requests(),
        [Measure(true), List(Measuring { asks: false })],
        "nobody is asked"
    );
    desk.act(Act::OpenMeter { asks: true });
    desk.listed(Measuring { asks: true }, unnamed);
    assert_eq!(
        desk.requests(),
        [Measure(true), List(Measuring { asks: true }), Open(None, CHOSEN)]
    );
    desk.opened(Ok(false));
    assert_eq!(desk.requests(), [Use, List(Naming)]);
    desk.act(Act::CloseMeter);
    assert_eq!(desk.requests(), [Measure(false), Close]);
}

#[test]
fn who_refuses_the_level_is_told_and_may_be_asked_again() {
    let mut desk = Desk::registered();
    for _ in 0..2 {
        desk.act(Act::OpenMeter { asks: true });
        desk.listed(Measuring { asks: true }, None);
        desk.opened(Err(REFUSED));
        let unheard = Some(Unheard::Without(MediaFailure::MicrophoneRefused));
        assert_eq!(desk.phone().unheard(), unheard);
        assert_eq!(
            desk.requests(),
            [Measure(true), List(Measuring { asks: true }), Open(None, CHOSEN)]
        );
    }
    desk.act(Act::CloseMeter);
    assert_eq!(desk.phone().unheard(), None);
}
