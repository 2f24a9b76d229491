//! Whether a call would ring now, and what to do where it would not.

use crate::phone::Phone;
use crate::phone::readiness::{Met, Need};
use crate::platform::permissions;
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::icon;
use crate::ui::text::{Text, text};
use crate::ui::view::{Memo, html};
use leptos::ev;
use leptos::prelude::*;

/// The list of all that it takes.
pub(crate) fn readiness(ui: Ui) -> AnyView {
    let needs = Memo::new(ui.read(Phone::readiness));
    html::section()
        .class("ready")
        .attr("aria-labelledby", "ready-title")
        .child(html::h2().attr("id", "ready-title").child(text().ready_title))
        .child(move || html::ul().child(Vec::from(needs.get().map(row))))
        .into_any()
}

/// What keeps a call from ringing or from being answered.
pub(crate) fn obstacle(phone: &Phone) -> Option<&'static str> {
    phone.obstacle().map(|(need, met)| sentence(text(), need, met))
}

fn row((need, met): (Need, Met)) -> AnyView {
    let allow = (need == Need::Notifications && met == Met::Later).then(|| {
        button("secondary")
            .on(ev::click, |_| permissions::ask_for_notifications())
            .child(text().allow_notifications)
    });
    // What is not needed for a call to ring is no fault.
    let (kind, picture) = match (need, met) {
        (_, Met::Yes) => ("yes", "#verified"),
        (Need::Notifications, _) | (_, Met::Later) => ("later", "#alert"),
        (_, Met::No) => ("no", "#alert"),
    };
    html::li()
        .attr("data-met", kind)
        .child(icon(picture))
        .child(html::span().child(sentence(text(), need, met)))
        .child(allow)
        .into_any()
}

fn sentence(text: &Text, need: Need, met: Met) -> &'static str {
    match (need, met) {
        (Need::Line, Met::Yes) => text.ready_line,
        (Need::Line, Met::Later) => text.ready_line_later,
        (Need::Line, Met::No) => text.ready_line_no,
        (Need::Welcome, Met::Yes) => text.ready_welcome,
        (Need::Welcome, Met::Later | Met::No) => text.ready_welcome_no,
        (Need::Sound, Met::Yes) => text.ready_sound,
        (Need::Sound, Met::Later | Met::No) => text.cannot_ring,
        (Need::Microphone, Met::Yes) => text.ready_microphone,
        (Need::Microphone, Met::Later) => text.ready_microphone_later,
        (Need::Microphone, Met::No) => text.ready_microphone_no,
        (Need::Notifications, Met::Yes) => text.ready_notifications,
        (Need::Notifications, Met::Later) => text.ready_notifications_later,
        (Need::Notifications, Met::No) => text.ready_notifications_no,
    }
}
