//! ICE candidates on their own, outside a session description: the bodies of type
//! `application/trickle-ice-sdpfrag` (RFC 8840 §9).

/// How many candidates are read from one body.
const LIMIT: usize = 64;

/// Candidates of one end of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The user name fragment of the description that they belong to (RFC 8839 §5.4); empty where
    /// it is not known.
    pub ufrag: String,
    /// The candidates, in the order in which they were found.
    pub list: Vec<Candidate>,
    /// There will be no others.
    pub complete: bool,
}

/// A way to reach one end of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The stream, as `a=mid` of the description names it (RFC 5888); empty where it is not named.
    pub mid: String,
    /// `candidate:<foundation> <component> <transport> …` (RFC 8839 §5.1).
    pub line: String,
}

impl Candidates {
    /// The candidates of a body; those without a stream belong to the stream without a name.
    pub fn parse(text: &str) -> Self {
        let mut read = Self::default();
        let mut mid = String::new();
        for line in text.lines().map(str::trim_end) {
            if line.starts_with("m=") {
                mid.clear();
            } else if let Some(value) = line.strip_prefix("a=mid:") {
                value.clone_into(&mut mid);
            } else if let Some(value) = line.strip_prefix("a=ice-ufrag:") {
                value.clone_into(&mut read.ufrag);
            } else if line == "a=end-of-candidates" {
                read.complete = true;
            } else if line.starts_with("a=candidate:") && read.list.len() < LIMIT {
                read.list.push(Candidate { mid: mid.clone(), line: line[2..].to_owned() });
            }
        }
        read
    }

    /// The body that tells the peer of these and of those in our description `sdp`, which it was
    /// sent before: each body repeats all that came before it (RFC 8840 §4.4). `None` where they
    /// do not belong to that description.
    pub fn write(&self, sdp: &str) -> Option<String> {
        let value = |name| sdp.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_end);
        let ufrag = value("a=ice-ufrag:")?;
        let password = value("a=ice-pwd:")?;
        if !self.ufrag.is_empty() && self.ufrag != ufrag {
            return None;
        }
        let mut body = ["a=ice-ufrag:", ufrag, "\r\na=ice-pwd:", password, "\r\n"].concat();
        for section in sdp.split("\nm=").skip(1) {
            let lines = || section.lines().map(str::trim_end);
            let mid = lines().find_map(|line| line.strip_prefix("a=mid:")).unwrap_or_default();
            let known = lines().filter(|line| line.starts_with("a=candidate:"));
            let new = self.list.iter().filter(|candidate| candidate.mid == mid);
            let known: Vec<&str> =
                known.map(|line| &line[2..]).chain(new.map(|new| new.line.as_str())).collect();
            if known.is_empty() {
                continue;
            }
            // RFC 8840 §4.4: a line that only separates the streams, the same for each.
            body.push_str("m=audio 9 RTP/AVP 0\r\n");
            body.extend(["a=mid:", mid, "\r\n"]);
            for line in known {
                body.extend(["a=", line, "\r\n"]);
            }
            if self.complete {
                body.push_str("a=end-of-candidates\r\n");
            }
        }
        Some(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host";
    const RELAY: &str = "candidate:5 1 udp 33562367 198.51.100.4 60000 typ relay";

    fn description() -> String {
        [
            "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:8hhY\r\n\
             a=ice-pwd:asd88fgpdd777uzjYhagZg\r\na=mid:0\r\na=",
            HOST,
            "\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n",
        ]
        .concat()
    }

    fn found(mid: &str, complete: bool) -> Candidates {
        let list = vec![Candidate { mid: mid.to_owned(), line: RELAY.to_owned() }];
        Candidates { ufrag: "8hhY".to_owned(), list, complete }
    }

    #[test]
    fn a_body_repeats_what_the_description_had() {
        let body = found("0", false).write(&description()).expect("a body");
        let expected = [
            "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\nm=audio 9 RTP/AVP 0\r\n\
             a=mid:0\r\na=",
            HOST,
            "\r\na=",
            RELAY,
            "\r\n",
        ];
        assert_eq!(body, expected.concat());
    }

    #[test]
    fn the_end_is_told_for_each_stream_that_has_candidates() {
        let body = found("1", true).write(&description()).expect("a body");
        assert_eq!(body.matches("a=end-of-candidates\r\n").count(), 2);
        let read = Candidates::parse(&body);
        assert!(read.complete);
        assert_eq!(read.ufrag, "8hhY");
        let mids: Vec<_> = read.list.iter().map(|one| (one.mid.as_str(), &*one.line)).collect();
        assert_eq!(mids, [("0", HOST), ("1", RELAY)]);
    }

    #[test]
    fn candidates_of_another_description_are_not_told() {
        let mut other = found("0", false);
        other.ufrag = "older".to_owned();
        assert_eq!(other.write(&description()), None);
        other.ufrag.clear();
        assert!(other.write(&description()).is_some(), "it is not known of which they are");
        assert_eq!(other.write("v=0\r\nm=audio 9 X 0\r\n"), None, "no ICE at all");
    }

    #[test]
    fn a_body_of_odd_lines_is_read_as_far_as_it_goes() {
        assert_eq!(Candidates::parse(""), Candidates::default());
        let read = Candidates::parse("\u{0}\na=candidate:1\na=mid:7\nm=\na=candidate:2\na=mid:é");
        let mids: Vec<_> = read.list.iter().map(|one| (one.mid.as_str(), &*one.line)).collect();
        assert_eq!(mids, [("", "candidate:1"), ("", "candidate:2")]);
        assert_eq!(Candidates::parse(&"a=candidate:1\r\n".repeat(500)).list.len(), LIMIT);
    }
}
