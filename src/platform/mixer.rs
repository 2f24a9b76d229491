//! A conference that is mixed here: each member gets our microphone and the sound of the others, and
//! all get the tone of a recording where there is one. The latter makes a mix for one member, too.
//!
//! The connections go on as they are, and only what they send is replaced, so that the far ends
//! need not know. It ends with this value: then each gets the microphone alone again.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, MediaStream, MediaStreamAudioDestinationNode, MediaStreamAudioSourceNode,
    MediaStreamTrack,
};

use super::Peer;
use super::microphone::audio_tracks;

/// The sound of a conference.
#[derive(Debug)]
pub struct Mixer {
    context: AudioContext,
    peers: Vec<Rc<Peer>>,
    beep: Option<MediaStream>,
    /// The nodes, which the browser may take away where nobody holds them: of each peer the
    /// microphone and the far end, the tone, and what each peer gets.
    sources: Vec<[Option<MediaStreamAudioSourceNode>; 2]>,
    tone: Option<MediaStreamAudioSourceNode>,
    mixed: Vec<MediaStreamAudioDestinationNode>,
}

impl Mixer {
    /// Has the far ends of `peers` hear each other, and `beep`. `None` if this browser cannot mix
    /// sound.
    pub fn new(peers: &[Rc<Peer>], beep: Option<MediaStream>) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let sources: Vec<_> = peers.iter().map(|peer| sources(&context, peer)).collect();
        let tone = beep.as_ref().and_then(|beep| context.create_media_stream_source(beep).ok());
        let mut mixer = Self { context, peers: Vec::new(), beep, sources, tone, mixed: Vec::new() };
        for (index, peer) in peers.iter().enumerate() {
            let mixed = mixer.mix(index)?;
            let stream = mixed.stream();
            let track: Option<MediaStreamTrack> = audio_tracks(&stream).next();
            peer.send_instead(Some(&track?));
            mixer.peers.push(peer.clone());
            mixer.mixed.push(mixed);
        }
        settle(mixer.context.resume().ok()?);
        Some(mixer)
    }

    /// Whether just these are of the conference, and hear that tone.
    pub fn is_of(&self, peers: &[Rc<Peer>], beep: Option<&MediaStream>) -> bool {
        let same = |(own, other): (&Rc<Peer>, &Rc<Peer>)| Rc::ptr_eq(own, other);
        self.peers.len() == peers.len()
            && self.peers.iter().zip(peers).all(same)
            && self.beep.as_ref() == beep
    }

    /// Has it be heard again where the system has stopped it.
    pub fn wake(&self) {
        if let Ok(resumed) = self.context.resume() {
            settle(resumed);
        }
    }

    /// Takes the microphones that the peers have now in the place of those that they had.
    pub fn renew_microphones(&mut self) {
        for ((peer, mixed), sources) in self.peers.iter().zip(&self.mixed).zip(&mut self.sources) {
            let new = microphone(&self.context, peer);
            if let Some(new) = &new {
                let _ = new.connect_with_audio_node(mixed);
            }
            if let Some(old) = std::mem::replace(&mut sources[0], new) {
                let _ = old.disconnect();
            }
        }
    }

    /// Our microphone, the far ends of all but one, and the tone.
    fn mix(&self, index: usize) -> Option<MediaStreamAudioDestinationNode> {
        let mixed = self.context.create_media_stream_destination().ok()?;
        for (other, [microphone, far]) in self.sources.iter().enumerate() {
            let source = if other == index { microphone } else { far };
            if let Some(source) = source {
                source.connect_with_audio_node(&mixed).ok()?;
            }
        }
        if let Some(tone) = &self.tone {
            tone.connect_with_audio_node(&mixed).ok()?;
        }
        Some(mixed)
    }
}

impl Drop for Mixer {
    fn drop(&mut self) {
        for peer in &self.peers {
            peer.send_instead(None);
        }
        if let Ok(closed) = self.context.close() {
            settle(closed);
        }
    }
}

/// The microphone that a peer was given and its far end.
fn sources(context: &AudioContext, peer: &Peer) -> [Option<MediaStreamAudioSourceNode>; 2] {
    let far = peer.far_sound().and_then(|far| context.create_media_stream_source(&far).ok());
    [microphone(context, peer), far]
}

/// The microphone that a peer was given, which is silent while it is muted.
fn microphone(context: &AudioContext, peer: &Peer) -> Option<MediaStreamAudioSourceNode> {
    context.create_media_stream_source(&stream_of(&peer.microphone()?)?).ok()
}

/// A stream of this track.
pub(super) fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    MediaStream::new_with_tracks(Array::of1(track).unchecked_ref()).ok()
}

/// Lets a promise fail in silence.
pub(super) fn settle(promise: impl Into<js_sys::Promise>) {
    let promise = promise.into();
    spawn_local(async {
        let _ = JsFuture::from(promise).await;
    });
}
