//! What must hold on the wire, whatever comes in whatever order: each request gets one final
//! response, and no dialog is left in which one end still believes.

use crate::support::Sent;
use std::collections::{BTreeMap, BTreeSet};
use webphone::sip::wire::{self, Frame, Headers, Method, Request, Response, WireError};

/// Call-ID, our tag and that of the far end.
type Dialog = (String, String, String);

/// An account of what was heard and said.
pub(crate) struct Ledger {
    seed: u64,
    /// Every request that was heard.
    heard: BTreeSet<String>,
    /// Requests that are not answered yet, by their topmost Via and their CSeq.
    open: BTreeSet<String>,
    /// The status that each request was answered with.
    finals: BTreeMap<String, u16>,
    /// The branches of our INVITEs, which the ACK of a refusal has too.
    invites: BTreeSet<String>,
    standing: BTreeSet<Dialog>,
    /// How often each answer was sent that no ACK has come for.
    unacknowledged: BTreeMap<Dialog, u32>,
    /// Whether what is said had to wait for a connection.
    queued: bool,
    ended: BTreeSet<Dialog>,
}

impl Ledger {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            heard: BTreeSet::new(),
            open: BTreeSet::new(),
            finals: BTreeMap::new(),
            invites: BTreeSet::new(),
            standing: BTreeSet::new(),
            unacknowledged: BTreeMap::new(),
            queued: false,
            ended: BTreeSet::new(),
        }
    }

    /// Nothing is owed any more.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
        self.standing.clear();
        self.lost();
    }

    /// The connection is down, by which nothing can be repeated.
    pub(crate) fn lost(&mut self) {
        self.unacknowledged.clear();
    }

    pub(crate) fn queued(&mut self, queued: bool) {
        self.queued = queued;
    }

    /// A frame arrives by a connection that is up.
    pub(crate) fn heard(&mut self, frame: &[u8]) {
        let request = match wire::parse(frame) {
            Ok(Frame::Request(request)) => request,
            Err(WireError::Reject { request, .. }) => {
                self.finals.remove(&key(&request.headers));
                return;
            }
            _ => return,
        };
        if request.method == Method::Ack {
            self.unacknowledged.remove(&dialog(&request.headers, "To", "From"));
        }
        if request.method == Method::Ack || request.via().is_none() {
            return;
        }
        let key = key(&request.headers);
        // The same request again may be a new one, if the transaction of the first has ended.
        self.finals.remove(&key);
        let is_new = self.heard.insert(key.clone());
        // UPDATE and REFER wait for browser and user, and longer than the peer does perhaps.
        if is_new && !matches!(request.method, Method::Update | Method::Refer) {
            self.open.insert(key);
        }
    }

    /// The user agent has said something.
    pub(crate) fn sent(&mut self, sent: &Sent) {
        match sent {
            Sent::Request(request) => self.asked(request),
            Sent::Response(response) => self.answered(response),
            Sent::Bytes(_) => {}
        }
    }

    fn asked(&mut self, request: &Request) {
        let via = request.headers.get("Via").unwrap_or_default();
        let dialog = dialog(&request.headers, "From", "To");
        match request.method {
            Method::Invite => drop(self.invites.insert(via.to_owned())),
            Method::Ack if !self.invites.contains(via) => self.stands(dialog),
            Method::Bye => self.ends(dialog, false),
            _ => {}
        }
    }

    fn answered(&mut self, response: &Response) {
        if response.status < 200 {
            return;
        }
        let key = key(&response.headers);
        self.open.remove(&key);
        let status = *self.finals.entry(key.clone()).or_insert(response.status);
        let seed = self.seed;
        assert_eq!(status, response.status, "seed {seed}: {key} is answered twice");
        if response.status < 300 {
            let dialog = dialog(&response.headers, "To", "From");
            match response.cseq().map(|cseq| cseq.method) {
                Some(Method::Invite) => {
                    // What was said before the connection was lost may be said again, once too.
                    let is_new = !self.standing.contains(&dialog);
                    if !self.queued && (is_new || self.unacknowledged.contains_key(&dialog)) {
                        *self.unacknowledged.entry(dialog.clone()).or_default() += 1;
                    }
                    self.stands(dialog);
                }
                Some(Method::Bye) => self.ends(dialog, true),
                _ => {}
            }
        }
    }

    fn stands(&mut self, dialog: Dialog) {
        // An answer or an ACK that is repeated brings nothing back.
        if !self.ended.contains(&dialog) {
            self.standing.insert(dialog);
        }
    }

    fn ends(&mut self, dialog: Dialog, by_peer: bool) {
        if self.standing.remove(&dialog) {
            let once = self.unacknowledged.remove(&dialog).is_some_and(|times| times < 2);
            assert!(!once || by_peer, "seed {}: {dialog:?} is answered only once", self.seed);
            self.ended.insert(dialog);
        }
    }

    /// How many dialogs stood and were ended.
    pub(crate) fn ended(&self) -> usize {
        self.ended.len()
    }

    /// All is over, and time enough has passed.
    pub(crate) fn check(&self) {
        assert!(self.standing.is_empty(), "seed {}: ghosts {:?}", self.seed, self.standing);
        assert!(self.open.is_empty(), "seed {}: never answered {:?}", self.seed, self.open);
    }
}

fn key(headers: &Headers) -> String {
    let header = |name| headers.get(name).unwrap_or_default();
    [header("Via"), " ", header("CSeq")].concat()
}

fn dialog(headers: &Headers, ours: &str, theirs: &str) -> Dialog {
    let tag = |name| {
        let party = wire::NameAddr::parse(headers.get(name).unwrap_or_default()).ok();
        party.and_then(|party| party.tag().map(str::to_owned)).unwrap_or_default()
    };
    (headers.get("Call-ID").unwrap_or_default().to_owned(), tag(ours), tag(theirs))
}
