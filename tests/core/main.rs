//! Native tests of the core, through its public boundary, under a fake clock.

mod answer;
mod authentication;
mod cancel;
mod challenges;
mod dialogs;
mod incoming;
mod leaving;
mod line;
mod messages;
mod outgoing;
mod properties;
mod random;
mod refusals;
mod registration;
mod reinvite;
mod requests;
mod support;
mod torture;
