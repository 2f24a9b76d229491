//! What the browser measures of the calls, and what follows from it.

use super::Phone;
use super::call::Hold;
use crate::media::quality::Sample;
use crate::media::quality::sample::Link;
use crate::media::verification::Keys;
use crate::sip::ua::CallId;
use crate::time::Instant;

impl Phone {
    /// Takes in what was measured of a call, and the certificates of both ends where they could be
    /// read. Only a call that stands, that nobody holds and that is in front can be judged: in any
    /// other, silence is as it should be. Returns the keys that waited for its sound to get through.
    pub fn take_sample(
        &mut self,
        now: Instant,
        id: CallId,
        sample: &Sample,
        keys: Option<Keys>,
    ) -> Option<String> {
        let is_heard = self.calls.is_heard(id);
        // Who speaks into no microphone has been told.
        let is_unheard = self.unheard.is_some();
        let call = self.calls.get_mut(id).filter(|call| call.is_up())?;
        if sample.link == Link::Up {
            call.lock.close(call.with_webphone, keys);
        }
        if is_heard && call.hold == Hold::default() && call.hold_wanted.is_none() {
            call.quality.take(now, sample, call.muted || is_unheard);
            let is_due = sample.link == Link::Up && !call.keys_later.is_empty();
            is_due.then(|| std::mem::take(&mut call.keys_later))
        } else {
            call.quality.pause();
            None
        }
    }

    /// The user says that both ends of a call see the same code, or takes that back.
    pub fn set_verified(&mut self, id: CallId, verified: bool) {
        if let Some(call) = self.calls.get_mut(id) {
            call.lock.set_verified(verified);
        }
    }
}
