//! Joins the user agent, the browser and the telephone: the only place where all three meet.
//!
//! One rule holds it together: every input to the telephone is followed by a full drain of its
//! outputs, each of which is carried out at once, in their order. Nothing is borrowed while one is
//! carried out that may lead to a further input; whatever the browser does in return comes back later.

mod book;
mod denoise;
mod describe;
mod devices;
mod ice;
mod lasting;
mod link;
mod media;
mod microphone;
mod muted;
mod page_events;
mod path;
mod provision;
mod queue;
mod recording;
mod sound;
mod spare;
mod unlock;
mod update;
mod video;
mod watch;

pub use provision::provision;

use crate::phone::Phone;
use crate::platform::channel::Channel;
use crate::platform::{Interval, Listener, Socket, Timeout, clock, held, page, timer};
use crate::portal::Provision;
use crate::sip::ua::{CallId, LinkRequest};
use crate::station::{Act, Input, Moment, Output, PageAct, Station};
use book::Book;
use lasting::Lasting;
use media::Media;
use microphone::Microphone;
use recording::Tape;
use sound::Sound;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use unlock::Unlocking;

/// A handle to the running telephone. Clones are the same telephone.
#[derive(Clone)]
pub struct Driver(Rc<RefCell<Inner>>);

struct Inner {
    provision: Rc<Provision>,
    station: Station,
    book: Book,
    lasting: Lasting,
    /// The other tabs.
    tabs: Option<Channel>,
    session: Option<Session>,
    microphone: Microphone,
    sound: Sound,
    /// The sounds follow the telephone in the next task.
    sound_is_due: Cell<bool>,
    tape: Option<Tape>,
    on_change: Box<dyn Fn(&Phone)>,
    on_book: Box<dyn Fn()>,
    listeners: Vec<Listener>,
    /// The moment at which the devices that come and go are asked for.
    devices_rest: Option<Timeout>,
    /// Follows whether the page can ring, once it should.
    unlocking: Option<Unlocking>,
    /// The timer for the telephone's next deadline; it stops when replaced.
    deadline: Option<Timeout>,
    /// Looks for a new version of the page.
    hourly: Option<Interval>,
}

/// What the browser has for the account that is signed in.
struct Session {
    /// The addresses of the servers.
    urls: Vec<String>,
    /// The place of the one that is used.
    place: usize,
    socket: Option<Socket>,
    /// The connection that shows whether a server is back.
    trial: Option<Socket>,
    media: Media,
}

impl Driver {
    /// A telephone with nobody signed in. `on_change` is shown the telephone after each change;
    /// `on_book` hears of each change of the history and the contacts.
    pub fn new(
        provision: Rc<Provision>,
        on_change: impl Fn(&Phone) + 'static,
        on_book: impl Fn() + 'static,
    ) -> Self {
        let driver = Self(Rc::new(RefCell::new(Inner {
            station: Station::new(lasting::ground(provision.clone())),
            provision,
            book: Book::default(),
            lasting: Lasting::default(),
            tabs: None,
            session: None,
            microphone: Microphone::default(),
            sound: Sound::new(),
            sound_is_due: Cell::new(false),
            tape: None,
            on_change: Box::new(on_change),
            on_book: Box::new(on_book),
            listeners: Vec::new(),
            devices_rest: None,
            unlocking: None,
            deadline: None,
            hourly: None,
        })));
        driver.listen();
        driver.hear_tabs();
        driver.open_vault();
        driver.expect_updates();
        driver
    }

    /// What whoever hosts the page has decided.
    pub fn provision(&self) -> Rc<Provision> {
        self.0.borrow().provision.clone()
    }

    /// Does what is asked for. What becomes of it shows in the telephone.
    pub fn act(&self, act: Act) {
        self.input(Input::User(act));
    }

    fn do_for_page(&self, act: PageAct) {
        match act {
            PageAct::Update => page::reload(),
            PageAct::ExpectCall => self.expect(None),
            PageAct::KeyTone(key) => self.0.borrow().sound.key(key),
            PageAct::TryRinging => self.try_ringing(),
            PageAct::TrySpeaker => self.0.borrow().sound.alert(),
            PageAct::EnableSound => self.enable_sound(),
            PageAct::AskForSpeaker(kind) => self.ask_for_speaker(kind),
            PageAct::TogglePictureInPicture(call) => self.toggle_picture_in_picture(call),
        }
    }

    /// Rings once, for the user to hear what is chosen.
    pub(super) fn try_ringing(&self) {
        let inner = self.0.borrow();
        inner.sound.ring(inner.station.phone().settings(), true);
    }

