//! What whoever hosts the page decides for it.
//!
//! It is said in `config.json` beside the page, or in its `<meta>` elements, which are the short form of
//! the same: `"maxCalls": 3` and `<meta name="webphone-max-calls" content="3">`. Where both say
//! something, the file counts. It is read once, into one [`Provision`]; what cannot be understood is a
//! [`Mistake`] each, and everything else counts all the same, as a slip of the pen must not silence a
//! telephone.

mod document;

pub use document::{Document, Given};

use crate::media::ice::Ice;
use crate::media::ring_back::RingBack;
use crate::phone::{RecordingPolicy, Settings};
use std::fmt;

/// What whoever hosts the page has decided.
#[derive(Debug, Default)]
pub struct Provision {
    /// The servers that the sign-in form proposes, as they are typed there.
    pub server: String,
    /// The settings that hold until the user chooses others.
    pub settings: Settings,
    /// Keys in a call go as INFO always, for servers that do not hear telephone events.
    pub keys_by_info: bool,
    /// What plays the voicemail where neither the user nor the server says it.
    pub voicemail: Option<String>,
    /// Our Via says WS over `wss:` too, for a server behind a proxy that ends TLS.
    pub plain_via: bool,
    /// The realms in which the server asks for the password, besides that of the registrar.
    pub realms: Vec<String>,
    /// The server has checked each number that it asserts.
    pub vouches: bool,
    /// The STUN and TURN servers, with a fixed login.
    pub ice: IceProvision,
    /// How calls may be recorded.
    pub recording: RecordingPolicy,
}

/// The STUN and TURN servers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct IceProvision {
    /// Their addresses, separated by spaces.
    pub servers: String,
    /// A login that everybody can read: user and password, separated by a space.
    pub login: String,
    /// Where a login is fetched, or nothing.
    pub credentials: String,
    /// `relay`, or nothing.
    pub policy: String,
}

impl IceProvision {
    /// As calls use them.
    pub fn ice(&self) -> Ice {
        Ice::new(&self.servers, &self.login, !self.credentials.is_empty(), &self.policy)
    }
}

/// Something in the configuration that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The file is no JSON, in the words of whoever read it.
    NotJson(String),
    /// There is no such setting.
    Unknown(String),
    /// This setting is to be something else, which is said in words.
    Wrong(&'static str, &'static str),
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => {
                write!(formatter, "config.json cannot be read, what it said last counts: {why}")
            }
            Self::Unknown(name) => write!(formatter, "there is no setting named \"{name}\""),
            Self::Wrong(name, wanted) => {
                write!(formatter, "\"{name}\" is passed over, as it must be {wanted}")
            }
        }
    }
}

/// The settings that there are, with the names of their `<meta>` elements.
const NAMES: [(&str, &str); 13] = [
    ("server", "webphone-server"),
    ("maxCalls", "webphone-max-calls"),
    ("keys", "webphone-keys"),
    ("ringBack", "webphone-ring-back"),
    ("voicemail", "webphone-voicemail"),
    ("via", "webphone-via"),
    ("realms", "webphone-realms"),
    ("vouches", "webphone-vouches"),
    ("ice", "webphone-ice"),
    ("turnCredentials", "webphone-turn-credentials"),
    ("turnLogin", "webphone-turn-login"),
    ("icePolicy", "webphone-ice-policy"),
    ("recording", "webphone-recording"),
];

impl Provision {
    /// Reads `config.json`, where there is one, and what `meta` finds in the page. `last` gives the one
    /// that was read before, which counts where this one is no JSON. Returns with it what could not be
    /// understood.
    pub fn read(
        document: Result<Document, String>,
        last: impl FnOnce() -> Option<Document>,
        meta: impl Fn(&str) -> Option<String>,
    ) -> (Self, Vec<Mistake>) {
        let mut mistakes = Vec::new();
        let document = document.unwrap_or_else(|why| {
            mistakes.push(Mistake::NotJson(why));
            last().unwrap_or_default()
        });
        let is_unknown = |name: &&String| NAMES.iter().all(|(known, _)| known != *name);
        let unknown = document.0.iter().map(|(name, _)| name).filter(is_unknown);
        mistakes.extend(unknown.cloned().map(Mistake::Unknown));
        let mut provision = Self::default();
        for (name, element) in NAMES {
            let given = [document.get(name).cloned(), meta(element).map(Given::Text)];
            // What is empty says nothing.
            for given in given.into_iter().flatten().filter(|given| !given.is_empty()) {
                match provision.take(name, &given) {
                    Ok(()) => break,
                    Err(wanted) => mistakes.push(Mistake::Wrong(name, wanted)),
                }
            }
        }
        (provision, mistakes)
    }

