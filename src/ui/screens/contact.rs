//! One contact: the name and the numbers, to be changed or called.

use super::contacts::call;
use crate::phone::contact::{Contact, Label, Number};
use crate::station::{Act, ContactAct};
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::text::text;
use crate::ui::view::{El, Memo, RwSignal, effect, html};
use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys::{Event, HtmlSelectElement};
use wasm_bindgen::JsCast;

/// What the form holds.
#[derive(Clone, Copy)]
pub(super) struct Card {
    id: u64,
    name: RwSignal<String>,
    organisation: RwSignal<String>,
    origin: StoredValue<String>,
    favourite: RwSignal<bool>,
    /// The numbers, each under a name of its own, so that its field stays while others go.
    numbers: RwSignal<Vec<(u64, Label, String)>>,
    empty: RwSignal<bool>,
}

impl Card {
    pub(super) fn new(contact: &Contact) -> Self {
        let numbers = contact.numbers.iter().map(|number| (number.label, number.value.clone()));
        let numbers: Vec<_> =
            (0..).zip(numbers).map(|(id, (label, value))| (id, label, value)).collect();
        let card = Self {
            id: contact.id,
            name: RwSignal::new(contact.name.clone()),
            organisation: RwSignal::new(contact.organisation.clone()),
            origin: StoredValue::new(contact.origin.clone()),
            favourite: RwSignal::new(contact.favourite),
            numbers: RwSignal::new(numbers),
            empty: RwSignal::new(false),
        };
        if contact.numbers.is_empty() {
            card.add_number();
        }
        card
    }

    fn contact(self) -> Contact {
        let numbers = self.numbers.get();
        Contact {
            id: self.id,
            name: self.name.get(),
            organisation: self.organisation.get(),
            origin: self.origin.get_value(),
            favourite: self.favourite.get(),
            numbers: numbers.into_iter().map(|(_, label, value)| Number { label, value }).collect(),
        }
    }

    fn add_number(self) {
        self.numbers.update(|numbers| {
            let id = numbers.last().map_or(0, |(id, ..)| id + 1);
            numbers.push((id, Label::default(), String::new()));
        });
    }

    fn change_number(self, id: u64, change: impl FnOnce(&mut Label, &mut String)) {
        self.numbers.update(|numbers| {
            if let Some((_, label, value)) = numbers.iter_mut().find(|(other, ..)| *other == id) {
                change(label, value);
            }
        });
    }
}

/// The form. `open` is emptied when it is done.
pub(super) fn card(ui: Ui, card: Card, open: RwSignal<Option<Contact>>) -> AnyView {
    let close = move || open.set(None);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let contact = untrack(|| card.contact()).clean();
        card.empty.set(contact.is_none());
        if let Some(contact) = contact {
            ui.act(Act::Contact(ContactAct::Save(Box::new(contact))));
            close();
        }
    };
    let delete = move |_| {
        ui.act(Act::Contact(ContactAct::Delete(card.id)));
        close();
    };
    let ids = Memo::new(move || {
        card.numbers.with(|numbers| numbers.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    });
    // What is typed outlives the form, which a call may take from the display.
    effect(move || open.set(Some(card.contact())));
    let is_new = card.id == 0;
    let title = if is_new { text().add_contact } else { text().edit_contact };
    html::form()
        .class("room")
        .attr("novalidate", true)
        .on(ev::submit, save)
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" {
                close();
            }
        })
        .child(html::div().class("head").child(html::h1().child(title)).child(ghost(
            "#close",
            text().cancel,
            close,
        )))
        .child(
            html::div()
                .class("fields")
                .child(field("contact-name", text().contact_name, card.name, |input| {
                    input
                        .focused(true)
                        .attr("aria-invalid", move || card.empty.get().then_some("true"))
                }))
                .child(field(
                    "contact-organisation",
                    text().organisation,
                    card.organisation,
                    |input| input,
                ))
                .child(
                    html::div()
                        .class("numbers")
                        .each(move || ids.get(), move |id| number(ui, card, id)),
                )
                .child(
                    button("secondary")
                        .on(ev::click, move |_| card.add_number())
                        .child(icon("#plus"))
                        .child(text().add_number),
                )
                .child(
                    button("secondary star")
                        .aria("aria-pressed", move || card.favourite.get())
                        .on(ev::click, move |_| {
                            card.favourite.update(|starred| *starred = !*starred)
                        })
                        .child(icon("#star"))
                        .child(text().favourite),
                )
                .child(move || {
                    card.empty.get().then(|| {
                        html::div()
                            .class("notice")
                            .attr("data-kind", "error")
                            .attr("role", "alert")
                            .child(icon("#alert"))
                            .child(html::p().child(text().contact_empty))
                    })
                })
                .child(html::button().class("primary").attr("type", "submit").child(text().save))
                .child((!is_new).then(|| {
                    button("secondary danger").on(ev::click, delete).child(text().delete)
                })),
        )
        .into_any()
}

/// A line of text with its label.
fn field(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    more: impl FnOnce(El) -> El,
) -> El {
    let input = html::input()
        .attr("id", id)
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("value", move || value.get())
        .on(ev::input, move |event| value.set(event_target_value(&event)));
    html::div().class("field").child(html::label().attr("for", id).child(label)).child(more(input))
}

/// Which option a choice has been changed to.
fn selected(event: &Event) -> i32 {
    let field = event.target().and_then(|field| field.dyn_into::<HtmlSelectElement>().ok());
    field.map_or(-1, |field| field.selected_index())
}

/// The fields of one number.
fn number(ui: Ui, card: Card, id: u64) -> AnyView {
    let found = card
        .numbers
        .with_untracked(|numbers| numbers.iter().find(|(other, ..)| *other == id).cloned());
    let (_, chosen, value) = found.unwrap_or_default();
    let current = RwSignal::new(value.clone());
    let labels = [
        (Label::Mobile, text().mobile),
        (Label::Work, text().work),
        (Label::Home, text().home),
        (Label::Other, text().other),
    ];
    let choose = move |index: i32| {
        let label = usize::try_from(index).ok().and_then(|index| labels.get(index));
        if let Some((label, _)) = label {
            card.change_number(id, |own, _| *own = *label);
        }
    };
    let remove = move || card.numbers.update(|numbers| numbers.retain(|(other, ..)| *other != id));
    let options =
        labels.map(|(label, name)| html::option().attr("selected", label == chosen).child(name));
    html::div()
        .class("field entry")
        .child(
            html::select()
                .attr("aria-label", text().label)
                .on(ev::change, move |event| choose(selected(&event)))
                .child(options.into_iter().collect::<Vec<_>>()),
        )
        .child(ghost("#trash", text().remove_number, remove))
        .child(
            html::input()
                .attr("type", "text")
                .attr("inputmode", "email")
                .attr("autocomplete", "off")
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("aria-label", text().number)
                .attr("placeholder", text().number)
                .attr("value", value)
                .on(ev::input, move |event| {
                    let typed = event_target_value(&event);
                    current.set(typed.clone());
                    card.change_number(id, |_, value| *value = typed);
                }),
        )
        .child(ghost("#phone", text().call, move || {
            current.with_untracked(|number| call(ui, number))
        }))
        .into_any()
}
