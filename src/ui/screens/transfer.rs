//! To whom a call is transferred.

use crate::phone::{Phone, dial};
use crate::sip::ua::{CallId, Command};
use crate::sip::wire::{Host, Uri};
use crate::ui::Ui;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::components::tools::Panel;
use crate::ui::text::{fill, text};
use crate::ui::words::label;
use leptos::ev::SubmitEvent;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;

/// What is done with the call, by [`Phone::transfer`] or [`Phone::consult`].
type Way = fn(&mut Phone, CallId, Option<Uri>) -> Vec<Command>;

/// A sheet with one field: Enter transfers, Escape closes.
pub(crate) fn sheet(ui: Ui, call: CallId, panel: RwSignal<Panel>) -> AnyView {
    let target = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    let field = NodeRef::<Input>::new();
    let dialog = NodeRef::<Dialog>::new();
    let go = move |way: Way| {
        let domain = ui.phone.with_untracked(|phone| phone.domain().to_owned());
        let uri = target.with_untracked(|typed| dial::parse(typed, &Host::Name(domain)));
        if uri.is_none() {
            refused.set(true);
            let _ = field.get_untracked().map(|field| field.focus());
            return;
        }
        close(dialog);
        ui.act(|driver| driver.operate(|phone| way(phone, call, uri)));
    };
    let peer = ui.phone.with_untracked(|phone| {
        phone.get(call).map(|call| label(text(), &call.party).to_owned()).unwrap_or_default()
    });
    let can_consult = ui.read(Phone::may_call);
    dialog.on_load(|dialog| {
        let _ = dialog.show_modal();
    });
    view! {
        <dialog
            class="sheet"
            aria-labelledby="sheet-title"
            node_ref=dialog
            on:close=move |_| panel.set(Panel::Tools)
        >
            <form
                novalidate=""
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    go(Phone::transfer);
                }
            >
                <header>
                    <h2 id="sheet-title">{fill(text().transfer_peer, "{peer}", &peer)}</h2>
                    {ghost("#close", text().close, move || close(dialog))}
                </header>
                <div class="field">
                    <label for="target">{text().number}</label>
                    <input
                        id="target"
                        type="text"
                        inputmode="email"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        autofocus=""
                        aria-invalid=move || refused.get().then_some("true")
                        aria-describedby=move || refused.get().then_some("target-error")
                        node_ref=field
                        on:input:target=move |event| {
                            refused.set(false);
                            target.set(event.target().value());
                        }
                    />
                </div>
                {move || {
                    refused.get().then(|| view! {
                        <div class="notice" data-kind="error" role="alert" id="target-error">
                            {icon("#alert")} <p>{text().bad_number}</p>
                        </div>
                    })
                }}
                <div class="choices">
                    <button class="choice go" type="submit">{text().transfer_now}</button>
                    <button
                        class="choice"
                        type="button"
                        hidden=move || !can_consult()
                        on:click=move |_| go(Phone::consult)
                    >
                        {text().consult_first}
                    </button>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}

/// Closes the sheet, so that the focus goes back to where it was opened.
fn close(dialog: NodeRef<Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}
