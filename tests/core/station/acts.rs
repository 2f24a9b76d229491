//! What is asked for in the tab that has the telephone.

use super::*;

/// What was asked of whoever sends keys and plays their tones.
fn keys(desk: &mut Desk) -> Vec<Output> {
    desk.asked.drain(..).collect()
}

#[test]
fn keys_go_as_telephone_events_and_as_info_where_these_cannot_be_sent() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.act(Act::Keys { call, keys: "1-2".into() });
    let sent = "12".to_owned();
    let tones = Output::KeyTones { call, keys: sent.clone() };
    assert_eq!(keys(&mut desk), [tones, Output::Keys { call, keys: sent.clone() }]);
    desk.nothing_sent();
    desk.input(Input::KeysUnsent { call, keys: sent });
    let info = desk.request(Method::Info);
    assert!(String::from_utf8_lossy(&info.body).contains("Signal=1"), "{info:?}");
    assert_eq!(desk.phone().call().map(|call| call.keys.as_str()), Some("12"));
}

#[test]
fn keys_go_as_info_at_once_where_the_server_hears_nothing_else() {
    let provision = Provision { keys_by_info: true, ..browser::provision() };
    let (mut desk, register) = Desk::of(provision).sign_in(false);
    desk.grant(&register);
    let call = desk.call("1002");
    desk.act(Act::Keys { call, keys: "5".into() });
    assert_eq!(keys(&mut desk), [Output::KeyTones { call, keys: "5".into() }]);
    desk.request(Method::Info);
}

#[test]
fn what_is_no_key_is_not_sent() {
    let mut desk = Desk::registered();
    let call = desk.call("1002");
    desk.act(Act::Keys { call, keys: "!? ".into() });
    assert_eq!(keys(&mut desk), []);
    desk.nothing_sent();
}

#[test]
fn a_choice_is_kept_when_it_is_another() {
    let mut desk = Desk::registered();
    const SETTINGS: &str = "webphone.settings.sip:1001@example.com";
    desk.act(Act::Set(Setting::DoNotDisturb(true)));
    let kept = desk.browser.get(SETTINGS);
    desk.browser.remove(SETTINGS);
    desk.act(Act::Set(Setting::DoNotDisturb(true)));
    assert_eq!(desk.browser.get(SETTINGS), None, "it is the same");
    assert!(kept.is_some_and(|kept| kept.contains("do-not-disturb")));
    desk.receive(invite("b", "z9hG4bK-1"));
    desk.response(486);
    desk.act(Act::Set(Setting::MaxCalls(5)));
    desk.act(Act::Set(Setting::RingVolume(101)));
    let settings = desk.phone().settings();
    let now = (settings.max_calls, settings.ring_volume);
    assert_eq!(now, (2, 70), "no more than four calls, and no more than all of the sound");
}

#[test]
fn nobody_is_called_beyond_the_limit_of_calls_and_the_user_is_told() {
    let mut desk = Desk::registered();
    desk.act(Act::Set(Setting::MaxCalls(1)));
    desk.call("1002");
    desk.act(call("1003"));
    desk.nothing_sent();
    assert!(desk.phone().notice().is_some());
}

#[test]
fn what_is_asked_of_the_page_is_the_pages_to_do() {
    let mut desk = Desk::registered();
    desk.act(Act::Page(PageAct::TryRinging));
    assert_eq!(desk.asked, [Output::Page(PageAct::TryRinging)]);
    desk.station.handle_input(desk.moment, Input::User(Act::Page(PageAct::TryRinging)));
    desk.station.poll_output();
    let next = desk.station.poll_output();
    assert!(matches!(next, Output::Timeout(_)), "nothing on the display has changed: {next:?}");
}
