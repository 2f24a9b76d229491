//! The telephone as a model: what stands on its display, and why.
//!
//! Events of the user agent go in, and what a screen must show can be read. There is no DOM, no
//! protocol message and no clock in here; the texts for what it says are the screens' business.

pub mod account;
mod book;
pub mod call;
mod calls;
mod cause;
mod choices;
mod connection;
pub mod contact;
pub mod contacts;
pub mod dial;
mod digits;
pub mod entry;
mod events;
pub mod favourites;
pub(crate) mod fields;
pub mod history;
pub mod kept;
pub mod lamps;
pub mod messages;
pub mod mirror;
mod mix;
pub mod number;
pub mod numbers;
mod operations;
pub mod readiness;
mod recording;
pub mod recordings;
mod returning;
pub mod settings;
pub mod sound;
mod stored_messages;
pub mod vcard;
pub mod video;
pub mod voicemail;

pub use account::{Account, AccountError};
pub use call::{Call, Direction, Hold, Party, Progress, Transfer, TransferRequest};
pub use cause::{Cause, Refusal};
pub use messages::Messages;
pub use operations::Others;
pub use recording::{Recording, RecordingFault, RecordingPolicy};
pub use settings::{Setting, Settings};
pub use sound::Unheard;

use crate::media::devices::{Devices, PictureFailure};
use crate::media::permissions::Permissions;
use crate::sip::ua::Command;
pub use crate::sip::ua::{CallId, EndReason, Line, LineFault, MediaFailure};
pub use crate::sip::wire::Uri;
use crate::time::Instant;
use calls::Calls;
use contacts::Contacts;
use history::History;
use kept::Write;
use lamps::Lamps;
use operations::Placing;
use std::sync::Arc;
use video::Source;
use voicemail::Mailbox;

/// Where the user stands with the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody is signed in.
    SignedOut {
        /// Why the last attempt, or the last session, came to its end.
        fault: Option<LineFault>,
    },
    /// Another page of this browser has the telephone.
    Elsewhere,
    /// The first registration is under way.
    SigningIn,
    /// The account was registered at least once, and is kept registered.
    SignedIn,
}

/// Something to be told once, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A call ended in a way that the user should know of.
    CallEnded {
        /// With whom it was.
        party: Party,
        /// Why it ended.
        reason: EndReason,
    },
    /// An incoming call could not be answered; it still rings.
    CannotAnswer(MediaFailure),
    /// What was dialled is no number and no address.
    CannotDial,
    /// The sound of the call broke off.
    SoundLost,
    /// The line broke while this party was calling.
    CallLost(Party),
    /// There are as many calls as there may be, so that this party cannot be called.
    TooManyCalls(Party),
    /// The other side does not agree to be put on hold, or to be taken from it.
    HoldRefused(Party),
    /// Somebody called without what this telephone needs for sound, encryption above all.
    MissedUnserved(Party),
    /// What the browser keeps of the account is not there yet, as another tab has it.
    BookIsLate,
    /// A callee is said to be elsewhere, where it costs the user to call: it is for the user to say.
    Forwards {
        /// Who was called.
        party: Party,
        /// Who would be called.
        to: Party,
        /// The same, to be called.
        target: Uri,
    },
    /// The other side was handed over.
    Transferred {
        /// Who was.
        party: Party,
        /// To whom.
        target: Party,
    },
    /// The other side could not be handed over; its call goes on.
    TransferFailed {
        /// To whom.
        target: Party,
        /// The SIP status that says why.
        status: u16,
    },
    /// The sound of the call does not come, as the browser keeps the page from the local network.
    LocalNetworkRefused,
    /// No relay can be used: calls go on as well as they can.
    NoRelay,
    /// The user cannot be seen, or the screen not be shown, for this reason.
    NoPicture(Source, PictureFailure),
    /// The other side does not take a picture: the call goes on with sound.
    VideoRefused(Party),
    /// The other side has ended the pictures: the call goes on with sound.
    VideoEnded(Party),
    /// The other side takes no calls with pictures, and is called with sound alone.
    CalledWithoutVideo(Party),
    /// The keys that were pressed did not arrive.
    KeysFailed,
    /// This browser cannot take the noise out of the microphone's sound, which goes on as it is.
    NotDenoised,
    /// This party called and was turned away, as the user does not want to be disturbed.
    Missed(Party),
    /// This party called and was turned away, as there were as many calls as there may be.
    MissedInCall(Party),
    /// The device of this label, which was used, is there no more.
    DeviceGone(String),
    /// The device of this label, which the user has chosen, is there and used again.
    DeviceBack(String),
    /// The browser keeps neither the history, the contacts nor the messages beyond this visit.
    NothingKept,
    /// The call is not recorded, or no longer.
    NotRecorded(RecordingFault),
    /// The web server has a newer page.
    NewVersion,
    /// The call with this party, which the page had left, could not be taken back.
    NotTakenBack(Party),
    /// The recording goes on with this party, who may not know of it.
    StillRecording(Party),
}

