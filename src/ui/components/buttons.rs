//! Icons and the buttons that carry them.
//!
//! They are plain functions over erased types: each is compiled once, however often it is used.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// A picture of the sprite in `assets/icons.svg`, by the symbol's id with its number sign.
pub(crate) fn icon(name: &'static str) -> AnyView {
    changing_icon(move || name)
}

/// A picture that changes.
pub(crate) fn changing_icon(name: impl Fn() -> &'static str + Send + 'static) -> AnyView {
    let name: Box<dyn Fn() -> &'static str + Send> = Box::new(name);
    view! { <svg class="icon" aria-hidden="true"><use href=name/></svg> }.into_any()
}

/// A round button with its name below. `class` is `go` for what connects, `end` for what ends.
pub(crate) fn round(
    class: &'static str,
    picture: &'static str,
    label: &'static str,
    on_press: impl Fn() + 'static,
) -> AnyView {
    let on_press: Box<dyn Fn()> = Box::new(on_press);
    let class = ["round ", class].concat();
    view! {
        <button
            class=class
            type="button"
            on:click=move |event| {
                if is_first_click(&event) {
                    on_press();
                }
            }
        >
            <span class="disc">{icon(picture)}</span>
            {label}
        </button>
    }
    .into_any()
}

/// A button that is only an icon, with a name for those who cannot see it or wonder.
pub(crate) fn ghost(
    picture: &'static str,
    label: &'static str,
    on_press: impl Fn() + 'static,
) -> AnyView {
    plain_ghost(picture, label, Box::new(on_press))
}

// What is generic would be compiled for each use.
fn plain_ghost(picture: &'static str, label: &'static str, on_press: Box<dyn Fn()>) -> AnyView {
    view! {
        <button
            class="ghost"
            type="button"
            aria-label=label
            title=label
            on:click=move |_| on_press()
        >
            {icon(picture)}
        </button>
    }
    .into_any()
}

/// A button in a notice.
pub(crate) fn secondary(label: &'static str, on_press: impl Fn() + 'static) -> AnyView {
    plain_secondary(label, Box::new(on_press))
}

fn plain_secondary(label: &'static str, on_press: Box<dyn Fn()>) -> AnyView {
    view! { <button class="secondary" type="button" on:click=move |_| on_press()>{label}</button> }
        .into_any()
}

/// A number on a button, for the eye only: the name of the button says it too. Zero is a lamp.
pub(crate) fn badge(count: usize) -> AnyView {
    let shown = match count {
        0 => String::new(),
        1..=99 => count.to_string(),
        _ => "99+".to_owned(),
    };
    view! { <span class="badge" aria-hidden="true">{shown}</span> }.into_any()
}

/// Whether this is no further click of a double click. The screens of a call follow each other in
/// the same place, so that the second click of "Answer" would fall on "Hang up".
pub(crate) fn is_first_click(event: &MouseEvent) -> bool {
    event.detail() < 2
}
