//! Where tones go: an audio context, and the device that it plays on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AudioContext, AudioContextState, AudioNode, GainNode, HtmlAudioElement,
    MediaStreamAudioDestinationNode,
};

use super::devices::{play_on, plays_on};
use super::held::hold;
use super::mixer::settle;

/// An audio context whose sound goes to a device. Dropping it ends both.
#[derive(Debug)]
pub(super) struct Output {
    context: AudioContext,
    /// All sound goes through here.
    entry: GainNode,
    /// What plays it where the context itself can play on the system's own device only.
    element: Rc<RefCell<Option<(HtmlAudioElement, MediaStreamAudioDestinationNode)>>>,
    device: RefCell<String>,
    /// It was told to play on that device.
    told: Rc<Cell<bool>>,
}

impl Output {
    pub(super) fn new() -> Option<Self> {
        let context = AudioContext::new().ok()?;
        hold(&context);
        let entry = context.create_gain().ok()?;
        entry.connect_with_audio_node(&context.destination()).ok()?;
        Some(Self {
            context,
            entry,
            element: Rc::default(),
            device: RefCell::default(),
            told: Rc::new(Cell::new(true)),
        })
    }

    pub(super) fn context(&self) -> &AudioContext {
        &self.context
    }

    /// What sound is connected to.
    pub(super) fn entry(&self) -> &AudioNode {
        &self.entry
    }

    pub(super) fn is_running(&self) -> bool {
        self.context.state() == AudioContextState::Running
    }

    /// Has the sound begin where the browser holds it back: from a click or a key on, or after an
    /// interruption.
    pub(super) fn wake(&self) {
        if !self.is_running()
            && let Ok(resumed) = self.context.resume()
        {
            // It stays pending as long as the browser holds the context.
            settle(resumed);
        }
        if let Some((element, _)) = &*self.element.borrow()
            && element.paused()
            && let Ok(played) = element.play()
        {
            settle(played);
        }
    }

    /// Plays on the device of this id, or the system's own where it is empty.
    pub(super) fn set_device(&self, id: &str) {
        if *self.device.borrow() == id && self.told.get() {
            return;
        }
        id.clone_into(&mut self.device.borrow_mut());
        self.told.set(true);
        let target = if plays_on(&self.context).is_some() {
            self.context.clone().into()
        } else {
            let Some(element) = self.detour(id.is_empty()) else { return };
            element.into()
        };
        let told = self.told.clone();
        let id = id.to_owned();
        spawn_local(async move {
            // It is tried again with the next change: the permission may be given later.
            told.set(play_on(&target, &id).await);
        });
    }

    /// The element that plays, where it must; without it the context itself does.
    fn detour(&self, direct: bool) -> Option<HtmlAudioElement> {
        let mut element = self.element.borrow_mut();
        if direct {
            if let Some((element, _)) = element.take() {
                element.set_src_object(None);
                let _ = self.entry.disconnect();
                self.entry.connect_with_audio_node(&self.context.destination()).ok()?;
            }
            return None;
        }
        if element.is_none() {
            let sound = self.context.create_media_stream_destination().ok()?;
            let player = HtmlAudioElement::new().ok()?;
            player.set_src_object(Some(&sound.stream()));
            let _ = self.entry.disconnect();
            self.entry.connect_with_audio_node(&sound).ok()?;
            settle(player.play().ok()?);
            *element = Some((player, sound));
        }
        element.as_ref().map(|(element, _)| element.clone().unchecked_into())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((element, _)) = self.element.take() {
            element.set_src_object(None);
        }
        if let Ok(closed) = self.context.close() {
            settle(closed);
        }
    }
}
