//! To whom a call is transferred.

use crate::phone::{CallId, Phone};
use crate::station::{Act, Whom};
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::icon;
use crate::ui::components::sheet::{self, close};
use crate::ui::components::suggestions::{suggestions, walk};
use crate::ui::components::tools::Panel;
use crate::ui::text::{fill, text};
use crate::ui::view::{Memo, NodeRef, RwSignal, html};
use crate::ui::words::label;
use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use std::sync::Arc;

/// A sheet with one field, and below it those whom the call may be for, first the favourites: Enter
/// transfers, Escape closes.
pub(crate) fn sheet(ui: Ui, call: CallId, panel: RwSignal<Panel>) -> AnyView {
    let target = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    let field = NodeRef::<HtmlInputElement>::new();
    let dialog = NodeRef::new();
    let go = move |consults: bool| {
        let target =
            target.with_untracked(|typed| ui.phone.with_untracked(|phone| phone.callee(typed)));
        let Some(to) = target.map(Whom::At) else {
            refused.set(true);
            let _ = field.get_untracked().map(|field| field.focus());
            return;
        };
        close(dialog);
        let act = if consults { Act::Consult { call, to } } else { Act::Transfer { call, to } };
        ui.act(act);
    };
    let peer = ui.phone.with_untracked(|phone| {
        phone.get(call).map(|call| label(text(), &call.party).to_owned()).unwrap_or_default()
    });
    let found = Memo::new(move || target.with(|typed| ui.phone.with(|phone| phone.targets(typed))));
    let pick = move |address: String| {
        refused.set(false);
        target.set(address);
        let _ = field.get_untracked().map(|field| field.focus());
    };
    let can_consult = ui.read(Phone::may_call);
    let heading = fill(text().transfer_peer, "{peer}", &peer);
    let form = html::form()
        .attr("novalidate", "")
        .on(ev::submit, move |event: SubmitEvent| {
            event.prevent_default();
            go(false);
        })
        .child(
            html::div()
                .class("field suggesting")
                .on(ev::keydown, |event| walk(&event))
                .child(html::label().attr("for", "target").child(text().number))
                .child(
                    html::input()
                        .attr("id", "target")
                        .attr("type", "text")
                        .attr("inputmode", "email")
                        .attr("autocomplete", "off")
                        .attr("autocapitalize", "none")
                        .attr("spellcheck", "false")
                        .attr("autofocus", "")
                        .attr("aria-invalid", move || refused.get().then_some("true"))
                        .attr("aria-describedby", move || refused.get().then_some("target-error"))
                        .node_ref(field)
                        .attr("value", move || target.get())
                        .on(ev::input, move |event| {
                            refused.set(false);
                            target.set(event_target_value(&event));
                        }),
                )
                .child(suggestions(found, Arc::new(pick))),
        )
        .child(move || {
            refused.get().then(|| {
                html::div()
                    .class("notice")
                    .attr("data-kind", "error")
                    .attr("role", "alert")
                    .attr("id", "target-error")
                    .child(icon("#alert"))
                    .child(html::p().child(text().bad_number))
            })
        })
        .child(
            html::div()
                .class("choices")
                .child(
                    html::button()
                        .class("choice go")
                        .attr("type", "submit")
                        .child(text().transfer_now),
                )
                .child(
                    button("choice")
                        .attr("hidden", move || !can_consult())
                        .on(ev::click, move |_| go(true))
                        .child(text().consult_first),
                ),
        );
    sheet::sheet(dialog, (panel, Panel::Transfer), heading, form.into_any())
}
