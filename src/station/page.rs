//! What the page and the media of its calls tell without having been asked.

use super::{Moment, Output, Station, Update};
use crate::media::devices::{Change, Class, Device, Devices, Kind, PictureFailure, Treatment};
use crate::media::permissions::{Permission, Permissions};
use crate::media::quality::Sample;
use crate::media::verification::Keys;
use crate::phone::sound::Unheard;
use crate::phone::{Notice, Setting};
use crate::sip::ua::{CallId, Command};

/// Where the choice of devices is kept, for all accounts.
const DEVICES: &str = "webphone.devices";

/// Something that the page tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// It goes away: nothing waits any more.
    Leaving {
        /// A service worker is there, which can say goodbye later.
        has_worker: bool,
    },
    /// It is there again, as it was.
    Back,
    /// It is looked at again, or the browser had frozen it: what it believes of the connection may not
    /// be so any more.
    Awake,
    /// The computer is online again, and may be in another network.
    NetworkChanged,
    /// The web server has another version of it.
    NewVersion,
    /// Whether the browser lets it sound.
    Sounds(bool),
    /// What the browser lets it do with the microphone.
    Microphone(Permission),
    /// Whether the browser lets it show who calls while another page is looked at.
    Notifications(Permission),
    /// These are the devices, as something of them has changed.
    Devices(Vec<(Class, Device)>),
    /// The noise cannot be taken out of the microphone's sound here.
    NotDenoised,
}

/// Something that the media of a call tell.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaEvent {
    /// They do not get through any more, or could not.
    PathLost,
    /// They get through.
    PathFound,
    /// They do not, and nothing is heard.
    SoundLost {
        /// The browser keeps the page from the local network, which the user can mend.
        refused: bool,
    },
    /// A relay is needed, and no server gave one.
    NoRelay,
    /// Whether the browser holds the sound back until the user touches the page.
    Blocked(bool),
    /// What is to be shown is open.
    PictureOpened,
    /// It cannot be opened.
    PictureFailed(PictureFailure),
    /// Nothing can be shown in this call any more, as the other side has refused a picture.
    PictureBarred,
    /// What was shown has ended by itself.
    PictureEnded,
    /// Whether the user speaks into the muted microphone.
    Talks(bool),
    /// What was measured of it, and the certificates of both ends where they can be read.
    Measured(Box<Sample>, Option<Keys>),
}

impl Station {
    pub(super) fn handle_page(&mut self, moment: Moment, page: Page) -> Vec<Command> {
        match page {
            Page::Leaving { has_worker } => return self.leave_page(moment, has_worker),
            Page::Back => return self.come_back(),
            Page::Awake => return vec![Command::Retry],
            Page::NetworkChanged => return self.network_changed(),
            Page::NewVersion if self.update == Update::None => self.update = Update::Due,
            Page::NewVersion => {}
            Page::Sounds(sounds) => self.phone.set_cannot_ring(!sounds),
            Page::Microphone(microphone) => {
                let permissions = self.phone.permissions();
                self.phone.set_permissions(Permissions { microphone, ..permissions });
            }
            Page::Notifications(notifications) => {
                let permissions = self.phone.permissions();
                self.phone.set_permissions(Permissions { notifications, ..permissions });
            }
            Page::Devices(listed) => self.follow_devices(listed),
            Page::NotDenoised => {
                self.phone.notify(Notice::NotDenoised);
                return self.choose(Setting::Denoise(false));
            }
        }
        Vec::new()
    }

    pub(super) fn handle_media_event(
        &mut self,
        moment: Moment,
        call: CallId,
        event: MediaEvent,
    ) -> Vec<Command> {
        let phone = &mut self.phone;
        match event {
            MediaEvent::PathLost => return self.path_lost(moment.now, call),
            MediaEvent::PathFound => self.path_found(call),
            MediaEvent::SoundLost { refused: true } => phone.notify(Notice::LocalNetworkRefused),
            MediaEvent::SoundLost { refused: false } => phone.notify(Notice::SoundLost),
            MediaEvent::NoRelay => phone.notify(Notice::NoRelay),
            MediaEvent::Blocked(blocked) => phone.set_sound_blocked(call, blocked),
            MediaEvent::PictureOpened => return phone.picture_opened(call),
            MediaEvent::PictureFailed(failure) => return phone.picture_failed(call, failure),
            MediaEvent::PictureBarred => phone.picture_barred(call),
            MediaEvent::PictureEnded => return phone.picture_ended(call),
            MediaEvent::Talks(talks) => phone.set_talks_muted(call, talks),
            MediaEvent::Measured(sample, keys) => {
                let due = phone.take_sample(moment.now, call, &sample, keys);
                return due.map(|keys| self.send_keys(call, &keys)).unwrap_or_default();
            }
        }
        Vec::new()
    }

    /// Takes the choice of devices of an earlier visit.
    pub(super) fn begin_with_devices(&mut self) {
        let kept = self.ground.store.get(DEVICES).unwrap_or_default();
        self.phone.change_devices(|devices| *devices = Devices::parse(&kept));
    }

    /// Uses a device of this kind, or the system's own.
    pub(super) fn choose_device(&mut self, kind: Kind, device: Option<Device>) {
        self.change_devices(|devices| devices.choose(kind, device));
        match kind {
            Kind::Microphone => self.renew_microphone(),
            Kind::Camera => self.outputs.push_back(Output::RenewCameras),
            // They follow by themselves.
            Kind::Speaker | Kind::Ringer => {}
        }
    }

    /// Has the browser treat the sound of the microphone so.
    pub(super) fn treat(&mut self, treatment: Treatment) {
        self.change_devices(|devices| devices.treatment = treatment);
        self.treat_microphone();
    }

    fn change_devices(&mut self, change: impl FnOnce(&mut Devices)) {
        self.phone.change_devices(change);
        self.ground.store.set(DEVICES, &self.phone.devices().write());
    }

    /// Takes in which devices there are, and opens another microphone where that is called for.
    pub(super) fn follow_devices(&mut self, listed: Vec<(Class, Device)>) {
        let changes = self.learn_devices(listed);
        let is_of_microphone = |change: &Change| {
            use Change::{Back, Default, Gone};
            matches!(change, Gone(Kind::Microphone, _) | Back(Kind::Microphone, _) | Default)
        };
        let is_without = matches!(self.phone.unheard(), Some(Unheard::Without(_)));
        if is_without || changes.iter().any(is_of_microphone) {
            self.renew_microphone();
        }
    }

    /// Takes in which devices there are; returns what has changed.
    pub(super) fn learn_devices(&mut self, listed: Vec<(Class, Device)>) -> Vec<Change> {
        let before = self.phone.devices().write();
        let changes = self.phone.follow_devices(listed);
        let now = self.phone.devices().write();
        if now != before {
            self.ground.store.set(DEVICES, &now);
        }
        changes
    }
}
