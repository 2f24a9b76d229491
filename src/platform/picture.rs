//! A picture on the page: an element that shows one track, and plays no sound.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack};

use super::mixer::settle;

/// A video element, which whoever shows it puts into the page.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    element: HtmlVideoElement,
}

impl Picture {
    pub(super) fn new() -> Result<Self, JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let element = document.ok_or(JsValue::NULL)?.create_element("video")?;
        let element: HtmlVideoElement = element.unchecked_into();
        element.set_autoplay(true);
        element.set_muted(true);
        // Without it an iPhone would show it in full screen, in the place of the page.
        element.set_attribute("playsinline", "")?;
        Ok(Self { element })
    }

    /// Shows this track, or nothing.
    pub(super) fn show(&self, track: Option<&MediaStreamTrack>) {
        let stream = track.and_then(|track| MediaStream::new_with_tracks(&Array::of1(track)).ok());
        self.element.set_src_object(stream.as_ref());
        self.play();
    }

    /// Plays on, as browsers pause what is moved in the page.
    pub(super) fn play(&self) {
        if self.element.src_object().is_some()
            && let Ok(playing) = self.element.play()
        {
            settle(playing);
        }
    }

    pub(super) fn element(&self) -> &HtmlVideoElement {
        &self.element
    }
}
