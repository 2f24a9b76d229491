//! Who calls, in every header that may say so: P-Asserted-Identity (RFC 3325), Remote-Party-ID,
//! Privacy (RFC 3323), Diversion (RFC 5806), History-Info (RFC 7044), and what the caller's side
//! wishes of the telephone. What is read here is data; whom to believe is decided elsewhere.

use super::scan::{parse_u32, split_commas};
use super::{Headers, NameAddr, Params, Reason, Uri, display_text, unescape};
use std::time::Duration;

/// How many diversions and how many headers of the caller's own are kept.
const LIMIT: usize = 16;
/// So many entries of such a list are read, half of them from each end: no call has come a longer way,
/// and those of History-Info are compared with each other.
const MAX_ENTRIES: usize = 64;

/// Somebody with a name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name, made safe to show.
    pub name: Option<String>,
    /// The address.
    pub uri: Uri,
}

/// A party that the call was meant for before it came to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diversion {
    /// Who sent the call on.
    pub party: Identity,
    /// Why, made safe to show: a word such as `user-busy` (RFC 5806 §4), or a SIP status.
    pub reason: String,
}

impl Identity {
    /// The identity that an address header holds.
    pub fn of(address: NameAddr) -> Identity {
        let name = address.display.as_deref().map(display_text).filter(|name| !name.is_empty());
        Identity { name, uri: address.uri }
    }

    /// What the network asserts (RFC 3325 §9.1): a SIP address, a telephone number, or both, of
    /// which the SIP address comes first.
    pub fn asserted(headers: &Headers) -> Vec<Identity> {
        let values = headers.values("P-Asserted-Identity");
        let read = values.into_iter().filter_map(|value| NameAddr::parse(value).ok());
        let all: Vec<Identity> = read.map(Identity::of).collect();
        let is_tel = |identity: &&Identity| matches!(identity.uri, Uri::Tel(_));
        let sip = all.iter().find(|identity| matches!(identity.uri, Uri::Sip(_)));
        sip.into_iter().chain(all.iter().find(is_tel)).cloned().collect()
    }

    /// What Remote-Party-ID says, the never published forerunner of RFC 3325, unless it wants to be
    /// kept private, or names the called party where that is not wanted.
    pub fn remote_party(headers: &Headers, called: bool) -> Option<Identity> {
        let values = headers.values("Remote-Party-ID");
        let address = values.into_iter().find_map(|value| {
            let address = NameAddr::parse(value).ok()?;
            let names_called = address.params.get("party").is_some_and(|party| party == "called");
            let hidden = address.params.get("privacy").is_some_and(|privacy| privacy != "off");
            ((called || !names_called) && !hidden).then_some(address)
        })?;
        Some(Identity::of(address))
    }
}

/// Whether the caller wants not to be known: `Privacy: id` and its kind (RFC 3323 §4.2,
/// RFC 3325 §9.3), or the address that stands for nobody (RFC 3323 §4.1.1.3).
pub fn is_anonymous(headers: &Headers) -> bool {
    let mut wishes = headers.all("Privacy").flat_map(|value| value.split([';', ',']));
    let wished = wishes.any(|wish| {
        ["id", "user", "full"].iter().any(|known| known.eq_ignore_ascii_case(wish.trim()))
    });
    let from = headers.name_addr("From").and_then(|from| from.uri.host());
    wished || from.is_some_and(|host| host.eq_ignore_ascii_case("anonymous.invalid"))
}

/// Who sent the call on, the first to do so first, from Diversion or, without it, History-Info.
/// The first and the last are always among them.
pub fn diversions(headers: &Headers) -> Vec<Diversion> {
    // RFC 5806 §4.1: each party puts itself on top.
    let values = ends(headers, "Diversion").into_iter().rev();
    let mut list: Vec<Diversion> = values.filter_map(diversion).collect();
    if list.is_empty() {
        list = history(headers);
    }
    if list.len() > LIMIT {
        list.drain(1..=list.len() - LIMIT);
    }
    list
}

/// The values of a header, without those between the first and the last of a long list.
fn ends<'a>(headers: &'a Headers, name: &str) -> Vec<&'a str> {
    let mut values = headers.values(name);
    let from_end = values.len().saturating_sub(MAX_ENTRIES / 2);
    values.drain(from_end.min(MAX_ENTRIES / 2)..from_end);
    values
}

fn diversion(value: &str) -> Option<Diversion> {
    let address = NameAddr::parse(value).ok()?;
    let reason = display_text(&address.params.unquoted("reason").unwrap_or_default());
    Some(Diversion { party: Identity::of(address), reason })
}

