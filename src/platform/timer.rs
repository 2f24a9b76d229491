//! Timers that end with the value that holds them.
//!
//! Browsers delay them in hidden tabs, to once a second and in some cases to once a minute, and
//! round their clocks, so whoever is called must look at the clock rather than trust the delay.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// A callback that runs once, unless this value is dropped before.
#[derive(Debug)]
pub struct Timeout {
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `callback` once, when `after` has passed. The callback may drop its own timer.
    pub fn new(after: Duration, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let id = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    milliseconds(after),
                )
                .ok()
        });
        Self { id, _callback: callback }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (web_sys::window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
    }
}

/// A callback that runs again and again until this value is dropped.
#[derive(Debug)]
pub struct Interval {
    id: Option<i32>,
    _callback: Closure<dyn FnMut()>,
}

impl Interval {
    /// Calls `callback` every `period`, for the first time after one period. The callback may
    /// drop its own timer.
    pub fn new(period: Duration, callback: impl FnMut() + 'static) -> Self {
        let callback = Closure::<dyn FnMut()>::new(callback);
        let id = web_sys::window().and_then(|window| {
            window
                .set_interval_with_callback_and_timeout_and_arguments_0(
                    callback.as_ref().unchecked_ref(),
                    milliseconds(period),
                )
                .ok()
        });
        Self { id, _callback: callback }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (web_sys::window(), self.id) {
            window.clear_interval_with_handle(id);
        }
    }
}

/// Waits for `time`. Dropping the future ends its timer.
pub async fn sleep(time: Duration) {
    enum Sleep {
        Running(Option<Waker>),
        Over,
    }
    let state = Rc::new(RefCell::new(Sleep::Running(None)));
    let alarm = Rc::clone(&state);
    let _timer = Timeout::new(time, move || {
        if let Sleep::Running(Some(waker)) = alarm.replace(Sleep::Over) {
            waker.wake();
        }
    });
    poll_fn(|context| {
        let mut state = state.borrow_mut();
        match *state {
            Sleep::Over => Poll::Ready(()),
            Sleep::Running(ref mut waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await;
}

/// `time` in whole milliseconds, rounded up so that a timer is not set again and again for what
/// is left of a millisecond, and no more than the 24.8 days that a browser can count.
fn milliseconds(time: Duration) -> i32 {
    i32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
}
