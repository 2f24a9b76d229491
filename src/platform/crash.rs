//! What is said of a failure inside: a panic ends the telephone, and index.html says so.

use js_sys::Reflect;

/// Has the page, and the console, say where a panic was and why.
pub fn report() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(window) = web_sys::window() {
            // A property that nobody else has.
            let _ = Reflect::set(&window, &"crash".into(), &panic.to_string().into());
        }
        console_error_panic_hook::hook(panic);
    }));
}
