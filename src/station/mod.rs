//! The door of the telephone: what happens goes in, and what is to be done for it comes out.
//!
//! A [`Station`] owns the user agent and the telephone's model. After every
//! [`Station::handle_input`], call [`Station::poll_output`] until it returns [`Output::Timeout`], and
//! come back with [`Input::Timeout`] when that moment has come. Time must not run back. An output may
//! be carried out by a further input: what comes of that is behind the outputs that there are.
//!
//! It knows no browser: whoever carries its outputs out says with further inputs what came of them.

mod account;
mod act;
mod afar;
mod book;
mod clocks;
mod ground;
mod input;
mod keeping;
mod lasting;
mod microphone;
mod output;
mod page;
mod paths;
mod recording;
mod tabs;

pub use act::{Act, PageAct, Whom};
pub use book::{ContactAct, HistoryAct, MessageAct};
pub use ground::{Ground, MakeEntropy, Store};
pub use input::Input;
pub use keeping::Kept;
pub use lasting::{LastWords, Vault};
pub use microphone::{Condition, MicrophoneEvent, MicrophoneFault, MicrophoneRequest, Purpose};
pub use output::Output;
pub use page::{MediaEvent, Page};
pub use recording::{RecorderEvent, RecorderRequest};
pub use tabs::{Claim, Lock};

use crate::phone::{Notice, Party, Phone, Stage, dial};
use crate::sip::ua::{
    CallEvent, CallId, Caller, Command, Event, Line, LinkRequest, MediaRequest, Standing,
};
use crate::sip::{self, UserAgent};
use crate::time::Instant;
use clocks::Clocks;
use keeping::Keeping;
use lasting::Lasting;
use microphone::Microphone;
use paths::Paths;
use recording::Recorder;
use std::collections::VecDeque;
use tabs::Tabs;

/// The telephone and its user agent.
pub struct Station {
    ground: Ground,
    phone: Phone,
    ua: Option<UserAgent>,
    /// The address of the account, by which its own are kept.
    account: String,
    /// The name of the database in which its book is kept.
    book: String,
    /// When the user agent wants to be asked again.
    deadline: Option<Instant>,
    /// The connection was opened, and not closed since.
    is_open: bool,
    update: Update,
    paths: Paths,
    keeping: Keeping,
    lasting: Lasting,
    tabs: Tabs,
    microphone: Microphone,
    recorder: Recorder,
    clocks: Clocks,
    outputs: VecDeque<Output>,
}

/// A moment, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// By the clock that counts.
    pub now: Instant,
    /// By that on the wall, in milliseconds since 1970.
    pub time_of_day: u64,
}

/// What the user knows of a new version of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Update {
    /// There is none.
    #[default]
    None,
    Due,
    /// Once is enough.
    Told,
}

impl Station {
    /// Nobody is signed in.
    pub fn new(ground: Ground) -> Self {
        let mut station = Self {
            ground,
            phone: Phone::default(),
            ua: None,
            account: String::new(),
            book: String::new(),
            deadline: None,
            is_open: false,
            update: Update::None,
            paths: Paths::default(),
            keeping: Keeping::default(),
            lasting: Lasting::default(),
            tabs: Tabs::default(),
            microphone: Microphone::default(),
            recorder: Recorder::default(),
            clocks: Clocks::default(),
            outputs: VecDeque::new(),
        };
        station.begin_with_devices();
        station
    }

    /// What stands on the display.
    pub fn phone(&self) -> &Phone {
        &self.phone
    }

    /// What names a call that stands, for another page to take it back.
    fn standing(&self, call: CallId) -> Option<Standing> {
        self.ua.as_ref()?.standing(call)
    }

    /// Has no user agent any more, whatever it has to say.
    fn end(&mut self) {
        (self.ua, self.deadline, self.is_open) = (None, None, false);
        (self.paths, self.clocks) = (Paths::default(), Clocks::default());
        self.lasting.farewell = Default::default();
        self.microphone.end_all();
    }

