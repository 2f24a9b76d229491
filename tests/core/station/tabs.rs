//! What is asked for in a tab that shows the telephone of another.

use super::*;
use webphone::media::quality::Sample;
use webphone::media::quality::sample::Link;
use webphone::phone::{Notice, Others, Progress};
use webphone::sip::wire::Uri;
use webphone::station::MessageAct;

/// Another tab, which shows the telephone of this one.
fn mirror_of(desk: &Desk) -> Desk {
    let mut other = Desk::in_browser(&desk.browser, browser::provision());
    other.browser.set("webphone.stays", "1");
    other.moment = desk.moment;
    // The first time it only learns that there is one, and asks.
    for _ in 0..2 {
        other.input(Input::Tab(&desk.shown));
    }
    let asked = [Output::Tell("?".into()), Output::Claim(Claim::InTurn)];
    assert_eq!(std::mem::take(&mut other.asked), asked);
    other
}

impl Desk {
    /// What was asked for in another tab comes to this one.
    fn hear(&mut self, act: &Act) {
        self.input(Input::Tab(&act.write().expect("what another tab does")));
    }
}

/// What this tab tells the one that has the telephone.
fn told(other: &mut Desk) -> Vec<Act> {
    let told = other.asked.drain(..).filter_map(|output| match output {
        Output::Tell(text) => Some(Act::read(&text).expect("what can be read")),
        _ => None,
    });
    told.collect()
}

#[test]
fn what_its_user_wants_is_done_in_the_tab_that_has_the_telephone() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let bob = desk.ring(&invite("b", "z9hG4bK-1"));
    let mut other = mirror_of(&desk);
    other.act(Act::Answer { call: bob, others: Others::Hold, video: false });
    other.nothing_sent();
    for act in told(&mut other) {
        desk.hear(&act);
    }
    let hold = desk.request(Method::Invite);
    assert_ne!(hold.call_id(), "b", "the call with Ana is held");
    desk.response(200);
    assert_eq!(desk.phone().call().map(|call| call.id), Some(bob));
    other.act(Act::ToggleMute(bob));
    told(&mut other).into_iter().for_each(|act| desk.hear(&act));
    let muted: Vec<_> = desk.phone().calls().iter().map(|call| (call.id, call.muted)).collect();
    assert_eq!(muted, [(ana, false), (bob, true)]);
}

#[test]
fn a_call_can_end_the_others_from_another_tab_too() {
    let mut desk = Desk::registered();
    desk.call("1003");
    let bob = desk.ring(&invite("b", "z9hG4bK-1"));
    let mut other = mirror_of(&desk);
    other.act(Act::Answer { call: bob, others: Others::End, video: false });
    told(&mut other).into_iter().for_each(|act| desk.hear(&act));
    desk.request(Method::Bye);
    desk.response(200);
}

#[test]
fn two_calls_are_swapped_from_another_tab() {
    let (desk, ana, _) = Desk::with_two_calls();
    let mut other = mirror_of(&desk);
    other.act(Act::Swap);
    assert_eq!(told(&mut other), [Act::Resume(ana)]);
    assert_eq!(other.phone().call().map(|call| call.id), Some(ana), "it shows at once");
}

#[test]
fn what_is_wanted_shows_at_once_where_it_was_asked_for() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let bob = desk.ring(&invite("b", "z9hG4bK-1"));
    let mut other = mirror_of(&desk);
    other.act(Act::Hold(ana));
    assert!(other.phone().hold_changes(ana));
    other.act(Act::Answer { call: bob, others: Others::Hold, video: false });
    assert_eq!(other.phone().get(bob).map(|call| &call.progress), Some(&Progress::Answering));
    other.nothing_sent();
}

#[test]
fn what_takes_the_telephone_itself_is_not_done_from_another_tab() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let mut other = mirror_of(&desk);
    for act in [Act::Join, Act::ToggleCamera(ana), Act::ToggleRecording(ana), Act::Retry] {
        other.act(act);
    }
    assert_eq!(told(&mut other), []);
    assert_eq!(other.phone().reflect(), mirror_of(&desk).phone().reflect());
}

