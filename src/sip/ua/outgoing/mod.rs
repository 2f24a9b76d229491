//! A call that we place, from the click to its final response (RFC 3261 §13.2, §9.1). What its
//! responses do is in `answer`, what callees ask for before they answer in `early`.

mod answer;
mod early;

use super::core::{Core, push_abilities};
use super::early::EarlyDialogs;
use super::event::{CallEvent, EndReason, MediaRequest};
use super::input::{CallId, MediaFailure, Standing};
use super::negotiation::Negotiation;
use super::owner::Owner;
use super::redirect::Targets;
use super::session_timer;
use super::trickle::Trickle;
use crate::media::sdp::fragment::Candidates;
use crate::sip::dialog::{DialogId, without_headers};
use crate::sip::timer::TRANSACTION_TIMEOUT;
use crate::sip::transaction::ServerId;
use crate::sip::wire::{Method, NameAddr, Replaces, Request, Uri};
use crate::time::Instant;
use std::time::Duration;

/// How long the browser may take to make an offer, the user's answer about the microphone included.
const OFFER_LIMIT: Duration = Duration::from_secs(60);
/// How long the callee's telephone may ring before we give up.
const RING_LIMIT: Duration = Duration::from_secs(180);

/// A call that is not answered yet.
pub(super) struct Outgoing {
    id: CallId,
    target: Uri,
    /// What its INVITE says besides.
    headers: Vec<(&'static str, String)>,
    progress: Progress,
    negotiation: Negotiation,
    /// What the telephone was told last, so that it hears each thing once.
    told: Told,
    early: EarlyDialogs,
    heard: Option<Heard>,
    targets: Targets,
    /// What is to be told when the call stands.
    trickle: Trickle,
}

/// What the media engine was given of a callee's side before its answer.
struct Heard {
    dialog: DialogId,
    /// The UPDATE that waits for the browser's answer.
    update: Option<(ServerId, Request)>,
}

enum Progress {
    /// The browser makes the offer, for which it may first ask the user for the microphone.
    Offering { give_up: Instant },
    /// The INVITE is out.
    Inviting { invite: Box<Request>, cancel: Cancel, give_up: Instant },
}

/// RFC 3261 §9.1: no CANCEL before a provisional response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cancel {
    NotWanted { provisional: bool },
    Wanted,
    Sent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Told {
    Calling,
    Ringing,
    EarlyMedia,
    Ended,
}

impl Outgoing {
    /// Starts a call by asking for an offer.
    pub(super) fn start(now: Instant, core: &mut Core, id: CallId, target: Uri) -> Box<Self> {
        Self::start_for(now, core, id, target, Vec::new())
    }

