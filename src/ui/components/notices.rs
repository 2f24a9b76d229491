//! What the user should know, with what can be done about it.

use crate::phone::{Notice, Phone, Stage};
use crate::platform::{Interval, clock};
use crate::sip::ua::{CallId, Line};
use crate::time::Instant;
use crate::ui::Ui;
use crate::ui::components::buttons::{ghost, icon, secondary};
use crate::ui::element::{Child, el};
use crate::ui::live::{Memo, RwSignal, keep};
use crate::ui::screens::sign_in::Form;
use crate::ui::text::{fill, text};
use crate::ui::words::{self, Kind, Words};
use leptos::prelude::*;
use std::time::Duration;

/// All that should be known now.
#[derive(Debug, Clone, PartialEq)]
struct News {
    /// The line is down until then; a call may be up all the same.
    line_lost: Option<(Instant, bool)>,
    /// The account is refused while a call is up, so that no form says it.
    refused: bool,
    sound_blocked: Option<CallId>,
    told: Option<Notice>,
}

impl News {
    fn of(phone: &Phone) -> Option<Self> {
        let line_lost = match (phone.line(), phone.stage()) {
            (Line::Waiting { retry_at, .. }, Stage::SignedIn) => {
                Some((*retry_at, phone.call().is_some()))
            }
            _ => None,
        };
        let sound_blocked = phone.call().filter(|call| call.sound_blocked).map(|call| call.id);
        let told = phone.notice().cloned();
        let refused = phone.fault().is_some() && phone.call().is_some();
        let anything = line_lost.is_some() || refused || sound_blocked.is_some() || told.is_some();
        anything.then_some(Self { line_lost, refused, sound_blocked, told })
    }
}

/// All notices, while there is one. They are no live region: the status says the same.
#[component]
pub(crate) fn Notices(form: Form) -> impl IntoView {
    let ui = Ui::current();
    let news = Memo::new(ui.read(News::of));
    let shown = move || {
        let News { line_lost, refused, sound_blocked, told } = news.get()?;
        let notices = [
            line_lost.map(|(at, in_call)| lost(ui, at, in_call)),
            refused.then(|| fault(ui, form)).flatten(),
            sound_blocked.map(|call| blocked(ui, call)),
            told.map(|notice| tell(ui, &notice)),
        ];
        Some(
            el("section")
                .class("banners")
                .attr("aria-label", text().notices)
                .child(notices.into_iter().flatten().collect::<Vec<_>>()),
        )
    };
    shown.into_child()
}

/// The line is down and is tried again.
fn lost(ui: Ui, at: Instant, in_call: bool) -> AnyView {
    let seconds = RwSignal::new(seconds_until(at));
    let tick = Interval::new(Duration::from_millis(500), move || seconds.set(seconds_until(at)));
    keep(tick);
    let template = if in_call { text().line_lost_in_call } else { text().line_lost };
    let sentence = move || fill(template, "{seconds}", &seconds.get().to_string());
    let again = secondary(text().try_now, move || ui.act(|driver| driver.retry()));
    notice(Kind::Error, "#alert", el("p").child(sentence).into_any(), again)
}

/// What is wrong with the account. There is nothing to be done about it before the call ends.
fn fault(ui: Ui, form: Form) -> Option<AnyView> {
    let (sentence, _) = form.problem(ui)?;
    let sentence = el("p").child(sentence).into_any();
    Some(notice(Kind::Error, "#alert", sentence, ().into_any()))
}

/// The browser waits for a touch before it plays the call.
fn blocked(ui: Ui, call: CallId) -> AnyView {
    let enable = move || ui.act(|driver| driver.enable_sound(call));
    let sentence = el("p").child(text().sound_blocked).into_any();
    notice(Kind::Plain, "#speaker", sentence, secondary(text().enable_sound, enable))
}

/// Something that happened, until it is put away.
fn tell(ui: Ui, told: &Notice) -> AnyView {
    let Words { kind, sentence } = words::notice(text(), told);
    let picture = if kind == Kind::Warning { "#mic-off" } else { "#alert" };
    let dismiss = move || ui.act(|driver| driver.dismiss_notice());
    let sentence = el("p").child(sentence).into_any();
    notice(kind, picture, sentence, ghost("#close", text().close, dismiss))
}

fn notice(kind: Kind, picture: &'static str, sentence: AnyView, button: AnyView) -> AnyView {
    let kind = match kind {
        Kind::Plain => None,
        Kind::Warning => Some("warning"),
        Kind::Error => Some("error"),
    };
    el("div")
        .class("notice")
        .attr("data-kind", kind)
        .child(icon(picture))
        .child(sentence)
        .child(button)
        .into_any()
}

fn seconds_until(at: Instant) -> u32 {
    (at - clock::now()).as_secs_f32().ceil() as u32
}
