//! What the user has chosen for an account, and how it is written down: a line for each choice,
//! `key=value`. A key that is not known and a value that cannot be read change nothing, so that
//! what another version wrote can be read.

use crate::media::ring_back::RingBack;
use crate::media::ringtone::Ringtone;

/// The choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many calls there may be at once, from 1 to [`Settings::MOST_CALLS`].
    pub max_calls: usize,
    /// Callers are turned away.
    pub do_not_disturb: bool,
    /// A call whose sender asks for it is answered without the user.
    pub auto_answer: bool,
    /// Our calls follow where the callee's side sends them.
    pub follow_redirects: bool,
    /// What is heard while the other side rings.
    pub ring_back: RingBack,
    /// How it rings.
    pub ringtone: Ringtone,
    /// How loud it rings, from 0 to 100.
    pub ring_volume: u8,
    /// Noise is taken out of the microphone's sound on this device.
    pub denoise: bool,
    /// Media go through a relay only, so that they do not tell the other side the address of this
    /// computer.
    pub relay_only: bool,
    /// What plays the voicemail; empty for what the server says or the page proposes.
    pub voicemail: String,
}

/// One of the [`Settings`], as it is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// [`Settings::max_calls`].
    MaxCalls(usize),
    /// [`Settings::do_not_disturb`].
    DoNotDisturb(bool),
    /// [`Settings::auto_answer`].
    AutoAnswer(bool),
    /// [`Settings::follow_redirects`].
    FollowRedirects(bool),
    /// [`Settings::ring_back`].
    RingBack(RingBack),
    /// [`Settings::ringtone`].
    Ringtone(Ringtone),
    /// [`Settings::ring_volume`].
    RingVolume(u8),
    /// [`Settings::denoise`].
    Denoise(bool),
    /// [`Settings::relay_only`].
    RelayOnly(bool),
    /// [`Settings::voicemail`].
    Voicemail(String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_calls: 2,
            do_not_disturb: false,
            auto_answer: false,
            follow_redirects: true,
            ring_back: RingBack::International,
            ringtone: Ringtone::Chime,
            ring_volume: 70,
            denoise: false,
            relay_only: false,
            voicemail: String::new(),
        }
    }
}

impl Settings {
    /// No more calls at once can be chosen.
    pub const MOST_CALLS: usize = 4;

    /// Reads what [`Self::write`] wrote. What is not written there is as `proposed`.
    pub fn parse(text: &str, proposed: &Self) -> Self {
        let mut settings = proposed.clone();
        let lines = text.lines().filter_map(|line| line.split_once('='));
        lines
            .filter_map(|(key, value)| Setting::parse(key, value))
            .for_each(|choice| settings.choose(&choice));
        settings
    }

    /// The choices that differ from what is `proposed`, as text: where whoever hosts the page
    /// proposes something else later, it holds for all who have not chosen.
    pub fn write(&self, proposed: &Self) -> String {
        let mut text = String::new();
        for ((key, value), (_, proposed)) in self.lines().into_iter().zip(proposed.lines()) {
            if value != proposed {
                text.extend([key, "="]);
                // A value ends with its line.
                text.extend(value.chars().filter(|c| !c.is_control()));
                text.push('\n');
            }
        }
        text
    }

