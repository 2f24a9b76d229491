//! The devices that the browser lists, and on which of them it plays.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDeviceInfo, MediaDeviceKind};

use super::microphone::media_devices;
use super::page::Listener;
use crate::media::devices::{Class, Device};

/// What the browser lists now. Before the user has given permission, ids and labels are empty. Not
/// to be asked for often: it costs sound on slow machines. `None` where the browser has no list.
pub async fn list() -> Option<Vec<(Class, Device)>> {
    let promise = media_devices()?.enumerate_devices().ok()?;
    let listed: Array = JsFuture::from(promise).await.ok()?.unchecked_into();
    let device = |device: JsValue| {
        let device: MediaDeviceInfo = device.unchecked_into();
        let class = match device.kind() {
            MediaDeviceKind::Audioinput => Class::SoundIn,
            MediaDeviceKind::Audiooutput => Class::SoundOut,
            MediaDeviceKind::Videoinput => Class::Picture,
            _ => return None,
        };
        Some((class, Device { id: device.device_id(), label: device.label() }))
    };
    Some(listed.iter().filter_map(device).collect())
}

/// Has `callback` called when a device comes or goes.
pub fn on_change(callback: impl Fn() + 'static) -> Listener {
    let target = media_devices().map(JsCast::unchecked_into);
    Listener::on(target, "devicechange".into(), Box::new(move |_| callback()))
}

/// Whether the page may say where sound is played; where it may not, the system does. Firefox
/// before 116 and Safari before 18.4 do not let it.
pub fn can_choose_speaker() -> bool {
    let element = Reflect::get(&js_sys::global(), &"HTMLMediaElement".into());
    let prototype = element.and_then(|class| Reflect::get(&class, &"prototype".into()));
    prototype.is_ok_and(|prototype| plays_on(&prototype).is_some())
}

/// Whether the browser lists a speaker only once the user has named it in a question of the
/// browser's own, as Firefox does.
pub fn asks_for_speakers() -> bool {
    media_devices().is_some_and(|devices| asks_for_speaker(&devices).is_some())
}

/// Has the browser ask the user for a speaker, with a click. `None` where the user names none.
pub async fn ask_for_speaker() -> Option<Device> {
    let devices = media_devices()?;
    let promise = asks_for_speaker(&devices)?.call0(&devices).ok()?;
    let device = JsFuture::from(js_sys::Promise::resolve(&promise)).await.ok()?;
    let device: MediaDeviceInfo = device.unchecked_into();
    Some(Device { id: device.device_id(), label: device.label() })
}

fn asks_for_speaker(devices: &JsValue) -> Option<Function> {
    Reflect::get(devices, &"selectAudioOutput".into()).ok()?.dyn_into().ok()
}

/// Plays on the device of this id, or the system's own where it is empty. `target` is a media
/// element or an audio context. Returns whether it does.
pub(super) async fn play_on(target: &JsValue, id: &str) -> bool {
    let Some(method) = plays_on(target) else { return id.is_empty() };
    let Ok(promise) = method.call1(target, &id.into()) else { return false };
    JsFuture::from(js_sys::Promise::resolve(&promise)).await.is_ok()
}

/// The method that says on which device it plays, which web-sys does not have.
pub(super) fn plays_on(target: &JsValue) -> Option<Function> {
    Reflect::get(target, &"setSinkId".into()).ok()?.dyn_into().ok()
}
