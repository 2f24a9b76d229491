//! What happens to the page: it is left, comes back, is looked at, and its network changes.

use super::Driver;
use crate::platform::{Listener, page, worker};
use crate::station::{Input, Page};

impl Driver {
    /// Follows it for as long as the telephone is there.
    pub(super) fn listen(&self) {
        let on = |kind, action: fn(&Self)| {
            let driver = self.clone();
            Listener::on_window(kind, move |_| action(&driver))
        };
        let (looking, resumed) = (self.clone(), self.clone());
        let (leaving, kept) = (self.clone(), self.clone());
        let mut listeners = page::on_leave(move || {
            leaving.input(Input::Page(Page::Leaving { has_worker: worker::is_there() }));
        });
        listeners.extend([
            // It came back from the browser's back/forward cache.
            Listener::on_window("pageshow", move |event| {
                if page::was_kept(&event) {
                    kept.input(Input::Page(Page::Back));
                }
            }),
            on("online", Self::network_changed),
            // What browsers take for a touch: Safari lets sound begin when the finger leaves.
            on("pointerdown", Self::enable_sound),
            on("touchend", Self::enable_sound),
            on("keydown", Self::enable_sound),
            Listener::on_document("visibilitychange", move |_| looking.look_again()),
            // The browser had frozen the page.
            Listener::on_document("resume", move |_| {
                resumed.input(Input::Page(Page::Awake));
            }),
            self.watch_devices(),
        ]);
        self.0.borrow_mut().listeners = listeners;
    }
}
