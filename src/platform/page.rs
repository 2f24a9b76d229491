//! The page the phone lives in: its address, languages, title and events.

use js_sys::{Object, Reflect};
use std::borrow::Cow;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Document, Event, EventTarget, UrlSearchParams};

/// The value of `name` in the query of the page's address (`?lang=es`), decoded.
pub fn query_parameter(name: &str) -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

/// The languages the person prefers, best first, as BCP 47 tags (`es-CO`, `en`).
pub fn languages() -> Vec<String> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let languages = window.navigator().languages();
    (0..languages.length()).filter_map(|index| languages.get(index).as_string()).collect()
}

/// The language tag by which dates and times are written: the person's own variety of the
/// language `tag`, where it is known.
pub fn variety(tag: &str) -> String {
    let is_same = |own: &String| own.split('-').next() == Some(tag);
    languages().into_iter().find(is_same).unwrap_or_else(|| tag.to_owned())
}

/// The content of `<meta name="…" content="…">`, or `None` if the page has none by that name.
/// `name` must be free of quotation marks and backslashes.
pub fn meta(name: &str) -> Option<String> {
    let selector = ["meta[name=\"", name, "\"]"].concat();
    document()?.query_selector(&selector).ok().flatten()?.get_attribute("content")
}

/// Sets the title that the tab shows.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Declares the language of the page's text, as a BCP 47 tag, on the `html` element, for screen
/// readers, hyphenation and translators.
pub fn set_language(tag: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // The name of the attribute is valid, and any value is.
        let _ = root.set_attribute("lang", tag);
    }
}

/// Whether this browser can carry a call at all.
pub fn has_webrtc() -> bool {
    web_sys::window()
        .and_then(|window| Reflect::get(&window, &JsValue::from_str("RTCPeerConnection")).ok())
        .is_some_and(|constructor| constructor.is_function())
}

/// Whether the page came by `https:` or from the own computer, without which browsers offer no
/// microphone.
pub fn is_secure_context() -> bool {
    web_sys::window().is_some_and(|window| window.is_secure_context())
}

/// Whether the page is used with a mouse or the like, rather than with fingers.
pub fn has_mouse() -> bool {
    web_sys::window().is_some_and(|window| {
        window.match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
    })
}

/// Whether the page itself came by `https:`, so that browsers refuse plain `ws:` connections.
pub fn is_https() -> bool {
    web_sys::window().is_some_and(|window| {
        window.location().protocol().is_ok_and(|protocol| protocol == "https:")
    })
}

/// Whether the page is on the screen, rather than in a tab behind another.
pub fn is_visible() -> bool {
    document().is_some_and(|document| !document.hidden())
}

/// Tells scripts of the page that somebody calls, by the event `webphone-incoming` on the window.
/// Its detail has the caller's `name` and `address`, each `null` where it is not known, and the
/// `headers` of the call as an object.
pub fn announce_call(name: Option<&str>, address: Option<&str>, headers: &[(String, String)]) {
    let text = |text: Option<&str>| text.map_or(JsValue::NULL, JsValue::from_str);
    let named = Object::new();
    for (name, value) in headers {
        set(&named, name, &JsValue::from_str(value));
    }
    let detail = Object::new();
    set(&detail, "name", &text(name));
    set(&detail, "address", &text(address));
    set(&detail, "headers", &named);
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    let event = CustomEvent::new_with_event_init_dict("webphone-incoming", &init);
    if let (Some(window), Ok(event)) = (web_sys::window(), event) {
        // Only an event that is under way already could not be dispatched.
        let _ = window.dispatch_event(&event);
    }
}

/// Sets a property of an object that was made here, which takes any.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A callback for one kind of event, which ends when this value is dropped.
#[derive(Debug)]
pub struct Listener {
    target: Option<EventTarget>,
    kind: Cow<'static, str>,
    callback: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Listens on the window: `pagehide`, `online`, `offline`, `keydown`, `pointerdown`.
    pub fn on_window(kind: &'static str, callback: impl Fn(Event) + 'static) -> Self {
        Self::on(web_sys::window().map(JsCast::unchecked_into), kind.into(), Box::new(callback))
    }

    /// Listens on the document: `visibilitychange`.
    pub fn on_document(kind: &'static str, callback: impl Fn(Event) + 'static) -> Self {
        Self::on(document().map(JsCast::unchecked_into), kind.into(), Box::new(callback))
    }

    /// Listens on something in the page, if it is there.
    pub fn on(
        target: Option<EventTarget>,
        kind: Cow<'static, str>,
        callback: Box<dyn Fn(Event)>,
    ) -> Self {
        let callback = Closure::wrap(callback);
        if let Some(target) = &target {
            // Adding a function under a name has no way to fail.
            let _ =
                target.add_event_listener_with_callback(&kind, callback.as_ref().unchecked_ref());
        }
        Self { target, kind, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(target) = &self.target {
            let _ = target.remove_event_listener_with_callback(
                &self.kind,
                self.callback.as_ref().unchecked_ref(),
            );
        }
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
