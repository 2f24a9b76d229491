//! The recordings: of one call, or all of them.

use crate::phone::entry::Entry;
use crate::phone::recordings::Kept;
use crate::platform::files::Address;
use crate::platform::{clock, page};
use crate::station::Act;
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::ghost;
use crate::ui::components::recording::save;
use crate::ui::components::search::nothing;
use crate::ui::text::{Text, fill, text};
use crate::ui::view::{Memo, NodeRef, RwSignal, effect, html};
use crate::ui::{Ui, past, words};
use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::HtmlDialogElement;
use std::sync::Arc;

/// What one of the recordings is shown with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    /// A player of its sound.
    Player(Arc<Address>),
    /// That it cannot be read.
    Unreadable,
    /// The question whether it is to be deleted.
    Deletion,
}

/// The recording that is open, and how.
type Opened = RwSignal<Option<(u64, Open)>>;

/// A sheet with the recordings of a call, or with all. Escape closes it.
pub(crate) fn recordings(ui: Ui, of: Option<Entry>, close: impl Fn() + 'static) -> AnyView {
    let dialog = NodeRef::<HtmlDialogElement>::new();
    let opened = Opened::new(None);
    effect(move || {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let ids = Memo::new(move || ui.recordings(|list| list.of(of.as_ref())));
    let room = move || {
        let room = ui.recordings(crate::phone::recordings::Recordings::room);
        (room > 0).then(|| fill(text().recordings_room, "{size}", &size(text(), room)))
    };
    let list = move || match ids.with(Vec::is_empty) {
        true => nothing(text().no_recordings),
        false => html::ul()
            .class("recordings")
            .attr("aria-label", text().recordings)
            .each(move || ids.get(), move |id| item(ui, id, opened))
            .into_any(),
    };
    html::dialog()
        .class("sheet")
        .attr("aria-labelledby", "recordings-title")
        .node_ref(dialog)
        .on(ev::close, move |_| close())
        .child(
            html::header()
                .child(html::h2().attr("id", "recordings-title").child(text().recordings))
                .child(ghost("#close", text().close, move || {
                    if let Some(dialog) = dialog.get_untracked() {
                        dialog.close();
                    }
                })),
        )
        .child(list)
        .child(html::p().class("lead").child(room))
        .into_any()
}

fn item(ui: Ui, id: u64, opened: Opened) -> AnyView {
    let Some(kept) = ui.driver().recordings(|list| list.get(id).cloned()) else {
        return ().into_any();
    };
    let here = Memo::new(move || {
        opened.with(|opened| {
            opened.as_ref().filter(|(open, _)| *open == id).map(|(_, how)| how.clone())
        })
    });
    let controls = move || match here.get() {
        Some(Open::Deletion) => deletion(ui, id, opened),
        _ => choices(ui, id, opened),
    };
    let player = move || match here.get()? {
        Open::Player(address) => Some(
            html::audio()
                .attr("controls", "")
                .attr("autoplay", "")
                .attr("src", address.as_str().to_owned()),
        ),
        Open::Unreadable => {
            Some(html::p().attr("role", "alert").child(text().recording_unreadable))
        }
        Open::Deletion => None,
    };
    html::li()
        .child(html::strong().child(words::label(text(), &kept.party).to_owned()))
        .child(html::small().child(told(&kept)))
        .child(player)
        .child(controls)
        .into_any()
}

/// When it was, how long it is and what room it takes.
fn told(kept: &Kept) -> String {
    let language = page::variety(text().tag);
    let when = past::when(text(), kept.id as f64, clock::wall_clock_ms(), &language);
    let length = past::length_of(text(), kept.length);
    [&when, &length, &size(text(), kept.bytes)].map(String::as_str).join(" · ")
}

fn choices(ui: Ui, id: u64, opened: Opened) -> AnyView {
    let play = move |_| {
        let driver = ui.driver();
        leptos::task::spawn_local(async move {
            let sound = driver.recording(id).await;
            let address = sound.and_then(|sound| Address::of(&sound)).map(Arc::new);
            opened.set(Some((id, address.map_or(Open::Unreadable, Open::Player))));
        });
    };
    html::div()
        .class("choices")
        .child(button("choice").on(ev::click, play).child(text().play))
        .child(button("choice").on(ev::click, move |_| save(ui, id)).child(text().save_file))
        .child(
            button("choice")
                .attr("aria-label", text().delete_recording)
                .on(ev::click, move |_| opened.set(Some((id, Open::Deletion))))
                .child(text().delete),
        )
        .into_any()
}

/// Sound that is deleted cannot be brought back, so it is asked for once more.
fn deletion(ui: Ui, id: u64, opened: Opened) -> AnyView {
    html::div()
        .class("choices")
        .child(
            button("choice end")
                .on(ev::click, move |_| ui.act(Act::DeleteRecording(id)))
                .child(text().delete_for_good),
        )
        .child(button("choice").on(ev::click, move |_| opened.set(None)).child(text().keep))
        .into_any()
}

/// "850 kB", "12 MB".
fn size(text: &Text, bytes: u64) -> String {
    let (template, unit) = match bytes {
        0..1_000_000 => (text.kilobytes, 1000),
        _ => (text.megabytes, 1_000_000),
    };
    fill(template, "{n}", &bytes.div_ceil(unit).to_string())
}