#[test]
fn a_new_version_that_nobody_has_read_here_is_offered_though_another_tab_puts_its_own_notice_away()
{
    let mut desk = Desk::registered();
    desk.input(Input::Page(Page::NewVersion));
    desk.hear(&Act::DismissNotice);
    assert_eq!(desk.phone().notice(), Some(&Notice::NewVersion));
}

#[test]
fn hold_is_by_what_the_other_tab_shows() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let mut other = mirror_of(&desk);
    other.act(Act::ToggleHold(ana));
    other.act(Act::ToggleHold(ana));
    assert_eq!(told(&mut other), [Act::Hold(ana), Act::Hold(ana)], "a hasty press is no other");
}

#[test]
fn what_cannot_be_called_is_told_where_it_was_typed() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let mut other = mirror_of(&desk);
    other.act(call("nobody at all"));
    assert_eq!(other.phone().notice(), Some(&Notice::CannotDial));
    other.act(Act::DismissNotice);
    assert_eq!(other.phone().notice(), None);
    assert_eq!(told(&mut other), [Act::DismissNotice]);
    other.act(Act::Transfer { call: ana, to: Whom::Typed("1004,,1".into()) });
    assert_eq!(other.phone().notice(), Some(&Notice::CannotDial));
    desk.act(call("1004"));
    let mut other = mirror_of(&desk);
    other.act(call("1005"));
    assert!(matches!(other.phone().notice(), Some(Notice::TooManyCalls(_))));
    assert_eq!(told(&mut other), []);
}

#[test]
fn keys_that_are_dialled_in_another_tab_are_sent_from_the_one_that_has_the_telephone() {
    let mut desk = Desk::registered();
    let mut other = mirror_of(&desk);
    other.act(call("1002,,7"));
    assert_eq!(other.phone().calls(), [], "nobody is called from there");
    told(&mut other).into_iter().for_each(|act| desk.hear(&act));
    assert_eq!(desk.accept().uri.to_string(), "sip:1002@example.com");
    let id = desk.phone().call().expect("a call").id;
    let sample = Sample { link: Link::Up, ..Sample::default() };
    desk.asked.clear();
    desk.input(Input::MediaEvent(id, MediaEvent::Measured(Box::new(sample), None)));
    let keys = ",,7".to_owned();
    assert!(desk.asked.contains(&Output::Keys { call: id, keys }), "{:?}", desk.asked);
}

#[test]
fn a_consultation_from_another_tab_can_be_completed_in_this_one() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let mut other = mirror_of(&desk);
    other.act(Act::Consult { call: ana, to: Whom::Typed("1004".into()) });
    told(&mut other).into_iter().for_each(|act| desk.hear(&act));
    assert_eq!(desk.phone().consultation().and_then(|call| call.consults_for), Some(ana));
}

#[test]
fn keys_that_are_pressed_in_another_tab_are_shown_there_and_sent_here() {
    let mut desk = Desk::registered();
    let ana = desk.call("1003");
    let mut other = mirror_of(&desk);
    other.act(Act::Keys { call: ana, keys: "1x2".into() });
    assert_eq!(other.phone().call().map(|call| call.keys.as_str()), Some("12"));
    assert_eq!(told(&mut other), [Act::Keys { call: ana, keys: "12".into() }]);
}

#[test]
fn each_act_that_goes_to_another_tab_is_read_as_it_was_written() {
    for text in [
        "call\t0\tsip:1002@example.com",
        "answer\t7\t0",
        "answer\t7\t1",
        "decline\t7",
        "hang-up\t7",
        "end\t7",
        "hold\t7",
        "resume\t7",
        "mute\t7",
        "dismiss\t0",
        "transfer\t7\tsip:1002@example.com",
        "consult\t7\tsip:1002@example.com",
        "keys\t7\t12#",
    ] {
        assert_eq!(Act::read(text).and_then(|act| act.write()).as_deref(), Some(text));
    }
    for broken in ["", "call\t0", "call\t0\tnobody at all", "answer\tx\t", "what\t1\t"] {
        assert_eq!(Act::read(broken), None, "{broken}");
    }
    let address = Uri::parse("sip:1002@example.com").expect("a URI");
    for own in [
        Act::Retry,
        Act::Set(Setting::DoNotDisturb(true)),
        Act::Message(MessageAct::Delete(address)),
    ] {
        assert_eq!(own.write(), None, "{own:?} is asked for where the telephone is");
    }
}
