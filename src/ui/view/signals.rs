//! Signals, memos and effects, of few types.
//!
//! Leptos compiles each of them for each type of value and each closure, some hundred bytes at a
//! time. These are Leptos's own with what is in them boxed, and are used as those are.

// Here they are put together.
#![allow(clippy::disallowed_types)]

use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

type Shared = Arc<dyn Any + Send + Sync>;

fn cast<T: 'static>(shared: &Shared) -> &T {
    shared.downcast_ref().expect("a signal holds what it was made for")
}

/// A value that the screens follow. It is a handle, cheap to copy.
pub struct RwSignal<T>(leptos::prelude::RwSignal<Shared>, PhantomData<fn() -> T>);

impl<T> Copy for RwSignal<T> {}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> RwSignal<T> {
    /// Holds this value.
    pub fn new(value: T) -> Self {
        Self(leptos::prelude::RwSignal::new(Arc::new(value)), PhantomData)
    }

    /// A copy of the value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// Reads the value, followed.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get()))
    }

    /// Reads the value as it is now.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get_untracked()))
    }

    /// Follows it.
    pub fn track(self) {
        self.0.track();
    }

    /// Holds another value, which all that follow it hear.
    pub fn set(self, value: T) {
        self.0.set(Arc::new(value));
    }

    /// Changes the value, which all that follow it hear.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

/// A value that is found anew when what it was found from changes, and that is followed where it
/// differs then.
pub struct Memo<T>(leptos::prelude::Memo<Shared>, PhantomData<fn() -> T>);

impl<T> Copy for Memo<T> {}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Memo<T> {
    /// Finds the value by this.
    pub fn new(find: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let differs =
            |old: Option<&Shared>, new: Option<&Shared>| old.map(cast::<T>) != new.map(cast::<T>);
        Self(memo(Box::new(move || Arc::new(find())), differs), PhantomData)
    }

    /// A copy of the value, followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// Reads the value, followed.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get()))
    }

    /// Reads the value as it is now.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get_untracked()))
    }

    /// A copy of the value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// Follows it.
    pub fn track(self) {
        self.0.track();
    }
}

fn memo(
    find: Box<dyn Fn() -> Shared + Send + Sync>,
    differs: fn(Option<&Shared>, Option<&Shared>) -> bool,
) -> leptos::prelude::Memo<Shared> {
    let memo = ArcMemo::new_with_compare(move |_| find(), differs);
    forget_later(&memo);
    memo.into()
}

/// Runs `run` soon, and again after each change of what it has read.
pub fn effect(run: impl Fn() + 'static) {
    start(Box::new(run));
}

fn start(run: Box<dyn Fn()>) {
    forget_later(&Effect::new(move |_: Option<()>| run()));
}

/// Has the signals that it has read forget it: they would keep it, though it is gone.
pub(super) fn forget(it: &impl ToAnySubscriber) {
    let it = it.to_any_subscriber();
    it.clear_sources(&it);
}

/// The same, when the screen that is being made goes.
fn forget_later(it: &impl ToAnySubscriber) {
    let it = it.to_any_subscriber();
    on_cleanup(move || it.clear_sources(&it));
}
