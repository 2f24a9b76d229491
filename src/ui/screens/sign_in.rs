//! The form that signs in.
//!
//! It is in index.html, where it can be filled in and sent while the telephone is still on its way.

use crate::phone::{Account, Stage};
use crate::platform::storage::{self, Area};
use crate::platform::{CryptoEntropy, Listener, page};
use crate::station::Act;
use crate::ui::Ui;
use crate::ui::components::buttons::icon;
use crate::ui::text::text;
use crate::ui::view::{El, Memo, RwSignal, effect, follow, html, keep};
use crate::ui::words::{self, Field};
use leptos::prelude::*;
use leptos::web_sys::{Element, Event, HtmlElement, HtmlInputElement};
use wasm_bindgen::JsCast;

/// Where the address and the server of the last visit are kept, from which index.html fills the
/// form. The password is not among it.
const ADDRESS_KEY: &str = "webphone.address";
const SERVER_KEY: &str = "webphone.server";

/// The form, which outlives its time on the screen with what is typed in it.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    parts: StoredValue<Parts, LocalStorage>,
    /// What is wrong with what was entered, and with which fields.
    error: RwSignal<Option<Problem>>,
}

/// Whom the telephone signs in, and where.
#[derive(Clone, Default)]
struct Tried {
    user: String,
    domain: String,
    /// The host of the server, or of the first.
    host: String,
}

struct Parts {
    lead: Element,
    form: Element,
    /// What was last sent. What is typed since has not been tried, and nothing is said of it.
    tried: Tried,
}

