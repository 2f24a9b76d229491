//! Challenges beyond the plain ones: stronger algorithms, sessions, new nonces, and whose
//! challenge is answered at all.

use crate::support::{Bench, config, from_callee, granted, header, in_dialog, invite, seq};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};
use std::time::Duration;
use webphone::entropy::hex;
use webphone::sip::Config;
use webphone::sip::ua::{Command, EndReason, Line, LineFault, LinkEvent, Policy};
use webphone::sip::wire::{Algorithm, Method, Request, auth_param};

const MD5: &str = "Digest realm=\"r\", nonce=\"m\", algorithm=MD5, qop=\"auth\"";
const SHA512: &str = "Digest realm=\"r\", nonce=\"s\", algorithm=SHA-512-256, qop=\"auth\"";

fn md5(text: String) -> String {
    hex(&Md5::digest(text))
}

fn sha256(text: String) -> String {
    hex(&Sha256::digest(text))
}

fn sha512_256(text: String) -> String {
    hex(&Sha512_256::digest(text))
}

/// A parameter of the credentials for a server.
fn credential(request: &Request, name: &str) -> String {
    let value = header(&request.headers, "Authorization");
    let value = value.strip_prefix("Digest ").expect("the scheme");
    auth_param(value, name).unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// `response` by the formulas of RFC 7616 §3.4.
fn expected(request: &Request, hash: fn(String) -> String, session: bool) -> String {
    let get = |name| credential(request, name);
    let (nonce, nc, cnonce, qop) = (get("nonce"), get("nc"), get("cnonce"), get("qop"));
    let mut secret = hash(format!("1001:{}:secret", get("realm")));
    if session {
        secret = hash(format!("{secret}:{nonce}:{cnonce}"));
    }
    let mut action = format!("{}:{}", request.method, get("uri"));
    if qop == "auth-int" {
        let body = String::from_utf8(request.body.clone()).expect("text");
        action = format!("{action}:{}", hash(body));
    }
    hash(format!("{secret}:{nonce}:{nc}:{cnonce}:{qop}:{}", hash(action)))
}

fn challenged(challenge: &str) -> (Bench, Request) {
    let (mut bench, register) = Bench::registering();
    bench.events.clear();
    bench.reply(&register, 401, &[("WWW-Authenticate", challenge)], "");
    let again = bench.request(Method::Register);
    (bench, again)
}

/// The REGISTER that follows the one that was granted.
fn refresh(bench: &mut Bench, register: &Request, info: (&str, &str)) -> Request {
    bench.reply(register, 200, &[("Contact", &granted(register, 60)), info], "");
    bench.advance(Duration::from_secs(45));
    bench.request(Method::Register)
}

#[test]
fn sha_512_256_is_the_strongest() {
    let list = [MD5, SHA512].join(", ");
    let (_, again) = challenged(&list);
    assert_eq!(credential(&again, "algorithm"), "SHA-512-256");
    assert_eq!(credential(&again, "response"), expected(&again, sha512_256, false));
}

#[test]
fn sessions_keep_their_cnonce_as_long_as_their_nonce() {
    for (name, hash) in [
        ("MD5-sess", md5 as fn(String) -> String),
        ("SHA-256-sess", sha256),
        ("SHA-512-256-sess", sha512_256),
    ] {
        let challenge = format!("Digest realm=\"r\", nonce=\"n\", algorithm={name}, qop=\"auth\"");
        let (mut bench, first) = challenged(&challenge);
        assert_eq!(credential(&first, "response"), expected(&first, hash, true));
        let second = refresh(&mut bench, &first, ("X-None", ""));
        assert_eq!(credential(&second, "cnonce"), credential(&first, "cnonce"));
        assert_eq!(credential(&second, "nc"), "00000002");
        assert_eq!(credential(&second, "response"), expected(&second, hash, true));
    }
}

#[test]
fn auth_int_covers_the_body() {
    let mut bench = Bench::registered();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    let challenge =
        "Digest realm=\"example.com\", nonce=\"n\", algorithm=SHA-256, qop=\"auth-int\"";
    bench.reply(&invite, 401, &[("WWW-Authenticate", challenge)], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    assert!(!again.body.is_empty());
    assert_eq!(credential(&again, "qop"), "auth-int");
    assert_eq!(credential(&again, "response"), expected(&again, sha256, false));
}

#[test]
fn of_several_qop_the_one_without_the_body_is_used() {
    for qop in ["auth-int, auth", "auth,auth-int", "AUTH , token"] {
        let (_, again) = challenged(&format!("Digest realm=\"r\", nonce=\"n\", qop=\"{qop}\""));
        assert_eq!(credential(&again, "qop"), "auth");
        assert_eq!(credential(&again, "response"), expected(&again, md5, false));
    }
}

#[test]
fn a_nonce_of_authentication_info_is_used_next() {
    let (mut bench, first) = challenged(SHA512);
    let info = ("Authentication-Info", "qop=auth, nextnonce=\"next\"");
    let second = refresh(&mut bench, &first, info);
    assert_eq!(
        (credential(&second, "nonce"), credential(&second, "nc")),
        ("next".into(), "00000001".into())
    );
    assert_eq!(credential(&second, "response"), expected(&second, sha512_256, false));
    let third = refresh(&mut bench, &second, ("Proxy-Authentication-Info", "nextnonce=\"other\""));
    assert_eq!(
        (credential(&third, "nonce"), credential(&third, "nc")),
        ("next".into(), "00000002".into())
    );
}

#[test]
fn a_user_name_is_sent_plain_where_a_hash_would_do() {
    let (_, again) = challenged(&[SHA512, ", userhash=true"].concat());
    assert_eq!(credential(&again, "username"), "1001");
    assert!(!header(&again.headers, "Authorization").contains("userhash"));
    assert_eq!(credential(&again, "response"), expected(&again, sha512_256, false));
}

#[test]
fn an_algorithm_below_the_policy_is_not_answered() {
    let strict = || {
        let policy = Policy { min_algorithm: Some(Algorithm::Sha256), ..Policy::default() };
        let mut bench = Bench::with(Config { policy, ..config() });
        bench.command(Command::Connect);
        bench.input(webphone::sip::Input::Link(LinkEvent::Opened));
        bench.events.clear();
        let register = bench.request(Method::Register);
        (bench, register)
    };
    let (mut bench, register) = strict();
    bench.reply(&register, 401, &[("WWW-Authenticate", MD5)], "");
    bench.nothing_sent();
    assert_eq!(bench.line(), Line::Failed(LineFault::UnsupportedAuthentication));
    let (mut bench, register) = strict();
    bench.reply(&register, 401, &[("WWW-Authenticate", &[MD5, SHA512].join(","))], "");
    assert_eq!(credential(&bench.request(Method::Register), "algorithm"), "SHA-512-256");
}

const CHALLENGES: [(u16, &str); 2] = [(401, "WWW-Authenticate"), (407, "Proxy-Authenticate")];

#[test]
fn a_challenge_to_our_bye_in_a_call_of_the_peer_is_not_answered() {
    for (status, name) in CHALLENGES {
        let mut bench = Bench::registered();
        let (id, _) = bench.established_incoming();
        bench.command(Command::HangUp(id));
        let bye = bench.request(Method::Bye);
        bench.reply(&bye, status, &[(name, MD5)], "");
        bench.nothing_sent();
    }
}

#[test]
fn a_realm_of_the_policy_may_challenge_in_a_call_of_the_peer() {
    let policy = Policy { realms: vec!["r".into()], ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, _) = bench.established_incoming();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    let other = MD5.replace("\"r\"", "\"other\"");
    bench.reply(&bye, 407, &[("Proxy-Authenticate", &[MD5, &other].join(", "))], "");
    bench.nothing_sent();

    let policy = Policy { realms: vec!["r".into()], ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, _) = bench.established_incoming();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 407, &[("Proxy-Authenticate", MD5)], "");
    assert!(bench.request(Method::Bye).headers.has("Proxy-Authorization"));

    // A change of the call is no different from its end.
    let policy = Policy { realms: vec!["r".into()], ..Policy::default() };
    let mut bench = Bench::registered_with(Config { policy, ..config() });
    let (id, _) = bench.established_incoming();
    bench.command(Command::Hold(id));
    let offer = webphone::sip::ua::MediaReply::Offer(id, crate::support::OUR_SDP.into());
    bench.input(webphone::sip::Input::Media(offer));
    let hold = bench.request(Method::Invite);
    bench.reply(&hold, 407, &[("Proxy-Authenticate", MD5)], "");
    bench.request(Method::Ack);
    let again = bench.request(Method::Invite);
    assert!(again.headers.has("Proxy-Authorization"));
    assert!(seq(&again) > seq(&hold));
}

/// A call of ours whose INVITE was challenged so before it was accepted, and our BYE of it.
fn parting(status: u16, name: &str, challenge: &str) -> (Bench, Request) {
    let mut bench = Bench::registered_after(MD5, config());
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, status, &[(name, challenge)], "");
    bench.request(Method::Ack);
    let invite = bench.request(Method::Invite);
    bench.reply(
        &invite,
        200,
        &[("Contact", "<sip:bob@far.example;transport=ws>")],
        crate::support::SDP,
    );
    bench.request(Method::Ack);
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    (bench, bye)
}

