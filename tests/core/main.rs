//! Native tests of the core, through its public boundary, under a fake clock.

mod answer;
mod authentication;
mod cancel;
mod challenges;
mod dialogs;
mod incoming;
mod keep_alive;
mod leaving;
mod line;
mod message;
mod messages;
mod mwi;
mod outgoing;
mod presence;
mod properties;
mod random;
mod random_outside;
mod refusals;
mod registration;
mod reinvite;
mod requests;
mod service_route;
mod subscription;
mod support;
mod torture;
