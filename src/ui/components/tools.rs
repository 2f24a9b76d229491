//! What can be done with the call in front: which buttons there are, and how each looks.

use crate::phone::{Call, Phone, Progress};
use crate::sip::ua::{CallId, Command};
use crate::ui::components::buttons::{icon, is_first_click};
use crate::ui::element::{button, el};
use crate::ui::live::{Memo, RwSignal};
use crate::ui::text::text;
use crate::ui::{Room, Ui};
use leptos::ev;
use leptos::prelude::*;

/// What stands below the other side's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    /// The tools.
    Tools,
    /// The keys, in the place of the tools.
    Keypad,
    /// The tools, and the question to whom the call is transferred.
    Transfer,
}

/// Something to do with the call in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Mute,
    Keypad,
    Hold,
    Complete,
    Transfer,
    Conference,
    Merge,
    Split,
    Add,
    End,
}

/// All tools in their order, but for the one that ends the call.
pub(crate) const TOOLS: [Tool; 9] = [
    Tool::Mute,
    Tool::Keypad,
    Tool::Hold,
    Tool::Complete,
    Tool::Transfer,
    Tool::Conference,
    Tool::Merge,
    Tool::Split,
    Tool::Add,
];

/// How a tool looks now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    shown: bool,
    class: &'static str,
    picture: &'static str,
    label: &'static str,
    pressed: Option<bool>,
    /// What it began has not come to its end.
    busy: bool,
}

/// A tool. It keeps its place on the page, so that it keeps the focus whatever becomes of it.
pub(crate) fn tool(ui: Ui, call: CallId, tool: Tool, panel: RwSignal<Panel>) -> AnyView {
    let look = Memo::new(move || {
        let panel = panel.get();
        ui.phone.with(|phone| tool.look(phone, panel == Panel::Keypad))
    });
    let pressed = move || look.get().pressed.map(|pressed| if pressed { "true" } else { "false" });
    button(move || look.get().class)
        .attr("hidden", move || !look.get().shown)
        .attr("aria-pressed", pressed)
        .attr("aria-busy", move || look.get().busy.then_some("true"))
        .attr("title", (tool == Tool::Merge).then(|| text().merge_title))
        .on(ev::click, move |event| {
            if tool.is_toggle() || is_first_click(&event) {
                tool.press(ui, call, panel);
            }
        })
        .child(el("span").class("disc").child(icon(move || look.get().picture)))
        .child(move || look.get().label)
        .into_any()
}

/// Whether keys can be sent in a call.
pub(crate) fn takes_keys(phone: &Phone, call: &Call) -> bool {
    let carries_sound = call.is_up() || call.progress == Progress::EarlyMedia;
    carries_sound && !phone.is_joined(call.id)
}

impl Tool {
    fn look(self, phone: &Phone, keys: bool) -> Look {
        let text = text();
        let mut look = Look {
            shown: false,
            class: "round",
            picture: "",
            label: "",
            pressed: None,
            busy: false,
        };
        let Some(call) = phone.call() else { return look };
        let joined = phone.is_joined(call.id);
        let alone = call.is_up() && !joined;
        let beside = call.is_up() && phone.other().is_some();
        let consultation = phone.consultation();
        let transferring = phone.calls().iter().any(|call| call.transfer.is_some());
        (look.shown, look.picture, look.label) = match self {
            Self::Mute => {
                let early = matches!(call.progress, Progress::EarlyMedia | Progress::Answering);
                look.pressed = Some(call.muted);
                let picture = if call.muted { "#mic-off" } else { "#mic" };
                (early || call.is_up(), picture, text.mute)
            }
            Self::Keypad => {
                look.pressed = Some(keys);
                (takes_keys(phone, call), "#keypad", text.keypad)
            }
            Self::Hold => {
                look.busy = phone.hold_changes(call.id);
                if phone.holds(call.id) {
                    look.class = "round go";
                    (call.is_up(), "#resume", text.resume)
                } else {
                    (call.is_up(), "#hold", text.hold)
                }
            }
            Self::Complete => {
                look.busy = transferring;
                look.class = "round go";
                (consultation.is_some(), "#transfer", text.complete_transfer)
            }
            Self::Transfer => {
                look.busy = transferring;
                (alone && consultation.is_none(), "#transfer", text.transfer)
            }
            Self::Conference => (beside && !joined, "#contacts", text.conference),
            Self::Merge => {
                look.busy = transferring;
                (beside && consultation.is_none(), "#merge", text.merge_calls)
            }
            Self::Split => (joined, "#split", text.split),
            Self::Add => (call.is_up() && phone.may_call(), "#add", text.add_call),
            Self::End => {
                look.class = "round end";
                let cancels = consultation.is_some_and(|consultation| consultation.id == call.id);
                (true, "#hang-up", if cancels { text.cancel } else { text.hang_up })
            }
        };
        look.shown &= !keys || matches!(self, Self::Keypad | Self::End);
        look
    }

    /// Whether a second press takes the first one back, so that a hasty one is meant.
    fn is_toggle(self) -> bool {
        matches!(self, Self::Mute | Self::Keypad)
    }

    fn press(self, ui: Ui, call: CallId, panel: RwSignal<Panel>) {
        let operate = |operation: fn(&mut Phone, CallId) -> Vec<Command>| {
            ui.act(|driver| driver.operate(|phone| operation(phone, call)));
        };
        match self {
            Self::Mute => ui.act(|driver| driver.toggle_mute(call)),
            Self::Keypad => panel.update(|panel| {
                *panel = if *panel == Panel::Keypad { Panel::Tools } else { Panel::Keypad };
            }),
            Self::Hold => operate(Phone::toggle_hold),
            Self::Complete => operate(|phone, _| {
                let consultation = phone.consultation().map(|call| call.id);
                consultation.map(|id| phone.complete_transfer(id)).unwrap_or_default()
            }),
            Self::Transfer => panel.set(Panel::Transfer),
            Self::Conference => operate(|phone, _| phone.join()),
            Self::Merge => operate(|phone, _| phone.merge()),
            Self::Split => operate(|phone, _| phone.part()),
            Self::Add => ui.room.set(Room::Dialer),
            Self::End => operate(|phone, call| phone.leave(call)),
        }
    }
}
