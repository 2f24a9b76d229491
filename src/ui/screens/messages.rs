//! The room of the messages: all conversations, or one of them.

use crate::phone::dial;
use crate::phone::messages::Conversation;
use crate::phone::{Notice, Phone};
use crate::platform::clock;
use crate::sip::wire::{Host, Uri};
use crate::ui::Ui;
use crate::ui::components::buttons::{badge, ghost, icon};
use crate::ui::screens::conversation::conversation;
use crate::ui::text::{fill, text};
use crate::ui::words::label;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// The room.
#[component]
pub(crate) fn Messages() -> impl IntoView {
    let ui = Ui::current();
    move || match ui.talk.with.get() {
        Some(address) => conversation(ui, address),
        None => all(ui),
    }
}

/// A conversation as the list shows it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    address: Uri,
    name: String,
    text: String,
    at: u64,
    unread: usize,
}

impl Row {
    fn of(phone: &Phone, conversation: &Conversation) -> Self {
        let last = conversation.messages.last();
        let line = last.and_then(|last| last.text.lines().next()).unwrap_or_default();
        let whose = last.filter(|last| last.is_ours()).map_or("", |_| text().you_wrote);
        Self {
            address: conversation.address.clone(),
            name: label(text(), &phone.known(conversation.party.clone())).to_owned(),
            text: [whose, &line.chars().take(100).collect::<String>()].concat(),
            at: last.map_or(0, |last| last.at),
            unread: conversation.unread(),
        }
    }
}

/// All conversations, and the way to a new one.
fn all(ui: Ui) -> AnyView {
    let rows = |phone: &Phone| -> Vec<Row> {
        phone.messages().conversations().iter().map(|talk| Row::of(phone, talk)).collect()
    };
    let rows = ui.read(rows);
    let rows = Memo::new(move |_| rows());
    let writing = RwSignal::new(false);
    let list = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="lead">{text().no_messages}</p> }.into_any();
        }
        let rows: Vec<_> = rows.into_iter().map(|row| show(ui, row)).collect();
        view! { <ul class="talks">{rows}</ul> }.into_any()
    };
    view! {
        <section class="room">
            <header class="room-head">
                <h1>{text().messages}</h1>
                {ghost("#compose", text().new_message, move || writing.update(|on| *on = !*on))}
            </header>
            <div class="scroll">
                {move || writing.get().then(|| new_message(ui))}
                {list}
            </div>
        </section>
    }
    .into_any()
}

fn show(ui: Ui, row: Row) -> AnyView {
    let Row { address, name, text: line, at, unread } = row;
    let count = (unread > 0).then(|| {
        let spoken = fill(text().unread, "{count}", &unread.to_string());
        view! {
            {badge(unread)}
            <span class="sr-only">", "{spoken}</span>
        }
    });
    view! {
        <li>
            <button
                class="talk-row"
                type="button"
                data-unread=(unread > 0).then_some("")
                on:click=move |_| ui.talk.open(Some(address.clone()))
            >
                <span class="name" dir="auto">{name}</span>
                <time>{clock::describe(at, text().tag)}</time>
                <span class="last" dir="auto">{line}</span>
                {count}
            </button>
        </li>
    }
    .into_any()
}

/// Asks to whom the new message goes.
fn new_message(ui: Ui) -> AnyView {
    let field = NodeRef::<Input>::new();
    field.on_load(|field| {
        let _ = field.focus();
    });
    let write = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let domain = ui.phone.with_untracked(|phone| phone.domain().to_owned());
        match dial::parse(&typed, &Host::Name(domain)) {
            Some(address) => ui.talk.open(Some(address)),
            None => ui.act(|driver| driver.tell(Notice::CannotDial)),
        }
    };
    view! {
        <form class="new-message" novalidate on:submit=write>
            <div class="field">
                <label for="write-to">{text().number}</label>
                <input
                    id="write-to"
                    type="text"
                    inputmode="email"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    node_ref=field
                />
            </div>
            <button class="primary" type="submit">{icon("#message")} {text().write_message}</button>
        </form>
    }
    .into_any()
}
