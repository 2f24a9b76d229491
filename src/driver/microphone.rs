//! The microphone of all calls: it is opened with the first of them, each takes a copy, and another
//! microphone takes its place while they go on.

use super::{Driver, moment};
use crate::media::devices::{Device, Kind, Treatment};
use crate::phone::Notice;
use crate::phone::sound::{Unheard, listens_without};
use crate::platform::{Capture, Level, MicrophoneError, Timeout, timer};
use crate::sip::ua::MediaFailure;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::MediaStream;

/// How long a microphone may be silenced by the system before it is opened again: while the page is
/// left for a moment, it comes back by itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a microphone is tried again that could not be had.
const RETRY: Duration = Duration::from_secs(5);
/// How long a call waits for the list of devices.
const LIST_LIMIT: Duration = Duration::from_secs(1);

/// The microphone, while somebody takes from it.
#[derive(Default)]
pub(super) struct Microphone {
    pub(super) capture: Option<Rc<Capture>>,
    renewal: Renewal,
    /// The label of the one that was lost, until another has its place.
    lost: Option<String>,
    /// The user wants to listen without one.
    is_declined: bool,
    /// The next one is opened when this one is closed.
    is_outdated: bool,
    /// When it is looked at again.
    look: Option<Timeout>,
    meter: Option<Meter>,
}

/// A meter that the user looks at. It has no level while there is no microphone.
#[derive(Default)]
struct Meter(Option<Level>);

/// Whether another microphone is being opened.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Renewal {
    #[default]
    Idle,
    Running,
    /// It is, and what is wanted has changed since.
    Outdated,
}

/// Opens the microphone that the user has chosen. There is no other way to one: calls, level meter
/// and recordings take their copies of what this returns.
///
/// What is put between the microphone and the calls, such as the noise suppressor of
/// [`Driver::denoise`], makes a track out of [`Capture::raw`] and hands it over with what makes it
/// by [`Capture::send_instead`]. Whoever takes from the microphone then gets that track, and what
/// makes it is dropped with the microphone. [`Driver::hand_out`] puts it in the place of the old track
/// without a gap. What reads a copy of its own follows in `Media::take_new_microphone`.
async fn open(driver: &Driver) -> Result<Capture, MediaFailure> {
    let (wanted, treatment) = driver.wanted_microphone();
    let id = wanted.as_ref().map(|device| device.id.as_str());
    let mut opened = Capture::open(id, treatment).await;
    if matches!(opened, Err(MicrophoneError::Gone)) {
        // With the permission come ids and labels, and the device may have another id by now.
        opened = Capture::open(None, treatment).await;
        // Firefox lists nothing while the page is out of sight.
        timer::within(LIST_LIMIT, driver.list_devices()).await;
        match (driver.wanted_microphone().0, wanted) {
            (Some(now), Some(wanted)) if now.id != wanted.id => {
                drop(opened);
                opened = Capture::open(Some(&now.id), treatment).await;
            }
            (_, wanted) => {
                driver.tell(Notice::DeviceGone(wanted.unwrap_or_default().label));
            }
        }
    }
    let mut capture = opened.map_err(failure)?;
    let driver = driver.clone();
    capture.watch(move || driver.look_at_microphone());
    Ok(capture)
}

impl Driver {
    /// A copy of the microphone for a call, which stops it in the end; of silence where the call
    /// goes on without one.
    pub(super) async fn take_microphone(&self) -> Result<MediaStream, MediaFailure> {
        self.open_microphone().await?;
        self.copy().ok_or(MediaFailure::MicrophoneBroken)
    }

    async fn open_microphone(&self) -> Result<(), MediaFailure> {
        let is_declined = {
            let microphone = &self.0.borrow().microphone;
            if microphone.capture.is_some() {
                return Ok(());
            }
            microphone.is_declined
        };
        let opened = match is_declined {
            true => Err(MediaFailure::MicrophoneRefused),
            false => open(self).await,
        };
        let (capture, unheard) = match opened {
            Ok(capture) => (capture, None),
            Err(failure) if is_declined || listens_without(failure) => {
                (Capture::silence().ok_or(failure)?, Some(Unheard::Without(failure)))
            }
            Err(failure) => return Err(failure),
        };
        // Another call may have been faster.
        self.0.borrow_mut().microphone.capture.get_or_insert(Rc::new(capture));
        self.denoise();
        self.heed(unheard);
        if !self.0.borrow().station.phone().devices().is_known(Kind::Microphone) {
            self.follow_devices();
        }
        Ok(())
    }

