//! What stands above a long list: a field to search it, and the way back from a deletion.

use crate::ui::components::buttons::{ghost, secondary};
use crate::ui::text::text;
use crate::ui::view::{Memo, NodeRef, RwSignal, effect, html};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// The field that searches a list.
pub(crate) fn search(query: RwSignal<String>) -> AnyView {
    html::input()
        .class("search")
        .attr("type", "search")
        .attr("aria-label", text().search)
        .attr("placeholder", text().search)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("value", move || query.get())
        .on(ev::input, move |event| query.set(event_target_value(&event)))
        .into_any()
}

/// Says what was deleted, or nothing, and offers to bring it back. The region stays, as a screen
/// reader announces only what changes in one that it knows.
pub(crate) fn undo_bar(
    deleted: Memo<Option<String>>,
    undo: Arc<dyn Fn() + Send + Sync>,
    forget: Arc<dyn Fn() + Send + Sync>,
) -> AnyView {
    let notice = move |sentence: String| {
        let (undo, forget) = (undo.clone(), forget.clone());
        html::div()
            .class("notice")
            .child(html::p().child(sentence))
            .child(secondary(text().undo, move || undo()))
            .child(ghost("#close", text().close, move || forget()))
            .into_any()
    };
    let region = NodeRef::<HtmlElement>::new();
    // The button that deleted is gone: its place in the order of focus goes to what undoes it.
    effect(move || {
        if deleted.get().is_some()
            && let Some(region) = region.get()
            && let Ok(Some(button)) = region.query_selector(".secondary")
        {
            let _ = button.unchecked_into::<HtmlElement>().focus();
        }
    });
    html::div()
        .attr("role", "status")
        .node_ref(region)
        .child(move || deleted.get().map(&notice))
        .into_any()
}

/// What stands in the place of a list without rows.
pub(crate) fn nothing(sentence: &'static str) -> AnyView {
    html::p().class("nothing").child(sentence).into_any()
}
