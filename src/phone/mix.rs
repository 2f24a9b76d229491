//! Whose sound goes where, besides the call in front.

use super::{CallId, Notice, Phone, Progress};

impl Phone {
    /// Which of these calls hear each other: those of the conference whose sound is there, as is said of
    /// each. Who is alone hears nobody else, but for the `tone` that tells of a recording. None where
    /// nothing is mixed.
    pub fn mixed(&self, calls: &[(CallId, bool)], tone: bool) -> Vec<CallId> {
        let of = |takes: &dyn Fn(CallId, bool) -> bool| -> Vec<_> {
            let taken = calls.iter().filter(|(id, sounds)| takes(*id, *sounds));
            taken.map(|(id, _)| *id).collect()
        };
        let mut mixed = of(&|id, sounds| sounds && self.is_mixed(id));
        if mixed.len() < 2 {
            mixed = of(&|id, _| tone && self.beeps(id));
            mixed.truncate(1);
        }
        mixed
    }

    /// Whether what is heard of this call goes into the recording, and what the user says in it.
    pub fn goes_into_recording(&self, id: CallId) -> bool {
        self.is_recorded(id) && self.is_heard(id)
    }

    /// The call whose muted microphone is listened to, for a user who speaks into it all the same.
    pub fn listens_to_muted(&self) -> Option<CallId> {
        self.call().filter(|call| call.muted && call.is_up() && !call.is_held()).map(|call| call.id)
    }

    /// Whether the tones of keys that were sent in this call may still be heard: it is in front, and they
    /// do get there.
    pub fn hears_keys_of(&self, id: CallId) -> bool {
        let failed = matches!(self.notice(), Some(Notice::KeysFailed));
        self.is_front(id) && !failed
    }

    /// Whether a call rings that may be answered, or is being answered.
    pub fn may_answer(&self) -> bool {
        let waits =
            |progress: &Progress| matches!(progress, Progress::Incoming | Progress::Answering);
        self.calls().iter().any(|call| waits(&call.progress))
    }
}
