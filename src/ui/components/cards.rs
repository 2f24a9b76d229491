//! What asks for a decision while a call goes on: calls that wait, and the wish of the other side
//! to connect the user with somebody. The controls of the call stay where they are.

use crate::phone::{Call, Others, Party, Phone};
use crate::sip::ua::CallId;
use crate::ui::element::{Child, button, el};
use crate::ui::live::Memo;
use crate::ui::text::{fill, text};
use crate::ui::{Ui, words};
use leptos::ev;
use leptos::prelude::*;

/// A question.
#[derive(Clone, PartialEq)]
enum Card {
    /// A call waits; it may take the place of the one that stands.
    Waiting {
        call: CallId,
        party: Party,
        replaces: bool,
    },
    Request(CallId, String),
}

impl Card {
    fn all(phone: &Phone) -> Vec<Self> {
        let waiting = phone.waiting().map(|call| Self::Waiting {
            call: call.id,
            party: call.party.clone(),
            replaces: call.replaces.is_some(),
        });
        let request = |call: &Call| {
            let target = &call.transfer_request.as_ref()?.target;
            let sentence = fill(text().connects_you, "{peer}", words::label(text(), &call.party));
            let sentence = fill(&sentence, "{target}", words::label(text(), target));
            Some(Self::Request(call.id, sentence))
        };
        waiting.chain(phone.calls().iter().filter_map(request)).collect()
    }
}

/// One card for each question.
#[component]
pub(crate) fn Cards() -> impl IntoView {
    let ui = Ui::current();
    let cards = Memo::new(ui.read(Card::all));
    let shown = move || cards.get().into_iter().map(|each| card(ui, each)).collect::<Vec<_>>();
    shown.into_child()
}

fn card(ui: Ui, card: Card) -> AnyView {
    let (name, what, choices) = match card {
        Card::Waiting { call, party, replaces } => {
            let answer = move |others| {
                ui.act(|driver| driver.operate(|phone| phone.answer(call, others)));
            };
            let decline = move || ui.act(|driver| driver.decline(call));
            let who = words::who(text(), &party);
            let what = el("p")
                .child(el("small").child(text().incoming))
                .child(" ")
                .child(el("b").child(who));
            let hold = if replaces { text().answer } else { text().answer_and_hold };
            let mut choices = vec![choice("choice go", hold, move || answer(Others::Hold))];
            if !replaces {
                choices.push(choice("choice", text().answer_and_end, move || answer(Others::End)));
            }
            choices.push(choice("choice end", text().decline, decline));
            (words::incoming_from(text(), &party), what.into_any(), choices)
        }
        Card::Request(call, sentence) => {
            let decide = move |accept| {
                ui.act(|driver| driver.operate(|phone| phone.decide_transfer(call, accept)));
            };
            let choices = vec![
                choice("choice go", text().call, move || decide(true)),
                choice("choice", text().refuse, move || decide(false)),
            ];
            (sentence.clone(), el("p").child(sentence).into_any(), choices)
        }
    };
    el("section")
        .class("card")
        .attr("role", "alertdialog")
        .attr("aria-label", name)
        .child(what)
        .child(el("div").class("choices").child(choices))
        .into_any()
}

fn choice(class: &'static str, label: &'static str, on_press: impl Fn() + 'static) -> AnyView {
    let on_press: Box<dyn Fn()> = Box::new(on_press);
    button(class).on(ev::click, move |_| on_press()).child(label).into_any()
}
