//! The way from room to room.

use crate::phone::history::History;
use crate::ui::components::buttons::{badge, icon};
use crate::ui::text::{fill, text};
use crate::ui::{Room, Ui};
use leptos::prelude::*;

/// One button for each room, below the display.
#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let ui = Ui::current();
    let missed = Memo::new(move |_| ui.history(History::missed));
    let missed = move || match missed.get() {
        0 => None,
        1 => Some((1, text().missed_one.to_owned())),
        count => Some((count, fill(text().missed_many, "{count}", &count.to_string()))),
    };
    let none = || None;
    view! {
        <nav class="tabs" aria-label=text().rooms>
            {tab(ui, Room::Phone, "#keypad", text().phone, none)}
            {tab(ui, Room::History, "#history", text().history, missed)}
            {tab(ui, Room::Contacts, "#contacts", text().contacts, none)}
            {tab(ui, Room::Messages, "#message", text().messages, none)}
        </nav>
    }
}

/// The button of a room. `news` is how much is new in it, as a number and in words.
fn tab(
    ui: Ui,
    room: Room,
    picture: &'static str,
    label: &'static str,
    news: impl Fn() -> Option<(usize, String)> + Copy + Send + 'static,
) -> AnyView {
    let current = move || (ui.room.get() == room).then_some("page");
    let name = move || news().map(|(_, words)| [label, ", ", &words].concat());
    view! {
        <button
            class="tab"
            type="button"
            aria-current=current
            aria-label=name
            on:click=move |_| ui.room.set(room)
        >
            {icon(picture)}
            {move || news().map(|(count, _)| badge(count))}
            {label}
        </button>
    }
    .into_any()
}
