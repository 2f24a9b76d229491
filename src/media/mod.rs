//! The rules of media: what a session description means, which addresses are told, which devices are
//! used, what the far end hears, and what a call sounds like.
//!
//! There is no browser in here and no call: `platform` carries these rules out, and [`sip`](crate::sip)
//! and [`phone`](crate::phone) ask them.

pub mod candidates;
pub mod devices;
pub mod encryption;
pub mod gathering;
pub mod ice;
pub mod permissions;
pub mod quality;
pub mod ring_back;
pub mod ringtone;
pub mod sdp;
pub mod talking;
pub mod verification;
