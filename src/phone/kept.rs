//! What is kept across visits: short texts, each under a number of its own. The models say what
//! is to be written; where it goes is the platform's business.

/// A kind of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// The calls of the past.
    Calls,
    /// The people.
    Contacts,
    /// Single values: [`SEEN`].
    Marks,
    /// The text messages.
    Messages,
}

/// The mark that says up to which call the history was looked at.
pub const SEEN: u64 = 1;

/// A change of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// This text stands under this number from now on.
    Put(Shelf, u64, String),
    /// Nothing does.
    Delete(Shelf, u64),
}

/// A number for something new: the time in milliseconds, so that what two tabs write at different
/// times stays apart, or the next one that is free.
pub(super) fn fresh_id(now_ms: u64, largest: Option<u64>) -> u64 {
    now_ms.max(largest.map_or(1, |id| id.saturating_add(1)))
}
