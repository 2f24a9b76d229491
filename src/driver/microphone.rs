//! The microphone of all calls, of which each takes a copy: what is asked of it is done in its order, but for
//! what the user may take any time for.

use super::Driver;
use super::queue::Queue;
use crate::media::devices::{Device, Treatment};
use crate::platform::{Capture, Level, MicrophoneError, devices, timer};
use crate::sip::ua::MediaFailure;
use crate::station::{
    Condition, Input, MicrophoneEvent, MicrophoneFault, MicrophoneRequest, Purpose,
};
use js_sys::{Function, Promise};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MediaStream;

/// How long a call waits for the list of devices. Firefox lists nothing while the page is out of sight.
const LIST_LIMIT: Duration = Duration::from_secs(1);

/// The microphone, and what is to be done with it.
#[derive(Default)]
pub(super) struct Microphone {
    /// What all take from: a microphone, or silence.
    pub(super) capture: Option<Rc<Capture>>,
    /// Those that were opened, by their numbers, until it is said what becomes of them.
    opened: Vec<(u32, Capture)>,
    requests: Queue<MicrophoneRequest>,
    /// Those who wait for it.
    waiting: Vec<Function>,
    outcome: Option<MediaFailure>,
    /// The user looks at the level. There is none while there is no microphone.
    meter: Option<Option<Level>>,
}

impl Driver {
    /// A copy of the microphone for a call, which stops it in the end; of silence where the call
    /// goes on without one.
    pub(super) async fn take_microphone(&self) -> Result<MediaStream, MediaFailure> {
        if let Some(copy) = self.copy() {
            return Ok(copy);
        }
        let ready = Promise::new(&mut |ready, _| {
            self.0.borrow_mut().microphone.waiting.push(ready);
        });
        self.input(Input::Microphone(MicrophoneEvent::Wanted));
        // The promise is never rejected.
        let _ = JsFuture::from(ready).await;
        let failure = self.0.borrow().microphone.outcome;
        failure.map_or_else(|| self.copy().ok_or(MediaFailure::MicrophoneBroken), Err)
    }

    fn copy(&self) -> Option<MediaStream> {
        self.0.borrow().microphone.capture.as_ref()?.take()
    }

    /// Does this with the microphone, once what was asked before is done.
    pub(super) fn ask_microphone(&self, request: MicrophoneRequest) {
        {
            let microphone = &mut self.0.borrow_mut().microphone;
            if request == MicrophoneRequest::Close {
                return microphone.close();
            }
            if !microphone.requests.push(request) {
                return;
            }
        }
        let driver = self.clone();
        spawn_local(async move {
            loop {
                let next = driver.0.borrow_mut().microphone.requests.next();
                let Some(request) = next else { break };
                driver.do_with_microphone(request).await;
            }
        });
    }

    async fn do_with_microphone(&self, request: MicrophoneRequest) {
        match request {
            MicrophoneRequest::Open { number, device, treatment } => {
                let driver = self.clone();
                spawn_local(driver.open_microphone(number, device, treatment));
            }
            MicrophoneRequest::List(purpose) => spawn_local(self.clone().list_for(purpose)),
            MicrophoneRequest::Use(number) => {
                let opened = self.0.borrow_mut().microphone.take_opened(number);
                self.exchange(opened).await;
            }
            MicrophoneRequest::Silence => self.exchange(Capture::silence()).await,
            MicrophoneRequest::Drop(number) => {
                drop(self.0.borrow_mut().microphone.take_opened(number));
            }
            MicrophoneRequest::Treat(treatment) => {
                let capture = self.0.borrow().microphone.capture.clone();
                let Some(capture) = capture else { return };
                if !capture.treat(treatment).await {
                    self.input(Input::Microphone(MicrophoneEvent::Untreated));
                }
            }
            MicrophoneRequest::Ready(outcome) => self.tell_waiting(outcome),
            MicrophoneRequest::Measure(on) => {
                let microphone = &mut self.0.borrow_mut().microphone;
                microphone.meter = on.then_some(None);
                microphone.look_at_level();
            }
            // It was done at once.
            MicrophoneRequest::Close => {}
        }
    }

