//! Digest challenges as WWW-Authenticate and Proxy-Authenticate carry them (RFC 7616, RFC 8760).

use super::scan::{ValueError, is_token, split_commas, trim, unquote};
use std::fmt;

/// A Digest challenge. Texts are without quotes and backslashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The realm, which names the set of accounts.
    pub realm: String,
    /// The nonce to answer with.
    pub nonce: String,
    /// Text to send back as it is.
    pub opaque: Option<String>,
    /// The algorithm; MD5 where none is named.
    pub algorithm: Algorithm,
    /// The qualities of protection offered.
    pub qop: Qop,
    /// Whether only the nonce of the last answer was too old.
    pub stale: bool,
    /// The protection space.
    pub domain: Option<String>,
    /// Whether the user name may be sent as a hash.
    pub userhash: bool,
}

/// The qualities of protection that a challenge offers; none at all means that of RFC 2069.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qop {
    /// `auth`: the answer covers method and URI.
    pub auth: bool,
    /// `auth-int`: it covers the body as well.
    pub auth_int: bool,
}

/// A digest algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the algorithm of its name in RFC 8760")]
pub enum Algorithm {
    Md5,
    Md5Sess,
    Sha256,
    Sha256Sess,
    Sha512_256,
    Sha512_256Sess,
    /// One that we do not know.
    Unknown(String),
}

impl Challenge {
    /// Reads the value of one header. A parameter that is unknown, or no parameter, is skipped.
    pub fn parse(text: &str) -> Result<Challenge, ValueError> {
        let text = trim(text);
        let (scheme, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Err(ValueError::Scheme);
        }
        Challenge::read(&split_commas(rest))
    }

    /// Reads the Digest challenges of one header line, into which some servers put several.
    pub fn parse_list(text: &str) -> Vec<Challenge> {
        let mut challenges: Vec<(&str, Vec<&str>)> = Vec::new();
        for part in split_commas(text) {
            match (split_scheme(part), challenges.last_mut()) {
                (Some((scheme, first)), _) => challenges.push((scheme, vec![first])),
                (None, Some((_, parts))) => parts.push(part),
                (None, None) => {}
            }
        }
        let digests = challenges.iter().filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Digest"));
        digests.filter_map(|(_, parts)| Challenge::read(parts).ok()).collect()
    }

    fn read(parts: &[&str]) -> Result<Challenge, ValueError> {
        let mut params = Vec::new();
        for part in parts {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            params.push((trim(name), unquote(trim(value)).ok_or(ValueError::Quote)?));
        }
        let get = |name: &str| {
            let param = params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            param.map(|(_, value)| value.clone())
        };
        let is_true = |name| get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let offered = get("qop").unwrap_or_default();
        let offers = |name: &str| {
            offered.split([',', ' ', '\t']).any(|offer| offer.eq_ignore_ascii_case(name))
        };
        Ok(Challenge {
            realm: get("realm").ok_or(ValueError::Missing("realm"))?,
            nonce: get("nonce").ok_or(ValueError::Missing("nonce"))?,
            opaque: get("opaque"),
            algorithm: get("algorithm").map_or(Algorithm::Md5, Algorithm::parse),
            qop: Qop { auth: offers("auth"), auth_int: offers("auth-int") },
            stale: is_true("stale"),
            domain: get("domain"),
            userhash: is_true("userhash"),
        })
    }
}

/// The scheme with which a part of a list begins, if it begins a challenge, and what follows.
fn split_scheme(part: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = part.split_once([' ', '\t'])?;
    let rest = trim(rest);
    (is_token(scheme) && !rest.starts_with('=')).then_some((scheme, rest))
}

/// A parameter of a header that holds parameters only, such as Authentication-Info, without its
/// quotes (RFC 7615 §3).
pub fn auth_param(text: &str, name: &str) -> Option<String> {
    let mut params = split_commas(text).into_iter().filter_map(|part| part.split_once('='));
    let (_, value) = params.find(|(key, _)| trim(key).eq_ignore_ascii_case(name))?;
    unquote(trim(value))
}

const KNOWN: [Algorithm; 6] = [
    Algorithm::Md5,
    Algorithm::Md5Sess,
    Algorithm::Sha256,
    Algorithm::Sha256Sess,
    Algorithm::Sha512_256,
    Algorithm::Sha512_256Sess,
];

