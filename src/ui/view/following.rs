//! What follows signals as long as it is on the page.
//!
//! A signal of Leptos keeps all that have read it, also when they are gone: those that come and go with
//! each call would have the memory of the page grow, and each change take longer. Here they go from
//! their signals, too.

use super::signals::forget;
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::web_sys::{Element, Node};

/// An effect that its signals forget when it is dropped.
pub(super) struct Following<T: 'static>(RenderEffect<T>);

impl<T> Following<T> {
    pub(super) fn new(run: impl FnMut(Option<T>) -> T + 'static) -> Self {
        Self(RenderEffect::new(run))
    }
}

impl<T> Drop for Following<T> {
    fn drop(&mut self) {
        forget(&self.0);
    }
}

/// A view that is made anew whenever a signal changes.
pub(super) struct Live(pub(super) Box<dyn FnMut() -> AnyView + Send>);

/// The same on the page.
pub(super) struct LiveState(Following<AnyViewState>);

impl Drop for LiveState {
    fn drop(&mut self) {
        // What is in it goes before the owner of its signals does.
        drop(self.0.0.take_value());
    }
}

impl Render for Live {
    type State = LiveState;

    fn build(mut self) -> LiveState {
        LiveState(Following::new(move |before: Option<AnyViewState>| {
            let view = (self.0)();
            match before {
                Some(mut state) => {
                    view.rebuild(&mut state);
                    state
                }
                None => view.build(),
            }
        }))
    }

    fn rebuild(self, state: &mut LiveState) {
        let new = self.build();
        let mut old = std::mem::replace(state, new);
        old.insert_before_this(state);
        old.unmount();
    }
}

impl Mountable for LiveState {
    fn unmount(&mut self) {
        self.0.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.0.elements()
    }
}

super::made_here_only!(Live, LiveState);
