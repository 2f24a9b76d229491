//! The pictures of a description.

use super::{Direction, Kind, Media, media};

/// Which pictures flow, once both ends have described what they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Ours.
    pub sends: bool,
    /// Those of the peer.
    pub receives: bool,
}

/// What flows under these two descriptions. `None` where ours knows of no pictures at all.
pub fn flow(local: &str, remote: &str) -> Option<Flow> {
    let remote = media(remote);
    let none = Flow { sends: false, receives: false };
    let pairs = media(local).into_iter().enumerate().filter(|(_, ours)| ours.kind == Kind::Video);
    pairs.fold(None, |known, (index, ours)| {
        let theirs = remote.get(index).filter(|theirs| theirs.kind == Kind::Video);
        let flows = |one: fn(&Media) -> bool, other: fn(&Media) -> bool| {
            one(&ours) && theirs.is_some_and(other)
        };
        let known = known.unwrap_or(none);
        Some(Flow {
            sends: known.sends || flows(Media::sends, Media::receives),
            receives: known.receives || flows(Media::receives, Media::sends),
        })
    })
}

/// Whether whoever made this offer wants to show or to see a picture.
pub fn is_offered(sdp: &str) -> bool {
    let wanted = |media: &Media| !media.off && media.direction != Direction::Inactive;
    media(sdp).iter().any(|media| media.kind == Kind::Video && wanted(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdp(video: &str) -> String {
        ["v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", video].concat()
    }

    fn video(direction: &str) -> String {
        sdp(&["m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=", direction, "\r\n"].concat())
    }

    #[test]
    fn pictures_flow_as_both_ends_want_them() {
        let table = [
            ("sendrecv", "sendrecv", true, true),
            ("sendrecv", "recvonly", true, false),
            ("recvonly", "sendonly", false, true),
            ("recvonly", "inactive", false, false),
            ("sendonly", "recvonly", true, false),
            ("inactive", "inactive", false, false),
        ];
        for (ours, theirs, sends, receives) in table {
            let flow = flow(&video(ours), &video(theirs));
            assert_eq!(flow, Some(Flow { sends, receives }), "{ours} {theirs}");
        }
    }

    #[test]
    fn a_picture_that_is_turned_down_or_left_out_does_not_flow() {
        let none = Some(Flow { sends: false, receives: false });
        let ours = video("sendrecv");
        assert_eq!(flow(&ours, &video("sendrecv").replace("video 9", "video 0")), none);
        assert_eq!(flow(&ours, &sdp("")), none);
        assert_eq!(flow(&ours, &ours.replace("m=video", "m=image")), none);
        assert_eq!(flow(&sdp(""), &ours), None);
    }

    #[test]
    fn an_offer_wants_pictures_unless_it_says_otherwise() {
        for direction in ["sendrecv", "sendonly", "recvonly"] {
            assert!(is_offered(&video(direction)), "{direction}");
        }
        assert!(!is_offered(&video("inactive")) && !is_offered(&sdp("")));
        assert!(!is_offered(&video("sendrecv").replace("video 9", "video 0")));
    }
}
