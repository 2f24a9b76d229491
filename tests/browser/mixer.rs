//! Conferences, and the level of a microphone, by the sound that arrives.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AudioContext, MediaStream, MediaStreamTrack, MediaStreamTrackState, OscillatorNode};
use webphone::media::ice::IceConfig;
use webphone::platform::{Level, Mixer, Peer};

use crate::media;
use crate::support::wait_until;

/// A microphone in a room of its own, where somebody hums or nobody does.
pub(crate) struct Room {
    stream: MediaStream,
    _context: AudioContext,
    _hum: Option<OscillatorNode>,
}

impl Room {
    pub(crate) fn new(hums: bool) -> Self {
        let context = AudioContext::new().expect("an audio context");
        let microphone = context.create_media_stream_destination().expect("a microphone");
        let hum = hums.then(|| {
            let hum = context.create_oscillator().expect("an oscillator");
            hum.connect_with_audio_node(&microphone).expect("a connection");
            hum.start().expect("a start");
            hum
        });
        Self { stream: microphone.stream(), _context: context, _hum: hum }
    }

    pub(crate) fn track(&self) -> MediaStreamTrack {
        self.stream.get_audio_tracks().get(0).unchecked_into()
    }
}

/// A call: our end and the far end, and the rooms that they are in.
pub(crate) struct Call {
    pub(crate) ours: Rc<Peer>,
    theirs: Peer,
    _rooms: [Room; 2],
}

impl Call {
    pub(crate) async fn new(we_hum: bool, they_hum: bool) -> Self {
        let rooms = [Room::new(we_hum), Room::new(they_hum)];
        let new = || Peer::new(&IceConfig::default(), |_| ()).expect("a peer connection");
        let (ours, theirs) = (Rc::new(new()), new());
        let offer = media::offer(&ours, Some(&rooms[0].stream)).await.expect("an offer");
        let answer = media::answer(&theirs, &offer, Some(&rooms[1].stream)).await;
        ours.apply_answer(&answer.expect("an answer"), false).await.expect("a fitting answer");
        Self { ours, theirs, _rooms: rooms }
    }

    /// What the far end hears.
    pub(crate) fn level_there(&self) -> Level {
        let sound = self.theirs.far_sound().expect("the sound of a track");
        let track: MediaStreamTrack = sound.get_audio_tracks().get(0).unchecked_into();
        Level::of(&track).expect("a meter")
    }
}

/// Waits until somebody hums, or nobody does any more.
pub(crate) async fn hums(level: &Level, expected: bool) {
    let what = if expected { "a hum" } else { "silence" };
    wait_until(what, || (level.read() > 0.05) == expected).await;
}

#[wasm_bindgen_test]
async fn one_member_hears_the_other_through_the_mixer_and_not_itself() {
    let (ana, bob) = (Call::new(false, true).await, Call::new(false, false).await);
    let (at_ana, at_bob) = (ana.level_there(), bob.level_there());
    let ours = [ana.ours.clone(), bob.ours.clone()];
    let mixer = Mixer::new(&ours, None).expect("a mixer");
    assert!(mixer.is_of(&ours, None) && !mixer.is_of(&ours[..1], None));
    hums(&at_bob, true).await;
    assert!(at_ana.read() < 0.01, "its own sound comes back to Ana: {}", at_ana.read());
    drop(mixer);
    hums(&at_bob, false).await;
}

#[wasm_bindgen_test]
async fn our_microphone_is_mixed_in_unless_it_is_muted_and_is_back_afterwards() {
    let (ana, bob) = (Call::new(true, false).await, Call::new(true, false).await);
    let levels = [ana.level_there(), bob.level_there()];
    let mixer = Mixer::new(&[ana.ours.clone(), bob.ours.clone()], None).expect("a mixer");
    for muted in [false, true, false] {
        for (call, level) in [&ana, &bob].into_iter().zip(&levels) {
            call.ours.set_muted(muted);
            hums(level, !muted).await;
        }
    }
    drop(mixer);
    ana.ours.set_muted(true);
    hums(&levels[0], false).await;
    hums(&levels[1], true).await;
}

#[wasm_bindgen_test]
async fn a_meter_hears_a_microphone_that_is_muted() {
    let room = Room::new(true);
    room.track().set_enabled(false);
    let level = Level::of(&room.track()).expect("a meter");
    hums(&level, true).await;
    drop(level);
    assert!(!room.track().enabled());
    assert_eq!(room.track().ready_state(), MediaStreamTrackState::Live, "only its copy is stopped");
    let silent = Level::of(&Room::new(false).track()).expect("a meter");
    assert!(silent.read() < 0.001);
}
