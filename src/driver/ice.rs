//! The STUN and TURN servers of the account that is signed in, and the credentials for them, which
//! are kept in memory only.

use super::{Driver, Session};
use crate::media::gathering::Found;
use crate::media::ice::{Advice, Ice, IceConfig};
use crate::platform::{Peer, Timeout, clock, credentials, page, timer};
use crate::portal::IceProvision;
use crate::sip::ua::CallId;
use crate::station::{Input, MediaEvent};
use crate::time::Instant;
use js_sys::Promise;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

/// How long fetching may take.
const FETCH_LIMIT: Duration = Duration::from_secs(10);

/// What the calls of an account use.
#[derive(Default)]
pub(super) struct Servers {
    ice: Ice,
    url: String,
    fetching: Option<Promise>,
    /// The timer for the next fetch; it stops when replaced.
    next: Option<Timeout>,
}

/// Credentials that are being fetched, and until when a call waits for them.
pub(super) struct Pending {
    fetched: Promise,
    until: Instant,
}

impl Servers {
    /// As the page says, and the user has chosen. What is to be fetched is fetched.
    pub(super) fn new(driver: &Driver, provision: &IceProvision, relay_only: bool) -> Self {
        let mut ice = provision.ice();
        ice.choose_relay_only(relay_only);
        let mut servers = Self { ice, url: provision.credentials.clone(), ..Self::default() };
        servers.fetch(driver);
        servers
    }

    /// The user chooses whether media go through a relay only. It holds for the next call.
    pub(super) fn choose_relay_only(&mut self, chosen: bool) {
        self.ice.choose_relay_only(chosen);
    }

    /// What kept silent may speak in another network.
    pub(super) fn forget_silence(&mut self) {
        self.ice.forget_silence();
    }

    /// What a connection that is made now uses.
    pub(super) fn config(&self) -> IceConfig {
        self.ice.config(clock::now())
    }

    /// What a call that begins now should wait for.
    pub(super) fn pending(&mut self, driver: &Driver) -> Option<Pending> {
        let now = clock::now();
        let limit = self.ice.patience(now)?;
        self.fetch(driver);
        Some(Pending { fetched: self.fetching.clone()?, until: now + limit })
    }

    /// Fetches credentials, unless that is under way or the page has none.
    fn fetch(&mut self, driver: &Driver) {
        if self.fetching.is_some() || self.url.is_empty() {
            return;
        }
        let (url, driver) = (self.url.clone(), driver.clone());
        self.fetching = Some(future_to_promise(async move {
            let grant = credentials::fetch(&url, FETCH_LIMIT).await;
            driver.with_servers(|servers| {
                servers.fetching = None;
                let after = servers.ice.learn(clock::now(), grant);
                let driver = driver.clone();
                let again = move || driver.with_servers(|servers| servers.fetch(&driver));
                servers.next = Some(Timeout::new(after, again));
            });
            Ok(JsValue::UNDEFINED)
        }));
    }
}

impl Driver {
    /// Whether it is the user's to choose that media go through a relay only, where this is chosen.
    pub fn is_relay_a_choice(&self, chosen: bool) -> bool {
        let mut ice = self.provision().ice.ice();
        ice.choose_relay_only(chosen);
        ice.is_relay_a_choice()
    }

    /// The path of a call is lost, or was never found. There may be a reason that the user can mend.
    pub(super) fn sound_lost(&self, call: CallId) {
        let driver = self.clone();
        spawn_local(async move {
            let refused = page::is_kept_from_local_network().await;
            driver.input(Input::MediaEvent(call, MediaEvent::SoundLost { refused }));
        });
    }

    /// Gives the connection of a call the servers that are waited for.
    pub(super) async fn late_servers(&self, peer: &Peer, pending: Option<Pending>) {
        let Some(pending) = pending else { return };
        timer::within(pending.until - clock::now(), JsFuture::from(pending.fetched)).await;
        self.with_servers(|servers| peer.set_servers(&servers.config()));
    }

    /// What the servers gave in the connection of a call.
    pub(super) fn servers_gave(&self, call: CallId, found: Found) {
        let media = |session: &mut Session| {
            let config = session.media.peer(call)?.servers();
            let servers = session.media.servers();
            let advice = servers.ice.note(clock::now(), &config, found);
            if advice == Advice::NoRelay {
                servers.fetch(self);
            }
            Some(advice)
        };
        let advice = self.0.borrow_mut().session.as_mut().and_then(media);
        if advice == Some(Advice::NoRelay) {
            self.input(Input::MediaEvent(call, MediaEvent::NoRelay));
        }
    }

    pub(super) fn with_servers(&self, change: impl FnOnce(&mut Servers)) {
        if let Some(session) = &mut self.0.borrow_mut().session {
            change(session.media.servers());
        }
    }
}
