//! The elements of a list that changes.

use super::following::Following;
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::web_sys::{Element, HtmlElement, Node};
use wasm_bindgen::JsCast;
use web_sys::FocusOptions;

/// What a list shows, and how it shows it.
pub(super) struct List {
    ids: Box<dyn Fn() -> Vec<u64> + Send>,
    make: Box<dyn Fn(u64) -> AnyView + Send>,
}

/// An element of the list.
struct Item {
    id: u64,
    // It goes before the owner of its signals does.
    state: AnyViewState,
    _owner: Owner,
}

impl List {
    pub(super) fn new(
        ids: Box<dyn Fn() -> Vec<u64> + Send>,
        make: Box<dyn Fn(u64) -> AnyView + Send>,
    ) -> Self {
        Self { ids, make }
    }

    /// Fills `parent`, and follows what the list shows.
    pub(super) fn fill(self, parent: &Element) -> Following<()> {
        let parent = parent.clone();
        // An item outlives the run of the effect that made it.
        let owner = Owner::current().unwrap_or_default();
        let mut items = Vec::new();
        Following::new(move |_| {
            let mut old = std::mem::take(&mut items);
            for id in (self.ids)() {
                items.push(match old.iter().position(|item: &Item| item.id == id) {
                    Some(place) => old.swap_remove(place),
                    None => self.item(id, &owner),
                });
            }
            for item in &mut old {
                item.state.unmount();
            }
            arrange(&parent, &mut items);
        })
    }

    fn item(&self, id: u64, owner: &Owner) -> Item {
        let owner = owner.with(Owner::new);
        let state = owner.with(|| (self.make)(id).build());
        Item { id, state, _owner: owner }
    }
}

/// Puts the items in their order. What has its place already is not touched, and what has the focus
/// keeps it.
fn arrange(parent: &Element, items: &mut [Item]) {
    let focused = document().active_element().filter(|focused| parent.contains(Some(focused)));
    let mut next: Option<Node> = None;
    for item in items.iter_mut().rev() {
        let Some(element) = item.state.elements().into_iter().next() else { continue };
        if element.parent_node().is_none() || element.next_sibling() != next {
            item.state.mount(parent, next.as_ref());
        }
        next = Some(element.into());
    }
    // Browsers take it from what is moved.
    if let Some(focused) = focused
        && document().active_element().as_ref() != Some(&focused)
        && parent.contains(Some(&focused))
    {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = focused.unchecked_into::<HtmlElement>().focus_with_options(&options);
    }
}
