//! The way from room to room.

use crate::phone::Phone;
use crate::ui::components::buttons::icon;
use crate::ui::text::{fill, text};
use crate::ui::{Room, Ui};
use leptos::prelude::*;

/// One button for each room, below the display.
#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let ui = Ui::current();
    let tab = |room, picture, label| tab(ui, room, picture, label, |_| 0);
    view! {
        <nav class="tabs" aria-label=text().rooms>
            {tab(Room::Phone, "#keypad", text().phone)}
            {tab(Room::History, "#history", text().history)}
            {tab(Room::Contacts, "#contacts", text().contacts)}
            {self::tab(ui, Room::Messages, "#message", text().messages, |phone| {
                phone.messages().unread()
            })}
        </nav>
    }
}

/// The button of a room, with what `count` counts in it.
fn tab(
    ui: Ui,
    room: Room,
    picture: &'static str,
    label: &'static str,
    count: fn(&Phone) -> usize,
) -> AnyView {
    let is_here = move || match ui.room.get() {
        Room::Dialer => room == Room::Phone,
        here => here == room,
    };
    let current = move || is_here().then_some("page");
    let count = ui.read(count);
    let count = Memo::new(move |_| count());
    let number = move || count.get().to_string();
    let name = move || {
        let name = fill(text().unread, "{label}", label);
        (count.get() > 0).then(|| fill(&name, "{count}", &number()))
    };
    view! {
        <button
            class="tab"
            type="button"
            aria-current=current
            aria-label=name
            on:click=move |_| ui.room.set(room)
        >
            {icon(picture)}
            {label}
            {move || (count.get() > 0).then(|| view! { <span class="count">{number()}</span> })}
        </button>
    }
    .into_any()
}
