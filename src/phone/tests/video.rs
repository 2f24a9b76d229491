//! Pictures: what the user shows, and what becomes of it.

use super::*;
use crate::media::sdp::video::Flow;
use crate::phone::video::{Own, Source};
use crate::phone::{Others, video};

const ANA: &str = "sip:1002@example.com";
const ID: CallId = CallId(1);

fn flow(phone: &mut Phone, sends: bool, receives: bool) {
    assert_eq!(tell(phone, CallEvent::VideoChanged(Flow { sends, receives })), []);
}

fn pictures(phone: &Phone) -> &video::Video {
    &phone.get(ID).expect("the call").video
}

fn in_call() -> Phone {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone
}

/// A call in which our camera is seen.
fn seen() -> Phone {
    let mut phone = in_call();
    assert_eq!(phone.toggle_camera(ID), [], "the camera is opened first");
    assert_eq!(pictures(&phone).own, Own::Opening(Source::Camera));
    assert_eq!(phone.picture_opened(ID), [Command::Reoffer(ID)]);
    flow(&mut phone, true, false);
    assert_eq!(pictures(&phone).own, Own::Shown(Source::Camera));
    phone
}

/// A ringing call whose caller offers a picture.
fn offered() -> Phone {
    let mut phone = signed_in();
    let mut caller = Caller::new(None, uri(ANA));
    caller.video = true;
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    assert!(pictures(&phone).offered);
    phone
}

#[test]
fn a_camera_is_shown_once_both_ends_agree_and_off_at_once() {
    let mut phone = seen();
    assert_eq!(phone.toggle_camera(ID), [Command::Reoffer(ID)]);
    assert_eq!(pictures(&phone).source(), None);
    flow(&mut phone, false, false);
    assert_eq!(phone.notice(), None, "it was the user's wish");
}

#[test]
fn a_camera_that_is_on_again_before_its_end_is_agreed_on_is_offered_anew() {
    let mut phone = seen();
    phone.toggle_camera(ID);
    phone.toggle_camera(ID);
    assert_eq!(phone.picture_opened(ID), [Command::Reoffer(ID)]);
    flow(&mut phone, true, false);
    assert_eq!(pictures(&phone).own, Own::Shown(Source::Camera));
}

#[test]
fn a_camera_that_can_be_offered_no_more_is_off_and_that_is_said() {
    let mut phone = in_call();
    phone.toggle_camera(ID);
    phone.picture_barred(ID);
    assert_eq!(pictures(&phone).own, Own::None);
    assert!(matches!(phone.notice(), Some(Notice::VideoRefused(who)) if who.label() == "1002"));
}

#[test]
fn a_camera_that_was_offered_to_nobody_is_off_without_a_word() {
    let mut phone = in_call();
    phone.toggle_camera(ID);
    assert_eq!(phone.toggle_camera(ID), []);
    assert_eq!(phone.picture_opened(ID), [], "it came too late");
}

#[test]
fn a_camera_that_cannot_be_opened_is_said_and_the_call_goes_on() {
    let mut phone = in_call();
    phone.toggle_camera(ID);
    assert_eq!(phone.picture_failed(ID, PictureFailure::InUse), []);
    let told = Notice::NoPicture(Source::Camera, PictureFailure::InUse);
    assert_eq!((phone.notice(), pictures(&phone).source()), (Some(&told), None));
    assert!(phone.call().is_some_and(Call::is_up));
}

#[test]
fn a_camera_that_is_unplugged_is_taken_back() {
    let mut phone = seen();
    assert_eq!(phone.picture_ended(ID), [Command::Reoffer(ID)]);
    let told = Notice::NoPicture(Source::Camera, PictureFailure::Gone);
    assert_eq!((phone.notice(), pictures(&phone).own), (Some(&told), Own::None));
}

