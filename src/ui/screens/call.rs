//! A call that we place, or that stands.

use crate::phone::{Call, CallId, Party, Phone, Progress, Recording, dial};
use crate::platform::Listener;
use crate::station::Act;
use crate::ui::Ui;
use crate::ui::components::keypad::keypad;
use crate::ui::components::peer::peer;
use crate::ui::components::recording::consent;
use crate::ui::components::sheet::is_open;
use crate::ui::components::signal::signal;
use crate::ui::components::timer::elapsed;
use crate::ui::components::tools::{Panel, Tool, more, takes_keys, tool, tools};
use crate::ui::screens::connection;
use crate::ui::screens::devices;
use crate::ui::screens::transfer::sheet;
use crate::ui::sound;
use crate::ui::text::text;
use crate::ui::view::{Child, Memo, RwSignal, html, keep, present};
use crate::ui::words;
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{ClipboardEvent, Element, Event, HtmlInputElement, KeyboardEvent};
use wasm_bindgen::JsCast;

/// The call in front, from the first ring on.
pub(crate) fn standing(call: CallId) -> AnyView {
    let ui = Ui::current();
    let panel = RwSignal::new(Panel::Tools);
    let party = Memo::new(move || ui.phone.with(|phone| party(phone, call)));
    let rings = ui.read(|phone| {
        let progress = phone.call().map(|call| call.progress);
        matches!(progress, Some(Progress::Ringing | Progress::EarlyMedia))
    });
    let class = move || if rings() { "call ringing" } else { "call" };
    let stands = ui.read(|phone| phone.call().is_some_and(Call::is_up));
    let has_keys = Memo::new(move || panel.get() == Panel::Keypad);
    let opened = Memo::new(move || panel.get());
    let records = Memo::new(ui.read(asks_consent));
    listen_for_keys(ui, call, panel);
    html::section()
        .class(class)
        .attr("data-keypad", move || has_keys.get())
        .attr("tabindex", "-1")
        .focused(true)
        .child(move || party.get().map(|party| peer(party, state(ui, panel))))
        .child(move || has_keys.get().then(|| keys(ui, call)))
        .child(
            html::div()
                .class("controls")
                .attr("data-few", move || !stands() || has_keys.get())
                .child(tools(ui, call, panel))
                .child(tool(ui, call, Tool::End, panel, None)),
        )
        .child(move || match opened.get() {
            Panel::Tools | Panel::Keypad => None,
            Panel::Transfer => Some(sheet(ui, call, panel)),
            Panel::Devices => Some(devices::sheet(ui, panel)),
            Panel::More => Some(more(ui, call, panel)),
            Panel::Connection => Some(connection::sheet(ui, call, panel)),
        })
        .child(move || records.get().then(|| consent(ui)))
        .into_any()
}

/// Whether the user is asked if everyone agrees to be recorded.
fn asks_consent(phone: &Phone) -> bool {
    matches!(phone.recording(), Recording::AsksConsent(_))
}

/// Whom the screen shows: a conference under that name, with its members.
fn party(phone: &Phone, call: CallId) -> Option<Party> {
    let party = phone.get(call)?.party.clone();
    if !phone.is_joined(call) {
        return Some(party);
    }
    let members = phone.calls().iter().filter(|call| phone.is_joined(call.id));
    let names: Vec<_> = members.map(|call| words::label(text(), &call.party)).collect();
    let name = Some(text().conference.to_owned());
    Some(Party { name, address: names.join(", "), ..Party::default() })
}

/// How the call goes: how long it stands, and below it what else there is to know.
fn state(ui: Ui, panel: RwSignal<Panel>) -> AnyView {
    let now = present();
    let since = ui.read(|phone| phone.call().and_then(Call::since));
    let progress = ui.read(|phone| phone.call().map_or("", |call| words::progress(text(), call)));
    let time = move || match since() {
        Some(since) => elapsed(since, now.get()),
        None => progress().to_owned(),
    };
    let hint = ui.read(|phone| phone.call().map(|call| words::hint(text(), phone, call)));
    let hint = Memo::new(hint);
    let loud = ui.read(|phone| {
        let trouble = sound::trouble(text(), phone).is_some_and(|(what, ..)| what.is_of_silence());
        let talks = phone.call().is_some_and(|call| call.talks_muted);
        trouble || talks || phone.unheard().is_some()
    });
    vec![
        html::div()
            .class("standing")
            .child(
                html::p()
                    .class("state")
                    .attr("role", move || since().map(|_| "timer"))
                    .attr("aria-label", move || since().map(|_| text().call_time))
                    .child(time),
            )
            .child(signal(ui, panel))
            .into_child(),
        html::p().class("hint").attr("data-loud", loud).child(move || hint.get()).into_child(),
    ]
    .into_any()
}

/// The keys of a call, above them those that were sent. Its field is for fingers to paste into.
fn keys(ui: Ui, call: CallId) -> AnyView {
    let sent = ui.read(move |phone| phone.get(call).map(|call| call.keys.clone()));
    html::div()
        .class("keys")
        .child(
            html::input()
                .class("sent")
                .attr("type", "text")
                .attr("inputmode", "none")
                .attr("autocomplete", "off")
                .attr("aria-label", text().keys_sent)
                .attr("value", move || sent().unwrap_or_default())
                .on(ev::input, move |event| {
                    // Only keys that were sent stand here.
                    let field =
                        event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
                    if let Some(field) = field {
                        field.set_value(&untrack(sent).unwrap_or_default());
                    }
                }),
        )
        .child(keypad(move |key| send(ui, call, key.encode_utf8(&mut [0; 4])), false))
        .into_any()
}

fn send(ui: Ui, call: CallId, keys: &str) {
    ui.act(Act::Keys { call, keys: keys.to_owned() });
}

/// Sends what is typed or pasted anywhere on the screen, and then shows the keys.
fn listen_for_keys(ui: Ui, call: CallId, panel: RwSignal<Panel>) {
    let listen = |kind, read: fn(&Event) -> Option<String>| {
        Listener::on_document(kind, move |event| {
            let takes = |phone: &Phone| phone.get(call).is_some_and(|call| takes_keys(phone, call));
            if is_open() || is_for_a_field(&event) || !ui.phone.with_untracked(takes) {
                return;
            }
            if let Some(keys) = read(&event) {
                event.prevent_default();
                panel.set(Panel::Keypad);
                send(ui, call, &keys);
            }
        })
    };
    let listeners = [listen("keydown", typed), listen("paste", pasted)];
    keep(listeners);
}

/// Whether somebody types into a field, other than the one with the keys that were sent.
fn is_for_a_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.tag_name() == "INPUT" && target.class_name() != "sent")
}

fn typed(event: &Event) -> Option<String> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    let is_command = event.ctrl_key() || event.alt_key() || event.meta_key();
    let key = event.key();
    let is_key = matches!(key.as_bytes(), [b'0'..=b'9' | b'*' | b'#']);
    (is_key && !is_command && !event.repeat()).then_some(key)
}

fn pasted(event: &Event) -> Option<String> {
    let text = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?.get_data("text").ok()?;
    (!dial::keys(&text).is_empty()).then_some(text)
}
