//! The bar on top: whose telephone it is, how its line is, and the way out.

use crate::phone::Stage;
use crate::sip::ua::Line;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::screens::sign_in::Form;
use crate::ui::text::text;
use crate::ui::words;
use crate::ui::{Room, Ui};
use leptos::prelude::*;

/// The bar. Its status region lives as long as the page, as a screen reader announces only what
/// changes in a region that it knows.
#[component]
pub(crate) fn Bar(form: Form) -> impl IntoView {
    let ui = Ui::current();
    let signed_in = ui.read(|phone| *phone.stage() == Stage::SignedIn);
    let signed_in = Memo::new(move |_| signed_in());
    let state = ui.read(|phone| match (phone.stage(), phone.line()) {
        (Stage::SignedOut { fault: None }, _) => ("idle", text().disconnected),
        (Stage::SignedOut { fault: Some(_) }, _) => ("failed", text().disconnected),
        (_, Line::Registered) if phone.settings().do_not_disturb => {
            ("quiet", text().do_not_disturb)
        }
        (_, Line::Registered) => ("connected", text().connected),
        (_, Line::Connecting) => ("connecting", text().connecting),
        _ => ("failed", text().disconnected),
    });
    let signed_out = ui.read(|phone| matches!(phone.stage(), Stage::SignedOut { .. }));
    let signed_out = Memo::new(move |_| signed_out());
    // What the eye finds on the screen, for the ear.
    let sentence = move || {
        let problem = form.problem(ui).map(|(sentence, _)| sentence);
        problem.or_else(|| ui.phone.with(|phone| words::spoken(text(), phone)))
    };
    let connected = move || (state().0 == "quiet").then_some(text().connected);
    let leave = move || {
        form.forget_password();
        ui.act(|driver| driver.sign_out());
    };
    view! {
        <header class="bar">
            <svg class="mark" aria-hidden="true"><use href="#mark"/></svg>
            <div class="whose">
                <p class="account">
                    {move || if signed_in.get() {
                        let (user, domain) = form.account();
                        view! { {user} " " <small>{domain}</small> }.into_any()
                    } else {
                        "WebPhone".into_any()
                    }}
                </p>
                <p class="status" role="status" data-state=move || state().0>
                    {move || state().1}
                    <span class="sr-only">" "{connected}" "{sentence}</span>
                </p>
            </div>
            {move || signed_in.get().then(|| [quiet(ui), settings(ui)].into_any())}
            {move || (!signed_out.get()).then(|| ghost("#sign-out", text().sign_out, leave))}
        </header>
    }
    .into_any()
}

/// Turns callers away, or lets them ring.
fn quiet(ui: Ui) -> AnyView {
    let on = ui.read(|phone| phone.settings().do_not_disturb);
    let toggle = move |_| {
        ui.act(|driver| driver.change_settings(|now| now.do_not_disturb = !now.do_not_disturb));
    };
    view! {
        <button
            class="ghost"
            type="button"
            aria-label=text().do_not_disturb
            title=text().do_not_disturb
            aria-pressed=move || if on() { "true" } else { "false" }
            on:click=toggle
        >
            {icon("#quiet")}
        </button>
    }
    .into_any()
}

/// Opens the settings, or closes them.
fn settings(ui: Ui) -> AnyView {
    let open = move || ui.room.get() == Room::Settings;
    let toggle = move |_| {
        ui.room.set(if ui.room.get_untracked() == Room::Settings {
            Room::Phone
        } else {
            Room::Settings
        })
    };
    view! {
        <button
            class="ghost"
            type="button"
            aria-label=text().settings
            title=text().settings
            aria-current=move || open().then_some("page")
            on:click=toggle
        >
            {icon("#gear")}
        </button>
    }
    .into_any()
}
