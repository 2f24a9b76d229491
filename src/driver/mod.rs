//! Joins the user agent, the browser and the telephone: the only place where all three meet.
//!
//! One rule holds it together: every input to the telephone is followed by a full drain of its
//! outputs, each of which is carried out at once, in their order. Nothing is borrowed while one is
//! carried out that may lead to a further input; whatever the browser does in return comes back later.

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
mod provision;
mod recording;
mod sound;
mod spare;
mod tabs;
mod unlock;
mod update;
mod video;
mod watch;

pub use provision::provision;

use crate::entropy::Entropy;
use crate::phone::{Account, Phone};
use crate::platform::entropy::NoEntropy;
use crate::platform::locks::Claim;
use crate::platform::storage::{self, Area};
use crate::platform::{CryptoEntropy, Interval, Listener, Socket, Timeout, clock, page, timer};
use crate::portal::Provision;
use crate::sip::ua::{CallId, Command, LinkRequest, Policy};
use crate::sip::{Config, UserAgent};
use crate::station::{Act, Input, Moment, Output, PageAct, Station};
use book::Book;
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

/// Where the installation's UUID is kept.
const INSTANCE_KEY: &str = "webphone.instance";
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
    provision: Rc<Provision>,
    station: Station,
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
    clocks: Clocks,
    farewell: Farewell,
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
            provision,
            station: Station::default(),
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
            deadline: None,
            hourly: None,
        })));
        driver.listen();
        driver.hear_tabs();
        driver.begin_as_left();
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
            PageAct::SignIn { account, stays } => self.sign_in(*account, stays),
            PageAct::SignOut => self.sign_out(),
            PageAct::Forget => self.forget_account(),
            PageAct::TakeOver => self.take_over(),
            PageAct::Update => page::reload(),
            PageAct::ExpectCall => self.expect(None),
            PageAct::KeyTone(key) => self.0.borrow().sound.key(key),
            PageAct::TryRinging => self.try_ringing(),
            PageAct::TrySpeaker => self.0.borrow().sound.alert(),
            PageAct::EnableSound => self.enable_sound(),
            PageAct::ChooseDevice(kind, device) => self.choose_device(kind, device),
            PageAct::AskForSpeaker(kind) => self.ask_for_speaker(kind),
            PageAct::Treat(treatment) => self.choose_treatment(treatment),
            PageAct::OpenMeter { asks } => self.open_meter(asks),
            PageAct::CloseMeter => self.close_meter(),
            PageAct::TogglePictureInPicture(call) => self.toggle_picture_in_picture(call),
            PageAct::DeleteRecording(id) => self.delete_recording(id),
            PageAct::DismissRecording => self.dismiss_recording(),
        }
    }

    fn sign_in(&self, account: Account, stays: bool) {
        self.remember(&account, stays);
        self.take_telephone(Claim::AtOnce);
        // The form has looked whether this browser has secure random numbers.
        let _ = self.begin(account, &mut Phone::sign_in);
    }

    fn begin(
        &self,
        account: Account,
        start: &mut dyn FnMut(&mut Phone, String),
    ) -> Result<(), NoEntropy> {
        let mut entropy = CryptoEntropy::new()?;
        let address = account.address.to_string();
        let provision = self.provision();
        let settings = keep::settings(&address, &provision.settings);
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
                plain_via: provision.plain_via,
                keep_alive: Some(KEEP_ALIVE),
                realms: provision.realms.clone(),
                vouches: provision.vouches,
                ..Policy::default()
            },
        };
        let media = Media::new(self, &provision.ice, settings.relay_only);
        {
            let mut inner = self.0.borrow_mut();
            inner.account = address;
            inner.session = Some(Session {
                urls,
                place: 0,
                socket: None,
                trial: None,
                media,
                clocks: Clocks::default(),
                farewell: Farewell::Said,
            });
            let by_info = provision.keys_by_info;
            inner.station.begin(UserAgent::new(config, Box::new(entropy)), by_info);
        }
        self.operate(|phone| {
            phone.set_recording_policy(provision.recording);
            phone.set_settings(settings)
        });
        self.command(Command::Connect);
        self.watch_clocks();
        if !page::is_visible() {
            self.look_again();
        }
        Ok(())
    }

    fn sign_out(&self) {
        let abandoned = self.phone().sign_out(clock::now());
        self.close_book();
        self.input(Input::Commands(abandoned));
        self.command(Command::Disconnect);
    }

    fn phone(&self) -> RefMut<'_, Phone> {
        RefMut::map(self.0.borrow_mut(), |inner| inner.station.phone_mut(moment()))
    }

    /// Does something with the calls of the telephone, and what it asks of the user agent.
    // What is generic is compiled for each use: it is kept short.
    fn operate(&self, operation: impl FnOnce(&mut Phone) -> Vec<Command>) {
        let commands = operation(&mut self.phone());
        self.input(Input::Commands(commands));
    }

    /// Changes the telephone and shows it.
    fn update(&self, change: impl FnOnce(&mut Phone)) {
        change(&mut self.phone());
        self.input(Input::Commands(Vec::new()));
    }

    fn command(&self, command: Command) {
        self.input(Input::Commands(vec![command]));
    }

    /// Feeds the telephone and carries out what it asks for.
    fn input(&self, input: Input<'_>) {
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
                Output::LeaveCalls(lines) => self.leave_calls(&lines),
                Output::Alert => self.0.borrow().sound.alert(),
                Output::DeclineMicrophone => self.decline_microphone(),
                Output::Chosen(choice) => self.follow_choice(&choice),
                Output::Tell(text) => self.tell_tabs(&text),
                Output::Called { name, address, headers } => {
                    // Later, as what the page does then may come back here.
                    wasm_bindgen_futures::spawn_local(async move {
                        page::announce_call(name.as_deref(), address.as_deref(), &headers);
                    });
                }
                Output::Over => self.0.borrow_mut().session = None,
                Output::Send(frame) => self.with_session(|session, _| session.send(frame)),
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
        self.keep_lasting();
        self.show_tabs();
        self.follow_recording();
        {
            let Inner { station, session, tape, .. } = &mut *self.0.borrow_mut();
            let phone = station.phone();
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
