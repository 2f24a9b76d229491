//! What stands above a long list: a field to search it, and the way back from a deletion.

use crate::ui::components::buttons::{ghost, secondary};
use crate::ui::text::text;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use wasm_bindgen::JsCast;

/// The field that searches a list.
pub(crate) fn search(query: RwSignal<String>) -> AnyView {
    view! {
        <input
            class="search"
            type="search"
            aria-label=text().search
            placeholder=text().search
            autocomplete="off"
            spellcheck="false"
            prop:value=move || query.get()
            on:input:target=move |event| query.set(event.target().value())
        />
    }
    .into_any()
}

/// Says what was deleted, or nothing, and offers to bring it back. The region stays, as a screen
/// reader announces only what changes in one that it knows.
pub(crate) fn undo_bar(
    deleted: Memo<Option<String>>,
    undo: Box<dyn Fn()>,
    forget: Box<dyn Fn()>,
) -> AnyView {
    let undo = StoredValue::new_local(undo);
    let forget = StoredValue::new_local(forget);
    let notice = move |sentence: String| {
        view! {
            <div class="notice">
                <p>{sentence}</p>
                {secondary(text().undo, move || undo.with_value(|undo| undo()))}
                {ghost("#close", text().close, move || forget.with_value(|forget| forget()))}
            </div>
        }
        .into_any()
    };
    let region = NodeRef::<leptos::html::Div>::new();
    // The button that deleted is gone: its place in the order of focus goes to what undoes it.
    Effect::new(move |_| {
        if deleted.get().is_some()
            && let Some(region) = region.get()
            && let Ok(Some(button)) = region.query_selector(".secondary")
        {
            let _ = button.unchecked_into::<HtmlElement>().focus();
        }
    });
    view! {
        <div role="status" node_ref=region>
            {move || deleted.get().map(notice)}
        </div>
    }
    .into_any()
}

/// What stands in the place of a list without rows.
pub(crate) fn nothing(sentence: &'static str) -> AnyView {
    view! { <p class="nothing">{sentence}</p> }.into_any()
}
