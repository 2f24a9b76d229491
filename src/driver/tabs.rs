//! What the tabs of the browser tell each other: the one that has the telephone what is on its display,
//! the others what their user wants.

use super::Driver;
use crate::phone::Stage;
use crate::platform::channel::Channel;
use crate::platform::clock;
use crate::station::{Act, Input};

const NAME: &str = "webphone";
/// Asks for what is on the display.
const ASK: &str = "?";
/// Begins the answer, which is also given unasked.
const SHOW: &str = "=";

/// The other tabs, and what they were told last.
#[derive(Default)]
pub(super) struct Tabs {
    channel: Option<Channel>,
    told: String,
}

impl Driver {
    /// Hears the other tabs from now on.
    pub(super) fn hear_tabs(&self) {
        let driver = self.clone();
        let channel = Channel::open(NAME, move |text| driver.heard(&text));
        self.0.borrow_mut().tabs.channel = channel;
    }

    /// Asks the tab that has the telephone what is on its display.
    pub(super) fn ask_tabs(&self) {
        self.tell_tabs(ASK);
    }

    /// Tells the other tabs what has changed on the display.
    pub(super) fn show_tabs(&self) {
        let inner = &mut *self.0.borrow_mut();
        if *inner.station.phone().stage() != Stage::SignedIn {
            return;
        }
        let shown = [SHOW, &inner.station.phone().reflect()].concat();
        if inner.tabs.told != shown {
            inner.tabs.told = shown;
            if let Some(channel) = &inner.tabs.channel {
                channel.tell(&inner.tabs.told);
            }
        }
    }

    fn heard(&self, text: &str) {
        let has_it = *self.0.borrow().station.phone().stage() == Stage::SignedIn;
        if let Some(shown) = text.strip_prefix(SHOW) {
            if self.is_free() && Self::somebody_stays() {
                self.become_mirror();
            } else if self.is_mirror() {
                self.update(|phone| phone.mirror(clock::now(), shown));
            }
        } else if has_it && text == ASK {
            self.0.borrow_mut().tabs.told.clear();
            self.show_tabs();
        } else if has_it && let Some(act) = Act::read(text) {
            self.input(Input::Afar(act));
        }
    }

    pub(super) fn tell_tabs(&self, text: &str) {
        if let Some(channel) = &self.0.borrow().tabs.channel {
            channel.tell(text);
        }
    }
}
