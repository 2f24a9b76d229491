//! The microphone of all calls, and what takes its place.

use super::*;
use webphone::media::devices::{Class, Device, Kind, Treatment};
use webphone::phone::{Notice, Unheard};
use webphone::station::{Condition, MicrophoneEvent, MicrophoneFault, MicrophoneRequest};

use MicrophoneEvent::{Is, Listed, Opened, Untreated, Wanted};
use MicrophoneRequest::{Close, List, Measure, Open, Ready, Silence, Treat, Use};

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

    /// What was asked of the microphone since this was asked last.
    fn requests(&mut self) -> Vec<MicrophoneRequest> {
        let requests = self.asked.drain(..).filter_map(|asked| match asked {
            Output::Microphone(request) => Some(request),
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
    desk.microphone(Opened(Ok(false)));
    desk.microphone(Listed(Some(listed("one"))));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Use, Ready(Ok(())), List]);
    (desk, call)
}

/// The same with a headset that was chosen.
fn talking_by_headset() -> (Desk, CallId) {
    let (mut desk, call) = talking();
    desk.act(Act::ChooseDevice(Kind::Microphone, Some(headset("one"))));
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Open(Some(headset("one")), CHOSEN), Use]);
    (desk, call)
}

#[test]
fn it_is_opened_with_the_first_call_and_let_go_of_after_the_last() {
    let (mut desk, call) = talking();
    desk.microphone(Wanted);
    assert_eq!(desk.requests(), [Ready(Ok(()))], "the second takes from it");
    desk.act(Act::HangUp(call));
    assert_eq!(desk.requests(), [Close]);
}

#[test]
fn two_calls_that_want_it_at_once_open_it_once() {
    let mut desk = Desk::registered();
    desk.call_wants_it();
    desk.microphone(Wanted);
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Use, Ready(Ok(())), List]);
}

#[test]
fn what_opens_after_the_call_has_ended_is_dropped() {
    let (mut desk, call) = talking();
    desk.act(Act::Treat(CHOSEN));
    desk.microphone(Untreated);
    desk.requests();
    desk.act(Act::HangUp(call));
    assert_eq!(desk.requests(), [Close]);
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [MicrophoneRequest::Drop]);
}

#[test]
fn without_one_the_call_has_silence_and_another_is_tried_every_five_seconds() {
    let mut desk = Desk::registered();
    desk.call_wants_it();
    desk.microphone(Opened(Err(FAILED)));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Silence, Ready(Ok(()))]);
    let without = Some(Unheard::Without(MediaFailure::MicrophoneNotFound));
    assert_eq!(desk.phone().unheard(), without);
    for _ in 0..2 {
        desk.advance(Duration::from_millis(4999));
        assert_eq!(desk.requests(), []);
        desk.advance(Duration::from_millis(1));
        assert_eq!(desk.requests(), [Open(None, CHOSEN)]);
        desk.microphone(Opened(Err(FAILED)));
        assert_eq!(desk.requests(), [], "the silence stays");
    }
    desk.advance(Duration::from_secs(5));
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Use]);
    assert_eq!(desk.phone().unheard(), None);
}

#[test]
fn who_refuses_it_has_no_call_and_is_not_asked_again() {
    let mut desk = Desk::registered();
    desk.call_wants_it();
    desk.microphone(Opened(Err(REFUSED)));
    let refused = MediaFailure::MicrophoneRefused;
    assert_eq!(desk.requests(), [Open(None, CHOSEN), Ready(Err(refused))]);
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
    assert_eq!(desk.requests(), [Silence, Ready(Ok(()))]);
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
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Use, Open(Some(headset("one")), CHOSEN)]);
}

#[test]
fn one_whose_id_is_another_now_is_found_by_its_label() {
    let (mut desk, call) = talking_by_headset();
    desk.act(Act::HangUp(call));
    desk.sent.clear();
    desk.call_wants_it();
    desk.requests();
    desk.microphone(Opened(Err(MicrophoneFault::Gone)));
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), List]);
    desk.microphone(Listed(Some(listed("other"))));
    let again = Open(Some(headset("other")), CHOSEN);
    assert_eq!(desk.requests(), [MicrophoneRequest::Drop, again]);
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Use, Ready(Ok(()))]);
    assert_eq!(desk.phone().notice(), None);
}

