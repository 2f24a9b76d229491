//! A list of any length, of which only the rows in sight are on the page.
//!
//! All rows are of one height, which the style sheet sets (`--row`). The list is one stop of the
//! Tab key, at its current row; the arrow keys go from row to row.

use crate::platform::Listener;
use crate::ui::view::{Memo, NodeRef, RwSignal, effect, html, keep};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{Element, HtmlElement, KeyboardEvent};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Rows beyond those in sight, so that a row is there when it is scrolled or tabbed to.
const SPARE: usize = 3;
/// No display shows more rows than these.
const MOST: i32 = 100;

/// What a row is made of: the name of what it shows, and whether the Tab key stops there.
type MakeRow = Arc<dyn Fn(u64, Memo<&'static str>) -> AnyView + Send + Sync>;

#[derive(Clone, Copy)]
struct Rows {
    all: Memo<Vec<u64>>,
    list: NodeRef<HtmlElement>,
    /// The first row on the page, and how many are.
    window: RwSignal<(usize, usize)>,
    /// The row that the Tab key stops at.
    current: RwSignal<usize>,
    /// The height of a row in pixels, once there was one.
    height: RwSignal<i32>,
}

/// The list of these rows. `row` makes one; its controls take the given `tabindex`.
pub(crate) fn rows(
    all: Memo<Vec<u64>>,
    label: &'static str,
    row: impl Fn(u64, Memo<&'static str>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    show(all, label, Arc::new(row))
}

fn show(all: Memo<Vec<u64>>, label: &'static str, row: MakeRow) -> AnyView {
    let rows = Rows {
        all,
        list: NodeRef::new(),
        window: RwSignal::new((0, 16)),
        current: RwSignal::new(0),
        height: RwSignal::new(0),
    };
    let resized = Listener::on_window("resize", move |_| rows.look());
    keep(resized);
    effect(move || {
        all.track();
        rows.look();
    });
    let shown = Memo::new(move || {
        let (first, count) = rows.window.get();
        all.with(|all| all.iter().skip(first).take(count).copied().collect::<Vec<_>>())
    });
    let first = move || {
        let (first, _) = rows.window.get();
        first.min(all.with(Vec::len)).to_string()
    };
    html::div()
        .class("rows")
        .node_ref(rows.list)
        .on(ev::scroll, move |_| rows.look())
        .on(ev::keydown, move |event| rows.press(&event))
        .child(
            html::ul()
                .attr("aria-label", label)
                .attr("--rows", move || all.with(Vec::len).to_string())
                .attr("--first", first)
                .each(move || shown.get(), move |id| rows.item(id, &row)),
        )
        .into_any()
}

impl Rows {
    fn item(self, id: u64, row: &MakeRow) -> AnyView {
        let place = Memo::new(move || {
            let (first, count) = self.window.get();
            let found = self
                .all
                .with(|all| all.iter().skip(first).take(count).position(|other| *other == id));
            first + found.unwrap_or_default()
        });
        let stop = Memo::new(move || {
            let (first, count) = self.window.get();
            let last = (first + count).saturating_sub(1);
            if place.get() == self.current.get().clamp(first, last) { "0" } else { "-1" }
        });
        html::li()
            .attr("data-place", move || place.get().to_string())
            .attr("aria-posinset", move || (place.get() + 1).to_string())
            .attr("aria-setsize", move || self.all.with(Vec::len).to_string())
            .on(ev::focusin, move |_| self.current.set(place.get_untracked()))
            .child(row(id, stop))
            .into_any()
    }

    /// Finds out which rows are in sight.
    fn look(self) {
        let Some(list) = self.list.get_untracked() else { return };
        let Some(height) = self.height(&list) else { return };
        // Safari lets a list be pulled beyond its start.
        let first = (list.scroll_top().max(0) / height) as usize;
        let count = (list.client_height() / height).min(MOST) as usize + 2 * SPARE + 1;
        let window = (first.saturating_sub(SPARE), count);
        if self.window.get_untracked() != window {
            self.window.set(window);
        }
    }

    /// The height of a row in pixels.
    fn height(self, list: &Element) -> Option<i32> {
        if let Ok(Some(row)) = list.query_selector("li") {
            self.height.set(row.unchecked_into::<HtmlElement>().offset_height());
        }
        Some(self.height.get_untracked()).filter(|height| *height > 0)
    }

    fn press(self, event: &KeyboardEvent) {
        let Some(list) = self.list.get_untracked() else { return };
        let Some(height) = self.height(&list) else { return };
        let page = (list.client_height() / height).max(1) as usize;
        let current = self.current.get_untracked();
        let place = match event.key().as_str() {
            "ArrowDown" => current + 1,
            "ArrowUp" => current.saturating_sub(1),
            "PageDown" => current + page,
            "PageUp" => current.saturating_sub(page),
            "Home" => 0,
            "End" => usize::MAX,
            _ => return,
        };
        event.prevent_default();
        let last = self.all.with_untracked(Vec::len).saturating_sub(1);
        let place = place.min(last);
        self.current.set(place);
        let top = i32::try_from(place).unwrap_or(i32::MAX).saturating_mul(height);
        let seen = list.scroll_top();
        if top < seen {
            list.set_scroll_top(top);
        } else if top + height > seen + list.client_height() {
            list.set_scroll_top(top + height - list.client_height());
        }
        self.look();
        // The row is on the page after the effects of this.
        request_animation_frame(move || {
            let wanted =
                ["[data-place=\"", &place.to_string(), "\"] button:not([disabled])"].concat();
            if let Ok(Some(button)) = list.query_selector(&wanted) {
                let _ = button.unchecked_into::<HtmlElement>().focus();
            }
        });
    }
}