#[test]
fn the_screen_takes_the_place_of_the_camera_and_gives_it_back() {
    let mut phone = seen();
    assert_eq!(phone.toggle_screen(ID), []);
    assert_eq!(phone.picture_opened(ID), [], "the track is replaced");
    assert_eq!(pictures(&phone).own, Own::Shown(Source::Screen));
    assert_eq!(phone.picture_ended(ID), [], "by the browser's own button");
    assert_eq!(pictures(&phone).own, Own::Opening(Source::Camera));
    assert_eq!(phone.picture_opened(ID), []);
    assert_eq!((pictures(&phone).own, phone.notice()), (Own::Shown(Source::Camera), None));
}

#[test]
fn the_screen_of_a_call_without_pictures_is_offered_and_goes_again() {
    let mut phone = in_call();
    phone.toggle_screen(ID);
    assert_eq!(phone.picture_opened(ID), [Command::Reoffer(ID)]);
    flow(&mut phone, true, false);
    assert_eq!(phone.toggle_screen(ID), [Command::Reoffer(ID)]);
    assert_eq!(pictures(&phone).source(), None);
}

#[test]
fn a_screen_that_is_not_chosen_leaves_the_camera_on() {
    let mut phone = seen();
    phone.toggle_screen(ID);
    assert_eq!(phone.picture_failed(ID, PictureFailure::Refused), []);
    assert_eq!(pictures(&phone).source(), Some(Source::Camera));
    let told = Notice::NoPicture(Source::Screen, PictureFailure::Refused);
    assert_eq!(phone.notice(), Some(&told));
}

#[test]
fn a_picture_that_the_other_side_refuses_is_taken_back() {
    for refused in
        [CallEvent::VideoRefused, CallEvent::VideoChanged(Flow { sends: false, receives: false })]
    {
        let mut phone = in_call();
        phone.toggle_camera(ID);
        phone.picture_opened(ID);
        tell(&mut phone, refused);
        assert_eq!(pictures(&phone).own, Own::None);
        assert!(matches!(phone.notice(), Some(Notice::VideoRefused(who)) if who.label() == "1002"));
    }
}

#[test]
fn the_other_side_ends_the_pictures() {
    let mut phone = seen();
    flow(&mut phone, true, true);
    flow(&mut phone, true, false);
    assert_eq!((pictures(&phone).sees, phone.notice()), (false, None), "only its own");
    flow(&mut phone, false, false);
    assert_eq!(pictures(&phone).own, Own::None);
    assert!(matches!(phone.notice(), Some(Notice::VideoEnded(who)) if who.label() == "1002"));
}

#[test]
fn a_hold_ends_no_picture() {
    for (local, remote) in [(true, false), (false, true)] {
        let mut phone = seen();
        tell(&mut phone, CallEvent::HoldChanged { local, remote });
        flow(&mut phone, false, false);
        assert_eq!(pictures(&phone).own, Own::Shown(Source::Camera));
        tell(&mut phone, CallEvent::HoldChanged { local: false, remote: false });
        flow(&mut phone, true, true);
        assert_eq!((pictures(&phone).own, phone.notice()), (Own::Shown(Source::Camera), None));
    }
}

#[test]
fn a_refusal_of_its_end_changes_nothing() {
    let mut phone = seen();
    phone.toggle_camera(ID);
    tell(&mut phone, CallEvent::VideoRefused);
    assert_eq!((pictures(&phone).own, phone.notice()), (Own::None, None));
}

#[test]
fn who_is_shown_a_picture_is_asked_once_for_one_of_their_own() {
    let mut phone = in_call();
    flow(&mut phone, false, true);
    assert!(pictures(&phone).asks());
    assert_eq!(phone.decide_camera(ID, false), []);
    flow(&mut phone, false, false);
    flow(&mut phone, false, true);
    assert!(!pictures(&phone).asks(), "the answer was no");

    let mut phone = in_call();
    flow(&mut phone, false, true);
    flow(&mut phone, false, false);
    assert!(!pictures(&phone).asks(), "it is gone");
    flow(&mut phone, false, true);
    assert!(pictures(&phone).asks());
    assert_eq!(phone.decide_camera(ID, true), []);
    assert_eq!(pictures(&phone).own, Own::Opening(Source::Camera));

    let mut phone = seen();
    flow(&mut phone, true, true);
    assert!(!pictures(&phone).asks());
}

