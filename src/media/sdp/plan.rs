//! What our side wants of the media of a call.

use super::Direction;

/// What our next offer is to say of each section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The sound: [`Direction::SendOnly`] puts the peer on hold.
    pub sound: Direction,
    /// The pictures, as far as there are any: of ours only the media engine knows, as it has the track.
    pub pictures: Direction,
    /// The way that both take is looked for anew (ICE restart, RFC 8839 §4.4.1.1). A connection that has
    /// once begun to look asks for it in each offer until the far end has agreed, as Firefox takes no other
    /// offer then.
    pub another_path: bool,
}

impl Plan {
    /// All flows, by the way that there is.
    pub const OPEN: Self =
        Self { sound: Direction::SendRecv, pictures: Direction::SendRecv, another_path: false };

    /// The peer is on hold: it hears us no more, or something in our place, and no picture flows.
    pub const HOLD: Self =
        Self { sound: Direction::SendOnly, pictures: Direction::Inactive, another_path: false };

    /// Whether it puts the peer on hold.
    pub fn is_hold(self) -> bool {
        !self.sound.receives()
    }
}
