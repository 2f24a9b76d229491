//! The bar on top: whose telephone it is, how its line is, and the way out.

use crate::phone::{Line, Setting, Stage};
use crate::station::Act;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{ghost, icon, mark};
use crate::ui::components::readiness::obstacle;
use crate::ui::screens::sign_in::Form;
use crate::ui::text::text;
use crate::ui::view::{Child, Memo, html};
use crate::ui::words;
use crate::ui::{Room, Ui};
use leptos::ev;
use leptos::prelude::*;

/// The bar. Its status region lives as long as the page, as a screen reader announces only what
/// changes in a region that it knows.
pub(crate) fn bar(form: Form) -> AnyView {
    let ui = Ui::current();
    let signed_in = Memo::new(ui.read(|phone| *phone.stage() == Stage::SignedIn));
    let state = ui.read(|phone| match (phone.stage(), phone.line()) {
        (Stage::SignedOut { fault: None }, _) => ("idle", text().disconnected),
        (Stage::SignedOut { fault: Some(_) }, _) => ("failed", text().disconnected),
        (Stage::Elsewhere, _) => ("idle", text().in_another_tab),
        (_, Line::Registered) if phone.settings().do_not_disturb => {
            ("quiet", text().do_not_disturb)
        }
        (_, Line::Registered) if phone.obstacle().is_some() => ("limited", text().connected),
        (_, Line::Registered) => ("connected", text().connected),
        (_, Line::Connecting) => ("connecting", text().connecting),
        _ => ("failed", text().disconnected),
    });
    let signed_out = Memo::new(
        ui.read(|phone| matches!(phone.stage(), Stage::SignedOut { .. } | Stage::Elsewhere)),
    );
    // What the eye finds on the screen, for the ear.
    let sentence = move || {
        let problem = form.problem(ui).map(|(sentence, _)| sentence);
        problem.or_else(|| ui.phone.with(|phone| words::spoken(text(), phone)))
    };
    let also = move || match state().0 {
        "quiet" => Some(text().connected),
        "limited" => ui.phone.with(obstacle),
        _ => None,
    };
    let leave = move || {
        form.forget_password();
        ui.act(Act::SignOut);
    };
    html::header()
        .class("bar")
        .child(mark())
        .child(
            html::div()
                .class("whose")
                .child(html::p().class("account").child(move || {
                    if signed_in.get() {
                        let (user, domain) = form.account();
                        let domain = html::small().child(domain);
                        vec![user.into_child(), " ".into_child(), domain.into_child()].into_child()
                    } else {
                        "WebPhone".into_child()
                    }
                }))
                .child(
                    html::p()
                        .class("status")
                        .attr("role", "status")
                        .attr("data-state", move || state().0)
                        .attr("title", also)
                        .on(ev::click, move |_| {
                            // What stands behind it is in the settings.
                            if signed_in.get_untracked() {
                                ui.room.set(Room::Settings);
                            }
                        })
                        .child(move || state().1)
                        .child(
                            html::span()
                                .class("sr-only")
                                .child(" ")
                                .child(also)
                                .child(" ")
                                .child(sentence),
                        ),
                ),
        )
        .child(move || signed_in.get().then(|| vec![quiet(ui), settings(ui)]))
        .child(move || (!signed_out.get()).then(|| ghost("#sign-out", text().sign_out, leave)))
        .into_any()
}

/// Turns callers away, or lets them ring.
fn quiet(ui: Ui) -> AnyView {
    let on = ui.read(|phone| phone.settings().do_not_disturb);
    let toggle = move |_| {
        let on = ui.phone.with_untracked(|phone| phone.settings().do_not_disturb);
        ui.act(Act::Set(Setting::DoNotDisturb(!on)));
    };
    button("ghost")
        .attr("aria-label", text().do_not_disturb)
        .attr("title", text().do_not_disturb)
        .aria("aria-pressed", on)
        .on(ev::click, toggle)
        .child(icon("#quiet"))
        .into_any()
}

/// Opens the settings, or closes them.
fn settings(ui: Ui) -> AnyView {
    let open = move || ui.room.get() == Room::Settings;
    let toggle = move |_| {
        ui.room.set(if ui.room.get_untracked() == Room::Settings {
            Room::Phone
        } else {
            Room::Settings
        })
    };
    button("ghost")
        .attr("aria-label", text().settings)
        .attr("title", text().settings)
        .attr("aria-current", move || open().then_some("page"))
        .on(ev::click, toggle)
        .child(icon("#gear"))
        .into_any()
}
