//! What the far end does in the random orders: answers, requests, repetitions and broken frames.

use super::World;
use crate::support::{SDP, from_callee, in_dialog, invite, request, with};
use webphone::sip::Input;
use webphone::sip::wire::{Method, Request, Response};

impl World {
    /// Some response to some request that was sent.
    pub(super) fn respond(&mut self) {
        let invites = self.invites();
        let invite = if self.dice.roll(2) == 0 { invites.last().cloned() } else { None };
        let Some(request) = invite.or_else(|| self.dice.recent(&self.requests)) else {
            return;
        };
        if request.method == Method::Register && self.dice.roll(10) > 0 {
            return;
        }
        let statuses = [100, 180, 180, 183, 200, 200, 200, 401, 407, 423, 486, 487, 503, 302];
        let Some(status) = self.dice.pick(&statuses) else {
            return;
        };
        let tag = self.dice.pick(&["far", "far", "far", "fork"]).unwrap_or_default();
        let mut headers = Vec::new();
        if self.dice.roll(8) > 0 {
            headers.push(("Contact", "<sip:bob@far.example;transport=ws>"));
        }
        if self.dice.roll(4) > 0 {
            headers.push(("Record-Route", "<sip:proxy.example.com;lr>, <sip:strict>"));
        }
        let nonce = self.dice.roll(1000);
        let stale = if self.dice.roll(2) == 0 { ", stale=true" } else { "" };
        let challenge =
            format!("Digest realm=\"example.com\", nonce=\"{nonce}\", qop=\"auth\"{stale}");
        match status {
            401 => headers.push(("WWW-Authenticate", &challenge)),
            407 => headers.push(("Proxy-Authenticate", &challenge)),
            423 => headers.push(("Min-Expires", "900")),
            _ => {}
        }
        let body = if self.dice.roll(3) > 0 { SDP } else { "" };
        self.bench.reply_as(tag, &request, status, &headers, body);
        self.observe();
    }

    /// Some request of the far end.
    pub(super) fn ask(&mut self) {
        let number = self.frames.len();
        let branch = format!("z9hG4bK-{number}");
        let call_id = format!("call-{}", self.dice.roll(4));
        let methods = ["ACK", "ACK", "BYE", "INVITE", "UPDATE", "PRACK", "OPTIONS", "INFO", "FOO"];
        let method = self.dice.pick(&methods).unwrap_or_default();
        let seq = self.dice.roll(5) as u32;
        let sdp = if self.dice.roll(3) > 0 { SDP } else { "" };
        let answered = self.dice.recent(&self.responses);
        let invites = self.invites();
        let invited = self.dice.recent(&invites);
        let text = match (self.dice.roll(10), answered, invited) {
            (0..=2, Some(response), _) => in_dialog(&response, method, seq, &branch, sdp),
            (3 | 4, _, Some(invite)) => from_callee(&invite, method, seq, &branch, sdp),
            (5, ..) => request(method, &call_id, &branch, "Expires: 40\r\n", sdp),
            (6, Some(response), _) => cancel(&response),
            (7, ..) if number > 0 => {
                let again = self.dice.recent(&self.frames).unwrap_or_default();
                return self.hear(again);
            }
            _ => invite(&call_id, &branch),
        };
        let mut frame = text.into_bytes();
        if self.dice.roll(6) == 0 {
            let at = self.dice.roll(frame.len());
            match self.dice.roll(3) {
                0 => frame.truncate(at),
                1 => frame[at] = self.dice.roll(256) as u8,
                _ => frame.insert(at, b"\r\n \0\";<,"[self.dice.roll(8)]),
            }
        }
        self.hear(frame);
    }

    /// A frame of the far end arrives.
    fn hear(&mut self, frame: Vec<u8>) {
        if self.up {
            self.ledger.heard(&frame);
        }
        self.input(Input::Frame(&frame));
        self.frames.push(frame);
    }

    pub(super) fn ask_service(&mut self) {
        let branch = format!("z9hG4bK-s{}", self.frames.len());
        let seq = 2 + self.dice.roll(5) as u32;
        let answered = self.dice.recent(&self.responses);
        let Some(response) = answered.filter(|response| response.status < 300) else {
            return;
        };
        let tag = response.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        let named = format!("Replaces: {};to-tag={tag};from-tag=far\r\n", response.call_id());
        let fragments =
            ["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "SIP/2.0 486"];
        let fragment = self.dice.pick(&fragments).unwrap_or_default();
        let state = self.dice.pick(&["active", "terminated"]).unwrap_or_default();
        let (method, headers, body) = match self.dice.roll(4) {
            0 => ("REFER", "Refer-To: <sip:1003@example.com>\r\n".to_owned(), ""),
            1 => ("NOTIFY", format!("Event: refer\r\nSubscription-State: {state}\r\n"), fragment),
            2 => ("INFO", "Content-Type: application/dtmf\r\n".to_owned(), "5"),
            _ => {
                let frame = request("INVITE", &branch, &branch, &named, SDP);
                return self.hear(frame.into_bytes());
            }
        };
        let invites = self.invites();
        let frame = match self.dice.recent(&invites) {
            Some(invite) if self.dice.roll(2) == 0 => {
                from_callee(&invite, method, seq, &branch, "")
            }
            _ => in_dialog(&response, method, seq, &branch, ""),
        };
        self.hear(with(&frame, &headers, body).into_bytes());
    }

    fn invites(&self) -> Vec<Request> {
        self.requests.iter().filter(|sent| sent.method == Method::Invite).cloned().collect()
    }
}

/// The CANCEL of the INVITE that we gave `response` to.
fn cancel(response: &Response) -> String {
    let header = |name| response.headers.get(name).unwrap_or_default();
    let seq = response.cseq().map_or(1, |cseq| cseq.seq);
    let to = header("To").split(";tag=").next().unwrap_or_default();
    format!(
        "CANCEL sip:1001@client.invalid;transport=ws SIP/2.0\r\nVia: {}\r\nFrom: {}\r\n\
         To: {to}\r\nCall-ID: {}\r\nCSeq: {seq} CANCEL\r\n\r\n",
        header("Via"),
        header("From"),
        header("Call-ID")
    )
}
