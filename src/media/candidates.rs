//! ICE candidates as lines of text (RFC 8839 §5.1): what they are, which of them are told, and what they
//! may say.

/// Whether a candidate that comes after its description is worth telling to a peer, which has only
/// relays told where nothing else may be used. That by which we could only open a TCP connection
/// meets no browser that would take one.
pub fn is_worth_telling(line: &str, relay_only: bool) -> bool {
    transport_and_type(line).is_some_and(|(transport, kind)| {
        kind == "relay" || !relay_only && transport.eq_ignore_ascii_case("udp")
    })
}

/// The name that ICE gives the way to whoever wrote this description; a new one asks for a new way
/// (RFC 8839 §5.4, §4.4.3.1.1).
pub fn ufrag(sdp: &str) -> Option<&str> {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"))
}

/// Whether a description names any way to whoever wrote it.
pub fn names_any(sdp: &str) -> bool {
    sdp.lines().any(|line| transport_and_type(line).is_some())
}

/// A description, or a candidate, that names no address but those of relays: neither other
/// candidates nor the address behind a relay (`raddr`, which RFC 8839 §5.1 wants there).
pub fn relays_only(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match transport_and_type(line.trim_end()) {
            Some((_, "relay")) => {
                let mut fields = line.split(' ');
                let mut first = true;
                while let Some(field) = fields.next() {
                    kept.push_str(if first { "" } else { " " });
                    first = false;
                    kept.push_str(field);
                    let nothing = match field {
                        "raddr" => " 0.0.0.0",
                        "rport" => " 9",
                        _ => continue,
                    };
                    // The line may end here.
                    let value = fields.next().unwrap_or_default();
                    kept.push_str(nothing);
                    kept.push_str(&value[value.trim_end().len()..]);
                }
            }
            Some(_) => {}
            None => kept.push_str(line),
        }
    }
    kept
}

/// The transport and the type (`host`, `srflx`, `prflx`, `relay`) of a candidate:
/// `candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> …`.
pub(super) fn transport_and_type(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("a=").unwrap_or(line);
    let mut fields = line.strip_prefix("candidate:")?.split_ascii_whitespace();
    let transport = fields.nth(2)?;
    let (_priority, _address, _port) = (fields.next()?, fields.next()?, fields.next()?);
    (fields.next()? == "typ").then_some(())?;
    Some((transport, fields.next()?))
}

#[cfg(test)]
pub(super) mod lines {
    pub(in crate::media) const UDP_HOST: &str =
        "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0 ufrag x";
    pub(in crate::media) const UDP_HOST_MDNS: &str =
        "candidate:2 1 UDP 2122252543 5ad1.local 50001 typ host";
    pub(in crate::media) const TCP_HOST: &str =
        "candidate:3 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active";
    pub(in crate::media) const REFLEXIVE: &str =
        "candidate:4 1 udp 1677729535 203.0.113.9 50000 typ srflx raddr 192.0.2.7 rport 50000";
    pub(in crate::media) const RELAY: &str =
        "candidate:5 1 udp 33562367 198.51.100.4 60000 typ relay raddr 203.0.113.9 rport 50000";
}

#[cfg(test)]
mod tests {
    use super::lines::*;
    use super::*;

    #[test]
    fn only_what_a_peer_can_use_is_told_late() {
        for line in [UDP_HOST, UDP_HOST_MDNS, REFLEXIVE, RELAY] {
            assert!(is_worth_telling(line, false), "{line}");
            assert_eq!(is_worth_telling(line, true), line == RELAY, "{line}");
        }
        assert!(!is_worth_telling(TCP_HOST, false) && !is_worth_telling("", false));
    }

    #[test]
    fn a_description_names_a_way_or_none() {
        let without = "v=0\r\nm=audio 9 X 0\r\na=ice-ufrag:candidate\r\n";
        assert!(!names_any(without));
        assert!(names_any(&[without, "a=", UDP_HOST, "\r\na=mid:0\r\n"].concat()));
    }

    #[test]
    fn under_the_relay_policy_no_other_address_is_left() {
        let hidden =
            "candidate:5 1 udp 33562367 198.51.100.4 60000 typ relay raddr 0.0.0.0 rport 9";
        assert_eq!(relays_only(RELAY), hidden);
        let more = [RELAY, " generation 0"].concat();
        assert_eq!(relays_only(&more), [hidden, " generation 0"].concat());
        let sdp = |lines: &[&str]| {
            let lines: Vec<String> =
                lines.iter().map(|line| ["a=", line, "\r\n"].concat()).collect();
            ["v=0\r\nm=audio 9 X 0\r\n", &lines.concat(), "a=mid:0\r\n"].concat()
        };
        let cleaned = relays_only(&sdp(&[UDP_HOST, REFLEXIVE, RELAY, TCP_HOST]));
        assert_eq!(cleaned, sdp(&[hidden]));
        assert_eq!(
            relays_only("a=candidate:1 1 udp 1 a 1 typ relay raddr"),
            "a=candidate:1 1 udp 1 a 1 typ relay raddr 0.0.0.0"
        );
    }
}
