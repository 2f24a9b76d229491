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
//! | [`microphone`], [`capture`], [`level`] | opening, sharing and releasing the microphone, and how loud it is there |
//! | [`denoise`] | taking the noise out of its sound, here and not in the browser |
//! | [`peer`] | one peer connection, with the sound of the far end and what is measured of it |
//! | [`crash`] | what is said of a failure inside |
//! | [`credentials`] | fetching the credentials of TURN servers |
//! | [`devices`] | which devices there are, and on which of them the browser plays |
//! | [`camera`] | opening the camera and the screen |
//! | [`mixer`] | the sound of several peer connections, as one conference |
//! | [`recorder`] | the sound of several tracks, as pieces of a file |
//! | [`tones`], [`synth`] | ringing, ring-back, busy and key tones |
//! | [`storage`] | strings kept across visits or for one tab |
//! | [`database`] | texts kept across visits, by the thousand |
//! | [`tapes`] | recordings kept across visits |
//! | [`version`] | whether the web server has a newer page |
//! | [`vault`] | one secret text kept across visits |
//! | [`worker`] | what outlives the page by some seconds |
//! | [`channel`] | what the pages of one browser tell each other |
//! | [`locks`] | what one page of the browser does alone |
//! | [`files`] | files that the user chooses or is given |
//! | [`calendar`] | days and times as the user writes them |
//! | [`json`] | texts of JSON, as data |
//! | [`page`] | address, language, title, events of the page |

pub mod calendar;
pub mod camera;
pub mod capture;
pub mod channel;
pub mod clock;
pub mod crash;
pub mod credentials;
pub mod database;
pub mod denoise;
pub mod devices;
pub mod entropy;
mod failure;
pub mod files;
mod gathering;
pub mod held;
pub mod hidden;
mod ice;
pub mod json;
pub mod level;
pub mod locks;
pub mod microphone;
pub mod mixer;
mod output;
pub mod page;
pub mod peer;
pub mod permissions;
mod picture;
mod playback;
pub mod recorder;
mod sending;
pub mod socket;
mod stats;
pub mod storage;
pub mod synth;
pub mod tapes;
pub mod timer;
pub mod tones;
mod transceivers;
pub mod vault;
pub mod version;
mod video;
pub mod worker;

pub use capture::Capture;
pub use denoise::Denoiser;
pub use entropy::CryptoEntropy;
pub use level::Level;
pub use locks::Lock;
pub use microphone::MicrophoneError;
pub use mixer::Mixer;
pub use page::Listener;
pub use peer::{Peer, PeerError, PeerEvent};
pub use recorder::{Recorder, RecorderEvent};
pub use socket::{Socket, SocketError, SocketEvent};
pub use storage::StorageError;
pub use tapes::Tapes;
pub use timer::{Interval, Timeout};
pub use tones::Tones;
