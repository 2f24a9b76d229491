//! Timers that end with the value that holds them.
//!
//! Browsers delay them in hidden tabs, to once a second and in some cases to once a minute
//! ([`super::hidden`] has others), and round their clocks, so whoever is called must look at the clock
//! rather than trust the delay.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::hidden;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// A callback that runs once, unless this value is dropped before.
#[derive(Debug)]
pub struct Timeout {
    timer: Option<Timer>,
    _callback: Closure<dyn FnMut()>,
}

#[derive(Debug, Clone, Copy)]
enum Timer {
    Page(i32),
    Worker(u32),
}

impl Timeout {
    /// Calls `callback` once, when `after` has passed. The callback may drop its own timer.
    pub fn new(after: Duration, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let function: &Function = callback.as_ref().unchecked_ref();
        let time = milliseconds(after);
        let timer = hidden::begin(function, time).map(Timer::Worker).or_else(|| {
            let begun = web_sys::window()?
                .set_timeout_with_callback_and_timeout_and_arguments_0(function, time);
            begun.ok().map(Timer::Page)
        });
        Self { timer, _callback: callback }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        match (self.timer, web_sys::window()) {
            (Some(Timer::Page(id)), Some(window)) => window.clear_timeout_with_handle(id),
            (Some(Timer::Worker(id)), _) => hidden::end(id),
            _ => {}
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

/// Waits until the browser has done what it is about to do: for work that should not hold up what is
/// to be seen or sent. Unlike a timer it is not delayed in hidden tabs.
pub async fn next_task() {
    let next = Promise::new(&mut |resolve, _| match MessageChannel::new() {
        Ok(channel) => {
            channel.port1().set_onmessage(Some(&resolve));
            let _ = channel.port2().post_message(&JsValue::NULL);
        }
        Err(_) => {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(next).await;
}

/// The outcome of `future`, unless `time` passes before.
pub async fn within<T>(time: Duration, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut alarm) = (pin!(future), pin!(sleep(time)));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => alarm.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// `time` in whole milliseconds, rounded up so that a timer is not set again and again for what
/// is left of a millisecond, and no more than the 24.8 days that a browser can count.
fn milliseconds(time: Duration) -> i32 {
    i32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
}
