//! The form that signs in.

use crate::phone::{Account, Stage};
use crate::platform::page;
use crate::platform::storage::{self, Area};
use crate::ui::Ui;
use crate::ui::components::buttons::icon;
use crate::ui::element::{button, el};
use crate::ui::live::RwSignal;
use crate::ui::text::text;
use crate::ui::words::{self, Field};
use leptos::ev::{self, SubmitEvent};
use leptos::prelude::*;

/// Where the address and the server of the last visit are kept. The password is never kept.
const ADDRESS_KEY: &str = "webphone.address";
const SERVER_KEY: &str = "webphone.server";

/// What the form holds, which outlives the form on the screen.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    address: RwSignal<String>,
    password: RwSignal<String>,
    server: RwSignal<String>,
    /// What is wrong with what was entered, and with which fields.
    error: RwSignal<Option<Problem>>,
}

/// A sentence, and the fields it is about.
type Problem = (String, &'static [Field]);

impl Form {
    /// The form as the last visit left it; the page may name the server to begin with.
    pub(crate) fn remembered() -> Self {
        let stored = |key| storage::get(Area::Local, key).ok().flatten();
        Self {
            address: RwSignal::new(stored(ADDRESS_KEY).unwrap_or_default()),
            password: RwSignal::new(String::new()),
            server: RwSignal::new(stored(SERVER_KEY).unwrap_or_else(proposed_server)),
            error: RwSignal::new(None),
        }
    }

    /// The user and the domain of the address, as they were typed.
    pub(crate) fn account(self) -> (String, String) {
        let address = self.address.get_untracked();
        let address = address.trim().trim_start_matches("sip:").trim_start_matches("sips:");
        let (user, domain) = address.split_once('@').unwrap_or((address, ""));
        (user.to_owned(), domain.to_owned())
    }

    /// The host of the server, for sentences about it.
    fn host(self) -> String {
        let server = self.server.get_untracked();
        let host = server.trim().split("//").last().unwrap_or_default();
        host.split('/').next().unwrap_or_default().to_owned()
    }

    fn read(self) -> Result<Account, crate::phone::AccountError> {
        Account::parse(
            &self.address.get_untracked(),
            &self.password.get_untracked(),
            &self.server.get_untracked(),
            page::is_https(),
        )
    }

    fn remember(self) {
        // Where nothing can be kept, the next visit starts with an empty form.
        let _ = storage::set(Area::Local, ADDRESS_KEY, self.address.get_untracked().trim());
        let server = self.server.get_untracked();
        // What the page proposes may be another server on the next visit.
        let _ = if server.trim() == proposed_server() {
            storage::remove(Area::Local, SERVER_KEY)
        } else {
            storage::set(Area::Local, SERVER_KEY, server.trim())
        };
    }

    /// Takes the password away, as the user leaves.
    pub(crate) fn forget_password(self) {
        self.password.set(String::new());
    }

    /// What stands in the way of signing in: the form, or what the server said of it.
    pub(crate) fn problem(self, ui: Ui) -> Option<Problem> {
        self.error.get().or_else(|| {
            ui.phone.with(|phone| {
                let (user, _) = self.account();
                Some(words::line_fault(text(), phone.fault()?, &user, &self.host()))
            })
        })
    }

    fn is_wrong(self, ui: Ui, field: Field) -> bool {
        self.problem(ui).is_some_and(|(_, fields)| fields.contains(&field))
    }
}

/// The server that whoever hosts the page has written into it, or nothing.
fn proposed_server() -> String {
    page::meta("webphone-server").unwrap_or_default()
}

/// The sign-in screen.
#[component]
pub(crate) fn SignIn(form: Form) -> impl IntoView {
    let ui = Ui::current();
    let busy = ui.read(|phone| *phone.stage() == Stage::SigningIn);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match form.read() {
            Ok(account) => {
                form.error.set(None);
                form.remember();
                if ui.act(|driver| driver.sign_in(account)).is_err() {
                    form.error.set(Some((text().no_entropy.to_owned(), &[])));
                }
            }
            Err(error) => form.error.set(Some(words::account_error(text(), error))),
        }
    };
    let problem = move || {
        form.problem(ui).map(|(sentence, _)| {
            el("div")
                .class("notice")
                .attr("data-kind", "error")
                .attr("id", "sign-in-error")
                .child(icon("#alert"))
                .child(el("p").child(sentence))
        })
    };
    el("section")
        .class("sign-in")
        .child(
            el("div")
                .child(el("h1").child(text().sign_in))
                .child(el("p").class("lead").child(text().sign_in_lead)),
        )
        .child(
            el("form")
                .attr("novalidate", true)
                .on(ev::submit, submit)
                .child(text_field(ui, form, Field::Address))
                .child(password(ui, form))
                .child(text_field(ui, form, Field::Server))
                .child(
                    el("button")
                        .class("primary")
                        .attr("type", "submit")
                        .attr("disabled", busy)
                        .attr("aria-busy", move || busy().then_some("true"))
                        .child(move || {
                            busy().then(|| el("span").class("spinner").attr("aria-hidden", "true"))
                        })
                        .child(text().connect),
                ),
        )
        .child(problem)
        .into_any()
}

/// The field of the address or of the server.
fn text_field(ui: Ui, form: Form, field: Field) -> AnyView {
    let (id, label, value) = match field {
        Field::Server => ("server", text().server, form.server),
        _ => ("address", text().sip_address, form.address),
    };
    let (kind, autocomplete, placeholder) = match field {
        Field::Server => ("url", "url", "wss://sip.example.com"),
        _ => ("email", "username", "1001@example.com"),
    };
    let wrong = move || form.is_wrong(ui, field);
    el("div")
        .class("field")
        .child(el("label").attr("for", id).child(label))
        .child(
            el("input")
                .attr("id", id)
                .attr("name", id)
                .attr("type", "text")
                .attr("inputmode", kind)
                .attr("autocomplete", autocomplete)
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("placeholder", placeholder)
                .attr("aria-invalid", move || wrong().then_some("true"))
                .attr("aria-describedby", move || wrong().then_some("sign-in-error"))
                .attr("value", move || value.get())
                .on(ev::input, move |event| value.set(event_target_value(&event))),
        )
        .into_any()
}

/// The field of the password, which can be shown.
fn password(ui: Ui, form: Form) -> AnyView {
    let shown = RwSignal::new(false);
    let wrong = move || form.is_wrong(ui, Field::Password);
    el("div")
        .class("field")
        .child(el("label").attr("for", "password").child(text().password))
        .child(
            el("div")
                .class("secret")
                .child(
                    el("input")
                        .attr("id", "password")
                        .attr("name", "password")
                        .attr("type", move || if shown.get() { "text" } else { "password" })
                        .attr("autocomplete", "current-password")
                        .attr("autocapitalize", "none")
                        .attr("spellcheck", "false")
                        .attr("aria-invalid", move || wrong().then_some("true"))
                        .attr("aria-describedby", move || wrong().then_some("sign-in-error"))
                        .attr("value", move || form.password.get())
                        .on(ev::input, move |event| form.password.set(event_target_value(&event))),
                )
                .child(
                    button("ghost")
                        .attr("aria-label", text().show_password)
                        .attr("aria-pressed", move || if shown.get() { "true" } else { "false" })
                        .on(ev::click, move |_| shown.update(|shown| *shown = !*shown))
                        .child(icon(move || if shown.get() { "#eye-off" } else { "#eye" })),
                ),
        )
        .into_any()
}
