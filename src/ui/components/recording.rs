//! That a call is recorded, the question before it, and the recording that has come of it.

use crate::phone::Recording;
use crate::phone::recordings::Kept;
use crate::platform::{calendar, files};
use crate::station::Act;
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, secondary};
use crate::ui::components::timer::elapsed;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, NodeRef, effect, html, present};
use crate::ui::words::label;
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::HtmlDialogElement;

/// How the recording goes, with what ends it; nothing where there is none.
pub(crate) fn running(ui: Ui, recording: Recording) -> Option<(AnyView, AnyView)> {
    match recording {
        Recording::Running { since, .. } => {
            let now = present();
            let time = move || elapsed(since, now.get());
            let told = html::p()
                .class("recorded")
                .child(text().recording)
                .child(" ")
                .child(time)
                .into_any();
            let stop = secondary(text().stop_recording, move || {
                ui.act(Act::StopRecording);
            });
            Some((told, stop))
        }
        Recording::Saving(_) => {
            Some((html::p().child(text().saving_recording).into_any(), ().into_any()))
        }
        _ => None,
    }
}

/// A recording that the user should hear of, with what can be done about it.
pub(crate) fn offer(ui: Ui, kept: &Kept) -> (AnyView, AnyView) {
    let template = if kept.finished { text().recording_kept } else { text().recording_found };
    let sentence = fill(template, "{peer}", label(text(), &kept.party));
    let id = kept.id;
    let dismiss = move || ui.act(Act::DismissRecording);
    let keep = move || {
        save(ui, id);
        dismiss();
    };
    let buttons = vec![
        secondary(text().save_file, keep).into_child(),
        (!kept.finished)
            .then(|| secondary(text().delete, move || ui.act(Act::DeleteRecording(id))))
            .into_child(),
        ghost("#close", text().close, dismiss).into_child(),
    ];
    (html::p().child(sentence).into_any(), buttons.into_any())
}

/// Gives the user the file of a recording.
pub(crate) fn save(ui: Ui, id: u64) {
    let driver = ui.driver();
    let name = driver
        .recordings(|list| list.get(id).map(|kept| kept.file_name(&calendar::stamp(id as f64))));
    leptos::task::spawn_local(async move {
        if let (Some(name), Some(sound)) = (name, driver.recording(id).await) {
            files::save_file(&name, &sound);
        }
    });
}

/// The question whether everyone agrees.
pub(crate) fn consent(ui: Ui) -> AnyView {
    let dialog = NodeRef::<HtmlDialogElement>::new();
    effect(move || {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let decide = move |agreed| ui.act(Act::ConsentToRecording(agreed));
    html::dialog()
        .class("sheet")
        .attr("aria-labelledby", "consent-title")
        .attr("aria-describedby", "consent-lead")
        .node_ref(dialog)
        .on(ev::close, move |_| decide(false))
        .child(html::h2().attr("id", "consent-title").child(text().recording_consent))
        .child(html::p().attr("id", "consent-lead").child(text().consent_lead))
        .child(
            html::div()
                .class("choices")
                .child(
                    button("choice go")
                        .on(ev::click, move |_| decide(true))
                        .child(text().everyone_agrees),
                )
                .child(button("choice").on(ev::click, move |_| decide(false)).child(text().cancel)),
        )
        .into_any()
}
