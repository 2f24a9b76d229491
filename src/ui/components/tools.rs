//! What can be done with the call in front: which buttons there are, and how each looks. Those that
//! are used most are always in sight, and the others in a sheet that "More" opens.

use crate::phone::video::Source;
use crate::phone::{Call, CallId, Phone, Progress, Recording};
use crate::platform::{camera, page};
use crate::station::{Act, PageAct};
use crate::ui::components::buttons::button;
use crate::ui::components::buttons::{icon, is_first_click};
use crate::ui::components::sheet::{Sheet, close, sheet};
use crate::ui::text::text;
use crate::ui::view::{Memo, NodeRef, RwSignal, html};
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
    /// The tools, and those that are not in sight.
    More,
    /// The tools, and with what the user speaks and hears.
    Devices,
    /// The tools, and how the call is connected.
    Connection,
}

/// Something to do with the call in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Mute,
    Keypad,
    Hold,
    Camera,
    Complete,
    Transfer,
    Conference,
    Merge,
    Split,
    Add,
    Record,
    Devices,
    Screen,
    PictureInPicture,
    FlipCamera,
    More,
    End,
}

/// All tools in their order, but for the one that opens the sheet and the one that ends the call.
pub(crate) const TOOLS: [Tool; 15] = [
    Tool::Mute,
    Tool::Keypad,
    Tool::Hold,
    Tool::Camera,
    Tool::Complete,
    Tool::Transfer,
    Tool::Conference,
    Tool::Merge,
    Tool::Split,
    Tool::Add,
    Tool::Record,
    Tool::Devices,
    Tool::Screen,
    Tool::PictureInPicture,
    Tool::FlipCamera,
];

/// How a tool looks now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    shown: bool,
    /// It stands in the sheet.
    more: bool,
    class: &'static str,
    picture: &'static str,
    label: &'static str,
    pressed: Option<bool>,
    /// What it began has not come to its end.
    busy: bool,
}

/// The tools of a call that are in sight.
pub(crate) fn tools(ui: Ui, call: CallId, panel: RwSignal<Panel>) -> AnyView {
    let tools = TOOLS.into_iter().chain([Tool::More]);
    html::div()
        .class("tools")
        .child(tools.map(|which| tool(ui, call, which, panel, None)).collect::<Vec<_>>())
        .into_any()
}

/// The sheet with those that are not. It closes with the first that is used.
pub(crate) fn more(ui: Ui, call: CallId, panel: RwSignal<Panel>) -> AnyView {
    let dialog = NodeRef::new();
    let tools = TOOLS.map(|which| tool(ui, call, which, panel, Some(dialog)));
    let tools = html::div().class("tools").child(tools.into_iter().collect::<Vec<_>>());
    sheet(dialog, (panel, Panel::More), text().more.to_owned(), tools.into_any())
}

