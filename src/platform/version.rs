//! Whether the page that runs is the one that the web server has.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response};

/// Whether the web server has another page than this one. False where it does not answer.
pub async fn is_outdated() -> bool {
    look().await.unwrap_or(false)
}

async fn look() -> Option<bool> {
    let window = web_sys::window()?;
    // Its name changes with its content.
    let script = window.document()?.query_selector("link[rel=modulepreload]").ok()??;
    let script = script.get_attribute("href")?;
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoCache);
    let answer = JsFuture::from(window.fetch_with_str_and_init(".", &request)).await.ok()?;
    let response: Response = answer.unchecked_into();
    if !response.ok() {
        return None;
    }
    let page = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // What is no page of ours says nothing, such as that of a network that wants to be paid.
    Some(page.contains("modulepreload") && !page.contains(&script))
}
