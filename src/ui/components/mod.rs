//! The parts that several screens are made of.

pub(crate) mod bar;
pub(crate) mod buttons;
pub(crate) mod lamp;
pub(crate) mod notices;
pub(crate) mod peer;
pub(crate) mod tabs;
