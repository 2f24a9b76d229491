//! How the telephone rings: melodies, as data.

/// A way to ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ringtone {
    /// Two notes in turn, as of a door.
    Chime,
    /// The bell of an old telephone.
    Bell,
    /// The warble of an electronic one.
    Warble,
    /// A broken chord on wood.
    Marimba,
    /// Two low beats.
    Pulse,
    /// A call that rises.
    Rise,
}

/// A note of a melody: when it begins and how long it sounds, in seconds, and its two pitches in
/// hertz, of which 0 is silence.
pub type Note = (f64, f64, [f64; 2]);

/// What is heard of a ringtone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Melody {
    /// The notes of its figure.
    pub notes: &'static [Note],
    /// How often the figure is heard, and after how many seconds each time.
    pub times: u32,
    /// See [`Self::times`].
    pub step: f64,
    /// After how many seconds all begins anew.
    pub period: f64,
    /// Its notes fade, as those of a bell do.
    pub fades: bool,
}

impl Ringtone {
    /// All of them, each with the name by which it is kept.
    pub const ALL: [(Self, &str); 6] = [
        (Self::Chime, "chime"),
        (Self::Bell, "bell"),
        (Self::Warble, "warble"),
        (Self::Marimba, "marimba"),
        (Self::Pulse, "pulse"),
        (Self::Rise, "rise"),
    ];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(tone, _)| *tone)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(tone, _)| *tone == self).map_or("", |(_, name)| name)
    }

    /// How it sounds.
    pub fn melody(self) -> Melody {
        let (notes, times, step, period, fades): (&'static [Note], _, _, _, _) = match self {
            Self::Chime => {
                (&[(0.0, 0.45, [784.0, 392.0]), (0.22, 0.45, [987.8, 493.9])], 3, 0.44, 3.6, true)
            }
            Self::Bell => (
                &[(0.0, 0.05, [1340.0, 1720.0]), (0.05, 0.05, [1340.0, 1480.0])],
                18,
                0.1,
                4.5,
                true,
            ),
            Self::Warble => {
                (&[(0.0, 0.06, [800.0, 0.0]), (0.06, 0.06, [1000.0, 0.0])], 12, 0.12, 3.5, false)
            }
            Self::Marimba => (
                &[
                    (0.0, 0.3, [523.3, 2093.0]),
                    (0.15, 0.3, [659.3, 2637.0]),
                    (0.3, 0.3, [880.0, 0.0]),
                    (0.45, 0.5, [659.3, 2637.0]),
                ],
                2,
                0.9,
                3.2,
                true,
            ),
            Self::Pulse => {
                (&[(0.0, 0.18, [330.0, 415.3]), (0.25, 0.18, [330.0, 415.3])], 2, 0.9, 3.0, false)
            }
            Self::Rise => (
                &[
                    (0.0, 0.16, [587.3, 0.0]),
                    (0.16, 0.16, [740.0, 0.0]),
                    (0.32, 0.16, [932.3, 0.0]),
                    (0.48, 0.4, [1174.7, 0.0]),
                ],
                1,
                1.0,
                2.8,
                false,
            ),
        };
        Melody { notes, times, step, period, fades }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ringtone_is_found_by_its_name() {
        for (tone, name) in Ringtone::ALL {
            assert_eq!((Ringtone::parse(name), tone.name()), (Some(tone), name));
        }
        assert_eq!(Ringtone::parse("mars"), None);
    }

    #[test]
    fn every_ringtone_sounds_and_rests_and_small_speakers_can_play_it() {
        for (tone, name) in Ringtone::ALL {
            let melody = tone.melody();
            let mut end: f64 = 0.0;
            for (start, length, pitches) in melody.notes {
                assert!(*length > 0.0, "{name}");
                end = end.max(start + length);
                for pitch in pitches.iter().filter(|pitch| **pitch > 0.0) {
                    assert!((300.0..4000.0).contains(pitch), "{name}: {pitch}");
                }
            }
            end += f64::from(melody.times - 1) * melody.step;
            assert!(end > 0.5 && end + 1.0 < melody.period, "{name}: {end}");
        }
    }

    #[test]
    fn no_two_ringtones_have_a_pitch_in_common_that_both_are_known_by() {
        let pitches = |tone: Ringtone| -> Vec<i64> {
            let notes = tone.melody().notes.iter();
            notes.map(|(_, _, [first, _])| *first as i64).collect()
        };
        for (tone, name) in Ringtone::ALL {
            let others = Ringtone::ALL.iter().filter(|(other, _)| *other != tone);
            let taken: Vec<i64> = others.flat_map(|(other, _)| pitches(*other)).collect();
            assert!(pitches(tone).iter().any(|pitch| !taken.contains(pitch)), "{name}");
        }
    }
}
