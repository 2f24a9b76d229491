//! A transfer that the peer asks for: its REFER waits for the user's consent, and then it is told
//! how the call goes that we place for it (RFC 3515 §2.4.4, RFC 4488).

use super::core::Errand;
use super::event::CallEvent;
use super::in_call::InCall;
use super::input::CallId;
use super::owner::Service;
use super::transfer::is_false;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{
    Identity, Method, NameAddr, Replaces, Request, SIPFRAG, Uri, sipfrag, unescape,
};
use crate::time::Instant;
use std::time::Duration;

/// How long the user may think. The peer's transaction ends two seconds later.
const CONSENT_LIMIT: Duration = Duration::from_secs(30);
/// How long a subscription lasts, in seconds, and after how long it is told the same again, so
/// that it does not run out while it rings.
const EXPIRES: &str = "60";
const AGAIN: Duration = Duration::from_secs(50);

/// A call to be placed for a peer.
#[derive(Debug)]
struct Wish {
    /// Whom to call.
    target: Uri,
    /// The headers that the INVITE has for it.
    headers: Vec<(&'static str, String)>,
}

/// A REFER of the peer.
pub(super) struct Referred {
    stage: Stage,
    /// The peer does not want to be told (RFC 4488).
    silent: bool,
}

enum Stage {
    /// The user is asked.
    Asking { server: ServerId, refer: Box<Request>, wish: Wish, give_up: Instant },
    /// We call the target, and the peer was told this status last.
    Calling { id: Option<u32>, status: u16, again_at: Instant },
}

impl Referred {
    /// Asks the user, unless the REFER cannot be done.
    pub(super) fn ask(call: &mut InCall<'_>, server: ServerId, refer: &Request) -> Option<Self> {
        let wish = match wish(refer) {
            Ok(wish) => wish,
            Err(status) => {
                call.reject(server, refer, status);
                return None;
            }
        };
        let referred_by = refer.headers.get("Referred-By");
        let referred_by = referred_by.and_then(|value| NameAddr::parse(value).ok());
        call.tell(CallEvent::TransferRequested {
            target: wish.target.clone(),
            referred_by: referred_by.map(|by| Box::new(Identity::of(by))),
        });
        let give_up = call.now + CONSENT_LIMIT;
        let silent = is_false(refer.headers.get("Refer-Sub"));
        let refer = Box::new(refer.clone());
        Some(Self { stage: Stage::Asking { server, refer, wish, give_up }, silent })
    }

    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.stage, Stage::Calling { .. })
    }

    /// The user has decided.
    pub(super) fn decide(
        mut self,
        call: &mut InCall<'_>,
        consent: Option<CallId>,
        referred_before: bool,
    ) -> Option<Self> {
        let Stage::Asking { server, refer, wish, .. } = self.stage else {
            return Some(self);
        };
        let status = if consent.is_some() { 202 } else { 603 };
        let mut response = call.core.response(&refer, status);
        if consent.is_some() {
            response.headers.push("Contact", call.core.contact());
            if self.silent {
                response.headers.push("Refer-Sub", "false");
            }
        }
        call.core.transactions.respond(call.now, server, &response);
        let new = consent?;
        let id = refer.cseq().filter(|_| referred_before).map(|cseq| cseq.seq);
        self.stage = Stage::Calling { id, status: 100, again_at: call.now + AGAIN };
        self.notify(call);
        let Wish { target, headers } = wish;
        call.core.errands.push(Errand { by: call.id, id: new, target, headers });
        Some(self)
    }

    /// Tells the peer how the call goes; nothing is left to do after its final status.
    pub(super) fn handle_progress(mut self, call: &mut InCall<'_>, news: u16) -> Option<Self> {
        let Stage::Calling { status, again_at, .. } = &mut self.stage else {
            return Some(self);
        };
        *status = news;
        *again_at = call.now + AGAIN;
        self.notify(call);
        (news < 200).then_some(self)
    }

    /// The call with the peer ends. What it was promised is told all the same.
    pub(super) fn part(self, call: &mut InCall<'_>) -> Option<Self> {
        let Stage::Asking { server, refer, .. } = &self.stage else {
            return Some(self);
        };
        // RFC 3261 §15.1.2: what is pending in a dialog that ends is answered 487.
        call.reject(*server, refer, 487);
        None
    }

    pub(super) fn handle_timeout(mut self, call: &mut InCall<'_>) -> Option<Self> {
        match &mut self.stage {
            Stage::Asking { .. } => self.decide(call, None, false),
            Stage::Calling { again_at, .. } => {
                *again_at = call.now + AGAIN;
                self.notify(call);
                Some(self)
            }
        }
    }

    pub(super) fn poll_timeout(&self) -> Instant {
        match self.stage {
            Stage::Asking { give_up, .. } => give_up,
            Stage::Calling { again_at, .. } => again_at,
        }
    }

    fn notify(&self, call: &mut InCall<'_>) {
        let Stage::Calling { id, status, .. } = self.stage else {
            return;
        };
        if self.silent {
            return;
        }
        let mut notify = call.dialog.request(Method::Notify);
        let headers = &mut notify.headers;
        headers.push("Contact", call.core.contact());
        let event = match id {
            Some(id) => ["refer;id=", &id.to_string()].concat(),
            None => "refer".to_owned(),
        };
        headers.push("Event", event);
        let state = match status {
            100..=199 => ["active;expires=", EXPIRES].concat(),
            _ => "terminated;reason=noresource".to_owned(),
        };
        headers.push("Subscription-State", state);
        headers.push("Content-Type", SIPFRAG);
        notify.body = sipfrag(status).into_bytes();
        call.send(Service::Notify, notify);
    }
}

/// What a REFER asks for, or the status to refuse it with. Of the headers in its URI only
/// Replaces is taken: the others could give our INVITE a Route or worse (RFC 3261 §19.1.5).
fn wish(refer: &Request) -> Result<Wish, u16> {
    let mut values = refer.headers.all("Refer-To");
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(400);
    };
    let mut target = NameAddr::parse(value).map_err(|_| 400u16)?.uri;
    let mut headers = Vec::new();
    match &mut target {
        Uri::Sip(sip) => {
            if sip.params.get("method").is_some_and(|method| method != "INVITE") {
                return Err(400);
            }
            sip.params.remove("method");
            for (name, value) in std::mem::take(&mut sip.headers) {
                if name.eq_ignore_ascii_case("Replaces") {
                    let replaces = Replaces::parse(&unescape(&value)).map_err(|_| 400u16)?;
                    headers.push(("Replaces", replaces.to_string()));
                }
            }
            if headers.len() > 1 {
                return Err(400);
            }
        }
        Uri::Tel(_) => {}
        Uri::Other(_) => return Err(416),
    }
    headers.extend(refer.headers.get("Referred-By").map(|by| ("Referred-By", by.to_owned())));
    Ok(Wish { target, headers })
}
