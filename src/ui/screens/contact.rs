//! One contact: the name and the numbers, to be changed or called.

use super::contacts::{call, change};
use crate::phone::contacts::{Contact, Label, Number};
use crate::ui::Ui;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::text::text;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// What the form holds.
#[derive(Clone, Copy)]
pub(super) struct Card {
    id: u64,
    name: RwSignal<String>,
    favourite: RwSignal<bool>,
    /// The numbers, each under a name of its own, so that its field stays while others go.
    numbers: RwSignal<Vec<(u32, Label, String)>>,
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
        let numbers = self.numbers.get_untracked();
        Contact {
            id: self.id,
            name: self.name.get_untracked(),
            favourite: self.favourite.get_untracked(),
            numbers: numbers.into_iter().map(|(_, label, value)| Number { label, value }).collect(),
        }
    }

    fn add_number(self) {
        self.numbers.update(|numbers| {
            let id = numbers.last().map_or(0, |(id, ..)| id + 1);
            numbers.push((id, Label::default(), String::new()));
        });
    }

    fn change_number(self, id: u32, change: impl FnOnce(&mut Label, &mut String)) {
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
        let mut kept = false;
        ui.act(|driver| {
            driver.change_contacts(|contacts, now| {
                let write = contacts.save(card.contact(), now);
                kept = write.is_some();
                write.into_iter().collect()
            });
        });
        card.empty.set(!kept);
        if kept {
            close();
        }
    };
    let delete = move |_| {
        change(ui, |contacts| contacts.delete(card.id).into_iter().collect());
        close();
    };
    let ids = Memo::new(move |_| {
        card.numbers.with(|numbers| numbers.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    });
    let is_new = card.id == 0;
    let name = NodeRef::<Input>::new();
    name.on_load(|name| {
        let _ = name.focus();
    });
    let title = if is_new { text().add_contact } else { text().edit_contact };
    view! {
        <form
            class="room"
            novalidate
            on:submit=save
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    close();
                }
            }
        >
            <div class="head">
                <h1>{title}</h1>
                {ghost("#close", text().cancel, close)}
            </div>
            <div class="fields">
                <div class="field">
                    <label for="contact-name">{text().contact_name}</label>
                    <input
                        id="contact-name"
                        type="text"
                        autocomplete="off"
                        node_ref=name
                        aria-invalid=move || card.empty.get().then_some("true")
                        prop:value=move || card.name.get()
                        on:input:target=move |event| card.name.set(event.target().value())
                    />
                </div>
                {move || {
                    ids.get().into_iter().map(|id| number(ui, card, id)).collect_view()
                }}
                <button class="secondary" type="button" on:click=move |_| card.add_number()>
                    {icon("#plus")}
                    {text().add_number}
                </button>
                <button
                    class="secondary star"
                    type="button"
                    aria-pressed=move || if card.favourite.get() { "true" } else { "false" }
                    on:click=move |_| card.favourite.update(|starred| *starred = !*starred)
                >
                    {icon("#star")}
                    {text().favourite}
                </button>
                {move || card.empty.get().then(|| view! {
                    <div class="notice" data-kind="error" role="alert">
                        {icon("#alert")}
                        <p>{text().contact_empty}</p>
                    </div>
                })}
                <button class="primary" type="submit">{text().save}</button>
                {(!is_new).then(|| view! {
                    <button class="secondary danger" type="button" on:click=delete>
                        {text().delete}
                    </button>
                })}
            </div>
        </form>
    }
    .into_any()
}

/// The fields of one number.
fn number(ui: Ui, card: Card, id: u32) -> AnyView {
    let found = card
        .numbers
        .with_untracked(|numbers| numbers.iter().find(|(other, ..)| *other == id).cloned());
    let (_, chosen, value) = found.unwrap_or_default();
    let current = StoredValue::new(value.clone());
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
    let options = labels.map(|(label, name)| {
        view! { <option selected=label == chosen>{name}</option> }
    });
    view! {
        <div class="field entry">
            <select
                aria-label=text().label
                on:change:target=move |event| choose(event.target().selected_index())
            >
                {options.into_iter().collect_view()}
            </select>
            {ghost("#trash", text().remove_number, remove)}
            <input
                type="text"
                inputmode="email"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=text().number
                placeholder=text().number
                value=value
                on:input:target=move |event| {
                    let typed = event.target().value();
                    current.set_value(typed.clone());
                    card.change_number(id, |_, value| *value = typed);
                }
            />
            {ghost("#phone", text().call, move || current.with_value(|number| call(ui, number)))}
        </div>
    }
    .into_any()
}
