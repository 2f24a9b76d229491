//! The bar on top: whose telephone it is, how its line is, and the way out.

use crate::phone::Stage;
use crate::sip::ua::Line;
use crate::ui::Ui;
use crate::ui::components::buttons::ghost;
use crate::ui::screens::sign_in::Form;
use crate::ui::text::text;
use crate::ui::words;
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
    let leave = move || {
        form.forget_password();
        ui.act(|driver| driver.sign_out());
    };
    view! {
        <header class="bar">
            <svg class="mark" aria-hidden="true"><use href="#mark"/></svg>
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
                <span class="sr-only">" "{sentence}</span>
            </p>
            {move || (!signed_out.get()).then(|| ghost("#sign-out", text().sign_out, leave))}
        </header>
    }
    .into_any()
}