/// A tool, in sight or in the sheet. It keeps its place on the page, so that it keeps the focus
/// whatever becomes of it.
pub(crate) fn tool(
    ui: Ui,
    call: CallId,
    tool: Tool,
    panel: RwSignal<Panel>,
    sheet: Option<Sheet>,
) -> AnyView {
    let look = Memo::new(move || {
        let panel = panel.get();
        ui.phone.with(|phone| tool.look(phone, panel == Panel::Keypad))
    });
    let here = move |look: Look| look.shown && look.more == sheet.is_some();
    let pressed = move || look.get().pressed.map(|pressed| if pressed { "true" } else { "false" });
    button(move || look.get().class)
        .attr("hidden", move || !here(look.get()))
        .attr("aria-pressed", pressed)
        .attr("aria-busy", move || look.get().busy.then_some("true"))
        .attr("aria-haspopup", (tool == Tool::More).then_some("dialog"))
        .attr("title", (tool == Tool::Merge).then(|| text().merge_title))
        .on(ev::click, move |event| {
            if tool.is_toggle() || is_first_click(&event) {
                if let Some(sheet) = sheet {
                    close(sheet);
                }
                tool.press(ui, call, panel);
            }
        })
        .child(html::span().class("disc").child(icon(move || look.get().picture)))
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
            more: false,
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
        // On hold there are no pictures.
        let seen = call.is_up() && !phone.holds(call.id);
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
            Self::Camera => {
                let shows = call.video.source() == Some(Source::Camera);
                look.more = beside;
                look.pressed = Some(shows);
                look.busy = shows && call.video.is_changing();
                let picture = if shows { "#camera" } else { "#camera-off" };
                (seen, picture, text.camera)
            }
            Self::Screen => {
                look.more = true;
                let shows = call.video.source() == Some(Source::Screen);
                look.pressed = Some(shows);
                let label = if shows { text.stop_sharing } else { text.share_screen };
                (seen && (shows || camera::can_share_screen()), "#screen", label)
            }
            Self::PictureInPicture => {
                look.more = true;
                let shown = seen && call.video.sees && page::has_picture_in_picture();
                (shown, "#picture-in-picture", text.picture_in_picture)
            }
            Self::FlipCamera => {
                look.more = true;
                let shows = call.video.source() == Some(Source::Camera);
                (seen && shows && !page::has_mouse(), "#flip", text.flip_camera)
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
            Self::Add => {
                look.more = beside;
                (call.is_up() && phone.may_call(), "#add", text.add_call)
            }
            Self::Record => {
                look.more = true;
                let runs = phone.recording().since().is_some() && phone.is_recorded(call.id);
                look.pressed = Some(runs);
                look.busy = matches!(phone.recording(), Recording::Saving(_));
                (phone.may_record(call.id), "#record", text.record)
            }
            Self::More => {
                let rest = TOOLS.map(|tool| tool.look(phone, keys));
                (rest.iter().any(|look| look.shown && look.more), "#more", text.more)
            }
            Self::Devices => {
                look.more = true;
                (call.is_up(), "#speaker", text.sound)
            }
            Self::End => {
                look.class = "round end";
                let cancels = consultation.is_some_and(|consultation| consultation.id == call.id);
                (true, "#hang-up", if cancels { text.cancel } else { text.hang_up })
            }
        };
        look.shown &= !keys || matches!(self, Self::Keypad | Self::End);
        look.shown &= !phone.is_mirror() || self.works_from_afar();
        look
    }

    /// Whether it can be used in a tab that shows the telephone of another one.
    fn works_from_afar(self) -> bool {
        matches!(
            self,
            Self::Mute | Self::Keypad | Self::Hold | Self::Transfer | Self::Add | Self::End
        )
    }

    /// Whether a second press takes the first one back, so that a hasty one is meant.
    fn is_toggle(self) -> bool {
        matches!(self, Self::Mute | Self::Keypad)
    }

    fn press(self, ui: Ui, call: CallId, panel: RwSignal<Panel>) {
        match self {
            Self::Mute => ui.act(Act::ToggleMute(call)),
            Self::Keypad => panel.update(|panel| {
                *panel = if *panel == Panel::Keypad { Panel::Tools } else { Panel::Keypad };
            }),
            Self::Hold => ui.act(Act::ToggleHold(call)),
            Self::Camera => ui.act(Act::ToggleCamera(call)),
            Self::Screen => ui.act(Act::ToggleScreen(call)),
            Self::PictureInPicture => ui.act(Act::Page(PageAct::TogglePictureInPicture(call))),
            Self::FlipCamera => ui.act(Act::FlipCamera(call)),
            Self::Complete => ui.act(Act::CompleteTransfer),
            Self::Transfer => panel.set(Panel::Transfer),
            Self::Conference => ui.act(Act::Join),
            Self::Merge => ui.act(Act::Merge),
            Self::Split => ui.act(Act::Part),
            Self::Add => ui.room.set(Room::Dialer),
            Self::Record => ui.act(Act::ToggleRecording(call)),
            Self::More => panel.set(Panel::More),
            Self::Devices => panel.set(Panel::Devices),
            Self::End => ui.act(Act::Leave(call)),
        }
    }
}