#[test]
fn who_has_challenged_the_invite_of_a_call_of_ours_may_challenge_in_it() {
    for (status, name) in CHALLENGES {
        let (mut bench, bye) = parting(status, name, MD5);
        bench.reply(&bye, status, &[(name, &MD5.replace("\"m\"", "\"new\""))], "");
        assert_eq!(seq(&bench.request(Method::Bye)), seq(&bye) + 1);
    }
}

#[test]
fn a_callee_that_has_not_challenged_the_invite_may_not_challenge_in_the_call() {
    for (asked, other) in [(CHALLENGES[0], CHALLENGES[1]), (CHALLENGES[1], CHALLENGES[0])] {
        let (mut bench, bye) = parting(asked.0, asked.1, MD5);
        bench.reply(&bye, other.0, &[(other.1, MD5)], "");
        bench.nothing_sent();
    }
    let mut bench = Bench::registered_after(MD5, config());
    let (id, ..) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 401, &[("WWW-Authenticate", MD5)], "");
    bench.nothing_sent();
}

#[test]
fn outside_of_calls_only_who_asks_as_the_registrar_does_is_answered() {
    let usual = "Digest realm=\"r\", nonce=\"s\", algorithm=SHA-256, qop=\"auth\"";
    let stronger = usual.replace("SHA-256", "SHA-512-256");
    let weaker = [
        usual.replace("SHA-256", "MD5"),
        usual.replace("qop=\"auth\"", "x=y"),
        usual.replace("\"r\"", "\"R\""),
        [usual, ", ", MD5].concat().replace("\"r\", nonce=\"m\"", "\"other\", nonce=\"m\""),
    ];
    for (status, name) in CHALLENGES {
        for answered in [usual.to_owned(), stronger.clone(), [MD5, usual].join(", ")] {
            let mut bench = Bench::registered_after(usual, config());
            let (_, invite) = bench.place_call("sip:1002@example.com");
            bench.reply(&invite, status, &[(name, &answered)], "");
            bench.request(Method::Ack);
            let again = bench.request(Method::Invite);
            assert!(
                !again
                    .headers
                    .values(if status == 401 { "Authorization" } else { "Proxy-Authorization" })
                    .concat()
                    .contains("MD5")
            );
        }
        for refused in &weaker {
            let mut bench = Bench::registered_after(usual, config());
            let (id, invite) = bench.place_call("sip:1002@example.com");
            bench.reply(&invite, status, &[(name, refused)], "");
            bench.request(Method::Ack);
            bench.nothing_sent();
            let reason = bench.ended(id);
            assert!(
                matches!(reason, EndReason::Rejected { status: said, .. } if said == status),
                "{reason:?}"
            );
            let subscribe = bench.subscribe(1, webphone::sip::ua::Package::Dialog);
            assert!(!subscribe.headers.has("Proxy-Authorization"));
            bench.reply(&subscribe, status, &[(name, refused)], "");
            bench.nothing_sent();
        }
    }
}

