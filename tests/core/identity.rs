//! Who calls: what is claimed, what is asserted, and what else an INVITE says of its sender.

use crate::support::{Bench, SDP, config, request};
use std::time::Duration;
use webphone::sip::Config;
use webphone::sip::ua::{CallEvent, Caller, Policy};
use webphone::sip::wire::{Identity, Uri, Verstat};

fn caller_with(config: Config, headers: &str) -> Caller {
    let mut bench = Bench::registered_with(config);
    bench.receive(request("INVITE", "in", "z9hG4bK-1", headers, SDP));
    bench.response(180);
    match bench.call_event() {
        (_, CallEvent::Incoming(caller)) => *caller,
        (_, event) => panic!("{event:?}"),
    }
}

fn caller(headers: &str) -> Caller {
    caller_with(config(), headers)
}

fn identity(name: Option<&str>, uri: &str) -> Identity {
    Identity { name: name.map(str::to_owned), uri: Uri::parse(uri).expect("a URI") }
}

#[test]
fn the_asserted_identity_stands_beside_the_claim() {
    let caller = caller(
        "P-Asserted-Identity: <tel:+576041234567>, \"Ana\u{202e}\" <sip:ana@example.com>\r\n",
    );
    assert_eq!(caller.name.as_deref(), Some("Bob"));
    assert_eq!(caller.uri.to_string(), "sip:1002@example.com");
    let asserted =
        [identity(Some("Ana"), "sip:ana@example.com"), identity(None, "tel:+576041234567")];
    assert_eq!(caller.asserted, asserted);
    assert!(!caller.anonymous);
}

#[test]
fn what_the_server_found_out_of_a_signature_is_told() {
    let number = "<tel:+576041234567;verstat=TN-Validation-Passed>";
    let lines = ["P-Asserted-Identity: <sip:ana@example.com>, ", number, "\r\n"].concat();
    assert_eq!(caller(&lines).verstat, Some(Verstat::Passed));
    assert_eq!(caller(&lines.replace("Passed", "Failed")).verstat, Some(Verstat::Failed));
    let claim = lines.replace("P-Asserted-Identity", "Remote-Party-ID");
    assert_eq!(caller(&claim).verstat, None, "anybody can claim it");
    let policy = Policy { trust_asserted_identity: false, ..Policy::default() };
    assert_eq!(caller_with(Config { policy, ..config() }, &lines).verstat, None);
}

#[test]
fn a_server_that_vouches_for_what_it_asserts_is_as_good_as_a_signature() {
    let config = || Config { policy: Policy { vouches: true, ..Policy::default() }, ..config() };
    let asserted = "P-Asserted-Identity: <sip:ana@example.com>\r\n";
    assert_eq!(caller_with(config(), asserted).verstat, Some(Verstat::Passed));
    assert_eq!(caller_with(config(), "").verstat, None);
    let failed = "P-Asserted-Identity: <tel:+57604;verstat=TN-Validation-Failed>\r\n";
    assert_eq!(caller_with(config(), failed).verstat, Some(Verstat::Failed));
    assert_eq!(caller(asserted).verstat, None);
}

#[test]
fn an_asserted_identity_is_not_believed_where_the_policy_says_so() {
    let policy = Policy { trust_asserted_identity: false, ..Policy::default() };
    let config = Config { policy, ..config() };
    let caller = caller_with(config, "P-Asserted-Identity: <sip:bank@example.com>\r\n");
    assert!(caller.asserted.is_empty());
}

#[test]
fn no_more_than_one_address_and_one_number_are_asserted() {
    let lines = "P-Asserted-Identity: <sip:a@h>, <sip:b@h>\r\nP-Asserted-Identity: <tel:1>, <tel:2>, \"open\r\n";
    let caller = caller(lines);
    assert_eq!(caller.asserted, [identity(None, "sip:a@h"), identity(None, "tel:1")]);
}

