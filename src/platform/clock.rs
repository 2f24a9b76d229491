//! The two clocks of the page.
//!
//! Intervals are measured by the monotonic clock only; the time of day jumps when the computer's
//! clock is set, and serves for display alone.

use std::time::Duration;

use crate::time::Instant;

/// How long before the page's start a moment may lie: calls may be older than their page.
const BEFORE: Duration = Duration::from_secs(7 * 24 * 3600);

/// The time since the page started and a while before it, by `performance.now()`. It never goes back.
///
/// Browsers round it, Firefox to 1 ms. Whether it counts the time a computer sleeps differs
/// between browsers and systems.
pub fn now() -> Instant {
    let milliseconds = web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(wall_clock_ms, |performance| performance.now());
    // The cast saturates, so no value of the browser's can make this fail.
    Instant::from_duration(BEFORE + Duration::from_micros((milliseconds * 1000.0) as u64))
}

/// The time of day, in milliseconds since 1970-01-01 UTC, by `Date.now()`.
pub fn wall_clock_ms() -> f64 {
    js_sys::Date::now()
}
