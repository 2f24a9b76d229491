//! The screens, one of which stands in the frame.

pub(crate) mod call;
pub(crate) mod dialer;
pub(crate) mod incoming;
pub(crate) mod sign_in;
pub(crate) mod transfer;
pub(crate) mod unsupported;
