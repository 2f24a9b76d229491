//! What a connection sends: the microphone where that may be heard, something in its place, and
//! keys.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use js_sys::Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcPeerConnection, RtcRtpSender, RtcRtpTransceiverInit,
    RtcdtmfSender,
};

use super::microphone;
use super::mixer::settle;
use super::timer;
use super::transceivers::{self, AUDIO};
use crate::media::sdp::Direction;
use crate::media::sdp::plan::Plan;

/// How long a key is sent, and how long the silence after it, in milliseconds: what slow machines
/// at the other end still tell apart.
const KEY_LENGTH: u32 = 160;
const KEY_GAP: u32 = 70;
/// How long the browser has to send another track in the place of one.
const REPLACE_LIMIT: Duration = Duration::from_secs(5);

/// The microphone of a connection, and what decides whether it is heard.
#[derive(Debug)]
pub(super) struct Sending {
    /// What the far end takes our sound for a part of.
    stream: MediaStream,
    /// The tracks that were given to the connection, which it sends and stops.
    tracks: RefCell<Vec<MediaStreamTrack>>,
    muted: Cell<bool>,
    /// Something is sent in the place of the microphone.
    replaced: Cell<bool>,
    /// Whether the microphone and the speaker are this call's.
    heard: Cell<bool>,
    /// What the last description wants, and what was agreed on before it.
    plan: Cell<Plan>,
    agreed: Cell<Plan>,
}

impl Sending {
    /// Nothing yet; what is sent belongs to `stream`.
    pub(super) fn new(stream: MediaStream) -> Self {
        Self {
            stream,
            tracks: RefCell::default(),
            muted: Cell::new(false),
            replaced: Cell::new(false),
            heard: Cell::new(true),
            plan: Cell::new(Plan::OPEN),
            agreed: Cell::new(Plan::OPEN),
        }
    }

    /// Makes the first description say that we are heard, before there is a microphone.
    pub(super) fn arrange(&self, connection: &RtcPeerConnection) {
        let streams = Array::of1(&self.stream);
        let known = transceivers::of_kind(connection, AUDIO).into_iter().next();
        let transceiver = known.unwrap_or_else(|| {
            let init = RtcRtpTransceiverInit::new();
            init.set_streams(&streams);
            connection.add_transceiver_with_str_and_init(AUDIO, &init)
        });
        transceiver.set_direction(transceivers::to_js(self.plan.get().sound));
        let sender = transceiver.sender();
        transceivers::set_streams(&sender, &streams);
        if let Some(track) = self.microphone() {
            settle(sender.replace_track(Some(&track)));
        }
    }

    /// Has the tracks of `stream` take the place of those that were given before, if any, without a new
    /// description, and lets go of these when they are sent no more.
    pub(super) async fn give(&self, connection: &RtcPeerConnection, stream: &MediaStream) {
        let new: Vec<_> = microphone::audio_tracks(stream).collect();
        let old = self.tracks.replace(new);
        self.open();
        if !self.replaced.get()
            && let (Some(sender), Some(track)) = (senders(connection).next(), self.microphone())
        {
            // It fails only where the connection is closed meanwhile, and may not settle then.
            let replaced = JsFuture::from(sender.replace_track(Some(&track)));
            let _ = timer::within(REPLACE_LIMIT, replaced).await;
        }
        for track in old {
            track.stop();
        }
    }

    /// Sends `track` from now on, without a new description, or the microphone again.
    pub(super) fn send_instead(
        &self,
        connection: &RtcPeerConnection,
        track: Option<&MediaStreamTrack>,
    ) {
        self.replaced.set(track.is_some());
        let Some(sender) = senders(connection).next() else { return };
        settle(sender.replace_track(track.or(self.microphone().as_ref())));
    }

    /// The microphone.
    pub(super) fn microphone(&self) -> Option<MediaStreamTrack> {
        // The handle is copied, and not the track, as its own `clone` would.
        self.tracks.borrow().first().cloned()
    }

    /// Has the next description say what is planned for the sound.
    pub(super) fn turn(&self, connection: &RtcPeerConnection, plan: Plan) {
        self.agreed.set(self.plan.replace(plan));
        self.open();
        transceivers::turn(connection, AUDIO, plan.sound);
    }

    /// Takes the plan of that description back.
    pub(super) fn turn_back(&self, connection: &RtcPeerConnection) {
        self.plan.set(self.agreed.get());
        self.open();
        transceivers::turn(connection, AUDIO, self.agreed.get().sound);
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
        self.open();
    }

    pub(super) fn set_heard(&self, heard: bool) {
        self.heard.set(heard);
        self.open();
    }

    /// Whether the far end may hear us, muted or not.
    pub(super) fn may_be_heard(&self) -> bool {
        self.plan.get().sound == Direction::SendRecv && self.heard.get()
    }

    /// What the next description is to say.
    pub(super) fn plan(&self) -> Plan {
        self.plan.get()
    }

    /// Lets go of the microphone.
    pub(super) fn stop(&self) {
        for track in self.tracks.take() {
            track.stop();
        }
    }

    /// The microphone is sent unless it is muted or the far end is on hold.
    fn open(&self) {
        let open = self.may_be_heard() && !self.muted.get();
        for track in &*self.tracks.borrow() {
            track.set_enabled(open);
        }
    }
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

/// What sends the sound.
fn senders(connection: &RtcPeerConnection) -> impl Iterator<Item = RtcRtpSender> {
    transceivers::of_kind(connection, AUDIO).into_iter().map(|transceiver| transceiver.sender())
}
