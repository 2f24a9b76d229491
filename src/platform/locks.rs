//! What one page of the browser does alone, and the others can see: the Web Locks API. A lock ends
//! with the page that holds it, however that ends.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::held::{hold, is_over};
use super::mixer::settle;
use super::page::set;
use std::cell::Cell;
use std::rc::Rc;

/// A lock that this page holds until it is dropped.
#[derive(Debug)]
pub struct Lock {
    release: Option<Function>,
}

impl Lock {
    /// Takes the lock of this name. A browser without locks has none to be seen.
    pub fn hold(name: &str) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |done, _| release = Some(done));
        let granted = Closure::once_into_js(move |_: JsValue| held);
        if let Some(requested) = call("request", &[name.into(), granted]) {
            settle(requested);
        }
        Self { release }
    }
}

/// How a lock is asked for that another page may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Only if no page holds it.
    IfFree,
    /// As soon as no page holds it.
    InTurn,
    /// At once, whoever holds it.
    AtOnce,
}

impl Lock {
    /// Takes the lock of this name; `None` where it is not free. `on_lost` is called when another page
    /// has taken it away. A browser without locks gives it to everybody.
    pub async fn claim(name: &str, claim: Claim, on_lost: impl FnOnce() + 'static) -> Option<Self> {
        let mut release = None;
        let held = Promise::new(&mut |done, _| release = Some(done));
        let mut granted = None;
        let waits = Promise::new(&mut |done, _| granted = Some(done));
        let (granted, was_granted) = (granted?, Rc::new(Cell::new(false)));
        let (grant, grants) = (granted.clone(), was_granted.clone());
        let given = Closure::once_into_js(move |lock: JsValue| {
            grants.set(lock.is_truthy());
            // A function that settles a promise does not throw.
            let _ = grant.call1(&JsValue::UNDEFINED, &lock.is_truthy().into());
            if lock.is_truthy() { held.into() } else { JsValue::NULL }
        });
        let options = Object::new();
        let (option, on) = match claim {
            Claim::IfFree => ("ifAvailable", true),
            Claim::InTurn => ("steal", false),
            Claim::AtOnce => ("steal", true),
        };
        set(&options, option, &on.into());
        let Some(requested) = call("request", &[name.into(), options.into(), given]) else {
            return Some(Self { release: None });
        };
        wasm_bindgen_futures::spawn_local(async move {
            if JsFuture::from(requested).await.is_ok() {
            } else if was_granted.get() {
                on_lost();
            } else {
                // The browser gives this page no locks, as where site data is blocked.
                let _ = granted.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
            }
        });
        let is_ours = JsFuture::from(waits).await.is_ok_and(|granted| granted.is_truthy());
        if let Some(release) = release.as_ref().filter(|_| is_ours) {
            hold(release);
        }
        (is_ours && !is_over()).then_some(Self { release })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // A function that settles a promise does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// The names of the locks that the pages of this origin hold.
pub async fn held() -> Vec<String> {
    let Some(query) = call("query", &[]) else { return Vec::new() };
    let found = JsFuture::from(query).await.and_then(|found| get(&found, "held"));
    let Ok(found) = found.map(JsCast::unchecked_into::<Array>) else { return Vec::new() };
    found.iter().filter_map(|lock| get(&lock, "name").ok()?.as_string()).collect()
}

/// Calls a method of `navigator.locks`, which web-sys has as unstable only.
fn call(method: &str, arguments: &[JsValue]) -> Option<Promise> {
    let locks = get(&web_sys::window()?.navigator(), "locks").ok()?;
    let method: Function = get(&locks, method).ok()?.dyn_into().ok()?;
    method.apply(&locks, &arguments.iter().collect()).ok()?.dyn_into().ok()
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &JsValue::from_str(name))
}
