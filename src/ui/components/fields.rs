//! The fields in which the user chooses something.

use crate::ui::view::{Child, IntoValue, Memo, html};
use leptos::ev;
use leptos::prelude::*;

/// What can be chosen among: the values with their names, and the value that is chosen.
pub(crate) type Choices = (Vec<(String, String)>, String);

/// A choice among several, which are followed.
pub(crate) fn choice(
    id: &'static str,
    label: &'static str,
    choices: impl Fn() -> Choices + Send + Sync + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    live_choice(id, label, Memo::new(choices), Box::new(choose))
}

// What is generic would be compiled for each use.
fn live_choice(
    id: &'static str,
    label: &'static str,
    choices: Memo<Choices>,
    choose: Box<dyn Fn(String)>,
) -> AnyView {
    let options = move || {
        let (options, chosen) = choices.get();
        let option = |(value, name): (String, String)| {
            let selected = value == chosen;
            html::option().attr("value", value).attr("selected", selected).child(name).into_any()
        };
        options.into_iter().map(option).collect::<Vec<_>>()
    };
    html::div()
        .class("field")
        .child(html::label().attr("for", id).child(label))
        .child(
            html::select()
                .attr("id", id)
                .on(ev::change, move |event| choose(event_target_value(&event)))
                .child(options),
        )
        .into_any()
}

/// A choice between yes and no, with a sentence that says what it does.
pub(crate) fn switch(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    on: impl IntoValue,
    choose: impl Fn(bool) + 'static,
) -> AnyView {
    let choose: Box<dyn Fn(bool)> = Box::new(choose);
    let hint_id = [id, "-hint"].concat();
    html::div()
        .class("setting")
        .child(html::label().attr("for", id).child(label))
        .child(
            html::input()
                .attr("id", id)
                .attr("type", "checkbox")
                .attr("role", "switch")
                .attr("aria-describedby", hint_id.clone())
                .attr("checked", on)
                .on(ev::change, move |event| choose(event_target_checked(&event))),
        )
        .child(html::p().attr("id", hint_id).child(hint))
        .into_any()
}

/// How much, from 0 to 100.
pub(crate) fn slider(
    id: &'static str,
    label: &'static str,
    now: u8,
    choose: impl Fn(u8) + 'static,
) -> AnyView {
    let choose: Box<dyn Fn(u8)> = Box::new(choose);
    html::div()
        .class("field")
        .child(html::label().attr("for", id).child(label))
        .child(
            html::input()
                .attr("id", id)
                .attr("type", "range")
                .attr("max", "100")
                .attr("step", "5")
                .attr("value", now.to_string())
                .on(ev::change, move |event| {
                    if let Ok(chosen) = event_target_value(&event).parse() {
                        choose(chosen);
                    }
                }),
        )
        .into_child()
}
