//! The body `application/pidf+xml` (RFC 3863, RFC 4479): whether somebody can be reached.

use super::wire::display_text;
use super::xml::{self, Element};

/// Whether somebody can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceStatus {
    /// Whether one of the ways to reach them is open; nothing where none says so.
    pub open: Option<bool>,
    /// What they, or their telephone, say of it, made safe to show.
    pub note: Option<String>,
    /// They are in a call (RFC 4480 §3.2).
    pub on_the_phone: bool,
}

impl PresenceStatus {
    /// Reads a body; `None` if it is no presence document.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let root = xml::parse(body).filter(|root| root.name == "presence")?;
        let mut open = None;
        for tuple in root.children("tuple") {
            match tuple.child("status").and_then(|status| status.child("basic")).map(Element::text)
            {
                Some("open") => open = Some(true),
                Some("closed") => open = open.or(Some(false)),
                _ => {}
            }
        }
        // RFC 4479 §3.2: what is said of the person goes before what is said of a device.
        let places = root.children("person").chain([&root]).chain(root.children("tuple"));
        let notes = places.filter_map(|place| place.child("note"));
        let note = notes.map(|note| display_text(note.text())).find(|note| !note.is_empty());
        // Some servers put it into a tuple, as RFC 4480 had it in its drafts.
        let mut places = root.children("person").chain(root.children("tuple"));
        let on_the_phone = places.any(|place| {
            place.child("activities").is_some_and(|what| what.child("on-the-phone").is_some())
        });
        Some(Self { open, note, on_the_phone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(Option<bool>, Option<String>)> {
        PresenceStatus::parse(body.as_bytes()).map(|status| (status.open, status.note))
    }

    #[test]
    fn what_asterisk_and_kamailio_send_is_read() {
        // res_pjsip_pidf_body_generator with a digium note; presence of a Kamailio user agent.
        let asterisk = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence \
            entity=\"sip:1002@pbx.example.com\" xmlns=\"urn:ietf:params:xml:ns:pidf\" \
            xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" \
            xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\">\n <note>On the phone</note>\n \
            <tuple id=\"1002\">\n  <status>\n   <basic>open</basic>\n  </status>\n  \
            <contact priority=\"1\">sip:1002@pbx.example.com</contact>\n </tuple>\n \
            <dm:person>\n  <rpid:activities>\n   <rpid:on-the-phone />\n  </rpid:activities>\n \
            </dm:person>\n</presence>\n";
        assert_eq!(read(asterisk), Some((Some(true), Some("On the phone".into()))));
        let kamailio = "<?xml version=\"1.0\"?><presence xmlns=\"urn:ietf:params:xml:ns:pidf\" \
            entity=\"sip:1002@example.com\"><tuple xmlns=\"urn:ietf:params:xml:ns:pidf\" \
            id=\"0x81475a0\"><status><basic>closed</basic></status></tuple></presence>";
        assert_eq!(read(kamailio), Some((Some(false), None)));
    }

    #[test]
    fn one_open_way_is_enough_and_the_person_speaks_first() {
        let body = "<p:presence xmlns:p='urn:ietf:params:xml:ns:pidf'>\
            <p:tuple><p:status><p:basic>open</p:basic></p:status><p:note>desk</p:note></p:tuple>\
            <p:tuple><p:status><p:basic>closed</p:basic></p:status></p:tuple>\
            <dm:person><dm:note> at\u{202E} lunch </dm:note></dm:person></p:presence>";
        assert_eq!(read(body), Some((Some(true), Some("at lunch".into()))));
        assert_eq!(read("<presence/>"), Some((None, None)));
        assert_eq!(read("<presence><tuple><status/></tuple></presence>"), Some((None, None)));
    }

    #[test]
    fn who_is_on_the_phone_is_in_a_call_without_a_note() {
        let body = "<presence xmlns:dm='d' xmlns:r='r'><tuple><status><basic>open</basic></status>\
            </tuple><dm:person><r:activities><r:on-the-phone/></r:activities></dm:person></presence>";
        assert!(PresenceStatus::parse(body.as_bytes()).is_some_and(|status| status.on_the_phone));
        let away = body.replace("on-the-phone", "away");
        assert!(PresenceStatus::parse(away.as_bytes()).is_some_and(|status| !status.on_the_phone));
    }

    #[test]
    fn other_documents_are_no_presence() {
        for body in ["", "<dialog-info/>", "<presence>", "<!DOCTYPE presence><presence/>"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
