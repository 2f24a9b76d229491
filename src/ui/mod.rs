//! The screens: what the telephone shows, and what the user's hands do.
//!
//! A screen reads the telephone's model and asks for what its user wants by [`Ui::act`]. It knows no
//! protocol; what it says is in `text`.

mod app;
mod components;
mod past;
mod screens;
mod sound;
mod text;
pub mod view;
mod words;

use crate::driver::{self, Driver};
use crate::phone::contact::Contact;
use crate::phone::{Phone, Uri};
use crate::platform::crash;
use crate::portal::Provision;
use crate::station::Act;
use crate::ui::view::RwSignal;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

/// Shows the telephone in the page, in place of the splash, once it is known what whoever hosts the page
/// has decided.
pub fn mount() {
    crash::report();
    text::choose_language();
    spawn_local(async { show(Rc::new(driver::provision().await)) });
}

fn show(provision: Rc<Provision>) {
    let splash = document().get_element_by_id("splash");
    // Who types keeps the place, though the form moves.
    let place = splash.as_ref().and_then(|splash| splash.query_selector(":focus").ok().flatten());
    leptos::mount::mount_to_body(move || app::app(provision));
    if let Some(splash) = splash {
        splash.remove();
    }
    if let Some(place) = place {
        let _ = place.unchecked_into::<HtmlElement>().focus();
    }
}

/// What the display is for, apart from calls that come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// The dialler, or the call in front.
    Phone,
    /// The dialler, even while there is a call.
    Dialer,
    /// The calls of the past.
    History,
    /// The people.
    Contacts,
    /// The text messages.
    Messages,
    /// What the user can choose.
    Settings,
}

/// The conversation on the display, and what is being written in it.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    with: RwSignal<Option<Uri>>,
    draft: RwSignal<String>,
}

impl Talk {
    /// Shows the conversation with this address, or all conversations.
    fn open(self, address: Option<Uri>) {
        // What was written to one must not go to another.
        self.draft.set(String::new());
        self.with.set(address);
    }
}

/// What every screen has at hand. It is a handle, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    phone: RwSignal<Phone>,
    room: RwSignal<Room>,
    talk: Talk,
    /// The contact on the display, as far as it is typed.
    contact: RwSignal<Option<Contact>>,
    /// Counts the changes of the history and the contacts.
    book: RwSignal<u32>,
    /// Changes with the language of the texts.
    language: RwSignal<&'static str>,
    driver: StoredValue<Driver, LocalStorage>,
}

impl Ui {
    /// Starts the telephone and makes it available to all screens.
    fn provide(provision: Rc<Provision>) -> Self {
        let phone = RwSignal::new(Phone::default());
        let book = RwSignal::new(0_u32);
        let driver = Driver::new(
            provision,
            move |state| phone.set(state.clone()),
            move || book.update(|changes| *changes = changes.wrapping_add(1)),
        );
        let room = RwSignal::new(Room::Phone);
        let talk = Talk { with: RwSignal::new(None), draft: RwSignal::new(String::new()) };
        let language = RwSignal::new(text::text().tag);
        let driver = StoredValue::new_local(driver);
        let contact = RwSignal::new(None);
        let ui = Self { phone, room, talk, contact, book, language, driver };
        provide_context(ui);
        ui
    }

    /// The telephone of the screen that asks.
    fn current() -> Self {
        expect_context()
    }

    /// Something read from the telephone, anew after each change of it. Where a change of it
    /// makes new elements, wrap it in a [`Memo`], so that they stay while it stays the same.
    fn read<T>(self, read: impl Fn(&Phone) -> T + Copy) -> impl Fn() -> T + Copy {
        move || self.phone.with(read)
    }

    /// Something read from the history, anew after each change of it.
    fn history<T>(self, read: impl FnOnce(&crate::phone::history::History) -> T) -> T {
        self.book.track();
        self.phone.with_untracked(|phone| read(phone.history()))
    }

    /// Something read from the recordings, anew after each change of them.
    fn recordings<T>(self, read: impl FnOnce(&crate::phone::recordings::Recordings) -> T) -> T {
        self.book.track();
        self.driver().recordings(read)
    }

    /// Something read from the contacts, anew after each change of them.
    fn contacts<T>(self, read: impl FnOnce(&crate::phone::contacts::Contacts) -> T) -> T {
        self.book.track();
        self.phone.with_untracked(|phone| read(phone.contacts()))
    }

    fn driver(self) -> Driver {
        self.driver.get_value()
    }

    /// Asks for something.
    fn act(self, act: Act) {
        self.driver().act(act);
    }
}
