//! What a browser measures of a call, as plain numbers. What a browser does not measure is `None`.

/// How far the way to the other end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// ICE looks for a way, or has found none.
    #[default]
    Down,
    /// There is a way, and no encryption on it yet.
    Unsecured,
    /// Sound can flow.
    Up,
}

/// One look at a connection. Packets, bytes and energies count from its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// How far the way has come.
    pub link: Link,
    /// The sound that arrives.
    pub inbound: Option<Inbound>,
    /// The sound that leaves.
    pub outbound: Option<Flow>,
    /// What the other end has reported last of the sound that leaves (RTCP).
    pub report: Option<Report>,
    /// Our microphone, where the connection has one.
    pub microphone: Option<Microphone>,
    /// The time to the other end of the way and back by ICE, in milliseconds.
    pub round_trip: Option<u32>,
    /// The codec of the sound that arrives.
    pub codec: Option<Codec>,
    /// The way.
    pub route: Option<Route>,
    /// The picture that arrives.
    pub video: Option<Video>,
}

/// Packets with sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// How many.
    pub packets: u64,
    /// Their payload.
    pub bytes: u64,
}

/// Sound that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inbound {
    /// What came.
    pub flow: Flow,
    /// Packets that did not come.
    pub lost: u64,
    /// The jitter (RFC 3550 §6.4.1), in milliseconds.
    pub jitter: u32,
    /// The energy of what is played.
    pub energy: Option<Energy>,
}

/// Squared level, of which 1 is the most, times seconds, in units of 10^-12.
pub type Energy = u64;

/// What the other end says of the sound that it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// The share of packets that were lost between its last two reports, in thousandths.
    pub lost: Option<u32>,
    /// The time there and back, in milliseconds.
    pub round_trip: Option<u32>,
}

/// Our microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Microphone {
    /// It works, as far as the browser and the system say.
    pub live: bool,
    /// The energy of what it hears.
    pub energy: Option<Energy>,
}

/// A codec.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codec {
    /// Its name, as `opus`.
    pub name: String,
    /// Its clock rate in hertz.
    pub clock_rate: u32,
}

/// The way that the media take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// Through a TURN server, at our end or the other.
    pub relayed: bool,
    /// Our end's packets travel by TCP.
    pub tcp: bool,
}

/// A picture that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Video {
    /// Its width and height in pixels.
    pub size: (u32, u32),
    /// Frames a second.
    pub rate: u32,
}