/// RFC 7044 §5: an entry was sent on if a later one says so in `mp`, or if it carries the Reason
/// for which that was done.
fn history(headers: &Headers) -> Vec<Diversion> {
    let values = ends(headers, "History-Info").into_iter();
    let entries: Vec<NameAddr> = values.filter_map(|value| NameAddr::parse(value).ok()).collect();
    let left = |index: &str| entries.iter().any(|entry| entry.params.get("mp") == Some(index));
    let mut list = Vec::new();
    for entry in &entries {
        let reason = entry.uri.as_sip().and_then(|sip| {
            let (_, value) =
                sip.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Reason"))?;
            Reason::parse(&unescape(value)).ok()
        });
        if reason.is_none() && !entry.params.get("index").is_some_and(left) {
            continue;
        }
        let mut party = Identity::of(entry.clone());
        if let Uri::Sip(sip) = &mut party.uri {
            sip.headers.clear();
        }
        let cause = reason.and_then(|reason| reason.cause);
        let reason = cause.map(|cause| cause.to_string()).unwrap_or_default();
        list.push(Diversion { party, reason });
    }
    list
}

/// After how long the caller's side wants the call to be answered by itself: `answer-after` of
/// Call-Info or Alert-Info, or `info=alert-autoanswer`. Nothing follows from it by itself.
pub fn answer_after(headers: &Headers) -> Option<Duration> {
    let lines = headers.all("Call-Info").chain(headers.all("Alert-Info"));
    lines.flat_map(split_commas).find_map(|value| {
        let (main, params) = Params::split(value).ok()?;
        if let Some(after) = params.unquoted("answer-after") {
            return parse_u32(&after).map(|after| Duration::from_secs(after.into()));
        }
        let alert = main.eq_ignore_ascii_case("info=alert-autoanswer")
            || params.get("info").is_some_and(|info| info.eq_ignore_ascii_case("alert-autoanswer"));
        let delay = params.get("delay").and_then(parse_u32).unwrap_or_default();
        alert.then(|| Duration::from_secs(delay.into()))
    })
}

/// The headers that begin with `X-`, by which servers tell more about a call; the first few, their
/// values made safe to show.
pub fn extensions(headers: &Headers) -> Vec<(String, String)> {
    let own = |name: &str| name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("X-"));
    let found = headers.iter().filter(|(name, _)| own(name)).take(LIMIT);
    found.map(|(name, value)| (display_text(name), display_text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in lines {
            headers.push(name, *value);
        }
        headers
    }

    #[test]
    fn history_names_those_who_sent_the_call_on() {
        let headers = headers(&[
            ("History-Info", "<sip:first@h?Reason=SIP%3Bcause%3D302>;index=1"),
            ("History-Info", "<sip:second@h>;index=1.1;mp=1, <sip:us@h>;index=1.1.1;mp=1.1"),
        ]);
        let list = diversions(&headers);
        let parties: Vec<String> = list.iter().map(|entry| entry.party.uri.to_string()).collect();
        assert_eq!(parties, ["sip:first@h", "sip:second@h"]);
        assert_eq!(list.first().map(|entry| entry.reason.as_str()), Some("302"));
        assert_eq!(list.last().map(|entry| entry.reason.as_str()), Some(""));
    }

    #[test]
    fn a_long_way_keeps_its_first_and_last_party() {
        let mut long = Headers::default();
        for number in 0..50 {
            long.push("Diversion", ["<sip:", &number.to_string(), "@h>"].concat());
        }
        let list = diversions(&long);
        assert_eq!(list.len(), LIMIT);
        let user = |entry: Option<&Diversion>| entry.and_then(|entry| entry.party.uri.user());
        assert_eq!(user(list.first()).as_deref(), Some("49"));
        assert_eq!(user(list.last()).as_deref(), Some("0"));
    }

    #[test]
    fn of_a_list_without_end_only_the_ends_are_read() {
        for name in ["Diversion", "History-Info"] {
            let mut long = Headers::default();
            for number in 0..3000 {
                let known = [0, 1500, 2999].contains(&number);
                let entry = format!("<sip:{number}@h?Reason=SIP%3Bcause%3D302>;index=1");
                long.push(name, if known { entry } else { "<".into() });
            }
            let mut users: Vec<_> =
                diversions(&long).iter().filter_map(|entry| entry.party.uri.user()).collect();
            users.sort();
            assert_eq!(users, ["0", "2999"], "{name}");
        }
    }

    #[test]
    fn the_wish_to_be_answered_is_read_in_its_usual_forms() {
        let table = [
            ("Call-Info", "<sip:pbx>;answer-after=0", Some(0)),
            ("Call-Info", "<http://a/,b>;purpose=icon, <sip:pbx>; answer-after = \"3\"", Some(3)),
            ("Alert-Info", "<http://www.notused.com>;info=alert-autoanswer;delay=2", Some(2)),
            ("Alert-Info", "info=alert-autoanswer", Some(0)),
            ("Alert-Info", "<http://ring.example/1.wav>", None),
            ("Call-Info", "<sip:pbx>;answer-after=soon", None),
            ("Subject", "answer-after=0", None),
        ];
        for (name, value, expected) in table {
            let read = answer_after(&headers(&[(name, value)]));
            assert_eq!(read, expected.map(Duration::from_secs), "{value}");
        }
    }
}
