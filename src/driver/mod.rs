//! Joins the user agent, the browser and the telephone: the only place where all three meet.
//!
//! One rule holds it together: every input to the user agent is followed by a full drain of its
//! outputs, each of which is carried out at once. Whatever the browser does in return comes back
//! later, as a new input, so nothing here is ever entered twice.

mod book;
mod choices;
mod denoise;
mod describe;
mod devices;
mod ice;
mod keep;
mod lasting;
mod link;
mod media;
mod microphone;
mod muted;
mod page_events;
mod path;
mod recording;
mod sound;
mod spare;
mod tabs;
mod unlock;
mod update;
mod video;
mod watch;

use crate::entropy::Entropy;
use crate::phone::mirror::Wish;
use crate::phone::{Account, Phone, Stage, dial};
use crate::platform::entropy::NoEntropy;
use crate::platform::locks::Claim;
use crate::platform::storage::{self, Area};
use crate::platform::{CryptoEntropy, Interval, Listener, Socket, Timeout, clock, page, timer};
use crate::sip::ua::{CallId, Command, Line, LinkRequest, Policy};
use crate::sip::wire::Uri;
use crate::sip::{Config, Input, Output, UserAgent};
use book::Book;
use choices::{Answering, announce};
pub use ice::is_relay_a_choice;
use lasting::{Farewell, Lasting};
use link::Clocks;
use media::Media;
use microphone::Microphone;
use recording::Tape;
use sound::Sound;
use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;
use std::time::Duration;
use tabs::Tabs;
use unlock::Unlocking;
use update::Update;

/// Where the installation's UUID is kept.
const INSTANCE_KEY: &str = "webphone.instance";
/// Where whoever hosts the page may say that keys go as INFO, for servers that do not hear
/// telephone events.
const KEYS: &str = "webphone-keys";
/// Where whoever hosts the page may say that our Via is `WS` even over `wss:`.
const VIA: &str = "webphone-via";
/// Where whoever hosts the page may name realms, separated by commas, in which its servers ask for
/// the password besides that of the registrar.
const REALMS: &str = "webphone-realms";
/// Where whoever hosts the page may say that its server has checked each number that it asserts.
const VOUCHES: &str = "webphone-vouches";
/// How long a registration is asked for: short enough that a phone which vanished does not ring
/// in vain for long.
const EXPIRES: Duration = Duration::from_secs(300);

/// How often the server is asked whether it is there. A connection that is dead without saying so is
/// found within this and the 10 s for the answer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A handle to the running telephone. Clones are the same telephone.
#[derive(Clone)]
pub struct Driver(Rc<RefCell<Inner>>);

struct Inner {
    phone: Phone,
    book: Book,
    lasting: Lasting,
    tabs: Tabs,
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
    /// The address of the account, by which its own are kept.
    account: String,
    answering: Answering,
    /// The web server has another page than this one.
    update: Option<Update>,
    /// Looks for it.
    hourly: Option<Interval>,
}

/// One account's user agent and what belongs to it.
struct Session {
    ua: UserAgent,
    /// The addresses of the servers.
    urls: Vec<String>,
    /// The place of the one that is used.
    place: usize,
    socket: Option<Socket>,
    /// The connection that shows whether a server is back.
    trial: Option<Socket>,
    media: Media,
    /// The timer for the user agent's next deadline; it stops when replaced.
    deadline: Option<Timeout>,
    clocks: Clocks,
    farewell: Farewell,
}

impl Driver {
    /// A telephone with nobody signed in. `on_change` is shown the telephone after each change;
    /// `on_book` hears of each change of the history and the contacts.
    pub fn new(on_change: impl Fn(&Phone) + 'static, on_book: impl Fn() + 'static) -> Self {
        let driver = Self(Rc::new(RefCell::new(Inner {
            phone: Phone::default(),
            book: Book::default(),
            lasting: Lasting::default(),
            tabs: Tabs::default(),
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
            account: String::new(),
            answering: None,
            update: None,
            hourly: None,
        })));
        driver.listen();
        driver.hear_tabs();
        driver.begin_as_left();
        driver.expect_updates();
        driver
    }

    /// Signs in, for this page or until the user signs out. What becomes of it shows in the telephone.
    ///
    /// # Errors
    /// [`NoEntropy`] if this browser has no secure random numbers.
    pub fn sign_in(&self, account: Account, stays: bool) -> Result<(), NoEntropy> {
        self.remember(&account, stays);
        self.take_telephone(Claim::AtOnce);
        self.begin(account, Phone::sign_in)
    }

