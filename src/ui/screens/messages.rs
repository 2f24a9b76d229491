//! The room of the messages: all conversations, or one of them.

use crate::phone::messages::Conversation;
use crate::phone::{Phone, Uri};
use crate::station::{Act, MessageAct};
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{badge, ghost, icon};
use crate::ui::components::search::undo_bar;
use crate::ui::screens::conversation::conversation;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, Memo, NodeRef, RwSignal, html};
use crate::ui::words::named;
use crate::ui::{Ui, past};
use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use std::sync::Arc;

/// The room.
pub(crate) fn messages() -> AnyView {
    let ui = Ui::current();
    // What was deleted in one visit of the room is not offered in the next.
    if ui.phone.with_untracked(|phone| phone.messages().deleted().is_some()) {
        ui.act(Act::Message(MessageAct::Forget));
    }
    let room = move || match ui.talk.with.get() {
        Some(address) => conversation(ui, address),
        None => all(ui),
    };
    room.into_child()
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
            name: named(text(), &phone.known(conversation.party.clone())),
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
    let rows = Memo::new(ui.read(rows));
    let writing = RwSignal::new(false);
    let deleted = Memo::new(ui.read(deleted));
    let undo = move || ui.act(Act::Message(MessageAct::Undo));
    let forget = move || ui.act(Act::Message(MessageAct::Forget));
    let list = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return html::p().class("lead").child(text().no_messages).into_any();
        }
        let rows: Vec<_> = rows.into_iter().map(|row| show(ui, row)).collect();
        html::ul().class("talks").child(rows).into_any()
    };
    html::section()
        .class("room")
        .child(
            html::header()
                .class("head")
                .child(html::h1().child(text().messages))
                .child(ghost("#compose", text().new_message, move || {
                    writing.update(|on| *on = !*on)
                }))
                .child(undo_bar(deleted, Arc::new(undo), Arc::new(forget))),
        )
        .child(
            html::div()
                .class("scroll")
                .child(move || writing.get().then(|| new_message(ui)))
                .child(list),
        )
        .into_any()
}

/// That a conversation was deleted, and with whom it was.
fn deleted(phone: &Phone) -> Option<String> {
    let party = phone.known(phone.messages().deleted()?.party.clone());
    Some(fill(text().conversation_deleted, "{name}", &named(text(), &party)))
}

fn show(ui: Ui, row: Row) -> AnyView {
    let Row { address, name, text: line, at, unread } = row;
    let count = (unread > 0).then(|| {
        let spoken = fill(text().unread, "{count}", &unread.to_string());
        vec![
            badge(unread).into_child(),
            html::span().class("sr-only").child(", ").child(spoken).into_child(),
        ]
    });
    html::li()
        .child(
            button("talk-row")
                .attr("data-unread", unread > 0)
                .on(ev::click, move |_| ui.talk.open(Some(address.clone())))
                .child(html::span().class("name").attr("dir", "auto").child(name))
                .child(html::time().child(past::when_in_brief(text(), at as f64)))
                .child(html::span().class("last").attr("dir", "auto").child(line))
                .child(count),
        )
        .into_any()
}

/// Asks to whom the new message goes.
fn new_message(ui: Ui) -> AnyView {
    let field = NodeRef::<HtmlInputElement>::new();
    let write = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match ui.phone.with_untracked(|phone| phone.address(&typed)) {
            Some(address) => ui.talk.open(Some(address)),
            None => ui.act(Act::CannotDial),
        }
    };
    html::form()
        .class("new-message")
        .attr("novalidate", true)
        .on(ev::submit, write)
        .child(
            html::div()
                .class("field")
                .child(html::label().attr("for", "write-to").child(text().number))
                .child(
                    html::input()
                        .attr("id", "write-to")
                        .attr("type", "text")
                        .attr("inputmode", "email")
                        .attr("autocomplete", "off")
                        .attr("autocapitalize", "none")
                        .attr("spellcheck", "false")
                        .focused(true)
                        .node_ref(field),
                ),
        )
        .child(
            html::button()
                .class("primary")
                .attr("type", "submit")
                .child(icon("#message"))
                .child(text().write_message),
        )
        .into_any()
}
