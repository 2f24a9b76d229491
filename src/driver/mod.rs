//! Joins the user agent, the browser and the telephone: the only place where all three meet.
//!
//! One rule holds it together: every input to the user agent is followed by a full drain of its
//! outputs, each of which is carried out at once. Whatever the browser does in return comes back
//! later, as a new input, so nothing here is ever entered twice.

mod book;
mod choices;
mod keep;
mod media;
mod muted;
mod sound;

use crate::entropy::Entropy;
use crate::phone::{Account, Phone, Stage, dial};
use crate::platform::entropy::NoEntropy;
use crate::platform::storage::{self, Area};
use crate::platform::{CryptoEntropy, Listener, Socket, SocketEvent, Timeout, clock, page};
use crate::sip::ua::{CallId, Command, Line, LinkEvent, LinkRequest, Policy};
use crate::sip::wire::Uri;
use crate::sip::{Config, Input, Output, UserAgent};
use book::Book;
use choices::{Answering, announce};
use media::Media;
use sound::Sound;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::time::Duration;

/// Where the installation's UUID is kept.
const INSTANCE_KEY: &str = "webphone.instance";
/// Where whoever hosts the page may say that keys go as INFO, for servers that do not hear
/// telephone events.
const KEYS: &str = "webphone-keys";
/// Where whoever hosts the page may say that our Via is `WS` even over `wss:`.
const VIA: &str = "webphone-via";
/// How long a registration is asked for: short enough that a phone which vanished does not ring
/// in vain for long.
const EXPIRES: Duration = Duration::from_secs(300);

/// A handle to the running telephone. Clones are the same telephone.
#[derive(Clone)]
pub struct Driver(Rc<RefCell<Inner>>);

struct Inner {
    phone: Phone,
    book: Book,
    session: Option<Session>,
    sound: Sound,
    on_change: Box<dyn Fn(&Phone)>,
    on_book: Box<dyn Fn()>,
    listeners: Vec<Listener>,
    /// The address of the account, by which its own are kept.
    account: String,
    answering: Answering,
}

/// One account's user agent and what belongs to it.
struct Session {
    ua: UserAgent,
    server: String,
    socket: Option<Socket>,
    media: Media,
    /// The timer for the user agent's next deadline; it stops when replaced.
    deadline: Option<Timeout>,
}

impl Driver {
    /// A telephone with nobody signed in. `on_change` is shown the telephone after each change;
    /// `on_book` hears of each change of the history and the contacts.
    pub fn new(on_change: impl Fn(&Phone) + 'static, on_book: impl Fn() + 'static) -> Self {
        let driver = Self(Rc::new(RefCell::new(Inner {
            phone: Phone::default(),
            book: Book::default(),
            session: None,
            sound: Sound::new(),
            on_change: Box::new(on_change),
            on_book: Box::new(on_book),
            listeners: Vec::new(),
            account: String::new(),
            answering: None,
        })));
        driver.listen();
        driver
    }

    /// Signs in. What becomes of it shows in the telephone.
    ///
    /// # Errors
    /// [`NoEntropy`] if this browser has no secure random numbers.
    pub fn sign_in(&self, account: Account) -> Result<(), NoEntropy> {
        let mut entropy = CryptoEntropy::new()?;
        let address = account.address.to_string();
        let settings = keep::settings(&address);
        self.0.borrow_mut().phone.sign_in(account.address.host.to_string());
        self.open_book(&account);
        let config = Config {
            secure: account.is_secure(),
            address: account.address,
            display_name: None,
            auth_user: None,
            password: account.password,
            instance: instance(&mut entropy),
            product: concat!("WebPhone/", env!("CARGO_PKG_VERSION")).into(),
            expires: EXPIRES,
            max_calls: settings.max_calls,
            policy: Policy {
                plain_via: page::meta(VIA).is_some_and(|via| via == "ws"),
                ..Policy::default()
            },
        };
        let commands = {
            let mut inner = self.0.borrow_mut();
            inner.account = address;
            inner.session = Some(Session {
                ua: UserAgent::new(config, Box::new(entropy)),
                server: account.server,
                socket: None,
                media: Media::default(),
                deadline: None,
            });
            inner.phone.set_settings(settings)
        };
        self.obey(commands);
        self.command(Command::Connect);
        Ok(())
    }

