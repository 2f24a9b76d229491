//! The microphone of all calls: it is opened with the first of them, and another one takes its place while
//! they go on. Where none can be had, the calls have silence, and another is tried again and again.

mod opening;

use super::{Output, Station};
use crate::media::devices::{Class, Device, Kind, Treatment};
use crate::phone::sound::{Unheard, listens_without};
use crate::sip::ua::{CallId, MediaFailure};
use crate::time::Instant;
use std::time::Duration;

/// How long a microphone may be silenced by the system before it is opened again: while the page is
/// left for a moment, it comes back by itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a microphone is tried again that could not be had.
const RETRY: Duration = Duration::from_secs(5);

/// Something to do with the microphone. [`Self::Use`], [`Self::Silence`] and [`Self::Treat`] take a while,
/// in which what comes after them waits, but for [`Self::Close`]. The user may take any time to let one be
/// opened, for which nothing waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrophoneRequest {
    /// Open one beside what the calls have, and say [`MicrophoneEvent::Opened`].
    Open {
        /// Names it among those that are opened.
        number: u32,
        /// This one, or the system's own.
        device: Option<Device>,
        /// How its sound is treated.
        treatment: Treatment,
    },
    /// List the devices, and say [`MicrophoneEvent::Listed`] with the same purpose.
    List(Purpose),
    /// Have the calls take from the one of this number, and let go of what they had.
    Use(u32),
    /// Have them take silence.
    Silence,
    /// Let go of the one of this number.
    Drop(u32),
    /// Treat the sound so, or say [`MicrophoneEvent::Untreated`].
    Treat(Treatment),
    /// Those who wait for the microphone can take from it, or get none.
    Ready(Result<(), MediaFailure>),
    /// Measure how loud it is, or no longer.
    Measure(bool),
    /// Nobody takes from it any more: let go of it at once, and of all that was opened.
    Close,
}

/// What became of that, or of the microphone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrophoneEvent {
    /// A call waits for it.
    Wanted,
    /// The one of this number is open, and whether the system keeps it silent; or why it is not.
    Opened(u32, Result<bool, MicrophoneFault>),
    /// These are the devices. Nothing where the browser does not say.
    Listed(Purpose, Option<Vec<(Class, Device)>>),
    /// The sound of what is open cannot be treated so.
    Untreated,
    /// The system has ended, silenced or woken what the calls have, or the page is looked at again.
    Is(Condition),
}

/// For what the devices are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A call waits for the one that is wanted, which may have another id by now.
    Finding,
    /// The user wants to look at the level.
    Measuring {
        /// And is asked for the microphone, if need be.
        asks: bool,
    },
    /// With the permission come their names.
    Naming,
}

/// Why a microphone cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MicrophoneFault {
    /// There is none of this id any more.
    Gone,
    /// Any other reason.
    Failed(MediaFailure),
}

/// How what the calls have is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It gives sound.
    Well,
    /// The system keeps it silent.
    Silenced,
    /// It has ended; it was this one.
    Ended(String),
}

/// The state of that.
#[derive(Default)]
pub(super) struct Microphone {
    /// The calls whose media take from it.
    takers: Vec<CallId>,
    /// Some of them wait for it.
    waits: bool,
    /// The user looks at its level.
    is_measured: bool,
    place: Place,
    work: Work,
    /// The number of the one that is being opened, or was last.
    number: u32,
    /// What is wanted has changed meanwhile.
    is_outdated: bool,
    /// What is in the place must go before another is opened.
    goes_first: bool,
    /// It is to be treated anew once it is open.
    is_untreated: bool,
    /// The label of the one that was lost, until another has its place.
    lost: Option<String>,
    /// The user wants to listen without one.
    is_declined: bool,
    /// When it is looked at again.
    look: Option<Instant>,
}

/// What the calls take from.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Nothing,
    /// A microphone, or silence.
    Taken { is_live: bool },
}

/// What is being done.
#[derive(Default, PartialEq, Eq)]
enum Work {
    #[default]
    Nothing,
    /// This one is being opened.
    Opening(Option<Device>, Attempt),
    /// This one was not there. The system's own was opened in its place, or not; the list says whether
    /// the one that is wanted has another id now.
    Finding(Device, Result<bool, MicrophoneFault>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    /// In the place of one that was not there.
    Own,
    /// Of the one that the list names, if any.
    Named,
    /// After what was in the place has gone.
    Last,
}

impl Microphone {
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.look
    }

    /// The media of this call will take from it.
    pub(super) fn begin(&mut self, call: CallId) {
        if !self.takers.contains(&call) {
            self.takers.push(call);
        }
    }

    /// They do no more.
    pub(super) fn end(&mut self, call: CallId) {
        self.takers.retain(|taker| *taker != call);
    }

    /// No call does.
    pub(super) fn end_all(&mut self) {
        self.takers.clear();
    }

    /// The user wants to listen without one, until the last call has ended.
    pub(super) fn decline(&mut self) {
        self.is_declined = true;
    }

    fn is_wanted(&self) -> bool {
        self.waits || self.is_measured || !self.takers.is_empty()
    }
}