/// What is to be heard besides the call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Silence,
    /// Somebody calls.
    Ring,
    /// Somebody calls while the user is in a call.
    CallWaiting,
    /// The callee's telephone rings and its side sends no sound of its own.
    RingBack,
    /// The call could not be completed.
    Busy,
}

/// The telephone.
#[derive(Debug, Clone)]
pub struct Phone {
    stage: Stage,
    line: Line,
    domain: String,
    calls: Calls,
    settings: Settings,
    /// The browser's, whoever is signed in.
    devices: Arc<Devices>,
    unheard: Option<Unheard>,
    cannot_ring: bool,
    permissions: Permissions,
    /// Whom the user called last.
    placed: Option<Uri>,
    /// Shared with those who look at the telephone, as it is long.
    messages: Arc<Messages>,
    /// What is to be kept.
    writes: Vec<Write>,
    lamps: Lamps,
    /// The other side of the conversation on the display, which is watched.
    writing_to: Option<Uri>,
    /// In milliseconds since 1970.
    time_of_day: u64,
    /// The calls that are commanded, until the user agent places them.
    placing: Vec<(CallId, Placing)>,
    /// How many calls were placed, which numbers them.
    count: u32,
    notice: Option<Notice>,
    contacts: Arc<Contacts>,
    imported: contacts::Imported,
    history: History,
    mailbox: Mailbox,
    returning: returning::Returning,
    recorder: recording::Recorder,
}

impl Default for Phone {
    fn default() -> Self {
        Self {
            stage: Stage::SignedOut { fault: None },
            line: Line::Off,
            domain: String::new(),
            calls: Calls::default(),
            settings: Settings::default(),
            devices: Arc::default(),
            unheard: None,
            cannot_ring: false,
            permissions: Permissions::default(),
            placed: None,
            messages: Arc::default(),
            writes: Vec::new(),
            lamps: Lamps::default(),
            writing_to: None,
            time_of_day: 0,
            placing: Vec::new(),
            count: 0,
            notice: None,
            contacts: Arc::default(),
            imported: contacts::Imported::default(),
            history: History::default(),
            mailbox: Mailbox::default(),
            returning: returning::Returning::default(),
            recorder: recording::Recorder::default(),
        }
    }
}

impl Phone {
    /// The user signs in with an account of this domain.
    pub fn sign_in(&mut self, domain: String) {
        *self =
            Self { stage: Stage::SigningIn, line: Line::Connecting, domain, ..self.of_nobody() };
    }

    /// The user signs out. Returns what ends the calls that are not back.
    pub fn sign_out(&mut self, now: Instant) -> Vec<Command> {
        let abandoned = self.abandon_left();
        for call in self.calls.all().to_vec() {
            self.finish(now, &call, &EndReason::HungUpHere);
        }
        let line = std::mem::replace(&mut self.line, Line::Off);
        let writes = std::mem::take(&mut self.writes);
        *self = Self { line, writes, ..self.of_nobody() };
        abandoned
    }

    /// A telephone with nobody signed in, on the same devices.
    fn of_nobody(&self) -> Self {
        let Self { devices, cannot_ring, permissions, count, .. } = self;
        let (devices, cannot_ring, permissions) = (devices.clone(), *cannot_ring, *permissions);
        Self { devices, cannot_ring, permissions, count: *count, ..Self::default() }
    }

    /// Shows `notice` until it is dismissed or another takes its place.
    pub fn notify(&mut self, notice: Notice) {
        self.notice = Some(notice);
    }

    /// The user has read the notice, or goes on to something else.
    pub fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// This notice, if it is the one, is true no more.
    pub fn withdraw(&mut self, notice: &Notice) {
        self.notice.take_if(|shown| shown == notice);
    }

    /// Mutes or unmutes the microphone in a call, and in the conference that it is of.
    pub fn toggle_mute(&mut self, id: CallId) {
        self.calls.set_muted(id, !self.get(id).is_some_and(|call| call.muted));
    }

    /// The user speaks into the muted microphone of a call, or no longer does.
    pub fn set_talks_muted(&mut self, id: CallId, talks: bool) {
        if let Some(call) = self.calls.get_mut(id) {
            call.talks_muted = talks && call.muted;
        }
    }

