//! Session descriptions (RFC 8866), as far as the telephone must read them itself.
//!
//! The browser makes and understands them; here is only what the telephone decides by: whether the
//! sound is kept secret, whether the peer holds us, which way sound and pictures flow, and what a
//! browser would not take.

mod answer;
pub mod fragment;
pub mod security;
pub mod video;

pub use answer::fit_answer;

/// Which way media flow, as the sender of the description sees it (RFC 3264 §5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// From the sender of the description only: the other side is on hold.
    SendOnly,
    /// To the sender of the description only.
    RecvOnly,
    /// Neither way.
    Inactive,
}

impl Direction {
    const LINES: [(&str, Self); 4] = [
        ("a=sendrecv", Self::SendRecv),
        ("a=sendonly", Self::SendOnly),
        ("a=recvonly", Self::RecvOnly),
        ("a=inactive", Self::Inactive),
    ];

    fn new(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    fn of_line(line: &str) -> Option<Self> {
        let line = line.trim_end();
        Self::LINES.iter().find(|(text, _)| *text == line).map(|(_, direction)| *direction)
    }

    fn line(self) -> &'static str {
        Self::LINES.iter().find(|(_, direction)| *direction == self).map_or("", |(text, _)| *text)
    }

    fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// As much of this direction as an offer in direction `offered` leaves to its answer.
    fn answering(self, offered: Self) -> Self {
        Self::new(self.sends() && offered.receives(), self.receives() && offered.sends())
    }
}

/// Whether the sender of this description does not want to hear us: by its direction, or by the
/// address 0.0.0.0 of RFC 2543.
pub fn is_hold(sdp: &str) -> bool {
    media(sdp)
        .iter()
        .find(|media| media.kind == Kind::Audio)
        .is_some_and(|audio| !audio.direction.receives() || audio.nowhere)
}

/// Whether both descriptions have the same origin and version (RFC 3264 §8), so that the later
/// one says nothing new.
pub fn is_unchanged(before: &str, after: &str) -> bool {
    let origin = |sdp: &str| sdp.lines().find(|line| line.starts_with("o=")).map(str::to_owned);
    origin(before) == origin(after)
}

/// `sdp` as a browser takes it: without blank lines, which some senders put behind it.
pub fn without_blank_lines(sdp: String) -> String {
    let is_blank = |line: &str| line.trim_matches([' ', '\t', '\r', '\0']).is_empty();
    if !sdp.lines().any(is_blank) {
        return sdp;
    }
    let mut text = String::with_capacity(sdp.len() + 2);
    for line in sdp.lines().filter(|line| !is_blank(line)) {
        text.extend([line.trim_end_matches('\r'), "\r\n"]);
    }
    text
}

/// What a media section carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Audio,
    Video,
    Other,
}

/// What is read of one media section.
#[derive(Clone, Copy)]
struct Media {
    kind: Kind,
    /// It is turned down, or not wanted any more (RFC 3264 §6, §8.2).
    off: bool,
    direction: Direction,
    /// The port 9 says that only ICE knows the address (RFC 8840 §4.1.1).
    discard: bool,
    nowhere: bool,
}

impl Media {
    fn sends(&self) -> bool {
        !self.off && self.direction.sends()
    }

    fn receives(&self) -> bool {
        !self.off && self.direction.receives()
    }
}

fn media(sdp: &str) -> Vec<Media> {
    let (kind, direction) = (Kind::Other, Direction::SendRecv);
    let mut session = Media { kind, off: false, direction, discard: false, nowhere: false };
    let mut list: Vec<Media> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            let mut fields = media.split(' ');
            let kind = match fields.next() {
                Some("audio") => Kind::Audio,
                Some("video") => Kind::Video,
                _ => Kind::Other,
            };
            let port = fields.next();
            let discard = port == Some("9");
            let nowhere = session.nowhere && !discard;
            list.push(Media { kind, off: port == Some("0"), discard, nowhere, ..session });
            continue;
        }
        let section = list.last_mut().unwrap_or(&mut session);
        if let Some(direction) = Direction::of_line(line) {
            section.direction = direction;
        } else if line.starts_with("c=") {
            section.nowhere = line.ends_with(" 0.0.0.0") && !section.discard;
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_taken_away_whatever_a_description_ends_in() {
        let plain = "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\n";
        assert_eq!(without_blank_lines(plain.to_owned()), plain);
        for end in ["\r\n\r\n", "\r\n\n\n", "\r\n \t\r\n", "\r\n\0", "\r\n\r"] {
            let odd = [plain.trim_end(), end].concat();
            assert_eq!(without_blank_lines(odd), plain, "{end:?}");
        }
        let within = plain.replace("m=", "\r\nm=");
        assert_eq!(without_blank_lines(within), plain);
        let unix = "v=0\nm=audio 9 X 0\n";
        assert_eq!(without_blank_lines(unix.to_owned()), unix);
    }

    #[test]
    fn a_description_that_does_not_listen_is_a_hold() {
        let with = |line: &str| ["v=0\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n", line].concat();
        assert!(!is_hold(&with("")));
        assert!(!is_hold(&with("a=sendrecv\r\n")) && !is_hold(&with("a=recvonly\r\n")));
        assert!(is_hold(&with("a=sendonly\r\n")) && is_hold(&with("a=inactive\r\n")));
        assert!(is_hold(&with("c=IN IP4 0.0.0.0\r\n")));
        assert!(!is_hold(&with("c=IN IP4 192.0.2.1\r\n")));
        // For the whole session, and overridden by the stream.
        let session = "v=0\r\na=sendonly\r\nm=audio 4000 X 0\r\n";
        assert!(is_hold(session) && !is_hold(&[session, "a=sendrecv\r\n"].concat()));
        // What browsers write before they know an address, and what concerns no audio.
        assert!(!is_hold("c=IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\nc=IN IP4 0.0.0.0\r\n"));
        assert!(!is_hold("m=video 9 X 0\r\na=inactive\r\nm=audio 9 X 0\r\n"));
    }
}
