//! Whether a description keeps the sound secret: DTLS-SRTP, and nothing else (RFC 5763, RFC 8827
//! §6.5). Keys in the description itself (SDES, RFC 4568) would be known to every server that it
//! passes.

/// The profiles of DTLS-SRTP (RFC 5764 §8, RFC 7850 §3).
const PROFILES: [&str; 4] =
    ["UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVP"];

/// Those that mean it where there is a fingerprint (RFC 8829 §5.1.2), and SDES where there are keys.
const SHORT_PROFILES: [&str; 2] = ["RTP/SAVPF", "RTP/SAVP"];

/// No call of people has more streams, each of which a browser would have work with.
pub(super) const MOST_STREAMS: usize = 16;

/// The hash functions by which a certificate may be named, with their lengths in bytes. SHA-1 and
/// MD5 can be forged.
const HASHES: [(&str, usize); 3] = [("sha-256", 32), ("sha-384", 48), ("sha-512", 64)];

/// The certificate that the sender of a description will prove to hold (RFC 8122 §5): its hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint {
    /// The hash function, as `sha-256`.
    pub hash: &'static str,
    /// The hash.
    pub bytes: Vec<u8>,
}

impl Fingerprint {
    /// Reads `sha-256 AB:CD:…`. `None` for what is malformed, and for weak hash functions.
    fn parse(value: &str) -> Option<Self> {
        let (hash, digits) = value.trim().split_once(' ')?;
        let (hash, length) =
            HASHES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(hash))?;
        let byte = |pair: &str| {
            let is_byte = pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            is_byte.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
        };
        let bytes: Vec<u8> = digits.trim().split(':').map(byte).collect::<Option<_>>()?;
        (bytes.len() == length).then_some(Self { hash, bytes })
    }
}

/// The audio of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audio {
    /// There is none, or it is turned down.
    None,
    /// There is some, and nothing that a browser could encrypt: plain RTP, SDES, DTLS without a
    /// strong fingerprint, or without saying who begins (RFC 8842 §5.1 demands `a=setup`; all
    /// servers that we know say it).
    Open,
    /// There is some that is encrypted by DTLS-SRTP, under this certificate.
    Secure(Fingerprint),
}

/// What is said once for all media, or of one of them.
#[derive(Clone, Default)]
struct Section {
    audio: bool,
    profile: bool,
    short_profile: bool,
    keys: bool,
    fingerprint: Option<Fingerprint>,
    /// Fingerprints of its own take the place of those of the session.
    own_fingerprint: bool,
    setup: bool,
}

impl Section {
    fn read(&mut self, line: &str) {
        if let Some(value) = line.strip_prefix("a=fingerprint:") {
            if !self.own_fingerprint {
                self.fingerprint = None;
                self.own_fingerprint = true;
            }
            if self.fingerprint.is_none() {
                self.fingerprint = Fingerprint::parse(value);
            }
        } else if let Some(role) = line.strip_prefix("a=setup:") {
            self.setup = matches!(role.trim(), "actpass" | "active" | "passive");
        } else {
            self.keys |= line.starts_with("a=crypto:");
        }
    }

    /// The section that an `m=` line begins.
    fn of_media(&self, media: &str) -> Self {
        let mut fields = media.split(' ');
        let is_audio = fields.next() == Some("audio");
        let is_on = fields.next().is_some_and(|port| port != "0");
        let named = fields.next().unwrap_or_default();
        let (profile, short_profile) = (PROFILES.contains(&named), SHORT_PROFILES.contains(&named));
        let audio = is_audio && is_on;
        Self { audio, profile, short_profile, own_fingerprint: false, ..self.clone() }
    }

    fn is_dtls(&self) -> bool {
        self.setup && (self.profile || self.short_profile && !self.keys)
    }
}

/// What a description says of its audio. One stream that is secure is enough: the others are
/// turned down.
pub fn audio(sdp: &str) -> Audio {
    secure_audio(sdp).map_or_else(|audio| audio, |(_, fingerprint)| Audio::Secure(fingerprint))
}

/// The place of the first audio stream that is secure, among all streams.
pub(super) fn place_of_audio(sdp: &str) -> Option<usize> {
    secure_audio(sdp).ok().map(|(place, _)| place)
}

fn secure_audio(sdp: &str) -> Result<(usize, Fingerprint), Audio> {
    let mut session = Section::default();
    let mut media: Vec<Section> = Vec::new();
    for line in sdp.lines().map(str::trim_end) {
        match line.strip_prefix("m=") {
            Some(_) if media.len() == MOST_STREAMS => return Err(Audio::None),
            Some(line) => media.push(session.of_media(line)),
            None => media.last_mut().unwrap_or(&mut session).read(line),
        }
    }
    let mut audio = Audio::None;
    for (place, section) in media.into_iter().enumerate().filter(|(_, section)| section.audio) {
        let is_dtls = section.is_dtls();
        match section.fingerprint.filter(|_| is_dtls) {
            Some(fingerprint) => return Ok((place, fingerprint)),
            None => audio = Audio::Open,
        }
    }
    Err(audio)
}

