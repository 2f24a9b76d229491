//! A conference that is mixed here: each member gets our microphone and the sound of the others.
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
    /// The nodes, which the browser may take away where nobody holds them.
    _sources: Vec<[Option<MediaStreamAudioSourceNode>; 2]>,
    _mixed: Vec<MediaStreamAudioDestinationNode>,
}

impl Mixer {
    /// Has the far ends of `peers` hear each other. `None` if this browser cannot mix sound.
    pub fn new(peers: &[Rc<Peer>]) -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let sources: Vec<_> = peers.iter().map(|peer| sources(&context, peer)).collect();
        let mut mixer = Self { context, peers: Vec::new(), _sources: sources, _mixed: Vec::new() };
        for (index, peer) in peers.iter().enumerate() {
            let mixed = mixer.mix(index)?;
            let stream = mixed.stream();
            let track: Option<MediaStreamTrack> = audio_tracks(&stream).next();
            peer.send_instead(Some(&track?));
            mixer.peers.push(peer.clone());
            mixer._mixed.push(mixed);
        }
        settle(mixer.context.resume().ok()?);
        Some(mixer)
    }

    /// Whether just these are of the conference.
    pub fn is_of(&self, peers: &[Rc<Peer>]) -> bool {
        let same = |(own, other): (&Rc<Peer>, &Rc<Peer>)| Rc::ptr_eq(own, other);
        self.peers.len() == peers.len() && self.peers.iter().zip(peers).all(same)
    }

    /// Our microphone, and the far ends of all but one.
    fn mix(&self, index: usize) -> Option<MediaStreamAudioDestinationNode> {
        let mixed = self.context.create_media_stream_destination().ok()?;
        for (other, [microphone, far]) in self._sources.iter().enumerate() {
            let source = if other == index { microphone } else { far };
            if let Some(source) = source {
                source.connect_with_audio_node(&mixed).ok()?;
            }
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

/// The microphone that a peer was given, which is silent while it is muted, and its far end.
fn sources(context: &AudioContext, peer: &Peer) -> [Option<MediaStreamAudioSourceNode>; 2] {
    let own = peer.microphone().and_then(|track| stream_of(&track));
    [own, peer.far_sound()].map(|stream| context.create_media_stream_source(&stream?).ok())
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
