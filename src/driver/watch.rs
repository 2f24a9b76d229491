//! Looks once a second at how the calls sound, as long as one stands.

use super::Driver;
use crate::media::sdp::security::fingerprint;
use crate::media::verification::Keys;
use crate::phone::{Call, Phone};
use crate::platform::{Interval, Peer, timer};
use crate::sip::ua::CallId;
use crate::station::{Input, MediaEvent};
use std::rc::Rc;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(1);

/// The looking. It ends with this value.
pub(super) struct Watch {
    _tick: Interval,
}

impl Watch {
    /// Looks while a call stands, and at no other time.
    pub(super) fn follow(current: Option<Self>, driver: &Driver, phone: &Phone) -> Option<Self> {
        if !phone.calls().iter().any(Call::is_up) {
            return None;
        }
        Some(current.unwrap_or_else(|| {
            let driver = driver.clone();
            Self { _tick: Interval::new(TICK, move || driver.look_at_calls()) }
        }))
    }
}

impl Driver {
    /// Measures each call that stands.
    pub(super) fn look_at_calls(&self) {
        let calls: Vec<(CallId, Rc<Peer>)> = {
            let inner = self.0.borrow();
            let Some(session) = &inner.session else { return };
            let up = inner.station.phone().calls().iter().filter(|call| call.is_up());
            up.filter_map(|call| Some((call.id, session.media.peer(call.id)?))).collect()
        };
        for (call, peer) in calls {
            let driver = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                // Firefox never answers for a connection that is closed meanwhile.
                let sample = timer::within(TICK, peer.sample()).await.flatten();
                let Some(sample) = sample else { return };
                let keys = peer.descriptions().and_then(|(ours, theirs)| {
                    Some(Keys { ours: fingerprint(&ours)?, theirs: fingerprint(&theirs)? })
                });
                if driver.has_peer(call, &peer) {
                    let measured = MediaEvent::Measured(Box::new(sample), keys);
                    driver.input(Input::MediaEvent(call, measured));
                }
            });
        }
    }
}
