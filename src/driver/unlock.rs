//! Sound that the browser holds back until the user touches the page, and the touches that let it
//! go.

use super::{Driver, Session};
use crate::media::permissions::Permission;
use crate::phone::Stage;
use crate::platform::timer::{self, sleep};
use crate::platform::{Listener, hidden, page, permissions};
use crate::station::{Input, MediaEvent, Page};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;

/// How long the browser may take to begin with sound where it lets the page.
const PATIENCE: Duration = Duration::from_millis(700);

/// Follows whether the page can ring.
#[derive(Default)]
pub(super) struct Unlocking {
    listener: Option<Listener>,
}

impl Driver {
    /// Lets ringing and calls be heard, with the touch of the user that the browser waits for. It is
    /// one wherever on the page it falls.
    pub(super) fn enable_sound(&self) {
        let stopped: Vec<_> = {
            let inner = self.0.borrow();
            inner.sound.unlock();
            let Some(Session { media, .. }) = &inner.session else { return };
            media.wake();
            let calls = inner.station.phone().calls().iter();
            let peers = calls.filter_map(|call| Some((call.id, media.peer(call.id)?)));
            peers.filter(|(_, peer)| peer.is_stopped()).collect()
        };
        for (call, peer) in stopped {
            let driver = self.clone();
            spawn_local(async move {
                let plays = peer.resume_playback().await;
                driver.input(Input::MediaEvent(call, MediaEvent::Blocked(!plays)));
            });
        }
    }

    /// The page is looked at again: what the system has taken from it meanwhile is asked for, and whether
    /// the server is still there. Or nobody looks at it any more: its timers are to stay on time.
    pub(super) fn look_again(&self) {
        if page::is_visible() {
            self.input(Input::Page(Page::Awake));
            self.enable_sound();
            self.report_microphone();
            self.look_for_update();
        } else {
            let driver = self.clone();
            hidden::keep_time(move || driver.input(Input::Timeout));
        }
    }

    /// A telephone that is signed in should be able to ring; where the browser does not let it, the
    /// user is told.
    pub(super) fn follow_whether_it_rings(&self) {
        let inner = &mut *self.0.borrow_mut();
        if inner.unlocking.is_some() || *inner.station.phone().stage() != Stage::SignedIn {
            return;
        }
        let driver = self.clone();
        // Soon, as the browser takes a moment to begin, and takes it away for a moment at times.
        let look = move || {
            let driver = driver.clone();
            spawn_local(async move {
                sleep(PATIENCE).await;
                driver.look_whether_it_rings();
            });
        };
        inner.unlocking = Some(Unlocking::default());
        let driver = self.clone();
        spawn_local(async move {
            // What the user sees comes first.
            timer::next_task().await;
            look();
            let listener = driver.0.borrow().sound.watch(look);
            if let Some(unlocking) = &mut driver.0.borrow_mut().unlocking {
                unlocking.listener = listener;
            }
            driver.follow_permissions();
        });
    }

    /// What the browser lets the page do is shown, and may change at any time.
    fn follow_permissions(&self) {
        let follow = |name, event: fn(Permission) -> Page| {
            let driver = self.clone();
            spawn_local(permissions::follow(name, move |permission| {
                driver.input(Input::Page(event(permission)));
            }));
        };
        follow("microphone", Page::Microphone);
        follow("notifications", Page::Notifications);
    }

    fn look_whether_it_rings(&self) {
        let sounds = self.0.borrow().sound.is_unlocked();
        self.input(Input::Page(Page::Sounds(sounds)));
    }
}
