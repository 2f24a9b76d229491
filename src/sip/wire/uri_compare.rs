//! When two URIs mean the same (RFC 3261 §19.1.4, RFC 3966 §5, RFC 5954 for addresses).

use super::text::{bytes, escape_at, push_escape};
use super::{Host, Params, SipUri, Uri};

/// Parameters that make a difference even where only one of the two URIs has them.
const DECISIVE: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];

impl Uri {
    /// Whether both mean the same. It is not transitive: a parameter that only one of them has
    /// usually makes no difference.
    pub fn equivalent(&self, other: &Uri) -> bool {
        match (self, other) {
            (Uri::Sip(a), Uri::Sip(b)) => sip(a, b),
            (Uri::Tel(a), Uri::Tel(b)) => {
                number(&a.number).eq_ignore_ascii_case(&number(&b.number))
                    && sorted(&a.params) == sorted(&b.params)
            }
            (Uri::Other(a), Uri::Other(b)) => a == b,
            _ => false,
        }
    }
}

fn sip(a: &SipUri, b: &SipUri) -> bool {
    a.secure == b.secure
        && option(&a.user) == option(&b.user)
        && option(&a.password) == option(&b.password)
        && host(&a.host, &b.host)
        && a.port == b.port
        && params(&a.params, &b.params)
        && headers(a) == headers(b)
}

fn host(a: &Host, b: &Host) -> bool {
    match (a, b) {
        (Host::Name(a), Host::Name(b)) => a.eq_ignore_ascii_case(b),
        _ => a == b,
    }
}

/// Whether nothing in one contradicts the other. Both may have thousands, from anybody: each is
/// sorted once.
fn params(a: &Params, b: &Params) -> bool {
    let (a, b) = (sorted(a), sorted(b));
    fits(&a, &b) && fits(&b, &a)
}

fn fits(a: &[Pair], b: &[Pair]) -> bool {
    a.iter().all(|pair| {
        let found = b.binary_search(pair).is_ok();
        let place = b.partition_point(|(name, _)| *name < pair.0);
        let is_absent = b.get(place).is_none_or(|(name, _)| *name != pair.0);
        let is_decisive = DECISIVE.iter().any(|decisive| decisive.as_bytes() == pair.0);
        found || is_absent && !is_decisive
    })
}

/// A name and a value, as they compare.
type Pair = (Vec<u8>, Vec<u8>);

fn sorted(params: &Params) -> Vec<Pair> {
    let small = |text: &str| canonical(text).to_ascii_lowercase();
    let mut pairs: Vec<Pair> = params
        .iter()
        .map(|(name, value)| (small(name), small(value.unwrap_or_default())))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The headers in an order of their own, as that of the URI makes no difference.
fn headers(uri: &SipUri) -> Vec<Pair> {
    let small = |name: &str| canonical(name).to_ascii_lowercase();
    let mut pairs: Vec<Pair> =
        uri.headers.iter().map(|(name, value)| (small(name), canonical(value))).collect();
    pairs.sort_unstable();
    pairs
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
