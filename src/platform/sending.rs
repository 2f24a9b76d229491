//! What a connection sends: the microphone where that may be heard, something in its place, and
//! keys.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcdtmfSender,
};

use super::microphone;
use crate::sdp::Direction;

/// How long a key is sent, and how long the silence after it, in milliseconds: what slow machines
/// at the other end still tell apart.
const KEY_LENGTH: u32 = 160;
const KEY_GAP: u32 = 70;

/// The microphone of a connection, and what decides whether it is heard.
#[derive(Debug)]
pub(super) struct Sending {
    /// The tracks that were given to the connection, which it sends and stops.
    tracks: RefCell<Vec<MediaStreamTrack>>,
    muted: Cell<bool>,
    /// Whether the microphone and the speaker are this call's.
    heard: Cell<bool>,
    /// Whether the far end hears us: now, and as agreed before the offer that is out.
    direction: Cell<Direction>,
    agreed: Cell<Direction>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            tracks: RefCell::default(),
            muted: Cell::new(false),
            heard: Cell::new(true),
            direction: Cell::new(Direction::SendRecv),
            agreed: Cell::new(Direction::SendRecv),
        }
    }
}

impl Sending {
    /// Adds the tracks of `stream` that are not being sent yet.
    pub(super) fn add(&self, connection: &RtcPeerConnection, stream: &MediaStream) {
        let mut tracks = self.tracks.borrow_mut();
        for track in microphone::audio_tracks(stream) {
            if !tracks.contains(&track) {
                connection.add_track_0(&track, stream);
                tracks.push(track);
            }
        }
        drop(tracks);
        self.open();
    }

    /// The microphone.
    pub(super) fn microphone(&self) -> Option<MediaStreamTrack> {
        // The handle is copied, and not the track, as its own `clone` would.
        self.tracks.borrow().first().cloned()
    }

    /// Has the next description say this direction.
    pub(super) fn turn(&self, connection: &RtcPeerConnection, direction: Direction) {
        self.agreed.set(self.direction.replace(direction));
        self.open();
        turn(connection, direction);
    }

    /// Takes the direction of that description back.
    pub(super) fn turn_back(&self, connection: &RtcPeerConnection) {
        self.direction.set(self.agreed.get());
        self.open();
        turn(connection, self.agreed.get());
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
        self.open();
    }

    pub(super) fn set_heard(&self, heard: bool) {
        self.heard.set(heard);
        self.open();
    }

    /// Lets go of the microphone.
    pub(super) fn stop(&self) {
        for track in self.tracks.take() {
            track.stop();
        }
    }

    /// The microphone is sent unless it is muted or the far end is on hold.
    fn open(&self) {
        let agreed = self.direction.get() == Direction::SendRecv;
        let open = agreed && self.heard.get() && !self.muted.get();
        for track in &*self.tracks.borrow() {
            track.set_enabled(open);
        }
    }
}

fn turn(connection: &RtcPeerConnection, direction: Direction) {
    let value = match direction {
        Direction::SendRecv => RtcRtpTransceiverDirection::Sendrecv,
        Direction::SendOnly => RtcRtpTransceiverDirection::Sendonly,
        Direction::RecvOnly => RtcRtpTransceiverDirection::Recvonly,
        Direction::Inactive => RtcRtpTransceiverDirection::Inactive,
    };
    for transceiver in connection.get_transceivers().iter() {
        let transceiver: RtcRtpTransceiver = transceiver.unchecked_into();
        transceiver.set_direction(value);
    }
}

/// Sends another track from now on, without a new description.
pub(super) fn replace(connection: &RtcPeerConnection, track: Option<&MediaStreamTrack>) {
    let Some(sender) = senders(connection).next() else { return };
    let replaced = sender.replace_track(track);
    spawn_local(async {
        // It fails only where the connection is closed meanwhile.
        let _ = JsFuture::from(replaced).await;
    });
}

/// Sends keys as telephone events. Returns `false` where the far end has not agreed to them.
pub(super) fn keys(connection: &RtcPeerConnection, keys: &str) -> bool {
    // Inserting where it is not agreed would throw.
    let agreed = |dtmf: &RtcdtmfSender| {
        js_sys::Reflect::get(dtmf, &"canInsertDTMF".into()).is_ok_and(|can| can.is_truthy())
    };
    let Some(dtmf) = senders(connection).filter_map(|sender| sender.dtmf()).find(agreed) else {
        return false;
    };
    // What is inserted replaces what still waits to be sent.
    let all = [&dtmf.tone_buffer(), keys].concat();
    dtmf.insert_dtmf_with_duration_and_inter_tone_gap(&all, KEY_LENGTH, KEY_GAP);
    true
}

fn senders(connection: &RtcPeerConnection) -> impl Iterator<Item = RtcRtpSender> {
    connection.get_senders().iter().map(JsCast::unchecked_into).collect::<Vec<_>>().into_iter()
}