    /// Starts a call whose INVITE has these headers besides its own.
    pub(super) fn start_for(
        now: Instant,
        core: &mut Core,
        id: CallId,
        target: Uri,
        headers: Vec<(&'static str, String)>,
    ) -> Box<Self> {
        // Headers in the URI could give the INVITE a Route or worse (RFC 3261 §19.1.5).
        let target = without_headers(target);
        core.tell(id, CallEvent::Outgoing(target.clone()));
        let mut negotiation = Negotiation::new(id);
        negotiation.describe(core);
        Box::new(Self {
            id,
            negotiation,
            targets: Targets::new(target.clone()),
            target,
            headers,
            progress: Progress::Offering { give_up: now + OFFER_LIMIT },
            told: Told::Calling,
            early: EarlyDialogs::default(),
            heard: None,
            trickle: Trickle::default(),
        })
    }

    /// Starts a call that takes the place of one that stood (RFC 3891). No other telephone of the
    /// peer may ring for it, so that it must know Replaces.
    pub(super) fn take_back(
        now: Instant,
        core: &mut Core,
        id: CallId,
        standing: &Standing,
    ) -> Box<Self> {
        let replaces = Replaces {
            call_id: standing.call_id.clone(),
            to_tag: standing.remote_tag.clone(),
            from_tag: standing.local_tag.clone(),
            early_only: false,
        };
        let headers = vec![("Replaces", replaces.to_string()), ("Require", "replaces".to_owned())];
        Self::start_for(now, core, id, standing.peer.clone(), headers)
    }

    pub(super) fn id(&self) -> CallId {
        self.id
    }

    /// Whether the user still sees this call.
    pub(super) fn is_live(&self) -> bool {
        self.told != Told::Ended
    }

    /// The browser's offer is here: sends the INVITE.
    pub(super) fn handle_offer(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        sdp: String,
    ) -> Option<Box<Self>> {
        if !matches!(self.progress, Progress::Offering { .. }) {
            return Some(self);
        }
        let tag = core.new_tag();
        let mut invite = Request::new(Method::Invite, self.target.clone());
        let headers = &mut invite.headers;
        headers.push("Max-Forwards", "70");
        for route in &core.granted.service_route {
            headers.push("Route", route.as_str());
        }
        headers.push("From", core.identity().with_tag(&tag).to_string());
        headers.push("To", NameAddr::new(self.target.clone()).to_string());
        headers.push("Call-ID", core.new_call_id());
        headers.push("CSeq", "1 INVITE");
        headers.push("Contact", core.contact());
        push_abilities(headers);
        session_timer::propose(&core.config.policy, headers);
        for (name, value) in std::mem::take(&mut self.headers) {
            headers.push(name, value);
        }
        headers.push("Content-Type", "application/sdp");
        self.negotiation.described(sdp.clone());
        invite.body = sdp.into_bytes();
        let invite = core.send(now, Owner::Call(self.id), invite);
        let cancel = Cancel::NotWanted { provisional: false };
        self.progress =
            Progress::Inviting { invite: Box::new(invite), cancel, give_up: now + RING_LIMIT };
        Some(self)
    }

    /// The browser has found candidates that the INVITE does not have.
    pub(super) fn handle_candidates(&mut self, found: Candidates) {
        self.trickle.find(found);
    }

    /// There is no offer, or no answer to that of an UPDATE.
    pub(super) fn handle_media_failed(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        failure: MediaFailure,
    ) -> Option<Box<Self>> {
        if !self.drop_update(now, core, 488) {
            self.end(now, core, EndReason::NoMedia(failure));
            return self.cancel(now, core);
        }
        Some(self)
    }

    /// The INVITE was challenged and went out once more.
    pub(super) fn handle_retry(&mut self, request: Request) {
        if let Progress::Inviting { invite, cancel, .. } = &mut self.progress {
            **invite = request;
            // The new INVITE has no provisional response of its own yet.
            if matches!(cancel, Cancel::NotWanted { .. }) {
                *cancel = Cancel::NotWanted { provisional: false };
            }
        }
    }

    /// The connection broke. The CANCEL waits for the next one, so that the callee stops ringing;
    /// it need not wait for a provisional response, as it cannot overtake its INVITE any more. Whoever
    /// has answered meanwhile would wait for an ACK in vain, and is told by BYE.
    pub(super) fn handle_line_lost(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        let was_live = self.is_live();
        self.end(now, core, EndReason::NoLine);
        if matches!(self.progress, Progress::Offering { .. }) {
            return None;
        }
        self.cancel_now(now, core);
        if was_live {
            self.early.leave(now, core);
        }
        Some(self)
    }

    pub(super) fn hang_up(mut self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        self.end(now, core, EndReason::HungUpHere);
        self.cancel(now, core)
    }

    /// Another call takes the place of this one, or of one of its forks.
    pub(super) fn replaced(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
        by: CallId,
    ) -> Option<Box<Self>> {
        self.end(now, core, EndReason::Replaced { by });
        self.cancel(now, core)
    }

    pub(super) fn handle_timeout(
        mut self: Box<Self>,
        now: Instant,
        core: &mut Core,
    ) -> Option<Box<Self>> {
        match &self.progress {
            Progress::Inviting { cancel, give_up, .. } if *give_up <= now => {
                if !matches!(cancel, Cancel::NotWanted { .. }) {
                    // RFC 3261 §9.1: the INVITE counts as cancelled 64·T1 after the CANCEL.
                    core.transactions.forget(Owner::Call(self.id));
                    return None;
                }
                self.end(now, core, no_answer());
                self.cancel(now, core)
            }
            Progress::Offering { give_up } if *give_up <= now => {
                // The browser's question about the microphone was left unanswered.
                self.end(now, core, EndReason::NoMedia(MediaFailure::MicrophoneRefused));
                None
            }
            _ => Some(self),
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match self.progress {
            Progress::Inviting { give_up, .. } => Some(give_up),
            Progress::Offering { give_up } => Some(give_up),
        }
    }

    /// Tells the telephone that the call is over, once.
    fn end(&mut self, now: Instant, core: &mut Core, reason: EndReason) {
        if self.told != Told::Ended {
            self.told = Told::Ended;
            self.drop_update(now, core, 487);
            if let (Progress::Inviting { invite, .. }, Some(said)) =
                (&mut self.progress, reason.as_header())
            {
                // Its CANCEL will say so.
                invite.headers.set("Reason", said);
            }
            core.ask_media(MediaRequest::Close(self.id));
            core.tell(self.id, CallEvent::Ended(reason));
        }
    }

    /// Takes the INVITE back, as soon as that is allowed. The call stays for what still comes.
    fn cancel(mut self: Box<Self>, now: Instant, core: &mut Core) -> Option<Box<Self>> {
        match &mut self.progress {
            Progress::Offering { .. } => return None,
            Progress::Inviting { cancel, give_up, .. } => match cancel {
                Cancel::NotWanted { provisional: false } => {
                    *cancel = Cancel::Wanted;
                    *give_up = now + TRANSACTION_TIMEOUT;
                }
                Cancel::NotWanted { provisional: true } => self.cancel_now(now, core),
                Cancel::Wanted | Cancel::Sent => {}
            },
        }
        Some(self)
    }

    /// Takes the INVITE back, unless that was done before.
    pub(super) fn cancel_now(&mut self, now: Instant, core: &mut Core) {
        if let Progress::Inviting { invite, cancel, give_up } = &mut self.progress
            && *cancel != Cancel::Sent
        {
            core.send_cancel(now, invite);
            *cancel = Cancel::Sent;
            *give_up = now + TRANSACTION_TIMEOUT;
        }
    }
}

fn no_answer() -> EndReason {
    EndReason::Rejected { status: 408, reason: String::new(), retry_after: None }
}
