//! All calls at a glance, where the screen does not show the only one.

use crate::phone::{Call, CallId, Phone};
use crate::station::Act;
use crate::time::Instant;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::icon;
use crate::ui::components::timer::elapsed;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, Memo, RwSignal, html, present};
use crate::ui::{Room, Ui, words};
use leptos::ev;
use leptos::prelude::*;

/// The calls, and whether two of them can change places.
#[derive(Clone, PartialEq)]
struct List {
    rows: Vec<Row>,
    can_swap: bool,
}

#[derive(Clone, PartialEq)]
struct Row {
    call: CallId,
    name: String,
    since: Option<Instant>,
    state: String,
    is_front: bool,
    is_joined: bool,
}

impl List {
    /// `away` is whether the call in front is out of sight.
    fn of(phone: &Phone, away: bool) -> Option<Self> {
        let front = phone.call()?;
        let is_shown = |call: &&Call| call.id == front.id || !call.is_ringing();
        let rows: Vec<_> =
            phone.calls().iter().filter(is_shown).map(|call| Row::of(phone, call)).collect();
        let can_swap = front.is_up() && phone.other().is_some() && !phone.is_joined(front.id);
        (away || rows.len() > 1).then_some(Self { rows, can_swap })
    }
}

impl Row {
    fn of(phone: &Phone, call: &Call) -> Self {
        let is_joined = phone.is_joined(call.id);
        let state = match words::standing(text(), call) {
            Some(state) => state,
            None => words::progress(text(), call).to_owned(),
        };
        Self {
            call: call.id,
            name: words::label(text(), &call.party).to_owned(),
            since: call.since(),
            state,
            is_front: phone.call().is_some_and(|front| front.id == call.id),
            is_joined,
        }
    }
}

/// The list: always there with two calls or more, and with one in another room.
pub(crate) fn call_list() -> AnyView {
    let ui = Ui::current();
    let list = Memo::new(move || {
        let away = ui.room.get() != Room::Phone;
        ui.phone.with(|phone| List::of(phone, away))
    });
    let list = move || {
        let List { rows, can_swap } = list.get()?;
        let now = present();
        let swap = move || ui.act(Act::Swap);
        let swap = can_swap.then(|| {
            button("choice").on(ev::click, move |_| swap()).child(icon("#swap")).child(text().swap)
        });
        Some(
            html::section()
                .class("lines")
                .attr("aria-label", text().calls)
                .child(
                    html::ul()
                        .child(rows.into_iter().map(|each| row(ui, each, now)).collect::<Vec<_>>()),
                )
                .child(swap),
        )
    };
    list.into_child()
}

/// One call. A tap brings it to the front; of a conference, each can be hung up by itself.
fn row(ui: Ui, row: Row, now: RwSignal<Instant>) -> AnyView {
    let Row { call, name, since, state, is_front, is_joined } = row;
    let bring = move || {
        if !is_front {
            ui.act(Act::Resume(call));
        }
        ui.room.set(Room::Phone);
    };
    let end = is_joined.then(|| {
        let label = fill(text().hang_up_peer, "{peer}", &name);
        button("ghost")
            .attr("aria-label", label.clone())
            .attr("title", label)
            .on(ev::click, move |_| ui.act(Act::HangUp(call)))
            .child(icon("#hang-up"))
    });
    let dot = if since.is_some() && !state.is_empty() { " · " } else { "" };
    let time = move || since.map(|since| elapsed(since, now.get()));
    html::li()
        .child(
            button("line")
                .attr("aria-current", is_front.then_some("true"))
                .on(ev::click, move |_| bring())
                .child(html::b().child(name))
                .child(" ")
                .child(html::small().child(time).child(dot).child(state)),
        )
        .child(end)
        .into_any()
}
