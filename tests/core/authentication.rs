//! Digest authentication: which challenge is answered, with what, and how often.

use crate::support::{Bench, branch, granted, header, seq};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::time::Duration;
use webphone::entropy::hex;
use webphone::sip::ua::{Line, LineFault, LinkRequest};
use webphone::sip::wire::{Method, Request};

const MD5: &str = "Digest realm=\"example.com\", nonce=\"abc/1=\", algorithm=MD5, qop=\"auth\"";
const SHA: &str = "Digest realm=\"example.com\", nonce=\"abc/2=\", algorithm=SHA-256, qop=\"auth\"";

/// A parameter of the credentials, without quotes.
fn credential(request: &Request, name: &str) -> String {
    let value = header(&request.headers, "Authorization");
    let value = value.strip_prefix("Digest ").expect("the scheme");
    let mut parameters = value.split(", ").filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(key, _)| *key == name).expect(name);
    value.trim_matches('"').to_owned()
}

/// `response` by the formula of RFC 7616 §3.4.1 with qop=auth.
fn expected(request: &Request, hash: fn(String) -> String) -> String {
    let get = |name| credential(request, name);
    let secret = hash(format!("1001:{}:secret", get("realm")));
    let action = hash(format!("{}:{}", request.method, get("uri")));
    let (nonce, nc, cnonce) = (get("nonce"), get("nc"), get("cnonce"));
    hash(format!("{secret}:{nonce}:{nc}:{cnonce}:auth:{action}"))
}

fn md5(text: String) -> String {
    hex(&Md5::digest(text))
}

fn sha256(text: String) -> String {
    hex(&Sha256::digest(text))
}

/// What follows a 401 with these challenges.
fn challenged(challenges: &[&str]) -> (Bench, Request) {
    let (mut bench, register) = Bench::registering();
    bench.events.clear();
    let headers: Vec<_> = challenges.iter().map(|text| ("WWW-Authenticate", *text)).collect();
    bench.reply(&register, 401, &headers, "");
    let again = bench.request(Method::Register);
    (bench, again)
}

#[test]
fn an_md5_challenge_gets_the_right_answer() {
    let (mut bench, again) = challenged(&[MD5]);
    assert_eq!(credential(&again, "response"), md5_of(&again));
    assert_eq!(credential(&again, "username"), "1001");
    assert_eq!(credential(&again, "uri"), "sip:example.com");
    assert_eq!(credential(&again, "algorithm"), "MD5");
    assert_eq!(credential(&again, "qop"), "auth");
    assert_eq!(credential(&again, "nc"), "00000001");
    bench.reply(&again, 200, &[("Contact", &granted(&again, 600))], "");
    assert_eq!(bench.line(), Line::Registered);
}

fn md5_of(request: &Request) -> String {
    expected(request, md5)
}

#[test]
fn a_challenge_of_rfc_2069_is_answered_without_qop() {
    let (_, again) = challenged(&["Digest realm=\"r\", nonce=\"n\", opaque=\"o\""]);
    let secret = md5("1001:r:secret".into());
    let action = md5("REGISTER:sip:example.com".into());
    assert_eq!(credential(&again, "response"), md5(format!("{secret}:n:{action}")));
    assert_eq!(credential(&again, "opaque"), "o");
    let value = header(&again.headers, "Authorization");
    assert!(!value.contains("qop") && !value.contains("nc=") && !value.contains("cnonce"));
}

#[test]
fn the_stronger_algorithm_is_chosen_in_either_order() {
    for challenges in [[MD5, SHA], [SHA, MD5]] {
        let (_, again) = challenged(&challenges);
        assert_eq!(credential(&again, "algorithm"), "SHA-256");
        assert_eq!(credential(&again, "nonce"), "abc/2=");
        assert_eq!(credential(&again, "response"), expected(&again, sha256));
        assert_eq!(again.headers.all("Authorization").count(), 1);
    }
}

#[test]
fn unknown_schemes_and_algorithms_are_passed_over() {
    let unknown = "Digest realm=\"example.com\", nonce=\"z\", algorithm=AKAv1-MD5";
    let (_, again) = challenged(&["Basic realm=\"example.com\"", unknown, "Nonsense", MD5]);
    assert_eq!(credential(&again, "nonce"), "abc/1=");
    assert_eq!(credential(&again, "response"), md5_of(&again));
}

#[test]
fn without_a_challenge_that_we_know_the_line_fails() {
    for challenges in [&[("WWW-Authenticate", "Basic realm=\"r\"")][..], &[]] {
        let (mut bench, register) = Bench::registering();
        bench.events.clear();
        bench.reply(&register, 401, challenges, "");
        bench.nothing_sent();
        assert_eq!(bench.line(), Line::Failed(LineFault::UnsupportedAuthentication));
    }
}

