//! Fetching the credentials of TURN servers, which are good for a while only.

use js_sys::{Array, Reflect};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestInit, Response};

use super::timer::Timeout;
use crate::media::ice::{Grant, IceServer};

/// Fetches credentials from `url`, which answers with JSON: in the form of
/// draft-uberti-behave-turn-rest (`username`, `password`, `ttl`, `uris`), as the browser's own list
/// of `RTCIceServer`s, or as an object that has such a list, or one of them, as `iceServers`.
/// `None` where there is no such answer within `limit`.
pub async fn fetch(url: &str, limit: Duration) -> Option<Grant> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    let controller = AbortController::new().ok()?;
    request.set_signal(Some(&controller.signal()));
    let _timer = Timeout::new(limit, move || controller.abort());
    let answer = web_sys::window()?.fetch_with_str_and_init(url, &request);
    let response: Response = JsFuture::from(answer).await.ok()?.unchecked_into();
    if !response.ok() {
        return None;
    }
    let json = JsFuture::from(response.json().ok()?).await.ok()?;
    Some(grant(&json))
}

fn grant(json: &JsValue) -> Grant {
    let list = first(json, &["iceServers", "ice_servers"]).unwrap_or_else(|| json.clone());
    let entries = if Array::is_array(&list) { Array::from(&list) } else { Array::of1(&list) };
    let servers = entries.iter().map(|entry| {
        let urls = first(&entry, &["urls", "uris", "url"]).unwrap_or_default();
        let urls = if Array::is_array(&urls) { Array::from(&urls) } else { Array::of1(&urls) };
        let text = |names| first(&entry, names).and_then(|value| value.as_string());
        IceServer {
            urls: urls.iter().filter_map(|url| url.as_string()).collect(),
            username: text(&["username"]).unwrap_or_default(),
            credential: text(&["credential", "password"]).unwrap_or_default(),
        }
    });
    let servers = servers.filter(|server| *server != IceServer::default()).collect();
    // A string in some services.
    let ttl = first(json, &["ttl"]).map(|ttl| ttl.unchecked_into_f64() as u64);
    Grant { servers, ttl }
}

/// The first of these properties that is there.
fn first(object: &JsValue, names: &[&str]) -> Option<JsValue> {
    let values = names.iter().filter_map(|name| Reflect::get(object, &(*name).into()).ok());
    values.into_iter().find(|value| !value.is_undefined() && !value.is_null())
}
