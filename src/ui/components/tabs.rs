//! The way from room to room.

use crate::phone::history::History;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{badge, icon};
use crate::ui::text::{fill, text};
use crate::ui::view::{Memo, html};
use crate::ui::{Room, Ui};
use leptos::ev;
use leptos::prelude::*;

/// One button for each room, below the display.
pub(crate) fn tabs() -> AnyView {
    let ui = Ui::current();
    let missed = Memo::new(move || match ui.history(History::missed) {
        0 => None,
        1 => Some((1, text().missed_one.to_owned())),
        count => Some((count, fill(text().missed_many, "{count}", &count.to_string()))),
    });
    let unread = Memo::new(move || match ui.phone.with(|phone| phone.messages().unread()) {
        0 => None,
        count => Some((count, fill(text().unread, "{count}", &count.to_string()))),
    });
    let none = Memo::new(|| None);
    html::nav()
        .class("tabs")
        .attr("aria-label", text().rooms)
        .child(tab(ui, Room::Phone, "#keypad", text().phone, none))
        .child(tab(ui, Room::History, "#history", text().history, missed))
        .child(tab(ui, Room::Contacts, "#contacts", text().contacts, none))
        .child(tab(ui, Room::Messages, "#message", text().messages, unread))
        .into_any()
}

/// The button of a room. `news` is how much is new in it, as a number and in words.
fn tab(
    ui: Ui,
    room: Room,
    picture: &'static str,
    label: &'static str,
    news: Memo<Option<(usize, String)>>,
) -> AnyView {
    let is_here = move || match ui.room.get() {
        Room::Dialer => room == Room::Phone,
        here => here == room,
    };
    let current = move || is_here().then_some("page");
    let name = move || news.get().map(|(_, words)| [label, ", ", &words].concat());
    button("tab")
        .attr("aria-current", current)
        .attr("aria-label", name)
        .on(ev::click, move |_| ui.room.set(room))
        .child(icon(picture))
        .child(move || news.get().map(|(count, _)| badge(count)))
        .child(label)
        .into_any()
}
