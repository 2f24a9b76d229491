//! Dialogs (RFC 3261 §12): who the two ends are, by which route a request reaches the peer, and
//! which sequence numbers it may carry.
//!
//! A dialog makes requests and judges those that arrive. It sends nothing and knows no call.

use super::digest::Askers;
use super::ua::Standing;
use super::wire::{Method, NameAddr, Request, Response, SipUri, Uri};

/// What names a dialog at this end (RFC 3261 §12). The tags are compared as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DialogId {
    pub(super) call_id: String,
    pub(super) local_tag: String,
    pub(super) remote_tag: String,
}

impl DialogId {
    /// The dialog, early or not, that a response to our INVITE names.
    pub(super) fn of_response(response: &Response) -> Self {
        let tag = |party: Option<NameAddr>| {
            party.and_then(|party| party.tag().map(str::to_owned)).unwrap_or_default()
        };
        Self {
            call_id: response.call_id().to_owned(),
            local_tag: tag(response.from()),
            remote_tag: tag(response.to()),
        }
    }

    /// The dialog that an arriving in-dialog request names; `None` outside a dialog.
    pub(super) fn of_request(request: &Request) -> Option<Self> {
        Some(Self {
            call_id: request.call_id().to_owned(),
            local_tag: request.to()?.tag()?.to_owned(),
            // A peer of RFC 2543 has no tag (RFC 3261 §12.1.1).
            remote_tag: request.from()?.tag().unwrap_or_default().to_owned(),
        })
    }
}

/// A sequence number higher than those of any call.
const BEYOND: u32 = 1 << 30;

/// Why a peer's message makes no dialog, or does not fit into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DialogError {
    /// There is no Contact to send requests to, or it is no URI that we can reach.
    NoTarget,
    /// From or To cannot be read.
    NoPeer,
    /// The sequence number is lower than one seen before (RFC 3261 §12.2.2).
    OutOfOrder,
}

/// One dialog, early or confirmed.
#[derive(Debug, Clone)]
pub(super) struct Dialog {
    id: DialogId,
    /// Our From (or To) value, with tag, as it goes into every request.
    local: String,
    /// The peer's value, with tag.
    remote: String,
    local_seq: u32,
    remote_seq: Option<u32>,
    target: Uri,
    /// Route values in the order of sending, byte for byte as they came.
    routes: Vec<String>,
    /// What our BYE gives as its reason (RFC 3326).
    reason: Option<&'static str>,
    /// Whose challenges are answered: nobody's where the peer has opened the dialog.
    askers: Askers,
}

impl Dialog {
    /// The dialog that a 1xx or 2xx `response` to our `request` makes (RFC 3261 §12.1.2).
    pub(super) fn of_client(request: &Request, response: &Response) -> Result<Self, DialogError> {
        let mut routes = route_values(response.headers.values("Record-Route"));
        routes.reverse();
        Ok(Self {
            id: DialogId::of_response(response),
            local: request.headers.get("From").unwrap_or_default().to_owned(),
            remote: response.headers.get("To").unwrap_or_default().to_owned(),
            local_seq: request.cseq().map_or(1, |cseq| cseq.seq),
            remote_seq: None,
            // Some servers forget the Contact of their answer, and are where we called them.
            target: target_of(response.contact())
                .or_else(|error| as_target(request.uri.clone()).ok_or(error))?,
            routes,
            reason: None,
            askers: Askers::answered_by(request),
        })
    }

    /// Takes the route from the 2xx that a NOTIFY without one has overtaken: proxies should be in
    /// both (RFC 6665 §4.1.3), but many are only in the answer.
    pub(super) fn learn_route(&mut self, response: &Response) {
        if self.routes.is_empty() && self.id == DialogId::of_response(response) {
            self.routes = route_values(response.headers.values("Record-Route"));
            self.routes.reverse();
        }
    }