#[test]
fn the_challenged_request_goes_out_again_under_the_next_number() {
    let (mut bench, register) = Bench::registering();
    bench.reply(&register, 401, &[("WWW-Authenticate", MD5)], "");
    let again = bench.request(Method::Register);
    assert_eq!((seq(&register), seq(&again)), (1, 2));
    assert_ne!(branch(&register), branch(&again));
    for name in ["Call-ID", "From", "To", "Contact", "Expires"] {
        assert_eq!(header(&register.headers, name), header(&again.headers, name));
    }
    assert_eq!(again.headers.all("Via").count(), 1);
}

#[test]
fn a_wrong_password_is_offered_once() {
    let (mut bench, again) = challenged(&[MD5]);
    bench.reply(&again, 401, &[("WWW-Authenticate", &MD5.replace("abc", "new"))], "");
    bench.nothing_sent();
    assert_eq!(bench.line(), Line::Failed(LineFault::WrongPassword));
    assert_eq!(bench.link.pop_front(), Some(LinkRequest::Close));
    bench.advance(Duration::from_secs(1000));
    bench.quiet();
}

#[test]
fn a_stale_nonce_is_replaced_without_a_word() {
    let (mut bench, again) = challenged(&[MD5]);
    let stale = [&MD5.replace("abc", "new"), ", stale=true"].concat();
    bench.reply(&again, 401, &[("WWW-Authenticate", &stale)], "");
    let third = bench.request(Method::Register);
    assert_eq!(credential(&third, "nonce"), "new/1=");
    assert_eq!(credential(&third, "nc"), "00000001");
    assert_eq!(credential(&third, "response"), md5_of(&third));
    assert!(bench.events.is_empty());
}

#[test]
fn nonces_that_are_always_stale_come_to_an_end() {
    let (mut bench, mut request) = challenged(&[MD5]);
    let mut answers = 1;
    loop {
        let nonce = format!("n{answers}");
        let stale = format!("Digest realm=\"example.com\", nonce=\"{nonce}\", stale=true");
        bench.reply(&request, 401, &[("WWW-Authenticate", &stale)], "");
        if bench.sent.is_empty() {
            break;
        }
        request = bench.request(Method::Register);
        answers += 1;
        assert!(answers < 10, "it goes on for ever");
    }
    assert_eq!(bench.line(), Line::Failed(LineFault::WrongPassword));
}

#[test]
fn nc_counts_the_uses_of_a_nonce() {
    let (mut bench, again) = challenged(&[MD5]);
    bench.reply(&again, 200, &[("Contact", &granted(&again, 60))], "");
    bench.advance(Duration::from_secs(45));
    let refresh = bench.request(Method::Register);
    assert_eq!(credential(&refresh, "nonce"), "abc/1=");
    assert_eq!(credential(&refresh, "nc"), "00000002");
    assert_eq!(credential(&refresh, "response"), md5_of(&refresh));
    assert_ne!(credential(&refresh, "cnonce"), credential(&again, "cnonce"));

    bench.reply(&refresh, 401, &[("WWW-Authenticate", &MD5.replace("abc", "new"))], "");
    let renewed = bench.request(Method::Register);
    assert_eq!(credential(&renewed, "nonce"), "new/1=");
    assert_eq!(credential(&renewed, "nc"), "00000001");
    bench.reply(&renewed, 200, &[("Contact", &granted(&renewed, 60))], "");
    bench.advance(Duration::from_secs(45));
    assert_eq!(credential(&bench.request(Method::Register), "nc"), "00000002");
}

#[test]
fn a_nonce_that_is_given_out_again_goes_on_counting() {
    let (mut bench, again) = challenged(&[MD5]);
    bench.reply(&again, 200, &[("Contact", &granted(&again, 60))], "");
    bench.advance(Duration::from_secs(45));
    let refresh = bench.request(Method::Register);
    bench.reply(&refresh, 401, &[("WWW-Authenticate", MD5)], "");
    assert_eq!(credential(&bench.request(Method::Register), "nc"), "00000003");
}

#[test]
fn two_realms_are_both_answered() {
    let (mut bench, again) = challenged(&[MD5]);
    let proxy = "Digest realm=\"proxy\", nonce=\"p\", qop=\"auth\"";
    bench.reply(&again, 407, &[("Proxy-Authenticate", proxy)], "");
    let third = bench.request(Method::Register);
    assert_eq!(credential(&third, "realm"), "example.com");
    assert!(header(&third.headers, "Proxy-Authorization").contains("realm=\"proxy\""));
    assert_eq!(seq(&third), 3);
    assert!(bench.events.is_empty());
}

#[test]
fn the_registrars_challenge_is_not_answered_towards_a_callee() {
    let (mut bench, again) = challenged(&[MD5]);
    bench.reply(&again, 200, &[("Contact", &granted(&again, 600))], "");
    bench.events.clear();
    let (_, invite) = bench.place_call("sip:mallory@evil.example");
    assert!(!invite.headers.has("Authorization"), "{:?}", invite.headers);
}

#[test]
fn a_realm_cannot_break_out_of_its_quotes() {
    let (_, again) = challenged(&["Digest realm=\"a\\\", x=\\\"b\", nonce=\"n\""]);
    let value = header(&again.headers, "Authorization");
    assert!(value.contains("realm=\"a\\\", x=\\\"b\", nonce="), "{value}");
}