    fn lines(&self) -> [(&'static str, String); 10] {
        let flag = |value| if value { "yes" } else { "no" }.to_owned();
        [
            ("max-calls", self.max_calls.to_string()),
            ("do-not-disturb", flag(self.do_not_disturb)),
            ("auto-answer", flag(self.auto_answer)),
            ("follow-redirects", flag(self.follow_redirects)),
            ("ring-back", self.ring_back.name().to_owned()),
            ("ringtone", self.ringtone.name().to_owned()),
            ("ring-volume", self.ring_volume.to_string()),
            ("denoise", flag(self.denoise)),
            ("relay-only", flag(self.relay_only)),
            ("voicemail", self.voicemail.clone()),
        ]
    }

    /// Takes a choice. One that is out of its bounds changes nothing.
    pub fn choose(&mut self, choice: &Setting) {
        match *choice {
            Setting::MaxCalls(most) if (1..=Self::MOST_CALLS).contains(&most) => {
                self.max_calls = most;
            }
            Setting::RingVolume(volume) if volume <= 100 => self.ring_volume = volume,
            Setting::MaxCalls(_) | Setting::RingVolume(_) => {}
            Setting::DoNotDisturb(on) => self.do_not_disturb = on,
            Setting::AutoAnswer(on) => self.auto_answer = on,
            Setting::FollowRedirects(on) => self.follow_redirects = on,
            Setting::RingBack(custom) => self.ring_back = custom,
            Setting::Ringtone(ringtone) => self.ringtone = ringtone,
            Setting::Denoise(on) => self.denoise = on,
            Setting::RelayOnly(on) => self.relay_only = on,
            Setting::Voicemail(ref number) => number.trim().clone_into(&mut self.voicemail),
        }
    }
}

impl Setting {
    fn parse(key: &str, value: &str) -> Option<Self> {
        let flag = match value {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        Some(match key {
            "max-calls" => Self::MaxCalls(value.parse().ok()?),
            "do-not-disturb" => Self::DoNotDisturb(flag?),
            "auto-answer" => Self::AutoAnswer(flag?),
            "follow-redirects" => Self::FollowRedirects(flag?),
            "ring-back" => Self::RingBack(RingBack::parse(value)?),
            "ringtone" => Self::Ringtone(Ringtone::parse(value)?),
            "ring-volume" => Self::RingVolume(value.parse().ok()?),
            "denoise" => Self::Denoise(flag?),
            "relay-only" => Self::RelayOnly(flag?),
            "voicemail" => Self::Voicemail(value.to_owned()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_survives_being_written() {
        let chosen = Settings {
            max_calls: 4,
            do_not_disturb: true,
            auto_answer: true,
            follow_redirects: false,
            ring_back: RingBack::NorthAmerica,
            ringtone: Ringtone::Bell,
            ring_volume: 0,
            denoise: true,
            relay_only: true,
            voicemail: "*97=1".into(),
        };
        let proposed = Settings::default();
        assert_eq!(Settings::parse(&chosen.write(&proposed), &proposed), chosen);
        assert_eq!(Settings::parse(&proposed.write(&chosen), &chosen), proposed);
    }

    #[test]
    fn what_was_not_chosen_follows_what_the_page_proposes() {
        let proposed = Settings { max_calls: 3, ..Settings::default() };
        let chosen = Settings { do_not_disturb: true, ..proposed.clone() };
        let other = Settings { max_calls: 1, ..Settings::default() };
        let read = Settings::parse(&chosen.write(&proposed), &other);
        assert_eq!(read, Settings { do_not_disturb: true, ..other });
    }

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        for text in [
            "",
            "no line\n=\nmax-calls",
            "max-calls=0",
            "max-calls=5",
            "max-calls=many",
            "do-not-disturb=perhaps",
            "ring-back=martian",
            "ringtone=martian",
            "ring-volume=101",
            "ring-volume=-1",
            "a-key-of-another-version=yes",
        ] {
            let proposed = Settings { max_calls: 3, ..Settings::default() };
            assert_eq!(Settings::parse(text, &proposed), proposed, "{text}");
        }
        let mixed = Settings::parse("unknown=1\nauto-answer=yes\nring-back=", &Settings::default());
        assert_eq!(mixed, Settings { auto_answer: true, ..Settings::default() });
    }

    #[test]
    fn a_value_cannot_bring_a_line_of_its_own() {
        let chosen = Settings { voicemail: "*97\nauto-answer=yes".into(), ..Settings::default() };
        let proposed = Settings::default();
        assert!(!Settings::parse(&chosen.write(&proposed), &proposed).auto_answer);
    }
}