    /// The browser refuses to play the call's sound before the user has touched the page.
    pub fn set_sound_blocked(&mut self, id: CallId, blocked: bool) {
        if let Some(call) = self.calls.get_mut(id) {
            call.sound_blocked = blocked;
        }
    }

    /// Where the user stands with the account.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Why the account is signed out, where that was not the user's wish. A call may outlast it.
    pub fn fault(&self) -> Option<&LineFault> {
        match &self.stage {
            Stage::SignedOut { fault } => fault.as_ref(),
            Stage::SigningIn | Stage::SignedIn | Stage::Elsewhere => None,
        }
    }

    /// The line to the server.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The domain of the account.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// All calls, the oldest first.
    pub fn calls(&self) -> &[Call] {
        self.calls.all()
    }

    /// The call of this name.
    pub fn get(&self, id: CallId) -> Option<&Call> {
        self.calls.get(id)
    }

    /// The call in front: on the display, with the microphone and the speaker.
    pub fn call(&self) -> Option<&Call> {
        self.calls.front()
    }

    fn is_front(&self, id: CallId) -> bool {
        self.call().is_some_and(|front| front.id == id)
    }

    /// The call that stands beside the one in front, where there is just one.
    pub fn other(&self) -> Option<&Call> {
        self.calls.other()
    }

    /// The calls that ring while another is in front.
    pub fn waiting(&self) -> impl Iterator<Item = &Call> {
        self.calls.waiting()
    }

    /// The call with somebody to whom the other side of another call may be transferred, where one
    /// of the two is in front.
    pub fn consultation(&self) -> Option<&Call> {
        let front = self.call()?;
        let is_about = |held: CallId| self.get(held).is_some();
        match front.consults_for {
            Some(held) if is_about(held) => Some(front),
            _ => self.calls().iter().find(|call| call.consults_for == Some(front.id)),
        }
    }

    /// Whether there may be one call more.
    pub fn may_call(&self) -> bool {
        self.calls().len() < self.settings.max_calls
    }

    /// Whether the microphone and the speaker are this call's.
    pub fn is_heard(&self, id: CallId) -> bool {
        self.calls.is_heard(id)
    }

    /// Whether this call is of the conference.
    pub fn is_joined(&self, id: CallId) -> bool {
        self.calls.is_joined(id)
    }

    /// Whether the others of the conference hear this call's other side. One that holds us sends
    /// music, which the others are spared.
    pub(super) fn is_mixed(&self, id: CallId) -> bool {
        self.is_joined(id)
            && self.is_heard(id)
            && self.get(id).is_some_and(|call| call.is_up() && !call.hold.there)
    }

    /// Whether we hold the other side of a call, or somebody of its conference.
    pub fn holds(&self, id: CallId) -> bool {
        self.together_with(id).any(|call| call.hold.here)
    }

    /// Whether a hold of the call or of its conference is being changed.
    pub fn hold_changes(&self, id: CallId) -> bool {
        self.together_with(id).any(|call| call.hold_wanted.is_some())
    }

    /// The call whose state stands for a call and its conference: one of which the other side holds
    /// us, where we do not hold the call.
    pub fn representative(&self, id: CallId) -> Option<&Call> {
        let own = self.get(id)?;
        let mut members = self.together_with(id);
        let holder = members.find(|call| call.hold.there && !call.hold.here);
        Some(holder.filter(|_| !own.hold.here).unwrap_or(own))
    }

    fn together_with(&self, id: CallId) -> impl Iterator<Item = &Call> {
        self.calls.together_with(id).into_iter().filter_map(|id| self.get(id))
    }

    /// What the user should be told.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// What is to be heard besides the call itself.
    pub fn tone(&self) -> Tone {
        match self.call().map(|call| &call.progress) {
            // It is to be heard where the telephone is.
            _ if self.is_mirror() => Tone::Silence,
            Some(Progress::Incoming) => Tone::Ring,
            _ if self.waiting().next().is_some() => Tone::CallWaiting,
            Some(Progress::Ringing) if self.call().is_some_and(Call::comes_back) => Tone::Silence,
            Some(Progress::Ringing) => Tone::RingBack,
            Some(_) => Tone::Silence,
            None => match &self.notice {
                Some(Notice::CallEnded { reason: EndReason::Rejected { .. }, .. }) => Tone::Busy,
                _ => Tone::Silence,
            },
        }
    }
}

#[cfg(test)]
mod tests;
