//! Opening a microphone, and putting it in the place of what the calls have.

use super::super::Station;
use super::{Attempt, List, MicrophoneFault, MicrophoneRequest, Place, Work};
use crate::media::devices::{Class, Device, Kind};
use crate::phone::Notice;
use crate::phone::sound::{Unheard, listens_without};
use crate::sip::ua::MediaFailure;
use crate::time::Instant;

impl Station {
    /// Opens it where it is not open yet.
    pub(super) fn open_microphone(&mut self, now: Instant) {
        if self.microphone.place != Place::Nothing {
            self.answer_waiting(Ok(()));
        } else if self.microphone.work != Work::Nothing {
            // It is on its way.
        } else if self.microphone.is_declined {
            self.go_without(now, MediaFailure::MicrophoneRefused);
        } else {
            self.begin_to_open();
        }
    }

    fn answer_waiting(&mut self, outcome: Result<(), MediaFailure>) {
        if std::mem::take(&mut self.microphone.waits) {
            self.ask_microphone(MicrophoneRequest::Ready(outcome));
        }
    }

    pub(super) fn begin_to_open(&mut self) {
        let wanted = self.wanted_microphone();
        self.open(wanted, Attempt::First);
    }

    fn open(&mut self, device: Option<Device>, attempt: Attempt) {
        let opened = device.clone().filter(|_| attempt != Attempt::Own);
        self.microphone.work = Work::Opening(device, attempt);
        let treatment = self.treatment();
        self.ask_microphone(MicrophoneRequest::Open(opened, treatment));
    }

    pub(super) fn microphone_opened(
        &mut self,
        now: Instant,
        opened: Result<bool, MicrophoneFault>,
    ) {
        match std::mem::take(&mut self.microphone.work) {
            Work::Opening(Some(device), Attempt::First) if opened == Err(MicrophoneFault::Gone) => {
                // With the permission come ids and labels, and it may have another id by now.
                self.open(Some(device), Attempt::Own);
            }
            Work::Opening(Some(device), Attempt::Own) => {
                self.microphone.work = Work::Finding(device, opened);
                self.list(List::Finding);
            }
            Work::Opening(_, attempt) => self.put_in_place(now, opened, attempt),
            Work::Nothing | Work::Finding(..) => {}
        }
    }

    pub(super) fn microphones_listed(
        &mut self,
        now: Instant,
        listed: Option<Vec<(Class, Device)>>,
    ) {
        match self.microphone.lists.pop_front() {
            Some(List::Finding) => {
                listed.map(|listed| self.learn_devices(listed));
                let work = std::mem::take(&mut self.microphone.work);
                let Work::Finding(wanted, opened) = work else { return };
                let there = self.wanted_microphone().filter(|device| device.id != wanted.id);
                if there.is_some() {
                    if opened.is_ok() {
                        self.ask_microphone(MicrophoneRequest::Drop);
                    }
                    self.open(there, Attempt::Named);
                } else {
                    self.phone.notify(Notice::DeviceGone(wanted.label));
                    self.put_in_place(now, opened, Attempt::Named);
                }
            }
            Some(List::Measuring { asks }) => {
                listed.map(|listed| self.learn_devices(listed));
                let is_allowed = self.phone.devices().is_known(Kind::Microphone);
                if !self.microphone.is_measured || !(is_allowed || asks) {
                    return;
                }
                self.microphone.is_declined &= !asks;
                if self.microphone.place == Place::Nothing {
                    self.open_microphone(now);
                } else if self.phone.unheard().is_some() {
                    self.renew_microphone();
                }
            }
            Some(List::Naming) => {
                if let Some(listed) = listed {
                    self.follow_devices(listed);
                }
            }
            None => {}
        }
    }

    /// The calls take from what was opened, or are told why there is nothing.
    fn put_in_place(
        &mut self,
        now: Instant,
        opened: Result<bool, MicrophoneFault>,
        attempt: Attempt,
    ) {
        let opened = opened.map_err(|fault| match fault {
            MicrophoneFault::Gone => MediaFailure::MicrophoneNotFound,
            MicrophoneFault::Failed(failure) => failure,
        });
        if !self.microphone.is_wanted() {
            if opened.is_ok() {
                self.ask_microphone(MicrophoneRequest::Drop);
            }
            self.microphone.is_outdated = false;
            return;
        }
        match (self.microphone.place, opened) {
            (Place::Nothing, Ok(_)) => {
                self.take_place(MicrophoneRequest::Use);
                self.heed(now, None);
                self.answer_waiting(Ok(()));
                if !self.phone.devices().is_known(Kind::Microphone) {
                    self.list(List::Naming);
                }
            }
            (Place::Nothing, Err(failure)) if listens_without(failure) => {
                self.go_without(now, failure);
            }
            (Place::Nothing, Err(failure)) => {
                if self.microphone.is_measured {
                    self.heed(now, Some(Unheard::Without(failure)));
                }
                self.answer_waiting(Err(failure));
            }
            (_, Err(MediaFailure::MicrophoneInUse))
                if attempt != Attempt::Last && self.has_microphone() =>
            {
                // Firefox opens no other microphone before the first is closed.
                self.take_place(MicrophoneRequest::Silence);
                let wanted = self.wanted_microphone();
                return self.open(wanted, Attempt::Last);
            }
            (_, opened) => self.exchange(now, opened),
        }
        if std::mem::take(&mut self.microphone.is_outdated) {
            self.renew_microphone();
        }
    }

    /// What was opened takes the place of what the calls have.
    fn exchange(&mut self, now: Instant, opened: Result<bool, MediaFailure>) {
        let lost = self.microphone.lost.take();
        let had_one = self.has_microphone();
        let unheard = match opened {
            Ok(is_silenced) => {
                self.take_place(MicrophoneRequest::Use);
                is_silenced.then_some(Unheard::Silenced)
            }
            Err(failure) => {
                if lost.is_some() || had_one {
                    self.take_place(MicrophoneRequest::Silence);
                }
                Some(Unheard::Without(failure))
            }
        };
        self.heed(now, unheard);
        if let Some(label) = lost {
            self.phone.notify(Notice::DeviceGone(label));
        }
    }

    /// The calls have silence in the place of it.
    fn go_without(&mut self, now: Instant, failure: MediaFailure) {
        self.take_place(MicrophoneRequest::Silence);
        self.heed(now, Some(Unheard::Without(failure)));
        self.answer_waiting(Ok(()));
    }

    fn take_place(&mut self, request: MicrophoneRequest) {
        self.microphone.place = Place::Taken { is_live: true };
        self.ask_microphone(request);
    }
}
