//! Timers for a page that nobody looks at. Browsers delay the page's own, in the end by a minute, and
//! leave those of a worker alone.

use super::page;
use js_sys::{Array, Function};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};

/// The file of the worker, beside the page.
const FILE: &str = "timers.js";

thread_local! {
    static CLOCK: Clock = Clock::default();
}

/// The worker, and whom it is to call.
#[derive(Default)]
struct Clock {
    worker: RefCell<Option<Worker>>,
    /// It has said that it is there: its file may be missing, or the page's policy forbid it.
    is_ready: Cell<bool>,
    last: Cell<u32>,
    waiting: RefCell<Vec<(u32, Function)>>,
}

/// Has timers that begin from now on be on time while the page is hidden. `on_ready` is called once
/// they are; what was begun before should begin again then. Only the first call does anything.
pub fn keep_time(on_ready: impl Fn() + 'static) {
    CLOCK.with(|clock| {
        if clock.worker.borrow().is_some() {
            return;
        }
        let Ok(worker) = Worker::new(FILE) else { return };
        let called = move |event: MessageEvent| {
            let id = event.data().as_f64().unwrap_or_default() as u32;
            if id == 0 {
                CLOCK.with(|clock| clock.is_ready.set(true));
                on_ready();
            } else if let Some(callback) = CLOCK.with(|clock| clock.take(id)) {
                // The page hears of what is thrown, as in a timer of its own.
                if let Err(error) = callback.call0(&JsValue::UNDEFINED) {
                    wasm_bindgen::throw_val(error);
                }
            }
        };
        // The worker lives as long as the page.
        let called = Closure::<dyn Fn(MessageEvent)>::new(called).into_js_value();
        worker.set_onmessage(Some(called.unchecked_ref()));
        clock.worker.replace(Some(worker));
    });
}

/// Whether the page's own timers would be late now, and the worker's are there.
pub(super) fn is_needed() -> bool {
    !page::is_visible() && CLOCK.with(|clock| clock.is_ready.get())
}

/// Begins a timer of so many milliseconds where the worker [is needed](is_needed).
pub(super) fn begin(callback: &Function, milliseconds: u32) -> u32 {
    CLOCK.with(|clock| {
        let id = clock.last.get().wrapping_add(1).max(1);
        clock.last.set(id);
        clock.waiting.borrow_mut().push((id, callback.clone()));
        if let Some(worker) = clock.worker.borrow().as_ref() {
            // Numbers are always cloned.
            let _ = worker.post_message(&Array::of2(&id.into(), &milliseconds.into()));
        }
        id
    })
}

/// Nobody waits for this timer any more.
pub(super) fn end(id: u32) {
    CLOCK.with(|clock| clock.take(id));
}

impl Clock {
    fn take(&self, id: u32) -> Option<Function> {
        let mut waiting = self.waiting.borrow_mut();
        let index = waiting.iter().position(|(waiting, _)| *waiting == id)?;
        Some(waiting.swap_remove(index).1)
    }
}