#[test]
fn a_camera_that_opens_while_the_other_side_changes_something_is_kept() {
    let mut phone = in_call();
    phone.toggle_camera(ID);
    flow(&mut phone, false, true);
    assert_eq!(pictures(&phone).own, Own::Opening(Source::Camera));
    assert_eq!(phone.picture_opened(ID), [Command::Reoffer(ID)]);
}

#[test]
fn a_call_is_placed_with_a_picture_and_the_next_without() {
    let mut phone = signed_in();
    assert_eq!(phone.place_with_video(Some(uri(ANA))), [call(1, uri(ANA))]);
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(pictures(&phone).own, Own::Offered(Source::Camera));
    tell(&mut phone, CallEvent::Answered);
    flow(&mut phone, true, true);
    assert_eq!(
        (pictures(&phone).own, pictures(&phone).asks()),
        (Own::Shown(Source::Camera), false)
    );
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri("sip:1003@example.com")));
    assert_eq!(phone.get(CallId(2)).map(|call| call.video.source()), Some(None));

    assert_eq!(phone.place_with_video(None), []);
    tell_of(&mut phone, 3, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(phone.get(CallId(3)).map(|call| call.video.source()), Some(None));
}

#[test]
fn a_call_without_a_camera_is_placed_all_the_same() {
    let mut phone = signed_in();
    phone.place_with_video(Some(uri(ANA)));
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(phone.picture_failed(ID, PictureFailure::NotFound), []);
    assert_eq!(pictures(&phone).own, Own::None);
    tell(&mut phone, CallEvent::Answered);
    flow(&mut phone, false, true);
    assert!(pictures(&phone).sees && !pictures(&phone).asks());
    let told = Notice::NoPicture(Source::Camera, PictureFailure::NotFound);
    assert_eq!(phone.notice(), Some(&told));
}

#[test]
fn who_takes_no_pictures_is_called_with_sound() {
    let rejected = |status| {
        CallEvent::Ended(EndReason::Rejected { status, reason: String::new(), retry_after: None })
    };
    let mut phone = signed_in();
    phone.place_with_video(Some(uri(ANA)));
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(tell(&mut phone, rejected(488)), [call(2, uri(ANA))]);
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(phone.get(CallId(2)).map(|call| call.video.source()), Some(None));
    assert!(matches!(phone.notice(), Some(Notice::CalledWithoutVideo(_))));
    assert_eq!(tell_of(&mut phone, 2, rejected(488)), [], "once");

    phone.place_with_video(Some(uri(ANA)));
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    assert_eq!(tell(&mut phone, rejected(486)), [], "who is busy stays so");
}

#[test]
fn a_call_with_a_picture_is_answered_with_one_or_without() {
    let mut phone = offered();
    assert_eq!(phone.answer(ID, Others::Hold), [Command::Answer(ID)]);
    tell(&mut phone, CallEvent::Answered);
    flow(&mut phone, false, true);
    assert_eq!((pictures(&phone).own, pictures(&phone).asks()), (Own::None, false));

    let mut phone = offered();
    assert_eq!(phone.answer_with_video(ID, Others::Hold), [Command::Answer(ID)]);
    assert_eq!(pictures(&phone).own, Own::Offered(Source::Camera));
    tell(&mut phone, CallEvent::AnswerFailed(MediaFailure::MicrophoneInUse));
    assert_eq!((pictures(&phone).own, pictures(&phone).offered), (Own::None, true));
}

#[test]
fn the_other_camera_takes_the_place_of_the_first() {
    let mut phone = seen();
    let back = |phone: &Phone| pictures(phone).wish().map(|wish| wish.back);
    assert_eq!(phone.flip_camera(ID), []);
    assert_eq!((back(&phone), pictures(&phone).own), (Some(true), Own::Shown(Source::Camera)));
    assert_eq!(phone.picture_opened(ID), []);
    phone.toggle_screen(ID);
    assert_eq!(back(&phone), Some(false), "a screen has no back");
}
