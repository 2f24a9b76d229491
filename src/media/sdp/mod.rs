//! Session descriptions (RFC 8866), as far as the telephone must read them itself.
//!
//! The browser makes and understands them; here is only what the telephone decides by: whether the
//! sound is kept secret, whether the peer holds us, which way sound and pictures flow, and what a
//! browser would not take.

mod answer;
pub mod fragment;
pub mod plan;
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

    /// Whether the sender of the description takes any.
    pub fn receives(self) -> bool {
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

/// `sdp` with all streams turned down (RFC 3264 §6) but one of audio, the first that is encrypted, and
/// one of video. The telephone has a place for no other, and a browser would take data and further
/// pictures without asking.
pub fn with_one_of_each(sdp: String) -> String {
    let list = media(&sdp);
    let first = |kind| list.iter().position(|media| media.kind == kind && !media.off);
    let kept = [security::place_of_audio(&sdp).or(first(Kind::Audio)), first(Kind::Video)];
    let is_extra = |place: usize| !list[place].off && !kept.contains(&Some(place));
    // What has too many is refused as a whole.
    if list.len() > security::MOST_STREAMS || !(0..list.len()).any(is_extra) {
        return sdp;
    }
    let mut places = 0..list.len();
    let mut extra = false;
    let mut lines: Vec<String> = Vec::new();
    let mut gone: Vec<String> = Vec::new();
    for line in sdp.lines() {
        if line.starts_with("m=") {
            extra = places.next().is_some_and(is_extra);
        }
        let mut fields = line.splitn(3, ' ');
        match (extra, fields.next(), fields.next(), fields.next()) {
            (true, Some(kind), Some(_), Some(rest)) if line.starts_with("m=") => {
                lines.push([kind, " 0 ", rest].concat());
            }
            (true, Some("a=bundle-only"), ..) => {}
            _ => lines.push(line.to_owned()),
        }
        if extra && let Some(mid) = line.strip_prefix("a=mid:") {
            gone.push(mid.trim().to_owned());
        }
    }
    // RFC 9143 §7.2.3: what is turned down is in no bundle.
    for line in lines.iter_mut().filter(|line| line.starts_with("a=group:BUNDLE")) {
        let left: Vec<_> =
            line.split(' ').filter(|mid| !gone.iter().any(|one| one == mid)).collect();
        *line = left.join(" ");
    }
    lines.push(String::new());
    lines.join("\r\n")
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
    fn streams_that_have_no_place_are_turned_down() {
        let dtls = "a=setup:actpass\r\na=fingerprint:sha-256 ";
        let dtls = [dtls, &["AB"; 32].join(":"), "\r\n"].concat();
        let stream = |kind: &str, mid: u32| {
            let protocol =
                if kind == "application" { "UDP/DTLS/SCTP" } else { "UDP/TLS/RTP/SAVPF" };
            format!("m={kind} 9 {protocol} 0\r\na=mid:{mid}\r\na=bundle-only\r\n")
        };
        let head = ["v=0\r\na=group:BUNDLE 0 1 2 3 4\r\n", &dtls].concat();
        let kinds = ["audio", "application", "video", "audio", "video"];
        let all: String = kinds.iter().zip(0..).map(|(kind, mid)| stream(kind, mid)).collect();
        let plain = with_one_of_each([&*head, &*all].concat());
        let ports: Vec<_> = plain.lines().filter(|line| line.starts_with("m=")).collect();
        let ports: Vec<_> = ports.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(ports, ["9", "0", "9", "0", "0"]);
        assert!(plain.contains("a=group:BUNDLE 0 2\r\n"), "{plain}");
        assert_eq!(plain.matches("a=bundle-only").count(), 2);
        assert!(plain.ends_with("a=mid:4\r\n"));
        // The first audio that is encrypted, wherever it stands.
        let open = "v=0\r\nm=audio 4000 RTP/AVP 0\r\n";
        let both = with_one_of_each([open, &stream("audio", 1), &dtls].concat());
        assert!(both.contains("m=audio 0 RTP/AVP 0\r\n") && both.contains("m=audio 9 UDP"));
        let usual = ["v=0\r\n", &stream("audio", 0), &stream("video", 1)].concat();
        assert_eq!(with_one_of_each(usual.clone()), usual);
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
