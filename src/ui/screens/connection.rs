//! How a call is connected: how it sounds, what is wrong and what can be done about it, and how it is
//! kept secret.

use crate::media::encryption::Lock;
use crate::phone::{Call, CallId};
use crate::station::Act;
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::icon;
use crate::ui::components::sheet;
use crate::ui::components::signal::{bars_of, figures, picture};
use crate::ui::components::tools::Panel;
use crate::ui::sound;
use crate::ui::text::text;
use crate::ui::view::{Memo, NodeRef, RwSignal, html};
use leptos::ev;
use leptos::prelude::*;

/// The sheet.
pub(crate) fn sheet(ui: Ui, call: CallId, panel: RwSignal<Panel>) -> AnyView {
    let content = html::div()
        .class("connection")
        .child(quality(ui, call))
        .child(secrecy(ui, call))
        .into_any();
    let heading = text().connection.to_owned();
    sheet::sheet(NodeRef::new(), (panel, Panel::Connection), heading, content)
}

fn quality(ui: Ui, call: CallId) -> AnyView {
    let bars =
        Memo::new(ui.read(move |phone| phone.get(call).and_then(|call| call.quality.bars())));
    let trouble = Memo::new(ui.read(|phone| sound::trouble(text(), phone)));
    let rows = Memo::new(ui.read(move |phone| {
        let figures = phone.get(call).and_then(|call| call.quality.figures());
        figures.map(|now| sound::figures(text(), now))
    }));
    vec![
        html::p()
            .class("grade")
            .child(bars_of(bars))
            .child(html::strong().child(move || sound::grade(text(), bars.get())))
            .into_any(),
        html::div()
            .child(move || {
                trouble.get().map(|(_, cause, remedy)| {
                    html::div()
                        .class("notice")
                        .attr("data-kind", "warning")
                        .child(icon("#alert"))
                        .child(html::p().child(cause).child(" ").child(remedy))
                })
            })
            .child(move || rows.get().map(figures))
            .into_any(),
    ]
    .into_any()
}

fn secrecy(ui: Ui, call: CallId) -> AnyView {
    let lock = Memo::new(ui.read(move |phone| phone.get(call).map(|call| call.lock.clone())));
    let code = Memo::new(move || match lock.get() {
        Some(Lock::Direct { keys, .. }) => Some(keys),
        _ => None,
    });
    let said = move |say: fn(&crate::ui::text::Text, &Lock) -> &'static str| {
        move || lock.get().map(|lock| say(text(), &lock))
    };
    let verified = ui.read(move |phone| phone.get(call).is_some_and(is_verified));
    html::section()
        .class("secrecy")
        .child(
            html::h3()
                .child(move || picture(lock.get().as_ref()).map(icon))
                .child(said(sound::lock)),
        )
        .child(move || {
            code.get().map(|keys| {
                html::p().class("code").attr("aria-label", text().digits).child(keys.code())
            })
        })
        .child(html::p().child(said(sound::lock_meaning)))
        .child(
            button("choice")
                .attr("hidden", move || code.with(Option::is_none))
                .aria("aria-pressed", verified)
                .on(ev::click, move |_| {
                    let is =
                        ui.phone.with_untracked(|phone| phone.get(call).is_some_and(is_verified));
                    ui.act(Act::SetVerified { call, verified: !is });
                })
                .child(text().digits_match),
        )
        .into_any()
}

fn is_verified(call: &Call) -> bool {
    matches!(call.lock, Lock::Direct { verified: true, .. })
}
