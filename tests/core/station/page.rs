//! What happens to the telephone without anybody asking for it.

use super::*;
use crate::support::request;
use webphone::phone::{Notice, Progress};

/// The INVITE of a caller of the own domain whose side wants the call to be answered by itself.
fn intercom(call_id: &str, answer_after: u32) -> String {
    let headers = format!(
        "P-Asserted-Identity: <sip:1002@example.com>\r\nCall-Info: <sip:pbx>;answer-after={answer_after}\r\n"
    );
    request("INVITE", call_id, &format!("z9hG4bK-{call_id}"), &headers, SDP)
}

#[test]
fn a_call_that_asks_for_it_is_answered_at_its_moment_and_heard() {
    let mut desk = Desk::registered();
    desk.act(Act::Set(Setting::AutoAnswer(true)));
    desk.ring(&intercom("auto", 2));
    desk.asked.clear();
    desk.advance(Duration::from_millis(1999));
    desk.nothing_sent();
    desk.advance(Duration::from_millis(1));
    let ok = desk.response(200);
    assert_eq!(desk.asked, [Output::Alert]);
    desk.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    assert!(desk.phone().call().is_some_and(|call| call.is_up()));
    desk.advance(Duration::from_secs(5));
    assert_eq!(desk.asked, [Output::Alert], "once");
}

#[test]
fn a_call_is_not_answered_by_itself_beside_another_that_has_come_meanwhile() {
    let mut desk = Desk::registered();
    desk.act(Act::Set(Setting::AutoAnswer(true)));
    let first = desk.ring(&intercom("auto", 2));
    desk.ring(&invite("other", "z9hG4bK-o"));
    desk.advance(Duration::from_secs(3));
    desk.nothing_sent();
    let call = desk.phone().get(first).expect("the call");
    assert_eq!(call.progress, Progress::Incoming);
}

#[test]
fn whoever_hosts_the_page_hears_who_calls() {
    let mut desk = Desk::registered();
    desk.ring(&request("INVITE", "b", "z9hG4bK-1", "X-Customer: 4711\r\n", SDP));
    let called = Output::Called {
        name: Some("Bob".into()),
        address: Some("sip:1002@example.com".into()),
        headers: vec![("X-Customer".into(), "4711".into())],
    };
    assert_eq!(desk.asked, [called]);
}

#[test]
fn whoever_hosts_the_page_hears_no_address_of_a_caller_who_hides_it() {
    let mut desk = Desk::registered();
    desk.ring(&request("INVITE", "b", "z9hG4bK-1", "Privacy: id\r\n", SDP));
    assert!(
        matches!(&desk.asked[0], Output::Called { address: None, .. }),
        "it was {:?}",
        desk.asked
    );
}

#[test]
fn a_new_version_is_offered_when_nobody_is_called_and_only_until_that_is_read() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.input(Input::Page(Page::NewVersion));
    assert_eq!(desk.phone().notice(), None, "not in a call");
    desk.act(Act::HangUp(call));
    assert_eq!(desk.phone().notice(), Some(&Notice::NewVersion));
    desk.act(Act::CannotDial);
    desk.act(Act::DismissNotice);
    assert_eq!(desk.phone().notice(), Some(&Notice::NewVersion), "something else came between");
    desk.act(Act::DismissNotice);
    desk.input(Input::Page(Page::NewVersion));
    assert_eq!(desk.phone().notice(), None);
}

#[test]
fn an_account_that_the_server_refuses_goes_with_its_password() {
    let (mut desk, register) = Desk::registering();
    desk.reply(&register, 403, &[], "");
    assert!(desk.phone().fault().is_some());
    assert!(desk.asked.contains(&Output::Over), "{:?}", desk.asked);
    assert!(desk.asked.contains(&Output::Link(webphone::sip::ua::LinkRequest::Close)));
}

#[test]
fn a_call_outlasts_the_account_that_the_server_refuses() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    while desk.sent.is_empty() {
        desk.advance(Duration::from_secs(1));
    }
    let register = desk.request(Method::Register);
    desk.reply(&register, 403, &[], "");
    assert!(!desk.asked.contains(&Output::Over), "the call goes on");
    desk.act(Act::HangUp(call));
    let bye = desk.request(Method::Bye);
    desk.reply(&bye, 200, &[], "");
    assert_eq!(desk.asked.back(), Some(&Output::Over));
}
