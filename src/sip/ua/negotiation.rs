//! Offer and answer in a call (RFC 3264, RFC 6337): whose turn it is, what both ends have agreed on, and
//! what our side wants next. There is one for each call, from its first offer to its end, as the browser
//! has one connection for it; another takes its place where another fork than the one that was heard answers.
//!
//! What carries the descriptions is not known here: INVITE, 2xx, ACK, UPDATE and what becomes of them
//! are the matter of the calls.

use super::core::Core;
use super::event::{CallEvent, EndReason, MediaRequest};
use super::input::{CallId, MediaFailure};
use crate::media::sdp::plan::Plan;
use crate::media::sdp::security::{self, Audio};
use crate::media::sdp::{self, video};

/// The offers and answers of a call.
pub(super) struct Negotiation {
    call: CallId,
    turn: Turn,
    /// The descriptions that hold; empty as long as nothing is agreed on.
    local: String,
    remote: String,
    /// What the one of ours wants.
    plan: Plan,
    /// Whether the other one holds us.
    held: bool,
    /// Who holds whom, as the telephone knows it: we the peer, the peer us.
    told: (bool, bool),
    next: Next,
}

/// Whose turn it is (RFC 3264 §4: one offer at a time).
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// Either end may offer.
    Free,
    /// The browser makes our offer.
    Making(Plan),
    /// Our offer is out. The answer to it may have come in a provisional response, after which another
    /// one may follow.
    Offered { plan: Plan, offer: String, early: Option<String> },
    /// Our last description is out once more, for whoever wants an INVITE with one.
    Repeated,
    /// The offer of the peer waits for our answer.
    Theirs(String),
}

/// Something that our side wants changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proposal {
    /// The user wants the peer on hold, or not any more.
    Hold(bool),
    /// The media engine has a picture more to offer, or one less.
    Pictures,
    /// The browser has to describe what there is anew, as what the peer says does not go with it, or by
    /// another way.
    Anew { another_path: bool },
}

/// What is wanted, until it is tried.
#[derive(Debug, Default)]
struct Next {
    hold: Option<bool>,
    pictures: bool,
    anew: bool,
    another_path: bool,
}

impl Negotiation {
    /// Nothing is agreed on yet.
    pub(super) fn new(call: CallId) -> Self {
        Self {
            call,
            turn: Turn::Free,
            local: String::new(),
            remote: String::new(),
            plan: Plan::OPEN,
            held: false,
            told: (false, false),
            next: Next::default(),
        }
    }

    /// Has the peer's offer of its first INVITE wait, if it made one.
    pub(super) fn begun_by_peer(call: CallId, offer: Option<String>) -> Self {
        let mut negotiation = Self::new(call);
        negotiation.take_offer(offer);
        negotiation
    }

    /// The peer has `answer` to our `offer`, about which the browser is not asked: it has agreed with
    /// another fork, and offers anew.
    ///
    /// # Errors
    /// See [`Self::begin`].
    pub(super) fn with_another_fork(
        core: &Core,
        call: CallId,
        offer: String,
        answer: String,
    ) -> Result<Self, EndReason> {
        check(core, &answer)?;
        if !has_sound(core, &answer) {
            return Err(EndReason::NoMedia(MediaFailure::Incompatible));
        }
        let next = Next { anew: true, ..Next::default() };
        let held = sdp::is_hold(&answer);
        Ok(Self { local: offer, remote: answer, held, next, ..Self::new(call) })
    }

    /// Our description that holds.
    pub(super) fn local(&self) -> &str {
        &self.local
    }

    /// The peer's that holds.
    pub(super) fn remote(&self) -> &str {
        &self.remote
    }

    /// The offer of the peer that waits.
    pub(super) fn offer(&self) -> Option<&str> {
        match &self.turn {
            Turn::Theirs(offer) => Some(offer),
            _ => None,
        }
    }

    /// Whether no offer of ours waits for its final answer, which may come in a provisional response.
    pub(super) fn is_settled(&self) -> bool {
        !matches!(self.turn, Turn::Making(_) | Turn::Offered { .. })
    }

