//! What the user can choose. Every choice counts at once.

use crate::phone::{Phone, RingBack, Settings as Choices};
use crate::ui::element::el;
use crate::ui::text::{keep_language, own_language, text};
use crate::ui::{Ui, words};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The settings.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let ui = Ui::current();
    let now = ui.phone.with_untracked(|phone| phone.settings().clone());
    let calls = (1..=Choices::MOST_CALLS).map(|most| (most.to_string(), most.to_string()));
    let tone =
        |(custom, name): (_, &str)| (name.to_owned(), words::ring_back(text(), custom).to_owned());
    let tones = RingBack::ALL.map(tone);
    let set_calls = move |chosen: String| {
        if let Ok(most) = chosen.parse() {
            ui.act(|driver| driver.change_settings(|now| now.max_calls = most));
        }
    };
    let set_tone = move |chosen: String| {
        if let Some(custom) = RingBack::parse(&chosen) {
            ui.act(|driver| driver.change_settings(|now| now.ring_back = custom));
        }
    };
    el("section")
        .class("room settings")
        .child(el("h1").child(text().settings))
        .child(
            el("div")
                .class("scroll setting-list")
                .child(toggle(
                    ui,
                    "choose-quiet",
                    (text().do_not_disturb, text().do_not_disturb_hint),
                    |now| &mut now.do_not_disturb,
                ))
                .child(toggle(
                    ui,
                    "choose-auto",
                    (text().auto_answer, text().auto_answer_hint),
                    |now| &mut now.auto_answer,
                ))
                .child(toggle(
                    ui,
                    "choose-follow",
                    (text().follow_redirects, text().follow_redirects_hint),
                    |now| &mut now.follow_redirects,
                ))
                .child(choice(
                    "choose-calls",
                    text().max_calls,
                    calls.collect(),
                    &now.max_calls.to_string(),
                    set_calls,
                ))
                .child(choice(
                    "choose-tone",
                    text().ring_back,
                    tones.to_vec(),
                    now.ring_back.name(),
                    set_tone,
                ))
                .child(mailbox(ui, now.voicemail))
                .child(language(ui)),
        )
        .into_any()
}

/// A choice between yes and no, in the place of the settings that `place` finds.
fn toggle(
    ui: Ui,
    id: &'static str,
    (label, hint): (&'static str, &'static str),
    place: fn(&mut Choices) -> &mut bool,
) -> AnyView {
    let on = ui.read(move |phone| *place(&mut phone.settings().clone()));
    let hint_id = [id, "-hint"].concat();
    el("div")
        .class("setting")
        .child(el("label").attr("for", id).child(label))
        .child(
            el("input")
                .attr("id", id)
                .attr("type", "checkbox")
                .attr("role", "switch")
                .attr("aria-describedby", hint_id.clone())
                .attr("checked", on)
                .on(ev::change, move |event| {
                    let on = event_target_checked(&event);
                    ui.act(|driver| driver.change_settings(|now| *place(now) = on));
                }),
        )
        .child(el("p").attr("id", hint_id).child(hint))
        .into_any()
}

/// A choice among several, each with its value and its name.
fn choice(
    id: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let choose: Box<dyn Fn(String)> = Box::new(choose);
    let option = |(value, name): (String, String)| {
        let selected = value == chosen;
        el("option").attr("value", value).attr("selected", selected).child(name).into_any()
    };
    el("div")
        .class("field")
        .child(el("label").attr("for", id).child(label))
        .child(
            el("select")
                .attr("id", id)
                .on(ev::change, move |event| choose(event_target_value(&event)))
                .child(options.into_iter().map(option).collect::<Vec<_>>()),
        )
        .into_any()
}

/// The number that plays the messages of the mailbox.
fn mailbox(ui: Ui, number: String) -> AnyView {
    let otherwise = ui.read(Phone::voicemail_unchosen);
    let keep = move |number: String| {
        ui.act(|driver| driver.change_settings(|now| now.voicemail = number.trim().to_owned()));
    };
    el("div")
        .class("field")
        .child(el("label").attr("for", "choose-mailbox").child(text().voicemail_number))
        .child(
            el("input")
                .attr("id", "choose-mailbox")
                .attr("type", "text")
                .attr("inputmode", "tel")
                .attr("autocomplete", "off")
                .attr("placeholder", otherwise)
                .attr("value", number)
                .on(ev::change, move |event| keep(event_target_value(&event))),
        )
        .into_any()
}

fn language(ui: Ui) -> AnyView {
    let option = |tag: &str, name: &str| (tag.to_owned(), name.to_owned());
    let languages = vec![
        option("", text().language_of_browser),
        option("en", "English"),
        option("es", "Español"),
    ];
    let choose = move |tag: String| {
        keep_language(&tag);
        ui.language.set(text().tag);
        // All is made anew in the other language, this choice too: the focus goes back to it.
        request_animation_frame(|| {
            let field = document().get_element_by_id("choose-language");
            if let Some(field) =
                field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = field.focus();
            }
        });
    };
    choice(
        "choose-language",
        text().language,
        languages,
        &own_language().unwrap_or_default(),
        choose,
    )
}
