//! The browser, as the telephone sees it: clock, randomness, timers, socket, microphone, media,
//! tones, storage and page.
//!
//! Everything here wraps a web API in a type that lets go of it when dropped, and turns each of
//! its failures into a value. Nothing here knows SIP, calls or screens, and nothing here decides.
//!
//! | module | owns |
//! |---|---|
//! | [`clock`] | the monotonic clock and the time of day |
//! | [`entropy`] | cryptographic random bytes |
//! | [`timer`] | one-shot and repeating timers, sleeping |
//! | [`socket`] | the WebSocket to the SIP server |
//! | [`microphone`], [`level`] | opening and releasing the microphone, and how loud it is there |
//! | [`peer`], [`ice`] | one peer connection, with the sound of the far end |
//! | [`mixer`] | the sound of several peer connections, as one conference |
//! | [`tones`], [`synth`] | ringing, ring-back, busy and key tones |
//! | [`storage`] | strings kept across visits or for one tab |
//! | [`database`] | texts kept across visits, by the thousand |
//! | [`files`] | files that the user chooses or is given |
//! | [`calendar`] | days and times as the user writes them |
//! | [`page`] | address, language, title, events of the page |

pub mod calendar;
pub mod clock;
pub mod database;
pub mod entropy;
mod failure;
pub mod files;
mod gathering;
pub mod ice;
pub mod level;
pub mod microphone;
pub mod mixer;
pub mod page;
pub mod peer;
mod playback;
mod sending;
pub mod socket;
pub mod storage;
pub mod synth;
pub mod timer;
pub mod tones;

pub use entropy::CryptoEntropy;
pub use ice::{IceConfig, IceServer};
pub use level::Level;
pub use microphone::MicrophoneError;
pub use mixer::Mixer;
pub use page::Listener;
pub use peer::{Peer, PeerError, PeerEvent};
pub use socket::{Socket, SocketError, SocketEvent};
pub use storage::StorageError;
pub use timer::{Interval, Timeout};
pub use tones::Tones;
