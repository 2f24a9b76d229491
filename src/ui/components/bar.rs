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
    // The sentence that the eye finds in a notice, for the ear.
    let sentence = move || {
        form.error.get().map(|(sentence, _)| sentence).or_else(|| {
            ui.phone.with(|phone| Some(words::notice(text(), phone.notice()?).sentence))
        })
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
            {move || signed_in.get().then(|| {
                ghost("#sign-out", text().sign_out, move || ui.act(|driver| driver.sign_out()))
            })}
        </header>
    }
    .into_any()
}
