//! The page's entry point.

#[cfg(target_arch = "wasm32")]
fn main() {
    webphone::ui::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("WebPhone runs in a browser: start it with `make run`.");
}
