//! Who the other side is once the server has said so.

use super::*;

const ANA: &str = "sip:1002@example.com";

fn connected(phone: &mut Phone, name: Option<&str>, to: &str) {
    let caller = Caller::new(name.map(str::to_owned), uri(to));
    assert_eq!(tell(phone, CallEvent::Connected(Box::new(caller))), []);
}

fn shown(phone: &Phone) -> Option<(Option<&str>, &str)> {
    phone.call().map(|call| (call.party.name.as_deref(), call.party.address.as_str()))
}

#[test]
fn who_takes_the_place_of_the_other_side_is_shown() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    connected(&mut phone, Some("Bob"), "sip:1003@example.com");
    assert_eq!(shown(&phone), Some((Some("Bob"), "1003")));
    connected(&mut phone, None, "sip:1004@example.com");
    assert_eq!(shown(&phone), Some((None, "1004")));
}

#[test]
fn the_same_party_keeps_its_name_and_may_gain_one() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    connected(&mut phone, Some("Ana"), ANA);
    assert_eq!(shown(&phone), Some((Some("Ana"), "1002")));
    connected(&mut phone, Some("ana1"), ANA);
    connected(&mut phone, None, ANA);
    assert_eq!(shown(&phone), Some((Some("Ana"), "1002")));
}

#[test]
fn the_history_has_whom_the_call_began_with() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    connected(&mut phone, Some("Bob"), "sip:1003@example.com");
    connected(&mut phone, None, "sip:1004@example.com");
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpThere));
    let kept = phone.history().entries().next().expect("the call");
    assert_eq!((kept.party.label(), kept.uri.as_str()), ("1002", ANA));
}
