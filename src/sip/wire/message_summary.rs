//! The body `application/simple-message-summary` (RFC 3842 §5.2).

use super::Uri;
use super::scan::{parse_u32, trim};

/// What waits in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSummary {
    /// Whether anything does.
    pub waiting: bool,
    /// The address that plays the messages when called.
    pub account: Option<Uri>,
    /// The voice messages, where the server counts them.
    pub voice: Option<MessageCounts>,
}

/// How many messages there are of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// Not heard yet.
    pub new: u32,
    /// Heard.
    pub old: u32,
    /// Urgent ones among the new.
    pub urgent_new: u32,
    /// Urgent ones among the old.
    pub urgent_old: u32,
}

impl MessageSummary {
    /// Reads a body; `None` if it does not say whether messages wait.
    pub fn parse(body: &[u8]) -> Option<MessageSummary> {
        let body = std::str::from_utf8(body).ok()?;
        let mut waiting = None;
        let mut account = None;
        let mut voice = None;
        for line in body.lines() {
            let Some((name, value)) = line.split_once(':') else {
                // The headers of single messages follow an empty line.
                break;
            };
            let (name, value) = (trim(name), trim(value));
            if name.eq_ignore_ascii_case("Messages-Waiting") {
                waiting = Some(value.eq_ignore_ascii_case("yes"));
            } else if name.eq_ignore_ascii_case("Message-Account") {
                account = Uri::parse(value.trim_matches(['<', '>'])).ok();
            } else if name.eq_ignore_ascii_case("Voice-Message") {
                voice = MessageCounts::parse(value);
            }
        }
        Some(MessageSummary { waiting: waiting?, account, voice })
    }
}

impl MessageCounts {
    /// Reads `2/8 (0/2)`; the urgent ones may be missing.
    fn parse(text: &str) -> Option<MessageCounts> {
        let (all, urgent) = text.split_once('(').unwrap_or((text, "0/0)"));
        let (new, old) = pair(all)?;
        let (urgent_new, urgent_old) = pair(trim(urgent).strip_suffix(')')?)?;
        Some(MessageCounts { new, old, urgent_new, urgent_old })
    }
}

fn pair(text: &str) -> Option<(u32, u32)> {
    let (new, old) = text.split_once('/')?;
    Some((parse_u32(trim(new))?, parse_u32(trim(old))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(new: u32, old: u32, urgent_new: u32, urgent_old: u32) -> Option<MessageCounts> {
        Some(MessageCounts { new, old, urgent_new, urgent_old })
    }

    #[test]
    fn a_summary_has_counts_and_an_account() {
        // RFC 3842 §5.2, and what Asterisk sends.
        let read = MessageSummary::parse(
            b"Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\n\
              Voice-Message: 2/8 (0/2)\r\nFax-Message: 1/1\r\n\r\nTo: <alice@example.com>\r\n",
        )
        .expect("a summary");
        assert!(read.waiting);
        let account = read.account.map(|uri| uri.to_string());
        assert_eq!(account.as_deref(), Some("sip:alice@vmail.example.com"));
        assert_eq!(read.voice, counts(2, 8, 0, 2));
        let read = MessageSummary::parse(b"messages-waiting:no\nVOICE-MESSAGE : 0/11(0/0)\n");
        let read = read.expect("a summary");
        assert!(!read.waiting && read.account.is_none());
        assert_eq!(read.voice, counts(0, 11, 0, 0));
    }

    #[test]
    fn counts_are_read_with_and_without_urgent_ones() {
        assert_eq!(MessageCounts::parse("1/2"), counts(1, 2, 0, 0));
        assert_eq!(MessageCounts::parse("1 / 2 ( 3 / 4 )"), counts(1, 2, 3, 4));
        for text in ["", "1", "1/", "/2", "-1/2", "1/2 (3)", "1/2 (3/4", "1/2/3", "9999999999/0"] {
            assert_eq!(MessageCounts::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_body_that_does_not_say_whether_messages_wait_is_none() {
        for body in [&b""[..], b"Voice-Message: 1/0\r\n", b"\xFF", b"\r\nMessages-Waiting: yes"] {
            assert_eq!(MessageSummary::parse(body), None);
        }
        let odd = MessageSummary::parse(b"Messages-Waiting: yes\r\nVoice-Message: many\r\n");
        assert_eq!(odd, Some(MessageSummary { waiting: true, account: None, voice: None }));
    }
}
