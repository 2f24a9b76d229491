//! One conversation: what was written, and what is being written.

use crate::phone::messages::{Delivery, Message};
use crate::phone::{Party, Phone};
use crate::platform::{Listener, clock, page};
use crate::sip::wire::Uri;
use crate::ui::components::buttons::{ghost, icon, secondary};
use crate::ui::components::lamp::lamp;
use crate::ui::text::text;
use crate::ui::words::{label, undelivered};
use crate::ui::{Room, Ui};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::{Ol, Textarea};
use leptos::prelude::*;

/// The conversation with this address, which may be about to begin.
pub(crate) fn conversation(ui: Ui, address: Uri) -> AnyView {
    let with = address.clone();
    let party = move |phone: &Phone| match phone.messages().with(&with) {
        Some(conversation) => phone.known(conversation.party.clone()),
        None => phone.known(Party::of(None, &with, phone.domain())),
    };
    let party = Memo::new(move |_| ui.phone.with(&party));
    let name = move || party.with(|party| label(text(), party).to_owned());
    let number = move || party.with(|party| party.name.is_some().then(|| party.address.clone()));
    let (to, gone) = (address.clone(), address.clone());
    let call = move || {
        ui.room.set(Room::Phone);
        ui.act(|driver| driver.call(Some(to.clone())));
    };
    let delete = move || {
        ui.act(|driver| driver.delete_conversation(&gone));
        ui.talk.open(None);
    };
    view! {
        <section class="room talk">
            <header class="room-head">
                {ghost("#back", text().back, move || ui.talk.open(None))}
                <div>
                    <h1 dir="auto">{name}</h1>
                    <p>{number} {lamp(ui, address.clone())}</p>
                </div>
                {ghost("#phone", text().call, call)}
                {ghost("#trash", text().delete_conversation, delete)}
            </header>
            {written(ui, address.clone(), party)}
            {composer(ui, address)}
        </section>
    }
    .into_any()
}

/// What was written so far. It shows the newest message, which counts as read while the page is on
/// the screen.
fn written(ui: Ui, address: Uri, party: Memo<Party>) -> AnyView {
    let with = address.clone();
    let messages = move |phone: &Phone| {
        phone.messages().with(&with).map(|with| with.messages.clone()).unwrap_or_default()
    };
    let messages = Memo::new(move |_| ui.phone.with(&messages));
    let seen = RwSignal::new(page::is_visible());
    let listener = Listener::on_document("visibilitychange", move |_| seen.set(page::is_visible()));
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || listener.set_value(None));
    let list = NodeRef::<Ol>::new();
    Effect::new(move |_| {
        let unread =
            messages.with(|all| all.iter().any(|message| message.delivery == Delivery::Unread));
        if unread && seen.get() {
            ui.act(|driver| driver.mark_read(&address));
        }
    });
    Effect::new(move |_| {
        messages.with(Vec::len);
        if let Some(list) = list.get() {
            request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
        }
    });
    // A reader hears what comes in, and not all of the list again.
    let heard = move || {
        let last = messages.with(|all| all.last().filter(|last| !last.is_ours()).cloned());
        last.map(|last| last.text)
    };
    let bubbles = move || {
        let all = messages.get();
        all.into_iter().map(|message| bubble(ui, party, message)).collect::<Vec<_>>()
    };
    view! {
        <ol class="bubbles" tabindex="0" aria-label=text().messages node_ref=list>{bubbles}</ol>
        <p class="sr-only" role="log">{heard}</p>
    }
    .into_any()
}

fn bubble(ui: Ui, party: Memo<Party>, message: Message) -> AnyView {
    let ours = message.is_ours();
    let Message { id, text: written, at, delivery } = message;
    let state = match delivery {
        Delivery::Unread | Delivery::Read => None,
        Delivery::Sending => Some(text().sending),
        Delivery::Delivered => Some(text().delivered),
        Delivery::Failed(_) => Some(text().undelivered),
    };
    let failure = match delivery {
        Delivery::Failed(status) => {
            let why = move || party.with(|party| undelivered(text(), party, status));
            let again = move || ui.act(|driver| driver.operate(|phone| phone.retry_message(id)));
            let again = secondary(text().try_again, again);
            let failure = view! {
                <div class="notice" data-kind="error">
                    {icon("#alert")}
                    <p>{why}</p>
                    {again}
                </div>
            };
            Some(failure)
        }
        _ => None,
    };
    view! {
        <li data-ours=ours.then_some("")>
            <p class="bubble" dir="auto">{written}</p>
            <small>
                <time>{clock::describe(at, text().tag)}</time>
                {state.map(|state| [" · ", state].concat())}
            </small>
            {failure}
        </li>
    }
    .into_any()
}

/// Where the next message is written. Enter sends it, and Shift and Enter begin a new line.
fn composer(ui: Ui, address: Uri) -> AnyView {
    let draft = ui.talk.draft;
    let field = NodeRef::<Textarea>::new();
    field.on_load(|field| {
        if page::has_mouse() {
            let _ = field.focus();
        }
    });
    let address = StoredValue::new(address);
    let send = move || {
        let written = draft.get_untracked();
        if written.trim().is_empty() {
            return;
        }
        draft.set(String::new());
        let to = Some(address.get_value());
        ui.act(|driver| driver.operate(|phone| phone.send_message(to, &written)));
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <form class="composer" on:submit=submit>
            <textarea
                rows="1"
                dir="auto"
                aria-label=text().message
                placeholder=text().message
                node_ref=field
                prop:value=move || draft.get()
                on:input:target=move |event| draft.set(event.target().value())
                on:keydown=key
            ></textarea>
            <button class="key go" type="submit" aria-label=text().send title=text().send>
                {icon("#send")}
            </button>
        </form>
    }
    .into_any()
}