    /// Signs out: ends the call, takes the registration away and closes the connection.
    pub fn sign_out(&self) {
        self.0.borrow_mut().phone.sign_out(clock::now());
        self.close_book();
        self.command(Command::Disconnect);
    }

    /// Calls what was dialled; `None` is what cannot be called.
    pub fn call(&self, target: Option<Uri>) {
        self.operate(|phone| phone.place(target));
    }

    /// Does something with the calls of the telephone, and what it asks of the user agent.
    pub fn operate(&self, operation: impl FnOnce(&mut Phone) -> Vec<Command>) {
        let commands = operation(&mut self.phone());
        self.operated(commands);
    }

    // What is generic is compiled for each use: it is kept short.
    fn phone(&self) -> RefMut<'_, Phone> {
        let mut inner = self.0.borrow_mut();
        inner.phone.set_time_of_day(clock::wall_clock_ms() as u64);
        RefMut::map(inner, |inner| &mut inner.phone)
    }

    fn operated(&self, commands: Vec<Command>) {
        self.obey(commands);
        self.changed();
    }

    /// Sends keys in a call, where they are keys, and shows them. As telephone events where the
    /// other side takes these, as INFO otherwise.
    pub fn send_keys(&self, call: CallId, text: &str) {
        let keys = dial::keys(text);
        if keys.is_empty() {
            return;
        }
        let peer = self.0.borrow().session.as_ref().and_then(|session| session.media.peer(call));
        let by_info = page::meta(KEYS).is_some_and(|way| way == "info");
        let sent = !by_info && peer.is_some_and(|peer| peer.send_keys(&keys));
        self.operate(|phone| {
            phone.keys_sent(call, &keys);
            if sent { Vec::new() } else { vec![Command::SendDtmf { call, digits: keys.clone() }] }
        });
        self.0.borrow().sound.keys(call, &keys);
    }

    /// Turns a ringing call away.
    pub fn decline(&self, call: CallId) {
        self.command(Command::Decline(call));
    }

    /// Ends a call.
    pub fn hang_up(&self, call: CallId) {
        self.command(Command::HangUp(call));
    }

    /// Mutes the microphone in a call, or unmutes it.
    pub fn toggle_mute(&self, call: CallId) {
        self.update(|phone| phone.toggle_mute(call));
    }

    /// Tries to connect now rather than later.
    pub fn retry(&self) {
        self.command(Command::Retry);
    }

    /// The user has read the notice.
    pub fn dismiss_notice(&self) {
        self.update(Phone::dismiss_notice);
    }

    /// Plays the tone of a key.
    pub fn key_tone(&self, key: char) {
        self.0.borrow().sound.key(key);
    }

    /// Lets the call be heard, after the user's touch that the browser asked for.
    pub fn enable_sound(&self, call: CallId) {
        self.0.borrow().sound.unlock();
        let peer = self.0.borrow().session.as_ref().and_then(|session| session.media.peer(call));
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(peer) = peer {
                let playing = peer.resume_playback().await;
                driver.update(|phone| phone.set_sound_blocked(call, !playing));
            }
        });
    }

    fn obey(&self, commands: Vec<Command>) {
        for command in commands {
            self.command(command);
        }
    }

    fn command(&self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Changes the telephone and shows it.
    fn update(&self, change: impl FnOnce(&mut Phone)) {
        change(&mut self.0.borrow_mut().phone);
        self.changed();
    }

    /// Feeds the user agent and carries out what it asks for.
    fn input(&self, input: Input<'_>) {
        let now = clock::now();
        let next = {
            let mut inner = self.0.borrow_mut();
            let Inner { phone, session: slot, .. } = &mut *inner;
            let Some(session) = slot else { return };
            phone.set_time_of_day(clock::wall_clock_ms() as u64);
            session.ua.handle_input(now, input);
            let mut next = Vec::new();
            loop {
                match session.ua.poll_output() {
                    Output::Send(frame) => {
                        // A connection that breaks here reports itself as closed.
                        let _ = session.socket.as_ref().map(|socket| socket.send(&frame));
                    }
                    Output::Link(LinkRequest::Open) => self.open(session),
                    Output::Link(LinkRequest::Close) => {
                        if let Some(socket) = session.socket.take() {
                            socket.close();
                        }
                    }
                    Output::Media(request) => session.media.handle(self, request),
                    Output::Event(event) => {
                        announce(&event, phone.domain());
                        next.extend(phone.handle_event(now, event));
                    }
                    Output::Timeout(deadline) => {
                        session.deadline = deadline.map(|deadline| {
                            let driver = self.clone();
                            Timeout::new(deadline - now, move || driver.input(Input::Timeout))
                        });
                        break;
                    }
                }
            }
            // With the account that was left goes its password. A call may outlast the account, and
            // keeps the connection until the peer knows of its end.
            let is_left = matches!(phone.stage(), Stage::SignedOut { .. });
            let is_closed = session.socket.is_none();
            if is_left && is_closed && matches!(phone.line(), Line::Off | Line::Failed(_)) {
                *slot = None;
            }
            next
        };
        if next.is_empty() {
            self.changed();
        } else {
            self.obey(next);
        }
    }

    fn open(&self, session: &mut Session) {
        let driver = self.clone();
        let socket = Socket::open(&session.server, move |event| match event {
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

    /// Shows the telephone, and makes it heard.
    fn changed(&self) {
        self.note_finished();
        self.wait_to_answer();
        let messages = self.0.borrow_mut().phone.take_message_writes();
        self.write(messages);
        {
            let Inner { phone, session, .. } = &mut *self.0.borrow_mut();
            if let Some(session) = session {
                session.media.give_sound(self, phone);
            }
        }
        let inner = self.0.borrow();
        inner.sound.check_keys(&inner.phone);
        inner.sound.set_tone(inner.phone.tone(), inner.phone.settings().ring_back);
        (inner.on_change)(&inner.phone);
    }

    fn listen(&self) {
        let on = |kind, action: fn(&Self)| {
            let driver = self.clone();
            Listener::on_window(kind, move |_| action(&driver))
        };
        let listeners = vec![
            // The page goes away: there is just time to say goodbye.
            on("pagehide", |driver| {
                driver.0.borrow_mut().book.is_leaving = true;
                driver.command(Command::Leave);
            }),
            // It came back from the browser's back/forward cache.
            on("pageshow", |driver| {
                driver.0.borrow_mut().book.is_leaving = false;
                let stage = driver.0.borrow().phone.stage().clone();
                if matches!(stage, Stage::SigningIn | Stage::SignedIn) {
                    driver.command(Command::Connect);
                }
            }),
            on("online", |driver| driver.command(Command::Retry)),
            on("pointerdown", |driver| driver.0.borrow().sound.unlock()),
            on("keydown", |driver| driver.0.borrow().sound.unlock()),
        ];
        self.0.borrow_mut().listeners = listeners;
    }
}

/// The UUID of this installation, kept across visits (RFC 5626 §4.1). Where nothing can be kept,
/// it lasts for the visit.
fn instance(entropy: &mut dyn Entropy) -> String {
    if let Ok(Some(instance)) = storage::get(Area::Local, INSTANCE_KEY) {
        return instance;
    }
    let instance = entropy.uuid();
    let _ = storage::set(Area::Local, INSTANCE_KEY, &instance);
    instance
}
