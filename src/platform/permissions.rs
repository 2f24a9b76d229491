//! What the browser lets this page do: the Permissions API, and notifications of the system.

use crate::media::permissions::Permission;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions};

/// The browser's own account of a permission, which it keeps up to date. `None` where it knows no such
/// permission.
async fn query(name: &str) -> Option<JsValue> {
    let permissions = web_sys::window()?.navigator().permissions().ok()?;
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &name.into()).ok()?;
    // Browsers throw at names that they do not know.
    JsFuture::from(permissions.query(&descriptor).ok()?).await.ok()
}

/// Whether it is denied now.
pub async fn is_denied(name: &str) -> bool {
    query(name).await.is_some_and(|status| read(&status) == Permission::Denied)
}

/// Tells of a permission now, and of each change.
pub async fn follow(name: &str, tell: impl Fn(Permission) + 'static) {
    let Some(status) = query(name).await else { return };
    tell(read(&status));
    let followed = status.clone();
    let change = Closure::<dyn Fn()>::new(move || tell(read(&followed))).into_js_value();
    // What is called holds the account, so that neither is collected.
    let _ = Reflect::set(&status, &"onchange".into(), &change);
}

fn read(status: &JsValue) -> Permission {
    let state = Reflect::get(status, &"state".into()).ok().and_then(|state| state.as_string());
    match state.as_deref() {
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        _ => Permission::Asks,
    }
}

/// Has the browser ask the user whether it may show notifications, with a click.
pub fn ask_for_notifications() {
    // It has an answer of its own where it does not ask.
    let _ = Notification::request_permission();
}

/// A notification of the system. It goes when it is dropped, and a press on it shows the page.
#[derive(Debug)]
pub struct Shown {
    notification: Notification,
    _on_click: Closure<dyn Fn()>,
}

impl Shown {
    /// Shows it, until it is pressed or dropped, where the browser lets the page do that. Chromium on
    /// Android lets none.
    pub fn new(title: &str) -> Option<Self> {
        let options = NotificationOptions::new();
        options.set_require_interaction(true);
        // The telephone rings by itself.
        options.set_silent(Some(true));
        let notification = Notification::new_with_options(title, &options).ok()?;
        let on_click = Closure::<dyn Fn()>::new(|| {
            if let Some(window) = web_sys::window() {
                let _ = window.focus();
            }
        });
        notification.set_onclick(Some(on_click.as_ref().unchecked_ref::<Function>()));
        Some(Self { notification, _on_click: on_click })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.notification.close();
    }
}