    fn copy(&self) -> Option<MediaStream> {
        self.0.borrow().microphone.capture.as_ref()?.take()
    }

    /// The device that is to be opened, and how its sound is treated.
    fn wanted_microphone(&self) -> (Option<Device>, Treatment) {
        let inner = self.0.borrow();
        let devices = inner.station.phone().devices();
        (devices.used(Kind::Microphone).cloned(), self.treatment(devices.treatment))
    }

    /// Nobody hears the user for this reason, or somebody does. Where there is hope, another
    /// microphone is tried again and again.
    fn heed(&self, unheard: Option<Unheard>) {
        let driver = self.clone();
        let hopes = matches!(unheard, Some(Unheard::Without(failure)) if listens_without(failure));
        let again = hopes.then(|| Timeout::new(RETRY, move || driver.renew_microphone()));
        self.0.borrow_mut().microphone.look = again;
        self.update(|phone| phone.set_unheard(unheard));
    }

    /// No microphone is opened until the last call has ended.
    pub(super) fn decline_microphone(&self) {
        self.0.borrow_mut().microphone.is_declined = true;
    }

    /// The system has ended, silenced or woken the microphone, or the page is looked at again.
    pub(super) fn look_at_microphone(&self) {
        let capture = self.0.borrow().microphone.capture.clone();
        let Some(capture) = capture else { return };
        if !capture.is_live() {
            self.0.borrow_mut().microphone.lost = Some(capture.device().label);
            self.renew_microphone();
        } else if capture.is_silenced() {
            let driver = self.clone();
            let look = Timeout::new(PATIENCE, move || {
                if capture.is_silenced() {
                    driver.renew_microphone();
                }
            });
            self.0.borrow_mut().microphone.look = Some(look);
        } else if self.0.borrow().station.phone().unheard() == Some(Unheard::Silenced) {
            self.heed(None);
        }
    }

    /// Opens the microphone that is wanted now, and puts it in the place of the one that is open.
    pub(super) fn renew_microphone(&self) {
        let microphone = &mut self.0.borrow_mut().microphone;
        if microphone.capture.is_none() || microphone.is_declined {
            return;
        }
        if microphone.renewal != Renewal::Idle {
            microphone.renewal = Renewal::Outdated;
            return;
        }
        microphone.renewal = Renewal::Running;
        let driver = self.clone();
        spawn_local(async move {
            loop {
                driver.renew().await;
                let renewal = std::mem::take(&mut driver.0.borrow_mut().microphone.renewal);
                if renewal != Renewal::Outdated {
                    break;
                }
                driver.0.borrow_mut().microphone.renewal = Renewal::Running;
            }
        });
    }

    async fn renew(&self) {
        if std::mem::take(&mut self.0.borrow_mut().microphone.is_outdated) {
            self.exchange(Capture::silence()).await;
        }
        let mut opened = open(self).await;
        if matches!(opened, Err(MediaFailure::MicrophoneInUse)) && self.has_microphone() {
            // Firefox opens no other microphone before the first is closed.
            self.exchange(Capture::silence()).await;
            opened = open(self).await;
        }
        let lost = self.0.borrow_mut().microphone.lost.take();
        let unheard = match opened {
            Ok(capture) => {
                let unheard = capture.is_silenced().then_some(Unheard::Silenced);
                self.exchange(Some(capture)).await;
                unheard
            }
            Err(failure) => {
                if self.has_microphone() || lost.is_some() {
                    self.exchange(Capture::silence()).await;
                }
                Some(Unheard::Without(failure))
            }
        };
        if self.0.borrow().microphone.capture.is_some() {
            self.heed(unheard);
            if let Some(label) = lost {
                self.tell(Notice::DeviceGone(label));
            }
        }
    }

    /// Whether what is open is a microphone that works.
    fn has_microphone(&self) -> bool {
        let inner = self.0.borrow();
        inner.station.phone().unheard().is_none()
            && inner.microphone.capture.as_ref().is_some_and(|capture| capture.is_live())
    }

    /// Has all take from another microphone.
    async fn exchange(&self, capture: Option<Capture>) {
        let old = {
            let inner = &mut *self.0.borrow_mut();
            let Some(old) = inner.microphone.capture.take() else {
                // All calls have ended meanwhile.
                return;
            };
            inner.microphone.capture = capture.map(Rc::new);
            old
        };
        self.hand_out().await;
        // The new one is heard before the old one goes.
        drop(old);
        self.denoise();
    }

