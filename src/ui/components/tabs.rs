//! The way from room to room.

use crate::ui::components::buttons::icon;
use crate::ui::text::text;
use crate::ui::{Room, Ui};
use leptos::prelude::*;

/// One button for each room, below the display.
#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let tab = |room, picture, label| tab(Ui::current(), room, picture, label);
    view! {
        <nav class="tabs" aria-label=text().rooms>
            {tab(Room::Phone, "#keypad", text().phone)}
            {tab(Room::History, "#history", text().history)}
            {tab(Room::Contacts, "#contacts", text().contacts)}
            {tab(Room::Messages, "#message", text().messages)}
        </nav>
    }
}

fn tab(ui: Ui, room: Room, picture: &'static str, label: &'static str) -> AnyView {
    let is_here = move || match ui.room.get() {
        Room::Dialer => room == Room::Phone,
        here => here == room,
    };
    let current = move || is_here().then_some("page");
    view! {
        <button class="tab" type="button" aria-current=current on:click=move |_| ui.room.set(room)>
            {icon(picture)}
            {label}
        </button>
    }
    .into_any()
}
