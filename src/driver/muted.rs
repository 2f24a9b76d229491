//! Listens to a muted microphone, for whoever speaks into it all the same.

use super::Driver;
use crate::media::talking::{TICK, Talking};
use crate::phone::Phone;
use crate::platform::{Interval, Level, Peer};
use crate::sip::ua::CallId;
use crate::station::{Input, MediaEvent};
use std::rc::Rc;

/// The muted microphone of the call in front.
pub(super) struct Muted {
    call: CallId,
    level: Level,
    talking: Talking,
    _tick: Interval,
}

impl Muted {
    /// Listens while the call in front is muted, and at no other time.
    pub(super) fn follow(
        current: Option<Self>,
        driver: &Driver,
        phone: &Phone,
        peers: &[(CallId, Rc<Peer>)],
    ) -> Option<Self> {
        let call = phone.listens_to_muted()?;
        if current.as_ref().is_some_and(|current| current.call == call) {
            return current;
        }
        let (_, peer) = peers.iter().find(|(id, _)| *id == call)?;
        let level = Level::of(&peer.microphone()?)?;
        let driver = driver.clone();
        let tick = Interval::new(TICK, move || driver.listen_to_muted());
        Some(Self { call, level, talking: Talking::default(), _tick: tick })
    }

    /// The call, and whether its user speaks, with short pauses.
    fn look(&mut self) -> (CallId, bool) {
        (self.call, self.talking.look(self.level.read()))
    }
}

impl Driver {
    fn listen_to_muted(&self) {
        let heard = {
            let mut inner = self.0.borrow_mut();
            let muted = inner.session.as_mut().and_then(|session| session.media.muted());
            let Some((call, talks)) = muted.map(Muted::look) else { return };
            let known = inner.station.phone().get(call).is_some_and(|call| call.talks_muted);
            (known != talks).then_some((call, talks))
        };
        if let Some((call, talks)) = heard {
            self.input(Input::MediaEvent(call, MediaEvent::Talks(talks)));
        }
    }
}
