//! The body `application/dialog-info+xml` (RFC 4235): the calls of a telephone that is watched.

use super::wire::{Uri, display_text};
use super::xml::{self, Element};

/// No more dialogs of one telephone are kept.
const MAX_DIALOGS: usize = 64;

/// The calls of a telephone, as its notifications tell them.
#[derive(Debug, Default)]
pub(super) struct DialogList {
    version: Option<u32>,
    dialogs: Vec<WatchedDialog>,
}

/// A call of a telephone that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedDialog {
    /// What names it in its telephone.
    pub id: String,
    /// How far it is.
    pub state: DialogState,
    /// Who called, where that is told.
    pub direction: Option<CallDirection>,
    /// The name of the other end, made safe to show.
    pub remote_name: Option<String>,
    /// The address of the other end.
    pub remote: Option<Uri>,
}

/// How far a call is (RFC 4235 §3.7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogState {
    /// Placed, and nothing heard.
    Trying,
    /// Something was heard, but no telephone rings yet.
    Proceeding,
    /// It rings.
    Early,
    /// It stands.
    Confirmed,
    /// It is over.
    Terminated,
}

/// Who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallDirection {
    /// The telephone that is watched.
    Initiator,
    /// The other end.
    Recipient,
}

/// What became of a list with a notification.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The calls are these now. One that has ended is among them once more.
    Now(Vec<WatchedDialog>),
    /// Nothing: the notification is older than what is known, or cannot be read.
    None,
    /// A notification is missing, so that all should be asked for anew (RFC 4235 §4.1.9).
    Missed,
}

impl DialogList {
    /// Takes in the body of a notification.
    pub(super) fn update(&mut self, body: &[u8]) -> Change {
        let root = xml::parse(body).filter(|root| root.name == "dialog-info");
        let Some(root) = root else {
            return Change::None;
        };
        let full = root.attribute("state") != Some("partial");
        let version =
            root.attribute("version").and_then(|version| version.trim().parse::<u32>().ok());
        // Notifications come in order, so that one which tells all is right whatever its number is:
        // some servers do not count.
        if !full {
            let Some(version) = version else {
                return Change::Missed;
            };
            match self.version {
                Some(last) if version <= last => return Change::None,
                Some(last) if version > last.saturating_add(1) => return Change::Missed,
                // The very first is a change to nothing: some servers never tell all.
                None if version > 0 => return Change::Missed,
                _ => {}
            }
        }
        self.version = version.or(self.version);
        self.dialogs.retain(|dialog| !full && dialog.state != DialogState::Terminated);
        for dialog in root.children("dialog").filter_map(read).take(MAX_DIALOGS) {
            if let Some(known) = self.dialogs.iter_mut().find(|known| known.id == dialog.id) {
                *known = dialog;
            } else if self.dialogs.len() < MAX_DIALOGS {
                self.dialogs.push(dialog);
            }
        }
        let now = self.dialogs.clone();
        self.dialogs.retain(|dialog| dialog.state != DialogState::Terminated);
        Change::Now(now)
    }
}

