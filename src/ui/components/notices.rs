//! What the user should know, with what can be done about it.

use crate::phone::recordings::Kept;
use crate::phone::{Call, Line, LineFault, Notice, Phone, Recording, Stage};
use crate::platform::{Interval, clock, page};
use crate::station::{Act, PageAct, Whom};
use crate::time::Instant;
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon, secondary};
use crate::ui::components::recording;
use crate::ui::screens::sign_in::Form;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, Memo, RwSignal, html, keep};
use crate::ui::words::{self, Kind, Words};
use leptos::ev;
use leptos::prelude::*;
use std::time::Duration;

/// All that should be known now.
#[derive(Debug, Clone, Default, PartialEq)]
struct News {
    /// The line is down until then, and what is said of it.
    line_lost: Option<(Instant, &'static str)>,
    /// Another tab has the telephone, which may be taken from it.
    elsewhere: bool,
    /// The account is refused while a call is up, so that no form says it.
    refused: bool,
    /// The browser keeps a call silent.
    sound_blocked: bool,
    cannot_ring: bool,
    told: Option<Notice>,
    /// What is told of can be done without a microphone.
    may_listen: bool,
    recording: Option<Recording>,
    offered: Option<Kept>,
}

impl News {
    fn of(phone: &Phone, offered: Option<Kept>) -> Option<Self> {
        let line_lost = match (phone.line(), phone.stage()) {
            (Line::Waiting { retry_at, fault }, Stage::SignedIn) => {
                Some((*retry_at, why_lost(fault, phone.call().is_some())))
            }
            _ => None,
        };
        let sound_blocked = phone.call().is_some_and(|call| call.sound_blocked);
        let told = phone.notice().cloned();
        let recording = match phone.recording() {
            Recording::Off | Recording::AsksConsent(_) | Recording::Starting(_) => None,
            running => Some(running),
        };
        let news = Self {
            line_lost,
            // What rings cannot be taken along.
            elsewhere: phone.is_mirror() && phone.calls().iter().all(Call::is_up),
            refused: phone.fault().is_some() && phone.call().is_some(),
            sound_blocked,
            cannot_ring: phone.cannot_ring() && !sound_blocked,
            may_listen: told.is_some() && phone.may_listen_only(),
            told,
            recording,
            offered,
        };
        (news != Self::default()).then_some(news)
    }
}

/// All notices, while there is one. They are no live region: the status says the same.
pub(crate) fn notices(form: Form) -> AnyView {
    let ui = Ui::current();
    let news = Memo::new(move || {
        let offered = ui.recordings(|list| list.offered().cloned());
        ui.phone.with(|phone| News::of(phone, offered))
    });
    let shown = move || {
        let news = news.get()?;
        let notices = [
            news.line_lost.map(|(at, template)| lost(ui, at, template)),
            news.elsewhere.then(|| away(ui)),
            news.refused.then(|| fault(ui, form)).flatten(),
            news.sound_blocked.then(|| blocked(ui, text().sound_blocked)),
            news.cannot_ring.then(|| blocked(ui, text().cannot_ring)),
            news.told.map(|notice| tell(ui, &notice, news.may_listen)),
            news.recording.and_then(|recording| recorded(ui, recording)),
            news.offered.map(|kept| offer(ui, &kept)),
        ];
        Some(
            html::section()
                .class("banners")
                .attr("aria-label", text().notices)
                .child(notices.into_iter().flatten().collect::<Vec<_>>()),
        )
    };
    shown.into_child()
}

/// What is missing, with a place for the seconds until it is tried again.
fn why_lost(fault: &LineFault, in_call: bool) -> &'static str {
    match fault {
        _ if in_call => text().line_lost_in_call,
        _ if !page::is_online() => text().no_network,
        LineFault::Unreachable | LineFault::NoAnswer => text().line_unreachable,
        _ => text().line_lost,
    }
}

/// The line is down and is tried again.
fn lost(ui: Ui, at: Instant, template: &'static str) -> AnyView {
    let seconds = RwSignal::new(seconds_until(at));
    let tick = Interval::new(Duration::from_millis(500), move || seconds.set(seconds_until(at)));
    keep(tick);
    let sentence = move || fill(template, "{seconds}", &seconds.get().to_string());
    let again = secondary(text().try_now, move || ui.act(Act::Retry));
    notice(Kind::Error, "#alert", html::p().child(sentence).into_any(), again)
}

/// Another tab has the telephone, with its sound and its microphone.
fn away(ui: Ui) -> AnyView {
    let fetch = secondary(text().take_over, move || ui.act(Act::TakeOver));
    let sentence = html::p().child(text().telephone_elsewhere).into_any();
    notice(Kind::Plain, "#speaker", sentence, fetch)
}

/// What is wrong with the account. There is nothing to be done about it before the call ends.
fn fault(ui: Ui, form: Form) -> Option<AnyView> {
    let (sentence, _) = form.problem(ui)?;
    let sentence = html::p().child(sentence).into_any();
    Some(notice(Kind::Error, "#alert", sentence, ().into_any()))
}

/// The browser waits for a touch before it plays anything. Any touch will do, this one too.
fn blocked(ui: Ui, sentence: &'static str) -> AnyView {
    let enable = move || ui.act(Act::Page(PageAct::EnableSound));
    let sentence = html::p().child(sentence).into_any();
    notice(Kind::Plain, "#speaker", sentence, secondary(text().enable_sound, enable))
}

/// Something that happened, until it is put away.
fn tell(ui: Ui, told: &Notice, may_listen: bool) -> AnyView {
    let Words { kind, sentence } = words::notice(text(), told);
    let picture = if kind == Kind::Warning { "#mic-off" } else { "#alert" };
    let dismiss = move || ui.act(Act::DismissNotice);
    let listen = move || ui.act(Act::ListenOnly);
    let sentence = html::p().child(sentence).into_any();
    let listen = may_listen.then(|| secondary(text().listen_only, listen));
    let update = (*told == Notice::NewVersion)
        .then(|| secondary(text().update, move || ui.act(Act::Page(PageAct::Update))));
    let instead = match told {
        Notice::Forwards { to, target, .. } => {
            let target = Whom::At(target.clone());
            let call = move |_| ui.act(Act::Call { whom: target.clone(), video: false });
            let label = fill(text().call_peer, "{peer}", words::label(text(), to));
            Some(button("secondary").on(ev::click, call).child(label).into_any())
        }
        _ => None,
    };
    let dismiss = ghost("#close", text().close, dismiss);
    let buttons =
        listen.into_iter().chain(update).chain(instead).chain([dismiss]).collect::<Vec<_>>();
    notice(kind, picture, sentence, buttons.into_any())
}

/// How the recording of a call goes.
fn recorded(ui: Ui, recording: Recording) -> Option<AnyView> {
    let (sentence, stop) = recording::running(ui, recording)?;
    Some(notice(Kind::Plain, "#record", sentence, stop))
}

/// A recording that the user should hear of.
fn offer(ui: Ui, kept: &Kept) -> AnyView {
    let (sentence, buttons) = recording::offer(ui, kept);
    notice(Kind::Plain, "#record", sentence, buttons)
}

fn notice(kind: Kind, picture: &'static str, sentence: AnyView, button: AnyView) -> AnyView {
    let kind = match kind {
        Kind::Plain => None,
        Kind::Warning => Some("warning"),
        Kind::Error => Some("error"),
    };
    html::div()
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
