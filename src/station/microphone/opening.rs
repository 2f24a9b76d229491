//! Opening a microphone, and putting it in the place of what the calls have.

use super::super::Station;
use super::{Attempt, MicrophoneFault, MicrophoneRequest, Place, Purpose, Work};
use crate::media::devices::{Class, Device, Kind};
use crate::phone::Notice;
use crate::phone::sound::{Unheard, listens_without};
use crate::sip::ua::MediaFailure;
use crate::time::Instant;

impl Station {
    /// Opens it where it is not open yet. One that the user has not let be opened until now is not waited
    /// for: browsers may have put the question away.
    pub(super) fn open_microphone(&mut self, now: Instant) {
        if self.microphone.place != Place::Nothing {
            self.answer_waiting(Ok(()));
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
        self.give_up_finding();
        let opened = device.clone().filter(|_| attempt != Attempt::Own);
        self.microphone.work = Work::Opening(device, attempt);
        self.microphone.number = self.microphone.number.wrapping_add(1);
        let (number, treatment) = (self.microphone.number, self.treatment());
        self.ask_microphone(MicrophoneRequest::Open { number, device: opened, treatment });
    }

    /// What is open while its device is looked for is of no use any more.
    fn give_up_finding(&mut self) {
        if let Work::Finding(_, Ok(_)) = std::mem::take(&mut self.microphone.work) {
            self.ask_microphone(MicrophoneRequest::Drop(self.microphone.number));
        }
    }

    pub(super) fn microphone_opened(
        &mut self,
        now: Instant,
        number: u32,
        opened: Result<bool, MicrophoneFault>,
    ) {
        if number != self.microphone.number {
            // A question that was put away has been answered all the same.
            let is_first = self.microphone.place == Place::Nothing && self.microphone.is_wanted();
            match opened {
                Ok(_) if is_first => {
                    self.give_up_finding();
                    self.put_in_place(now, number, opened, Attempt::Last);
                }
                Ok(_) => self.ask_microphone(MicrophoneRequest::Drop(number)),
                Err(_) => {}
            }
            return;
        }
        match std::mem::take(&mut self.microphone.work) {
            Work::Opening(Some(device), Attempt::First) if opened == Err(MicrophoneFault::Gone) => {
                // With the permission come ids and labels, and it may have another id by now.
                self.open(Some(device), Attempt::Own);
            }
            Work::Opening(Some(device), Attempt::Own) => {
                self.microphone.work = Work::Finding(device, opened);
                self.ask_microphone(MicrophoneRequest::List(Purpose::Finding));
            }
            Work::Opening(_, attempt) => self.put_in_place(now, number, opened, attempt),
            Work::Nothing | Work::Finding(..) => {
                if opened.is_ok() {
                    self.ask_microphone(MicrophoneRequest::Drop(number));
                }
            }
        }
    }

    pub(super) fn microphones_listed(
        &mut self,
        now: Instant,
        purpose: Purpose,
        listed: Option<Vec<(Class, Device)>>,
    ) {
        match purpose {
            Purpose::Finding => {
                listed.map(|listed| self.learn_devices(listed));
                self.find(now);
            }
            Purpose::Measuring { asks } => {
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
            Purpose::Naming => {
                if let Some(listed) = listed {
                    self.follow_devices(listed);
                }
            }
        }
    }

    /// Opens the one that was not there by its id of now, if it has another, or does without it.
    fn find(&mut self, now: Instant) {
        let (wanted, opened) = match std::mem::take(&mut self.microphone.work) {
            Work::Finding(wanted, opened) => (wanted, opened),
            // It is looked for no more.
            other => return self.microphone.work = other,
        };
        let there = self.wanted_microphone().filter(|device| device.id != wanted.id);
        if there.is_some() {
            self.microphone.work = Work::Finding(wanted, opened);
            self.open(there, Attempt::Named);
        } else {
            self.phone.notify(Notice::DeviceGone(wanted.label));
            self.put_in_place(now, self.microphone.number, opened, Attempt::Named);
        }
    }

    /// The calls take from what was opened, or are told why there is nothing.
    fn put_in_place(
        &mut self,
        now: Instant,
        number: u32,
        opened: Result<bool, MicrophoneFault>,
        attempt: Attempt,
    ) {
        let opened = opened.map_err(|fault| match fault {
            MicrophoneFault::Gone => MediaFailure::MicrophoneNotFound,
            MicrophoneFault::Failed(failure) => failure,
        });
        if !self.microphone.is_wanted() {
            if opened.is_ok() {
                self.ask_microphone(MicrophoneRequest::Drop(number));
            }
            (self.microphone.is_outdated, self.microphone.is_untreated) = (false, false);
            return;
        }
        match (self.microphone.place, opened) {
            (Place::Nothing, Ok(_)) => {
                self.take_place(MicrophoneRequest::Use(number));
                self.heed(now, None);
                self.answer_waiting(Ok(()));
                if std::mem::take(&mut self.microphone.is_untreated) {
                    let treatment = self.treatment();
                    self.ask_microphone(MicrophoneRequest::Treat(treatment));
                }
                self.learn_names();
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
            (_, opened) => self.exchange(now, number, opened),
        }
        if std::mem::take(&mut self.microphone.is_outdated) {
            self.renew_microphone();
        }
    }

    /// What was opened takes the place of what the calls have.
    fn exchange(&mut self, now: Instant, number: u32, opened: Result<bool, MediaFailure>) {
        let lost = self.microphone.lost.take();
        let had_one = self.has_microphone();
        let unheard = match opened {
            Ok(is_silenced) => {
                self.take_place(MicrophoneRequest::Use(number));
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
        self.learn_names();
    }

    /// Has the devices listed where that has brought no names yet.
    fn learn_names(&mut self) {
        if !self.phone.devices().is_known(Kind::Microphone) {
            self.ask_microphone(MicrophoneRequest::List(Purpose::Naming));
        }
    }

    fn take_place(&mut self, request: MicrophoneRequest) {
        self.microphone.place = Place::Taken { is_live: true };
        self.ask_microphone(request);
    }
}
