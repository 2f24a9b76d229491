//! A recording, kept piece by piece, and those that are kept.

use super::*;
use webphone::phone::{Notice, Recording, RecordingFault};
use webphone::station::{RecorderEvent, RecorderRequest};

use RecorderEvent::{Ended, Found, NotStarted, Piece, PieceKept, Saved, Started};
use RecorderRequest::{Delete, Finish, Keep, Label, Start, Stop};

impl Desk {
    fn recorder(&mut self, event: RecorderEvent) {
        self.input(Input::Recorder(event));
    }

    /// What was asked of the recorder since this was asked last.
    fn orders(&mut self) -> Vec<RecorderRequest> {
        let orders = self.asked.drain(..).filter_map(|asked| match asked {
            Output::Recorder(request) => Some(request),
            _ => None,
        });
        orders.collect()
    }

    /// The recordings that are shown.
    fn shelf(&self) -> Vec<u64> {
        self.station.recordings().of(None)
    }

    /// One piece comes and is kept; returns its place, and what is said of the recording.
    fn keep_piece(&mut self, bytes: u64) -> (u32, String) {
        self.recorder(Piece(bytes));
        let order = self.orders().pop();
        let Some(Keep { place, label, .. }) = order else { panic!("expected Keep, not {order:?}") };
        self.recorder(PieceKept(true));
        (place, label)
    }
}

/// A call that is being recorded; its number is the moment.
fn recording() -> (Desk, CallId) {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.act(Act::ToggleRecording(call));
    assert_eq!(desk.orders(), [], "everyone must agree first");
    desk.act(Act::ConsentToRecording(true));
    assert_eq!(desk.orders(), [Start { id: ID, beeps: true }]);
    desk.recorder(Started("audio/webm".into()));
    assert!(desk.phone().recording().since().is_some());
    (desk, call)
}

const ID: u64 = 1_790_000_000_000;

#[test]
fn it_is_kept_piece_by_piece_with_what_is_known_of_it_so_far() {
    let (mut desk, call) = recording();
    desk.advance(Duration::from_secs(1));
    let (place, label) = desk.keep_piece(4000);
    assert_eq!(place, 0);
    assert!(label.contains("length=1000") && label.contains("bytes=4000"), "{label}");
    desk.advance(Duration::from_secs(1));
    let (place, label) = desk.keep_piece(500);
    assert_eq!(place, 1);
    assert!(label.contains("length=2000") && label.contains("bytes=4500"), "{label}");
    assert!(!label.contains("finished=finished"), "{label}");
    desk.act(Act::ToggleRecording(call));
    assert_eq!(desk.orders(), [Stop { beep: true }]);
    assert_eq!(desk.phone().recording(), Recording::Saving(call));
    desk.keep_piece(100);
    desk.recorder(Ended);
    let orders = desk.orders();
    assert!(
        matches!(&orders[..], [Finish(Some((ID, label)))] if label.contains("finished=finished")),
        "{orders:?}"
    );
    assert!(desk.shelf().is_empty(), "not before it is written");
    desk.recorder(Saved);
    assert_eq!(desk.phone().recording(), Recording::Off);
    assert!(desk.asked.contains(&Output::RecordingsChanged));
    assert_eq!(desk.station.recordings().offered().map(|kept| kept.bytes), Some(4600));
}

#[test]
fn a_call_that_ends_ends_its_recording() {
    let (mut desk, call) = recording();
    desk.act(Act::HangUp(call));
    assert_eq!(desk.orders(), [Stop { beep: false }], "nobody hears a tone any more");
    desk.keep_piece(100);
    desk.recorder(Ended);
    desk.recorder(Saved);
    assert_eq!(desk.shelf(), [ID]);
}

