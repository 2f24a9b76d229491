//! The registration (RFC 3261 §10, RFC 5626 §4.2): made, refreshed well before it expires, and
//! taken away.

use super::ua::core::{Core, Granted};
use super::ua::owner::Owner;
use super::wire::{Method, NameAddr, Request, Response, Uri, display_text, quote};
use crate::time::Instant;
use std::time::Duration;

/// How long the server may take to confirm that the registration is gone, before we leave anyway.
const FAREWELL: Duration = Duration::from_secs(2);
/// No registration is asked for longer than this, whatever a 423 demands.
pub(super) const LONGEST: u64 = 24 * 3600;

/// What a response to REGISTER means for the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing has changed yet.
    Pending,
    /// Registered, or registered anew.
    Registered,
    /// The registration is gone, as asked.
    Unregistered,
    /// The server is in trouble: try again, but not before this time has passed.
    RetryAfter(Duration, u16, String),
    /// The server will not register us.
    Refused(u16, String),
}

#[derive(Debug, Clone, Copy)]
enum State {
    Idle,
    Registering {
        /// An earlier registration still holds.
        renewal: bool,
        /// The server found our first request too short.
        lengthened: bool,
    },
    Registered {
        refresh_at: Instant,
    },
    Unregistering {
        give_up: Instant,
    },
}

/// The registration of one account.
pub(super) struct Registration {
    state: State,
    call_id: String,
    local_tag: String,
    seq: u32,
    /// Seconds to ask for.
    expires: u64,
}

impl Registration {
    pub(super) fn new(core: &mut Core) -> Self {
        Self {
            state: State::Idle,
            call_id: core.new_call_id(),
            local_tag: core.new_tag(),
            seq: 0,
            expires: core.config.expires.as_secs(),
        }
    }

    /// Whether a registration holds, which it also does while it is being refreshed.
    pub(super) fn is_registered(&self) -> bool {
        matches!(self.state, State::Registered { .. } | State::Registering { renewal: true, .. })
    }

    /// Sends a REGISTER.
    pub(super) fn register(&mut self, now: Instant, core: &mut Core) {
        self.state = State::Registering { renewal: self.is_registered(), lengthened: false };
        self.send_register(now, core);
    }

    /// Refreshes the registration now, unless that is under way.
    pub(super) fn refresh(&mut self, now: Instant, core: &mut Core) {
        if matches!(self.state, State::Registered { .. }) {
            self.register(now, core);
        }
    }

    /// Takes the registration away. Returns false if there is none to take away.
    pub(super) fn unregister(&mut self, now: Instant, core: &mut Core) -> bool {
        if !matches!(self.state, State::Registering { .. } | State::Registered { .. }) {
            return false;
        }
        self.state = State::Unregistering { give_up: now + FAREWELL };
        let request = self.request(core, 0);
        core.send(now, Owner::Registration, request);
        true
    }

    /// The REGISTER was challenged and sent once more, under this number.
    pub(super) fn handle_retry(&mut self, request: &Request) {
        self.seq = request.cseq().map_or(self.seq, |cseq| cseq.seq);
    }

    /// Forgets the registration: the connection that carried it is gone.
    pub(super) fn handle_link_lost(&mut self) {
        self.state = State::Idle;
    }

    pub(super) fn handle_response(
        &mut self,
        now: Instant,
        core: &mut Core,
        response: &Response,
    ) -> Outcome {
        if response.status < 200 {
            return Outcome::Pending;
        }
        let (renewal, lengthened) = match self.state {
            State::Registering { renewal, lengthened } => (renewal, lengthened),
            State::Unregistering { .. } => {
                self.state = State::Idle;
                return Outcome::Unregistered;
            }
            State::Idle | State::Registered { .. } => return Outcome::Pending,
        };
        match response.status {
            200..=299 => {
                let granted = self.granted(core, response);
                self.state = State::Registered { refresh_at: now + refresh_delay(granted, core) };
                Outcome::Registered
            }
            423 => match seconds(response, "Min-Expires") {
                Some(least) if !lengthened && (self.expires..=LONGEST).contains(&least) => {
                    self.expires = least;
                    self.state = State::Registering { renewal, lengthened: true };
                    self.send_register(now, core);
                    Outcome::Pending
                }
                _ => self.refused(response),
            },
            // The server is in trouble, which passes: RFC 3261 §21.5, and 408 and 480 likewise. A
            // flow that failed (RFC 5626 §11.6) is no better.
            408 | 430 | 480 | 500..=599 => {
                self.state = State::Idle;
                let least = seconds(response, "Retry-After").unwrap_or(0);
                let least = Duration::from_secs(least.min(LONGEST));
                Outcome::RetryAfter(least, response.status, display_text(&response.reason))
            }
            _ => self.refused(response),
        }
    }

