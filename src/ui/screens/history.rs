//! The room of the history.

use crate::phone::Uri;
use crate::phone::entry::{Entry, Outcome};
use crate::phone::history::{Filter, History as Calls};
use crate::platform::{clock, page};
use crate::station::{Act, HistoryAct, Whom};
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::components::rows::rows;
use crate::ui::components::search::{nothing, search, undo_bar};
use crate::ui::components::sheet;
use crate::ui::components::signal::figures;
use crate::ui::screens::recordings::recordings;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, El, Memo, NodeRef, RwSignal, effect, html, page_is_visible};
use crate::ui::{past, sound, words};
use leptos::ev;
use leptos::prelude::*;
use std::sync::Arc;

/// The room.
pub(crate) fn history() -> AnyView {
    let ui = Ui::current();
    let query = RwSignal::new(String::new());
    let only = RwSignal::new(None);
    let found = Memo::new(move || {
        ui.history(|history| query.with(|query| history.search(query, only.get())))
    });
    let seen = page_is_visible();
    // Whatever comes while the user looks has been looked at.
    effect(move || {
        let news = ui.history(Calls::missed) > 0;
        if news && seen.get() {
            ui.act(Act::History(HistoryAct::Look));
        }
    });
    let forget = move || ui.act(Act::History(HistoryAct::Forget));
    // What was deleted in one visit of the room is not offered in the next.
    if untrack(|| ui.history(Calls::deleted)) > 0 {
        forget();
    }
    let deleted = move || match ui.history(Calls::deleted) {
        0 => None,
        1 => Some(text().call_deleted.to_owned()),
        count => Some(fill(text().calls_deleted, "{count}", &count.to_string())),
    };
    let undo = move || ui.act(Act::History(HistoryAct::Undo));
    let delete_all = move || ui.act(Act::History(HistoryAct::DeleteAll));
    let looked_at = RwSignal::new(None);
    let is_empty = Memo::new(move || found.with(Vec::is_empty));
    // The recordings of a call are looked at, or all.
    let shown = RwSignal::<Option<Option<Entry>>>::new(None);
    let has_recordings = Memo::new(move || !ui.recordings(|list| list.of(None)).is_empty());
    let language = page::variety(text().tag);
    let list = move || {
        if is_empty.get() {
            return nothing(if query.with(String::is_empty) && only.get().is_none() {
                text().no_calls
            } else {
                text().nothing_found
            });
        }
        let language = language.clone();
        rows(found, text().history, move |id, stop| {
            row(ui, id, stop, &language, (shown, looked_at))
        })
    };
    html::section()
        .class("room")
        .child(
            html::div()
                .class("head")
                .child(html::h1().child(text().history))
                .child(move || {
                    let show = move || shown.set(Some(None));
                    has_recordings.get().then(|| ghost("#record", text().recordings, show))
                })
                .child(ghost("#trash", text().delete_all, delete_all))
                .child(
                    html::div().class("finder").child(search(query)).child(
                        html::div()
                            .class("chips")
                            .child(chip(only, Filter::Missed, text().missed))
                            .child(chip(only, Filter::Made, text().only_made))
                            .child(chip(only, Filter::Received, text().only_received)),
                    ),
                )
                .child(undo_bar(Memo::new(deleted), Arc::new(undo), Arc::new(forget))),
        )
        .child(list)
        .child(move || shown.get().map(|of| recordings(ui, of, move || shown.set(None))))
        .child(move || looked_at.get().map(|entry| details(&entry, looked_at)))
        .into_any()
}

/// Shows one kind of calls alone, or all again.
fn chip(only: RwSignal<Option<Filter>>, filter: Filter, label: &'static str) -> El {
    let is_on = move || only.get() == Some(filter);
    button("chip")
        .aria("aria-pressed", is_on)
        .on(ev::click, move |_| only.set((!untrack(is_on)).then_some(filter)))
        .child(label)
}

/// How a call was.
fn details(entry: &Entry, looked_at: RwSignal<Option<Entry>>) -> AnyView {
    let rows = entry.quality.as_ref().map(|quality| sound::summary(text(), quality));
    let content = html::div().class("connection").child(rows.map(figures)).into_any();
    let heading = text().connection.to_owned();
    sheet::over(NodeRef::new(), heading, content, move || looked_at.set(None))
}

/// One call: a press calls again.
fn row(
    ui: Ui,
    id: u64,
    stop: Memo<&'static str>,
    language: &str,
    (shown, looked_at): (RwSignal<Option<Option<Entry>>>, RwSignal<Option<Entry>>),
) -> AnyView {
    let Some(entry) = untrack(|| ui.history(|history| history.get(id).cloned())) else {
        return ().into_any();
    };
    let party = ui.phone.with_untracked(|phone| phone.known(entry.party.clone()));
    let name = words::named(text(), &party);
    let now = clock::wall_clock_ms();
    let when = past::when(text(), entry.at as f64, now, language);
    let told = past::told(text(), &entry);
    let can_be_called = entry.can_be_called();
    let bad = matches!(entry.outcome, Outcome::Missed | Outcome::Failed);
    let kind = past::kind(text(), entry.outcome);
    let picture = picture(entry.outcome);
    let recorded = entry.clone();
    let is_recorded = Memo::new(move || !ui.recordings(|list| list.of(Some(&recorded))).is_empty());
    let recorded = entry.clone();
    let measured = entry.quality.is_some().then(|| entry.clone());
    let call = move || {
        if can_be_called && let Ok(target) = Uri::parse(&entry.uri) {
            ui.act(Act::Call { whom: Whom::At(target), video: false });
        }
    };
    let delete = move || ui.act(Act::History(HistoryAct::Delete(id)));
    vec![
        button("row")
            .attr("tabindex", move || stop.get())
            .attr("disabled", !can_be_called)
            .attr("data-kind", bad.then_some("error"))
            .on(ev::click, move |_| call())
            .child(icon(picture))
            .child(
                html::span()
                    .class("sr-only")
                    .child(can_be_called.then(|| [text().call, " "].concat())),
            )
            .child(html::strong().child(name))
            .child(html::span().class("sr-only").child(", ").child(kind).child(", "))
            .child(
                html::small()
                    .child(html::span().child(when))
                    .child((!told.is_empty()).then(|| html::span().child(told))),
            )
            .into_child(),
        measured
            .map(|entry| {
                button("ghost")
                    .attr("tabindex", move || stop.get())
                    .attr("aria-label", text().connection)
                    .attr("title", text().connection)
                    .attr("aria-haspopup", "dialog")
                    .on(ev::click, move |_| looked_at.set(Some(entry.clone())))
                    .child(icon("#signal"))
            })
            .into_child(),
        button("ghost")
            .attr("tabindex", move || stop.get())
            .attr("hidden", move || !is_recorded.get())
            .attr("aria-label", text().recordings)
            .attr("title", text().recordings)
            .on(ev::click, move |_| shown.set(Some(Some(recorded.clone()))))
            .child(icon("#record"))
            .into_child(),
        button("ghost")
            .attr("tabindex", move || stop.get())
            .attr("aria-label", text().delete_call)
            .attr("title", text().delete_call)
            .on(ev::click, move |_| delete())
            .child(icon("#trash"))
            .into_child(),
    ]
    .into_any()
}

fn picture(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Made | Outcome::Failed => "#call-out",
        Outcome::Received | Outcome::AnsweredElsewhere => "#call-in",
        Outcome::Missed | Outcome::Declined => "#call-missed",
    }
}
