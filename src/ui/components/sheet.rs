//! A sheet over the screen: a heading, a button that closes it, and what it is for. Escape closes it,
//! and the focus goes back to where it was opened.

use crate::ui::components::buttons::ghost;
use crate::ui::components::tools::Panel;
use crate::ui::text::text;
use crate::ui::view::{NodeRef, RwSignal, effect, html};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::HtmlDialogElement;

/// What closes a sheet, and tells when it is there.
pub(crate) type Sheet = NodeRef<HtmlDialogElement>;

/// The sheet of a panel, under this heading.
pub(crate) fn sheet(
    sheet: Sheet,
    (panel, own): (RwSignal<Panel>, Panel),
    heading: String,
    content: AnyView,
) -> AnyView {
    let closed = move || {
        // What was chosen in it may have opened another panel, and that in the same element.
        let is_open = sheet.get_untracked().is_some_and(|dialog| dialog.open());
        if panel.get_untracked() == own && !is_open {
            panel.set(Panel::Tools);
        }
    };
    over(sheet, heading, content, closed)
}

/// A sheet that is no panel of a call.
pub(crate) fn over(
    sheet: Sheet,
    heading: String,
    content: AnyView,
    on_close: impl Fn() + 'static,
) -> AnyView {
    effect(move || {
        if let Some(dialog) = sheet.get() {
            let _ = dialog.show_modal();
        }
    });
    html::dialog()
        .class("sheet")
        .attr("aria-labelledby", "sheet-title")
        .node_ref(sheet)
        .on(ev::close, move |_| on_close())
        .child(
            html::header().child(html::h2().attr("id", "sheet-title").child(heading)).child(ghost(
                "#close",
                text().close,
                move || close(sheet),
            )),
        )
        .child(content)
        .into_any()
}

/// Closes a sheet.
pub(crate) fn close(sheet: Sheet) {
    if let Some(dialog) = sheet.get_untracked() {
        dialog.close();
    }
}

/// Whether a sheet is over the screen now. One that closes is not: it is gone before its panel is told.
pub(crate) fn is_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}