    /// The dialog that a NOTIFY makes, whose SUBSCRIBE may not be answered yet (RFC 6665 §4.4.1).
    pub(super) fn of_notify(subscribe: &Request, notify: &Request) -> Result<Self, DialogError> {
        Ok(Self {
            id: DialogId::of_request(notify).ok_or(DialogError::NoPeer)?,
            local: subscribe.headers.get("From").unwrap_or_default().to_owned(),
            remote: notify.headers.get("From").unwrap_or_default().to_owned(),
            local_seq: subscribe.cseq().map_or(1, |cseq| cseq.seq),
            remote_seq: None,
            target: target_of(notify.contact())?,
            routes: route_values(notify.headers.values("Record-Route")),
            reason: None,
            askers: Askers::answered_by(subscribe),
        })
    }

    /// The dialog that our answer with `local_tag` makes of the peer's `request`
    /// (RFC 3261 §12.1.1).
    pub(super) fn of_server(request: &Request, local_tag: &str) -> Result<Self, DialogError> {
        let from = request.from().ok_or(DialogError::NoPeer)?;
        let to = request.headers.get("To").ok_or(DialogError::NoPeer)?;
        Ok(Self {
            id: DialogId {
                call_id: request.call_id().to_owned(),
                local_tag: local_tag.to_owned(),
                remote_tag: from.tag().unwrap_or_default().to_owned(),
            },
            local: with_tag(to, local_tag),
            remote: without_empty_tag(request.headers.get("From").unwrap_or_default()),
            local_seq: 0,
            remote_seq: request.cseq().map(|cseq| cseq.seq),
            // A caller of RFC 2543, who has no tag, may leave Contact out and is at its From.
            target: match from.tag() {
                None if !request.headers.has("Contact") => target_of(Some(from))?,
                _ => target_of(request.contact())?,
            },
            routes: route_values(request.headers.values("Record-Route")),
            reason: None,
            askers: Askers::NOBODY,
        })
    }

    pub(super) fn id(&self) -> &DialogId {
        &self.id
    }

    /// Whose challenges to its requests are answered.
    pub(super) fn askers(&self) -> &Askers {
        &self.askers
    }

    /// A new request in this dialog, with the next sequence number (RFC 3261 §12.2.1.1).
    pub(super) fn request(&mut self, method: Method) -> Request {
        self.local_seq += 1;
        let mut request = self.build(method, self.local_seq);
        if let Some(reason) = self.reason.filter(|_| request.method == Method::Bye) {
            request.headers.push("Reason", reason);
        }
        request
    }

    /// Lets the BYE say why it is sent.
    pub(super) fn set_reason(&mut self, reason: &'static str) {
        self.reason = Some(reason);
    }

    /// Numbers a request that goes out once more so that the number after its own is the next
    /// one of this dialog.
    pub(super) fn renumber(&mut self, request: &mut Request) {
        let cseq = [&self.local_seq.to_string(), " ", request.method.as_str()].concat();
        request.headers.set("CSeq", cseq);
        self.local_seq += 1;
    }

    /// Where the peer is reached.
    pub(super) fn target(&self) -> &Uri {
        &self.target
    }

    /// The peer's address, as From or To gives it.
    pub(super) fn remote_uri(&self) -> Option<Uri> {
        Some(NameAddr::parse(&self.remote).ok()?.uri)
    }

    /// What is needed to take the place of this dialog, or to end it, without it.
    pub(super) fn standing(&self) -> Option<Standing> {
        let DialogId { call_id, local_tag, remote_tag } = self.id.clone();
        let (peer, target) = (self.remote_uri()?, self.target.clone());
        Some(Standing {
            call_id,
            local_tag,
            remote_tag,
            peer,
            target,
            route: self.routes.join(","),
        })
    }

    /// The dialog that `own` has left standing, in order to end it.
    pub(super) fn of_standing(own: &SipUri, standing: Standing) -> Self {
        let Standing { call_id, local_tag, remote_tag, peer, target, route } = standing;
        let party = |uri: String, tag: &str| with_tag(&["<", &uri, ">"].concat(), tag);
        Self {
            local: party(own.to_string(), &local_tag),
            remote: party(peer.to_string(), &remote_tag),
            id: DialogId { call_id, local_tag, remote_tag },
            local_seq: BEYOND,
            remote_seq: None,
            target,
            routes: Some(route).filter(|route| !route.is_empty()).into_iter().collect(),
            reason: None,
            askers: Askers::NOBODY,
        }
    }