    async fn open_microphone(self, number: u32, device: Option<Device>, treatment: Treatment) {
        let id = device.as_ref().map(|device| device.id.as_str());
        let opened = Capture::open(id, treatment).await.map_err(fault);
        let opened = opened.map(|mut capture| {
            let driver = self.clone();
            capture.watch(move || driver.report_microphone());
            let is_silenced = capture.is_silenced();
            self.0.borrow_mut().microphone.opened.push((number, capture));
            is_silenced
        });
        self.input(Input::Microphone(MicrophoneEvent::Opened(number, opened)));
    }

    async fn list_for(self, purpose: Purpose) {
        let limit = if purpose == Purpose::Finding { LIST_LIMIT } else { Duration::MAX };
        let listed = timer::within(limit, devices::list()).await.flatten();
        self.input(Input::Microphone(MicrophoneEvent::Listed(purpose, listed)));
    }

    /// Says how the microphone is.
    pub(super) fn report_microphone(&self) {
        let Some(capture) = self.0.borrow().microphone.capture.clone() else { return };
        let condition = match (capture.is_live(), capture.is_silenced()) {
            (false, _) => Condition::Ended(capture.device().label),
            (true, true) => Condition::Silenced,
            (true, false) => Condition::Well,
        };
        self.input(Input::Microphone(MicrophoneEvent::Is(condition)));
    }

    fn tell_waiting(&self, outcome: Result<(), MediaFailure>) {
        let waiting = {
            let microphone = &mut self.0.borrow_mut().microphone;
            microphone.outcome = outcome.err();
            std::mem::take(&mut microphone.waiting)
        };
        for ready in waiting {
            // A function that settles a promise does not throw.
            let _ = ready.call0(&JsValue::UNDEFINED);
        }
    }

    /// Has all take from another microphone.
    async fn exchange(&self, capture: Option<Capture>) {
        let old = {
            let microphone = &mut self.0.borrow_mut().microphone;
            std::mem::replace(&mut microphone.capture, capture.map(Rc::new))
        };
        if old.is_some() {
            self.hand_out().await;
        }
        // The new one is heard before the old one goes.
        drop(old);
        self.0.borrow_mut().microphone.look_at_level();
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

    /// How loud it is before the microphone, from 0 to 1, as the ear has it.
    pub fn level(&self) -> f32 {
        let inner = self.0.borrow();
        let meter = inner.microphone.meter.as_ref();
        let level = meter.and_then(Option::as_ref).map_or(0.0, Level::read);
        // From -60 decibels on, as below that nobody speaks.
        if level <= 0.001 { 0.0 } else { (1.0 + level.log10() / 3.0).clamp(0.0, 1.0) }
    }
}

impl Microphone {
    fn take_opened(&mut self, number: u32) -> Option<Capture> {
        let place = self.opened.iter().position(|(other, _)| *other == number)?;
        Some(self.opened.swap_remove(place).1)
    }

    /// Lets go of all, and does not begin with what was to be done with it.
    fn close(&mut self) {
        use MicrophoneRequest::{Silence, Treat, Use};
        self.requests.retain(|request| !matches!(request, Use(_) | Silence | Treat(_)));
        self.opened.clear();
        self.capture = None;
    }

    /// The meter is at the microphone that is open now.
    fn look_at_level(&mut self) {
        if let Some(meter) = &mut self.meter {
            *meter = self.capture.as_ref().and_then(|capture| capture.level());
        }
    }
}

fn fault(error: MicrophoneError) -> MicrophoneFault {
    MicrophoneFault::Failed(match error {
        MicrophoneError::Gone => return MicrophoneFault::Gone,
        MicrophoneError::Refused => MediaFailure::MicrophoneRefused,
        MicrophoneError::NotFound => MediaFailure::MicrophoneNotFound,
        MicrophoneError::InUse => MediaFailure::MicrophoneInUse,
        MicrophoneError::Forbidden => MediaFailure::MicrophoneForbidden,
        MicrophoneError::Unavailable(_) => MediaFailure::MicrophoneBroken,
        MicrophoneError::InsecurePage => MediaFailure::PageNotSecure,
    })
}
