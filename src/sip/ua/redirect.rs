//! Redirections of a call of ours (RFC 3261 §8.1.3.4): where else the callee may be.

use crate::sip::dialog::without_headers;
use crate::sip::wire::{Host, NameAddr, Response, Uri, is_public_number};

/// How many addresses one call goes to at the most, after the one that was dialled.
const MAX_TARGETS: usize = 5;

/// So many Contacts of one response are looked at.
const MAX_CONTACTS: usize = 16;

/// The addresses of a call: those that were tried, those that are left, and one that is not called
/// unless the user wants it.
#[derive(Debug)]
pub(super) struct Targets {
    tried: Vec<Uri>,
    left: Vec<(u32, Uri)>,
    elsewhere: Vec<(u32, Uri)>,
}

impl Targets {
    pub(super) fn new(dialled: Uri) -> Self {
        Self { tried: vec![dialled], left: Vec::new(), elsewhere: Vec::new() }
    }

    /// Takes the Contacts of a 3xx in, of which those within `domain` are followed: a call that goes
    /// out of it, or to the telephone network, is on the user's account. What they carry besides an
    /// address is not used: headers in them would be the redirecting server's, in a request of ours.
    pub(super) fn learn(&mut self, response: &Response, domain: Option<&Host>) {
        if !is_elsewhere(response.status) {
            return;
        }
        let secure = matches!(self.tried.last(), Some(Uri::Sip(sip)) if sip.secure);
        let contacts = response.headers.values("Contact").into_iter().take(MAX_CONTACTS);
        for contact in contacts.flat_map(NameAddr::parse) {
            let list = match &contact.uri {
                // RFC 3261 §26.2.2: what was asked for securely does not go on without.
                Uri::Sip(sip) if sip.secure || !secure => {
                    let is_near = domain.is_some_and(|own| sip.host.is_same(own))
                        && !is_public_number(&contact.uri.user().unwrap_or_default());
                    if is_near { &mut self.left } else { &mut self.elsewhere }
                }
                Uri::Tel(_) if !secure => &mut self.elsewhere,
                _ => continue,
            };
            let quality = contact.params.get("q").map_or(Some(1000), thousandths);
            list.push((quality.unwrap_or(0), without_headers(contact.uri)));
        }
        // The sort is stable: among equals the server's order stands.
        for list in [&mut self.left, &mut self.elsewhere] {
            list.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        }
    }

    /// The next address to try, which was not tried before.
    pub(super) fn next(&mut self) -> Option<Uri> {
        while self.tried.len() <= MAX_TARGETS && !self.left.is_empty() {
            let (_, uri) = self.left.remove(0);
            if !self.was_tried(&uri) {
                self.tried.push(uri.clone());
                return Some(uri);
            }
        }
        None
    }

    /// Where the callee is said to be, of whom the user should be asked, if that is all that this
    /// final status leaves.
    pub(super) fn elsewhere(&self, status: u16) -> Option<Uri> {
        let mut all = self.elsewhere.iter().filter(|_| is_elsewhere(status));
        all.find(|(_, uri)| !self.was_tried(uri)).map(|(_, uri)| uri.clone())
    }

    fn was_tried(&self, uri: &Uri) -> bool {
        self.tried.iter().any(|tried| tried.equivalent(uri))
    }
}

/// Whether the callee has another address. A proxy (305) or a service (380) is none.
fn is_elsewhere(status: u16) -> bool {
    matches!(status, 300..=302)
}

/// A quality such as `0.75` in thousandths (RFC 3261 §25.1).
fn thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let mut digits = fraction.bytes().chain(*b"000").take(3);
    let value = digits.try_fold(whole.parse::<u32>().ok()?, |value, digit| {
        value.checked_mul(10)?.checked_add(char::from(digit).to_digit(10)?)
    })?;
    Some(value.min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_are_thousandths() {
        let table = [("1", 1000), ("1.0", 1000), ("0.75", 750), ("0.001", 1), ("0", 0), (".5", 0)];
        for (text, value) in table {
            assert_eq!(thousandths(text).unwrap_or(0), value, "{text}");
        }
        for text in ["x", "0.x", "-1", "99999999999", ""] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }
}
