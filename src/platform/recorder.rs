//! Recording sound: several tracks together, as pieces of a file that come about every second.

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AudioContext, AudioNode, AudioScheduledSourceNode, Blob, BlobEvent, Event, MediaRecorder,
    MediaRecorderOptions, MediaStream, MediaStreamAudioDestinationNode, MediaStreamAudioSourceNode,
    MediaStreamTrack, RecordingState,
};

use super::held::hold;
use super::mixer::{settle, stream_of};
use super::synth::{Burst, SAMPLE_RATE, samples_in};

/// The formats, the best first: what browsers have for sound alone. Safari has the last.
const KINDS: [&str; 3] = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
/// What voices need, in bits per second: an hour takes 14 MB.
const RATE: u32 = 32_000;
/// After how many milliseconds a piece comes.
const PIECE: i32 = 1000;

/// The tone that tells the other side of a recording: 1400 Hz for 0.2 seconds, every 15 seconds, as
/// telephone companies have it (47 CFR §64.501, ITU-T E.180). Its first is heard when all is set up.
const BEEP: Burst = Burst::even(0.0, 0.2, [1400.0, 0.0]);
const BEEP_EVERY: f64 = 15.0;
const BEEP_FIRST: f64 = 0.5;

/// What happens while something is recorded. No event follows the end.
#[derive(Debug)]
pub enum RecorderEvent {
    /// A further piece. All of them together are the file.
    Piece(Blob),
    /// There are no more.
    Ended,
}

/// Sound that is being recorded. Dropping this ends it without its last piece.
#[derive(Debug)]
pub struct Recorder {
    context: AudioContext,
    recorder: MediaRecorder,
    output: MediaStreamAudioDestinationNode,
    sources: RefCell<Vec<(MediaStreamTrack, MediaStreamAudioSourceNode)>>,
    beep: Option<Beep>,
    _on_piece: Closure<dyn Fn(BlobEvent)>,
    _on_stop: Closure<dyn Fn(Event)>,
}

/// The tone, in the recording and for the other side.
#[derive(Debug)]
struct Beep {
    output: MediaStreamAudioDestinationNode,
    source: AudioScheduledSourceNode,
}

impl Recorder {
    /// Whether this browser can record.
    pub fn is_supported() -> bool {
        let has = |window: web_sys::Window| {
            Reflect::has(&window, &JsValue::from_str("MediaRecorder")).unwrap_or_default()
        };
        web_sys::window().is_some_and(has) && kind().is_some()
    }

    /// Records from now on, silence at first. With `beep`, the tone is in the recording and in
    /// [`Self::beep`]. `None` where the browser does not.
    ///
    /// Events arrive later, never during a call of a method.
    pub fn start(beep: bool, on_event: impl Fn(RecorderEvent) + 'static) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        hold(&context);
        let output = context.create_media_stream_destination().ok()?;
        output.set_channel_count(1);
        let options = MediaRecorderOptions::new();
        options.set_mime_type(kind()?);
        options.set_audio_bits_per_second(RATE);
        let stream = output.stream();
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)
                .ok()?;
        let on_event = std::rc::Rc::new(on_event);
        let tell = on_event.clone();
        let on_piece = Closure::<dyn Fn(BlobEvent)>::new(move |event: BlobEvent| {
            if let Some(piece) = event.data().filter(|piece| piece.size() > 0.0) {
                tell(RecorderEvent::Piece(piece));
            }
        });
        // A recorder that fails stops, too.
        let on_stop = Closure::<dyn Fn(Event)>::new(move |_| on_event(RecorderEvent::Ended));
        recorder.set_ondataavailable(Some(on_piece.as_ref().unchecked_ref()));
        recorder.set_onstop(Some(on_stop.as_ref().unchecked_ref()));
        let beep = if beep { Some(Beep::new(&context, &output)?) } else { None };
        settle(context.resume().ok()?);
        recorder.start_with_time_slice(PIECE).ok()?;
        Some(Self {
            context,
            recorder,
            output,
            sources: RefCell::default(),
            beep,
            _on_piece: on_piece,
            _on_stop: on_stop,
        })
    }

    /// The format of the file, as a MIME type.
    pub fn kind(&self) -> String {
        self.recorder.mime_type()
    }

    /// The tone alone, for the other side to hear.
    pub fn beep(&self) -> Option<MediaStream> {
        self.beep.as_ref().map(|beep| beep.output.stream())
    }

    /// Records just these tracks from now on, mixed.
    pub fn hear(&self, tracks: &[MediaStreamTrack]) {
        let mut sources = self.sources.borrow_mut();
        sources.retain(|(track, source)| {
            let stays = tracks.contains(track);
            if !stays {
                // What is connected can be disconnected.
                let _ = source.disconnect();
            }
            stays
        });
        for track in tracks {
            if !sources.iter().any(|(known, _)| known == track)
                && let Some(source) = self.source(track)
            {
                // The handle is copied, and not the track, as its own `clone` would.
                sources.push((Clone::clone(track), source));
            }
        }
    }

    fn source(&self, track: &MediaStreamTrack) -> Option<MediaStreamAudioSourceNode> {
        let source = self.context.create_media_stream_source(&stream_of(track)?).ok()?;
        source.connect_with_audio_node(&self.output).ok()?;
        Some(source)
    }

    /// Sounds the tone a last time.
    pub fn last_beep(&self) {
        if let Some(beep) = &self.beep {
            // Where it does not sound, there is nothing to be done.
            let _ = beep.source.stop();
            let _ = Beep::source(&self.context, &[&beep.output, &self.output], false);
        }
    }

    /// Ends the recording: the last piece comes, and the end.
    pub fn stop(&self) {
        if self.recorder.state() != RecordingState::Inactive {
            // It fails in that state only.
            let _ = self.recorder.stop();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.recorder.set_ondataavailable(None);
        self.recorder.set_onstop(None);
        self.stop();
        if let Ok(closed) = self.context.close() {
            settle(closed);
        }
    }
}

impl Beep {
    fn new(context: &AudioContext, recorded: &MediaStreamAudioDestinationNode) -> Option<Self> {
        let output = context.create_media_stream_destination().ok()?;
        let source = Self::source(context, &[&output, recorded], true)?;
        Some(Self { output, source })
    }

    /// The tone, once or again and again. A loop of samples keeps its time in hidden tabs, where
    /// timers do not.
    fn source(
        context: &AudioContext,
        outputs: &[&AudioNode],
        repeat: bool,
    ) -> Option<AudioScheduledSourceNode> {
        let (length, first) = if repeat { (BEEP_EVERY, BEEP_FIRST) } else { (BEEP.length, 0.0) };
        let buffer = context.create_buffer(1, samples_in(length), SAMPLE_RATE as f32).ok()?;
        buffer.copy_to_channel(&BEEP.samples(), 0).ok()?;
        let source = context.create_buffer_source().ok()?;
        source.set_buffer(Some(&buffer));
        source.set_loop(repeat);
        for output in outputs {
            source.connect_with_audio_node(output).ok()?;
        }
        source.start_with_when(context.current_time() + first).ok()?;
        Some(source.into())
    }
}

/// The format in which this browser records.
fn kind() -> Option<&'static str> {
    KINDS.into_iter().find(|kind| MediaRecorder::is_type_supported(kind))
}