/// Reads a `dialog` element, which must say in what state it is.
fn read(dialog: &Element) -> Option<WatchedDialog> {
    let state = match dialog.child("state")?.text() {
        "trying" => DialogState::Trying,
        "proceeding" => DialogState::Proceeding,
        "early" => DialogState::Early,
        "confirmed" => DialogState::Confirmed,
        "terminated" => DialogState::Terminated,
        _ => return None,
    };
    let direction = match dialog.attribute("direction") {
        Some("initiator") => Some(CallDirection::Initiator),
        Some("recipient") => Some(CallDirection::Recipient),
        _ => None,
    };
    let remote = dialog.child("remote");
    let identity = remote.and_then(|remote| remote.child("identity"));
    let name = identity.and_then(|identity| identity.attribute("display")).map(display_text);
    // Some servers name only the device.
    let target = remote.and_then(|remote| remote.child("target")?.attribute("uri"));
    let address = identity.map(Element::text).filter(|uri| !uri.is_empty()).or(target);
    Some(WatchedDialog {
        id: dialog.attribute("id").unwrap_or_default().to_owned(),
        state,
        direction,
        remote_name: name.filter(|name| !name.is_empty()),
        remote: address.and_then(|uri| Uri::parse(uri.trim()).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Asterisk's res_pjsip_dialog_info_body_generator writes for a ringing extension.
    const ASTERISK: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"1\" state=\"full\" \
        entity=\"sip:1002@pbx.example.com\">\n <dialog id=\"1002\" direction=\"recipient\">\n  \
        <remote>\n   <identity display=\"Jos&#xE9; &quot;Pepe&quot;\">sip:1003@pbx.example.com\
        </identity>\n   <target uri=\"sip:1003@pbx.example.com\"/>\n  </remote>\n  <local>\n   \
        <identity>sip:1002@pbx.example.com</identity>\n  </local>\n  <state>early</state>\n \
        </dialog>\n</dialog-info>\n";
    /// What Kamailio's pua_dialoginfo writes for a caller whose call stands.
    const KAMAILIO: &str = "<?xml version=\"1.0\"?>\n<dialog-info \
        xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"00000000003\" state=\"full\" \
        entity=\"sip:1001@example.com\"><dialog id=\"a84b4c@10.0.0.1\" call-id=\"a84b4c@10.0.0.1\" \
        local-tag=\"1\" remote-tag=\"2\" direction=\"initiator\"><state>confirmed</state><remote>\
        <identity>sip:1002@example.com</identity><target uri=\"sip:1002@example.com\"/></remote>\
        <local><identity>sip:1001@example.com</identity></local></dialog></dialog-info>";

    /// The dialogs after an update as (id, state).
    fn shown(change: Change) -> Vec<(String, DialogState)> {
        match change {
            Change::Now(dialogs) => {
                dialogs.into_iter().map(|dialog| (dialog.id, dialog.state)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    fn body(version: &str, state: &str, dialogs: &str) -> String {
        format!("<dialog-info version='{version}' state='{state}'>{dialogs}</dialog-info>")
    }

    fn dialog(id: &str, state: &str) -> String {
        format!("<dialog id='{id}'><state>{state}</state></dialog>")
    }

    #[test]
    fn what_asterisk_and_kamailio_send_is_read() {
        let Change::Now(dialogs) = DialogList::default().update(ASTERISK.as_bytes()) else {
            panic!("not read");
        };
        assert_eq!(
            dialogs,
            [WatchedDialog {
                id: "1002".into(),
                state: DialogState::Early,
                direction: Some(CallDirection::Recipient),
                remote_name: Some("José \"Pepe\"".into()),
                remote: Uri::parse("sip:1003@pbx.example.com").ok(),
            }]
        );
        let Change::Now(dialogs) = DialogList::default().update(KAMAILIO.as_bytes()) else {
            panic!("not read");
        };
        assert_eq!(
            dialogs,
            [WatchedDialog {
                id: "a84b4c@10.0.0.1".into(),
                state: DialogState::Confirmed,
                direction: Some(CallDirection::Initiator),
                remote_name: None,
                remote: Uri::parse("sip:1002@example.com").ok(),
            }]
        );
    }

    #[test]
    fn partial_notifications_change_what_is_known() {
        let mut list = DialogList::default();
        let all = [dialog("a", "early"), dialog("b", "trying")].concat();
        assert_eq!(shown(list.update(body("0", "full", &all).as_bytes())).len(), 2);
        let part = [dialog("a", "terminated"), dialog("c", "proceeding")].concat();
        let after = shown(list.update(body("1", "partial", &part).as_bytes()));
        let expected = [
            ("a".to_owned(), DialogState::Terminated),
            ("b".to_owned(), DialogState::Trying),
            ("c".to_owned(), DialogState::Proceeding),
        ];
        assert_eq!(after, expected);
        let after = shown(list.update(body("2", "partial", "").as_bytes()));
        assert_eq!(after, expected[1..]);
        assert_eq!(shown(list.update(body("9", "full", "").as_bytes())), []);
    }

    #[test]
    fn old_notifications_are_ignored_and_gaps_noticed() {
        let mut list = DialogList::default();
        let one = dialog("a", "early");
        assert_eq!(list.update(body("4", "partial", &one).as_bytes()), Change::Missed);
        shown(list.update(body("5", "full", &one).as_bytes()));
        assert_eq!(list.update(body("5", "partial", "").as_bytes()), Change::None);
        assert_eq!(list.update(body("4", "partial", "").as_bytes()), Change::None);
        assert_eq!(list.update(body("7", "partial", &one).as_bytes()), Change::Missed);
        shown(list.update(body("7", "full", &one).as_bytes()));
        // A server that does not count.
        assert_eq!(shown(list.update(body("0", "full", "").as_bytes())), []);
    }

    #[test]
    fn bodies_that_say_nothing_change_nothing() {
        let mut list = DialogList::default();
        for body in ["", "<presence/>", "<dialog-info>", "<!DOCTYPE x><dialog-info/>"] {
            assert_eq!(list.update(body.as_bytes()), Change::None, "{body}");
        }
        let odd = body("1", "full", "<dialog id='x'/><dialog><state>dancing</state></dialog>");
        assert_eq!(shown(list.update(odd.as_bytes())), []);
    }

    #[test]
    fn no_more_dialogs_than_the_limit_are_kept() {
        let mut list = DialogList::default();
        let many: String = (0..200).map(|id| dialog(&id.to_string(), "early")).collect();
        assert_eq!(shown(list.update(body("1", "full", &many).as_bytes())).len(), MAX_DIALOGS);
        let more: String = (200..300).map(|id| dialog(&id.to_string(), "early")).collect();
        assert_eq!(shown(list.update(body("2", "partial", &more).as_bytes())).len(), MAX_DIALOGS);
    }
}