    /// Has all take a new copy of what the microphone gives.
    pub(super) async fn hand_out(&self) {
        let peers = {
            let inner = self.0.borrow();
            inner.session.as_ref().map(|session| session.media.peers()).unwrap_or_default()
        };
        for peer in peers {
            if let Some(copy) = self.copy() {
                peer.give_microphone(&copy).await;
            }
        }
        {
            let inner = &mut *self.0.borrow_mut();
            if let Some(session) = &mut inner.session {
                session.media.take_new_microphone();
            }
            inner.microphone.look_at_level();
        }
        self.changed();
    }

    /// Has the browser treat the sound of the microphone as is chosen now.
    pub(super) fn treat_microphone(&self) {
        let capture = self.0.borrow().microphone.capture.clone();
        let (_, treatment) = self.wanted_microphone();
        let Some(capture) = capture else { return };
        // What is being opened will be treated as was wanted before.
        let is_renewing = self.0.borrow().microphone.renewal != Renewal::Idle;
        let driver = self.clone();
        spawn_local(async move {
            if is_renewing || !capture.treat(treatment).await {
                // Chromium treats what is opened beside it as it does what is open.
                driver.0.borrow_mut().microphone.is_outdated = true;
                driver.renew_microphone();
            }
        });
    }

    /// Opens the microphone for the user to look at its level, where the user has allowed it, or
    /// where `asks`, asking for it.
    pub(super) fn open_meter(&self, asks: bool) {
        self.0.borrow_mut().microphone.meter.get_or_insert_default();
        let driver = self.clone();
        spawn_local(async move {
            driver.list_devices().await;
            let is_allowed = driver.0.borrow().station.phone().devices().is_known(Kind::Microphone);
            if !is_allowed && !asks {
                return;
            }
            driver.0.borrow_mut().microphone.is_declined &= !asks;
            let is_without = driver.0.borrow().station.phone().unheard().is_some();
            if let Err(failure) = driver.open_microphone().await {
                driver.heed(Some(Unheard::Without(failure)));
            } else if is_without {
                driver.renew_microphone();
            }
            driver.0.borrow_mut().microphone.look_at_level();
            driver.release_microphone();
        });
    }

    /// The user looks at the level no more.
    pub(super) fn close_meter(&self) {
        self.0.borrow_mut().microphone.meter = None;
        self.changed();
    }

    /// How loud it is before the microphone, from 0 to 1, as the ear has it.
    pub fn level(&self) -> f32 {
        let inner = self.0.borrow();
        let meter = inner.microphone.meter.as_ref();
        let level = meter.and_then(|meter| meter.0.as_ref()).map_or(0.0, Level::read);
        // From -60 decibels on, as below that nobody speaks.
        if level <= 0.001 { 0.0 } else { (1.0 + level.log10() / 3.0).clamp(0.0, 1.0) }
    }

    /// Lets go of the microphone where nobody takes from it.
    pub(super) fn release_microphone(&self) {
        let inner = &mut *self.0.borrow_mut();
        let microphone = &mut inner.microphone;
        let is_idle = inner.session.as_ref().is_none_or(|session| session.media.is_idle());
        if is_idle && microphone.meter.is_none() {
            microphone.capture = None;
            microphone.look = None;
            microphone.is_declined = false;
            inner.station.phone_mut(moment()).set_unheard(None);
        }
    }
}

impl Microphone {
    /// The meter is at the microphone that is open now.
    fn look_at_level(&mut self) {
        if let Some(meter) = &mut self.meter {
            meter.0 = self.capture.as_ref().and_then(|capture| capture.level());
        }
    }
}

fn failure(error: MicrophoneError) -> MediaFailure {
    match error {
        MicrophoneError::Refused => MediaFailure::MicrophoneRefused,
        MicrophoneError::NotFound | MicrophoneError::Gone => MediaFailure::MicrophoneNotFound,
        MicrophoneError::InUse => MediaFailure::MicrophoneInUse,
        MicrophoneError::Forbidden => MediaFailure::MicrophoneForbidden,
        MicrophoneError::Unavailable(_) => MediaFailure::MicrophoneBroken,
        MicrophoneError::InsecurePage => MediaFailure::PageNotSecure,
    }
}
