//! Whose sound goes where, besides the call in front.

use super::*;
use webphone::station::{RecorderEvent, RecorderRequest};

impl Desk {
    /// The call is being recorded.
    fn record(&mut self, call: CallId) {
        self.act(Act::ToggleRecording(call));
        self.act(Act::ConsentToRecording(true));
        assert!(matches!(self.asked.back(), Some(Output::Recorder(RecorderRequest::Start { .. }))));
        self.input(Input::Recorder(RecorderEvent::Started("audio/webm".into())));
    }
}

#[test]
fn those_of_a_conference_hear_each_other_once_their_sound_is_there() {
    let (mut desk, ana, bob) = Desk::with_two_calls();
    let both = [(ana, true), (bob, true)];
    assert_eq!(desk.phone().mixed(&both, false), [], "one of them is held");
    desk.act(Act::Join);
    desk.accept();
    desk.request(Method::Ack);
    assert_eq!(desk.phone().mixed(&both, false), [ana, bob]);
    assert_eq!(desk.phone().mixed(&[(ana, true), (bob, false)], false), []);
    desk.act(Act::Part);
    assert_eq!(desk.phone().mixed(&both, false), []);
}

#[test]
fn who_is_recorded_alone_hears_the_tone_and_nobody_else() {
    let (mut desk, ana, bob) = Desk::with_two_calls();
    desk.record(bob);
    let both = [(ana, true), (bob, false)];
    assert_eq!(desk.phone().mixed(&both, true), [bob]);
    assert_eq!(desk.phone().mixed(&both, false), [], "without the tone nothing is mixed");
}

#[test]
fn a_call_that_is_held_does_not_go_into_the_recording() {
    let (mut desk, ana, bob) = Desk::with_two_calls();
    desk.record(bob);
    let recorded = |desk: &Desk| [ana, bob].map(|call| desk.phone().goes_into_recording(call));
    assert_eq!(recorded(&desk), [false, true]);
    desk.act(Act::Hold(bob));
    desk.accept();
    assert_eq!(recorded(&desk), [false, false]);
}

#[test]
fn the_muted_microphone_of_the_call_in_front_is_listened_to_while_nobody_holds_it() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    assert_eq!(desk.phone().listens_to_muted(), None);
    desk.act(Act::ToggleMute(ana));
    assert_eq!(desk.phone().listens_to_muted(), Some(ana));
    desk.act(Act::Hold(ana));
    desk.accept();
    assert_eq!(desk.phone().listens_to_muted(), None);
}

#[test]
fn the_tones_of_keys_end_where_they_do_not_get_there_or_another_call_is_in_front() {
    let (mut desk, ana, bob) = Desk::with_two_calls();
    assert_eq!([ana, bob].map(|call| desk.phone().hears_keys_of(call)), [false, true]);
    desk.sent.clear();
    desk.input(Input::KeysUnsent { call: bob, keys: "1".into() });
    let info = desk.request(Method::Info);
    desk.reply(&info, 415, &[], "");
    assert!(!desk.phone().hears_keys_of(bob));
}

#[test]
fn a_call_may_be_answered_while_it_rings() {
    let mut desk = Desk::registered();
    assert!(!desk.phone().may_answer());
    desk.ring(&invite("b", "z9hG4bK-1"));
    assert!(desk.phone().may_answer());
    desk.call("1003");
    assert!(desk.phone().may_answer());
    let call = desk.phone().calls()[0].id;
    desk.act(Act::Decline(call));
    assert!(!desk.phone().may_answer());
}
