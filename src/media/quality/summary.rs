//! How a call was, to be kept with it.

use super::sample::Codec;
use super::{Figures, Mos};
use crate::media::encryption::Encryption;

/// How a call was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The mean opinion score over the whole call, and in its worst moment, in hundredths.
    pub mos: Mos,
    /// See there.
    pub worst: Mos,
    /// Packets lost on the way to us, in thousandths.
    pub loss: u32,
    /// The jitter, in milliseconds, over the whole call.
    pub jitter: u32,
    /// The way there and back, in milliseconds, over the whole call.
    pub round_trip: Option<u32>,
    /// The codec in which the other side was heard last.
    pub codec: Option<Codec>,
    /// Whether the sound went through a relay.
    pub relayed: bool,
    /// How it was kept secret.
    pub encryption: Encryption,
}

/// The version of what [`Summary::write`] writes.
const VERSION: &str = "q1";

impl Summary {
    /// As one word, for a line that is kept.
    pub fn write(&self) -> String {
        let number = |value: u32| value.to_string();
        let round_trip = self.round_trip.map(number).unwrap_or_default();
        let (name, rate) = match &self.codec {
            Some(codec) => (codec.name.as_str(), number(codec.clock_rate)),
            None => ("", String::new()),
        };
        let name: String = name
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
            .collect();
        let encryption = match self.encryption {
            Encryption::None => "",
            Encryption::Encrypted => "e",
            Encryption::Verified => "v",
        };
        [
            VERSION,
            &number(self.mos.into()),
            &number(self.worst.into()),
            &number(self.loss),
            &number(self.jitter),
            &round_trip,
            &name,
            &rate,
            if self.relayed { "relay" } else { "" },
            encryption,
        ]
        .join(",")
    }

    /// Reads what [`Self::write`] wrote, and `None` from all else.
    pub fn parse(word: &str) -> Option<Self> {
        let fields: Vec<_> = word.split(',').collect();
        let [VERSION, mos, worst, loss, jitter, round_trip, name, rate, relay, encryption] =
            fields[..]
        else {
            return None;
        };
        let clock_rate = rate.parse().ok();
        Some(Self {
            mos: mos.parse().ok()?,
            worst: worst.parse().ok()?,
            loss: loss.parse().ok()?,
            jitter: jitter.parse().ok()?,
            round_trip: round_trip.parse().ok(),
            codec: clock_rate.map(|clock_rate| Codec { name: name.into(), clock_rate }),
            relayed: relay == "relay",
            encryption: match encryption {
                "e" => Encryption::Encrypted,
                "v" => Encryption::Verified,
                _ => Encryption::None,
            },
        })
    }
}

/// What is added up while the call goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tally {
    samples: u32,
    round_trips: u32,
    mos: u64,
    loss: u64,
    jitter: u64,
    round_trip: u64,
    worst: Mos,
    codec: Option<Codec>,
    relayed: bool,
}

impl Tally {
    pub(super) fn note(&mut self, figures: &Figures) {
        self.worst = if self.samples == 0 { figures.mos } else { self.worst.min(figures.mos) };
        self.samples += 1;
        self.mos += u64::from(figures.mos);
        self.loss += u64::from(figures.loss);
        self.jitter += u64::from(figures.jitter);
        if let Some(round_trip) = figures.round_trip {
            self.round_trips += 1;
            self.round_trip += u64::from(round_trip);
        }
        if figures.codec.is_some() {
            self.codec.clone_from(&figures.codec);
        }
        self.relayed |= figures.route.is_some_and(|route| route.relayed);
    }

    pub(super) fn summary(&self) -> Option<Summary> {
        let mean = |sum: u64, count: u32| {
            sum.checked_div(count.into()).and_then(|mean| u32::try_from(mean).ok())
        };
        Some(Summary {
            mos: mean(self.mos, self.samples).and_then(|mos| Mos::try_from(mos).ok())?,
            worst: self.worst,
            loss: mean(self.loss, self.samples)?,
            jitter: mean(self.jitter, self.samples)?,
            round_trip: mean(self.round_trip, self.round_trips),
            codec: self.codec.clone(),
            relayed: self.relayed,
            encryption: Encryption::None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        Summary {
            mos: 435,
            worst: 310,
            loss: 4,
            jitter: 12,
            round_trip: Some(48),
            codec: Some(Codec { name: "opus".into(), clock_rate: 48_000 }),
            relayed: true,
            encryption: Encryption::Verified,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(summary().write(), "q1,435,310,4,12,48,opus,48000,relay,v");
        let bare = Summary {
            round_trip: None,
            codec: None,
            relayed: false,
            encryption: Encryption::Encrypted,
            ..summary()
        };
        for summary in [summary(), bare] {
            assert_eq!(Summary::parse(&summary.write()), Some(summary));
        }
        for other in ["", "486", "q1", "q2,435,310,4,12,48,opus,48000,,", "q1,x,310,4,12,48,,,,"] {
            assert_eq!(Summary::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_name_cannot_break_the_line() {
        let codec = Some(Codec { name: "o,p us\t".into(), clock_rate: 1 });
        let written = Summary { codec, ..summary() }.write();
        assert_eq!(written, "q1,435,310,4,12,48,opus,1,relay,v");
    }
}
