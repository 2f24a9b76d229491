//! Session descriptions (RFC 8866), as far as the telephone must read them itself.
//!
//! The browser makes and understands them; here is only what decides whether an offer is worth
//! ringing for, and which way the audio flows.

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

/// Whether a browser could ever accept this offer: it has an audio stream over DTLS-SRTP
/// (RFC 8827 §6.5 demands it) and names the certificate that will be used.
pub fn is_usable_offer(sdp: &str) -> bool {
    let mut lines = sdp.lines().map(str::trim_end);
    let fingerprint = sdp.lines().any(|line| line.starts_with("a=fingerprint:"));
    fingerprint && lines.any(is_secure_audio)
}

/// Whether the sender of this description does not want to hear us: by its direction, or by the
/// address 0.0.0.0 of RFC 2543.
pub fn is_hold(sdp: &str) -> bool {
    media(sdp)
        .iter()
        .find(|media| media.audio)
        .is_some_and(|audio| !audio.direction.receives() || audio.nowhere)
}

/// Whether both descriptions have the same origin and version (RFC 3264 §8), so that the later
/// one says nothing new.
pub fn is_unchanged(before: &str, after: &str) -> bool {
    let origin = |sdp: &str| sdp.lines().find(|line| line.starts_with("o=")).map(str::to_owned);
    origin(before) == origin(after)
}

/// `answer` without directions that `offer` did not allow, which some servers give and browsers
/// refuse (RFC 3264 §6.1).
pub fn fit_answer(offer: &str, answer: String) -> String {
    let offered = media(offer);
    let answered = media(&answer);
    let pairs = answered.iter().zip(&offered);
    let fitted: Vec<_> =
        pairs.map(|(media, offered)| media.direction.answering(offered.direction)).collect();
    if answered.iter().zip(&fitted).all(|(media, fitted)| media.direction == *fitted) {
        return answer;
    }
    let mut fitted = fitted.into_iter();
    let mut text = String::with_capacity(answer.len() + 16);
    let mut line_out = |line: &str| text.extend([line, "\r\n"]);
    let mut current: Option<Direction> = None;
    for line in answer.lines() {
        if line.starts_with("m=") {
            if let Some(direction) = current {
                line_out(direction.line());
            }
            current = fitted.next();
        } else if current.is_some() && Direction::of_line(line).is_some() {
            continue;
        }
        line_out(line);
    }
    if let Some(direction) = current {
        line_out(direction.line());
    }
    text
}

/// What is read of one media section.
#[derive(Clone, Copy)]
struct Media {
    audio: bool,
    direction: Direction,
    /// The port 9 says that only ICE knows the address (RFC 8840 §4.1.1).
    discard: bool,
    nowhere: bool,
}

fn media(sdp: &str) -> Vec<Media> {
    let direction = Direction::SendRecv;
    let mut session = Media { audio: false, direction, discard: false, nowhere: false };
    let mut list: Vec<Media> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            let audio = media.starts_with("audio ");
            let discard = media.split(' ').nth(1) == Some("9");
            let nowhere = session.nowhere && !discard;
            list.push(Media { audio, discard, nowhere, ..session });
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

/// `m=audio <port> <proto> …` with a port and a secure profile.
fn is_secure_audio(line: &str) -> bool {
    let Some(media) = line.strip_prefix("m=audio ") else {
        return false;
    };
    let mut fields = media.split(' ');
    let port = fields.next().unwrap_or_default();
    let profile = fields.next().unwrap_or_default();
    port != "0" && profile.contains("TLS/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_needs_audio_over_dtls_with_a_fingerprint() {
        let good = "v=0\r\na=fingerprint:sha-256 AA\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
        assert!(is_usable_offer(good));
        assert!(!is_usable_offer(&good.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP")));
        assert!(!is_usable_offer(&good.replace("a=fingerprint", "a=nothing")));
        assert!(!is_usable_offer(&good.replace("audio 9", "audio 0")));
        assert!(!is_usable_offer(""));
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

    #[test]
    fn an_answer_is_made_to_fit_its_offer() {
        let sdp = |line: &str| ["v=0\r\nm=audio 9 X 0\r\n", line, "a=mid:0\r\n"].concat();
        let fitted = |offer: &str, answer: &str| fit_answer(&sdp(offer), sdp(answer));
        assert_eq!(fitted("", "a=sendonly\r\n"), sdp("a=sendonly\r\n"), "nothing to mend");
        for answer in ["", "a=sendrecv\r\n"] {
            let mended = fitted("a=sendonly\r\n", answer);
            assert_eq!(mended, "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\na=recvonly\r\n");
        }
        assert!(fitted("a=sendonly\r\n", "a=sendonly\r\n").ends_with("a=inactive\r\n"));
        let two = fit_answer(
            "m=audio 9 X 0\r\na=sendonly\r\nm=audio 9 X 0\r\n",
            "m=audio 9 X 0\r\nm=audio 9 X 0\r\na=sendonly\r\n".to_owned(),
        );
        let expected = "m=audio 9 X 0\r\na=recvonly\r\nm=audio 9 X 0\r\na=sendonly\r\n";
        assert_eq!(two, expected);
    }
}
