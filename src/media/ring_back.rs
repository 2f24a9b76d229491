//! The tone that a caller hears while the far end rings, by the custom of countries.

/// Whose custom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingBack {
    /// Colombia, most of Latin America and of Europe.
    International,
    /// The United States and Canada.
    NorthAmerica,
    /// The United Kingdom, Ireland, Australia and New Zealand.
    Britain,
    /// Spain.
    Spain,
    /// France.
    France,
}

/// How a tone comes and goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cadence {
    /// The frequencies that sound together, in hertz; 0 is silence.
    pub pitches: [f64; 2],
    /// When each burst begins and how long it sounds, in seconds.
    pub bursts: &'static [(f64, f64)],
    /// After how many seconds it begins anew.
    pub period: f64,
}

impl RingBack {
    /// All of them, each with the name by which it is kept and configured.
    pub const ALL: [(Self, &str); 5] = [
        (Self::International, "international"),
        (Self::NorthAmerica, "north-america"),
        (Self::Britain, "britain"),
        (Self::Spain, "spain"),
        (Self::France, "france"),
    ];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(custom, _)| *custom)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(custom, _)| *custom == self).map_or("", |(_, name)| name)
    }

    /// How it sounds (ITU-T E.180, supplement 2).
    pub fn cadence(self) -> Cadence {
        let (pitches, bursts, period): (_, &'static [_], _) = match self {
            Self::International => ([425.0, 0.0], &[(0.0, 1.0)], 5.0),
            Self::NorthAmerica => ([440.0, 480.0], &[(0.0, 2.0)], 6.0),
            Self::Britain => ([400.0, 450.0], &[(0.0, 0.4), (0.6, 0.4)], 3.0),
            Self::Spain => ([425.0, 0.0], &[(0.0, 1.5)], 4.5),
            Self::France => ([440.0, 0.0], &[(0.0, 1.5)], 5.0),
        };
        Cadence { pitches, bursts, period }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_custom_is_found_by_its_name() {
        for (custom, name) in RingBack::ALL {
            assert_eq!((RingBack::parse(name), custom.name()), (Some(custom), name));
        }
        assert_eq!(RingBack::parse("mars"), None);
    }

    #[test]
    fn every_cadence_sounds_and_rests() {
        for (custom, name) in RingBack::ALL {
            let cadence = custom.cadence();
            let mut silent_from = 0.0;
            for (start, length) in cadence.bursts {
                assert!(*start >= silent_from && *length > 0.0, "{name}");
                silent_from = start + length;
            }
            assert!(silent_from > 0.0 && silent_from < cadence.period, "{name}");
        }
    }
}
