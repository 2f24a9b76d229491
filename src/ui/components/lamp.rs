//! Whether somebody can be reached, in colour and in words.

use crate::phone::Uri;
use crate::phone::lamps::Lamp;
use crate::ui::Ui;
use crate::ui::text::text;
use crate::ui::view::{Child, El, Memo, html};
use leptos::prelude::*;

/// The lamp of an address that is watched; nothing while nothing is known of it.
pub(crate) fn lamp(ui: Ui, address: Uri) -> AnyView {
    let known = Memo::new(move || ui.phone.with(|phone| phone.lamp(&address)));
    let shown = move || Some(known.get()).filter(|lamp| *lamp != Lamp::Unknown).map(shine);
    shown.into_child()
}

/// A lamp, which says as well when nothing is known.
pub(crate) fn shine(lamp: Lamp) -> El {
    let (state, words) = match lamp {
        Lamp::Unknown => ("unknown", text().lamp_unknown),
        Lamp::Free => ("free", text().lamp_free),
        Lamp::Ringing => ("ringing", text().lamp_ringing),
        Lamp::Busy => ("busy", text().lamp_busy),
        Lamp::Away => ("away", text().lamp_away),
    };
    html::span().class("lamp").attr("data-state", state).child(words)
}
