//! The frame that is always there, and which screen stands in it.

use super::components::bar::Bar;
use super::components::notices::Notices;
use super::components::tabs::Tabs;
use super::screens::call::{InCall, Outgoing};
use super::screens::contacts::Contacts;
use super::screens::dialer::{Dialer, Number};
use super::screens::history::History;
use super::screens::incoming::Incoming;
use super::screens::messages::Messages;
use super::screens::sign_in::{Form, SignIn};
use super::screens::unsupported::Unsupported;
use super::text::text;
use super::{Room, Ui};
use crate::phone::{Phone, Progress, Stage};
use crate::platform::page;
use crate::sip::ua::CallId;
use leptos::prelude::*;

/// The screen that the telephone's state asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    SignIn,
    Dialer,
    Outgoing(CallId),
    Incoming(CallId),
    InCall(CallId),
    History,
    Contacts,
    Messages,
}

impl Screen {
    fn of(phone: &Phone, room: Room) -> Self {
        match (phone.call(), phone.stage()) {
            (_, Stage::SignedIn) if room == Room::History => Self::History,
            (_, Stage::SignedIn) if room == Room::Contacts => Self::Contacts,
            (_, Stage::SignedIn) if room == Room::Messages => Self::Messages,
            (Some(call), _) => match call.progress {
                Progress::Incoming => Self::Incoming(call.id),
                Progress::Answering | Progress::Up { .. } => Self::InCall(call.id),
                Progress::Calling | Progress::Ringing | Progress::EarlyMedia => {
                    Self::Outgoing(call.id)
                }
            },
            (None, Stage::SignedIn) => Self::Dialer,
            (None, _) => Self::SignIn,
        }
    }
}

/// The whole telephone.
#[component]
pub(crate) fn App() -> impl IntoView {
    if !page::has_webrtc() {
        return view! { <div class="phone"><Unsupported/></div> }.into_any();
    }
    let ui = Ui::provide();
    let screen = Memo::new(move |_| ui.phone.with(|phone| Screen::of(phone, ui.room.get())));
    // A call that comes to the front is shown, whatever else is looked at.
    let front = ui.read(|phone| phone.call().map(|call| call.id));
    let front = Memo::new(move |_| front());
    Effect::new(move |_| {
        if front.get().is_some() {
            ui.room.set(Room::Phone);
        }
    });
    let signed_in = ui.read(|phone| *phone.stage() == Stage::SignedIn);
    let signed_in = Memo::new(move |_| signed_in());
    // Who signs in begins at the dialler.
    Effect::new(move |_| {
        if !signed_in.get() {
            ui.room.set(Room::Phone);
        }
    });
    // What is typed outlives the screen that it is typed in.
    let form = Form::remembered();
    let number = Number::default();
    Effect::new(move |_| page::set_title(&title(ui, screen.get())));
    let shown = move || match screen.get() {
        Screen::SignIn => view! { <SignIn form/> }.into_any(),
        Screen::Dialer => view! { <Dialer number/> }.into_any(),
        Screen::Outgoing(call) => view! { <Outgoing call/> }.into_any(),
        Screen::Incoming(call) => view! { <Incoming call/> }.into_any(),
        Screen::InCall(call) => view! { <InCall call/> }.into_any(),
        Screen::History => view! { <History/> }.into_any(),
        Screen::Contacts => view! { <Contacts/> }.into_any(),
        Screen::Messages => view! { <Messages/> }.into_any(),
    };
    view! {
        <div class="phone">
            <Bar form/>
            <Notices/>
            <main>{shown}</main>
            {move || signed_in.get().then(|| view! { <Tabs/> })}
        </div>
    }
    .into_any()
}

/// The tab says who calls, for those who look at another one.
fn title(ui: Ui, screen: Screen) -> String {
    let ringing = matches!(screen, Screen::Incoming(_));
    ui.phone.with_untracked(|phone| match phone.call() {
        Some(call) if ringing => {
            let peer = super::words::label(text(), &call.party);
            super::text::fill(text().incoming_from, "{peer}", peer)
        }
        _ => "WebPhone".to_owned(),
    })
}
