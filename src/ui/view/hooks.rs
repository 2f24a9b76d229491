//! What a screen has of the page as long as it is there.

use super::RwSignal;
use crate::platform::{Interval, Listener, clock, page};
use crate::time::Instant;
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use std::any::Any;
use std::time::Duration;

/// Whether the page is on the display, followed as long as the screen that is being made.
pub fn page_is_visible() -> RwSignal<bool> {
    let visible = RwSignal::new(page::is_visible());
    keep(Listener::on_document("visibilitychange", move |_| visible.set(page::is_visible())));
    visible
}

/// The present, as long as the screen that asks for it is there.
pub fn present() -> RwSignal<Instant> {
    let now = RwSignal::new(clock::now());
    let tick = Interval::new(Duration::from_millis(250), move || now.set(clock::now()));
    keep(tick);
    now
}

/// Keeps a value, such as a [`Listener`](crate::platform::Listener), as long as the screen that
/// is being made.
pub fn keep(value: impl Any) {
    drop_later(Box::new(value));
}

fn drop_later(value: Box<dyn Any>) {
    let value = SendWrapper::new(value);
    on_cleanup(move || drop(value));
}
