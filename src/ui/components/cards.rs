//! What asks for a decision while a call goes on: calls that wait, the wish of the other side to
//! connect the user with somebody, and whether to show a picture where the other side does. The controls of the call stay where they are.

use crate::phone::{Call, CallId, Others, Party, Phone};
use crate::station::Act;
use crate::ui::components::buttons::button;
use crate::ui::text::{fill, fill_all, text};
use crate::ui::view::{Child, Memo, html};
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
    /// Calls were left some time ago.
    Left(String),
    /// The other side shows a picture; the user may show one, too.
    Picture(CallId, String),
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
            let peer = words::named(text(), &call.party);
            let names = [("{peer}", &*peer), ("{target}", &words::in_full(text(), target))];
            let sentence = fill_all(text().connects_you, &names);
            Some(Self::Request(call.id, sentence))
        };
        let picture = |call: &Call| {
            let sentence =
                || fill(text().shows_picture, "{peer}", words::label(text(), &call.party));
            call.video.asks().then(|| Self::Picture(call.id, sentence()))
        };
        let calls = phone.calls().iter();
        let left = phone
            .asks_to_return()
            .into_iter()
            .map(|party| Self::Left(fill(text().left_call, "{peer}", words::label(text(), party))));
        waiting
            .chain(left.take(1))
            .chain(calls.clone().filter_map(request))
            .chain(calls.filter_map(picture))
            .collect()
    }
}

/// One card for each question.
pub(crate) fn cards() -> AnyView {
    let ui = Ui::current();
    let cards = Memo::new(ui.read(Card::all));
    let shown = move || cards.get().into_iter().map(|each| card(ui, each)).collect::<Vec<_>>();
    shown.into_child()
}

fn card(ui: Ui, card: Card) -> AnyView {
    let (name, what, choices) = match card {
        Card::Waiting { call, party, replaces } => {
            let answer = move |others| {
                ui.act(Act::Answer { call, others, video: false });
            };
            let decline = move || ui.act(Act::Decline(call));
            let who = words::who(text(), &party);
            let what = html::p()
                .child(html::small().child(text().incoming))
                .child(" ")
                .child(html::b().child(who));
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
                ui.act(Act::DecideTransfer { call, accept });
            };
            let choices = vec![
                choice("choice go", text().call, move || decide(true)),
                choice("choice", text().refuse, move || decide(false)),
            ];
            (sentence.clone(), html::p().child(sentence).into_any(), choices)
        }
        Card::Left(sentence) => {
            let decide = move |accept| ui.act(Act::DecideReturn(accept));
            let choices = vec![
                choice("choice go", text().take_back, move || decide(true)),
                choice("choice end", text().hang_up, move || decide(false)),
            ];
            (sentence.clone(), html::p().child(sentence).into_any(), choices)
        }
        Card::Picture(call, sentence) => {
            let decide = move |show| {
                ui.act(Act::DecideCamera { call, show });
            };
            let choices = vec![
                choice("choice go", text().show_camera, move || decide(true)),
                choice("choice", text().not_now, move || decide(false)),
            ];
            (sentence.clone(), html::p().child(sentence).into_any(), choices)
        }
    };
    html::section()
        .class("card")
        .attr("role", "alertdialog")
        .attr("aria-label", name)
        .child(what)
        .child(html::div().class("choices").child(choices))
        .into_any()
}

fn choice(class: &'static str, label: &'static str, on_press: impl Fn() + 'static) -> AnyView {
    let on_press: Box<dyn Fn()> = Box::new(on_press);
    button(class).on(ev::click, move |_| on_press()).child(label).into_any()
}