impl Station {
    pub(super) fn handle_microphone(&mut self, now: Instant, event: MicrophoneEvent) {
        match event {
            MicrophoneEvent::Wanted => {
                self.microphone.waits = true;
                self.open_microphone(now);
            }
            MicrophoneEvent::Opened(number, opened) => {
                self.microphone_opened(now, number, opened);
            }
            MicrophoneEvent::Listed(purpose, listed) => {
                self.microphones_listed(now, purpose, listed);
            }
            MicrophoneEvent::Untreated => {
                // Chromium treats what is opened beside it as it does what is open.
                self.microphone.goes_first = true;
                self.renew_microphone();
            }
            MicrophoneEvent::Is(condition) => self.microphone_is(now, condition),
        }
    }

    /// Opens the one that is wanted now, and puts it in the place of the one that the calls have.
    pub(super) fn renew_microphone(&mut self) {
        let microphone = &mut self.microphone;
        if microphone.work != Work::Nothing {
            microphone.is_outdated = true;
            return;
        }
        if microphone.place == Place::Nothing || microphone.is_declined {
            return;
        }
        if std::mem::take(&mut microphone.goes_first) {
            self.ask_microphone(MicrophoneRequest::Silence);
        }
        self.begin_to_open();
    }

    /// Has the sound treated as is chosen now.
    pub(super) fn treat_microphone(&mut self) {
        let microphone = &mut self.microphone;
        match (&microphone.work, microphone.place) {
            (Work::Nothing, Place::Nothing) => {}
            (Work::Nothing, Place::Taken { .. }) => {
                let treatment = self.treatment();
                self.ask_microphone(MicrophoneRequest::Treat(treatment));
            }
            // What is being opened will be treated as was wanted before.
            (_, Place::Nothing) => microphone.is_untreated = true,
            (_, Place::Taken { .. }) => {
                (microphone.goes_first, microphone.is_outdated) = (true, true);
            }
        }
    }

    /// Opens it for the user to look at its level, where the user has allowed it, or where `asks`, asking
    /// for it.
    pub(super) fn open_meter(&mut self, asks: bool) {
        self.microphone.is_measured = true;
        self.ask_microphone(MicrophoneRequest::Measure(true));
        self.ask_microphone(MicrophoneRequest::List(Purpose::Measuring { asks }));
    }

    /// The user looks at the level no more.
    pub(super) fn close_meter(&mut self) {
        self.microphone.is_measured = false;
        self.ask_microphone(MicrophoneRequest::Measure(false));
    }

    /// Tries again where it is time for that.
    pub(super) fn look_at_microphone(&mut self, now: Instant) {
        if self.microphone.look.take_if(|look| *look <= now).is_some() {
            self.renew_microphone();
        }
    }

    /// Lets go of it where nobody takes from it.
    pub(super) fn release_microphone(&mut self) {
        let microphone = &mut self.microphone;
        if microphone.is_wanted() {
            return;
        }
        microphone.is_declined = false;
        microphone.goes_first = false;
        (microphone.look, microphone.lost) = (None, None);
        if std::mem::take(&mut microphone.place) != Place::Nothing {
            self.ask_microphone(MicrophoneRequest::Close);
        }
        self.phone.set_unheard(None);
    }

    fn ask_microphone(&mut self, request: MicrophoneRequest) {
        self.outputs.push_back(Output::Microphone(request));
    }

    /// How the browser is to treat the sound: it leaves the noise to us where we take it out.
    fn treatment(&self) -> Treatment {
        let chosen = self.phone.devices().treatment;
        Treatment { noise: chosen.noise && !self.phone.settings().denoise, ..chosen }
    }

    fn wanted_microphone(&self) -> Option<Device> {
        self.phone.devices().used(Kind::Microphone).cloned()
    }

    /// Nobody hears the user for this reason, or somebody does. Where there is hope, another one is tried
    /// again and again.
    fn heed(&mut self, now: Instant, unheard: Option<Unheard>) {
        let hopes = matches!(unheard, Some(Unheard::Without(failure)) if listens_without(failure));
        self.microphone.look = hopes.then_some(now + RETRY);
        self.phone.set_unheard(unheard);
    }

    /// Whether what the calls have is a microphone that works.
    fn has_microphone(&self) -> bool {
        matches!(self.microphone.place, Place::Taken { is_live: true })
            && self.phone.unheard().is_none()
    }

    fn microphone_is(&mut self, now: Instant, condition: Condition) {
        let Place::Taken { is_live } = &mut self.microphone.place else { return };
        match condition {
            Condition::Ended(label) => {
                *is_live = false;
                self.microphone.lost = Some(label);
                self.renew_microphone();
            }
            Condition::Silenced => self.microphone.look = Some(now + PATIENCE),
            // It is well again before that, or after it.
            Condition::Well => match self.phone.unheard() {
                None => self.microphone.look = None,
                Some(Unheard::Silenced) => self.heed(now, None),
                Some(Unheard::Without(_)) => {}
            },
        }
    }
}
