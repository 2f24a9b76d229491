//! The connection to the server: opening it, and looking for a better one beside it.

use super::{Driver, Session};
use crate::platform::{Socket, SocketEvent, Timeout, clock};
use crate::sip::ua::{Command, LinkEvent};
use crate::station::Input;
use crate::time::Instant;
use std::time::Duration;

/// How often the clocks are compared.
const TICK: Duration = Duration::from_secs(2);
/// How far they may run apart while nobody sleeps, in milliseconds.
const DRIFT: f64 = 5000.0;

/// The last moment that was looked at, by the clock that counts and by that on the wall: the one may
/// stand still while the computer sleeps, and timers with it.
#[derive(Default)]
pub(super) struct Clocks {
    last: Option<(Instant, f64)>,
    next: Option<Timeout>,
}

impl Clocks {
    fn have_slept(&mut self) -> bool {
        let (now, wall) = (clock::now(), clock::wall_clock_ms());
        let apart = self.last.replace((now, wall)).map_or(0.0, |(last, last_wall)| {
            wall - last_wall - (now - last).as_secs_f64() * 1000.0
        });
        apart > DRIFT
    }
}

impl Session {
    /// The address of the server that is used.
    pub(super) fn url(&self) -> &str {
        self.url_at(self.place)
    }

    /// That of the one at this place of the list.
    fn url_at(&self, place: usize) -> &str {
        self.urls.get(place).map_or("", String::as_str)
    }
}

impl Driver {
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

    /// Makes sure of the connection as soon as the computer has slept.
    pub(super) fn watch_clocks(&self) {
        let mut slept = false;
        if let Some(session) = &mut self.0.borrow_mut().session {
            let driver = self.clone();
            session.clocks.next = Some(Timeout::new(TICK, move || driver.watch_clocks()));
            slept = session.clocks.have_slept();
        }
        if slept {
            self.command(Command::Retry);
        }
        self.note_presence();
    }

    fn end_trial(&self) {
        if let Some(session) = &mut self.0.borrow_mut().session {
            session.trial = None;
        }
    }
}