    /// Whether an offer of ours is out, or about to be.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self.turn, Turn::Making(_) | Turn::Offered { .. } | Turn::Repeated)
    }

    /// Asks the browser for what is to be said next: its answer to the offer of the peer, or its offer.
    pub(super) fn describe(&mut self, core: &mut Core) {
        core.ask_media(match &self.turn {
            Turn::Theirs(offer) => MediaRequest::CreateAnswer(self.call, offer.clone()),
            _ => {
                self.turn = Turn::Making(self.plan);
                MediaRequest::CreateOffer(self.call)
            }
        });
    }

    /// The browser's description goes out: our answer, with which both ends agree, or our offer.
    pub(super) fn described(&mut self, sdp: String) {
        match std::mem::replace(&mut self.turn, Turn::Free) {
            Turn::Theirs(offer) => {
                self.held = sdp::is_hold(&offer);
                (self.local, self.remote) = (sdp, offer);
            }
            Turn::Making(plan) => self.turn = Turn::Offered { plan, offer: sdp, early: None },
            other => self.turn = other,
        }
    }

    /// The peer offers this, or wants to know what we would offer, and no other offer is in the way.
    /// [`Self::describe`] asks for what is said to that.
    pub(super) fn take_offer(&mut self, offer: Option<String>) {
        self.turn = offer.map_or(Turn::Free, Turn::Theirs);
    }

    /// The offer of the peer, or its wish for one of ours, comes to nothing.
    pub(super) fn drop_offer(&mut self) {
        self.turn = Turn::Free;
    }

    /// An answer in a provisional response, after which others may follow.
    ///
    /// # Errors
    /// See [`Self::answered`].
    pub(super) fn hear(&mut self, core: &mut Core, answer: String) -> Result<(), EndReason> {
        let call = self.call;
        if let Turn::Offered { offer, early, .. } = &mut self.turn {
            apply(core, call, offer, &answer, true)?;
            *early = Some(answer);
        }
        Ok(())
    }

    /// Another INVITE with the same offer has taken the place of the first: no answer counts.
    pub(super) fn forget_answer(&mut self) {
        if let Turn::Offered { early, .. } = &mut self.turn {
            *early = None;
        }
    }

    /// What was heard is the answer.
    ///
    /// # Errors
    /// See [`Self::answered`].
    pub(super) fn confirm(&mut self, core: &mut Core) -> Result<(), EndReason> {
        match &mut self.turn {
            Turn::Offered { early, .. } => match early.take() {
                Some(answer) => self.answered(core, answer),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// The answer with which a call begins.
    ///
    /// # Errors
    /// Why the call must end, besides: nobody would hear anybody in one without sound.
    pub(super) fn begin(&mut self, core: &mut Core, answer: String) -> Result<(), EndReason> {
        if !has_sound(core, &answer) {
            return Err(EndReason::NoMedia(MediaFailure::Incompatible));
        }
        self.answered(core, answer)
    }

    /// The answer to our offer.
    ///
    /// # Errors
    /// Why the call must end: an answer whose sound is not encrypted is not applied.
    pub(super) fn answered(&mut self, core: &mut Core, answer: String) -> Result<(), EndReason> {
        match std::mem::replace(&mut self.turn, Turn::Free) {
            Turn::Offered { plan, offer, .. } => {
                apply(core, self.call, &offer, &answer, false)?;
                // Whoever is on hold has to answer that it does not send, which says nothing of what
                // it would do.
                self.held = sdp::is_hold(&answer) && (!plan.is_hold() || self.held);
                self.plan = Plan { another_path: false, ..plan };
                (self.local, self.remote) = (offer, answer);
            }
            Turn::Repeated if !sdp::is_unchanged(&self.remote, &answer) => self.next.anew = true,
            _ => {}
        }
        Ok(())
    }

    /// Tells who holds whom, and which pictures flow, now that both ends have agreed.
    pub(super) fn tell(&mut self, core: &mut Core) {
        let now = (self.plan.is_hold(), self.held);
        if self.told != now {
            self.told = now;
            let (local, remote) = now;
            core.tell(self.call, CallEvent::HoldChanged { local, remote });
        }
        self.tell_pictures(core);
    }

    /// Tells which pictures flow, where our side knows of any.
    pub(super) fn tell_pictures(&self, core: &mut Core) {
        // While an offer of ours waits for its turn, it is no refusal that we do not send yet.
        if !self.next.pictures
            && let Some(flow) = video::flow(&self.local, &self.remote)
        {
            core.tell(self.call, CallEvent::VideoChanged(flow));
        }
    }

    /// Wants something changed, unless the user has changed their mind meanwhile.
    pub(super) fn put_back(&mut self, proposal: Proposal) {
        match proposal {
            Proposal::Hold(hold) => _ = self.next.hold.get_or_insert(hold),
            other => self.want(other),
        }
    }

    /// Wants something changed.
    pub(super) fn want(&mut self, proposal: Proposal) {
        match proposal {
            Proposal::Hold(hold) => self.next.hold = Some(hold),
            Proposal::Pictures => self.next.pictures = true,
            Proposal::Anew { another_path } => {
                self.next.anew = true;
                self.next.another_path |= another_path;
            }
        }
    }

    /// Has the browser offer what is wanted next, one thing at a time, as a peer may refuse the one and
    /// take the other.
    pub(super) fn propose(&mut self, core: &mut Core) -> Option<Proposal> {
        let hold = self.next.hold.take().filter(|hold| *hold != self.plan.is_hold());
        let proposal = if let Some(hold) = hold {
            Proposal::Hold(hold)
        } else if std::mem::take(&mut self.next.pictures) {
            Proposal::Pictures
        } else if std::mem::take(&mut self.next.anew) {
            let another_path = std::mem::take(&mut self.next.another_path);
            Proposal::Anew { another_path }
        } else {
            return None;
        };
        let plan = match proposal {
            Proposal::Hold(true) => Plan::HOLD,
            Proposal::Hold(false) => Plan::OPEN,
            Proposal::Pictures => self.plan,
            Proposal::Anew { another_path } => Plan { another_path, ..self.plan },
        };
        core.ask_media(MediaRequest::Reoffer(self.call, plan));
        self.turn = Turn::Making(plan);
        Some(proposal)
    }

    /// Our description that holds goes out once more.
    pub(super) fn repeat(&mut self) -> String {
        self.turn = Turn::Repeated;
        self.local.clone()
    }

    /// Our offer comes to nothing, or was one that nobody has answered. While the call is `live`, the
    /// browser goes on as before.
    pub(super) fn take_back(&mut self, core: &mut Core, live: bool) {
        let turn = std::mem::replace(&mut self.turn, Turn::Free);
        if live && matches!(turn, Turn::Making(_) | Turn::Offered { .. }) {
            core.ask_media(MediaRequest::Rollback(self.call));
        }
    }
}

/// Whether a description has sound that is not turned down.
pub(super) fn has_sound(core: &Core, sdp: &str) -> bool {
    core.config.policy.any_media || security::audio(sdp) != Audio::None
}

/// An answer whose sound is not encrypted is not applied.
fn check(core: &Core, answer: &str) -> Result<(), EndReason> {
    if !core.config.policy.any_media && security::audio(answer) == Audio::Open {
        return Err(EndReason::NoMedia(MediaFailure::NotEncrypted));
    }
    Ok(())
}

/// Gives the browser the peer's answer to our `offer`, made to fit it.
fn apply(
    core: &mut Core,
    call: CallId,
    offer: &str,
    answer: &str,
    provisional: bool,
) -> Result<(), EndReason> {
    check(core, answer)?;
    let sdp = sdp::fit_answer(offer, answer.to_owned());
    core.ask_media(MediaRequest::ApplyAnswer { call, sdp, provisional });
    Ok(())
}
