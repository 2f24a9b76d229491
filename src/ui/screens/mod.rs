//! The screens, one of which stands in the frame.

pub(crate) mod call;
pub(crate) mod connection;
pub(crate) mod contact;
pub(crate) mod contacts;
pub(crate) mod conversation;
pub(crate) mod devices;
pub(crate) mod dialer;
pub(crate) mod history;
pub(crate) mod incoming;
pub(crate) mod messages;
pub(crate) mod recordings;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod transfer;
pub(crate) mod unsupported;
