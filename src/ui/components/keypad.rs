//! The twelve keys, for dialling and for pressing in a call.

use crate::platform::Timeout;
use crate::ui::components::buttons::button;
use crate::ui::text::text;
use crate::ui::view::html;
use leptos::ev;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The keys and the letters on them.
const KEYS: [(char, &str); 12] = [
    ('1', ""),
    ('2', "ABC"),
    ('3', "DEF"),
    ('4', "GHI"),
    ('5', "JKL"),
    ('6', "MNO"),
    ('7', "PQRS"),
    ('8', "TUV"),
    ('9', "WXYZ"),
    ('*', ""),
    ('0', "+"),
    ('#', ""),
];
/// How long 0 is held to give a plus.
const LONG_PRESS: Duration = Duration::from_millis(500);

/// All keys, each pressed as soon as it is touched. With `plus`, a 0 that is held is a `+` after
/// all.
pub(crate) fn keypad(press: impl Fn(char) + 'static, plus: bool) -> AnyView {
    let press: Rc<dyn Fn(char)> = Rc::new(press);
    let keys = KEYS.map(|(symbol, letters)| key(symbol, letters, press.clone(), plus));
    html::div()
        .class("keypad")
        .attr("role", "group")
        .attr("aria-label", text().keypad)
        .child(keys.into_iter().collect::<Vec<_>>())
        .into_any()
}

/// One key. It does not take the focus from the number when it is pressed with a pointer, so that
/// Enter still calls.
fn key(symbol: char, letters: &'static str, press: Rc<dyn Fn(char)>, plus: bool) -> AnyView {
    let held = Rc::new(Cell::new(None));
    let (released, left) = (held.clone(), held.clone());
    let touch = press.clone();
    let hold = move || {
        touch(symbol);
        if plus && symbol == '0' {
            let touch = touch.clone();
            held.set(Some(Timeout::new(LONG_PRESS, move || touch('+'))));
        }
    };
    let label = symbol.to_string();
    button("key")
        .attr("aria-label", label.clone())
        .on(ev::mousedown, |event| event.prevent_default())
        .on(ev::pointerdown, move |event| {
            if event.button() == 0 {
                hold();
            }
        })
        .on(ev::pointerup, move |_| released.set(None))
        .on(ev::pointerleave, move |_| left.set(None))
        .on(ev::click, move |event| {
            // A click that no pointer made comes from the keyboard or a screen reader.
            if event.detail() == 0 {
                press(symbol);
            }
        })
        .child(label.clone())
        .child((!letters.is_empty()).then(|| html::small().child(letters)))
        .into_any()
}
