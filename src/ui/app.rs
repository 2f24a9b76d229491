//! The frame that is always there, and which screen stands in it.

use super::components::bar::Bar;
use super::components::call_list::CallList;
use super::components::cards::Cards;
use super::components::notices::Notices;
use super::screens::call::Standing;
use super::screens::dialer::{Dialer, Number};
use super::screens::incoming::Incoming;
use super::screens::sign_in::{Form, SignIn};
use super::screens::unsupported::Unsupported;
use super::text::text;
use super::{Room, Ui, words};
use crate::phone::{Phone, Stage};
use crate::platform::page;
use crate::sip::ua::CallId;
use leptos::prelude::*;

/// The screen that the telephone's state asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    SignIn,
    Dialer,
    Incoming(CallId),
    Call(CallId),
}

impl Screen {
    fn of(phone: &Phone, room: Room) -> Self {
        match (phone.call(), phone.stage()) {
            (_, Stage::SignedIn) if room == Room::Dialer => Self::Dialer,
            (Some(call), _) if call.is_ringing() => Self::Incoming(call.id),
            (Some(call), _) => Self::Call(call.id),
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
    // What is typed outlives the screen that it is typed in.
    let form = Form::remembered();
    let number = Number::default();
    let title = ui.read(title);
    let title = Memo::new(move |_| title());
    Effect::new(move |_| page::set_title(&title.get()));
    let shown = move || match screen.get() {
        Screen::SignIn => view! { <SignIn form/> }.into_any(),
        Screen::Dialer => view! { <Dialer number/> }.into_any(),
        Screen::Incoming(call) => view! { <Incoming call/> }.into_any(),
        Screen::Call(call) => view! { <Standing call/> }.into_any(),
    };
    view! {
        <div class="phone">
            <Bar form/>
            <Notices form/>
            <div class="beside">
                <CallList/>
                <Cards/>
            </div>
            <main>{shown}</main>
        </div>
    }
    .into_any()
}

/// The tab says who calls, for those who look at another one.
fn title(phone: &Phone) -> String {
    match phone.calls().iter().find(|call| call.is_ringing()) {
        Some(call) => words::incoming_from(text(), &call.party),
        None => "WebPhone".to_owned(),
    }
}
