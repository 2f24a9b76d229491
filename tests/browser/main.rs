//! Tests of `webphone::platform` inside a real browser, with its fake microphone.
#![cfg(target_arch = "wasm32")]

mod database;
mod hold;
mod json;
mod media;
mod mixer;
mod page;
mod pages;
mod recording;
mod socket;
mod sound;
mod support;
mod time;
mod view;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