    /// Feeds the telephone and carries out what it asks for.
    fn input(&self, input: Input<'_>) {
        // What still runs after the telephone has failed has no say.
        if held::is_over() {
            return;
        }
        self.0.borrow_mut().station.handle_input(moment(), input);
        self.drain();
    }

    fn drain(&self) {
        loop {
            let output = self.0.borrow_mut().station.poll_output();
            match output {
                Output::Timeout(deadline) => {
                    let timer = deadline.map(|deadline| {
                        let driver = self.clone();
                        Timeout::new(deadline - clock::now(), move || driver.input(Input::Timeout))
                    });
                    self.0.borrow_mut().deadline = timer;
                    break;
                }
                Output::Changed => self.changed(),
                Output::Page(act) => self.do_for_page(act),
                Output::Keys { call, keys } => self.send_keys(call, keys),
                Output::KeyTones { call, keys } => self.0.borrow().sound.keys(call, &keys),
                Output::Keep(number, writes) => self.write_batch(number, writes),
                Output::Begin { servers, relay_only } => self.begin(servers, relay_only),
                Output::OpenBook(name) => self.open_book(name),
                Output::CloseBook => self.close_book(),
                Output::Erase(name) => self.erase(name),
                Output::Claim(claim) => self.claim(claim),
                Output::Unlock => self.0.borrow_mut().lasting.lock = None,
                Output::ReadVault(claim) => self.read_vault(claim),
                Output::Seal(text) => self.seal(text),
                Output::LastWords(words) => lasting::decide(words),
                Output::Goodbyes(frames) => {
                    self.with_session(|session, _| session.leave_words(frames))
                }
                Output::ShowForm => page::show_form(),
                Output::Reload => page::reload(),
                Output::Alert => self.0.borrow().sound.alert(),
                Output::Microphone(request) => self.ask_microphone(request),
                Output::Recorder(request) => self.record(request),
                Output::RecordingsChanged => self.book_changed(),
                Output::RenewCameras => self.renew_cameras(),
                Output::RelayOnly(on) => self.with_servers(|servers| servers.choose_relay_only(on)),
                Output::Tell(text) => {
                    if let Some(tabs) = &self.0.borrow().tabs {
                        tabs.tell(&text);
                    }
                }
                Output::Called { name, address, headers } => {
                    // Later, as what the page does then may come back here.
                    wasm_bindgen_futures::spawn_local(async move {
                        page::announce_call(name.as_deref(), address.as_deref(), &headers);
                    });
                }
                Output::Over => self.0.borrow_mut().session = None,
                Output::Send(frame) => self.with_session(|session, _| session.send(&frame)),
                Output::Media(request) => {
                    self.with_session(|session, phone| session.media.handle(self, phone, request));
                }
                Output::Link(request) => self.with_session(|session, _| match request {
                    LinkRequest::Open(place) => self.open(session, place),
                    LinkRequest::Try(place) => self.try_server(session, place),
                    LinkRequest::Close => session.close(),
                }),
            }
        }
    }

    fn with_session(&self, step: impl FnOnce(&mut Session, &Phone)) {
        let Inner { station, session, .. } = &mut *self.0.borrow_mut();
        if let Some(session) = session {
            step(session, station.phone());
        }
    }

    /// Sends keys in a call as telephone events, where the other side takes these.
    fn send_keys(&self, call: CallId, keys: String) {
        if !self.peer(call).is_some_and(|peer| peer.send_keys(&keys)) {
            self.input(Input::KeysUnsent { call, keys });
        }
    }

    /// Shows the telephone, and makes it heard.
    fn changed(&self) {
        {
            let Inner { station, session, tape, .. } = &mut *self.0.borrow_mut();
            let phone = station.phone();
            if let Some(session) = session {
                session.media.follow(self, phone, tape.as_ref().and_then(Tape::beep));
                if let Some(tape) = tape {
                    tape.recorder.hear(&session.media.recorded(phone));
                }
            }
        }
        self.follow_whether_it_rings();
        let inner = self.0.borrow();
        inner.sound.check_keys(inner.station.phone());
        inner.sound.set_devices(inner.station.phone());
        (inner.on_change)(inner.station.phone());
        drop(inner);
        self.tell_of_book();
        let inner = self.0.borrow();
        // Making a tone takes longer than showing why it sounds, and waits until that is done.
        if inner.sound_is_due.replace(true) {
            return;
        }
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            timer::next_task().await;
            let inner = driver.0.borrow();
            inner.sound_is_due.set(false);
            inner.sound.follow(inner.station.phone());
        });
    }
}

fn moment() -> Moment {
    Moment { now: clock::now(), time_of_day: clock::wall_clock_ms() as u64 }
}
