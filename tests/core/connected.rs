//! With whom a call is connected after it stands: what the peer's side says, and whether it is
//! believed.

use crate::support::{Bench, OUR_SDP, SDP, config, from_callee, in_dialog, with};
use webphone::sip::ua::{CallEvent, Caller, MediaReply, Policy};
use webphone::sip::wire::Method;
use webphone::sip::{Config, Input};

const CAROL: &str = "P-Asserted-Identity: \"Carol\" <sip:1003@example.com>\r\n";

fn connected(bench: &mut Bench) -> Caller {
    match bench.call_event() {
        (_, CallEvent::Connected(caller)) => *caller,
        (_, event) => panic!("{event:?}"),
    }
}

#[test]
fn a_reinvite_tells_with_whom_the_call_is_connected() {
    let mut bench = Bench::registered();
    let (id, ok) = bench.established_incoming();
    bench.receive(with(&in_dialog(&ok, "INVITE", 2, "z9hG4bK-r", SDP), CAROL, SDP));
    let carol = connected(&mut bench);
    assert_eq!(carol.name.as_deref(), Some("Carol"));
    assert_eq!(carol.uri.to_string(), "sip:1003@example.com");
    assert_eq!(carol.asserted.len(), 1);
    bench.media.clear();
    bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
    bench.response(200);
}

#[test]
fn an_update_without_a_description_tells_it_too() {
    let mut bench = Bench::registered();
    let (_, invite, _) = bench.established_outgoing();
    // Asterisk names the party of the dialog, which for it is the one that we called.
    let claim = "Remote-Party-ID: \"Carol\" <sip:1003@example.com>;party=called;privacy=off\r\n";
    bench.receive(with(&from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", ""), claim, ""));
    let carol = connected(&mut bench);
    assert_eq!(carol.uri.to_string(), "sip:1003@example.com");
    assert!(carol.asserted.is_empty(), "no more than a claim");
    bench.response(200);
    bench.quiet();
}

#[test]
fn only_what_changes_after_the_answer_is_told() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    // What Asterisk says of a callee without a name, as long as it is connected with that one.
    let nobody = "P-Asserted-Identity: <sip:s@example.com>\r\n";
    let contact = "Contact: <sip:bob@far.example;transport=ws>\r\n";
    let headers = [contact, nobody].map(|line| line.trim_end().split_once(": ").expect("a header"));
    bench.reply(&invite, 200, &headers, SDP);
    bench.request(Method::Ack);
    assert!(matches!(bench.call_event(), (_, CallEvent::Answered)));
    bench.media.clear();
    let update = |number, branch| from_callee(&invite, "UPDATE", number, branch, "");
    bench.receive(with(&update(1, "z9hG4bK-u1"), nobody, ""));
    bench.response(200);
    bench.quiet();
    for (number, branch) in [(2, "z9hG4bK-u2"), (3, "z9hG4bK-u3")] {
        bench.receive(with(&update(number, branch), CAROL, ""));
        bench.response(200);
    }
    assert_eq!(connected(&mut bench).uri.to_string(), "sip:1003@example.com");
    bench.quiet();
}

#[test]
fn a_connected_identity_is_not_believed_where_the_policy_says_so() {
    let policy = Policy { trust_asserted_identity: false, ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (_, invite, _) = bench.established_outgoing();
    bench.receive(with(&from_callee(&invite, "UPDATE", 1, "z9hG4bK-u", ""), CAROL, ""));
    bench.response(200);
    bench.quiet();
}

#[test]
fn who_wants_privacy_or_is_not_named_is_not_told() {
    let mut bench = Bench::registered();
    let (_, invite, _) = bench.established_outgoing();
    let private = ["Privacy: id\r\n", CAROL].concat();
    bench.receive(with(&from_callee(&invite, "UPDATE", 1, "z9hG4bK-u1", ""), &private, ""));
    bench.response(200);
    bench.receive(from_callee(&invite, "UPDATE", 2, "z9hG4bK-u2", ""));
    bench.response(200);
    bench.quiet();
}
