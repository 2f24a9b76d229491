//! Who can be reached: the lamps of those whom the user watches, from the calls of their telephone
//! (RFC 4235) or, where the server does not tell these, from their presence (RFC 3856).
//!
//! The user agent sends its SUBSCRIBEs one after the other, however many are asked for here.

use crate::sip::ua::{
    CallDirection, Command, DialogState, Package, PresenceStatus, SubscriptionEnd,
    SubscriptionEvent, SubscriptionId, WatchedDialog,
};
use crate::sip::wire::Uri;

/// No more are watched at once, as each costs the server a subscription.
pub(super) const MOST: usize = 50;
/// The subscriptions of lamps are numbered from here on; the numbers below are for others.
const FIRST_ID: u32 = 1000;

/// What is known of somebody. Of two telephones of one person, the greater lamp says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lamp {
    /// Nothing.
    Unknown,
    /// Does not want calls, or is not there.
    Away,
    /// Has no call.
    Free,
    /// Is being called.
    Ringing,
    /// Is in a call.
    Busy,
}

/// The lamps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lamps {
    list: Vec<Watched>,
    /// How many subscriptions there have been, which numbers them.
    count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Watched {
    id: SubscriptionId,
    address: Uri,
    package: Package,
    lamp: Lamp,
    /// The server does not tell, and is not asked again as long as the line holds.
    refused: bool,
}

impl Lamps {
    /// From now on these are watched, and no others. Returns what has to be subscribed to and what
    /// no longer.
    pub(super) fn watch(&mut self, mut wanted: Vec<Uri>) -> Vec<Command> {
        wanted.truncate(MOST);
        let mut commands = Vec::new();
        self.list.retain(|watched| {
            let keep = wanted.iter().any(|address| address.equivalent(&watched.address));
            if !keep {
                commands.push(Command::Unsubscribe(watched.id));
            }
            keep
        });
        for address in wanted {
            if self.find(&address).is_none() {
                commands.push(self.subscribe(address, Package::Dialog));
            }
        }
        commands
    }

    /// What is known of this address, if it is watched.
    pub(super) fn lamp(&self, address: &Uri) -> Option<Lamp> {
        self.find(address).map(|watched| watched.lamp)
    }

    /// Takes in what a subscription brings, and returns what is to be done then.
    pub(super) fn handle(&mut self, id: SubscriptionId, event: SubscriptionEvent) -> Vec<Command> {
        let Some(index) = self.list.iter().position(|watched| watched.id == id) else {
            return Vec::new();
        };
        let Some(watched) = self.list.get_mut(index) else { return Vec::new() };
        match event {
            SubscriptionEvent::Dialogs(dialogs) => watched.lamp = of_dialogs(&dialogs),
            SubscriptionEvent::Presence(status) => watched.lamp = of_presence(&status),
            // The server does not know the package, or its bodies: it may know the other one.
            SubscriptionEvent::Ended(SubscriptionEnd::Refused { status: 406 | 489, .. })
                if watched.package == Package::Dialog =>
            {
                let watched = self.list.remove(index);
                return vec![self.subscribe(watched.address, Package::Presence)];
            }
            SubscriptionEvent::Ended(_) => {
                watched.lamp = Lamp::Unknown;
                watched.refused = true;
            }
            SubscriptionEvent::Active | SubscriptionEvent::MessagesWaiting(_) => {}
        }
        Vec::new()
    }

    /// The line is down: nothing is known any more.
    pub(super) fn darken(&mut self) {
        for watched in &mut self.list {
            watched.lamp = Lamp::Unknown;
        }
    }

    /// There is a line again. What was refused on the last one is asked for once more; the others
    /// the user agent brings back.
    pub(super) fn ask_again(&mut self) -> Vec<Command> {
        let (refused, kept) = std::mem::take(&mut self.list).into_iter().partition(|w| w.refused);
        self.list = kept;
        let refused: Vec<Watched> = refused;
        refused
            .into_iter()
            .map(|watched| self.subscribe(watched.address, Package::Dialog))
            .collect()
    }

    fn subscribe(&mut self, address: Uri, package: Package) -> Command {
        let id = SubscriptionId(FIRST_ID.wrapping_add(self.count));
        self.count = self.count.wrapping_add(1);
        let target = address.clone();
        self.list.push(Watched { id, address, package, lamp: Lamp::Unknown, refused: false });
        Command::Subscribe { id, target, package }
    }

    fn find(&self, address: &Uri) -> Option<&Watched> {
        self.list.iter().find(|watched| watched.address.equivalent(address))
    }
}

/// A telephone that rings for one of its callers rings; any other call keeps it busy.
fn of_dialogs(dialogs: &[WatchedDialog]) -> Lamp {
    let mut lamp = Lamp::Free;
    for dialog in dialogs {
        match dialog.state {
            DialogState::Terminated => {}
            DialogState::Confirmed => return Lamp::Busy,
            _ if dialog.direction == Some(CallDirection::Initiator) => return Lamp::Busy,
            _ => lamp = Lamp::Ringing,
        }
    }
    lamp
}

/// Servers tell of calls in the note (Asterisk: "On the phone", "Ringing"), and leave the status
/// open.
fn of_presence(status: &PresenceStatus) -> Lamp {
    let note = status.note.as_deref().unwrap_or_default().to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| note.contains(word));
    match status.open {
        _ if says(&["ringing"]) => Lamp::Ringing,
        _ if status.on_the_phone || says(&["on the phone", "busy", "on hold"]) => Lamp::Busy,
        Some(true) if says(&["away", "do not disturb"]) => Lamp::Away,
        Some(true) => Lamp::Free,
        Some(false) => Lamp::Away,
        None => Lamp::Unknown,
    }
}
