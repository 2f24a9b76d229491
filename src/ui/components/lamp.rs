//! Whether somebody can be reached, in colour and in words.

use crate::phone::lamps::Lamp;
use crate::sip::wire::Uri;
use crate::ui::Ui;
use crate::ui::element::{Child, el};
use crate::ui::text::text;
use leptos::prelude::*;

/// The lamp of an address that is watched; nothing while nothing is known of it.
pub(crate) fn lamp(ui: Ui, address: Uri) -> AnyView {
    let known = Memo::new(move |_| ui.phone.with(|phone| phone.lamp(&address)));
    let shown = move || {
        let (state, words) = match known.get() {
            Lamp::Unknown => return None,
            Lamp::Free => ("free", text().lamp_free),
            Lamp::Ringing => ("ringing", text().lamp_ringing),
            Lamp::Busy => ("busy", text().lamp_busy),
            Lamp::Away => ("away", text().lamp_away),
        };
        Some(el("span").class("lamp").attr("data-state", state).child(words))
    };
    shown.into_child()
}
