//! What happens to the telephone.

use super::{Act, Kept, Lock, MediaEvent, MicrophoneEvent, Page, RecorderEvent, Vault};
use crate::sip::ua::{CallId, LinkEvent, MediaReply};

/// Something that happens.
#[derive(Debug)]
pub enum Input<'a> {
    /// Somebody wants something.
    User(Act),
    /// Another tab says this, by [`super::Output::Tell`].
    Tab(&'a str),
    /// Something became of the lock that the page with the telephone holds.
    Lock(Lock),
    /// Something became of what is kept for the next page.
    Vault(Vault),
    /// A WebSocket frame arrived.
    Frame(&'a [u8]),
    /// Something happened to the connection.
    Link(LinkEvent),
    /// The browser did, or could not do, what a [`crate::sip::ua::MediaRequest`] asked.
    Media(MediaReply),
    /// The media of this call tell something without having been asked.
    MediaEvent(CallId, MediaEvent),
    /// Something happened to the page.
    Page(Page),
    /// Something became of the microphone.
    Microphone(MicrophoneEvent),
    /// Something became of the recordings.
    Recorder(RecorderEvent),
    /// The keys of [`super::Output::Keys`] cannot be sent as telephone events.
    KeysUnsent {
        /// The call.
        call: CallId,
        /// The keys.
        keys: String,
    },
    /// Something became of the database, or of what was to be written there.
    Kept(Kept),
    /// The deadline of the last [`super::Output::Timeout`] has come.
    Timeout,
}
