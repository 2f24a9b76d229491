//! Signals, memos and effects, of few types.
//!
//! Leptos compiles each of them for each type of value and each closure, some hundred bytes at a
//! time. These are Leptos's own with what is in them boxed, and are used as those are.

use crate::platform::{Listener, page};
use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};
use leptos::web_sys::Element;
use send_wrapper::SendWrapper;
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;
use wasm_bindgen::JsCast;

type Shared = Arc<dyn Any + Send + Sync>;

fn cast<T: 'static>(shared: &Shared) -> &T {
    shared.downcast_ref().expect("a signal holds what it was made for")
}

/// A value that the screens follow. It is a handle, cheap to copy.
pub(crate) struct RwSignal<T>(leptos::prelude::RwSignal<Shared>, PhantomData<fn() -> T>);

impl<T> Copy for RwSignal<T> {}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + Send + Sync + 'static> RwSignal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(leptos::prelude::RwSignal::new(Arc::new(value)), PhantomData)
    }

    pub(crate) fn get(self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    pub(crate) fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get()))
    }

    pub(crate) fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get_untracked()))
    }

    pub(crate) fn track(self) {
        self.0.track();
    }

    pub(crate) fn set(self, value: T) {
        self.0.set(Arc::new(value));
    }

    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

/// A value that is found anew when what it was found from changes, and that is followed where it
/// differs then.
pub(crate) struct Memo<T>(leptos::prelude::Memo<Shared>, PhantomData<fn() -> T>);

impl<T> Copy for Memo<T> {}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Memo<T> {
    pub(crate) fn new(find: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let differs =
            |old: Option<&Shared>, new: Option<&Shared>| old.map(cast::<T>) != new.map(cast::<T>);
        Self(memo(Box::new(move || Arc::new(find())), differs), PhantomData)
    }

    pub(crate) fn get(self) -> T {
        self.with(T::clone)
    }

    pub(crate) fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get()))
    }

    pub(crate) fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(cast(&self.0.get_untracked()))
    }

    pub(crate) fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    pub(crate) fn track(self) {
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
pub(crate) fn effect(run: impl Fn() + 'static) {
    start(Box::new(run));
}

fn start(run: Box<dyn Fn()>) {
    forget_later(&Effect::new(move |_: Option<()>| run()));
}

/// Has the signals that it has read forget it: they would keep it, though it is gone.
pub(crate) fn forget(it: &impl ToAnySubscriber) {
    let it = it.to_any_subscriber();
    it.clear_sources(&it);
}

/// The same, when the screen that is being made goes.
fn forget_later(it: &impl ToAnySubscriber) {
    let it = it.to_any_subscriber();
    on_cleanup(move || it.clear_sources(&it));
}

/// Whether the page is on the display, followed as long as the screen that is being made.
pub(crate) fn page_is_visible() -> RwSignal<bool> {
    let visible = RwSignal::new(page::is_visible());
    keep(Listener::on_document("visibilitychange", move |_| visible.set(page::is_visible())));
    visible
}

/// Keeps a value, such as a [`Listener`](crate::platform::Listener), as long as the screen that
/// is being made.
pub(crate) fn keep(value: impl Any) {
    drop_later(Box::new(value));
}

fn drop_later(value: Box<dyn Any>) {
    let value = SendWrapper::new(value);
    on_cleanup(move || drop(value));
}

/// An element of the page, once it is there.
pub(crate) struct NodeRef<E>(Reference, PhantomData<fn() -> E>);

/// The same, of whatever kind.
pub(crate) type Reference = RwSignal<Option<SendWrapper<Element>>>;

impl<E> Copy for NodeRef<E> {}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: JsCast> NodeRef<E> {
    pub(crate) fn new() -> Self {
        Self(Reference::new(None), PhantomData)
    }

    pub(crate) fn get(self) -> Option<E> {
        // It is put into elements of this type.
        Some(self.0.get()?.take().unchecked_into())
    }

    pub(crate) fn get_untracked(self) -> Option<E> {
        Some(self.0.get_untracked()?.take().unchecked_into())
    }

    pub(crate) fn track(self) {
        self.0.track();
    }
}

impl<E> NodeRef<E> {
    pub(crate) fn erase(self) -> Reference {
        self.0
    }
}
