//! Whom a number may be for, below the field that it is typed in. The arrow keys lead from the field to
//! them, from one to the next, and back.

use crate::phone::favourites::Target;
use crate::ui::components::buttons::button;
use crate::ui::components::lamp::shine;
use crate::ui::text::text;
use crate::ui::view::{Child, Memo, html};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The list, or nothing where nobody is found. A press hands the number over.
pub(crate) fn suggestions(
    found: Memo<Vec<Target>>,
    pick: Arc<dyn Fn(String) + Send + Sync>,
) -> AnyView {
    let option = move |Target { name, address, lamp }: Target| {
        let shown = name.is_some().then(|| address.clone());
        let label = name.unwrap_or_else(|| address.clone());
        let pick = pick.clone();
        html::li().child(
            button("row")
                .on(ev::click, move |_| pick(address.clone()))
                .child(html::strong().child(label))
                .child(" ")
                .child(html::small().child(lamp.map(shine)).child(" ").child(shown)),
        )
    };
    let list = move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            html::ul()
                .class("suggestions")
                .attr("aria-label", text().suggestions)
                .child(found.into_iter().map(&option).collect::<Vec<_>>())
        })
    };
    list.into_child()
}

/// Takes the focus from the field to what is suggested, from one to the next, and back. The field and
/// the list stand together in an element of the class `suggesting`, which hears of the keys.
pub(crate) fn walk(event: &KeyboardEvent) {
    let Some(from) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let item = from.closest("li").ok().flatten();
    let within = |element: Option<Element>, wanted| element?.query_selector(wanted).ok().flatten();
    let whole = || from.closest(".suggesting").ok().flatten();
    let next = match (event.key().as_str(), item) {
        ("ArrowDown", Some(item)) => within(item.next_element_sibling(), "button"),
        ("ArrowDown", None) => within(whole(), ".suggestions button"),
        ("ArrowUp", Some(item)) => {
            within(item.previous_element_sibling(), "button").or(within(whole(), "input"))
        }
        ("Escape", Some(_)) => within(whole(), "input"),
        _ => None,
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = next.focus();
    }
}
