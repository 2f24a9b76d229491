//! What the user can choose. Every choice counts at once.

use crate::phone::{RingBack, Settings as Choices};
use crate::ui::text::{keep_language, own_language, text};
use crate::ui::{Ui, words};
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
    view! {
        <section class="room settings">
            <h1>{text().settings}</h1>
            <div class="scroll setting-list">
                {toggle(ui, "choose-quiet", (text().do_not_disturb, text().do_not_disturb_hint), |now| {
                    &mut now.do_not_disturb
                })}
                {toggle(ui, "choose-auto", (text().auto_answer, text().auto_answer_hint), |now| {
                    &mut now.auto_answer
                })}
                {toggle(ui, "choose-follow", (text().follow_redirects, text().follow_redirects_hint), |now| {
                    &mut now.follow_redirects
                })}
                {choice("choose-calls", text().max_calls, calls.collect(), &now.max_calls.to_string(), set_calls)}
                {choice("choose-tone", text().ring_back, tones.to_vec(), now.ring_back.name(), set_tone)}
                {mailbox(ui, now.voicemail)}
                {language(ui)}
            </div>
        </section>
    }
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
    view! {
        <div class="setting">
            <label for=id>{label}</label>
            <input
                id=id
                type="checkbox"
                role="switch"
                aria-describedby=hint_id.clone()
                prop:checked=on
                on:change:target=move |event| {
                    let on = event.target().checked();
                    ui.act(|driver| driver.change_settings(|now| *place(now) = on));
                }
            />
            <p id=hint_id>{hint}</p>
        </div>
    }
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
        view! { <option value=value selected=selected>{name}</option> }.into_any()
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id on:change:target=move |event| choose(event.target().value())>
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// The number that plays the messages of the mailbox.
fn mailbox(ui: Ui, number: String) -> AnyView {
    let keep = move |number: String| {
        ui.act(|driver| driver.change_settings(|now| now.voicemail = number.trim().to_owned()));
    };
    view! {
        <div class="field">
            <label for="choose-mailbox">{text().voicemail_number}</label>
            <input
                id="choose-mailbox"
                type="text"
                inputmode="tel"
                autocomplete="off"
                value=number
                on:change:target=move |event| keep(event.target().value())
            />
        </div>
    }
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
