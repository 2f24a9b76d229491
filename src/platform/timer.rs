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
use gloo_timers::callback;
use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// A callback that runs once, unless this value is dropped before.
#[derive(Debug)]
pub struct Timeout {
    _timer: Timer,
}

#[derive(Debug)]
enum Timer {
    Page { _timeout: callback::Timeout },
    Worker { _hidden: Hidden },
}

/// A timer of the worker's.
#[derive(Debug)]
struct Hidden {
    id: u32,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `callback` once, when `after` has passed. The callback may drop its own timer.
    pub fn new(after: Duration, callback: impl FnOnce() + 'static) -> Self {
        let time = milliseconds(after);
        let timer = if hidden::is_needed() {
            let callback = Closure::once(callback);
            let id = hidden::begin(callback.as_ref().unchecked_ref(), time);
            Timer::Worker { _hidden: Hidden { id, _callback: callback } }
        } else {
            Timer::Page { _timeout: callback::Timeout::new(time, callback) }
        };
        Self { _timer: timer }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        hidden::end(self.id);
    }
}

/// A callback that runs again and again until this value is dropped.
#[derive(Debug)]
pub struct Interval {
    _interval: callback::Interval,
}

impl Interval {
    /// Calls `callback` every `period`, for the first time after one period. The callback may
    /// drop its own timer.
    pub fn new(period: Duration, callback: impl FnMut() + 'static) -> Self {
        Self { _interval: callback::Interval::new(milliseconds(period), callback) }
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
fn milliseconds(time: Duration) -> u32 {
    const LONGEST: u32 = i32::MAX as u32;
    u32::try_from(time.as_micros().div_ceil(1000)).map_or(LONGEST, |time| time.min(LONGEST))
}
