//! Calls between two peers of the same page.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};
use webphone::media::devices::Treatment;
use webphone::media::ice::{IceConfig, IceServer};
use webphone::media::sdp::Direction;
use webphone::media::sdp::fragment::Candidates;
use webphone::media::sdp::plan::Plan;
use webphone::platform::{MicrophoneError, Peer, PeerError, PeerEvent, microphone};

use crate::hold::LISTEN;
use crate::support::{Log, wait_until};

/// One end of a call with what it has reported.
pub(crate) struct End {
    pub(crate) peer: Peer,
    log: Log<PeerEvent>,
}

impl End {
    pub(crate) fn new() -> Self {
        Self::with(&IceConfig::default())
    }

    fn with(ice: &IceConfig) -> Self {
        let log = Log::new();
        let peer = Peer::new(ice, log.writer()).expect("a peer connection");
        Self { peer, log }
    }

    /// Its offer, with this microphone.
    pub(crate) async fn offer(
        &self,
        microphone: Option<&MediaStream>,
    ) -> Result<String, PeerError> {
        offer(&self.peer, microphone).await
    }

    /// Its answer to `offer`, with this microphone.
    pub(crate) async fn answer(
        &self,
        offer: &str,
        microphone: Option<&MediaStream>,
    ) -> Result<String, PeerError> {
        answer(&self.peer, offer, microphone).await
    }

    pub(crate) async fn reports(&self, event: PeerEvent) {
        wait_until("an event of the peer", || self.log.has(&event)).await;
    }
}

pub(crate) async fn offer(
    peer: &Peer,
    microphone: Option<&MediaStream>,
) -> Result<String, PeerError> {
    if let Some(microphone) = microphone {
        peer.give_microphone(microphone).await;
    }
    peer.begin_offer().await?;
    peer.description()
}

pub(crate) async fn answer(
    peer: &Peer,
    offer: &str,
    microphone: Option<&MediaStream>,
) -> Result<String, PeerError> {
    peer.take_offer(offer).await?;
    peer.begin_answer().await?;
    if let Some(microphone) = microphone {
        peer.give_microphone(microphone).await;
    }
    peer.description()
}

async fn open_microphone() -> MediaStream {
    microphone::open(None, Treatment::default()).await.expect("the fake microphone")
}

fn track(stream: &MediaStream) -> MediaStreamTrack {
    let track = stream.get_audio_tracks().get(0);
    track.unchecked_into()
}

fn is_live(stream: &MediaStream) -> bool {
    track(stream).ready_state() == MediaStreamTrackState::Live
}

#[wasm_bindgen_test]
async fn two_peers_connect_and_hear_each_other() {
    let (alice, bob) = (End::new(), End::new());
    let offer = alice.offer(Some(&open_microphone().await)).await.expect("an offer");
    let answer = bob.answer(&offer, Some(&open_microphone().await)).await.expect("an answer");
    alice.peer.apply_answer(&answer, false).await.expect("a fitting answer");
    for end in [&alice, &bob] {
        end.reports(PeerEvent::Connected).await;
        end.reports(PeerEvent::RemoteAudio).await;
        assert!(!end.log.has(&PeerEvent::PlaybackBlocked));
        assert!(end.peer.resume_playback().await);
    }
}

#[wasm_bindgen_test]
async fn a_provisional_answer_connects_and_the_final_one_follows() {
    let (alice, bob) = (End::new(), End::new());
    let offer = alice.offer(Some(&open_microphone().await)).await.expect("an offer");
    let answer = bob.answer(&offer, Some(&open_microphone().await)).await.expect("an answer");
    alice.peer.apply_answer(&answer, true).await.expect("a fitting provisional answer");
    alice.reports(PeerEvent::Connected).await;
    alice.peer.apply_answer(&answer, false).await.expect("a fitting answer");
}

#[wasm_bindgen_test]
async fn who_only_receives_hears_and_is_not_heard() {
    let (alice, bob) = (End::new(), End::new());
    alice.peer.follow(Plan { sound: Direction::RecvOnly, ..Plan::OPEN });
    let offer = alice.offer(None).await.expect("an offer");
    assert!(offer.contains("a=recvonly"), "{offer}");
    let answer = bob.answer(&offer, Some(&open_microphone().await)).await.expect("an answer");
    alice.peer.apply_answer(&answer, false).await.expect("a fitting answer");
    alice.reports(PeerEvent::RemoteAudio).await;
    bob.reports(PeerEvent::Connected).await;
    assert!(!bob.log.has(&PeerEvent::RemoteAudio));
}

