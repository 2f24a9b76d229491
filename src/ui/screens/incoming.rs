//! Somebody calls.

use crate::phone::{CallId, Others};
use crate::station::Act;
use crate::ui::Ui;
use crate::ui::components::buttons::round;
use crate::ui::components::peer::peer;
use crate::ui::text::text;
use crate::ui::view::{Child, html};
use crate::ui::words;
use leptos::prelude::*;

/// The ringing call. The dialog takes the focus but none of its buttons does, so that somebody
/// who is just typing does not answer by accident.
pub(crate) fn incoming(call: CallId) -> AnyView {
    let ui = Ui::current();
    let party = ui.phone.with_untracked(|phone| phone.call().map(|call| call.party.clone()));
    let shown = party.map(|party| {
        let name = words::incoming_from(text(), &party);
        let offered =
            ui.phone.with_untracked(|phone| phone.get(call).is_some_and(|call| call.video.offered));
        let kind = if offered { text().incoming_video } else { text().incoming };
        let state = html::p().class("state").child(kind).into_any();
        let decline = move || ui.act(Act::Decline(call));
        let answer = move || ui.act(Act::Answer { call, others: Others::Hold, video: false });
        let answer_with_video = move || {
            ui.act(Act::Answer { call, others: Others::Hold, video: true });
        };
        html::section()
            .class("call incoming")
            .attr("role", "alertdialog")
            .attr("aria-label", name)
            .attr("tabindex", "-1")
            .focused(true)
            .child(peer(party, state))
            .child(
                html::div()
                    .class("controls pair")
                    .child(round("end", "#hang-up", text().decline, decline))
                    .child(round("go", "#phone", text().answer, answer))
                    .child(offered.then(|| {
                        round("go", "#camera", text().answer_with_video, answer_with_video)
                    })),
            )
    });
    shown.into_child()
}
