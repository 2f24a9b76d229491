//! What every part of the user agent shares: identity, entropy, transactions, and the queue of
//! outputs. It makes requests and sends them; it holds no call and no registration.

use super::config::Config;
use super::content::{Content, content};
use super::event::{CallEvent, Event, MediaRequest, Output};
use super::forks::RefusedForks;
use super::input::CallId;
use super::owner::Owner;
use crate::entropy::Entropy;
use crate::sip::dialog::{Dialog, with_tag, without_headers};
use crate::sip::digest::{self, Askers, AuthError, Authenticator, Login};
use crate::sip::transaction::{Answer, ServerId, Transactions, new_branch};
use crate::sip::wire::{Headers, Method, NameAddr, Request, Response, Uri, display_text};
use crate::time::Instant;
use std::collections::VecDeque;
use std::time::Duration;

/// The methods that are served, for the Allow header.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, MESSAGE, INFO, \
     NOTIFY, REFER";

/// The time between one new subscription and the next, so that a page of a hundred does not hit the
/// server, which has just come back perhaps, all at once.
const SUBSCRIBE_SPACING: Duration = Duration::from_millis(50);

/// The kinds of bodies that are understood, for the Accept header.
pub(super) const ACCEPT: &str = "application/sdp, multipart/mixed";

/// The extensions that are served, for Supported, and that a peer may require.
pub(super) const SUPPORTED: &str =
    "gruu, outbound, timer, 100rel, replaces, norefersub, trickle-ice";

/// The info package of ICE candidates that are found late, and the extension (RFC 8840).
pub(super) const TRICKLE_ICE: &str = "trickle-ice";

/// What the registrar has given us besides the registration.
#[derive(Debug, Default)]
pub(in crate::sip) struct Granted {
    /// The address by which others reach this very telephone (RFC 5627).
    pub(in crate::sip) gruu: Option<Uri>,
    /// One of those that say nothing of who we are.
    pub(in crate::sip) temporary_gruu: Option<Uri>,
    /// Whether it keeps our connection as the way to us (RFC 5626 §6).
    pub(in crate::sip) outbound: bool,
    /// The way for requests outside dialogs (RFC 3608), byte for byte as it gave it.
    pub(in crate::sip) service_route: Vec<String>,
}

/// A call to be placed for the peer of another.
pub(super) struct Errand {
    /// The other call.
    pub(super) by: CallId,
    /// The name of the new one.
    pub(super) id: CallId,
    pub(super) target: Uri,
    /// What its INVITE says besides.
    pub(super) headers: Vec<(&'static str, String)>,
}

/// The shared parts of a user agent.
pub(in crate::sip) struct Core {
    pub(in crate::sip) config: Config,
    pub(in crate::sip) entropy: Box<dyn Entropy>,
    pub(in crate::sip) transactions: Transactions<Owner>,
    pub(in crate::sip) granted: Granted,
    pub(super) refused_forks: RefusedForks,
    /// The calls that the peers of others have asked for and the user has consented to.
    pub(super) errands: Vec<Errand>,
    auth: Authenticator,
    /// No new SUBSCRIBE goes out before.
    subscribe_at: Instant,
    outputs: VecDeque<Output>,
    /// The Contact without a GRUU: of no meaning to anybody but the connection it arrives by
    /// (RFC 7118 §5).
    contact: String,
    /// What stands for our address, which no browser knows.
    host: String,
    secure: bool,
    /// We are registered by the connection that there is.
    pub(super) online: bool,
}

impl Core {
    pub(super) fn new(config: Config, mut entropy: Box<dyn Entropy>) -> Self {
        let host = [&entropy.hex::<8>(), ".invalid"].concat();
        let user = config.auth_user.clone().or_else(|| Uri::Sip(config.address.clone()).user());
        Self {
            auth: Authenticator::new(
                user.unwrap_or_default(),
                config.password.clone(),
                digest::Policy {
                    weakest: config.policy.min_algorithm.clone(),
                    realms: config.policy.realms.clone(),
                },
            ),
            contact: ["sip:", &entropy.hex::<6>(), "@", &host, ";transport=ws"].concat(),
            host,
            secure: false,
            online: false,
            transactions: Transactions::new(),
            refused_forks: RefusedForks::default(),
            errands: Vec::new(),
            outputs: VecDeque::new(),
            granted: Granted::default(),
            subscribe_at: Instant::default(),
            config,
            entropy,
        }
    }

    /// Whether the server is reached over `wss:`.
    pub(super) fn set_secure(&mut self, secure: bool) {
        self.secure = secure && !self.config.policy.plain_via;
    }

