//! Opening and releasing the microphone, and why it cannot be opened.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ConstrainDomStringParameters, MediaDevices, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, MediaTrackConstraints,
};

use super::failure;
use super::held::hold;
use crate::media::devices::Treatment;

/// Why there is no microphone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MicrophoneError {
    /// The person, the system or the page's policy does not allow it (`NotAllowedError`).
    Refused,
    /// The computer has none (`NotFoundError`).
    NotFound,
    /// The one that was asked for is not there (`OverconstrainedError`).
    Gone,
    /// It is there and cannot be opened, mostly because another program holds it
    /// (`NotReadableError`).
    InUse,
    /// The browser's settings give no page a microphone (`SecurityError`).
    Forbidden,
    /// The page did not come by `https:` or from the own computer, so that the browser offers no
    /// microphone at all.
    InsecurePage,
    /// It failed (`AbortError`), or anything else, in the browser's words.
    Unavailable(String),
}

impl MicrophoneError {
    /// The meaning of a failed `getUserMedia` (Media Capture and Streams §10.2), by the `name`
    /// of its exception; `details` are kept for a name that has no meaning of its own.
    pub fn from_name(name: &str, details: String) -> Self {
        match name {
            "NotAllowedError" => Self::Refused,
            "NotFoundError" => Self::NotFound,
            "OverconstrainedError" => Self::Gone,
            "NotReadableError" => Self::InUse,
            "SecurityError" => Self::Forbidden,
            _ => Self::Unavailable(details),
        }
    }
}

/// Opens the microphone of this id, or the system's own, asking the person if need be. It may take
/// as long as the person takes to answer.
///
/// The stream is the caller's to [`stop`]; run the future to its end, for a question that is
/// already on the screen cannot be taken back.
///
/// # Errors
/// See [`MicrophoneError`].
pub async fn open(
    device: Option<&str>,
    treatment: Treatment,
) -> Result<MediaStream, MicrophoneError> {
    let window = web_sys::window().ok_or(MicrophoneError::InsecurePage)?;
    let devices = media_devices()
        .filter(|_| window.is_secure_context())
        .ok_or(MicrophoneError::InsecurePage)?;
    let wanted = MediaStreamConstraints::new();
    wanted.set_audio_media_track_constraints(&constraints(device, treatment));
    let promise = devices.get_user_media_with_constraints(&wanted).map_err(meaning)?;
    let stream = JsFuture::from(promise).await.map_err(meaning)?;
    hold(&stream);
    Ok(stream.unchecked_into())
}

/// The browser's devices, which it gives only to a page that is secure.
pub(super) fn media_devices() -> Option<MediaDevices> {
    let devices = web_sys::window()?.navigator().media_devices().ok()?;
    (!AsRef::<JsValue>::as_ref(&devices).is_undefined()).then_some(devices)
}

/// What is asked of a microphone.
pub(super) fn constraints(device: Option<&str>, treatment: Treatment) -> MediaTrackConstraints {
    let wanted = MediaTrackConstraints::new();
    wanted.set_echo_cancellation_bool(treatment.echo);
    wanted.set_noise_suppression_bool(treatment.noise);
    wanted.set_auto_gain_control_bool(treatment.gain);
    if let Some(id) = device {
        let exact = ConstrainDomStringParameters::new();
        exact.set_exact_str(id);
        wanted.set_device_id_constrain_dom_string_parameters(&exact);
    }
    wanted
}

/// Releases the microphone behind `stream`. Doing it twice does no harm.
pub fn stop(stream: &MediaStream) {
    for track in audio_tracks(stream) {
        track.stop();
    }
}

/// The audio tracks of `stream`.
pub(super) fn audio_tracks(stream: &MediaStream) -> impl Iterator<Item = MediaStreamTrack> {
    let tracks: Array = stream.get_audio_tracks().unchecked_into();
    (0..tracks.length()).map(move |index| tracks.get(index).unchecked_into())
}

fn meaning(error: impl Into<JsValue>) -> MicrophoneError {
    let error = error.into();
    MicrophoneError::from_name(&failure::name(&error), failure::describe(&error))
}
