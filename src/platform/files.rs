//! Files that the user chooses to read, or is given to keep.

use std::time::Duration;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, TextDecoder, Url};

use super::timer::sleep;

/// Larger files are not read.
const LARGEST: f64 = 20_000_000.0;
/// By then a file that was given to the user has been fetched.
const SAVED: Duration = Duration::from_secs(60);

/// The bytes of the file that was chosen in a file field, which is then empty again. `None` where
/// there is none, it is too large or the browser cannot read it.
pub async fn chosen(field: &HtmlInputElement) -> Option<Vec<u8>> {
    let file = field.files()?.get(0)?;
    let bytes = (file.size() <= LARGEST).then(|| file.array_buffer());
    // The same file can be chosen once more.
    field.set_value("");
    let bytes = JsFuture::from(bytes?).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// The text of bytes in the character set of this name; `None` where the browser does not know it.
pub fn decode(charset: &str, bytes: &[u8]) -> Option<String> {
    TextDecoder::new_with_label(charset).ok()?.decode_with_u8_array(bytes).ok()
}

/// Gives the user a file of this text. Nothing happens where the browser does not allow it.
pub fn save(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    if let Ok(file) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save_file(name, &file);
    }
}

/// Gives the user a file. Nothing happens where the browser does not allow it.
pub fn save_file(name: &str, file: &Blob) {
    let Some(address) = Address::of(file) else { return };
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(Ok(link)) = document.map(|document| document.create_element("a")) {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&address.0);
        link.set_download(name);
        link.click();
    }
    spawn_local(async move {
        // Safari fetches it some time after the click.
        sleep(SAVED).await;
        drop(address);
    });
}

/// The address of a file in memory, under which the page can play it, until it is dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// The address of this file, where the browser gives one.
    pub fn of(file: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(file).ok().map(Self)
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        // An address that was made can be taken back.
        let _ = Url::revoke_object_url(&self.0);
    }
}
