//! The service worker of the page (`assets/worker.js`), which outlives it by some seconds.

use super::page::set;
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::ServiceWorker;

/// Leaves last words with the worker: it sends these frames to the WebSocket server at `url` after a
/// while, unless another page calls [`come_back`] before. False where there is no worker.
pub fn leave(url: &str, frames: &[Vec<u8>]) -> bool {
    let words = Object::new();
    let frames: Array = frames.iter().map(|frame| Uint8Array::from(frame.as_slice())).collect();
    set(&words, "url", &url.into());
    set(&words, "frames", &frames);
    tell("leave", &words)
}

/// Whether there is one.
pub fn is_there() -> bool {
    controller().is_some()
}

/// Has the worker wait with the last words of the page before.
pub fn come_back() {
    tell("back", &JsValue::TRUE);
}

/// Has the worker say them all the same, after a while: this page goes before it could go on.
pub fn wait_again() {
    tell("again", &JsValue::TRUE);
}

/// The last words of the page before are needed no more, or are sent now.
pub fn settle(send: bool) {
    tell("settle", &send.into());
}

fn tell(what: &str, value: &JsValue) -> bool {
    let message = Object::new();
    set(&message, what, value);
    controller().is_some_and(|worker| worker.post_message(&message).is_ok())
}

fn controller() -> Option<ServiceWorker> {
    let container = web_sys::window()?.navigator().service_worker();
    // Where the page may have no worker, there is no container either.
    let is_there = !AsRef::<JsValue>::as_ref(&container).is_undefined();
    is_there.then(|| container.controller()).flatten()
}
