//! What the user wants of the peers of calls that stand: that they call somebody else, or take our place
//! in another call (RFC 3515, RFC 5589).

use super::UserAgent;
use super::call::Call;
use super::event::{CallEvent, TransferEvent};
use super::input::CallId;
use super::services::Task;
use crate::sip::dialog::Dialog;
use crate::sip::wire::{NameAddr, Replaces, Uri};
use crate::time::Instant;

impl UserAgent {
    /// Asks the peer of `call` to call `target`.
    pub(super) fn transfer(&mut self, now: Instant, call: CallId, target: Uri) {
        if matches!(target, Uri::Other(_)) {
            self.fail_transfer(call, 416);
        } else {
            self.do_service(now, call, Task::Transfer(NameAddr::new(target).to_string()));
        }
    }

    /// Asks the peer of `call` to take our place in `other`.
    pub(super) fn transfer_to(&mut self, now: Instant, call: CallId, other: CallId) {
        let refer_to = self.calls.iter().find_map(|candidate| match candidate {
            Call::Session(session) if session.id() == other && session.is_live() => {
                refer_to(session.dialog())
            }
            _ => None,
        });
        match refer_to.filter(|_| call != other) {
            Some(refer_to) => self.do_service(now, call, Task::Transfer(refer_to)),
            None => self.fail_transfer(call, 481),
        }
    }

    fn fail_transfer(&mut self, call: CallId, status: u16) {
        if self.calls.iter().any(|own| own.id() == call && own.is_live()) {
            let event = TransferEvent::Failed { status, reason: String::new() };
            self.core.tell(call, CallEvent::Transfer(event));
        }
    }

    /// Hands `task` to a call that stands.
    pub(super) fn do_service(&mut self, now: Instant, id: CallId, task: Task<'_>) {
        self.with_call(
            |call| call.id() == id,
            |core, call| call.standing(|session| session.serve(now, core, task)),
        );
    }
}

/// The Refer-To by which a peer calls the far end of `dialog` and takes our place there
/// (RFC 5589 §7.1): by its Contact if others can reach that, or else by its address.
fn refer_to(dialog: &Dialog) -> Option<String> {
    let id = dialog.id();
    let replaces = Replaces {
        call_id: id.call_id.clone(),
        to_tag: id.remote_tag.clone(),
        from_tag: id.local_tag.clone(),
        early_only: false,
    };
    let contact = dialog.target().as_sip()?;
    // RFC 7118 §5: a browser's Contact, unless it is a GRUU, means something to its own
    // connection only.
    let is_reachable = contact.params.has("gr") || !contact.host.to_string().ends_with(".invalid");
    let mut uri = match dialog.remote_uri() {
        Some(Uri::Sip(address)) if !is_reachable => address,
        _ => contact.clone(),
    };
    uri.headers = vec![("Replaces".to_owned(), replaces.to_uri_header())];
    Some(NameAddr::new(Uri::Sip(uri)).to_string())
}
