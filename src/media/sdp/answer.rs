//! Answers as browsers take them: some servers leave streams out of an answer that they do not want,
//! or give directions that the offer did not allow, and browsers refuse both.

use super::{Direction, media};

/// `answer` with a section for each of `offer` (RFC 3264 §6), and without directions that the offer
/// did not allow (§6.1). A section that is turned down, or missing, repeats what a browser must know
/// of it.
pub fn fit_answer(offer: &str, answer: String) -> String {
    let offered = media(offer);
    let answered = media(&answer);
    let fits = answered.len() == offered.len()
        && answered.iter().zip(&offered).all(|(answered, offered)| {
            !answered.off && answered.direction == answered.direction.answering(offered.direction)
        });
    if fits {
        return answer;
    }
    let (session, sections) = sections(&answer);
    let (_, offered_sections) = self::sections(offer);
    let mut text = String::with_capacity(answer.len() + 64);
    text.push_str(session);
    for (index, (offered, section)) in offered.iter().zip(offered_sections).enumerate() {
        match (answered.get(index), sections.get(index)) {
            (Some(answered), Some(section)) if !answered.off => {
                let fitted = answered.direction.answering(offered.direction);
                write_turned(&mut text, section, answered.direction, fitted);
            }
            _ => write_refusal(&mut text, section),
        }
    }
    text
}

/// What comes before the first `m=` line, and what each of them begins.
fn sections(sdp: &str) -> (&str, Vec<&str>) {
    let starts = sdp.match_indices("m=").map(|(at, _)| at);
    let starts: Vec<_> = starts.filter(|at| *at == 0 || sdp[..*at].ends_with('\n')).collect();
    let ends = starts.iter().skip(1).copied().chain([sdp.len()]);
    let sections = starts.iter().zip(ends).map(|(start, end)| &sdp[*start..end]).collect();
    (&sdp[..starts.first().copied().unwrap_or(sdp.len())], sections)
}

fn write_turned(text: &mut String, section: &str, direction: Direction, fitted: Direction) {
    if direction == fitted {
        text.push_str(section);
        return;
    }
    for line in section.lines().filter(|line| Direction::of_line(line).is_none()) {
        text.extend([line, "\r\n"]);
    }
    text.extend([fitted.line(), "\r\n"]);
}

/// The offered section, turned down.
fn write_refusal(text: &mut String, offered: &str) {
    let mut fields = offered.lines().next().unwrap_or_default().split(' ');
    let mut field = || fields.next().unwrap_or_default();
    let (kind, _port, profile, format) = (field(), field(), field(), field());
    text.extend([kind, " 0 ", profile, " ", format, "\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n"]);
    if let Some(mid) = offered.lines().find(|line| line.starts_with("a=mid:")) {
        text.extend([mid, "\r\n"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    const AUDIO: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n";
    const VIDEO: &str = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\n";
    const REFUSAL: &str = "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n\
                           a=mid:1\r\n";

    #[test]
    fn a_stream_that_is_turned_down_or_left_out_is_described() {
        let offer = ["v=0\r\n", AUDIO, VIDEO].concat();
        let fitted = ["v=0\r\n", AUDIO, REFUSAL].concat();
        for refusal in ["", "m=video 0 RTP/AVP 0\r\n", REFUSAL] {
            assert_eq!(
                fit_answer(&offer, ["v=0\r\n", AUDIO, refusal].concat()),
                fitted,
                "{refusal}"
            );
        }
        assert_eq!(fit_answer(&offer, offer.clone()), offer, "nothing to mend");
    }

    #[test]
    fn a_stream_that_nobody_offered_is_left_out() {
        let offer = ["v=0\r\n", AUDIO].concat();
        assert_eq!(fit_answer(&offer, ["v=0\r\n", AUDIO, VIDEO].concat()), offer);
    }

    #[test]
    fn a_hold_that_forgets_the_picture_is_mended() {
        let offer = ["v=0\r\n", AUDIO, "a=sendonly\r\n", VIDEO, "a=inactive\r\n"].concat();
        let answer = ["v=0\r\n", AUDIO, "a=recvonly\r\n", VIDEO].concat();
        let fitted = [&answer, "a=inactive\r\n"].concat();
        assert_eq!(fit_answer(&offer, answer), fitted);
    }
}