#[test]
fn where_the_registrar_asks_for_no_password_nobody_gets_one() {
    let (mut bench, register) = Bench::registering();
    bench.reply(&register, 200, &[("Contact", &granted(&register, 600))], "");
    bench.events.clear();
    let (id, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 407, &[("Proxy-Authenticate", SHA512)], "");
    bench.request(Method::Ack);
    bench.nothing_sent();
    assert!(matches!(bench.ended(id), EndReason::Rejected { status: 407, .. }));
}

#[test]
fn a_callee_gives_no_nonce_for_the_next_request() {
    let mut bench = Bench::registered();
    bench.meet_proxy();
    let (_, invite) = bench.place_call("sip:1002@example.com");
    bench.reply(&invite, 486, &[("Proxy-Authentication-Info", "nextnonce=\"evil\"")], "");
    bench.request(Method::Ack);
    let subscribe = bench.subscribe(1, webphone::sip::ua::Package::Dialog);
    assert!(header(&subscribe.headers, "Proxy-Authorization").contains("nonce=\"p\""));
}

/// An INVITE of a caller whose tag is missing or empty, or that gives ours as an empty one.
fn odd_invites() -> Vec<String> {
    let plain = invite("odd", "z9hG4bK-o");
    let from = plain.lines().find(|line| line.starts_with("From: ")).expect("a From");
    let to = plain.lines().find(|line| line.starts_with("To: ")).expect("a To");
    let untagged = from.split(";tag=").next().expect("an address");
    vec![
        plain.replace(from, untagged),
        plain.replace(from, &[untagged, ";tag="].concat()),
        plain.replace(from, &[untagged, ";tag"].concat()),
        plain.replace(to, &[to, ";tag="].concat()),
        plain.replace(to, &[to, ";tag"].concat()),
        plain.replace(to, &[to, ";tag=;tag=x1"].concat()),
    ]
}