#[wasm_bindgen_test]
async fn an_answer_of_whom_only_receives_agrees_to_hear_only() {
    let (alice, bob) = (End::new(), End::new());
    bob.peer.follow(Plan { sound: Direction::RecvOnly, ..Plan::OPEN });
    let offer = alice.offer(Some(&open_microphone().await)).await.expect("an offer");
    let answer = bob.answer(&offer, None).await.expect("an answer");
    assert!(answer.contains("a=recvonly"), "{answer}");
}

#[wasm_bindgen_test]
async fn an_offer_has_its_udp_host_candidates_and_does_not_wait_for_the_rest() {
    let alice = End::new();
    let offer = alice.offer(Some(&open_microphone().await)).await.expect("an offer");
    let candidates: Vec<_> =
        offer.lines().filter(|line| line.starts_with("a=candidate:")).collect();
    assert!(
        candidates.iter().any(|line| line.contains(" udp ") && line.contains(" typ host")),
        "{offer}"
    );
    // Chromium gathers TCP candidates last, a tenth of a second after the others.
    assert!(!candidates.iter().any(|line| line.contains(" tcp ")), "{offer}");
    assert!(offer.contains("a=rtcp-mux"), "{offer}");
}

#[wasm_bindgen_test]
async fn an_offer_does_not_wait_for_a_dead_stun_server() {
    js_sys::eval(LISTEN).expect("the connections");
    let alice = End::with(&IceConfig {
        servers: vec![IceServer {
            urls: vec!["stun:192.0.2.1:3478".into()],
            ..IceServer::default()
        }],
        ..IceConfig::default()
    });
    let offer = alice.offer(None).await.expect("an offer");
    assert!(offer.contains(" typ host"), "{offer}");
    // How long it may take is decided, and tested, in media::gathering.
    let state = js_sys::eval("connections.at(-1).iceGatheringState").expect("a connection");
    assert_eq!(state.as_string().as_deref(), Some("gathering"));
}

#[wasm_bindgen_test]
async fn relay_only_without_a_relay_there_is_no_offer() {
    let alice = End::with(&IceConfig { relay_only: true, ..IceConfig::default() });
    assert_eq!(alice.offer(None).await, Err(PeerError::NoRelay));
}

#[wasm_bindgen_test]
async fn candidates_that_come_late_make_the_connection() {
    let (alice, bob) = (End::new(), End::new());
    let offer = alice.offer(Some(&open_microphone().await)).await.expect("an offer");
    let is_candidate = |line: &&str| line.starts_with("a=candidate:");
    let bare = |sdp: &str| {
        let lines = sdp.lines().filter(|line| !is_candidate(line));
        lines.flat_map(|line| [line, "\r\n"]).collect::<String>()
    };
    let answer = bob.answer(&bare(&offer), None).await.expect("an answer");
    alice.peer.apply_answer(&bare(&answer), false).await.expect("a fitting answer");
    let late = Candidates::parse(&answer);
    assert!(!late.list.is_empty() && !late.ufrag.is_empty(), "{answer}");
    let stranger = Candidates { ufrag: "nobody".into(), ..late.clone() };
    alice.peer.add_candidates(&stranger);
    alice.peer.add_candidates(&late);
    alice.reports(PeerEvent::Connected).await;
}

#[wasm_bindgen_test]
fn servers_that_are_no_addresses_are_an_error() {
    let ice = IceConfig {
        servers: vec![IceServer { urls: vec!["nonsense".into()], ..IceServer::default() }],
        ..IceConfig::default()
    };
    assert!(matches!(
        Peer::new(&ice, |_| ()),
        Err(PeerError::Unavailable(words)) if !words.is_empty()
    ));
}

#[wasm_bindgen_test]
async fn faulty_descriptions_are_refused() {
    let alice = End::new();
    alice.offer(None).await.expect("an offer");
    assert!(matches!(
        alice.peer.apply_answer("nonsense", false).await,
        Err(PeerError::Refused(words)) if !words.is_empty()
    ));
    let bob = End::new();
    assert!(matches!(bob.answer("v=0\r\n", None).await, Err(PeerError::Refused(_))));
}

