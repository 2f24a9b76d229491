//! One conversation: what was written, and what is being written.

use crate::phone::messages::{Delivery, Message};
use crate::phone::{Party, Phone, Uri};
use crate::platform::page;
use crate::station::{Act, MessageAct, Whom};
use crate::ui::components::buttons::{ghost, icon, secondary};
use crate::ui::components::lamp::lamp;
use crate::ui::text::text;
use crate::ui::view::{Child, Memo, NodeRef, RwSignal, effect, html, page_is_visible};
use crate::ui::words::{label, undelivered};
use crate::ui::{Room, Ui, past};
use leptos::ev::{self, KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

/// The conversation with this address, which may be about to begin.
pub(crate) fn conversation(ui: Ui, address: Uri) -> AnyView {
    let with = address.clone();
    let party = move |phone: &Phone| match phone.messages().with(&with) {
        Some(conversation) => phone.known(conversation.party.clone()),
        None => phone.known(Party::of(None, &with, phone.domain())),
    };
    let party = Memo::new(move || ui.phone.with(&party));
    let name = move || party.with(|party| label(text(), party).to_owned());
    let number = move || party.with(|party| party.name.is_some().then(|| party.address.clone()));
    let (to, gone) = (address.clone(), address.clone());
    let call = move || {
        ui.room.set(Room::Phone);
        ui.act(Act::Call { whom: Whom::At(to.clone()), video: false });
    };
    let delete = move || {
        ui.act(Act::Message(MessageAct::Delete(gone.clone())));
        ui.talk.open(None);
    };
    html::section()
        .class("room talk")
        .child(
            html::header()
                .class("room-head")
                .child(ghost("#back", text().back, move || ui.talk.open(None)))
                .child(
                    html::div()
                        .child(html::h1().attr("dir", "auto").child(name))
                        .child(html::p().child(number).child(lamp(ui, address.clone()))),
                )
                .child(ghost("#phone", text().call, call))
                .child(ghost("#trash", text().delete_conversation, delete)),
        )
        .child(written(ui, address.clone(), party))
        .child(composer(ui, address))
        .into_any()
}

/// What was written so far. It shows the newest message, which counts as read while the page is on
/// the screen.
fn written(ui: Ui, address: Uri, party: Memo<Party>) -> AnyView {
    let with = address.clone();
    let messages = move |phone: &Phone| {
        phone.messages().with(&with).map(|with| with.messages.clone()).unwrap_or_default()
    };
    let messages = Memo::new(move || ui.phone.with(&messages));
    let seen = page_is_visible();
    let list = NodeRef::<HtmlElement>::new();
    effect(move || {
        let unread =
            messages.with(|all| all.iter().any(|message| message.delivery == Delivery::Unread));
        if unread && seen.get() {
            ui.act(Act::Message(MessageAct::Read(address.clone())));
        }
    });
    let count = Memo::new(move || messages.with(Vec::len));
    effect(move || {
        count.track();
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
    vec![
        html::ol()
            .class("bubbles")
            .attr("tabindex", "0")
            .attr("aria-label", text().messages)
            .node_ref(list)
            .child(bubbles)
            .into_child(),
        html::p().class("sr-only").attr("role", "log").child(heard).into_child(),
    ]
    .into_any()
}

fn bubble(ui: Ui, party: Memo<Party>, message: Message) -> AnyView {
    let ours = message.is_ours();
    let Message { id, text: written, at, delivery, .. } = message;
    let state = match delivery {
        Delivery::Unread | Delivery::Read => None,
        Delivery::Sending => Some(text().sending),
        Delivery::Delivered => Some(text().delivered),
        Delivery::Failed(_) => Some(text().undelivered),
    };
    let failure = match delivery {
        Delivery::Failed(status) => {
            let why = move || party.with(|party| undelivered(text(), party, status));
            let again = move || ui.act(Act::Message(MessageAct::Retry(id)));
            let again = secondary(text().try_again, again);
            let failure = html::div()
                .class("notice")
                .attr("data-kind", "error")
                .child(icon("#alert"))
                .child(html::p().child(why))
                .child(again);
            Some(failure)
        }
        _ => None,
    };
    html::li()
        .attr("data-ours", ours)
        .child(html::p().class("bubble").attr("dir", "auto").child(written))
        .child(
            html::small()
                .child(html::time().child(past::when_in_brief(text(), at as f64)))
                .child(state.map(|state| [" · ", state].concat())),
        )
        .child(failure)
        .into_any()
}

/// Where the next message is written. Enter sends it, and Shift and Enter begin a new line.
fn composer(ui: Ui, address: Uri) -> AnyView {
    let draft = ui.talk.draft;
    let field = NodeRef::<HtmlElement>::new();
    let address = RwSignal::new(address);
    let send = move || {
        let written = draft.get_untracked();
        if written.trim().is_empty() {
            return;
        }
        draft.set(String::new());
        ui.act(Act::Message(MessageAct::Send { to: address.get_untracked(), text: written }));
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
    html::form()
        .class("composer")
        .on(ev::submit, submit)
        .child(
            html::textarea()
                .attr("rows", "1")
                .attr("dir", "auto")
                .attr("aria-label", text().message)
                .attr("placeholder", text().message)
                .focused(page::has_mouse())
                .node_ref(field)
                .attr("value", move || draft.get())
                .on(ev::input, move |event| draft.set(event_target_value(&event)))
                .on(ev::keydown, key),
        )
        .child(
            html::button()
                .class("key go")
                .attr("type", "submit")
                .attr("aria-label", text().send)
                .attr("title", text().send)
                .child(icon("#send")),
        )
        .into_any()
}
