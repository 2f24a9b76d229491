//! WebPhone: a SIP telephone that lives in a browser tab.
//!
//! The rooms and their rules are in ARCHITECTURE.md. [`sip`] is the user agent, sans-IO; [`media`]
//! has the rules of media, [`phone`] is the telephone as a model, [`station`] the door to both, and
//! [`portal`] what whoever hosts the page decides;
//! all run natively in tests.
//! `platform`, `driver` and `ui` exist in the browser only.

pub mod entropy;
pub mod media;
pub mod phone;
pub mod portal;
pub mod sip;
pub mod station;
pub mod time;

#[cfg(target_arch = "wasm32")]
pub mod driver;
#[cfg(target_arch = "wasm32")]
pub mod platform;
#[cfg(target_arch = "wasm32")]
pub mod ui;