#[wasm_bindgen_test]
async fn muting_disables_the_track_that_is_sent() {
    let alice = End::new();
    let stream = open_microphone().await;
    alice.offer(Some(&stream)).await.expect("an offer");
    assert!(track(&stream).enabled());
    alice.peer.set_muted(true);
    assert!(!track(&stream).enabled());
    alice.peer.set_muted(false);
    assert!(track(&stream).enabled());
}

#[wasm_bindgen_test]
async fn a_peer_that_is_muted_before_its_offer_sends_silence() {
    let alice = End::new();
    let stream = open_microphone().await;
    alice.peer.set_muted(true);
    alice.offer(Some(&stream)).await.expect("an offer");
    assert!(!track(&stream).enabled());
}

#[wasm_bindgen_test]
async fn closing_or_dropping_a_peer_stops_its_microphone() {
    let (closed, dropped) = (End::new(), End::new());
    let streams = [open_microphone().await, open_microphone().await];
    for (end, stream) in [&closed, &dropped].into_iter().zip(&streams) {
        end.offer(Some(stream)).await.expect("an offer");
        assert!(is_live(stream));
    }
    closed.peer.close();
    closed.peer.close();
    drop(dropped);
    assert!(!is_live(&streams[0]));
    assert!(!is_live(&streams[1]));
    assert!(!closed.peer.resume_playback().await);
}

#[wasm_bindgen_test]
async fn a_closed_peer_refuses_work_and_stops_the_microphone_it_is_given() {
    let alice = End::new();
    alice.peer.close();
    let stream = open_microphone().await;
    assert_eq!(alice.offer(Some(&stream)).await, Err(PeerError::Closed));
    assert!(!is_live(&stream));
    assert_eq!(alice.peer.apply_answer("v=0\r\n", false).await, Err(PeerError::Closed));
}

#[wasm_bindgen_test]
async fn closing_ends_an_offer_that_is_being_made() {
    let end = Rc::new(End::new());
    let outcome = Log::new();
    let (working, write) = (Rc::clone(&end), outcome.writer());
    spawn_local(async move {
        write(working.offer(None).await);
    });
    // One turn of the queue lets the offer begin.
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL))
        .await
        .expect("a resolved promise");
    end.peer.close();
    wait_until("the end of the offer", || !outcome.is_empty()).await;
    assert_eq!(outcome.entries(), [Err(PeerError::Closed)]);
    wait_until("the release of the peer", || Rc::strong_count(&end) == 1).await;
}

#[wasm_bindgen_test]
async fn the_far_end_learns_that_a_peer_is_gone() {
    let (alice, bob) = (End::new(), End::new());
    let offer = alice.offer(None).await.expect("an offer");
    let answer = bob.answer(&offer, Some(&open_microphone().await)).await.expect("an answer");
    alice.peer.apply_answer(&answer, false).await.expect("a fitting answer");
    bob.reports(PeerEvent::Connected).await;
    let so_far = alice.log.entries();
    alice.peer.close();
    wait_until("a lost path", || {
        bob.log.has(&PeerEvent::Disconnected) || bob.log.has(&PeerEvent::Failed)
    })
    .await;
    assert_eq!(alice.log.entries(), so_far, "an event after closing");
}

#[wasm_bindgen_test]
async fn a_stopped_microphone_is_released() {
    let stream = open_microphone().await;
    assert!(is_live(&stream));
    microphone::stop(&stream);
    assert!(!is_live(&stream));
}

#[wasm_bindgen_test]
fn microphone_errors_are_told_apart_by_name() {
    let meaning = |name| MicrophoneError::from_name(name, "words".into());
    assert_eq!(meaning("NotAllowedError"), MicrophoneError::Refused);
    assert_eq!(meaning("NotFoundError"), MicrophoneError::NotFound);
    assert_eq!(meaning("NotReadableError"), MicrophoneError::InUse);
    assert_eq!(meaning("OverconstrainedError"), MicrophoneError::Gone);
    assert_eq!(meaning("SecurityError"), MicrophoneError::Forbidden);
    assert_eq!(meaning("AbortError"), MicrophoneError::Unavailable("words".into()));
}
