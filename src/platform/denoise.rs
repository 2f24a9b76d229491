//! Takes the noise out of a microphone's sound: RNNoise, in an AudioWorklet (`assets/denoise.js`).
//!
//! Nothing of it is loaded with the page. The build writes the name of its files into the page; they
//! are fetched when the first denoiser is made, and the browser keeps them.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, AudioContextOptions, AudioWorkletNode, AudioWorkletNodeOptions, ChannelCountMode,
    MediaStreamAudioDestinationNode, MediaStreamAudioSourceNode, MediaStreamTrack, Response,
};

use super::capture::Closing;
use super::microphone::audio_tracks;
use super::mixer::{settle, stream_of};
use super::page::{self, Listener};

/// Where the build writes the name of the files.
const FILES: &str = "webphone-denoise";
/// The name under which the worklet registers.
const PROCESSOR: &str = "denoise";
/// The sample rate that RNNoise is made for, in hertz.
const RATE: f32 = 48_000.0;
/// How long the first sound may take, in milliseconds.
const PATIENCE: i32 = 3_000;

/// A microphone's sound without its noise, about 20 ms later. Dropping it ends the sound; the
/// microphone remains its owner's.
#[derive(Debug)]
pub struct Denoiser {
    track: MediaStreamTrack,
    _awake: Listener,
    /// The nodes, which the browser may take away where nobody holds them.
    _source: MediaStreamAudioSourceNode,
    _worklet: AudioWorkletNode,
    _denoised: MediaStreamAudioDestinationNode,
    _context: Closing,
}

impl Denoiser {
    /// A denoiser of this microphone, once sound comes out of it. `None` if this browser cannot have
    /// one, does not get its files, or plays no sound yet.
    pub async fn of(microphone: &MediaStreamTrack) -> Option<Self> {
        let files = page::meta(FILES)?;
        let (closing, source) = connect(microphone)?;
        let context = &closing.0;
        let added = context.audio_worklet().ok()?.add_module(&[&files, ".js"].concat()).ok()?;
        let bytes = fetch(&[&files, ".wasm"].concat()).await?;
        JsFuture::from(added).await.ok()?;

        let options = AudioWorkletNodeOptions::new();
        options.set_processor_options(Some(&bytes));
        options.set_channel_count(1);
        options.set_channel_count_mode(ChannelCountMode::Explicit);
        let worklet = AudioWorkletNode::new_with_options(context, PROCESSOR, &options).ok()?;
        let denoised = context.create_media_stream_destination().ok()?;
        source.connect_with_audio_node(&worklet).ok()?;
        worklet.connect_with_audio_node(&denoised).ok()?;
        let awake = keep_awake(context);
        if !begins(&worklet).await {
            return None;
        }
        Some(Self {
            track: audio_tracks(&denoised.stream()).next()?,
            _awake: awake,
            _source: source,
            _worklet: worklet,
            _denoised: denoised,
            _context: closing,
        })
    }

    /// The sound without its noise.
    pub fn track(&self) -> MediaStreamTrack {
        // The handle is copied, and not the track, as its own `clone` would.
        Clone::clone(&self.track)
    }
}

impl Drop for Denoiser {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// The microphone in a context at RNNoise's rate. Firefox connects no microphone of another rate: it
/// stays at its own then, at which RNNoise hears it a little too high or too low.
fn connect(microphone: &MediaStreamTrack) -> Option<(Closing, MediaStreamAudioSourceNode)> {
    let at_its_rate = AudioContextOptions::new();
    at_its_rate.set_sample_rate(RATE);
    [at_its_rate, AudioContextOptions::new()].iter().find_map(|options| {
        let context = Closing(AudioContext::new_with_context_options(options).ok()?);
        let source = context.0.create_media_stream_source(&stream_of(microphone)?).ok()?;
        Some((context, source))
    })
}

/// What is in a file beside the page.
async fn fetch(name: &str) -> Option<Object> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(name)).await.ok()?;
    let response: Response = response.unchecked_into();
    let bytes = response.ok().then(|| response.array_buffer().ok())??;
    JsFuture::from(bytes).await.ok().map(JsCast::unchecked_into)
}

/// Has the context run, also after the system has interrupted it, as a telephone does for a call.
fn keep_awake(context: &AudioContext) -> Listener {
    let run = {
        let context = context.clone();
        move || {
            if let Ok(running) = context.resume() {
                settle(running);
            }
        }
    };
    run();
    let target = AsRef::<web_sys::EventTarget>::as_ref(context).clone();
    Listener::on(Some(target), "statechange".into(), Box::new(move |_| run()))
}

/// Waits for the worklet's first sound. Returns whether it comes.
async fn begins(worklet: &AudioWorkletNode) -> bool {
    let (Ok(port), Some(window)) = (worklet.port(), web_sys::window()) else { return false };
    let first = Promise::new(&mut |resolve, _| {
        port.set_onmessage(Some(&resolve));
        worklet.set_onprocessorerror(Some(&resolve));
        // A timer that was not set leaves the other two.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PATIENCE);
    });
    // Only the message has data.
    let event = JsFuture::from(first).await.unwrap_or_default();
    Reflect::get(&event, &JsValue::from_str("data")).is_ok_and(|data| data.is_truthy())
}
