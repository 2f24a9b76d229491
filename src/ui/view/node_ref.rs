//! Elements that are referred to.

use super::RwSignal;
use leptos::web_sys::Element;
use send_wrapper::SendWrapper;
use std::marker::PhantomData;
use wasm_bindgen::JsCast;

/// An element of the page, once it is there.
pub struct NodeRef<E>(Reference, PhantomData<fn() -> E>);

/// The same, of whatever kind.
pub(super) type Reference = RwSignal<Option<SendWrapper<Element>>>;

impl<E> Copy for NodeRef<E> {}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: JsCast> Default for NodeRef<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: JsCast> NodeRef<E> {
    /// Not there yet.
    pub fn new() -> Self {
        Self(Reference::new(None), PhantomData)
    }

    /// The element, followed.
    pub fn get(self) -> Option<E> {
        // It is put into elements of this type.
        Some(self.0.get()?.take().unchecked_into())
    }

    /// The element as it is now.
    pub fn get_untracked(self) -> Option<E> {
        Some(self.0.get_untracked()?.take().unchecked_into())
    }

    /// Follows it.
    pub fn track(self) {
        self.0.track();
    }
}

impl<E> NodeRef<E> {
    pub(super) fn erase(self) -> Reference {
        self.0
    }
}
