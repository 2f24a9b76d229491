//! Whether somebody speaks into a muted microphone, and should be told that nobody hears it.

use std::time::Duration;

/// How often the microphone is looked at.
pub const TICK: Duration = Duration::from_millis(150);

/// From this level on it is speech, rather than the noise of a room.
const LOUD: f32 = 0.02;
/// So many looks at silence make somebody silent: three seconds.
const PATIENCE: u8 = 20;

/// Somebody at a microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talking {
    /// The looks since it was loud.
    quiet: u8,
}

impl Default for Talking {
    fn default() -> Self {
        Self { quiet: PATIENCE }
    }
}

impl Talking {
    /// Looks at the level, from 0 to 1, once each [`TICK`]. Returns whether somebody speaks, with
    /// short pauses.
    pub fn look(&mut self, level: f32) -> bool {
        self.quiet = if level > LOUD { 0 } else { self.quiet.saturating_add(1) };
        self.quiet < PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_no_speech_and_a_word_is_until_three_seconds_of_silence() {
        let mut talking = Talking::default();
        assert!((0..1000).all(|_| !talking.look(0.02)), "a room");
        assert!(talking.look(0.03));
        let pause = 3000 / TICK.as_millis();
        assert!((1..pause).all(|_| talking.look(0.0)), "between two words");
        assert!(!talking.look(0.0));
        assert!(!talking.look(0.0));
        assert!(talking.look(1.0), "the next word");
    }
}
