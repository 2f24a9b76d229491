//! The connection to the server: opening it, and looking for a better one beside it.

use super::media::Media;
use super::{Driver, Session};
use crate::platform::{Socket, SocketEvent, page, worker};
use crate::sip::ua::LinkEvent;
use crate::station::Input;

impl Session {
    /// Sends a frame. A connection that breaks here reports itself as closed.
    pub(super) fn send(&self, frame: &[u8]) {
        if let Some(socket) = &self.socket {
            let _ = socket.send(frame);
        }
    }

    /// Leaves the last words with the service worker, or says them where it does not take them.
    pub(super) fn leave_words(&self, frames: Vec<Vec<u8>>) {
        if !worker::leave(self.url(), &frames) {
            frames.iter().for_each(|frame| self.send(frame));
        }
    }

    /// Closes the connection.
    pub(super) fn close(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.close();
        }
    }

    /// The address of the server that is used.
    fn url(&self) -> &str {
        self.url_at(self.place)
    }

    /// That of the one at this place of the list.
    fn url_at(&self, place: usize) -> &str {
        self.urls.get(place).map_or("", String::as_str)
    }
}

impl Driver {
    /// An account begins, which has these servers.
    pub(super) fn begin(&self, urls: Vec<String>, relay_only: bool) {
        let provision = self.provision();
        let media = Media::new(self, &provision.ice, relay_only);
        let session = Session { urls, place: 0, socket: None, trial: None, media };
        self.0.borrow_mut().session = Some(session);
        if !page::is_visible() {
            self.look_again();
        }
    }

    /// Opens the connection to the server at this place, in place of any that is there.
    pub(super) fn open(&self, session: &mut Session, place: usize) {
        let driver = self.clone();
        session.trial = None;
        session.place = place;
        let socket = Socket::open(session.url(), move |event| match event {
            SocketEvent::Open => driver.input(Input::Link(LinkEvent::Opened)),
            SocketEvent::Frame(frame) => driver.input(Input::Frame(&frame)),
            SocketEvent::Closed { .. } => driver.input(Input::Link(LinkEvent::Closed)),
        });
        session.socket = socket.ok();
        if session.socket.is_none() {
            let driver = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                driver.input(Input::Link(LinkEvent::Closed));
            });
        }
    }

    /// Sees whether the server at this place takes connections.
    pub(super) fn try_server(&self, session: &mut Session, place: usize) {
        let driver = self.clone();
        let trial = Socket::open(session.url_at(place), move |event| {
            if !matches!(event, SocketEvent::Frame(_)) {
                let is_there = event == SocketEvent::Open;
                driver.end_trial();
                driver.input(Input::Link(LinkEvent::Tried(is_there)));
            }
        });
        session.trial = trial.ok();
    }

    fn end_trial(&self) {
        if let Some(session) = &mut self.0.borrow_mut().session {
            session.trial = None;
        }
    }
}