#[test]
fn where_there_is_no_recorder_that_is_said_and_the_call_goes_on() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.act(Act::ToggleRecording(call));
    desk.act(Act::ConsentToRecording(true));
    desk.orders();
    desk.recorder(NotStarted(RecordingFault::Unsupported));
    let notice = Notice::NotRecorded(RecordingFault::Unsupported);
    assert_eq!(desk.phone().notice(), Some(&notice));
    assert_eq!(desk.phone().recording(), Recording::Off);
    assert!(desk.phone().call().is_some_and(|call| call.is_up()));
    desk.act(Act::ToggleRecording(call));
    desk.act(Act::ConsentToRecording(true));
    assert!(matches!(desk.orders()[..], [Start { .. }]), "it can be tried again");
}

#[test]
fn a_piece_that_is_not_kept_ends_it_and_what_follows_is_not_kept() {
    let (mut desk, _) = recording();
    desk.keep_piece(1000);
    desk.recorder(Piece(1000));
    desk.orders();
    desk.recorder(PieceKept(false));
    assert_eq!(desk.orders(), [Stop { beep: false }]);
    assert_eq!(desk.phone().notice(), Some(&Notice::NotRecorded(RecordingFault::Full)));
    desk.recorder(Piece(1000));
    assert_eq!(desk.orders(), [], "it could not be played");
    desk.recorder(Ended);
    desk.recorder(Saved);
    assert_eq!(desk.station.recordings().offered().map(|kept| kept.bytes), Some(1000));
    assert!(desk.phone().call().is_some_and(|call| call.is_up()));
}

#[test]
fn a_recorder_that_stops_by_itself_is_told_of_and_what_there_is_is_kept() {
    let (mut desk, _) = recording();
    desk.keep_piece(1000);
    desk.recorder(Ended);
    assert_eq!(desk.phone().notice(), Some(&Notice::NotRecorded(RecordingFault::Broken)));
    desk.recorder(Saved);
    assert_eq!(desk.phone().recording(), Recording::Off);
    assert_eq!(desk.shelf(), [ID]);
}

#[test]
fn of_a_recording_without_a_sound_nothing_is_left() {
    let (mut desk, call) = recording();
    desk.act(Act::ToggleRecording(call));
    desk.recorder(Ended);
    assert_eq!(desk.orders(), [Stop { beep: true }, Finish(None)]);
    desk.recorder(Saved);
    assert!(desk.shelf().is_empty());
}

#[test]
fn one_of_an_account_that_was_left_is_kept_and_not_shown_to_the_next() {
    let (mut desk, _) = recording();
    let (_, label) = desk.keep_piece(1000);
    let older = label.replace(&ID.to_string(), "1780000000000");
    desk.recorder(Found { labels: vec![older], running: Vec::new() });
    assert_eq!(desk.shelf(), [1_780_000_000_000]);
    desk.act(Act::SignOut);
    assert!(desk.shelf().is_empty());
    desk.recorder(Ended);
    let orders = desk.orders();
    assert!(matches!(orders[..], [Stop { beep: false }, Finish(Some(_))]), "{orders:?}");
    desk.act(browser::sign_in("1002", false));
    desk.recorder(Saved);
    assert!(desk.shelf().is_empty());
}

#[test]
fn those_that_are_kept_are_found_but_for_what_another_page_is_making() {
    let (mut desk, call) = recording();
    let (_, label) = desk.keep_piece(1000);
    desk.act(Act::HangUp(call));
    let mut next = Desk::in_browser(&desk.browser, browser::provision());
    let labels = vec![label.clone()];
    next.recorder(Found { labels: labels.clone(), running: vec![ID] });
    assert!(next.shelf().is_empty());
    let mut next = Desk::in_browser(&desk.browser, browser::provision());
    next.recorder(Found { labels, running: Vec::new() });
    assert_eq!(next.shelf(), [ID]);
    assert!(next.station.recordings().offered().is_some(), "it broke off");
    next.act(Act::DismissRecording);
    let orders = next.orders();
    assert!(
        matches!(&orders[..], [Label(ID, label)] if label.contains("finished=finished")),
        "{orders:?}"
    );
    assert_eq!(next.station.recordings().offered(), None);
    next.act(Act::DeleteRecording(ID));
    assert_eq!(next.orders(), [Delete(ID)]);
    assert!(next.shelf().is_empty());
}
