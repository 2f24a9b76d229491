//! The value of an `Authorization`: the formulas of RFC 7616 §3.4.

use crate::entropy::hex;
use crate::sip::wire::{Algorithm, Challenge, quote};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha512_256};

/// What one use of a challenge depends on.
pub(super) struct Use<'a> {
    pub(super) method: &'a str,
    pub(super) uri: &'a str,
    pub(super) body: &'a [u8],
    pub(super) count: u32,
    pub(super) cnonce: &'a str,
}

pub(super) fn credentials(
    username: &str,
    password: &str,
    challenge: &Challenge,
    usage: &Use<'_>,
) -> String {
    let hash = |text: &str| digest(&challenge.algorithm, text.as_bytes());
    let qop = match (challenge.qop.auth, challenge.qop.auth_int) {
        (true, _) => Some("auth"),
        (false, true) => Some("auth-int"),
        (false, false) => None,
    };
    let count = count_hex(usage.count);
    let nonce = challenge.nonce.as_str();

    let mut secret = hash(&[username, ":", &challenge.realm, ":", password].concat());
    let session = is_session(&challenge.algorithm);
    if session {
        secret = hash(&[&secret, ":", nonce, ":", usage.cnonce].concat());
    }
    let mut action = [usage.method, ":", usage.uri].concat();
    if qop == Some("auth-int") {
        action.push(':');
        action.push_str(&digest(&challenge.algorithm, usage.body));
    }
    let action = hash(&action);
    let response = match qop {
        Some(qop) => hash(
            &[&secret, ":", nonce, ":", &count, ":", usage.cnonce, ":", qop, ":", &action].concat(),
        ),
        None => hash(&[&secret, ":", nonce, ":", &action].concat()),
    };

    let mut value = [
        "Digest username=",
        &quote(username),
        ", realm=",
        &quote(&challenge.realm),
        ", nonce=",
        &quote(nonce),
        ", uri=",
        &quote(usage.uri),
        ", response=\"",
        &response,
        "\", algorithm=",
        &challenge.algorithm.to_string(),
    ]
    .concat();
    if let Some(opaque) = &challenge.opaque {
        value.push_str(", opaque=");
        value.push_str(&quote(opaque));
    }
    if let Some(qop) = qop {
        value.push_str(&[", qop=", qop, ", nc=", &count].concat());
    }
    if qop.is_some() || session {
        value.push_str(", cnonce=");
        value.push_str(&quote(usage.cnonce));
    }
    value
}

/// Whether the secret is one of the session only.
pub(super) fn is_session(algorithm: &Algorithm) -> bool {
    use Algorithm::{Md5Sess, Sha256Sess, Sha512_256Sess};
    matches!(algorithm, Md5Sess | Sha256Sess | Sha512_256Sess)
}

/// `nc`: eight hexadecimal digits (RFC 7616 §3.4).
fn count_hex(count: u32) -> String {
    hex(&count.to_be_bytes())
}

fn digest(algorithm: &Algorithm, bytes: &[u8]) -> String {
    match algorithm {
        Algorithm::Sha256 | Algorithm::Sha256Sess => hex(&Sha256::digest(bytes)),
        Algorithm::Sha512_256 | Algorithm::Sha512_256Sess => hex(&Sha512_256::digest(bytes)),
        _ => hex(&Md5::digest(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respond(algorithm: Algorithm, username: &str, password: &str, usage: &Use<'_>) -> String {
        let mut challenge = Challenge::parse(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
        )
        .expect("a challenge of RFC 7616");
        challenge.algorithm = algorithm;
        credentials(username, password, &challenge, usage)
    }

    #[test]
    fn the_examples_of_rfc_7616_give_their_responses() {
        let usage = Use {
            method: "GET",
            uri: "/dir/index.html",
            body: b"",
            count: 1,
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        };
        let md5 = respond(Algorithm::Md5, "Mufasa", "Circle of Life", &usage);
        assert!(md5.contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""), "{md5}");
        assert!(md5.contains("qop=auth, nc=00000001"), "{md5}");
        let sha = respond(Algorithm::Sha256, "Mufasa", "Circle of Life", &usage);
        assert!(
            sha.contains(
                "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""
            ),
            "{sha}"
        );
    }

    #[test]
    fn the_example_of_sha_512_256_gives_the_response_of_erratum_4897() {
        let challenge = Challenge::parse(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
             nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", \
             opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true",
        )
        .expect("the challenge of RFC 7616 §3.9.2");
        let usage = Use {
            method: "GET",
            uri: "/doe.json",
            body: b"",
            count: 1,
            cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
        };
        let value = credentials("J\u{E4}s\u{F8}n Doe", "Secret, or not?", &challenge, &usage);
        assert!(value.contains("response=\"3798d4131c277846"), "{value}");
    }

    #[test]
    fn nc_is_hexadecimal_beyond_nine() {
        assert_eq!(count_hex(10), "0000000a");
        assert_eq!(count_hex(256), "00000100");
    }
}
