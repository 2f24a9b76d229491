//! The parts that several screens are made of.

pub(crate) mod bar;
pub(crate) mod buttons;
pub(crate) mod call_list;
pub(crate) mod cards;
pub(crate) mod fields;
pub(crate) mod keypad;
pub(crate) mod lamp;
pub(crate) mod notices;
pub(crate) mod peer;
pub(crate) mod readiness;
pub(crate) mod recording;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod sheet;
pub(crate) mod signal;
pub(crate) mod stage;
pub(crate) mod suggestions;
pub(crate) mod tabs;
pub(crate) mod timer;
pub(crate) mod tools;