    /// Takes one setting in.
    ///
    /// # Errors
    /// What it must be.
    fn take(&mut self, name: &str, given: &Given) -> Result<(), &'static str> {
        const TEXT: &str = "a text";
        const LIST: &str = "a text, or a list of texts";
        match name {
            "server" => self.server = given.list(" ").ok_or(LIST)?,
            "maxCalls" => {
                let most = given.number().ok_or("a number from 1 to 4")? as usize;
                self.settings.max_calls = most.clamp(1, Settings::MOST_CALLS);
            }
            "keys" => {
                self.keys_by_info =
                    given.one_of(&["events", "info"]).ok_or("\"info\", or \"events\"")? == 1
            }
            "ringBack" => {
                let known = given.text().and_then(RingBack::parse);
                self.settings.ring_back = known.ok_or(
                    "\"international\", \"north-america\", \"britain\", \"spain\" or \"france\"",
                )?;
            }
            "voicemail" => self.voicemail = Some(given.text().ok_or(TEXT)?.to_owned()),
            "via" => {
                self.plain_via = given.one_of(&["wss", "ws"]).ok_or("\"ws\", or \"wss\"")? == 1
            }
            "realms" => {
                let named = given.list(",").ok_or(LIST)?;
                let realms = named.split(',').map(str::trim).filter(|realm| !realm.is_empty());
                self.realms = realms.map(str::to_owned).collect();
            }
            "vouches" => self.vouches = given.flag().ok_or("true or false")?,
            "ice" => self.ice.servers = given.list(" ").ok_or(LIST)?,
            "turnCredentials" => given.text().ok_or(TEXT)?.clone_into(&mut self.ice.credentials),
            "turnLogin" => given.text().ok_or(TEXT)?.clone_into(&mut self.ice.login),
            "icePolicy" => {
                let relay = given.one_of(&["all", "relay"]).ok_or("\"relay\", or \"all\"")?;
                self.ice.policy = if relay == 1 { "relay".to_owned() } else { String::new() };
            }
            "recording" => {
                let off = || (given.flag() == Some(false)).then(|| "off".to_owned());
                let said = given.list(" ").or_else(off).unwrap_or_default();
                let mut words = said.split_ascii_whitespace();
                if said.is_empty() || !words.all(|word| ["ask", "beep", "off"].contains(&word)) {
                    return Err("\"off\", or which of \"ask\" and \"beep\" there shall be");
                }
                self.recording = RecordingPolicy::parse(&said);
            }
            _ => return Err("one of those that are read"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> (Provision, Vec<Mistake>) {
        let document = serde_json::from_str(json).map_err(|error| error.to_string());
        let meta = |name: &str| (name == "webphone-max-calls").then(|| "3".to_owned());
        Provision::read(document, || None, meta)
    }

    #[test]
    fn a_page_that_says_nothing_has_what_most_want() {
        let (provision, mistakes) = Provision::read(Ok(Document::default()), || None, |_| None);
        assert_eq!(mistakes, []);
        assert_eq!(provision.settings, Settings::default());
        assert_eq!(provision.recording, RecordingPolicy::default());
        assert!(provision.server.is_empty() && !provision.plain_via && !provision.vouches);
    }

    #[test]
    fn the_file_says_all_that_the_elements_can() {
        let (provision, mistakes) = read(
            r#"{
                "server": ["wss://a.example.com;priority=1", "wss://b.example.com;priority=2"],
                "maxCalls": 4, "keys": "info", "ringBack": "spain", "voicemail": "*98", "via": "ws",
                "realms": ["sip.example.com", "pbx"], "vouches": true,
                "ice": ["stun:s.example.com", "turn:t.example.com"], "turnCredentials": "/turn",
                "turnLogin": "user secret", "icePolicy": "relay", "recording": "beep"
            }"#,
        );
        assert_eq!(mistakes, []);
        assert_eq!(
            provision.server,
            "wss://a.example.com;priority=1 wss://b.example.com;priority=2"
        );
        assert_eq!(provision.settings.max_calls, 4, "the file counts before the element");
        assert_eq!(provision.settings.ring_back, RingBack::Spain);
        assert_eq!(provision.voicemail.as_deref(), Some("*98"));
        assert!(provision.keys_by_info && provision.plain_via && provision.vouches);
        assert_eq!(provision.realms, ["sip.example.com", "pbx"]);
        assert!(!provision.recording.asks && provision.recording.beeps);
        let expected = IceProvision {
            servers: "stun:s.example.com turn:t.example.com".into(),
            login: "user secret".into(),
            credentials: "/turn".into(),
            policy: "relay".into(),
        };
        assert_eq!(provision.ice, expected);
    }

    #[test]
    fn the_elements_say_it_in_words() {
        let metas = [
            ("webphone-realms", "a.example.com, b"),
            ("webphone-vouches", "yes"),
            ("webphone-via", "ws"),
            ("webphone-keys", "info"),
            ("webphone-max-calls", " 1 "),
            ("webphone-ice-policy", "relay"),
            ("webphone-server", ""),
        ];
        let meta = |name: &str| {
            metas.iter().find(|(known, _)| *known == name).map(|(_, content)| (*content).to_owned())
        };
        let (provision, mistakes) = Provision::read(Ok(Document::default()), || None, meta);
        assert_eq!(mistakes, []);
        assert_eq!(provision.realms, ["a.example.com", "b"]);
        assert!(provision.vouches && provision.plain_via && provision.keys_by_info);
        assert_eq!(provision.settings.max_calls, 1);
        assert_eq!(provision.ice.policy, "relay");
    }

    #[test]
    fn what_is_wrong_is_said_and_costs_nothing_else() {
        let (provision, mistakes) = read(
            r#"{ "maxCals": 4, "maxCalls": "many", "vouches": "perhaps", "server": {}, "voicemail": 97,
                 "recording": "loud", "ringBack": "mars", "keys": 1, "realms": "pbx" }"#,
        );
        let said: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
        assert_eq!(
            said,
            [
                "there is no setting named \"maxCals\"",
                "\"server\" is passed over, as it must be a text, or a list of texts",
                "\"maxCalls\" is passed over, as it must be a number from 1 to 4",
                "\"keys\" is passed over, as it must be \"info\", or \"events\"",
                "\"ringBack\" is passed over, as it must be \"international\", \"north-america\", \
                 \"britain\", \"spain\" or \"france\"",
                "\"voicemail\" is passed over, as it must be a text",
                "\"vouches\" is passed over, as it must be true or false",
                "\"recording\" is passed over, as it must be \"off\", or which of \"ask\" and \
                 \"beep\" there shall be",
            ]
        );
        assert_eq!(provision.realms, ["pbx"]);
        assert_eq!(provision.settings.max_calls, 3, "the element counts where the file is wrong");
        assert_eq!(provision.recording, RecordingPolicy::default(), "nobody is recorded unawares");
    }