    /// The ACK to the 2xx of the INVITE that was numbered `seq` (RFC 3261 §13.2.2.4).
    pub(super) fn ack(&self, seq: u32) -> Request {
        self.build(Method::Ack, seq)
    }

    /// A request of ours was challenged and went out once more, under a higher number.
    pub(super) fn sent(&mut self, request: &Request) {
        let seq = request.cseq().map_or(0, |cseq| cseq.seq);
        self.local_seq = self.local_seq.max(seq);
    }

    /// Counts on from `early`, which this dialog was before its final response.
    pub(super) fn continue_from(&mut self, early: &Self) {
        self.local_seq = self.local_seq.max(early.local_seq);
        self.remote_seq = self.remote_seq.max(early.remote_seq);
    }

    /// Takes note of a request that arrived in this dialog, or says why it may not be served.
    pub(super) fn accept(&mut self, request: &Request) -> Result<(), DialogError> {
        let seq = request.cseq().map_or(0, |cseq| cseq.seq);
        if self.remote_seq.is_some_and(|last| seq < last) {
            return Err(DialogError::OutOfOrder);
        }
        self.remote_seq = Some(seq);
        Ok(())
    }

    /// Sends what follows to the Contact of a target refresh (RFC 3261 §12.2), if it has one.
    pub(super) fn refresh_target(&mut self, contact: Option<NameAddr>) {
        if let Ok(target) = target_of(contact) {
            self.target = target;
        }
    }

    fn build(&self, method: Method, seq: u32) -> Request {
        let mut routes: Vec<&str> = self.routes.iter().map(String::as_str).collect();
        let mut uri = self.target.clone();
        let target = uri.to_string();
        let mut last = None;
        if let Some(first) = routes.first().and_then(|route| NameAddr::parse(route).ok())
            && !is_loose(&first.uri)
        {
            // RFC 3261 §12.2.1.1: a strict router wants itself in the Request-URI and the target
            // at the end of the route.
            uri = without_headers(first.uri);
            routes.remove(0);
            last = Some(["<", &target, ">"].concat());
        }
        let mut request = Request::new(method, uri);
        request.headers.push("Max-Forwards", "70");
        for route in routes {
            request.headers.push("Route", route);
        }
        if let Some(last) = last {
            request.headers.push("Route", last);
        }
        request.headers.push("From", self.local.as_str());
        request.headers.push("To", self.remote.as_str());
        request.headers.push("Call-ID", self.id.call_id.as_str());
        let cseq = [&seq.to_string(), " ", request.method.as_str()].concat();
        request.headers.push("CSeq", cseq);
        request
    }
}

/// `value`, a From or To, with a tag.
pub(super) fn with_tag(value: &str, tag: &str) -> String {
    [&without_empty_tag(value), ";tag=", tag].concat()
}

/// `value`, a From or To, as it is but for a `tag` that says nothing: a second one beside it could
/// be read by nobody.
fn without_empty_tag(value: &str) -> String {
    match NameAddr::parse(value) {
        Ok(mut party) if party.params.has("tag") && party.tag().is_none() => {
            party.params.remove("tag");
            party.to_string()
        }
        _ => value.to_owned(),
    }
}

fn target_of(contact: Option<NameAddr>) -> Result<Uri, DialogError> {
    contact.and_then(|contact| as_target(contact.uri)).ok_or(DialogError::NoTarget)
}

fn as_target(uri: Uri) -> Option<Uri> {
    matches!(uri, Uri::Sip(_)).then(|| without_headers(uri))
}

/// `uri` as a Request-URI, which has no headers (RFC 3261 §19.1.1).
pub(super) fn without_headers(mut uri: Uri) -> Uri {
    if let Uri::Sip(sip) = &mut uri {
        sip.headers.clear();
    }
    uri
}

fn is_loose(uri: &Uri) -> bool {
    uri.as_sip().is_none_or(|sip| sip.params.has("lr"))
}

fn route_values(values: Vec<&str>) -> Vec<String> {
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}
