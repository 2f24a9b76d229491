//! Native tests of the core, through its public boundary, under a fake clock.

mod answer;
mod authentication;
mod cancel;
mod dialogs;
mod identity;
mod incoming;
mod info;
mod leaving;
mod line;
mod messages;
mod outgoing;
mod random;
mod reason;
mod registration;
mod reinvite;
mod replaces;
mod requests;
mod support;
mod transfer_in;
mod transfer_out;
