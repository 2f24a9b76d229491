//! What would go on without the telephone: its connections, its microphone, its sound. index.html
//! closes it once the telephone has failed inside, which then can do nothing itself.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Has the page close this, if it is still open then.
pub(super) fn hold(thing: &JsValue) {
    // A page that offers no such thing keeps nothing.
    let _ = page_hold(thing);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = hold)]
    fn page_hold(thing: &JsValue) -> Result<(), JsValue>;
}