impl Algorithm {
    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Md5Sess => "MD5-sess",
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha256Sess => "SHA-256-sess",
            Algorithm::Sha512_256 => "SHA-512-256",
            Algorithm::Sha512_256Sess => "SHA-512-256-sess",
            Algorithm::Unknown(name) => name,
        }
    }

    fn parse(name: String) -> Algorithm {
        let known = KNOWN.iter().find(|known| known.as_str().eq_ignore_ascii_case(&name)).cloned();
        known.unwrap_or(Algorithm::Unknown(name))
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_of_real_servers_are_read() {
        let plain = Challenge::parse("Digest realm=\"asterisk\",nonce=\"1/a=\"").expect("plain");
        assert_eq!((plain.realm.as_str(), plain.nonce.as_str()), ("asterisk", "1/a="));
        assert_eq!((plain.algorithm, plain.qop), (Algorithm::Md5, Qop::default()));
        assert_eq!((plain.opaque, plain.domain), (None, None));
        assert!(!plain.stale && !plain.userhash);
        let full = Challenge::parse(
            " dIgEsT\tREALM = \"a, \\\"b\\\"\" ,nonce=\"n<,\", Opaque=\"\",algorithm=sha-256, \
             qop=\"auth,auth-int\", stale=TRUE, domain=\"sip:a sip:b\", userhash=true, x=y,",
        );
        let expected = Challenge {
            realm: "a, \"b\"".into(),
            nonce: "n<,".into(),
            opaque: Some(String::new()),
            algorithm: Algorithm::Sha256,
            qop: Qop { auth: true, auth_int: true },
            stale: true,
            domain: Some("sip:a sip:b".into()),
            userhash: true,
        };
        assert_eq!(full, Ok(expected));
    }

    #[test]
    fn algorithms_and_qop_are_read_in_any_dress() {
        let read = |rest: &str| {
            Challenge::parse(&["Digest realm=r, nonce=n, ", rest].concat()).expect(rest)
        };
        for algorithm in KNOWN {
            let name = algorithm.to_string();
            assert_eq!(read(&["algorithm=", &name].concat()).algorithm, algorithm);
            let quoted = ["algorithm=\"", &name.to_ascii_lowercase(), "\""].concat();
            assert_eq!(read(&quoted).algorithm, algorithm);
        }
        let unknown = read("algorithm=AKAv1-MD5").algorithm;
        assert_eq!(unknown, Algorithm::Unknown("AKAv1-MD5".into()));
        assert_eq!(unknown.to_string(), "AKAv1-MD5");
        let table = [
            ("qop=auth", (true, false)),
            ("qop=\"auth\"", (true, false)),
            ("qop=\" auth-int , x \"", (false, true)),
            ("qop=\"x\"", (false, false)),
            ("stale=false", (false, false)),
        ];
        for (text, (auth, auth_int)) in table {
            assert_eq!(read(text).qop, Qop { auth, auth_int }, "{text}");
            assert!(!read(text).stale);
        }
    }

    #[test]
    fn other_schemes_and_broken_challenges_are_errors() {
        let table = [
            ("Basic realm=\"r\"", ValueError::Scheme),
            ("NoOneKnowsThisScheme opaque-data=here", ValueError::Scheme),
            ("", ValueError::Scheme),
            ("Digestrealm=\"r\"", ValueError::Scheme),
            ("Digest", ValueError::Missing("realm")),
            ("Digest realm=\"r\"", ValueError::Missing("nonce")),
            ("Digest realm=\"r, nonce=\"n\"", ValueError::Quote),
        ];
        for (text, error) in table {
            assert_eq!(Challenge::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn challenges_that_share_a_line_are_told_apart() {
        let list = Challenge::parse_list(
            "Digest realm=\"a, Digest b\", nonce=\"1\", Basic realm=\"x\", digest nonce = \"2\", \
             realm\t=\"c\",qop=\"auth\", Digest realm=\"broken\"",
        );
        let read: Vec<_> = list.iter().map(|one| (one.realm.as_str(), one.qop.auth)).collect();
        assert_eq!(read, [("a, Digest b", false), ("c", true)]);
        assert_eq!(Challenge::parse_list("realm=\"r\", nonce=\"n\""), []);
        assert_eq!(Challenge::parse_list("Digest realm=r, nonce=n").len(), 1);
    }

    #[test]
    fn parameters_without_a_scheme_are_found() {
        let value = "qop=auth, NextNonce = \"a,\\\"b\", rspauth=\"\"";
        assert_eq!(auth_param(value, "nextnonce").as_deref(), Some("a,\"b"));
        assert_eq!(auth_param(value, "nonce"), None);
        assert_eq!(auth_param("nextnonce=\"open", "nextnonce"), None);
    }
}
