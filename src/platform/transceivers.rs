//! The streams of a connection, told apart by what they carry.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcPeerConnection, RtcRtpSender, RtcRtpTransceiver, RtcRtpTransceiverDirection};

use crate::media::sdp::Direction;

/// The kind of sound, as tracks name it.
pub(super) const AUDIO: &str = "audio";
/// The kind of pictures.
pub(super) const VIDEO: &str = "video";

/// The transceivers of this kind that are not stopped, the first one first. Firefox and Safari go on
/// listing the others, which bear no change, and Safari gives them another direction.
pub(super) fn of_kind(connection: &RtcPeerConnection, kind: &str) -> Vec<RtcRtpTransceiver> {
    let all = connection.get_transceivers().into_iter().map(JsCast::unchecked_into);
    let is_usable = |one: &RtcRtpTransceiver| {
        // A sender may have no track; a receiver always has one.
        one.receiver().track().kind() == kind
            && one.direction() != RtcRtpTransceiverDirection::Stopped
            && !one.stopped()
    };
    all.filter(is_usable).collect()
}

/// Has the next description say this direction for all transceivers of a kind.
pub(super) fn turn(connection: &RtcPeerConnection, kind: &str, direction: Direction) {
    let direction = to_js(direction);
    for transceiver in of_kind(connection, kind) {
        transceiver.set_direction(direction);
    }
}

/// Has the far end take what is sent for a part of these streams.
pub(super) fn set_streams(sender: &RtcRtpSender, streams: &Array) {
    // Old browsers have no `setStreams`, and web-sys does not know it.
    if let Ok(set) = Reflect::get(sender, &JsValue::from_str("setStreams"))
        && let Some(set) = set.dyn_ref::<Function>()
    {
        let _ = set.apply(sender, streams);
    }
}

/// A direction in the browser's form.
pub(super) fn to_js(direction: Direction) -> RtcRtpTransceiverDirection {
    match direction {
        Direction::SendRecv => RtcRtpTransceiverDirection::Sendrecv,
        Direction::SendOnly => RtcRtpTransceiverDirection::Sendonly,
        Direction::RecvOnly => RtcRtpTransceiverDirection::Recvonly,
        Direction::Inactive => RtcRtpTransceiverDirection::Inactive,
    }
}
