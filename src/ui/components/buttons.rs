//! Icons and the buttons that carry them.
//!
//! They are plain functions over erased types: each is compiled once, however often it is used.

use crate::platform::Listener;
use crate::ui::view::{El, IntoValue, Value, html, keep};
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::web_sys::Element;
use std::cell::RefCell;
use wasm_bindgen::JsCast;

/// A button that sends no form.
pub(crate) fn button(class: impl IntoValue) -> El {
    html::button().attr("type", "button").class(class)
}

/// A picture of the sprite in `assets/icons.svg`, by the symbol's id with its number sign.
pub(crate) fn icon(name: impl IntoValue) -> AnyView {
    picture("icon", name.into_value())
}

/// The sign of the telephone.
pub(crate) fn mark() -> AnyView {
    picture("mark", "#mark".into_value())
}

fn picture(class: &'static str, name: Value) -> AnyView {
    html::svg()
        .class(class)
        .attr("aria-hidden", "true")
        .child(html::use_().attr("href", name))
        .into_any()
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
    button(class)
        .on(ev::click, move |event| {
            if is_first_click(&event) {
                on_press();
            }
        })
        .child(html::span().class("disc").child(icon(picture)))
        .child(label)
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
    button("ghost")
        .attr("aria-label", label)
        .attr("title", label)
        .on(ev::click, move |_| on_press())
        .child(icon(picture))
        .into_any()
}

/// A button in a notice.
pub(crate) fn secondary(label: &'static str, on_press: impl Fn() + 'static) -> AnyView {
    plain_secondary(label, Box::new(on_press))
}

fn plain_secondary(label: &'static str, on_press: Box<dyn Fn()>) -> AnyView {
    button("secondary").on(ev::click, move |_| on_press()).child(label).into_any()
}

/// A number on a button, for the eye only: the name of the button says it too. Zero is a lamp.
pub(crate) fn badge(count: usize) -> AnyView {
    let shown = match count {
        0 => String::new(),
        1..=99 => count.to_string(),
        _ => "99+".to_owned(),
    };
    html::span().class("badge").attr("aria-hidden", "true").child(shown).into_any()
}

/// How soon and how near a press follows another to be one of a double click: milliseconds, pixels.
const AT_ONCE: f64 = 500.0;
const NEAR: i32 = 5;

/// A press of the mouse.
#[derive(Default)]
struct Press {
    time: f64,
    place: [i32; 2],
    button: Option<Element>,
    /// It is the second one of a double click whose first one has put another button there.
    is_second: bool,
}

thread_local! {
    /// The last one.
    static PRESS: RefCell<Press> = RefCell::default();
}

/// Follows the mouse as long as the telephone stands: of a double click whose first click changes
/// the screen, Firefox calls the second one a first click, too.
pub(crate) fn follow_mouse() {
    keep(Listener::on_window("mousedown", |event| {
        let event: MouseEvent = event.unchecked_into();
        let place = [event.client_x(), event.client_y()];
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        PRESS.with_borrow_mut(|last| {
            let time = event.time_stamp();
            let near = last.place.iter().zip(place).all(|(a, b)| (a - b).abs() < NEAR);
            let is_second = near && time - last.time < AT_ONCE && last.button != button;
            *last = Press { time, place, button, is_second };
        });
    }));
    // Whoever has written something in between means a click of its own.
    keep(Listener::on_window("input", |_| PRESS.set(Press::default())));
}

/// Whether this is no further click of a double click. The screens of a call follow each other in
/// the same place, so that the second click of "Answer" would fall on "Hang up".
pub(crate) fn is_first_click(event: &MouseEvent) -> bool {
    match event.detail() {
        0 => true, // By keyboard.
        1 => !PRESS.with_borrow(|press| press.is_second),
        _ => false,
    }
}
