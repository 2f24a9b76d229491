//! What would go on without the telephone: its connections, its microphone, its sound, its lock.
//! index.html closes it once the telephone has failed inside, and whatever is opened after that: what
//! is left of the telephone may still run, where nobody sees it.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Has the page close this then, or call it where it is a function.
pub(super) fn hold(thing: &JsValue) {
    // A page that offers no such thing keeps nothing.
    let _ = page_hold(thing);
}

/// Whether the telephone has failed: what still runs of it has no say any more.
pub fn is_over() -> bool {
    page_hold(&JsValue::UNDEFINED).unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = hold)]
    fn page_hold(thing: &JsValue) -> Result<bool, JsValue>;
}
