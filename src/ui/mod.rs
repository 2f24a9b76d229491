//! The screens: what the telephone shows, and what the user's hands do.
//!
//! A screen reads the telephone's model and calls the driver. It knows no protocol; what it says
//! is in `text`.

// The component macro makes its items `pub` wherever they stand.
#![allow(unreachable_pub)]

mod app;
mod components;
mod screens;
mod text;
mod words;

use crate::driver::Driver;
use crate::phone::Phone;
use leptos::prelude::*;

/// Shows the telephone in the page, in place of the splash.
pub fn mount() {
    console_error_panic_hook::set_once();
    text::choose_language();
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
    leptos::mount::mount_to_body(app::App);
}

/// What the display is for, apart from calls that come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// The dialler, or the call in front.
    Phone,
    /// The dialler, even while there is a call.
    Dialer,
}

/// What every screen has at hand. It is a handle, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    phone: RwSignal<Phone>,
    room: RwSignal<Room>,
    driver: StoredValue<Driver, LocalStorage>,
}

impl Ui {
    /// Starts the telephone and makes it available to all screens.
    fn provide() -> Self {
        let phone = RwSignal::new(Phone::default());
        let driver = Driver::new(move |state| phone.set(state.clone()));
        let room = RwSignal::new(Room::Phone);
        let ui = Self { phone, room, driver: StoredValue::new_local(driver) };
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

    /// Does something with the telephone.
    fn act<T>(self, action: impl FnOnce(&Driver) -> T) -> T {
        self.driver.with_value(action)
    }
}
