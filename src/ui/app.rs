//! The frame that is always there, and which screen stands in it.

use super::Ui;
use super::components::bar::Bar;
use super::components::notices::Notices;
use super::screens::call::{InCall, Outgoing};
use super::screens::dialer::{Dialer, Number};
use super::screens::incoming::Incoming;
use super::screens::sign_in::{Form, SignIn};
use super::screens::unsupported::Unsupported;
use super::text::text;
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
}

impl Screen {
    fn of(phone: &Phone) -> Self {
        match (phone.call(), phone.stage()) {
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
    let screen = ui.read(Screen::of);
    let screen = Memo::new(move |_| screen());
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
    };
    view! {
        <div class="phone">
            <Bar form/>
            <Notices form/>
            <main>{shown}</main>
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
