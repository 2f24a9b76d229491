//! The dialler: a number or an address, typed or pressed.

use crate::phone::Phone;
use crate::phone::contacts::Suggestion;
use crate::phone::dial;
use crate::phone::favourites::Target;
use crate::platform::{Listener, page, timer::next_task};
use crate::station::{Act, PageAct, Whom};
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{badge, ghost, icon, is_first_click};
use crate::ui::components::keypad::keypad;
use crate::ui::components::suggestions::{suggestions, walk};
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, Memo, NodeRef, RwSignal, effect, html, keep};
use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// So many of those who match are offered while a number is typed.
const OFFERED: usize = 3;
/// From this many characters on, the number is set in smaller type.
const LONG_NUMBER: usize = 14;

/// What stands in the number field, which outlives the screen.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    value: RwSignal<String>,
    field: NodeRef<HtmlInputElement>,
    /// Whether the number was called: it stands ready to be called again, and a key replaces it.
    called: RwSignal<bool>,
}

impl Default for Number {
    fn default() -> Self {
        Self {
            value: RwSignal::new(String::new()),
            field: NodeRef::new(),
            called: RwSignal::new(false),
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
        let (start, end) = if self.called.get_untracked() { (0, whole) } else { (start, end) };
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
        self.called.set(false);
        self.value.set(value);
    }

    /// Offers a number that was called for another call or to be typed over. With fingers nothing
    /// is selected, as that would bring up a keyboard over ours.
    fn offer(self) {
        if let Some(field) = self.field.get_untracked()
            && page::has_mouse()
        {
            // As it makes the browser lay out the page at once, it waits for what is being done.
            leptos::task::spawn_local(async move {
                next_task().await;
                let _ = field.focus();
                field.select();
            });
        }
    }
}

/// The dialler.
pub(crate) fn dialer(number: Number) -> AnyView {
    let ui = Ui::current();
    let value = number.value;
    // A picture needs the tab that has the telephone.
    let is_mirror = Memo::new(ui.read(Phone::is_mirror));
    let place = move |with_video: bool| {
        let typed = value.get_untracked();
        if typed.trim().is_empty() {
            return;
        }
        ui.act(Act::Call { whom: Whom::Typed(typed), video: with_video });
        number.called.set(true);
        number.offer();
    };
    let call = move || place(false);
    let press = move |key: char| {
        let mut buffer = [0; 4];
        number.insert(key.encode_utf8(&mut buffer));
        ui.act(Act::Page(PageAct::KeyTone(key)));
    };
    let touch = move |key: char| match key {
        '+' => {
            number.delete();
            number.insert("+");
        }
        key => press(key),
    };
    keep(Listener::on_document("keydown", move |event| {
        if asks_for_video(&event) {
            event.prevent_default();
            place(true);
        } else if let Some(typed) = typed_elsewhere(&event) {
            match typed.as_str() {
                "Enter" => call(),
                "Backspace" => number.delete(),
                _ => typed.chars().for_each(press),
            }
        }
    }));
    effect(move || {
        number.field.track();
        number.offer();
    });
    effect(move || {
        if !number.called.get() && !value.with(String::is_empty) {
            ui.act(Act::Page(PageAct::ExpectCall));
        }
    });
    let is_long = move || value.with(|value| value.chars().count() >= LONG_NUMBER);
    html::form()
        .class("dialer")
        .on(ev::submit, move |event: SubmitEvent| {
            event.prevent_default();
            call();
        })
        .child(html::h1().class("sr-only").child(text().dial))
        .child(
            html::div()
                .class("number suggesting")
                .attr("data-long", is_long)
                .on(ev::keydown, |event| walk(&event))
                .child(html::label().class("sr-only").attr("for", "number").child(text().number))
                .child(
                    html::input()
                        .attr("id", "number")
                        .attr("type", "text")
                        .attr("inputmode", "email")
                        .attr("autocomplete", "off")
                        .attr("autocapitalize", "none")
                        .attr("spellcheck", "false")
                        .attr("placeholder", text().number)
                        .node_ref(number.field)
                        .attr("value", move || value.get())
                        .on(ev::input, move |event| number.changed(event_target_value(&event))),
                )
                .child(found(ui, number)),
        )
        .child(keypad(touch, true))
        .child(
            html::div()
                .class("actions")
                .child(html::div().class("aside").child(voicemail(ui)).child(move || {
                    let camera = || ghost("#camera", text().video_call, move || place(true));
                    (!is_mirror.get()).then(camera)
                }))
                .child(
                    html::button()
                        .class("key go")
                        .attr("type", "submit")
                        .attr("aria-label", text().call)
                        .attr("title", text().call)
                        .on(ev::click, move |event| {
                            if !is_first_click(&event) {
                                event.prevent_default();
                            }
                        })
                        .child(icon("#phone")),
                )
                .child(ghost("#delete", text().delete_digit, move || number.delete())),
        )
        .into_any()
}

/// Whom the number may be for, while it is typed.
fn found(ui: Ui, number: Number) -> AnyView {
    let found = Memo::new(move || {
        let typed = number.value.get();
        let found = if number.called.get_untracked() {
            Vec::new()
        } else {
            ui.book.track();
            ui.phone.with_untracked(|phone| phone.suggest(&typed, OFFERED))
        };
        let found = found.into_iter().map(|Suggestion { name, address }| Target {
            name,
            address,
            lamp: None,
        });
        found.collect()
    });
    let pick = move |address: String| {
        number.changed(address);
        if let Some(field) = number.field.get_untracked() {
            let _ = field.focus();
        }
    };
    suggestions(found, Arc::new(pick))
}

/// The lamp of the mailbox; a press calls what plays it. There is none where there is no mailbox.
fn voicemail(ui: Ui) -> AnyView {
    let waiting = ui.read(|phone| {
        let mailbox = phone.mailbox();
        mailbox.target().is_some().then(|| mailbox.waiting())
    });
    let waiting = Memo::new(waiting);
    let listen = move |_| {
        let target = ui.phone.with_untracked(|phone| phone.mailbox().target().cloned());
        if let Some(target) = target {
            ui.act(Act::Call { whom: Whom::At(target), video: false });
        }
    };
    let button = move |waiting: Option<u32>| {
        let told = waiting.map(|count| match count {
            0 => text().messages_some.to_owned(),
            1 => text().message_one.to_owned(),
            count => fill(text().message_many, "{count}", &count.to_string()),
        });
        let told = told.map(|told| [", ", &told].concat()).unwrap_or_default();
        let name = [text().voicemail, &told].concat();
        button("ghost voicemail")
            .attr("aria-label", name.clone())
            .attr("title", name)
            .attr("data-waiting", waiting.map(|_| ""))
            .on(ev::click, listen)
            .child(icon("#voicemail"))
            .child(waiting.map(|count| badge(count as usize)))
    };
    (move || waiting.get().map(button)).into_child()
}

/// Whether this is Ctrl and Enter, or Command and Enter, wherever the focus is.
fn asks_for_video(event: &Event) -> bool {
    let event = event.dyn_ref::<KeyboardEvent>();
    event.is_some_and(|event| {
        let with = event.ctrl_key() || event.meta_key();
        with && event.key() == "Enter" && !event.repeat()
    })
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