    /// Takes something in. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, moment: Moment, input: Input<'_>) {
        let now = moment.now;
        // Nothing of the telephone changes by it.
        let is_quiet = match input {
            Input::User(Act::Page(_)) => true,
            Input::Timeout => self.next_deadline().is_none_or(|next| next > now),
            _ => false,
        };
        self.phone.set_time_of_day(moment.time_of_day);
        let commands = match input {
            Input::User(act) if self.phone.is_mirror() => {
                let here = self.send_away(act);
                here.map(|act| self.act(moment, act)).unwrap_or_default()
            }
            Input::User(act) => self.act(moment, act),
            Input::Tab(text) => self.hear(moment, text),
            Input::Lock(lock) => {
                self.handle_lock(moment, lock);
                Vec::new()
            }
            Input::Vault(vault) => self.handle_vault(moment, vault),
            Input::Frame(frame) => self.feed(now, sip::Input::Frame(frame)),
            Input::Link(event) => self.feed(now, sip::Input::Link(event)),
            Input::Media(reply) => self.feed(now, sip::Input::Media(reply)),
            Input::MediaEvent(call, event) => self.handle_media_event(moment, call, event),
            Input::Page(page) => self.handle_page(moment, page),
            Input::Microphone(event) => {
                self.handle_microphone(now, event);
                Vec::new()
            }
            Input::Recorder(event) => {
                self.handle_recorder(moment, event);
                Vec::new()
            }
            Input::KeysUnsent { call, keys } => vec![Command::SendDtmf { call, digits: keys }],
            Input::Kept(kept) => self.handle_kept(now, kept),
            Input::Timeout => {
                let mut commands = self.feed(now, sip::Input::Timeout);
                commands.extend(self.answer_when_due(now));
                commands.extend(self.find_paths(now));
                self.keep_in_time(now);
                self.look_at_microphone(now);
                commands.extend(self.try_again(moment));
                commands.extend(self.compare_clocks(moment));
                commands
            }
        };
        if is_quiet && commands.is_empty() {
            return;
        }
        self.obey(now, commands);
        self.keep_due(false);
        self.offer_update();
        self.end_when_over();
        self.release_microphone();
        self.follow_recording(moment);
        self.keep_lasting(moment);
        self.show_tabs();
        self.outputs.push_back(Output::Changed);
    }

    /// The next thing to do. [`Output::Timeout`] says that all is drained.
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| {
            let deadlines = [self.next_deadline(), self.clocks.poll_timeout()];
            Output::Timeout(deadlines.into_iter().flatten().min())
        })
    }

    /// When something is next due that can show.
    fn next_deadline(&self) -> Option<Instant> {
        let deadlines = [
            self.deadline,
            self.phone.auto_answer().map(|(_, at)| at),
            self.paths.poll_timeout(),
            self.keeping.poll_timeout(),
            self.lasting.poll_timeout(),
            self.microphone.poll_timeout(),
        ];
        deadlines.into_iter().flatten().min()
    }

    fn obey(&mut self, now: Instant, commands: Vec<Command>) {
        for command in commands {
            let next = self.feed(now, sip::Input::Command(command));
            self.obey(now, next);
        }
    }

    /// Feeds the user agent, and returns what follows for it from what it tells.
    fn feed(&mut self, now: Instant, input: sip::Input<'_>) -> Vec<Command> {
        let mut next = Vec::new();
        let Some(ua) = &mut self.ua else { return next };
        ua.handle_input(now, input);
        loop {
            let output = match ua.poll_output() {
                sip::Output::Send(frame) => match self.lasting.pass(frame) {
                    Some(output) => output,
                    None => continue,
                },
                sip::Output::Link(request) => {
                    match request {
                        LinkRequest::Open(_) => self.is_open = true,
                        LinkRequest::Close => {
                            self.is_open = false;
                            self.outputs.extend(self.lasting.take_goodbyes());
                        }
                        LinkRequest::Try(_) => {}
                    }
                    Output::Link(request)
                }
                sip::Output::Media(request) => {
                    match &request {
                        MediaRequest::CreateOffer(call) | MediaRequest::CreateAnswer(call, _) => {
                            self.microphone.begin(*call);
                        }
                        MediaRequest::Close(call) => self.microphone.end(*call),
                        _ => {}
                    }
                    Output::Media(request)
                }
                sip::Output::Event(event) => {
                    if let Event::Call(_, CallEvent::Incoming(caller)) = &event {
                        self.outputs.extend(announcement(caller, self.phone.domain()));
                    }
                    next.extend(self.phone.handle_event(now, event));
                    continue;
                }
                sip::Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return next;
                }
            };
            self.outputs.push_back(output);
        }
    }

    fn answer_when_due(&mut self, now: Instant) -> Vec<Command> {
        match self.phone.auto_answer() {
            Some((call, at)) if at <= now => {
                self.outputs.push_back(Output::Alert);
                self.phone.answer_by_itself(call)
            }
            _ => Vec::new(),
        }
    }

    /// As telephone events where the other side takes these, as INFO otherwise.
    fn send_keys(&mut self, call: CallId, text: &str) -> Vec<Command> {
        let Some(keys) = self.note_keys(call, text) else { return Vec::new() };
        if self.ground.provision.keys_by_info {
            return vec![Command::SendDtmf { call, digits: keys }];
        }
        self.outputs.push_back(Output::Keys { call, keys });
        Vec::new()
    }

    /// Shows the keys that are about to be sent, and has them heard. Returns them, if there are any.
    fn note_keys(&mut self, call: CallId, text: &str) -> Option<String> {
        let keys = Some(dial::keys(text)).filter(|keys| !keys.is_empty())?;
        self.phone.keys_sent(call, &keys);
        self.outputs.push_back(Output::KeyTones { call, keys: keys.clone() });
        Some(keys)
    }

    fn dismiss_notice(&mut self) {
        if self.phone.notice() == Some(&Notice::NewVersion) {
            self.update = Update::Told;
        }
        self.phone.dismiss_notice();
    }

    /// Tells of the new version whenever nobody is called and nothing else is told, until that is read.
    fn offer_update(&mut self) {
        let is_idle = self.phone.calls().is_empty() && self.phone.notice().is_none();
        if self.update == Update::Due && is_idle {
            self.phone.notify(Notice::NewVersion);
        }
    }

    /// With the account that was left goes its password. A call may outlast the account, and keeps
    /// the connection until the peer knows of its end.
    fn end_when_over(&mut self) {
        let is_left = matches!(self.phone.stage(), Stage::SignedOut { .. });
        let is_down = matches!(self.phone.line(), Line::Off | Line::Failed(_));
        if self.ua.is_some() && is_left && is_down && !self.is_open {
            self.end();
            self.outputs.push_back(Output::Over);
        }
    }
}

/// What the page around the telephone hears of a caller.
fn announcement(caller: &Caller, domain: &str) -> Option<Output> {
    if caller.takes_over {
        return None; // For the user it is the call that there is.
    }
    let (party, uri) = Party::of_caller(caller, domain);
    let address = (!party.hidden).then(|| uri.to_string());
    Some(Output::Called { name: party.name, address, headers: caller.headers.clone() })
}
