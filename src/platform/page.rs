//! The page the phone lives in: its address, languages, title and events.

use super::{clock, permissions};
use js_sys::{Object, Promise, Reflect};
use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CustomEvent, CustomEventInit, Document, Event, EventTarget, HtmlVideoElement, UrlSearchParams,
};

/// How soon after `pagehide` Firefox has broken off what runs: 6 ms at most where it was watched.
const BREAK: Duration = Duration::from_millis(20);

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

/// The text of `config.json`, which index.html has begun to fetch, or what it said last; empty where there is
/// none.
pub async fn config() -> String {
    let begun = web_sys::window().and_then(|window| Reflect::get(&window, &"config".into()).ok());
    let Some(begun) = begun.and_then(|begun| begun.dyn_into::<Promise>().ok()) else {
        return String::new();
    };
    JsFuture::from(begun).await.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Tells whoever hosts the page what is wrong, in the browser's console.
pub fn complain(words: &str) {
    web_sys::console::error_1(&words.into());
}

/// Sets the title that the tab shows.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// The language that the `html` element declares, as a BCP 47 tag.
pub fn language() -> Option<String> {
    document()?.document_element()?.get_attribute("lang")
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

/// Whether a picture can be lifted out of the page. Firefox has a button of its own for it.
pub fn has_picture_in_picture() -> bool {
    document().is_some_and(|document| {
        let enabled = Reflect::get(&document, &JsValue::from_str("pictureInPictureEnabled"));
        enabled.is_ok_and(|enabled| enabled.is_truthy())
    })
}

/// Lifts a picture out of the page, or puts it back; to be called from the handler of a click or
/// key.
pub fn toggle_picture_in_picture(picture: &HtmlVideoElement) {
    let Some(document) = document() else { return };
    let lifted = Reflect::get(&document, &JsValue::from_str("pictureInPictureElement"));
    let (object, method): (&JsValue, _) = match lifted {
        Ok(lifted) if lifted.is_truthy() => (document.as_ref(), "exitPictureInPicture"),
        _ => (picture.as_ref(), "requestPictureInPicture"),
    };
    if let Ok(method) = Reflect::get(object, &JsValue::from_str(method))
        && let Some(method) = method.dyn_ref::<js_sys::Function>()
        && let Ok(done) = method.call0(object)
    {
        // The browser refuses where the picture has not begun yet.
        super::mixer::settle(done.unchecked_into::<js_sys::Promise>());
    }
}

/// Whether the page came by `https:` or from the own computer, without which browsers offer no
/// microphone.
pub fn is_secure_context() -> bool {
    web_sys::window().is_some_and(|window| window.is_secure_context())
}

/// Whether the user, or the browser's settings, keep this page from the computers of the local
/// network, in a browser that asks (Chromium's Local Network Access). It drops their candidates
/// without a word.
pub async fn is_kept_from_local_network() -> bool {
    permissions::is_denied("local-network-access").await
}

/// Whether the page is used with a mouse or the like, rather than with fingers.
pub fn has_mouse() -> bool {
    web_sys::window().is_some_and(|window| {
        window.match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
    })
}

/// The host from which the page came, where that was not over HTTPS.
pub fn plain_host() -> Option<String> {
    web_sys::window()?.location().hostname().ok().filter(|_| !is_https())
}

/// Whether the page itself came by `https:`, so that browsers refuse plain `ws:` connections.
pub fn is_https() -> bool {
    web_sys::window().is_some_and(|window| {
        window.location().protocol().is_ok_and(|protocol| protocol == "https:")
    })
}

/// Whether the computer has a network, as far as the browser knows.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
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

/// Sets a property of a plain object, which takes any.
pub(super) fn set(object: &Object, name: &str, value: &JsValue) {
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

/// Hears when the page goes away, when there is just time for last words.
///
/// A moment after its tab has been closed, Firefox breaks off what then runs in the page: once,
/// and at any place, so that what was begun may never be ended. A wait takes that, and the callback
/// follows in the last event.
pub fn on_leave(callback: impl Fn() + 'static) -> Vec<Listener> {
    if !is_firefox() {
        return vec![Listener::on_window("pagehide", move |_| callback())];
    }
    let callback = Rc::new(callback);
    let last = Rc::clone(&callback);
    let hide = move |event: Event| {
        if was_kept(&event) {
            return callback(); // There will be no last event.
        }
        let end = clock::now() + BREAK;
        while clock::now() < end {}
    };
    vec![Listener::on_window("pagehide", hide), Listener::on_window("unload", move |_| last())]
}

/// Whether the browser keeps the page as it is, or had kept it, by its `pagehide` or `pageshow`.
pub fn was_kept(event: &Event) -> bool {
    Reflect::get(event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy())
}

/// Shows the sign-in form, which index.html hides from who seems to be signed in.
pub fn show_form() {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        root.set_class_name("");
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A page that is going away is not loaded again.
        let _ = window.location().reload();
    }
}

fn is_firefox() -> bool {
    let own = JsValue::from_str("mozInnerScreenX");
    web_sys::window().is_some_and(|window| Reflect::has(&window, &own).unwrap_or_default())
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
