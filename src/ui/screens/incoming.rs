//! Somebody calls.

use crate::phone::Others;
use crate::sip::ua::CallId;
use crate::ui::Ui;
use crate::ui::components::buttons::round;
use crate::ui::components::peer::peer;
use crate::ui::screens::call::focused;
use crate::ui::text::text;
use crate::ui::words;
use leptos::prelude::*;

/// The ringing call. The dialog takes the focus but none of its buttons does, so that somebody
/// who is just typing does not answer by accident.
#[component]
pub(crate) fn Incoming(call: CallId) -> impl IntoView {
    let ui = Ui::current();
    let party = ui.phone.with_untracked(|phone| phone.call().map(|call| call.party.clone()));
    party.map(|party| {
        let name = words::incoming_from(text(), &party);
        let state = view! { <p class="state">{text().incoming}</p> }.into_any();
        let decline = move || ui.act(|driver| driver.decline(call));
        let answer =
            move || ui.act(|driver| driver.operate(|phone| phone.answer(call, Others::Hold)));
        view! {
            <section
                class="call incoming"
                role="alertdialog"
                aria-label=name
                tabindex="-1"
                node_ref=focused()
            >
                {peer(party, state)}
                <div class="controls pair">
                    {round("end", "#hang-up", text().decline, decline)}
                    {round("go", "#phone", text().answer, answer)}
                </div>
            </section>
        }
    })
}
