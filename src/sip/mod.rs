//! The SIP user agent: sans-IO.
//!
//! Nothing below this module knows a socket, a clock, a random generator, a DOM or `async`. Bytes,
//! commands and time go in through [`UserAgent::handle_input`]; bytes, media requests, events and
//! the next deadline come out of [`UserAgent::poll_output`].
//!
//! The rooms, from the wire up: [`wire`] (messages), `transaction` (RFC 3261 §17), `dialog` (§12),
//! `digest` (RFC 7616), `link` and `servers` (the connection, its reconnection, and to which server),
//! `registration` (§10), and [`ua`], which joins them into calls.

mod dialog;
mod dialog_info;
mod digest;
mod keep_alive;
mod link;
mod presence;
mod registration;
mod servers;
pub mod timer;
mod transaction;
pub mod ua;
pub mod wire;
mod xml;

pub use ua::{Config, Event, Input, Output, UserAgent};