    pub(super) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(super) fn output(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    pub(super) fn tell(&mut self, call: CallId, event: CallEvent) {
        self.output(Output::Event(Event::Call(call, event)));
    }

    /// Tells what the telephone at the other end says that it is, if it does.
    pub(super) fn tell_product(&mut self, call: CallId, headers: &Headers) {
        let product = headers.get("Server").or_else(|| headers.get("User-Agent"));
        if let Some(product) = product {
            self.tell(call, CallEvent::Product(display_text(product)));
        }
    }

    pub(super) fn ask_media(&mut self, request: MediaRequest) {
        self.output(Output::Media(request));
    }

    /// The Contact URI of dialogs and, without a GRUU, of the registration.
    pub(in crate::sip) fn contact_uri(&self) -> &str {
        &self.contact
    }

    /// The Contact value of a dialog (RFC 5627 §4.2 prefers the GRUU, which survives a new
    /// connection).
    pub(super) fn contact(&self) -> String {
        let Granted { gruu, temporary_gruu, outbound, .. } = &self.granted;
        let temporary = temporary_gruu.as_ref().filter(|_| self.config.policy.temporary_gruu);
        match temporary.or(gruu.as_ref()) {
            Some(gruu) => ["<", &gruu.to_string(), ">"].concat(),
            // RFC 5626 §4.3: what follows in the dialog comes by this connection too.
            None => ["<", &self.contact, if *outbound { ";ob>" } else { ">" }].concat(),
        }
    }

    /// Our From or To value, without a tag.
    pub(in crate::sip) fn identity(&self) -> NameAddr {
        let mut identity = NameAddr::new(Uri::Sip(self.config.address.clone()));
        identity.display.clone_from(&self.config.display_name);
        identity
    }

    /// A tag nobody can guess.
    pub(in crate::sip) fn new_tag(&mut self) -> String {
        self.entropy.hex::<8>()
    }

    /// A Call-ID nobody can guess.
    pub(in crate::sip) fn new_call_id(&mut self) -> String {
        self.entropy.hex::<16>()
    }

    /// A request to `target` outside any dialog (RFC 3261 §8.1.1). It has a From tag and a Call-ID
    /// of its own and no Contact.
    pub(super) fn request(&mut self, method: Method, target: Uri) -> Request {
        // Headers in the URI could give the request a Route or worse (RFC 3261 §19.1.5).
        let target = without_headers(target);
        let tag = self.new_tag();
        let call_id = self.new_call_id();
        let mut request = Request::new(method, target.clone());
        let headers = &mut request.headers;
        headers.push("Max-Forwards", "70");
        for route in &self.granted.service_route {
            headers.push("Route", route.as_str());
        }
        headers.push("From", self.identity().with_tag(&tag).to_string());
        headers.push("To", NameAddr::new(target).to_string());
        headers.push("Call-ID", call_id);
        headers.push("CSeq", ["1 ", request.method.as_str()].concat());
        request
    }

    /// When a new SUBSCRIBE may go out: one after the other, however many there are to be.
    pub(super) fn subscribe_turn(&mut self, now: Instant) -> Instant {
        let turn = self.subscribe_at.max(now);
        self.subscribe_at = turn + SUBSCRIBE_SPACING;
        turn
    }

    /// Sends a request outside a dialog, with credentials for the challenges met before.
    pub(in crate::sip) fn send(
        &mut self,
        now: Instant,
        owner: Owner,
        mut request: Request,
    ) -> Request {
        self.auth.authorize(&mut request, &mut *self.entropy);
        let by_registrar = owner == Owner::Registration;
        let askers = if by_registrar { Askers::Registrar } else { Askers::Servers };
        self.send_plain(now, owner, &askers, request)
    }

    /// Sends a request as it is, but for a Via of its own; returns it as it was sent. Requests in
    /// a dialog carry no credentials unasked, as a proxy may pass them on to the peer.
    pub(in crate::sip) fn send_plain(
        &mut self,
        now: Instant,
        owner: Owner,
        askers: &Askers,
        mut request: Request,
    ) -> Request {
        self.stamp(&mut request);
        let login = Login::new(askers.clone());
        self.transactions.send_request(now, owner, request.clone(), login);
        request
    }

    /// Sends the BYE of a dialog, whose answer changes nothing.
    pub(super) fn part(&mut self, now: Instant, dialog: &mut Dialog) {
        let bye = dialog.request(Method::Bye);
        self.send_plain(now, Owner::Parting, dialog.askers(), bye);
    }

    /// Sends the ACK for a 2xx to `invite` and returns it as it was sent, as each retransmission
    /// of the 2xx is answered by the same one (RFC 3261 §13.2.2.4).
    pub(super) fn send_ack(&mut self, dialog: &Dialog, invite: &Request) -> Request {
        let mut ack = dialog.ack(invite.cseq().map_or(0, |cseq| cseq.seq));
        // RFC 3261 §22.1: the ACK carries the credentials of its INVITE, as it can't be challenged.
        for name in ["Authorization", "Proxy-Authorization"] {
            for value in invite.headers.all(name) {
                ack.headers.push(name, value);
            }
        }
        self.stamp(&mut ack);
        self.transactions.send_ack(&ack);
        ack
    }

    /// Sends the ACK for a 2xx to a re-INVITE whose call is gone.
    pub(super) fn send_late_ack(&mut self, invite: &Request) {
        let mut ack = Request::new(Method::Ack, invite.uri.clone());
        for name in ["Max-Forwards", "Route", "From", "To", "Call-ID"] {
            for value in invite.headers.all(name) {
                ack.headers.push(name, value);
            }
        }
        let seq = invite.cseq().map_or(0, |cseq| cseq.seq);
        ack.headers.push("CSeq", [&seq.to_string(), " ACK"].concat());
        self.stamp(&mut ack);
        self.transactions.send_ack(&ack);
    }

    /// Sends the CANCEL of an INVITE: the same request but for its method (RFC 3261 §9.1).
    pub(super) fn send_cancel(&mut self, now: Instant, invite: &Request) {
        let mut cancel = Request::new(Method::Cancel, invite.uri.clone());
        for name in ["Via", "Max-Forwards", "Route", "From", "To", "Call-ID", "Reason"] {
            for value in invite.headers.all(name) {
                cancel.headers.push(name, value);
            }
        }
        let seq = invite.cseq().map_or(0, |cseq| cseq.seq);
        cancel.headers.push("CSeq", [&seq.to_string(), " CANCEL"].concat());
        self.transactions.send_request(now, Owner::Parting, cancel, Login::new(Askers::NOBODY));
    }

    /// Sends the request of a 401 or 407 once more, with credentials (RFC 3261 §22.2), and
    /// returns it; or says why not.
    pub(super) fn send_with_credentials(
        &mut self,
        now: Instant,
        answer: &Answer<Owner>,
    ) -> Result<Request, AuthError> {
        self.auth.learn(&answer.request, &answer.response, &answer.login)?;
        let mut request = answer.request.clone();
        let seq = request.cseq().map_or(1, |cseq| cseq.seq.saturating_add(1));
        request.headers.set("CSeq", [&seq.to_string(), " ", request.method.as_str()].concat());
        self.auth.authorize(&mut request, &mut *self.entropy);
        self.stamp(&mut request);
        let mut login = answer.login.clone();
        login.attempts += 1;
        self.transactions.send_request(now, answer.owner, request.clone(), login);
        Ok(request)
    }

    /// Takes note of a nonce that a response brings for the next request.
    pub(super) fn renew_nonce(&mut self, answer: &Answer<Owner>) {
        if answer.owner == Owner::Registration {
            self.auth.renew(&answer.request, &answer.response);
        }
    }

    /// Answers a request with a bare status.
    pub(super) fn reject(&mut self, now: Instant, id: ServerId, request: &Request, status: u16) {
        let response = self.response(request, status);
        self.transactions.respond(now, id, &response);
    }

    /// Answers an INVITE that came before the last one was done with (RFC 3261 §14.2).
    pub(super) fn refuse_for_now(&mut self, now: Instant, id: ServerId, request: &Request) {
        let mut response = self.response(request, 500);
        response.headers.push("Retry-After", self.entropy.below(11).to_string());
        self.transactions.respond(now, id, &response);
    }

    /// A response with a To tag, where it needs one (RFC 3261 §8.2.6.2).
    pub(super) fn response(&mut self, request: &Request, status: u16) -> Response {
        let tag = self.new_tag();
        response_with_tag(request, status, &tag)
    }

    /// The answer to OPTIONS: the status that an INVITE would get, and what we can do (RFC 3261 §11.2).
    pub(super) fn abilities(&mut self, request: &Request, status: u16) -> Response {
        let mut response = self.response(request, status);
        push_abilities(&mut response.headers);
        response.headers.push("Accept", ACCEPT);
        response.headers.push("Accept-Encoding", "identity");
        response
    }

    /// The 200 to an UPDATE.
    pub(super) fn updated(&mut self, request: &Request) -> Response {
        let mut response = self.response(request, 200);
        response.headers.push("Contact", self.contact());
        push_abilities(&mut response.headers);
        response
    }

    fn stamp(&mut self, request: &mut Request) {
        request.headers.remove("Via");
        let transport = if self.secure { "SIP/2.0/WSS " } else { "SIP/2.0/WS " };
        let branch = new_branch(&mut *self.entropy);
        let via = [transport, &self.host, ";branch=", &branch].concat();
        request.headers.push_front("Via", via);
        request.headers.set("User-Agent", self.config.product.as_str());
    }
}

/// A response whose To carries `tag`, unless the request brought one.
pub(super) fn response_with_tag(request: &Request, status: u16, tag: &str) -> Response {
    let mut response = Response::to_request(request, status);
    // A To that cannot be read is echoed as it is.
    if let (Some(to), Some(value)) = (request.to(), request.headers.get("To"))
        && to.tag().is_none()
        && status != 100
    {
        response.headers.set("To", with_tag(value, tag));
    }
    if status == 405 || status == 501 {
        response.headers.push("Allow", ALLOW);
    }
    response
}

/// Says what we can do: in what makes or changes a session, and in the answer to OPTIONS.
pub(super) fn push_abilities(headers: &mut Headers) {
    headers.push("Allow", ALLOW);
    headers.push("Supported", SUPPORTED);
    headers.push("Recv-Info", TRICKLE_ICE);
}

/// The session description in a body, if it holds one.
pub(super) fn session_description(headers: &Headers, body: &[u8]) -> Option<String> {
    match content(headers, body) {
        Content::Description(sdp) => Some(sdp),
        _ => None,
    }
}
