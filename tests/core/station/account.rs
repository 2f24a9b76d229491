//! Signing in and out, and what is kept of an account.

use super::*;
use crate::support::header;

/// What was asked for, without what other tests look at.
fn begun(desk: &Desk) -> Vec<&Output> {
    desk.asked.iter().filter(|output| !matches!(output, Output::Link(_))).collect()
}

#[test]
fn who_signs_in_has_a_user_agent_for_the_account_and_its_book() {
    let mut desk = Desk::new();
    desk.has_database = false;
    desk.act(browser::sign_in("1001", false));
    let servers = vec!["wss://sip.example.com".to_owned()];
    let begin = Output::Begin { servers, relay_only: false };
    let book = Output::OpenBook("webphone:sip:1001@example.com".into());
    assert_eq!(begun(&desk), [&book, &begin]);
    assert!(desk.asked.contains(&Output::Link(LinkRequest::Open(0))));
    desk.input(Input::Link(LinkEvent::Opened));
    let register = desk.request(Method::Register);
    assert_eq!(register.to().map(|to| to.uri.to_string()).as_deref(), Some("sip:1001@example.com"));
    desk.grant(&register);
    assert_eq!(desk.phone().stage(), &Stage::SignedIn);
}

#[test]
fn the_installation_is_the_same_at_each_visit() {
    let instance = |desk: Desk| {
        let (_, register) = desk.sign_in(false);
        let contact = header(&register.headers, "Contact");
        contact.split("+sip.instance=").nth(1).map(|rest| rest[..48].to_owned())
    };
    let browser = Browser::default();
    let first = instance(Desk::in_browser(&browser, browser::provision()));
    assert_eq!(first, instance(Desk::in_browser(&browser, browser::provision())));
    let mut other = Desk::new();
    other.station = Station::new(Browser::default().ground(browser::provision(), 7));
    assert_ne!(first, instance(other), "another browser is another");
}

#[test]
fn a_choice_is_there_at_the_next_visit_and_of_this_account_only() {
    let mut desk = Desk::registered();
    desk.act(Act::Set(Setting::RelayOnly(true)));
    let next = |user| {
        let mut next = Desk::in_browser(&desk.browser, browser::provision());
        next.act(browser::sign_in(user, false));
        next.asked.into_iter().find_map(|output| match output {
            Output::Begin { relay_only, .. } => Some(relay_only),
            _ => None,
        })
    };
    assert_eq!([next("1001"), next("1002")], [Some(true), Some(false)]);
}

#[test]
fn who_signs_out_is_unregistered_and_then_nothing_is_left_running() {
    let mut desk = Desk::registered();
    desk.act(Act::SignOut);
    assert_eq!(desk.asked, [Output::CloseBook, Output::Unlock]);
    let register = desk.request(Method::Register);
    assert_eq!(header(&register.headers, "Expires"), "0");
    desk.asked.clear();
    desk.reply(&register, 200, &[], "");
    assert!(desk.asked.contains(&Output::Link(LinkRequest::Close)), "{:?}", desk.asked);
    assert_eq!(desk.asked.back(), Some(&Output::Over));
    assert_eq!(desk.deadline, None);
}

#[test]
fn what_is_to_be_forgotten_is_erased_and_its_settings_with_it() {
    let mut desk = Desk::registered();
    desk.act(Act::Set(Setting::DoNotDisturb(true)));
    desk.browser.set("webphone:sip:1001@example.com", "what a page could write no more");
    desk.act(Act::Forget);
    assert_eq!(desk.browser.get("webphone:sip:1001@example.com"), None);
    let erased = Output::Erase("webphone:sip:1001@example.com".into());
    assert!(desk.asked.contains(&erased), "{:?}", desk.asked);
    desk.request(Method::Register);
    let (mut desk, register) = Desk::in_browser(&desk.browser, browser::provision()).sign_in(false);
    desk.grant(&register);
    assert!(!desk.phone().settings().do_not_disturb);
}

#[test]
fn without_secure_random_numbers_nobody_is_signed_in() {
    let mut ground = Browser::default().ground(browser::provision(), 0);
    ground.entropy = Box::new(|| None);
    let mut desk = Desk::new();
    desk.station = Station::new(ground);
    desk.act(browser::sign_in("1001", true));
    assert_eq!(desk.phone().stage(), &Stage::SignedOut { fault: None });
    desk.nothing_sent();
}

#[test]
fn a_computer_that_has_slept_makes_sure_of_its_connection_when_it_wakes() {
    let mut desk = Desk::registered();
    desk.advance(Duration::from_secs(20));
    let pings = desk.pings;
    desk.advance(Duration::from_secs(3));
    assert_eq!(desk.pings, pings);
    // The clock that counts has stood still.
    desk.moment.time_of_day += 60_000;
    desk.advance(Duration::from_secs(2));
    assert_eq!(desk.pings, pings + 1, "the server is asked");
}

#[test]
fn comparing_the_clocks_changes_nothing_on_the_display() {
    let mut desk = Desk::registered();
    desk.advance(Duration::from_secs(1));
    let tick = desk.deadline.expect("a deadline");
    desk.moment.now = tick;
    desk.moment.time_of_day += 1000;
    desk.station.handle_input(desk.moment, Input::Timeout);
    let next = desk.station.poll_output();
    assert!(matches!(next, Output::Timeout(_)), "{next:?}");
}