    fn begin(
        &self,
        account: Account,
        start: impl FnOnce(&mut Phone, String),
    ) -> Result<(), NoEntropy> {
        let mut entropy = CryptoEntropy::new()?;
        let address = account.address.to_string();
        let settings = keep::settings(&address);
        start(&mut self.phone(), account.address.host.to_string());
        self.open_book(&account);
        let (urls, servers) = account.servers.into_iter().unzip();
        let config = Config {
            servers,
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
                keep_alive: Some(KEEP_ALIVE),
                realms: realms(),
                vouches: page::meta(VOUCHES).is_some_and(|answer| answer == "yes"),
                ..Policy::default()
            },
        };
        let media = Media::new(self, settings.relay_only);
        let commands = {
            let mut inner = self.0.borrow_mut();
            inner.account = address;
            inner.session = Some(Session {
                ua: UserAgent::new(config, Box::new(entropy)),
                urls,
                place: 0,
                socket: None,
                trial: None,
                media,
                deadline: None,
                clocks: Clocks::default(),
                farewell: Farewell::Said,
            });
            inner.phone.set_recording_policy(recording::policy());
            inner.phone.set_settings(settings)
        };
        self.obey(commands);
        self.command(Command::Connect);
        self.watch_clocks();
        if !page::is_visible() {
            self.look_again();
        }
        Ok(())
    }

    /// Signs out: ends the call, takes the registration away and closes the connection.
    pub fn sign_out(&self) {
        let abandoned = self.phone().sign_out(clock::now());
        self.close_book();
        self.obey(abandoned);
        self.command(Command::Disconnect);
        self.changed();
    }

    /// Calls what was dialled; `None` is what cannot be called.
    pub fn call(&self, target: Option<Uri>) {
        self.operate(|phone| phone.place(target));
    }

    /// The same, with a picture.
    pub fn call_with_video(&self, target: Option<Uri>) {
        self.operate(|phone| phone.place_with_video(target));
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
        let peer = self.peer(call);
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
        if !self.wish(&Wish::ToggleMute(call)) {
            self.update(|phone| phone.toggle_mute(call));
        }
    }

    /// Tries to connect now rather than later, and makes sure of a connection that there seems to be.
    pub fn retry(&self) {
        self.command(Command::Retry);
    }

    /// The user has read the notice.
    pub fn dismiss_notice(&self) {
        self.wish(&Wish::Dismiss);
        self.note_read();
        self.update(Phone::dismiss_notice);
    }

    /// Plays the tone of a key.
    pub fn key_tone(&self, key: char) {
        self.0.borrow().sound.key(key);
    }

    fn obey(&self, commands: Vec<Command>) {
        for command in commands {
            self.command(command);
        }
    }

    fn command(&self, command: Command) {
        if !self.wish(&Wish::Command(command.clone())) {
            self.input(Input::Command(command));
        }
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
                    Output::Send(frame) => session.send(frame),
                    Output::Link(LinkRequest::Open(place)) => self.open(session, place),
                    Output::Link(LinkRequest::Try(place)) => self.try_server(session, place),
                    Output::Link(LinkRequest::Close) => session.close(),
                    Output::Media(request) => session.media.handle(self, phone, request),
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
            // With the account went what would have shown it.
            if self.0.borrow().session.is_none() {
                self.changed();
            }
        }
    }

    /// Shows the telephone, and makes it heard.
    fn changed(&self) {
        self.write_due();
        self.keep_lasting();
        self.show_tabs();
        self.offer_update();
        self.wait_to_answer();
        self.follow_recording();
        {
            let Inner { phone, session, tape, .. } = &mut *self.0.borrow_mut();
            if let Some(session) = session {
                session.media.follow(self, phone, tape.as_ref().and_then(Tape::beep));
                if let Some(tape) = tape {
                    tape.follow(phone, &session.media);
                }
            }
        }
        self.release_microphone();
        self.follow_whether_it_rings();
        let inner = self.0.borrow();
        inner.sound.check_keys(&inner.phone);
        inner.sound.set_devices(&inner.phone);
        (inner.on_change)(&inner.phone);
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
            inner.sound.follow(&inner.phone);
        });
    }
}

fn realms() -> Vec<String> {
    let named = page::meta(REALMS).unwrap_or_default();
    named
        .split(',')
        .map(|realm| realm.trim().to_owned())
        .filter(|realm| !realm.is_empty())
        .collect()
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
