//! Random bytes from the browser's cryptographic generator.
//!
//! A phone must never run on predictable values, so the generator is tried once when it is opened
//! and a failure after that stops the running task instead of handing out zeros.

use wasm_bindgen::JsValue;
use web_sys::Crypto;

use crate::entropy::Entropy;

/// The most bytes that one `getRandomValues` gives (Web Cryptography §10.1.1).
const MOST_AT_ONCE: usize = 65_536;

/// The browser's cryptographic generator, `crypto.getRandomValues`.
#[derive(Debug, Clone)]
pub struct CryptoEntropy {
    crypto: Crypto,
}

/// This browser has no cryptographic generator; without one the telephone must not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoEntropy;

impl CryptoEntropy {
    /// Finds the generator and draws from it once.
    ///
    /// # Errors
    /// [`NoEntropy`] if the page has no `crypto` object or the draw fails.
    pub fn new() -> Result<Self, NoEntropy> {
        let crypto = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .filter(|crypto| !AsRef::<JsValue>::as_ref(crypto).is_undefined())
            .ok_or(NoEntropy)?;
        let entropy = Self { crypto };
        if entropy.draw(&mut [0; 16]) { Ok(entropy) } else { Err(NoEntropy) }
    }

    /// Fills `bytes`; false if the generator failed.
    fn draw(&self, bytes: &mut [u8]) -> bool {
        bytes
            .chunks_mut(MOST_AT_ONCE)
            .all(|chunk| self.crypto.get_random_values_with_u8_array(chunk).is_ok())
    }
}

impl Entropy for CryptoEntropy {
    /// Fills `bytes`.
    ///
    /// A generator that worked when it was opened has no documented way to fail. Should it fail
    /// all the same, a JavaScript exception ends the task that asked: no identifier or nonce is
    /// then made at all, rather than one that can be guessed.
    fn fill(&mut self, bytes: &mut [u8]) {
        if !self.draw(bytes) {
            wasm_bindgen::throw_str("crypto.getRandomValues failed");
        }
    }
}
