//! What is to be done for the telephone.

use super::{Claim, LastWords, MicrophoneRequest, PageAct, RecorderRequest};
use crate::phone::kept::Write;
use crate::sip::ua::{CallId, LinkRequest, MediaRequest};
use crate::time::Instant;

/// Something to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this frame.
    Send(Vec<u8>),
    /// Open or close the connection.
    Link(LinkRequest),
    /// Ask the browser's media engine for something.
    Media(MediaRequest),
    /// Send keys in a call as telephone events, where the other side takes these, and have
    /// [`super::Input::KeysUnsent`] where not.
    Keys {
        /// The call.
        call: CallId,
        /// The keys, with `,` for a pause.
        keys: String,
    },
    /// Play the tones of keys that are sent in a call.
    KeyTones {
        /// The call.
        call: CallId,
        /// The keys, with `,` for a pause.
        keys: String,
    },
    /// Sound once: a call was answered without the user.
    Alert,
    /// Do this with the microphone.
    Microphone(MicrophoneRequest),
    /// Do this for the recordings.
    Recorder(RecorderRequest),
    /// There are other recordings than before.
    RecordingsChanged,
    /// Open the cameras that are shown anew, as another one is chosen.
    RenewCameras,
    /// Have the media of the calls to come go through a relay only, or not.
    RelayOnly(bool),
    /// Write this batch into the database, and say by [`super::Kept::Written`] or [`super::Kept::Failed`] what
    /// became of it.
    Keep(u32, Vec<Write>),
    /// Somebody is signed in: a connection will be wanted, and media.
    Begin {
        /// The addresses of the servers, which [`LinkRequest`] names by their places.
        servers: Vec<String>,
        /// The user wants media to go through a relay only.
        relay_only: bool,
    },
    /// Open the database of this name, and say by [`super::Kept`] what is in it.
    OpenBook(String),
    /// It is needed no more, once what was to be written is.
    CloseBook,
    /// Erase the database of this name, and begin anew.
    Erase(String),
    /// Ask for the lock of the page that has the telephone.
    Claim(Claim),
    /// Let go of it.
    Unlock,
    /// Read what is kept for the next page, and say it with this claim by [`super::Vault::Read`].
    ReadVault(Claim),
    /// Keep this for the next page, sealed, or nothing where it is empty, and have [`super::Vault::Written`].
    Seal(String),
    /// Tell the service worker what becomes of the goodbyes of the page before.
    LastWords(LastWords),
    /// Have the service worker send these frames later, unless another page goes on. Where it cannot,
    /// send them.
    Goodbyes(Vec<Vec<u8>>),
    /// The sign-in form need not be hidden any more: it is known now whether somebody is signed in.
    ShowForm,
    /// Load the page anew.
    Reload,
    /// Tell the page around the telephone who calls.
    Called {
        /// The name, where there is one.
        name: Option<String>,
        /// The address, unless the caller hides it.
        address: Option<String>,
        /// The headers that begin with `X-`.
        headers: Vec<(String, String)>,
    },
    /// Tell this to the other tabs, which take it by [`super::Input::Tab`].
    Tell(String),
    /// Do what was asked of the page.
    Page(PageAct),
    /// What stands on the display may have changed.
    Changed,
    /// The account is over, and with it goes its password. Nothing is connected any more.
    Over,
    /// All is drained. Come back with [`super::Input::Timeout`] at this moment, if there is one.
    Timeout(Option<Instant>),
}
