//! When two URIs mean the same (RFC 3261 §19.1.4, RFC 3966 §5, RFC 5954 for addresses).

use super::text::{bytes, escape_at, push_escape};
use super::{Params, SipUri, Uri};

/// Parameters that make a difference even where only one of the two URIs has them.
const DECISIVE: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];

impl Uri {
    /// Whether both mean the same. It is not transitive: a parameter that only one of them has
    /// usually makes no difference.
    pub fn equivalent(&self, other: &Uri) -> bool {
        match (self, other) {
            _ if self == other => true,
            (Uri::Sip(a), Uri::Sip(b)) => sip(a, b),
            (Uri::Tel(a), Uri::Tel(b)) => {
                number(&a.number).eq_ignore_ascii_case(&number(&b.number))
                    && a.params.iter().all(|param| has(&b.params, param))
                    && b.params.iter().all(|param| has(&a.params, param))
            }
            _ => false,
        }
    }
}

fn sip(a: &SipUri, b: &SipUri) -> bool {
    a.secure == b.secure
        && option(&a.user) == option(&b.user)
        && option(&a.password) == option(&b.password)
        && a.host.is_same(&b.host)
        && a.port == b.port
        && params(&a.params, &b.params)
        && params(&b.params, &a.params)
        && a.headers.len() == b.headers.len()
        && headers(a, b)
        && headers(b, a)
}

/// Whether nothing in `a` contradicts `b`.
fn params(a: &Params, b: &Params) -> bool {
    a.iter().all(|param| {
        let name = param.0;
        let is_absent = || !b.iter().any(|(other, _)| same(name, other));
        has(b, param) || (is_absent() && !DECISIVE.iter().any(|decisive| same(name, decisive)))
    })
}

/// Whether `params` has one of this name and value.
fn has(params: &Params, (name, value): (&str, Option<&str>)) -> bool {
    params.iter().any(|(other, other_value)| {
        same(name, other) && same(value.unwrap_or_default(), other_value.unwrap_or_default())
    })
}

/// Whether `b` has every header of `a`.
fn headers(a: &SipUri, b: &SipUri) -> bool {
    a.headers.iter().all(|(name, value)| {
        let same = |other: &(String, String)| {
            same(name, &other.0) && canonical(value) == canonical(&other.1)
        };
        b.headers.iter().any(same)
    })
}

/// Whether both texts are the same but for case and needless escapes.
fn same(a: &str, b: &str) -> bool {
    canonical(a).eq_ignore_ascii_case(&canonical(b))
}

fn option(text: &Option<String>) -> Option<Vec<u8>> {
    text.as_deref().map(canonical)
}

/// The text with every escape resolved that need not be one: a character equals its escape unless
/// it is reserved.
fn canonical(text: &str) -> Vec<u8> {
    let bytes = bytes(text);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match escape_at(&bytes, at) {
            Some(escaped) => {
                if b"%;/?:@&=+$,".contains(&escaped) {
                    push_escape(escaped, &mut out);
                } else {
                    out.push(escaped);
                }
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// A telephone number without its visual separators.
fn number(text: &str) -> String {
    text.replace(['-', '.', '(', ')'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_compare_by_meaning() {
        let same = [
            // The examples of RFC 3261 §19.1.4.
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
            (
                "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
            ),
            (
                "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                "sip:alice@atlanta.com?priority=urgent&Subject=project%20x",
            ),
            // And others.
            ("sip:a@[2001:DB8::1]", "sip:a@[2001:db8:0:0:0:0:0:1]"),
            ("sip:a@h;n%61me=v%61lue", "sip:a@h;name=value"),
            ("sip:a%2db@h", "sip:a-b@h"),
            ("sip:a@h;x=1;x=2", "sip:a@h;x=2;x=1"),
            ("tel:+1-201-555-0123", "tel:+12015550123"),
            (
                "tel:7042;phone-context=Example.com;ext=1",
                "tel:7042;ext=1;phone-context=example.com",
            ),
            ("urn:service:sos", "urn:service:sos"),
        ];
        let different = [
            ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
            ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
            ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
            ("sip:a@h", "sips:a@h"),
            ("sip:a@h", "sip:h"),
            ("sip:a@h", "sip:a:@h"),
            ("sip:a%40b@h", "sip:a%2540b@h"),
            ("sip:a%3Bb@h", "sip:a;b@h"),
            ("sip:a@h?X=a", "sip:a@h?X=A"),
            ("sip:a@h?X=1&X=1", "sip:a@h?X=1&Y=1"),
            ("sip:a@h;maddr=x", "sip:a@h"),
            ("tel:7042", "tel:7042;phone-context=x"),
            ("tel:+1", "sip:+1@h"),
            ("urn:a:b", "urn:a:B"),
        ];
        for (expected, table) in [(true, &same[..]), (false, &different[..])] {
            for (a, b) in table {
                let (left, right) = (Uri::parse(a).expect(a), Uri::parse(b).expect(b));
                assert_eq!(left.equivalent(&right), expected, "{a} {b}");
                assert_eq!(right.equivalent(&left), expected, "{b} {a}");
                assert!(left.equivalent(&left));
            }
        }
    }
}
