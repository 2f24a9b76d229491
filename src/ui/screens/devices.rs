//! "Sound and picture": with what the user speaks, hears and is called, and whether it works.

use crate::driver::Driver;
use crate::media::devices::{Device, Devices, Kind, Treatment};
use crate::media::ringtone::Ringtone;
use crate::phone::{Phone, Setting};
use crate::platform::{Interval, devices};
use crate::station::{Act, PageAct};
use crate::ui::components::buttons::{icon, secondary};
use crate::ui::components::fields::{Choices, choice, slider, switch};
use crate::ui::components::sheet;
use crate::ui::components::tools::Panel;
use crate::ui::text::{fill, text};
use crate::ui::view::{Child, Memo, NodeRef, RwSignal, html, keep};
use crate::ui::{Ui, words};
use leptos::prelude::*;
use std::time::Duration;

/// How often the level is read.
const TICK: Duration = Duration::from_millis(100);

/// A sheet over the settings, or over a call. The microphone is open as long as it is.
pub(crate) fn sheet(ui: Ui, panel: RwSignal<Panel>) -> AnyView {
    let settings = ui.phone.with_untracked(|phone| phone.settings().clone());
    let ring = move || ui.act(Act::Page(PageAct::TryRinging));
    let set_ringtone = move |chosen: String| {
        if let Some(ringtone) = Ringtone::parse(&chosen) {
            ui.act(Act::Set(Setting::Ringtone(ringtone)));
            ring();
        }
    };
    let set_volume = move |volume| {
        ui.act(Act::Set(Setting::RingVolume(volume)));
        ring();
    };
    let ringtones = move || {
        let name =
            |(tone, name): (_, &str)| (name.to_owned(), words::ringtone(text(), tone).to_owned());
        let chosen = ui.phone.with(|phone| phone.settings().ringtone.name().to_owned());
        (Ringtone::ALL.map(name).to_vec(), chosen)
    };
    let mut parts = vec![picker(ui, Kind::Microphone), microphone(ui)];
    if devices::can_choose_speaker() {
        parts.extend(speaker(ui, Kind::Speaker));
    } else {
        parts.push(html::p().class("lead").child(text().system_decides).into_any());
    }
    parts.push(secondary(text().test_speaker, move || ui.act(Act::Page(PageAct::TrySpeaker))));
    if devices::can_choose_speaker() {
        parts.extend(speaker(ui, Kind::Ringer));
    }
    parts.extend([
        choice("choose-ringtone", text().ringtone, ringtones, set_ringtone),
        slider("choose-volume", text().ring_volume, settings.ring_volume, set_volume),
        secondary(text().test_ringer, ring),
        picker(ui, Kind::Camera),
        treatment(ui, "choose-echo", text().echo, text().echo_hint, |now| &mut now.echo),
        treatment(ui, "choose-noise", text().noise, text().noise_hint, |now| &mut now.noise),
        treatment(ui, "choose-gain", text().gain, text().gain_hint, |now| &mut now.gain),
    ]);
    let content = html::div().class("setting-list devices").child(parts).into_any();
    let heading = text().sound_and_picture.to_owned();
    sheet::sheet(NodeRef::new(), (panel, Panel::Devices), heading, content)
}

/// Which device of this kind is used.
fn picker(ui: Ui, kind: Kind) -> AnyView {
    let (id, label) = words::device(text(), kind);
    let choose = move |id: String| {
        let find = |phone: &Phone| {
            let devices = phone.devices();
            let known = devices.present(kind).chain(devices.chosen(kind));
            known.into_iter().find(|device| device.id == id).cloned()
        };
        let device: Option<Device> = ui.phone.with_untracked(find);
        ui.act(Act::ChooseDevice(kind, device));
    };
    choice(id, label, move || ui.phone.with(|phone| choices(phone.devices(), kind)), choose)
}

/// The same of what plays, with the browser's own question where that is the only way to more of
/// them.
fn speaker(ui: Ui, kind: Kind) -> Vec<AnyView> {
    let ask = move || ui.act(Act::Page(PageAct::AskForSpeaker(kind)));
    let other = devices::asks_for_speakers().then(|| secondary(text().other_device, ask));
    [picker(ui, kind)].into_iter().chain(other).collect()
}

/// The system's own, all that are there, and the chosen one where it is not.
fn choices(devices: &Devices, kind: Kind) -> Choices {
    let mut all = vec![(String::new(), text().device_default.to_owned())];
    if devices.is_known(kind) {
        all.extend(devices.present(kind).map(|device| (device.id.clone(), device.label.clone())));
    }
    let chosen = devices.chosen(kind);
    if let Some(missing) = chosen.filter(|chosen| all.iter().all(|(id, _)| *id != chosen.id)) {
        let name = match devices.is_known(kind) {
            true => fill(text().device_missing, "{device}", &missing.label),
            false => missing.label.clone(),
        };
        all.push((missing.id.clone(), name));
    }
    (all, chosen.map(|chosen| chosen.id.clone()).unwrap_or_default())
}

/// How loud it is before the microphone, or what is in the way of that.
fn microphone(ui: Ui) -> AnyView {
    ui.act(Act::OpenMeter { asks: false });
    let level = RwSignal::new(0);
    let tick = Interval::new(TICK, move || {
        level.set((ui.driver().level() * 100.0) as u32);
    });
    keep((tick, Metering(ui.driver())));
    let is_known = Memo::new(ui.read(|phone| phone.devices().is_known(Kind::Microphone)));
    let unheard = Memo::new(ui.read(Phone::unheard));
    let percent = move || level.get().to_string();
    let trouble = move || {
        let sentence = unheard.get().map(|unheard| words::unheard(text(), unheard))?;
        Some(
            html::div()
                .class("notice")
                .attr("data-kind", "warning")
                .attr("role", "alert")
                .child(icon("#mic-off"))
                .child(html::p().child(sentence)),
        )
    };
    let ask = move || {
        (!is_known.get()).then(|| {
            let ask = move || ui.act(Act::OpenMeter { asks: true });
            html::div()
                .class("setting-list")
                .child(html::p().class("lead").child(text().allow_microphone_hint))
                .child(secondary(text().allow_microphone, ask))
        })
    };
    vec![
        html::div()
            .class("meter")
            .attr("role", "meter")
            .attr("aria-label", text().microphone_level)
            .attr("aria-valuemin", "0")
            .attr("aria-valuemax", "100")
            .attr("aria-valuenow", percent)
            .attr("--level", move || [&percent(), "%"].concat())
            .into_child(),
        trouble.into_child(),
        ask.into_child(),
    ]
    .into_any()
}

/// Lets go of the microphone that was looked at.
struct Metering(Driver);

impl Drop for Metering {
    fn drop(&mut self) {
        let driver = self.0.clone();
        // The screens are just being changed.
        leptos::task::spawn_local(async move { driver.act(Act::CloseMeter) });
    }
}

/// Something that the browser does to the sound of the microphone.
fn treatment(
    ui: Ui,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    place: fn(&mut Treatment) -> &mut bool,
) -> AnyView {
    let on = ui.read(move |phone| *place(&mut phone.devices().treatment.clone()));
    let choose = move |on| {
        let mut treatment = ui.phone.with_untracked(|phone| phone.devices().treatment);
        *place(&mut treatment) = on;
        ui.act(Act::Treat(treatment));
    };
    switch(id, label, hint, on, choose)
}
