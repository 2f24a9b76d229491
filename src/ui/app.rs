//! The frame that is always there, and which screen stands in it.

use super::components::bar::bar;
use super::components::buttons::follow_mouse;
use super::components::call_list::call_list;
use super::components::cards::cards;
use super::components::notices::notices;
use super::components::stage::{sharing, stage};
use super::components::tabs::tabs;
use super::screens::call::standing;
use super::screens::contacts::contacts;
use super::screens::dialer::{Number, dialer};
use super::screens::history::history;
use super::screens::incoming::incoming;
use super::screens::messages::messages;
use super::screens::settings::settings;
use super::screens::sign_in::{Form, sign_in};
use super::screens::unsupported::unsupported;
use super::text::text;
use super::{Room, Ui, words};
use crate::phone::{CallId, Phone, Stage};
use crate::platform::page;
use crate::platform::permissions::Shown;
use crate::portal::Provision;
use crate::station::Act;
use crate::ui::view::{Child, Memo, effect, html, page_is_visible};
use leptos::prelude::*;
use std::rc::Rc;

/// The screen that the telephone's state asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    SignIn,
    Dialer,
    Incoming(CallId),
    Call(CallId),
    History,
    Contacts,
    Messages,
    Settings,
}

impl Screen {
    fn of(phone: &Phone, room: Room) -> Self {
        match (phone.call(), phone.stage()) {
            (_, Stage::SignedIn) if room == Room::History => Self::History,
            (_, Stage::SignedIn) if room == Room::Contacts => Self::Contacts,
            (_, Stage::SignedIn) if room == Room::Messages => Self::Messages,
            (_, Stage::SignedIn) if room == Room::Settings => Self::Settings,
            (_, Stage::SignedIn | Stage::Elsewhere) if room == Room::Dialer => Self::Dialer,
            (Some(call), _) if call.is_ringing() => Self::Incoming(call.id),
            (Some(call), _) => Self::Call(call.id),
            (None, Stage::SignedIn | Stage::Elsewhere) => Self::Dialer,
            (None, _) => Self::SignIn,
        }
    }
}

/// The whole telephone.
pub(super) fn app(provision: Rc<Provision>) -> AnyView {
    if !page::has_webrtc() {
        return html::div().class("phone").child(unsupported()).into_any();
    }
    let ui = Ui::provide(provision);
    let screen = Memo::new(move || ui.phone.with(|phone| Screen::of(phone, ui.room.get())));
    // A call that comes to the front is shown, whatever else is looked at.
    let front = Memo::new(ui.read(|phone| phone.call().map(|call| call.id)));
    effect(move || {
        if front.get().is_some() {
            ui.room.set(Room::Phone);
        }
    });
    let signed_in = Memo::new(ui.read(|phone| *phone.stage() == Stage::SignedIn));
    // What is typed outlives the screen that it is typed in.
    let form = Form::adopt(ui);
    let number = Number::default();
    announce(ui);
    // What a screen reads while it is made is not followed: the screen follows it where it stands.
    let shown = move || {
        let screen = screen.get();
        untrack(move || match screen {
            Screen::SignIn => sign_in(form),
            Screen::Dialer => dialer(number),
            Screen::Incoming(call) => incoming(call),
            Screen::Call(call) => standing(call),
            Screen::History => history(),
            Screen::Contacts => contacts(),
            Screen::Messages => messages(),
            Screen::Settings => settings(),
        })
    };
    watch(ui, signed_in);
    follow_mouse();
    let phone = move || {
        ui.language.track();
        untrack(|| {
            html::div()
                .class("phone")
                .child(stage())
                .child(bar(form))
                .child(notices(form))
                .child(
                    html::div().class("beside").child(sharing()).child(call_list()).child(cards()),
                )
                .child(html::main().child(shown))
                .child(move || signed_in.get().then(|| untrack(tabs)))
        })
    };
    phone.into_child()
}

/// Has the lamp of the one shine to whom the user writes, besides those of the favourites. The next
/// account starts at the dialler.
fn watch(ui: Ui, signed_in: Memo<bool>) {
    effect(move || {
        if !signed_in.get() {
            ui.room.set(Room::Phone);
            ui.talk.open(None);
            ui.contact.set(None);
        }
    });
    effect(move || {
        let writing_to = ui.talk.with.get();
        if signed_in.get() {
            ui.act(Act::Watch(writing_to));
        }
    });
}

/// The tab says who calls, and the system does, to those who look at another page.
fn announce(ui: Ui) {
    let caller = Memo::new(ui.read(|phone| {
        let call = phone.calls().iter().find(|call| call.is_ringing())?;
        Some(words::incoming_from(text(), &call.party))
    }));
    effect(move || page::set_title(caller.get().as_deref().unwrap_or("WebPhone")));
    let looked_at = page_is_visible();
    let shown = StoredValue::new_local(None);
    effect(move || {
        let told_here = ui.phone.with_untracked(|phone| !phone.is_mirror());
        let caller = caller.get().filter(|_| !looked_at.get() && told_here);
        shown.set_value(caller.and_then(|caller| Shown::new(&caller)));
    });
}