#[test]
fn a_caller_without_a_tag_cannot_challenge_us_either() {
    for odd in odd_invites() {
        for (status, name) in CHALLENGES {
            let mut bench = Bench::registered_after(MD5, config());
            let (id, _) = bench.ring(&odd);
            let ok = bench.accept(id);
            assert_eq!(header(&ok.headers, "To").matches("tag").count(), 1, "{odd}");
            bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
            bench.command(Command::HangUp(id));
            let bye = bench.request(Method::Bye);
            assert!(header(&bye.headers, "To").matches("tag").count() <= 1, "{odd}");
            bench.reply(&bye, status, &[(name, MD5)], "");
            bench.nothing_sent();
        }
    }
}

#[test]
fn a_call_with_an_empty_tag_is_ended_from_both_sides() {
    for odd in odd_invites() {
        let mut bench = Bench::registered();
        let (id, _) = bench.ring(&odd);
        let ok = bench.accept(id);
        bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
        bench.events.clear();
        bench.receive(in_dialog(&ok, "BYE", 2, "z9hG4bK-b", ""));
        bench.response(200);
        assert_eq!(bench.ended(id), EndReason::HungUpThere, "{odd}");
    }
}

#[test]
fn a_peer_cannot_pass_its_call_off_as_ours() {
    let mut bench = Bench::registered();
    // The Call-ID and the tag of an earlier call of ours come back in an INVITE.
    let (id, invite, _) = bench.established_outgoing();
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 200, &[], "");
    bench.advance(Duration::from_secs(40));
    bench.events.clear();
    bench.media.clear();
    let forged = from_callee(&invite, "INVITE", 1, "z9hG4bK-f", crate::support::SDP);
    let to = header(&invite.headers, "From").split(";tag=").next().expect("a To").to_owned();
    let forged: String = forged
        .split_inclusive("\r\n")
        .map(|line| if line.starts_with("To: ") { format!("To: {to}\r\n") } else { line.into() })
        .collect();
    let (id, _) = bench.ring(&forged);
    let ok = bench.accept(id);
    bench.receive(in_dialog(&ok, "ACK", 1, "z9hG4bK-a", ""));
    bench.command(Command::HangUp(id));
    let bye = bench.request(Method::Bye);
    bench.reply(&bye, 401, &[("WWW-Authenticate", MD5)], "");
    bench.nothing_sent();
}

#[test]
fn a_session_of_the_same_hash_is_no_stronger() {
    let sess = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256-sess";
    for (of_registrar, of_proxy) in
        [(sess.to_owned(), sess.replace("-sess", "")), (sess.replace("-sess", ""), sess.to_owned())]
    {
        let mut bench = Bench::registered_after(&of_registrar, config());
        let (_, invite) = bench.place_call("sip:1002@example.com");
        bench.reply(&invite, 407, &[("Proxy-Authenticate", &of_proxy)], "");
        bench.request(Method::Ack);
        assert!(bench.request(Method::Invite).headers.has("Proxy-Authorization"), "{of_proxy}");
    }
}
