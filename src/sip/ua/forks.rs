//! Answers to our INVITE that nobody wants: a further fork of a call that has an answer, or the
//! answer to a call that is gone. Each is acknowledged and its dialog ended (RFC 3261 §13.2.2.4).

use super::core::Core;
use super::outgoing::EarlyDialogs;
use crate::sip::dialog::{Dialog, DialogId};
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::wire::{Request, Response};
use crate::time::Instant;

/// How many refused forks are remembered.
const MAX_REFUSED: usize = 64;

/// The forks that were refused not long ago, whose 2xx may still be retransmitted.
#[derive(Default)]
pub(super) struct RefusedForks(Vec<Refused>);

struct Refused {
    id: DialogId,
    ack: Request,
    until: Instant,
}

/// Acknowledges the 2xx `response` to our `invite`, and ends the dialog that it makes, once.
pub(super) fn refuse_fork(
    now: Instant,
    core: &mut Core,
    early: &EarlyDialogs,
    invite: &Request,
    response: &Response,
) {
    let refused = &mut core.refused_forks.0;
    refused.retain(|refused| refused.until > now);
    let id = DialogId::of_response(response);
    if let Some(known) = refused.iter().find(|refused| refused.id == id) {
        core.transactions.send_ack(&known.ack);
        return;
    }
    let Ok(mut dialog) = Dialog::of_client(invite, response) else {
        return;
    };
    early.hand_over(&mut dialog);
    let ack = core.send_ack(&dialog, invite);
    dialog.set_reason("SIP;cause=200;text=\"Call completed elsewhere\"");
    core.part(now, &mut dialog);
    let refused = &mut core.refused_forks.0;
    if refused.len() >= MAX_REFUSED {
        refused.remove(0);
    }
    refused.push(Refused { id, ack, until: now + TRANSACTION_TIMEOUT });
}
