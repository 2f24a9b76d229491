//! Transfers: blind, after a consultation, and of two calls that stand.

use super::*;
use crate::sip::ua::TransferEvent;

const ANA: &str = "sip:1002@example.com";
const BOB: &str = "sip:1003@example.com";

/// Ana is held, Bob is consulted about her.
fn consulting() -> Phone {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let commands = phone.consult(CallId(1), Some(uri(BOB)));
    assert_eq!(commands, [Command::Hold(CallId(1)), call(2, uri(BOB))]);
    held(&mut phone, 1, true);
    tell_of(&mut phone, 2, CallEvent::Outgoing(uri(BOB)));
    assert_eq!(phone.call().and_then(|call| call.consults_for), Some(CallId(1)));
    phone
}

fn failed(status: u16) -> CallEvent {
    CallEvent::Transfer(TransferEvent::Failed { status, reason: String::new() })
}

#[test]
fn a_blind_transfer_goes_on_until_the_call_ends() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let command = Command::Transfer { call: CallId(1), target: uri(BOB) };
    assert_eq!(phone.transfer(CallId(1), Some(uri(BOB))), [command]);
    assert_eq!(phone.transfer(CallId(1), Some(uri(BOB))), [], "one at a time");
    tell(&mut phone, CallEvent::Transfer(TransferEvent::Ringing));
    assert_eq!(phone.call().and_then(|c| c.transfer.as_ref()).map(|t| t.rings), Some(true));
    tell(&mut phone, CallEvent::Transfer(TransferEvent::Done));
    tell(&mut phone, CallEvent::Ended(EndReason::Transferred));
    assert!(matches!(phone.notice(), Some(Notice::Transferred { party, target })
        if party.label() == "1002" && target.label() == "1003"));
}

#[test]
fn a_transfer_that_fails_gives_the_call_back_with_the_reason() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.hold(CallId(1));
    held(&mut phone, 1, true);
    phone.transfer(CallId(1), Some(uri(BOB)));
    assert_eq!(tell(&mut phone, failed(486)), [Command::Resume(CallId(1))]);
    assert_eq!(phone.call().map(|call| call.transfer.is_none()), Some(true));
    assert!(matches!(phone.notice(), Some(Notice::TransferFailed { status: 486, .. })));
}

#[test]
fn the_reason_of_a_failed_transfer_outlasts_the_call_that_the_server_ends_with_it() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    phone.transfer(CallId(1), Some(uri(BOB)));
    tell(&mut phone, failed(486));
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
    assert!(phone.call().is_none());
    assert!(matches!(phone.notice(), Some(Notice::TransferFailed { status: 486, .. })));
}

#[test]
fn what_cannot_be_called_is_not_transferred_to() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    assert_eq!(phone.transfer(CallId(1), None), []);
    assert_eq!(phone.notice(), Some(&Notice::CannotDial));
    assert_eq!(phone.consult(CallId(1), None), []);
    assert_eq!(heard(&phone), [1], "nothing is held for it");
}

#[test]
fn a_consultation_is_completed_by_connecting_the_two() {
    let mut phone = consulting();
    tell_of(&mut phone, 2, CallEvent::Answered);
    let command = Command::TransferTo { call: CallId(1), other: CallId(2) };
    assert_eq!(phone.complete_transfer(CallId(2)), [command]);
    assert_eq!(phone.complete_transfer(CallId(2)), [], "once is enough");
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!(front(&phone), Some(1), "it is not taken back while it is handed over");
    tell(&mut phone, CallEvent::Ended(EndReason::Transferred));
    assert!(matches!(phone.notice(), Some(Notice::Transferred { .. })));
}

#[test]
fn the_word_of_a_transfer_outlasts_the_call_with_its_target() {
    let mut phone = consulting();
    tell_of(&mut phone, 2, CallEvent::Answered);
    phone.complete_transfer(CallId(2));
    tell(&mut phone, CallEvent::Ended(EndReason::Transferred));
    tell_of(&mut phone, 2, CallEvent::Ended(EndReason::HungUpThere));
    assert!(matches!(phone.notice(), Some(Notice::Transferred { .. })));
}

#[test]
fn a_consultation_that_still_rings_becomes_a_blind_transfer() {
    let mut phone = consulting();
    tell_of(&mut phone, 2, CallEvent::Ringing);
    let commands = phone.complete_transfer(CallId(2));
    let transfer = Command::Transfer { call: CallId(1), target: uri(BOB) };
    assert_eq!(commands, [Command::HangUp(CallId(2)), transfer]);
}

#[test]
fn a_consultation_that_comes_to_nothing_leads_back_to_the_first_call() {
    let mut phone = consulting();
    let refused = EndReason::Rejected { status: 486, reason: String::new(), retry_after: None };
    assert_eq!(tell_of(&mut phone, 2, CallEvent::Ended(refused)), [Command::Resume(CallId(1))]);
    assert_eq!(front(&phone), Some(1));
    assert!(matches!(phone.notice(), Some(Notice::CallEnded { .. })), "and says why");
}

#[test]
fn an_attended_transfer_that_fails_leaves_both_calls() {
    let mut phone = consulting();
    tell_of(&mut phone, 2, CallEvent::Answered);
    phone.complete_transfer(CallId(2));
    assert_eq!(tell(&mut phone, failed(503)), []);
    assert_eq!((front(&phone), phone.calls().len()), (Some(2), 2));
    assert_eq!(phone.swap(), [Command::Hold(CallId(2)), Command::Resume(CallId(1))]);
}

#[test]
fn two_calls_that_stand_are_merged() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    assert_eq!(phone.merge(), []);
    phone.place(Some(uri(BOB)));
    up(&mut phone, 2, BOB);
    let command = Command::TransferTo { call: CallId(1), other: CallId(2) };
    assert_eq!(phone.merge(), [command]);
}

#[test]
fn the_users_word_decides_what_the_other_side_asks_for() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    let asked = || CallEvent::TransferRequested { target: uri(BOB), referred_by: None };
    tell(&mut phone, asked());
    let target = phone.call().and_then(|call| call.transfer_request.as_ref());
    assert_eq!(target.map(|request| request.target.label()), Some("1003"));
    assert_eq!(
        phone.decide_transfer(CallId(1), true),
        [Command::AcceptTransfer { call: CallId(1), id: CallId(2) }]
    );
    assert_eq!(phone.decide_transfer(CallId(1), true), [], "it was decided");
    tell(&mut phone, asked());
    assert_eq!(phone.decide_transfer(CallId(1), false), [Command::RefuseTransfer(CallId(1))]);
}

#[test]
fn a_consultation_is_known_from_both_of_its_sides() {
    let consultation = |phone: &Phone| phone.consultation().map(|call| call.id.0);
    let mut phone = consulting();
    assert_eq!(consultation(&phone), Some(2));
    tell_of(&mut phone, 2, CallEvent::Answered);
    phone.swap();
    assert_eq!((front(&phone), consultation(&phone)), (Some(1), Some(2)));
    tell_of(&mut phone, 1, CallEvent::Ended(EndReason::HungUpThere));
    assert_eq!((front(&phone), consultation(&phone)), (Some(2), None));
}
