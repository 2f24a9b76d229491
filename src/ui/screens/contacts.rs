//! The room of the contacts.

use super::contact::{Card, card};
use crate::phone::contact::Contact;
use crate::phone::contacts::{Contacts as People, Imported};
use crate::phone::{Phone, vcard};
use crate::platform::files;
use crate::station::{Act, ContactAct, Whom};
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::components::lamp::shine;
use crate::ui::components::rows::rows;
use crate::ui::components::search::{nothing, search, undo_bar};
use crate::ui::text::{fill, fill_all, text};
use crate::ui::view::{Child, Memo, NodeRef, RwSignal, html};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use std::sync::Arc;

/// The room: the list, or one contact.
pub(crate) fn contacts() -> AnyView {
    let ui = Ui::current();
    let open = ui.contact;
    let is_open = Memo::new(move || open.with(Option::is_some));
    let query = RwSignal::new(String::new());
    let been = RwSignal::new(false);
    // What was deleted in one visit of the room is not offered in the next.
    if untrack(|| ui.contacts(|contacts| contacts.deleted().is_some())) {
        ui.act(Act::Contact(ContactAct::Forget));
    }
    let room = move || match is_open.get().then(|| open.get_untracked()).flatten() {
        Some(contact) => {
            been.set(true);
            card(ui, Card::new(&contact), open)
        }
        None => list(ui, query, open, been.get_untracked()),
    };
    room.into_child()
}

/// All contacts. The heading takes the focus of those who come back from one of them.
fn list(
    ui: Ui,
    query: RwSignal<String>,
    open: RwSignal<Option<Contact>>,
    is_back: bool,
) -> AnyView {
    let found =
        Memo::new(move || ui.contacts(|contacts| query.with(|query| contacts.search(query))));
    let deleted = move || {
        let name = ui.contacts(|contacts| contacts.deleted().map(|contact| contact.name.clone()));
        name.map(|name| fill(text().contact_deleted, "{name}", &name))
    };
    let undo = move || ui.act(Act::Contact(ContactAct::Undo));
    let forget = move || ui.act(Act::Contact(ContactAct::Forget));
    let is_empty = Memo::new(move || found.with(Vec::is_empty));
    let list = move || {
        if !is_empty.get() {
            return rows(found, text().contacts, move |id, stop| row(ui, id, stop, open));
        }
        nothing(if query.with(String::is_empty) {
            text().no_contacts
        } else {
            text().nothing_found
        })
    };
    html::section()
        .class("room")
        .child(
            html::div()
                .class("head")
                .child(html::h1().attr("tabindex", "-1").focused(is_back).child(text().contacts))
                .child(exchange(ui))
                .child(ghost("#plus", text().add_contact, move || {
                    open.set(Some(Contact::default()))
                }))
                .child(html::div().class("finder").child(search(query)))
                .child(undo_bar(Memo::new(deleted), Arc::new(undo), Arc::new(forget))),
        )
        .child(list)
        .into_any()
}

/// Reading contacts from a file, and writing them to one.
fn exchange(ui: Ui) -> AnyView {
    let field = NodeRef::<HtmlInputElement>::new();
    let told = RwSignal::new(String::new());
    let choose = move || {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let read = move || {
        let Some(field) = field.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            let Some(file) = files::chosen(&field).await else { return };
            ui.act(Act::Contact(ContactAct::Import(vcard::parse(&file, &files::decode))));
            let Imported { added, merged } = ui.phone.with_untracked(Phone::imported);
            told.set(if added + merged == 0 {
                text().not_imported.to_owned()
            } else {
                let [added, merged] = [added, merged].map(|count| count.to_string());
                fill_all(text().imported, &[("{added}", &added), ("{merged}", &merged)])
            });
        });
    };
    let write = move || {
        files::save(
            "contacts.vcf",
            "text/vcard;charset=utf-8",
            &untrack(|| ui.contacts(People::export)),
        );
    };
    let notice = move || {
        let sentence = told.get();
        (!sentence.is_empty()).then(|| {
            html::div().class("notice").child(html::p().child(sentence)).child(ghost(
                "#close",
                text().close,
                move || told.set(String::new()),
            ))
        })
    };
    vec![
        ghost("#import", text().import_contacts, choose).into_child(),
        ghost("#export", text().export_contacts, write).into_child(),
        html::input()
            .attr("type", "file")
            .attr("hidden", true)
            .attr("accept", ".vcf,text/vcard")
            .node_ref(field)
            .on(ev::change, move |_| read())
            .into_child(),
        html::div().attr("role", "status").child(notice).into_child(),
    ]
    .into_any()
}

/// One contact: a press opens it, the other button calls its first number.
fn row(ui: Ui, id: u64, stop: Memo<&'static str>, open: RwSignal<Option<Contact>>) -> AnyView {
    let contact = move || ui.contacts(|contacts| contacts.get(id).cloned());
    let Some(shown) = untrack(contact) else { return ().into_any() };
    let first = shown.numbers.first().map(|number| number.value.clone());
    // People of one name are told apart by it.
    let at = (shown.organisation != shown.name).then_some(shown.organisation.clone());
    let parts = [at.filter(|at| !at.is_empty()), first.clone()];
    let below = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let favourite = move || contact().is_some_and(|contact| contact.favourite);
    let lamp = Memo::new(move || {
        ui.book.track();
        ui.phone.with(|phone| phone.favourite_lamp(phone.contacts().get(id)?))
    });
    let star = move |_| ui.act(Act::Contact(ContactAct::ToggleFavourite(id)));
    let call = first.clone().map(|number| {
        let label = fill(text().call_peer, "{peer}", &shown.name);
        button("ghost")
            .attr("tabindex", move || stop.get())
            .attr("aria-label", label.clone())
            .attr("title", label)
            .on(ev::click, move |_| call(ui, &number))
            .child(icon("#phone"))
    });
    vec![
        button("row")
            .attr("tabindex", move || stop.get())
            .on(ev::click, move |_| open.set(untrack(contact)))
            .child(icon("#user"))
            .child(html::strong().child(shown.name))
            .child(" ")
            .child(html::small().child(move || lamp.get().map(shine)).child(" ").child(below))
            .into_child(),
        button("ghost star")
            .attr("tabindex", move || stop.get())
            .attr("aria-label", text().favourite)
            .attr("title", text().favourite)
            .aria("aria-pressed", favourite)
            .on(ev::click, star)
            .child(icon("#star"))
            .into_child(),
        call.into_child(),
    ]
    .into_any()
}

/// Calls a number of a contact.
pub(super) fn call(ui: Ui, number: &str) {
    ui.act(Act::Call { whom: Whom::Typed(number.to_owned()), video: false });
}
