//! How well a call sounds, and whether it is kept secret, at a glance.

use crate::media::encryption::Lock;
use crate::phone::Call;
use crate::ui::Ui;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::icon;
use crate::ui::components::tools::Panel;
use crate::ui::sound::{Rows, grade, lock};
use crate::ui::text::text;
use crate::ui::view::{Memo, RwSignal, html};
use leptos::ev;
use leptos::prelude::*;

/// A lock and four bars; a press tells more.
pub(crate) fn signal(ui: Ui, panel: RwSignal<Panel>) -> AnyView {
    let bars = Memo::new(ui.read(|phone| phone.call().and_then(|call| call.quality.bars())));
    let closed = Memo::new(ui.read(|phone| phone.call().map(|call| call.lock.clone())));
    // Where another tab has the telephone, nothing is measured.
    let stands = ui.read(|phone| !phone.is_mirror() && phone.call().is_some_and(Call::is_up));
    let name = move || {
        let lock = closed.get().as_ref().map_or("", |closed| lock(text(), closed));
        [text().connection, ": ", grade(text(), bars.get()), ". ", lock].concat()
    };
    button("signal")
        .attr("hidden", move || !stands())
        .attr("aria-haspopup", "dialog")
        .attr("aria-label", name)
        .attr("title", name)
        .on(ev::click, move |_| panel.set(Panel::Connection))
        .child(move || picture(closed.get().as_ref()).map(icon))
        .child(bars_of(bars))
        .into_any()
}

/// What stands for a call's encryption; nothing while there is none.
pub(crate) fn picture(lock: Option<&Lock>) -> Option<&'static str> {
    match lock? {
        Lock::Open => None,
        Lock::Server | Lock::Direct { verified: false, .. } | Lock::Changed => Some("#lock"),
        Lock::Direct { verified: true, .. } => Some("#verified"),
    }
}

/// The bars, without words.
pub(crate) fn bars_of(bars: Memo<Option<u8>>) -> AnyView {
    html::span()
        .class("bars")
        .attr("aria-hidden", "true")
        .attr("data-bars", move || bars.get().map(|bars| bars.to_string()))
        .child((0..4).map(|_| html::i().into_any()).collect::<Vec<_>>())
        .into_any()
}

/// Figures, each with its name.
pub(crate) fn figures(rows: Rows) -> AnyView {
    let row = |(name, value): (&'static str, String)| {
        html::div().child(html::dt().child(name)).child(html::dd().child(value)).into_any()
    };
    html::dl().class("figures").child(rows.into_iter().map(row).collect::<Vec<_>>()).into_any()
}
