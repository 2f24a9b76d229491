//! Waiting inside a peer connection: for a promise of the browser's, for candidates, and never
//! beyond the connection's end.
//!
//! A closed peer connection leaves its promises pending for ever (WebRTC §4.4.1.2), which would
//! keep the waiting future, and with it the connection, alive. Every wait here ends on closing.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::clock;
use super::timer::Timeout;
use crate::media::gathering::{CandidateWait, Found};
use crate::time::Instant;

/// The waits of one peer connection.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    wait: RefCell<Option<(Instant, CandidateWait)>>,
    wakers: RefCell<Vec<Waker>>,
    closed: Cell<bool>,
}

/// The connection was closed while something waited for it.
#[derive(Debug)]
pub(super) struct Closed;

impl Gathering {
    /// Ends all waits, now and later.
    pub(super) fn close(&self) {
        self.closed.set(true);
        self.wake();
    }

    /// Begins a wait for candidates; to be called before the browser is told to gather.
    pub(super) fn begin(&self, wait: CandidateWait) {
        self.wait.replace(Some((clock::now(), wait)));
    }

    /// What the servers have given since, and whether a description without it is of no use.
    pub(super) fn found(&self) -> (Found, bool) {
        let wait = self.wait.borrow();
        wait.as_ref().map_or_else(Default::default, |(_, wait)| (wait.found(), wait.is_in_vain()))
    }

    /// Takes note of a candidate.
    pub(super) fn handle_candidate(&self, line: &str) {
        if let Some((began, wait)) = &mut *self.wait.borrow_mut() {
            wait.handle_candidate(clock::now().since(*began), line);
        }
        self.wake();
    }

    /// Takes note of the end of gathering.
    pub(super) fn handle_complete(&self) {
        if let Some((_, wait)) = &mut *self.wait.borrow_mut() {
            wait.handle_complete();
        }
        self.wake();
    }

    /// Waits until the candidates that matter are there.
    pub(super) async fn ready(&self) -> Result<(), Closed> {
        let mut alarm = None;
        poll_fn(|context| {
            if self.closed.get() {
                return Poll::Ready(Err(Closed));
            }
            let remaining = match &*self.wait.borrow() {
                Some((began, wait)) => wait.remaining(clock::now().since(*began)),
                None => return Poll::Ready(Ok(())),
            };
            if remaining.is_zero() {
                return Poll::Ready(Ok(()));
            }
            let waker = context.waker().clone();
            alarm = Some(Timeout::new(remaining, move || waker.wake()));
            self.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Waits for `promise`: its value or its exception.
    pub(super) async fn settle(
        &self,
        promise: Promise,
    ) -> Result<Result<JsValue, JsValue>, Closed> {
        let mut promise = pin!(JsFuture::from(promise));
        poll_fn(|context| {
            if self.closed.get() {
                return Poll::Ready(Err(Closed));
            }
            if let Poll::Ready(result) = promise.as_mut().poll(context) {
                return Poll::Ready(Ok(result));
            }
            self.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Lets everything that waits look again.
    fn wake(&self) {
        for waker in self.wakers.take() {
            waker.wake();
        }
    }
}
