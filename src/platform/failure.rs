//! What a JavaScript exception says about itself.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The `name` of an `Error` or `DOMException`, empty if it has none.
pub(super) fn name(error: &JsValue) -> String {
    text(error, "name")
}

/// The `message` of an `Error` or `DOMException`, preceded by its name, for logs and details.
pub(super) fn describe(error: &JsValue) -> String {
    let mut description = name(error);
    let message = text(error, "message");
    if !description.is_empty() && !message.is_empty() {
        description.push_str(": ");
    }
    description.push_str(&message);
    description
}

fn text(error: &JsValue, key: &str) -> String {
    Reflect::get(error, &JsValue::from_str(key))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}