/// The certificate of a description's audio.
pub fn fingerprint(sdp: &str) -> Option<Fingerprint> {
    match audio(sdp) {
        Audio::Secure(fingerprint) => Some(fingerprint),
        Audio::None | Audio::Open => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha(hash: &str, length: usize) -> String {
        let bytes: Vec<_> = (0..length).map(|byte| format!("{byte:02X}")).collect();
        format!("a=fingerprint:{hash} {}\r\n", bytes.join(":"))
    }

    fn sdp(session: &str, profile: &str, media: &str) -> String {
        format!("v=0\r\n{session}m=audio 9 {profile} 111\r\n{media}")
    }

    const PROFILE: &str = "UDP/TLS/RTP/SAVPF";
    const SETUP: &str = "a=setup:actpass\r\n";

    #[test]
    fn dtls_with_a_strong_fingerprint_is_secure_wherever_it_is_said() {
        let sha256 = sha("sha-256", 32);
        for profile in [&PROFILES[..], &SHORT_PROFILES].concat() {
            let said = [&sha256, SETUP].concat();
            assert!(fingerprint(&sdp("", profile, &said)).is_some(), "{profile}");
            assert!(fingerprint(&sdp(&said, profile, "")).is_some(), "{profile}");
            assert!(fingerprint(&sdp(&sha256, profile, SETUP)).is_some(), "{profile}");
        }
        for (hash, length) in HASHES {
            let said = [&sha(hash, length), SETUP].concat();
            let found = fingerprint(&sdp("", PROFILE, &said)).expect("a fingerprint");
            assert_eq!((found.hash, found.bytes[..3].to_vec()), (hash, vec![0, 1, 2]));
        }
        let small = [&sha256.replace("sha-256", "SHA-256").to_lowercase(), SETUP].concat();
        assert!(fingerprint(&sdp("", PROFILE, &small)).is_some());
        let both = [&sha("sha-1", 20), &sha256, SETUP].concat();
        assert_eq!(fingerprint(&sdp("", PROFILE, &both)).map(|found| found.hash), Some("sha-256"));
    }

    #[test]
    fn plain_rtp_sdes_and_weak_fingerprints_are_not() {
        let strong = [&sha("sha-256", 32), SETUP].concat();
        for profile in ["RTP/AVP", "RTP/AVPF", "RTP/SAV", "UDP/TLS/RTP", ""] {
            assert_eq!(audio(&sdp(&strong, profile, "")), Audio::Open, "{profile}");
        }
        for weak in [
            SETUP.to_owned(),
            [&sha("sha-1", 20), SETUP].concat(),
            [&sha("md5", 16), SETUP].concat(),
            [&sha("sha-256", 31), SETUP].concat(),
            [&sha("sha-256", 32).replace("00:", "0G:"), SETUP].concat(),
            [&sha("sha-256", 32).replace("00:", "+0:"), SETUP].concat(),
            ["a=fingerprint:sha-256\r\n", SETUP].concat(),
            ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", SETUP].concat(),
        ] {
            for profile in [&PROFILES[..], &SHORT_PROFILES].concat() {
                assert_eq!(audio(&sdp("", profile, &weak)), Audio::Open, "{profile} {weak}");
            }
        }
        for profile in SHORT_PROFILES {
            let both = [&strong, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"].concat();
            assert_eq!(audio(&sdp("", profile, &both)), Audio::Open, "{profile}");
        }
        // What is said of the stream itself counts.
        let weak = [&sha("sha-1", 20), SETUP].concat();
        assert_eq!(audio(&sdp(&strong, PROFILE, &weak)), Audio::Open);
    }

    #[test]
    fn who_begins_must_be_said() {
        let with = |setup: &str| audio(&sdp(&sha("sha-256", 32), PROFILE, setup));
        for role in ["active", "passive", "actpass"] {
            assert!(matches!(with(&format!("a=setup:{role}\r\n")), Audio::Secure(_)), "{role}");
        }
        assert_eq!(with("a=setup:holdconn\r\n"), Audio::Open);
        assert_eq!(with(""), Audio::Open);
    }

    #[test]
    fn audio_that_is_turned_down_is_none() {
        let strong = [&sha("sha-256", 32), SETUP].concat();
        assert_eq!(audio(&sdp(&strong, PROFILE, "").replace("audio 9", "audio 0")), Audio::None);
        assert_eq!(audio(&sdp(&strong, PROFILE, "").replace("audio", "video")), Audio::None);
        assert_eq!(audio(""), Audio::None);
        let beside =
            [&strong, "m=audio 4000 RTP/AVP 0\r\nm=audio 9 ", PROFILE, " 111\r\n"].concat();
        assert!(matches!(audio(&beside), Audio::Secure(_)), "one of two is enough");
    }
}