#[test]
fn a_caller_who_wants_privacy_is_anonymous() {
    for privacy in ["id", "critical;ID", "user;header"] {
        let lines = format!(
            "Privacy: {privacy}\r\nP-Asserted-Identity: <sip:ana@example.com>\r\n\
             Remote-Party-ID: <sip:ana@example.com>\r\n"
        );
        let caller = caller(&lines);
        assert!(caller.anonymous, "{privacy}");
        assert!(caller.asserted.is_empty() && caller.remote_party.is_none(), "{privacy}");
    }
    assert!(!caller("Privacy: none\r\n").anonymous);
}

#[test]
fn remote_party_id_is_no_more_than_a_claim() {
    let caller =
        caller("Remote-Party-ID: \"Bo\" <sip:2@example.com>;party=calling;privacy=off\r\n");
    assert_eq!(caller.remote_party, Some(identity(Some("Bo"), "sip:2@example.com")));
    assert!(caller.asserted.is_empty());
    let others = ["<sip:2@h>;party=called", "<sip:2@h>;privacy=full", "Bo sip:2@h"];
    for other in others {
        let line = format!("Remote-Party-ID: {other}\r\n");
        assert_eq!(self::caller(&line).remote_party, None, "{other}");
    }
}

#[test]
fn those_who_sent_the_call_on_are_named_first_to_last() {
    let caller = caller(
        "Diversion: <sip:last@example.com>;reason=no-answer, \"A, B\" <sip:mid@h>;reason=\"user-busy\"\r\n\
         Diversion: <tel:+34600>;reason=unconditional;counter=1\r\n",
    );
    let told: Vec<_> = caller
        .diverted_by
        .iter()
        .map(|by| (by.party.uri.to_string(), by.reason.as_str()))
        .collect();
    let expected = [
        ("tel:+34600".to_owned(), "unconditional"),
        ("sip:mid@h".to_owned(), "user-busy"),
        ("sip:last@example.com".to_owned(), "no-answer"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn history_tells_the_same_without_diversion() {
    let caller = caller(
        "History-Info: <sip:desk@example.com?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1, \
         <sip:1001@example.com>;index=1.1;mp=1\r\n",
    );
    let [by] = &caller.diverted_by[..] else { panic!("{:?}", caller.diverted_by) };
    assert_eq!(by.party, identity(None, "sip:desk@example.com"));
    assert_eq!(by.reason, "486");
}

#[test]
fn the_wish_to_be_answered_at_once_is_only_told() {
    let mut bench = Bench::registered();
    let headers = "Alert-Info: <http://x.example/>;info=alert-autoanswer\r\nCall-Info: <sip:pbx>;answer-after=2\r\n";
    bench.receive(request("INVITE", "in", "z9hG4bK-1", headers, SDP));
    bench.response(180);
    let (_, event) = bench.call_event();
    let CallEvent::Incoming(caller) = event else { panic!("{event:?}") };
    assert_eq!(caller.auto_answer, Some(Duration::from_secs(2)));
    bench.advance(Duration::from_secs(10));
    bench.quiet();
}

#[test]
fn headers_of_the_servers_own_are_kept_within_bounds() {
    let mut lines = String::from("X-Queue: sales\u{202e}\r\nx-id: 7\r\nXavier: no\r\n");
    for number in 0..60 {
        lines.push_str(&format!("X-{number}: {}\r\n", "v".repeat(400)));
    }
    let caller = caller(&lines);
    assert_eq!(caller.headers[0], ("X-Queue".to_owned(), "sales".to_owned()));
    assert_eq!(caller.headers[1], ("x-id".to_owned(), "7".to_owned()));
    assert_eq!(caller.headers.len(), 16);
    assert!(caller.headers.iter().all(|(_, value)| value.chars().count() <= 128));
    assert!(caller.headers.iter().all(|(name, _)| name != "Xavier"));
}
