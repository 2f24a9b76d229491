//! What the user can choose. Every choice counts at once.

use crate::media::ring_back::RingBack;
use crate::phone::{Phone, Setting, Settings as Choices};
use crate::station::Act;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon};
use crate::ui::components::fields::{self, choice, switch};
use crate::ui::components::readiness::readiness;
use crate::ui::components::tools::Panel;
use crate::ui::screens::devices::sheet;
use crate::ui::screens::sign_in::forget_form;
use crate::ui::text::{keep_language, own_language, text};
use crate::ui::view::{Child, Memo, RwSignal, html};
use crate::ui::{Ui, words};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The settings.
pub(crate) fn settings() -> AnyView {
    let ui = Ui::current();
    let now = ui.phone.with_untracked(|phone| phone.settings().clone());
    let calls = (1..=Choices::MOST_CALLS).map(|most| (most.to_string(), most.to_string()));
    let tone =
        |(custom, name): (_, &str)| (name.to_owned(), words::ring_back(text(), custom).to_owned());
    let tones = RingBack::ALL.map(tone);
    let set_calls = move |chosen: String| {
        if let Ok(most) = chosen.parse() {
            ui.act(Act::Set(Setting::MaxCalls(most)));
        }
    };
    let set_tone = move |chosen: String| {
        if let Some(custom) = RingBack::parse(&chosen) {
            ui.act(Act::Set(Setting::RingBack(custom)));
        }
    };
    html::section()
        .class("room settings")
        .child(html::h1().child(text().settings))
        .child(
            html::div()
                .class("scroll setting-list")
                .child(readiness(ui))
                .child(devices(ui))
                .child(toggle(
                    ui,
                    "choose-quiet",
                    (text().do_not_disturb, text().do_not_disturb_hint),
                    (|now| now.do_not_disturb, Setting::DoNotDisturb),
                ))
                .child(toggle(
                    ui,
                    "choose-auto",
                    (text().auto_answer, text().auto_answer_hint),
                    (|now| now.auto_answer, Setting::AutoAnswer),
                ))
                .child(toggle(
                    ui,
                    "choose-follow",
                    (text().follow_redirects, text().follow_redirects_hint),
                    (|now| now.follow_redirects, Setting::FollowRedirects),
                ))
                .child(toggle(
                    ui,
                    "choose-denoise",
                    (text().denoise, text().denoise_hint),
                    (|now| now.denoise, Setting::Denoise),
                ))
                .child(ui.driver().is_relay_a_choice(now.relay_only).then(|| {
                    let texts = (text().relay_only, text().relay_only_hint);
                    toggle(ui, "choose-relay", texts, (|now| now.relay_only, Setting::RelayOnly))
                }))
                .child(choice(
                    "choose-calls",
                    text().max_calls,
                    fixed(calls.collect(), now.max_calls.to_string()),
                    set_calls,
                ))
                .child(choice(
                    "choose-tone",
                    text().ring_back,
                    fixed(tones.to_vec(), now.ring_back.name().to_owned()),
                    set_tone,
                ))
                .child(mailbox(ui, now.voicemail))
                .child(language(ui))
                .child(forget(ui)),
        )
        .into_any()
}

/// What is chosen among, as it is when the choice is shown.
fn fixed(options: Vec<(String, String)>, chosen: String) -> impl Fn() -> fields::Choices {
    move || (options.clone(), chosen.clone())
}

/// The way to "Sound and picture".
fn devices(ui: Ui) -> AnyView {
    let panel = RwSignal::new(Panel::Tools);
    let is_open = Memo::new(move || panel.get() == Panel::Devices);
    vec![
        button("choice")
            .attr("aria-haspopup", "dialog")
            .on(ev::click, move |_| panel.set(Panel::Devices))
            .child(icon("#speaker"))
            .child(text().sound_and_picture)
            .into_any(),
        (move || is_open.get().then(|| sheet(ui, panel))).into_child(),
    ]
    .into_any()
}

/// What holds of a choice between yes and no, and how it is chosen.
type Switch = (fn(&Choices) -> bool, fn(bool) -> Setting);

/// A choice between yes and no.
fn toggle(
    ui: Ui,
    id: &'static str,
    (label, hint): (&'static str, &'static str),
    (holds, setting): Switch,
) -> AnyView {
    let on = ui.read(move |phone| holds(phone.settings()));
    let choose = move |on| ui.act(Act::Set(setting(on)));
    switch(id, label, hint, on, choose)
}

/// The number that plays the messages of the mailbox.
fn mailbox(ui: Ui, number: String) -> AnyView {
    let otherwise = ui.read(Phone::voicemail_unchosen);
    let keep = move |number| ui.act(Act::Set(Setting::Voicemail(number)));
    html::div()
        .class("field")
        .child(html::label().attr("for", "choose-mailbox").child(text().voicemail_number))
        .child(
            html::input()
                .attr("id", "choose-mailbox")
                .attr("type", "text")
                .attr("inputmode", "tel")
                .attr("autocomplete", "off")
                .attr("placeholder", otherwise)
                .attr("value", number)
                .on(ev::input, move |event| keep(event_target_value(&event))),
        )
        .into_any()
}

/// Erases what is kept of the account, once the user has read what that is.
fn forget(ui: Ui) -> AnyView {
    let asks = RwSignal::new(false);
    let content = move || {
        if !asks.get() {
            let ask = button("secondary danger").on(ev::click, move |_| asks.set(true));
            return ask.child(text().forget_account).into_any();
        }
        let erase = button("secondary danger").focused(true).on(ev::click, move |_| {
            forget_form();
            ui.act(Act::Forget);
        });
        html::div()
            .class("notice")
            .attr("data-kind", "warning")
            .attr("role", "alert")
            .child(icon("#alert"))
            .child(html::p().child(text().forget_account_hint))
            .child(erase.child(text().erase))
            .child(ghost("#close", text().cancel, move || asks.set(false)))
            .into_any()
    };
    content.into_child()
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
        fixed(languages, own_language().unwrap_or_default()),
        choose,
    )
}
