//! Random interleavings of messages, answers, losses and time: every transaction ends, and its
//! user hears of it once.

use super::*;
use crate::entropy::Entropy;
use crate::sip::digest::Askers;
use crate::sip::wire::{Frame, parse};
use std::collections::HashMap;
use std::time::Duration;

/// A random sequence that each seed gives again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % sides.max(1)
    }
}

impl Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.roll(256) as u8;
        }
    }
}

const METHODS: [&str; 5] = ["INVITE", "BYE", "OPTIONS", "ACK", "CANCEL"];

fn request(method: &str, branch: &str, call: usize) -> Request {
    let text = format!(
        "{method} sip:a@h SIP/2.0\r\nVia: SIP/2.0/WSS x.invalid;branch={branch}\r\n\
         From: <sip:b@h>;tag=f\r\nTo: <sip:a@h>\r\nCall-ID: c{call}\r\nCSeq: 1 {method}\r\n\r\n"
    );
    match parse(text.as_bytes()) {
        Ok(Frame::Request(request)) => request,
        other => panic!("{other:?}"),
    }
}

/// What the user of a client transaction has heard.
#[derive(Default)]
struct Heard {
    failures: u32,
    successes: u32,
    timeouts: u32,
}

#[test]
fn every_transaction_ends_and_is_heard_of_once() {
    let (mut ended, mut silent) = (0, 0);
    for seed in 1..3000u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut transactions: Transactions<usize> = Transactions::new();
        let mut now = Instant::default();
        let mut sent: Vec<Request> = Vec::new();
        let mut served: Vec<(ServerId, Request)> = Vec::new();
        let mut heard: HashMap<usize, Heard> = HashMap::new();
        for _ in 0..60 {
            match dice.roll(6) {
                0 => {
                    let branch = new_branch(&mut dice);
                    let request = request(METHODS[dice.roll(3)], &branch, 0);
                    transactions.send_request(
                        now,
                        sent.len(),
                        request.clone(),
                        Login::new(Askers::NOBODY),
                    );
                    sent.push(request);
                }
                1 | 2 if !sent.is_empty() => {
                    let owner = dice.roll(sent.len());
                    let status = [100, 180, 200, 200, 404, 486, 503][dice.roll(7)];
                    let response = Response::to_request(&sent[owner], status);
                    let answer = transactions.handle_response(now, response);
                    if let Some(answer) = answer {
                        assert_eq!(answer.owner, owner, "seed {seed}");
                        let heard = heard.entry(owner).or_default();
                        match answer.response.status {
                            200 => heard.successes += 1,
                            300.. => heard.failures += 1,
                            _ => {}
                        }
                    }
                }
                3 => {
                    let (method, call) = (METHODS[dice.roll(5)], dice.roll(3));
                    let branch = format!("z9hG4bK{}", dice.roll(4));
                    let arriving = request(method, &branch, call);
                    if let Arrival::New(id, request) = transactions.handle_request(now, arriving) {
                        assert!(served.iter().all(|(known, _)| *known != id), "seed {seed}");
                        served.push((id, request));
                    }
                }
                4 if !served.is_empty() => {
                    let (id, request) = &served[dice.roll(served.len())];
                    let response = Response::to_request(request, [180, 200, 486][dice.roll(3)]);
                    transactions.respond(now, *id, &response);
                }
                _ => {
                    let spans = [1, 500, 4000, 31_999, 32_000, 40_000];
                    now = now + Duration::from_millis(spans[dice.roll(6)]);
                    for owner in transactions.handle_timeout(now) {
                        heard.entry(owner).or_default().timeouts += 1;
                    }
                    if dice.roll(4) == 0 {
                        transactions.handle_link_lost();
                    }
                }
            }
            while dice.roll(3) > 0 && transactions.poll_transmit().is_some() {}
        }
        // The users do what they must: each request is answered, and each INVITE of ours that rang
        // for too long is forgotten.
        for (id, request) in &served {
            transactions.respond(now, *id, &Response::to_request(request, 486));
        }
        for owner in transactions.handle_timeout(now + Duration::from_secs(64)) {
            heard.entry(owner).or_default().timeouts += 1;
        }
        for (owner, request) in sent.iter().enumerate() {
            let rang = transactions.clients.iter().any(|entry| entry.owner == owner);
            assert!(!rang || request.method == Method::Invite, "seed {seed}");
            if rang {
                silent += 1;
                transactions.forget(owner);
            }
        }
        transactions.handle_timeout(now + Duration::from_secs(128));
        assert!(transactions.clients.is_empty(), "seed {seed}");
        assert!(transactions.servers.is_empty(), "seed {seed}");
        assert_eq!(transactions.poll_timeout(), None, "seed {seed}");
        for (owner, heard) in heard {
            let invite = sent[owner].method == Method::Invite;
            assert!(invite || heard.successes <= 1, "seed {seed}");
            let finals = heard.failures + heard.timeouts + heard.successes.min(1);
            assert!(finals <= 1, "seed {seed}: {finals} ends of {}", sent[owner].method);
            ended += finals;
        }
    }
    assert!(ended > 5000 && silent > 100, "{ended} ended, {silent} rang for ever");
}
