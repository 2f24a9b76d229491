//! The microphone's sound without its noise, where the user wants that. No call waits for it: each
//! begins with the sound as it is.

use super::Driver;
use crate::platform::{Capture, Denoiser};
use crate::station::{Input, Page};
use wasm_bindgen_futures::spawn_local;
use web_sys::MediaStreamTrack;

impl Driver {
    /// Has all who take from the microphone get its sound without noise, as soon as that is there.
    pub(super) fn denoise(&self) {
        let raw = {
            let inner = self.0.borrow();
            let wanted = inner.station.phone().settings().denoise;
            let capture = inner.microphone.capture.as_ref();
            let capture = capture.filter(|capture| wanted && capture.is_raw());
            // The handle is copied, and not the track, as its own `clone` would.
            capture.map(|capture| Clone::clone(capture.raw()))
        };
        let Some(raw) = raw else { return };
        let driver = self.clone();
        spawn_local(async move {
            let denoiser = Denoiser::of(&raw).await;
            driver.put_in_place(&raw, denoiser).await;
        });
    }

    async fn put_in_place(&self, raw: &MediaStreamTrack, denoiser: Option<Denoiser>) {
        let is_made = denoiser.is_some();
        {
            let inner = self.0.borrow();
            let wanted = inner.station.phone().settings().denoise;
            let capture = inner.microphone.capture.as_ref();
            let is_same = |capture: &Capture| capture.raw() == raw && capture.is_raw();
            let Some(capture) = capture.filter(|capture| wanted && is_same(capture)) else {
                return;
            };
            if let Some(denoiser) = denoiser {
                capture.send_instead(denoiser.track(), denoiser);
            }
        }
        if is_made {
            self.hand_out().await;
        } else {
            self.input(Input::Page(Page::NotDenoised));
        }
    }
}
