//! Redirections (RFC 3261 §8.1.3.4), and what a refusal says besides.

use crate::support::{Bench, SDP, config, header, seq};
use webphone::sip::Config;
use webphone::sip::ua::{CallEvent, CallId, Command, EndReason, Policy};
use webphone::sip::wire::{Method, Request};

/// A call that was redirected to these Contacts.
fn redirected(status: u16, contacts: &str) -> (Bench, CallId, Request) {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, status, &[("Contact", contacts)], "");
    bench.request(Method::Ack);
    (bench, id, invite)
}

/// The INVITE to where the call was sent on, which is told.
#[track_caller]
fn followed(bench: &mut Bench, id: CallId) -> Request {
    let next = bench.request(Method::Invite);
    assert_eq!(bench.call_event(), (id, CallEvent::Forwarded(next.uri.clone())));
    next
}

#[track_caller]
fn rejected(bench: &mut Bench, id: CallId) -> u16 {
    match bench.ended(id) {
        EndReason::Rejected { status, .. } => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_redirection_is_followed_in_the_order_of_preference() {
    let contacts =
        "<sip:a@example.com>;q=0.25, \"B\" <sip:b@example.com;x=1>, sip:c@example.com;q=0.9";
    let (mut bench, id, invite) = redirected(302, contacts);
    let mut last = invite.clone();
    for (count, uri) in
        ["sip:b@example.com;x=1", "sip:c@example.com", "sip:a@example.com"].iter().enumerate()
    {
        let next = followed(&mut bench, id);
        assert_eq!(next.uri.to_string(), *uri);
        assert_eq!(seq(&next), 2 + count as u32);
        for name in ["From", "To", "Call-ID", "Contact"] {
            assert_eq!(header(&next.headers, name), header(&invite.headers, name));
        }
        assert_eq!(next.body, invite.body);
        bench.quiet();
        if count < 2 {
            bench.reply(&next, 480, &[], "");
            bench.request(Method::Ack);
        }
        last = next;
    }
    bench.reply(&last, 200, &[("Contact", "<sip:a@far.example>")], SDP);
    assert_eq!(seq(&bench.request(Method::Ack)), 4);
    assert_eq!(bench.call_event(), (id, CallEvent::Answered));
}

#[test]
fn the_last_refusal_is_told_when_nobody_is_left() {
    let (mut bench, id, _) = redirected(301, "<sip:a@example.com>");
    let next = followed(&mut bench, id);
    bench.reply(&next, 486, &[], "");
    bench.request(Method::Ack);
    assert_eq!(rejected(&mut bench, id), 486);
    bench.quiet();
    // A global refusal leaves nobody.
    let (mut bench, id, _) = redirected(302, "<sip:a@example.com>, <sip:b@example.com>");
    let next = followed(&mut bench, id);
    bench.reply(&next, 603, &[], "");
    bench.request(Method::Ack);
    assert_eq!(rejected(&mut bench, id), 603);
    bench.nothing_sent();
}

#[test]
fn redirections_do_not_loop_and_end() {
    let (mut bench, id, _) = redirected(302, "<sip:1002@EXAMPLE.com>");
    assert_eq!(rejected(&mut bench, id), 302, "it is where we were");

    let (mut bench, id, _) = redirected(302, "<sip:t0@example.com>");
    for hop in 1..=5 {
        let next = followed(&mut bench, id);
        let contact = format!("<sip:t{hop}@EXAMPLE.com>");
        bench.reply(&next, 302, &[("Contact", &contact)], "");
        bench.request(Method::Ack);
    }
    assert_eq!(rejected(&mut bench, id), 302);
    bench.nothing_sent();
}

#[test]
fn only_addresses_that_can_be_called_are_followed() {
    let contacts = "<mailto:a@example.com>, <http://example.com/>, *, <urn:service:sos>";
    let (mut bench, id, _) = redirected(302, contacts);
    assert_eq!(rejected(&mut bench, id), 302);
    // What was asked for securely stays so.
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sips:1002@example.com");
    let both = "<sip:plain@example.com>, <sips:safe@example.com>;q=0.1";
    bench.reply(&invite, 302, &[("Contact", both)], "");
    bench.request(Method::Ack);
    assert_eq!(bench.request(Method::Invite).uri.to_string(), "sips:safe@example.com");
    // Neither a proxy nor a service is another address of the callee.
    for status in [305, 380] {
        let (mut bench, id, _) = redirected(status, "<sip:a@example.com>");
        assert_eq!(rejected(&mut bench, id), status);
    }
}

/// Whom the user is asked about, at the end of a call.
#[track_caller]
fn asked(bench: &mut Bench, id: CallId) -> String {
    match bench.ended(id) {
        EndReason::Redirected(target) => target.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_redirection_out_of_the_domain_or_to_the_telephone_network_is_for_the_user_to_follow() {
    for target in [
        "tel:+576041234567",
        "sip:+576041234567@example.com",
        "sip:6041234567@example.com",
        "sip:*676041234567@example.com",
        "sip:%2331%236041234567@example.com",
        "sip:1003@far.example",
        "sip:1003@example.com.evil.example",
    ] {
        let (mut bench, id, _) = redirected(302, &format!("<{target}>"));
        assert_eq!(asked(&mut bench, id), target);
        bench.quiet();
    }
    // Whoever is near is called first, and the user is asked of nobody if that refuses.
    let contacts = "<sip:1003@far.example>, <sip:1004@example.com>;q=0.1";
    for (status, is_asked) in [(302, true), (486, false)] {
        let (mut bench, id, _) = redirected(302, contacts);
        let next = followed(&mut bench, id);
        assert_eq!(next.uri.to_string(), "sip:1004@example.com");
        bench.reply(&next, status, &[], "");
        bench.request(Method::Ack);
        if is_asked {
            assert_eq!(asked(&mut bench, id), "sip:1003@far.example");
        } else {
            assert_eq!(rejected(&mut bench, id), status);
        }
    }
    // RFC 3261 §26.2.2.
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sips:1002@example.com");
    bench.reply(&invite, 302, &[("Contact", "<sip:1003@far.example>, <tel:+57604>")], "");
    bench.request(Method::Ack);
    assert_eq!(rejected(&mut bench, id), 302);
}

#[test]
fn headers_in_a_contact_do_not_enter_the_invite() {
    let evil = "<sip:a@example.com?Route=%3Csip:evil%3E&Replaces=x&Subject=y>";
    let (mut bench, ..) = redirected(302, evil);
    let next = bench.request(Method::Invite);
    assert_eq!(next.uri.to_string(), "sip:a@example.com");
    for name in ["Route", "Replaces", "Subject"] {
        assert!(!next.headers.has(name), "{name}");
    }
}

#[test]
fn a_redirected_call_can_be_hung_up() {
    let (mut bench, id, _) = redirected(302, "<sip:a@example.com>, <sip:b@example.com>");
    let next = followed(&mut bench, id);
    bench.reply(&next, 100, &[], "");
    bench.command(Command::HangUp(id));
    assert_eq!(bench.request(Method::Cancel).uri, next.uri);
    bench.ended(id);
    bench.reply(&next, 487, &[], "");
    bench.request(Method::Ack);
    bench.quiet();
}

#[test]
fn the_policy_may_forbid_redirections() {
    let policy = Policy { follow_redirects: false, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 302, &[("Contact", "<sip:a@example.com>")], "");
    bench.request(Method::Ack);
    assert_eq!(asked(&mut bench, id), "sip:a@example.com");
}

#[test]
fn a_warning_is_told_with_the_refusal() {
    let mut bench = Bench::registered();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    let warning = ("Warning", "304 pbx.example \"No common \\\"codec\\\"\"");
    bench.reply(&invite, 488, &[warning], "");
    bench.request(Method::Ack);
    let reason = "Not Acceptable Here (No common \"codec\")".into();
    assert_eq!(bench.ended(id), EndReason::Rejected { status: 488, reason, retry_after: None });
}
