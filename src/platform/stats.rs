//! What the browser measures of a connection (W3C: Identifiers for WebRTC's Statistics API).
//!
//! Browsers do not all measure the same: Firefox measures no microphone, and long had no statistics of
//! the transport. A meter of our own, and the state of the connection, stand in for these.

use std::cell::RefCell;

use js_sys::{Array, Map, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStreamTrack, RtcPeerConnection};

use super::Level;
use crate::media::quality::sample::{
    Codec, Energy, Flow, Inbound, Link, Microphone, Report, Route, Sample, Video,
};

/// Looks at a connection whose microphone is this. `None` if the browser tells nothing of it, as it
/// is closed perhaps.
pub(super) async fn sample(
    connection: &RtcPeerConnection,
    microphone: Option<&MediaStreamTrack>,
) -> Option<Sample> {
    let report: Map = JsFuture::from(connection.get_stats()).await.ok()?.unchecked_into();
    let stats = Stats(Array::from(&report.values()).to_vec());
    let inbound = stats.inbound("audio");
    let heard = stats.of("remote-inbound-rtp", "audio");
    let (route, round_trip) = stats.route();
    Some(Sample {
        link: stats.link(connection),
        inbound: inbound.map(|inbound| Inbound {
            flow: flow(inbound, "packetsReceived", "bytesReceived"),
            // Packets that came twice make it negative.
            lost: number(inbound, "packetsLost").unwrap_or(0.0) as u64,
            jitter: milliseconds(inbound, "jitter").unwrap_or(0),
            energy: energy(inbound),
        }),
        outbound: stats
            .of("outbound-rtp", "audio")
            .map(|outbound| flow(outbound, "packetsSent", "bytesSent")),
        report: heard.map(|heard| Report {
            lost: number(heard, "fractionLost").map(|lost| (lost * 1000.0).round() as u32),
            round_trip: milliseconds(heard, "roundTripTime"),
        }),
        microphone: microphone.map(|track| Microphone {
            live: text(track, "readyState").as_deref() == Some("live") && !track.muted(),
            energy: stats.of("media-source", "audio").and_then(energy),
        }),
        round_trip,
        codec: inbound.and_then(|inbound| stats.codec(inbound)),
        route,
        video: stats.inbound("video").and_then(|video| {
            let number = |name| number(video, name).map(|value| value.round() as u32);
            Some(Video {
                size: (number("frameWidth")?, number("frameHeight")?),
                rate: number("framesPerSecond").unwrap_or(0),
            })
        }),
    })
}

/// A meter at a microphone, for browsers that do not measure it.
#[derive(Debug)]
pub(super) struct Meter {
    track: MediaStreamTrack,
    level: Level,
    energy: Energy,
}

impl Meter {
    /// What the microphone has heard, counted from when it was first asked, by a look a second.
    pub(super) fn read(slot: &RefCell<Option<Self>>, track: &MediaStreamTrack) -> Option<Energy> {
        let mut slot = slot.borrow_mut();
        if slot.as_ref().is_none_or(|meter| meter.track != *track) {
            let level = Level::of(track)?;
            // The handle is copied, and not the track, as its own `clone` would.
            *slot = Some(Self { track: Clone::clone(track), level, energy: 0 });
        }
        let meter = slot.as_mut().filter(|meter| meter.level.is_on())?;
        let level = f64::from(meter.level.read());
        meter.energy = meter.energy.saturating_add(scaled(level * level));
        Some(meter.energy)
    }
}

/// All statistics of a connection.
struct Stats(Vec<JsValue>);

impl Stats {
    fn all(&self, kind: &'static str) -> impl Iterator<Item = &JsValue> {
        self.0.iter().filter(move |stats| is(stats, "type", kind))
    }

    fn of(&self, kind: &'static str, media: &str) -> Option<&JsValue> {
        self.all(kind).find(|stats| is(stats, "kind", media))
    }

    fn get(&self, stats: &JsValue, reference: &str) -> Option<&JsValue> {
        let id = text(stats, reference)?;
        self.0.iter().find(|stats| is(stats, "id", &id))
    }

    /// The stream that arrives now: one that was before it, from another source, stays among the
    /// statistics.
    fn inbound(&self, media: &str) -> Option<&JsValue> {
        let at = |stats: &JsValue| number(stats, "lastPacketReceivedTimestamp").unwrap_or(0.0);
        let streams = self.all("inbound-rtp").filter(|stats| is(stats, "kind", media));
        streams.max_by(|one, other| at(one).total_cmp(&at(other)))
    }

    fn link(&self, connection: &RtcPeerConnection) -> Link {
        let state = |name| text(connection, name).unwrap_or_default();
        let dtls = self.all("transport").find_map(|transport| text(transport, "dtlsState"));
        let is_secured = dtls.is_none_or(|dtls| dtls == "connected");
        match state("connectionState").as_str() {
            "connected" if is_secured => Link::Up,
            _ if matches!(state("iceConnectionState").as_str(), "connected" | "completed") => {
                Link::Unsecured
            }
            _ => Link::Down,
        }
    }

    fn codec(&self, stream: &JsValue) -> Option<Codec> {
        let codec = self.get(stream, "codecId")?;
        let kind = text(codec, "mimeType")?;
        let name = kind.rsplit('/').next().unwrap_or_default().to_owned();
        Some(Codec { name, clock_rate: number(codec, "clockRate").unwrap_or(0.0) as u32 })
    }

    /// The way that the media take, and how long it takes there and back.
    fn route(&self) -> (Option<Route>, Option<u32>) {
        let chosen = self.all("transport").find_map(|all| self.get(all, "selectedCandidatePairId"));
        // Firefox marks the pair itself.
        let marked = || self.all("candidate-pair").find(|pair| get(pair, "selected").is_truthy());
        let Some(pair) = chosen.or_else(marked) else { return (None, None) };
        let ends = ["localCandidateId", "remoteCandidateId"].map(|end| self.get(pair, end));
        let by_tcp = |end: &JsValue| {
            let relayed_by = text(end, "relayProtocol");
            relayed_by.or_else(|| text(end, "protocol")).is_some_and(|protocol| protocol != "udp")
        };
        let route = Route {
            relayed: ends.iter().flatten().any(|end| is(end, "candidateType", "relay")),
            tcp: ends[0].is_some_and(by_tcp),
        };
        (Some(route), milliseconds(pair, "currentRoundTripTime"))
    }
}

fn flow(stream: &JsValue, packets: &str, bytes: &str) -> Flow {
    let count = |name| number(stream, name).unwrap_or(0.0) as u64;
    Flow { packets: count(packets), bytes: count(bytes) }
}

fn energy(stats: &JsValue) -> Option<Energy> {
    number(stats, "totalAudioEnergy").map(scaled)
}

fn scaled(energy: f64) -> Energy {
    (energy * 1e12) as Energy
}

/// A time in seconds, rounded to milliseconds.
fn milliseconds(stats: &JsValue, name: &str) -> Option<u32> {
    number(stats, name).map(|seconds| (seconds * 1000.0).round() as u32)
}

fn number(stats: &JsValue, name: &str) -> Option<f64> {
    get(stats, name).as_f64()
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

fn is(stats: &JsValue, name: &str, value: &str) -> bool {
    get(stats, name) == *value
}

fn get(object: &JsValue, name: &str) -> JsValue {
    // What is no object has no property.
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}
