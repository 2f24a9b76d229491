//! A call that we place, and a call that stands.

use crate::phone::Progress;
use crate::platform::{Interval, clock};
use crate::sip::ua::CallId;
use crate::time::Instant;
use crate::ui::Ui;
use crate::ui::components::buttons::{changing_icon, round};
use crate::ui::components::peer::peer;
use crate::ui::text::text;
use leptos::html::Section;
use leptos::prelude::*;
use std::time::Duration;

/// We call, and wait for an answer.
#[component]
pub(crate) fn Outgoing(call: CallId) -> impl IntoView {
    let ui = Ui::current();
    let party = ui.phone.with_untracked(|phone| phone.call().map(|call| call.party.clone()));
    let rings = ui
        .read(|phone| phone.call().is_some_and(|call| !matches!(call.progress, Progress::Calling)));
    let state = move || {
        if rings() { text().ringing } else { text().calling }
    };
    let class = move || if rings() { "call ringing" } else { "call" };
    party.map(|party| {
        let state = view! { <p class="state">{state}</p> }.into_any();
        view! {
            <section class=class tabindex="-1" node_ref=focused()>
                {peer(party, state)} <div class="controls">{hang_up(ui, call)}</div>
            </section>
        }
    })
}

/// The two are talking.
#[component]
pub(crate) fn InCall(call: CallId) -> impl IntoView {
    let ui = Ui::current();
    let party = ui.phone.with_untracked(|phone| phone.call().map(|call| call.party.clone()));
    let muted = ui.read(|phone| phone.call().is_some_and(|call| call.muted));
    let hint = move || if muted() { text().muted } else { "" };
    party.map(|party| {
        let state = view! {
            {timer(ui)}
            <p class="hint">{hint}</p>
        };
        view! {
            <section class="call" tabindex="-1" node_ref=focused()>
                {peer(party, state.into_any())}
                <div class="controls">
                    <div class="tools">
                        <button
                            class="round"
                            type="button"
                            aria-pressed=move || if muted() { "true" } else { "false" }
                            on:click=move |_| {
                                ui.act(|driver| driver.toggle_mute(call));
                            }
                        >
                            <span class="disc">
                                {changing_icon(move || if muted() { "#mic-off" } else { "#mic" })}
                            </span>
                            {text().mute}
                        </button>
                    </div>
                    {hang_up(ui, call)}
                </div>
            </section>
        }
    })
}

/// A reference to a screen that takes the focus when it comes, so that those who use the keyboard
/// do not lose their place.
pub(crate) fn focused() -> NodeRef<Section> {
    let screen = NodeRef::<Section>::new();
    screen.on_load(|screen| {
        let _ = screen.focus();
    });
    screen
}

fn hang_up(ui: Ui, call: CallId) -> AnyView {
    round("end", "#hang-up", text().hang_up, move || ui.act(|driver| driver.hang_up(call)))
}

/// How long the call stands. While the browser still prepares the sound, it says so.
fn timer(ui: Ui) -> AnyView {
    let now = RwSignal::new(clock::now());
    let tick = Interval::new(Duration::from_millis(250), move || now.set(clock::now()));
    let tick = StoredValue::new_local(Some(tick));
    on_cleanup(move || tick.set_value(None));
    let since = ui.read(|phone| match phone.call().map(|call| call.progress) {
        Some(Progress::Up { since }) => Some(since),
        _ => None,
    });
    let time = move || match since() {
        Some(since) => elapsed(since, now.get()),
        None => text().connecting.to_owned(),
    };
    view! { <p class="state" role="timer" aria-label=text().call_time>{time}</p> }.into_any()
}

/// Minutes and seconds, with hours before them where there are any.
fn elapsed(since: Instant, now: Instant) -> String {
    let seconds = (now - since).as_secs();
    let two = |value: u64| [if value < 10 { "0" } else { "" }, &value.to_string()].concat();
    let short = [&two(seconds / 60 % 60), ":", &two(seconds % 60)].concat();
    match seconds / 3600 {
        0 => short,
        hours => [&hours.to_string(), ":", &short].concat(),
    }
}
