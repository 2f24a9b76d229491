//! The dialler: a number or an address, typed or pressed.

use crate::phone::dial;
use crate::platform::{Listener, page};
use crate::sip::wire::Host;
use crate::ui::Ui;
use crate::ui::components::buttons::{ghost, icon, is_first_click};
use crate::ui::components::keypad::keypad;
use crate::ui::text::text;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::{Event, HtmlElement, KeyboardEvent};
use wasm_bindgen::JsCast;

/// From this many characters on, the number is set in smaller type.
const LONG_NUMBER: usize = 14;

/// What stands in the number field, which outlives the screen.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    value: RwSignal<String>,
    field: NodeRef<Input>,
    /// Whether the number was called: it stands ready to be called again, and a key replaces it.
    called: StoredValue<bool>,
}

impl Default for Number {
    fn default() -> Self {
        Self {
            value: RwSignal::new(String::new()),
            field: NodeRef::new(),
            called: StoredValue::new(false),
        }
    }
}

impl Number {
    /// Puts a key where the caret is, in place of what is selected.
    fn insert(self, key: &str) {
        let Some(field) = self.field.get_untracked() else {
            return;
        };
        let start = field.selection_start().ok().flatten().unwrap_or_default();
        let end = field.selection_end().ok().flatten().unwrap_or(start);
        let whole = field.value().encode_utf16().count() as u32;
        let (start, end) = if self.called.get_value() { (0, whole) } else { (start, end) };
        self.replace(&field, key, start, end);
    }

    /// Deletes what is selected, or the character before the caret.
    fn delete(self) {
        let Some(field) = self.field.get_untracked() else {
            return;
        };
        let end = field.selection_end().ok().flatten().unwrap_or_default();
        let start = field.selection_start().ok().flatten().unwrap_or(end);
        let start = if start == end { start.saturating_sub(1) } else { start };
        self.replace(&field, "", start, end);
    }

    fn replace(self, field: &leptos::web_sys::HtmlInputElement, text: &str, start: u32, end: u32) {
        // The positions come from the field itself, so they are valid.
        let _ = field.set_range_text_with_start_and_end(text, start, end);
        let caret = start + text.encode_utf16().count() as u32;
        let _ = field.set_selection_range(caret, caret);
        self.changed(field.value());
    }

    fn changed(self, value: String) {
        self.called.set_value(false);
        self.value.set(value);
    }

    /// Offers a number that was called for another call or to be typed over. With fingers nothing
    /// is selected, as that would bring up a keyboard over ours.
    fn offer(self) {
        if let Some(field) = self.field.get_untracked()
            && page::has_mouse()
        {
            let _ = field.focus();
            field.select();
        }
    }
}

/// The dialler.
#[component]
pub(crate) fn Dialer(number: Number) -> impl IntoView {
    let ui = Ui::current();
    let value = number.value;
    let call = move || {
        let typed = value.get_untracked();
        if typed.trim().is_empty() {
            return;
        }
        let domain = ui.phone.with_untracked(|phone| phone.domain().to_owned());
        let target = dial::parse(&typed, &Host::Name(domain));
        ui.act(|driver| driver.call(target));
        number.called.set_value(true);
        number.offer();
    };
    let press = move |key: char| {
        let mut buffer = [0; 4];
        number.insert(key.encode_utf8(&mut buffer));
        ui.act(|driver| driver.key_tone(key));
    };
    let touch = move |key: char| match key {
        '+' => {
            number.delete();
            number.insert("+");
        }
        key => press(key),
    };
    let typing = StoredValue::new_local(Some(Listener::on_document("keydown", move |event| {
        if let Some(typed) = typed_elsewhere(&event) {
            match typed.as_str() {
                "Enter" => call(),
                "Backspace" => number.delete(),
                _ => typed.chars().for_each(press),
            }
        }
    })));
    on_cleanup(move || typing.set_value(None));
    Effect::new(move |_| {
        number.field.track();
        number.offer();
    });
    let is_long = move || value.with(|value| value.chars().count() >= LONG_NUMBER);
    view! {
        <form
            class="dialer"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                call();
            }
        >
            <h1 class="sr-only">{text().dial}</h1>
            <div class="number" data-long=move || is_long().then_some("")>
                <label class="sr-only" for="number">{text().number}</label>
                <input
                    id="number"
                    type="text"
                    inputmode="email"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder=text().number
                    node_ref=number.field
                    prop:value=move || value.get()
                    on:input:target=move |event| number.changed(event.target().value())
                />
            </div>
            {keypad(touch, true)}
            <div class="actions">
                <button
                    class="key go"
                    type="submit"
                    aria-label=text().call
                    title=text().call
                    on:click=move |event| {
                        if !is_first_click(&event) {
                            event.prevent_default();
                        }
                    }
                >
                    {icon("#phone")}
                </button>
                {ghost("#delete", text().delete_digit, move || number.delete())}
            </div>
        </form>
    }
}

/// The key of a keydown that no control on the page takes for itself, if it is one that dials.
fn typed_elsewhere(event: &Event) -> Option<String> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let tag = event.target()?.dyn_into::<HtmlElement>().ok()?.tag_name();
    let key = event.key();
    // Enter that is still held down ended the call before this screen, and must not redial it.
    if key == "Enter" && event.repeat() {
        return None;
    }
    let dials = key.chars().count() == 1 && key.chars().all(dial::is_key);
    let taken = match tag.as_str() {
        "INPUT" => true,
        // A button takes Enter, and leaves digits alone.
        "BUTTON" | "A" => !dials && key != "Backspace",
        _ => false,
    };
    let wanted = dials || key == "Enter" || key == "Backspace";
    (wanted && !taken).then_some(key)
}
