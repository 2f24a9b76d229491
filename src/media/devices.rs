//! The microphones, speakers and cameras of this browser: what the user has chosen, what is there,
//! which of them is used, and what follows when one comes or goes.
//!
//! The choice is the browser's and not an account's, as the devices are. It is written down as a
//! line for each choice: `microphone=ID<tab>LABEL`. Browsers change the ids of devices (with the
//! data of the site, or in a private window), so that a device is found by its label where its id
//! is unknown.

/// What a device is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What hears the user.
    Microphone,
    /// Where calls are heard.
    Speaker,
    /// Where it rings for incoming calls.
    Ringer,
    /// What sees the user.
    Camera,
}

/// Why there is no picture of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFailure {
    /// The user, the system or the page's policy does not allow it.
    Refused,
    /// There is no camera.
    NotFound,
    /// Another program holds the camera.
    InUse,
    /// The browser does not say why in terms we know.
    Broken,
    /// The page did not come over HTTPS, so that the browser gives it no camera.
    PageNotSecure,
    /// The camera was unplugged, or taken away by the system.
    Gone,
}

/// What the browser lists a device as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `audioinput`.
    SoundIn,
    /// `audiooutput`.
    SoundOut,
    /// `videoinput`.
    Picture,
}

/// A device, as the browser names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The browser's name for it; empty before the user has given permission.
    pub id: String,
    /// What people call it; empty before the user has given permission.
    pub label: String,
}

/// How the browser treats the sound of the microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Treatment {
    /// What comes out of the speaker is taken out of it.
    pub echo: bool,
    /// Steady noise is taken out of it.
    pub noise: bool,
    /// It is made as loud as speech should be.
    pub gain: bool,
}

impl Default for Treatment {
    fn default() -> Self {
        Self { echo: true, noise: true, gain: true }
    }
}

/// What follows from a new list of devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The chosen device of this kind was unplugged: the system's own is used in its place.
    Gone(Kind, Device),
    /// The chosen device of this kind is there again, and is used.
    Back(Kind, Device),
    /// The system has another microphone of its own now, which is the one that is used.
    Default,
}

/// The devices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Devices {
    chosen: [Option<Device>; 4],
    present: Vec<(Class, Device)>,
    /// The browser has been asked what there is.
    listed: bool,
    /// What stands behind the system's own microphone, where the browser tells.
    default_microphone: String,
    /// How the sound of the microphone is treated.
    pub treatment: Treatment,
}

/// The browser's names for the system's own devices, which it lists besides the devices themselves.
const DEFAULT: &str = "default";
const COMMUNICATIONS: &str = "communications";

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Microphone, Self::Speaker, Self::Ringer, Self::Camera];

    /// The name by which the choice is kept.
    fn name(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Speaker => "speaker",
            Self::Ringer => "ringer",
            Self::Camera => "camera",
        }
    }

    /// Among which devices it is chosen.
    pub fn class(self) -> Class {
        match self {
            Self::Microphone => Class::SoundIn,
            Self::Speaker | Self::Ringer => Class::SoundOut,
            Self::Camera => Class::Picture,
        }
    }
}

