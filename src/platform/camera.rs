//! Opening the camera and the screen, and why they cannot be opened.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamTrack};

use super::failure;
use super::held::hold;
use super::microphone::media_devices;
use crate::media::devices::PictureFailure;

/// What is asked of a camera: a picture that is sharp on any screen and fits through most lines.
const WANTED: &str = r#"{"video":{"width":{"ideal":1280},"height":{"ideal":720},"frameRate":{"ideal":30,"max":30}}}"#;

/// Opens the camera of this id, or else the one that looks at the user or away, asking the person if
/// need be.
///
/// # Errors
/// See [`PictureFailure`].
pub async fn open(device: Option<&str>, back: bool) -> Result<MediaStreamTrack, PictureFailure> {
    let devices = media_devices().ok_or(PictureFailure::PageNotSecure)?;
    let wanted = JSON::parse(WANTED).map_err(meaning)?;
    let video = Reflect::get(&wanted, &"video".into()).map_err(meaning)?;
    // Setting a property of a fresh object cannot fail.
    let _ = match device {
        Some(id) => {
            let exact = Object::new();
            let _ = Reflect::set(&exact, &"exact".into(), &id.into());
            Reflect::set(&video, &"deviceId".into(), &exact)
        }
        None => {
            let facing = if back { "environment" } else { "user" };
            Reflect::set(&video, &"facingMode".into(), &facing.into())
        }
    };
    let promise =
        devices.get_user_media_with_constraints(wanted.unchecked_ref()).map_err(meaning)?;
    track_of(JsFuture::from(promise).await.map_err(meaning)?)
}

/// Whether this browser can show the screen: those of telephones cannot.
pub fn can_share_screen() -> bool {
    let devices = media_devices();
    devices.is_some_and(|devices| {
        let offers = Reflect::get(&devices, &"getDisplayMedia".into());
        offers.is_ok_and(|offers| offers.is_function())
    })
}

/// Has the user choose a screen, a window or a page; to be called from the handler of a click or
/// key.
///
/// # Errors
/// See [`PictureFailure`]; whoever chooses nothing refuses.
pub async fn open_screen() -> Result<MediaStreamTrack, PictureFailure> {
    let devices = media_devices().ok_or(PictureFailure::PageNotSecure)?;
    let promise = devices.get_display_media().map_err(meaning)?;
    track_of(JsFuture::from(promise).await.map_err(meaning)?)
}

fn track_of(stream: JsValue) -> Result<MediaStreamTrack, PictureFailure> {
    hold(&stream);
    let tracks: Array = stream.unchecked_into::<MediaStream>().get_video_tracks().unchecked_into();
    tracks.get(0).dyn_into().map_err(|_| PictureFailure::Broken)
}

fn meaning(error: impl Into<JsValue>) -> PictureFailure {
    match failure::name(&error.into()).as_str() {
        "NotAllowedError" | "SecurityError" => PictureFailure::Refused,
        "NotFoundError" | "OverconstrainedError" => PictureFailure::NotFound,
        "NotReadableError" | "AbortError" => PictureFailure::InUse,
        _ => PictureFailure::Broken,
    }
}
