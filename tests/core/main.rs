//! Native tests of the core, through its public boundary, under a fake clock.

mod answer;
mod authentication;
mod cancel;
mod dialogs;
mod forking;
mod glare;
mod hold;
mod incoming;
mod leaving;
mod line;
mod messages;
mod outgoing;
mod prack;
mod random;
mod redirect;
mod registration;
mod reinvite;
mod requests;
mod session_timer;
mod support;
mod update;