    #[test]
    fn what_is_empty_says_nothing() {
        for nothing in ["null", "\"\"", "[]"] {
            let (provision, mistakes) = read(&["{ \"maxCalls\": ", nothing, " }"].concat());
            assert_eq!((provision.settings.max_calls, mistakes.len()), (3, 0), "{nothing}");
        }
    }

    #[test]
    fn nobody_is_recorded_where_that_is_off_or_half_understood() {
        for (said, offered, beeps) in
            [("false", false, true), ("\"off\"", false, true), ("\"ask beeep\"", true, true)]
        {
            let (provision, _) = read(&["{ \"recording\": ", said, " }"].concat());
            assert_eq!(
                (provision.recording.offered, provision.recording.beeps),
                (offered, beeps),
                "{said}"
            );
        }
    }

    #[test]
    fn what_the_file_said_last_counts_where_it_is_no_json_now() {
        let last = || serde_json::from_str(r#"{ "icePolicy": "relay" }"#).ok();
        let (provision, mistakes) = Provision::read(Err("torn".into()), last, |_| None);
        assert_eq!(mistakes, [Mistake::NotJson("torn".into())]);
        assert_eq!(provision.ice.policy, "relay");
    }

    #[test]
    fn a_file_that_is_no_json_is_passed_over_as_a_whole() {
        for json in ["", "[]", "3", "{\"maxCalls\": 4", "{\"maxCalls\": 4,}"] {
            let (provision, mistakes) = read(json);
            assert!(matches!(mistakes[..], [Mistake::NotJson(_)]), "{json}: {mistakes:?}");
            assert_eq!(provision.settings.max_calls, 3, "{json}");
        }
    }
}