#[test]
fn where_the_chosen_one_is_not_there_the_systems_own_is_used_and_that_is_said() {
    let (mut desk, call) = talking_by_headset();
    desk.act(Act::HangUp(call));
    desk.sent.clear();
    desk.call_wants_it();
    desk.microphone(Opened(Err(MicrophoneFault::Gone)));
    desk.microphone(Opened(Ok(false)));
    desk.requests();
    desk.microphone(Listed(None));
    assert_eq!(desk.requests(), [Use, Ready(Ok(()))]);
    assert_eq!(desk.phone().notice(), Some(&Notice::DeviceGone("Headset".into())));
}

#[test]
fn one_that_is_unplugged_makes_way_for_another_and_that_is_said() {
    let (mut desk, _) = talking_by_headset();
    desk.microphone(Is(Condition::Ended("Headset".into())));
    assert_eq!(desk.requests(), [Open(Some(headset("one")), CHOSEN)]);
    desk.microphone(Opened(Err(MicrophoneFault::Gone)));
    desk.microphone(Opened(Ok(false)));
    desk.microphone(Listed(Some(Vec::new())));
    assert_eq!(desk.requests(), [Open(None, CHOSEN), List, Use]);
    assert_eq!(desk.phone().notice(), Some(&Notice::DeviceGone("Headset".into())));
    assert_eq!(desk.phone().unheard(), None);
}

#[test]
fn one_that_is_unplugged_and_has_no_other_makes_way_for_silence() {
    let (mut desk, _) = talking();
    desk.microphone(Is(Condition::Ended("Microphone".into())));
    desk.microphone(Opened(Err(FAILED)));
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
    desk.microphone(Opened(Ok(true)));
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
    desk.microphone(Opened(Err(IN_USE)));
    let open = Open(Some(headset("one")), CHOSEN);
    assert_eq!(desk.requests(), [open.clone(), Silence, open]);
    desk.microphone(Opened(Err(IN_USE)));
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
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Use, Silence, Open(None, CHOSEN)]);
}

#[test]
fn who_has_the_noise_taken_out_here_leaves_it_in_the_browser() {
    let (mut desk, _) = talking();
    desk.act(Act::Set(Setting::Denoise(true)));
    let left_in = Treatment { noise: false, ..CHOSEN };
    assert_eq!(desk.requests(), [Open(None, left_in)]);
    desk.microphone(Opened(Ok(false)));
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
    desk.microphone(Listed(Some(vec![(Class::SoundIn, Device::default())])));
    assert_eq!(desk.requests(), [Measure(true), List], "nobody is asked");
    desk.act(Act::OpenMeter { asks: true });
    desk.microphone(Listed(Some(vec![(Class::SoundIn, Device::default())])));
    assert_eq!(desk.requests(), [Measure(true), List, Open(None, CHOSEN)]);
    desk.microphone(Opened(Ok(false)));
    assert_eq!(desk.requests(), [Use, List]);
    desk.act(Act::CloseMeter);
    assert_eq!(desk.requests(), [Measure(false), Close]);
}

#[test]
fn who_refuses_the_level_is_told_and_may_be_asked_again() {
    let mut desk = Desk::registered();
    for _ in 0..2 {
        desk.act(Act::OpenMeter { asks: true });
        desk.microphone(Listed(None));
        desk.microphone(Opened(Err(REFUSED)));
        let unheard = Some(Unheard::Without(MediaFailure::MicrophoneRefused));
        assert_eq!(desk.phone().unheard(), unheard);
        assert_eq!(desk.requests(), [Measure(true), List, Open(None, CHOSEN)]);
    }
    desk.act(Act::CloseMeter);
    assert_eq!(desk.phone().unheard(), None);
}
