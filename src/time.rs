//! A point in time, counted from an origin that only the caller knows.
//!
//! `std::time::Instant::now()` panics on `wasm32-unknown-unknown`, and the core must run under a
//! fake clock in tests, so time is a plain value that is handed in.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment, as the time that has passed since the clock's origin (the page's start, a test's
/// start).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(Duration);

impl Instant {
    /// The moment that lies `since_origin` after the origin.
    pub const fn from_duration(since_origin: Duration) -> Self {
        Self(since_origin)
    }

    /// The time from the origin to this moment.
    pub const fn since_origin(self) -> Duration {
        self.0
    }

    /// The moment that lies so long before this one, or the origin if that is later.
    pub const fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span))
    }

    /// The time from `earlier` to this moment, or zero if `earlier` is not earlier.
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, rhs: Instant) -> Duration {
        self.since(rhs)
    }
}