/// A sentence, and the fields it is about.
type Problem = (String, &'static [Field]);

impl Form {
    /// Takes the form over from the page, and goes on with what was sent in it before.
    pub(crate) fn adopt(ui: Ui) -> Self {
        let part = |id| document().get_element_by_id(id).expect("index.html has the form");
        let (lead, form) = (part("sign-in-lead"), part("sign-in"));
        let was_sent = form.has_attribute("data-sent");
        form.unchecked_ref::<HtmlElement>().set_onsubmit(None);
        let own = Self {
            parts: StoredValue::new_local(Parts {
                lead,
                form: form.clone(),
                tried: Tried::default(),
            }),
            error: RwSignal::new(None),
        };
        // Whoever stays signed in sends nothing: index.html filled in the account of the last visit.
        own.try_typed();
        let send = move |event: Event| {
            event.prevent_default();
            own.send(ui);
        };
        keep(Listener::on(Some(form.clone().into()), "submit".into(), Box::new(send)));
        for field in [Field::Address, Field::Password, Field::Server] {
            let wrong =
                Memo::new(move || own.problem(ui).is_some_and(|(_, wrong)| wrong.contains(&field)));
            let input = own.input(field);
            follow(&input, "aria-invalid", move || wrong.get().then_some("true"));
            follow(&input, "aria-describedby", move || wrong.get().then_some("sign-in-error"));
        }
        effect(move || own.speak(ui.language.get()));
        if was_sent {
            own.send(ui);
        }
        let busy = Memo::new(ui.read(|phone| *phone.stage() == Stage::SigningIn));
        if let Ok(Some(button)) = form.query_selector(".primary") {
            follow(&button, "disabled", move || busy.get());
            follow(&button, "aria-busy", move || busy.get().then_some("true"));
        }
        own
    }

    /// Signs in with what is typed.
    fn send(self, ui: Ui) {
        let account = Account::parse(
            &self.typed(Field::Address),
            &self.typed(Field::Password),
            &self.typed(Field::Server),
            page::plain_host().as_deref(),
        );
        let error = match account {
            Ok(_) if CryptoEntropy::new().is_err() => {
                Some((text().no_entropy.to_owned(), [].as_slice()))
            }
            Ok(account) => {
                self.remember(&ui.driver().provision().server);
                self.try_typed();
                let (account, stays) = (Box::new(account), self.stays());
                ui.act(Act::SignIn { account, stays });
                None
            }
            Err(error) => Some(words::account_error(text(), error)),
        };
        self.error.set(error);
    }

    /// Has the form be in this language: index.html has its texts in all of them.
    fn speak(self, tag: &str) {
        let (name, parts) = (["data-", tag].concat(), self.parts());
        for part in parts {
            let Ok(said) = part.query_selector_all("[data-en]") else { continue };
            for said in (0..said.length()).filter_map(|at| said.item(at)) {
                let text = said.unchecked_ref::<Element>().get_attribute(&name);
                said.set_text_content(text.as_deref());
            }
        }
    }

    fn parts(self) -> [Element; 2] {
        self.parts.with_value(|parts| [parts.lead.clone(), parts.form.clone()])
    }

    fn input(self, field: Field) -> HtmlInputElement {
        let name = match field {
            Field::Address => "#address",
            Field::Password => "#password",
            Field::Server => "#server",
        };
        let found = self.parts.with_value(|parts| parts.form.query_selector(name));
        found.ok().flatten().expect("index.html has the field").unchecked_into()
    }

    /// Whether the user wants to stay signed in.
    fn stays(self) -> bool {
        let found = self.parts.with_value(|parts| parts.form.query_selector("#stay"));
        found.ok().flatten().is_some_and(|stay| stay.unchecked_ref::<HtmlInputElement>().checked())
    }

    fn typed(self, field: Field) -> String {
        self.input(field).value()
    }

    /// The user and the domain of who is signed in, as they were typed.
    pub(crate) fn account(self) -> (String, String) {
        self.parts.with_value(|Parts { tried, .. }| (tried.user.clone(), tried.domain.clone()))
    }

    fn try_typed(self) {
        let address = self.typed(Field::Address);
        let address = address.trim().trim_start_matches("sip:").trim_start_matches("sips:");
        let (user, domain) = address.split_once('@').unwrap_or((address, ""));
        let servers = self.typed(Field::Server);
        let host = servers.split("//").nth(1).unwrap_or_default();
        let host = host.split(['/', ' ', ',', ';']).next().unwrap_or_default();
        let tried = Tried { user: user.into(), domain: domain.into(), host: host.into() };
        self.parts.update_value(|parts| parts.tried = tried);
    }

    fn remember(self, proposed: &str) {
        // Where nothing can be kept, the next visit starts with an empty form.
        let _ = storage::set(Area::Local, ADDRESS_KEY, self.typed(Field::Address).trim());
        let server = self.typed(Field::Server);
        // What the page proposes may be another server on the next visit.
        let _ = if server.trim() == proposed {
            storage::remove(Area::Local, SERVER_KEY)
        } else {
            storage::set(Area::Local, SERVER_KEY, server.trim())
        };
    }

    /// Takes the password away, as the user leaves.
    pub(crate) fn forget_password(self) {
        self.input(Field::Password).set_value("");
    }

    /// What stands in the way of signing in: the form, or what the server said of it.
    pub(crate) fn problem(self, ui: Ui) -> Option<Problem> {
        self.error.get().or_else(|| {
            ui.phone.with(|phone| {
                let fault = phone.fault()?;
                self.parts.with_value(|Parts { tried, .. }| {
                    Some(words::line_fault(text(), fault, &tried.user, &tried.host))
                })
            })
        })
    }
}

/// Has the form of the next visit be empty.
pub(super) fn forget_form() {
    for key in [ADDRESS_KEY, SERVER_KEY] {
        let _ = storage::remove(Area::Local, key);
    }
}

/// The sign-in screen.
pub(crate) fn sign_in(form: Form) -> AnyView {
    let ui = Ui::current();
    let problem = move || {
        form.problem(ui).map(|(sentence, _)| {
            html::div()
                .class("notice")
                .attr("data-kind", "error")
                .attr("id", "sign-in-error")
                .child(icon("#alert"))
                .child(html::p().child(sentence))
        })
    };
    let [lead, form] = form.parts().map(El::of);
    html::section().class("sign-in").child(lead).child(form).child(problem).into_any()
}
