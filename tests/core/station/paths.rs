//! The media of a call do not get through any more, and another way is looked for.

use super::*;
use webphone::phone::Notice;

/// How often another way was looked for since this was asked last.
fn attempts(desk: &mut Desk) -> usize {
    let attempts = desk.plans.drain(..).filter(|(_, plan)| plan.another_path).count();
    let invites = desk
        .sent
        .drain(..)
        .filter(|sent| matches!(sent, Sent::Request(request) if request.method == Method::Invite));
    assert_eq!(invites.count(), attempts, "each is told to the other side");
    attempts
}

/// The other side agrees to what was offered last.
fn agree(desk: &mut Desk) {
    desk.accept();
    desk.request(Method::Ack);
}

#[test]
fn the_caller_looks_for_another_way_as_soon_as_the_call_has_not_just_ended() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.advance(Duration::from_millis(299));
    assert_eq!(attempts(&mut desk), 0);
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.plans, [(call, ANOTHER_PATH)]);
    agree(&mut desk);
}

#[test]
fn the_called_side_leaves_it_to_the_caller_for_two_seconds() {
    let mut desk = Desk::registered();
    let call = desk.ring(&invite("b", "z9hG4bK-1"));
    desk.act(Act::Answer { call, others: webphone::phone::Others::Hold, video: false });
    let ok = desk.response(200);
    desk.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    desk.plans.clear();
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.advance(Duration::from_millis(1999));
    assert_eq!(attempts(&mut desk), 0);
    desk.advance(Duration::from_millis(1));
    assert_eq!(attempts(&mut desk), 1);
}

#[test]
fn it_is_tried_again_until_the_media_get_through() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::MediaEvent(call, MediaEvent::SoundLost { refused: false }));
    assert_eq!(desk.phone().notice(), Some(&Notice::SoundLost));
    for _ in 0..2 {
        // Browsers tell it again and again.
        desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    }
    desk.advance(Duration::from_millis(300));
    agree(&mut desk);
    for _ in 0..3 {
        desk.plans.clear();
        desk.advance(Duration::from_secs(7));
        assert_eq!(desk.plans, [(call, ANOTHER_PATH)]);
        agree(&mut desk);
    }
    desk.plans.clear();
    desk.input(Input::MediaEvent(call, MediaEvent::PathFound));
    assert_eq!(desk.phone().notice(), None);
    desk.advance(Duration::from_secs(30));
    assert_eq!(attempts(&mut desk), 0);
}

#[test]
fn a_way_that_comes_and_goes_is_looked_for_no_more_often() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.advance(Duration::from_millis(300));
    agree(&mut desk);
    desk.plans.clear();
    desk.advance(Duration::from_secs(1));
    desk.input(Input::MediaEvent(call, MediaEvent::PathFound));
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.advance(Duration::from_millis(5999));
    assert_eq!(attempts(&mut desk), 0);
    desk.advance(Duration::from_millis(1));
    assert_eq!(attempts(&mut desk), 1);
}

#[test]
fn a_call_that_ends_needs_no_way() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.act(Act::HangUp(call));
    let bye = desk.request(Method::Bye);
    desk.reply(&bye, 200, &[], "");
    desk.advance(Duration::from_secs(30));
    assert_eq!(attempts(&mut desk), 0);
    desk.input(Input::MediaEvent(call, MediaEvent::PathLost));
    desk.advance(Duration::from_secs(30));
    assert_eq!(attempts(&mut desk), 0, "nor does one that has ended");
}

#[test]
fn in_another_network_each_call_looks_for_another_way_once_there_is_a_line() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::Page(Page::NetworkChanged));
    let opened =
        |asked: &Output| matches!(asked, Output::Link(webphone::sip::ua::LinkRequest::Open(_)));
    assert!(desk.asked.iter().any(opened), "the line is another: {:?}", desk.asked);
    desk.nothing_sent();
    assert_eq!(desk.plans, []);
    desk.input(Input::Link(LinkEvent::Opened));
    let register = desk.request(Method::Register);
    desk.grant(&register);
    assert_eq!(desk.plans, [(call, ANOTHER_PATH)]);
    agree(&mut desk);
}
