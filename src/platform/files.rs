//! Files that the user chooses to read, or is given to keep.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

/// Larger files are not read.
const LARGEST: f64 = 20_000_000.0;

/// The text of the file that was chosen in a file field, which is then empty again. `None` where
/// there is none, it is too large or the browser cannot read it.
pub async fn chosen(field: &HtmlInputElement) -> Option<String> {
    let file = field.files()?.get(0)?;
    let text = (file.size() <= LARGEST).then(|| file.text());
    // The same file can be chosen once more.
    field.set_value("");
    JsFuture::from(text?).await.ok()?.as_string()
}

/// Gives the user a file. Nothing happens where the browser does not allow it.
pub fn save(name: &str, kind: &str, text: &str) {
    let _ = try_save(name, kind, text);
}

fn try_save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document {
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    Url::revoke_object_url(&address)
}