impl Devices {
    /// Reads what [`Self::write`] wrote. What cannot be read changes nothing.
    pub fn parse(text: &str) -> Self {
        let mut devices = Self::default();
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let flag = value == "yes";
            match key {
                "echo" => devices.treatment.echo = flag,
                "noise" => devices.treatment.noise = flag,
                "gain" => devices.treatment.gain = flag,
                _ => {
                    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == key);
                    let (id, label) = value.split_once('\t').unwrap_or((value, ""));
                    if let Some(kind) = kind.filter(|_| !id.is_empty()) {
                        devices.choose(kind, Some(Device { id: id.into(), label: label.into() }));
                    }
                }
            }
        }
        devices
    }

    /// The choices, as text.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for kind in Kind::ALL {
            if let Some(device) = self.chosen(kind) {
                // A value ends with its line.
                let label = device.label.replace(char::is_control, " ");
                text.extend([kind.name(), "=", &device.id, "\t", &label, "\n"]);
            }
        }
        let Treatment { echo, noise, gain } = self.treatment;
        for (key, on) in [("echo", echo), ("noise", noise), ("gain", gain)] {
            text.extend([key, if on { "=yes\n" } else { "=no\n" }]);
        }
        text
    }

    /// The user chooses a device of this kind, or the system's own.
    pub fn choose(&mut self, kind: Kind, device: Option<Device>) {
        self.chosen[kind as usize] = device;
    }

    /// What the user has chosen; nothing is the system's own.
    pub fn chosen(&self, kind: Kind) -> Option<&Device> {
        self.chosen[kind as usize].as_ref()
    }

    /// The devices of this kind that are there, in the browser's order.
    pub fn present(&self, kind: Kind) -> impl Iterator<Item = &Device> {
        let of_kind = move |(class, _): &&(Class, Device)| *class == kind.class();
        self.present.iter().filter(of_kind).map(|(_, device)| device)
    }

    /// Whether the browser says which devices of this kind there are: it does so once the user has
    /// given permission.
    pub fn is_known(&self, kind: Kind) -> bool {
        self.listed && self.present(kind).all(|device| !device.label.is_empty())
    }

    /// The device that is to be used: the chosen one where it is there, as far as that is known.
    /// Nothing is the system's own.
    pub fn used(&self, kind: Kind) -> Option<&Device> {
        let chosen = self.chosen(kind)?;
        if !self.is_known(kind) {
            return Some(chosen);
        }
        let by_id = self.present(kind).find(|device| device.id == chosen.id);
        by_id.or_else(|| self.present(kind).find(|device| device.label == chosen.label))
    }

    /// Whether a device is chosen that is not there.
    pub fn is_missing(&self, kind: Kind) -> bool {
        self.chosen(kind).is_some() && self.used(kind).is_none()
    }

    /// Takes in what the browser lists now, and returns what follows. A chosen device with another
    /// id is kept under that one.
    pub fn follow(&mut self, listed: Vec<(Class, Device)>) -> Vec<Change> {
        let before = self.clone();
        let default =
            listed.iter().find(|(class, device)| *class == Class::SoundIn && device.id == DEFAULT);
        self.default_microphone =
            default.map(|(_, device)| device.label.clone()).unwrap_or_default();
        self.listed = true;
        self.present = listed;
        self.present.retain(|(_, device)| device.id != DEFAULT && device.id != COMMUNICATIONS);
        let mut changes = Vec::new();
        for kind in Kind::ALL {
            let used = self.used(kind).cloned();
            if before.is_known(kind) && self.chosen(kind).is_some() {
                match (before.used(kind), &used) {
                    (Some(gone), None) => changes.push(Change::Gone(kind, gone.clone())),
                    (None, Some(back)) => changes.push(Change::Back(kind, back.clone())),
                    _ => {}
                }
            }
            if used.is_some() {
                self.choose(kind, used);
            }
        }
        let [was, is] = [&before.default_microphone, &self.default_microphone];
        let is_other = !was.is_empty() && !is.is_empty() && was != is;
        if is_other && self.used(Kind::Microphone).is_none() {
            changes.push(Change::Default);
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, label: &str) -> Device {
        Device { id: id.into(), label: label.into() }
    }

    fn microphones(list: &[(&str, &str)]) -> Vec<(Class, Device)> {
        list.iter().map(|(id, label)| (Class::SoundIn, device(id, label))).collect()
    }

    fn speakers(list: &[(&str, &str)]) -> Vec<(Class, Device)> {
        list.iter().map(|(id, label)| (Class::SoundOut, device(id, label))).collect()
    }

    fn used(devices: &Devices, kind: Kind) -> Option<&str> {
        devices.used(kind).map(|device| device.id.as_str())
    }

    /// A telephone whose user has chosen the headset, of two microphones.
    fn with_headset() -> Devices {
        let mut devices = Devices::default();
        devices.choose(Kind::Microphone, Some(device("h", "Headset")));
        devices.follow(microphones(&[("b", "Built-in"), ("h", "Headset")]));
        devices
    }

    #[test]
    fn choices_survive_being_written() {
        let mut devices = Devices::default();
        for kind in Kind::ALL {
            devices.choose(kind, Some(device("id=1", "A = label")));
        }
        devices.treatment = Treatment { echo: false, noise: true, gain: false };
        assert_eq!(Devices::parse(&devices.write()), devices);
        assert_eq!(Devices::parse(&Devices::default().write()), Devices::default());
    }

    #[test]
    fn a_label_cannot_break_its_line() {
        let mut devices = Devices::default();
        devices.choose(Kind::Speaker, Some(device("s", "A\nringer=x\ty")));
        let read = Devices::parse(&devices.write());
        assert_eq!(read.chosen(Kind::Ringer), None);
        assert_eq!(read.chosen(Kind::Speaker), Some(&device("s", "A ringer=x y")));
    }

    #[test]
    fn what_cannot_be_read_chooses_nothing() {
        assert_eq!(Devices::parse("microphone=\nhorn=x\ty\nspeaker"), Devices::default());
    }

    #[test]
    fn without_a_choice_the_systems_own_is_used() {
        let mut devices = Devices::default();
        assert_eq!(devices.follow(microphones(&[("b", "Built-in")])), []);
        assert_eq!(devices.used(Kind::Microphone), None);
        assert!(!devices.is_missing(Kind::Microphone));
    }

    #[test]
    fn the_choice_is_tried_before_the_browser_says_what_there_is() {
        let mut devices = Devices::default();
        devices.choose(Kind::Microphone, Some(device("h", "Headset")));
        assert_eq!(devices.follow(microphones(&[("", "")])), []);
        assert_eq!(used(&devices, Kind::Microphone), Some("h"));
        assert!(!devices.is_known(Kind::Microphone));
        assert_eq!(
            devices.follow(microphones(&[("b", "Built-in")])),
            [],
            "it was not there before"
        );
        assert!(devices.is_missing(Kind::Microphone));
    }

    #[test]
    fn an_unplugged_device_gives_its_place_to_the_systems_own_until_it_is_back() {
        let mut devices = with_headset();
        let gone = devices.follow(microphones(&[("b", "Built-in")]));
        assert_eq!(gone, [Change::Gone(Kind::Microphone, device("h", "Headset"))]);
        assert_eq!(used(&devices, Kind::Microphone), None);
        assert!(devices.is_missing(Kind::Microphone));
        assert_eq!(devices.follow(microphones(&[("b", "Built-in")])), [], "it is told once");
        let back = devices.follow(microphones(&[("b", "Built-in"), ("h", "Headset")]));
        assert_eq!(back, [Change::Back(Kind::Microphone, device("h", "Headset"))]);
        assert_eq!(used(&devices, Kind::Microphone), Some("h"));
    }

    #[test]
    fn a_device_whose_id_has_changed_is_found_by_its_label() {
        let mut devices = with_headset();
        assert_eq!(devices.follow(microphones(&[("b2", "Built-in"), ("h2", "Headset")])), []);
        assert_eq!(used(&devices, Kind::Microphone), Some("h2"));
        assert!(devices.write().contains("microphone=h2\tHeadset\n"), "{}", devices.write());
    }

    #[test]
    fn two_devices_of_one_label_are_told_apart_by_their_ids() {
        let mut devices = Devices::default();
        devices.choose(Kind::Microphone, Some(device("2", "USB")));
        devices.follow(microphones(&[("1", "USB"), ("2", "USB")]));
        assert_eq!(used(&devices, Kind::Microphone), Some("2"));
    }

    #[test]
    fn speaker_and_ringer_are_chosen_apart_among_the_same_devices() {
        let mut devices = Devices::default();
        devices.choose(Kind::Speaker, Some(device("h", "Headset")));
        devices.choose(Kind::Ringer, Some(device("s", "Desk")));
        devices.follow(speakers(&[("default", "Default"), ("h", "Headset"), ("s", "Desk")]));
        assert_eq!(used(&devices, Kind::Speaker), Some("h"));
        assert_eq!(used(&devices, Kind::Ringer), Some("s"));
        assert_eq!(devices.present(Kind::Ringer).count(), 2, "the default is no device");
        let gone = devices.follow(speakers(&[("s", "Desk")]));
        assert_eq!(gone, [Change::Gone(Kind::Speaker, device("h", "Headset"))]);
    }

    #[test]
    fn a_microphone_that_only_the_system_chooses_is_followed() {
        let list = |behind| microphones(&[("default", behind), ("a", "A"), ("b", "B")]);
        let mut devices = Devices::default();
        devices.follow(microphones(&[("", "")]));
        assert_eq!(devices.follow(list("Default - A")), [], "it is learnt only now");
        assert_eq!(devices.follow(list("Default - A")), []);
        assert_eq!(devices.follow(list("Default - B")), [Change::Default]);
        assert_eq!(devices.follow(list("")), [], "the permission was taken back");
        devices.follow(list("Default - B"));
        devices.choose(Kind::Microphone, Some(device("a", "A")));
        assert_eq!(devices.follow(list("Default - A")), [], "the user's choice is used");
    }

    #[test]
    fn the_last_device_may_go() {
        let mut devices = with_headset();
        let gone = devices.follow(Vec::new());
        assert_eq!(gone, [Change::Gone(Kind::Microphone, device("h", "Headset"))]);
    }
}