    /// Whether the refresh is due, or the farewell has lasted long enough.
    pub(super) fn handle_timeout(&mut self, now: Instant, core: &mut Core) -> Outcome {
        match self.state {
            State::Registered { refresh_at } if refresh_at <= now => {
                self.register(now, core);
                Outcome::Pending
            }
            State::Unregistering { give_up } if give_up <= now => {
                self.state = State::Idle;
                Outcome::Unregistered
            }
            _ => Outcome::Pending,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Registered { refresh_at } => Some(refresh_at),
            State::Unregistering { give_up } => Some(give_up),
            State::Idle | State::Registering { .. } => None,
        }
    }

    fn send_register(&mut self, now: Instant, core: &mut Core) {
        let request = self.request(core, self.expires);
        core.send(now, Owner::Registration, request);
    }

    fn request(&mut self, core: &mut Core, expires: u64) -> Request {
        // An answer to a REGISTER that this one overtakes says nothing of today, and a challenge to
        // it must not bring it back.
        core.transactions.forget(Owner::Registration);
        self.seq += 1;
        let mut registrar = core.config.address.clone();
        registrar.user = None;
        registrar.password = None;
        let mut request = Request::new(Method::Register, Uri::Sip(registrar));
        let identity = core.identity();
        let expires = expires.to_string();
        let instance = quote(&instance_urn(core));
        let contact = [
            "<",
            core.contact_uri(),
            ">;+sip.instance=",
            &instance,
            ";reg-id=1;expires=",
            &expires,
        ]
        .concat();
        let headers = &mut request.headers;
        headers.push("Max-Forwards", "70");
        headers.push("From", identity.clone().with_tag(&self.local_tag).to_string());
        headers.push("To", identity.to_string());
        headers.push("Call-ID", self.call_id.as_str());
        headers.push("CSeq", [&self.seq.to_string(), " REGISTER"].concat());
        headers.push("Contact", contact);
        headers.push("Expires", expires);
        headers.push("Supported", "path, gruu, outbound");
        request
    }

    /// The seconds that the server granted our binding; remembers what it assigned
    /// besides: our GRUUs and the way out.
    fn granted(&self, core: &mut Core, response: &Response) -> u64 {
        let values = response.headers.values("Contact");
        let bindings: Vec<_> = values.into_iter().flat_map(NameAddr::parse).collect();
        let ours = binding_of_ours(&bindings, core);
        let granted = ours
            .and_then(|contact| contact.params.get("expires")?.parse().ok())
            .or_else(|| seconds(response, "Expires"))
            .unwrap_or(self.expires);
        let address = |name| {
            let address = ours.and_then(|contact| contact.params.unquoted(name));
            address.and_then(|address| Uri::parse(&address).ok())
        };
        let routes = response.headers.values("Service-Route");
        core.granted = Granted {
            gruu: address("pub-gruu"),
            temporary_gruu: address("temp-gruu"),
            outbound: response.headers.has_token("Require", "outbound"),
            service_route: routes.into_iter().map(str::to_owned).collect(),
        };
        granted
    }

    fn refused(&mut self, response: &Response) -> Outcome {
        self.state = State::Idle;
        Outcome::Refused(response.status, display_text(&response.reason))
    }
}

/// The binding that we asked for, among those of all the account's telephones: the one with our
/// Contact or, where the server wrote an address of its own there, the one of our instance. An
/// earlier visit may have left a binding of the same instance, so the Contact comes first.
fn binding_of_ours<'a>(bindings: &'a [NameAddr], core: &Core) -> Option<&'a NameAddr> {
    let contact = Uri::parse(core.contact_uri()).ok()?;
    let urn = instance_urn(core);
    let is_ours = |binding: &&NameAddr| {
        let instance = binding.params.unquoted("+sip.instance");
        instance.is_some_and(|instance| instance.eq_ignore_ascii_case(&urn))
    };
    let same_contact = bindings.iter().find(|binding| contact.equivalent(&binding.uri));
    same_contact.or_else(|| bindings.iter().find(is_ours))
}

/// The value of `+sip.instance` (RFC 5626 §4.1), without its quotes.
fn instance_urn(core: &Core) -> String {
    ["<urn:uuid:", &core.config.instance, ">"].concat()
}

/// Refreshes fall between half and three quarters of the granted time: early enough for several
/// attempts, and spread so that phones which registered together do not refresh together.
pub(super) fn refresh_delay(granted: u64, core: &mut Core) -> Duration {
    let half = Duration::from_secs(granted.clamp(2, LONGEST)) / 2;
    let spread = u32::try_from(half.as_millis() / 2).unwrap_or(u32::MAX);
    half + Duration::from_millis(core.entropy.below(spread).into())
}

/// The number of seconds that a header of this name begins with.
pub(super) fn seconds(response: &Response, name: &str) -> Option<u64> {
    // Retry-After may carry a comment and parameters after the number (RFC 3261 §20.33).
    let value = response.headers.get(name)?.trim_start();
    let digits = value.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
