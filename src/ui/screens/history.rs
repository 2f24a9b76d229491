//! The room of the history.

use crate::phone::history::{History as Calls, Outcome};
use crate::platform::{clock, page};
use crate::sip::wire::Uri;
use crate::ui::Ui;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::components::rows::rows;
use crate::ui::components::search::{nothing, search, undo_bar};
use crate::ui::text::{fill, text};
use crate::ui::{past, words};
use leptos::prelude::*;

/// The room.
#[component]
pub(crate) fn History() -> impl IntoView {
    let ui = Ui::current();
    let query = RwSignal::new(String::new());
    let missed = RwSignal::new(false);
    let found = Memo::new(move |_| {
        ui.history(|history| query.with(|query| history.search(query, missed.get())))
    });
    // Whatever comes while the user looks has been looked at.
    Effect::new(move |_| {
        ui.book.track();
        let news = ui.act(|driver| driver.history(Calls::missed)) > 0;
        if news {
            ui.act(|driver| driver.change_history(|history| history.look().into_iter().collect()));
        }
    });
    let forget = move || {
        ui.act(|driver| {
            driver.change_history(|history| {
                history.forget_deleted();
                Vec::new()
            });
        });
    };
    // What was deleted in one visit of the room is not offered in the next.
    if ui.act(|driver| driver.history(Calls::deleted)) > 0 {
        forget();
    }
    let deleted = move || match ui.history(Calls::deleted) {
        0 => None,
        1 => Some(text().call_deleted.to_owned()),
        count => Some(fill(text().calls_deleted, "{count}", &count.to_string())),
    };
    let undo = move || ui.act(|driver| driver.change_history(Calls::undo));
    let delete_all = move || {
        ui.act(|driver| {
            driver.change_history(|history| history.delete_all().into_iter().collect());
        });
    };
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    let language = page::variety(text().tag);
    let list = move || {
        if is_empty.get() {
            return nothing(if query.with(String::is_empty) {
                text().no_calls
            } else {
                text().nothing_found
            });
        }
        let language = language.clone();
        rows(found, text().history, move |id, stop| row(ui, id, stop, &language))
    };
    view! {
        <section class="room">
            <div class="head">
                <h1>{text().history}</h1>
                {ghost("#trash", text().delete_all, delete_all)}
                <div class="finder">
                    {search(query)}
                    <button
                        class="chip"
                        type="button"
                        aria-pressed=move || if missed.get() { "true" } else { "false" }
                        on:click=move |_| missed.update(|missed| *missed = !*missed)
                    >
                        {text().missed}
                    </button>
                </div>
                {undo_bar(Memo::new(move |_| deleted()), Box::new(undo), Box::new(forget))}
            </div>
            {list}
        </section>
    }
}

/// One call: a press calls again.
fn row(ui: Ui, id: u64, stop: Signal<&'static str>, language: &str) -> AnyView {
    let Some(entry) = ui.act(|driver| driver.history(|history| history.get(id).cloned())) else {
        return ().into_any();
    };
    let name = ui
        .phone
        .with_untracked(|phone| phone.contacts().name_of(&entry.party.address).map(str::to_owned));
    let name = name.unwrap_or_else(|| words::label(text(), &entry.party).to_owned());
    let now = clock::wall_clock_ms();
    let when = past::when(text(), entry.at as f64, now, language);
    let told = past::told(text(), &entry);
    let can_be_called = entry.can_be_called();
    let bad = matches!(entry.outcome, Outcome::Missed | Outcome::Failed);
    let kind = past::kind(text(), entry.outcome);
    let picture = picture(entry.outcome);
    let call = move || {
        if can_be_called {
            let target = Uri::parse(&entry.uri).ok();
            ui.act(|driver| driver.call(target));
        }
    };
    let delete = move || {
        ui.act(|driver| {
            driver.change_history(|history| history.delete(id).into_iter().collect());
        });
    };
    view! {
        <button
            class="row"
            type="button"
            tabindex=stop
            disabled=!can_be_called
            data-kind=bad.then_some("error")
            on:click=move |_| call()
        >
            {icon(picture)}
            <span class="sr-only">{can_be_called.then(|| [text().call, " "].concat())}</span>
            <strong>{name}</strong>
            <span class="sr-only">", "{kind}", "</span>
            <small>
                <span>{when}</span>
                {(!told.is_empty()).then(|| view! { <span>{told}</span> })}
            </small>
        </button>
        <button
            class="ghost"
            type="button"
            tabindex=stop
            aria-label=text().delete_call
            title=text().delete_call
            on:click=move |_| delete()
        >
            {icon("#trash")}
        </button>
    }
    .into_any()
}

fn picture(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Made | Outcome::Failed => "#call-out",
        Outcome::Received | Outcome::AnsweredElsewhere => "#call-in",
        Outcome::Missed | Outcome::Declined => "#call-missed",
    }
}
