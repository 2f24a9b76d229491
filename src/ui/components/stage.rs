//! The pictures of the call in front: the other side's behind everything, ours in a corner. They
//! stay on the page while another room is open, so that a picture that was lifted out of it goes on.

use crate::phone::video::Source;
use crate::phone::{Call, CallId, Phone};
use crate::station::Act;
use crate::ui::components::buttons::{icon, secondary};
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, El, Memo, NodeRef, effect, html};
use crate::ui::words::label;
use crate::ui::{Room, Ui};
use leptos::prelude::*;
use leptos::web_sys::{HtmlElement, HtmlVideoElement};

/// What is on the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Scene {
    /// The other side is seen.
    far: bool,
    /// The user is seen, as in a mirror or as others do.
    own: Option<bool>,
}

impl Scene {
    fn of(phone: &Phone) -> Self {
        let Some(call) = phone.call().filter(|call| !call.is_ringing()) else {
            return Self::default();
        };
        let on_hold = phone.holds(call.id) || call.hold.there;
        let far = call.video.sees && !on_hold;
        let mirrored = call.video.wish().map(|wish| wish.source == Source::Camera && !wish.back);
        Self { far, own: mirrored.filter(|_| !on_hold) }
    }
}

/// The stage of the call that has pictures, if the one in front does.
pub(crate) fn stage() -> AnyView {
    let ui = Ui::current();
    let scene = Memo::new(ui.read(Scene::of));
    let call = Memo::new(move || {
        let empty = scene.get() == Scene::default();
        ui.phone.with(|phone| phone.call().map(|call| call.id).filter(|_| !empty))
    });
    (move || call.get().map(|call| of_call(ui, call, scene))).into_child()
}

fn of_call(ui: Ui, call: CallId, scene: Memo<Scene>) -> AnyView {
    let away = move || ui.room.get() != Room::Phone;
    let peer = ui.phone.with_untracked(|phone| {
        phone.get(call).map(|call| label(text(), &call.party).to_owned()).unwrap_or_default()
    });
    html::div()
        .class("stage")
        .attr("data-far", move || scene.get().far)
        .attr("data-away", away)
        .child(
            picture(ui, call, 0, fill(text().picture_of, "{peer}", &peer))
                .attr("hidden", move || !scene.get().far),
        )
        .child(
            picture(ui, call, 1, text().own_picture.to_owned())
                .attr("hidden", move || scene.get().own.is_none())
                .attr("data-mirrored", move || scene.get().own == Some(true)),
        )
        .into_any()
}

/// A place for one of the call's pictures, which is put there as soon as the place is on the page.
fn picture(ui: Ui, call: CallId, which: usize, name: String) -> El {
    let place = NodeRef::<HtmlElement>::new();
    effect(move || {
        let pictures = ui.driver().pictures(call);
        if let (Some(place), Some(pictures)) = (place.get(), pictures) {
            let picture: &HtmlVideoElement = &pictures[which];
            let _ = place.append_child(picture);
            ui.driver().play_pictures(call);
        }
    });
    html::div()
        .class(["far", "own"][which])
        .attr("role", "img")
        .attr("aria-label", name)
        .node_ref(place)
}

/// Says that the screen is seen by others, and ends it.
pub(crate) fn sharing() -> AnyView {
    let ui = Ui::current();
    let sharing = Memo::new(ui.read(|phone| {
        let sharing = |call: &&Call| call.video.source() == Some(Source::Screen);
        phone.calls().iter().find(sharing).map(|call| call.id)
    }));
    let shown = move || {
        let call = sharing.get()?;
        let stop = move || ui.act(Act::ToggleScreen(call));
        Some(
            html::section()
                .class("notice sharing")
                .attr("aria-label", text().sharing)
                .child(icon("#screen"))
                .child(html::p().child(text().sharing))
                .child(secondary(text().stop_sharing, stop)),
        )
    };
    shown.into_child()
}
