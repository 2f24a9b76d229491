//! Recording: the pieces that come of what is heard, where they are kept, and the tone.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::ArrayBuffer;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AudioContext, Blob, MediaStreamTrack};
use webphone::platform::database::DatabaseError;
use webphone::platform::timer::sleep;
use webphone::platform::{Level, Lock, Mixer, Recorder, RecorderEvent, Tapes, locks};

use crate::mixer::{Call, Room, hums};
use crate::support::wait_until;

/// The pieces of a recording, and whether it has ended.
#[derive(Clone, Default)]
struct Tape(Rc<RefCell<(Vec<Blob>, bool)>>);

impl Tape {
    fn record(&self, beep: bool) -> Recorder {
        let tape = self.clone();
        let event = move |event| match event {
            RecorderEvent::Piece(piece) => tape.0.borrow_mut().0.push(piece),
            RecorderEvent::Ended => tape.0.borrow_mut().1 = true,
        };
        Recorder::start(beep, event).expect("a recorder")
    }

    fn pieces(&self) -> usize {
        self.0.borrow().0.len()
    }

    async fn end(&self, recorder: &Recorder) {
        recorder.stop();
        wait_until("the end of the recording", || self.0.borrow().1).await;
    }

    /// All of it, decoded: the seconds, and the loudest sample.
    async fn decoded(&self) -> (f64, f32) {
        let parts: js_sys::Array = self.0.borrow().0.iter().collect();
        decode(&Blob::new_with_blob_sequence(&parts).expect("a file")).await
    }
}

async fn bytes(file: &Blob) -> ArrayBuffer {
    JsFuture::from(file.array_buffer()).await.expect("its bytes").unchecked_into()
}

async fn decode(file: &Blob) -> (f64, f32) {
    let context = AudioContext::new().expect("an audio context");
    let decoding = context.decode_audio_data(&bytes(file).await).expect("a decoder");
    let sound: web_sys::AudioBuffer =
        JsFuture::from(decoding).await.expect("a file that can be played").unchecked_into();
    let samples = sound.get_channel_data(0).expect("samples");
    (sound.duration(), samples.iter().fold(0.0, |most, sample| most.max(sample.abs())))
}

#[wasm_bindgen_test]
async fn what_is_heard_comes_in_pieces_that_are_a_file_together() {
    assert!(Recorder::is_supported());
    let room = Room::new(true);
    let tape = Tape::default();
    let recorder = tape.record(false);
    assert!(recorder.kind().starts_with("audio/") && recorder.beep().is_none());
    recorder.hear(&[room.track()]);
    wait_until("the second piece", || tape.pieces() > 1).await;
    tape.end(&recorder).await;
    let (seconds, loudest) = tape.decoded().await;
    assert!(seconds > 1.0, "it is {seconds} s long");
    assert!(loudest > 0.5, "its loudest is {loudest}");
}

#[wasm_bindgen_test]
async fn what_is_no_longer_heard_is_no_longer_recorded() {
    let room = Room::new(true);
    let tape = Tape::default();
    let recorder = tape.record(false);
    recorder.hear(&[room.track()]);
    recorder.hear(&[]);
    recorder.hear(&[Room::new(false).track()]);
    wait_until("the first piece", || tape.pieces() > 0).await;
    tape.end(&recorder).await;
    let (_, loudest) = tape.decoded().await;
    assert!(loudest < 0.3, "its loudest is {loudest}");
}

#[wasm_bindgen_test]
async fn the_tone_is_in_the_recording_and_the_other_side_hears_it_though_we_are_muted() {
    let call = Call::new(true, false).await;
    call.ours.set_muted(true);
    let there = call.level_there();
    hums(&there, false).await;
    let tape = Tape::default();
    let recorder = tape.record(true);
    let beep = recorder.beep().expect("the tone");
    let alone = [call.ours.clone()];
    let mixer = Mixer::new(&alone, recorder.beep()).expect("a mixer");
    assert!(mixer.is_of(&alone, Some(&beep)) && !mixer.is_of(&alone, None));
    hums(&there, true).await;
    hums(&there, false).await;
    recorder.last_beep();
    hums(&there, true).await;
    hums(&there, false).await;
    drop(mixer);
    call.ours.set_muted(false);
    hums(&there, true).await;
    tape.end(&recorder).await;
    let (_, loudest) = tape.decoded().await;
    assert!((0.05..0.5).contains(&loudest), "the tone is as loud as {loudest}");
}

#[wasm_bindgen_test]
async fn a_recorder_that_is_dropped_says_nothing_more() {
    let tape = Tape::default();
    let recorder = tape.record(true);
    let beep = recorder.beep().expect("the tone");
    let track: MediaStreamTrack = beep.get_audio_tracks().get(0).unchecked_into();
    let level = Level::of(&track).expect("a meter");
    hums(&level, true).await;
    drop(recorder);
    hums(&level, false).await;
    assert!(!tape.0.borrow().1);
}

fn piece(text: &str) -> Blob {
    Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())).expect("a piece")
}

#[wasm_bindgen_test]
async fn pieces_outlive_the_page_in_their_order_and_are_deleted_with_what_is_said_of_them() {
    let name = "webphone.test.tapes";
    {
        let tapes = Tapes::open(name).await.expect("a database");
        for (place, (tape, text)) in [(7, "a"), (8, "x"), (7, "b"), (7, "c")].iter().enumerate() {
            let place = place as u32;
            let bytes = bytes(&piece(text)).await;
            assert_eq!(tapes.add(*tape, &[text, "!"].concat(), place, &bytes).await, Ok(()));
        }
    }
    let tapes = Tapes::open(name).await.expect("a database");
    assert_eq!(tapes.labels().await, Ok(vec!["c!".into(), "x!".into()]));
    assert_eq!(tapes.label(7, "done").await, Ok(()));
    let sound = tapes.sound(7, "audio/webm").await.expect("a file");
    assert_eq!(sound.type_(), "audio/webm");
    let text = JsFuture::from(sound.text()).await.expect("its text");
    assert_eq!(text.as_string().as_deref(), Some("abc"));
    assert_eq!(tapes.delete(7).await, Ok(()));
    assert_eq!(tapes.sound(7, "audio/webm").await.map(|_| ()), Err(DatabaseError));
    assert_eq!(tapes.labels().await, Ok(vec!["x!".into()]));
    assert_eq!(tapes.delete(8).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_lock_is_seen_as_long_as_it_is_held() {
    let name = "webphone.test.lock".to_owned();
    assert!(!locks::held().await.contains(&name));
    let lock = Lock::hold(&name);
    assert!(locks::held().await.contains(&name));
    drop(lock);
    // The browser is told, and does it in its own time.
    while locks::held().await.contains(&name) {
        sleep(Duration::from_millis(5)).await;
    }
}
