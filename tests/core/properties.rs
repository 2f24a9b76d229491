//! What holds for every message: what is written reads the same, and nothing that arrives makes
//! the user agent panic or speak in broken lines.

use crate::support::{Bench, OUR_SDP, SDP, Sent, header, in_dialog, invite, request};
use std::path::PathBuf;
use std::time::Duration;
use webphone::sip::Input;
use webphone::sip::ua::{Command, MediaReply};
use webphone::sip::wire::{
    self, Frame, Headers, Host, Method, NameAddr, Request, Response, SipUri, Uri, is_token,
};

/// A random sequence that each seed gives again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % sides.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    /// Up to `most` characters out of `from`.
    fn text(&mut self, from: &str, least: usize, most: usize) -> String {
        let chars: Vec<char> = from.chars().collect();
        let len = least + self.roll(most - least + 1);
        (0..len).map(|_| chars[self.roll(chars.len())]).collect()
    }

    fn token(&mut self) -> String {
        self.text("abcXYZ019-.!%*_+`'~", 1, 12)
    }

    fn uri(&mut self) -> Uri {
        let host = match self.roll(3) {
            0 => Host::Name(self.text("abz09-", 1, 9)),
            1 => Host::V4([192, 0, 2, self.roll(256) as u8].into()),
            _ => Host::V6([0x2001, 0xdb8, 0, 0, 0, 0, self.roll(9) as u16, 1].into()),
        };
        let user = self.text("ab9.é\"@:;?<> %\\日", 1, 9);
        let mut uri = SipUri::new((self.roll(4) > 0).then_some(&*user), host);
        uri.secure = self.roll(4) == 0;
        uri.port = (self.roll(2) == 0).then(|| self.roll(65536) as u16);
        for _ in 0..self.roll(3) {
            let name = self.text("abcr-_", 1, 6);
            let value = self.text("abc09-._~%41", 1, 9).replace('%', "%41");
            uri.params.push(&name, (self.roll(3) > 0).then_some(&value));
        }
        Uri::Sip(uri)
    }

    fn name_addr(&mut self) -> String {
        let mut value = NameAddr::new(self.uri());
        let display = self.text("Ana \"\\<>;,:é日\u{1F600}@", 0, 12);
        value.display = Some(display.trim().to_owned()).filter(|display| !display.is_empty());
        let tag = self.token();
        value.with_tag(&tag).to_string()
    }

    fn headers(&mut self, method: &Method) -> Headers {
        let mut headers = Headers::default();
        for _ in 0..1 + self.roll(3) {
            let branch = self.token();
            let via = format!("SIP/2.0/{} h{}.invalid;branch={branch}", self.token(), self.roll(9));
            headers.push("Via", via);
        }
        headers.push("From", self.name_addr());
        headers.push("To", self.name_addr());
        headers.push("Call-ID", self.token());
        headers.push("CSeq", format!("{} {method}", self.roll(u32::MAX as usize)));
        for _ in 0..self.roll(4) {
            headers.push("Contact", self.name_addr());
        }
        for _ in 0..self.roll(6) {
            let known = ["Subject", "X-Raw", "Reason", "Supported", "Require", "v", "Accept"];
            let name =
                if self.roll(3) == 0 { self.token() } else { self.pick(&known[..5]).to_owned() };
            // A name of one letter may be a compact one, with a form of its own.
            if is_token(&name) && name.len() > 1 && !name.eq_ignore_ascii_case("cseq") {
                headers.push(&name, self.text("ab ,;:=\"\\<>é日\r\n\t\0\u{F7E9}%", 0, 40));
            }
        }
        headers
    }

    fn body(&mut self) -> Vec<u8> {
        (0..self.roll(60)).map(|_| self.roll(256) as u8).collect()
    }
}

#[test]
fn whatever_is_written_reads_the_same() {
    let methods = ["INVITE", "OPTIONS", "REGISTER", "MESSAGE", "FOO%41"];
    for seed in 0..4000 {
        let mut dice = Dice(seed);
        let method = Method::parse(dice.pick(&methods)).expect("a method");
        let headers = dice.headers(&method);
        let body = dice.body();
        let request = Request { method, uri: dice.uri(), headers, body };
        let read = wire::parse(&request.write());
        assert_eq!(read, Ok(Frame::Request(request.clone())), "seed {seed}");
        let status = 100 + dice.roll(600) as u16;
        let mut response = Response::to_request(&request, status);
        response.reason = dice.text("OKé \"\0", 0, 9).replace('\0', "").trim().to_owned();
        response.headers.push("Contact", dice.name_addr());
        response.body = dice.body();
        assert_eq!(wire::parse(&response.write()), Ok(Frame::Response(response)), "seed {seed}");
    }
}

/// The messages that the data folders hold, and some of calls.
fn seeds() -> Vec<Vec<u8>> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/core/data");
    let mut files: Vec<PathBuf> = ["torture", "rfc4475", "rfc5118"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(data.join(folder)).expect("a folder of messages"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut seeds: Vec<_> =
        files.iter().map(|file| std::fs::read(file).expect("a message")).collect();
    seeds.push(invite("in", "z9hG4bK-1").into_bytes());
    seeds.push(request("BYE", "in", "z9hG4bK-2", "", "").into_bytes());
    seeds
}

fn mutate(message: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.roll(message.len() + 1);
    let end = (at + dice.roll(16)).min(message.len());
    match dice.roll(5) {
        0 => message.truncate(at),
        1 => drop(message.drain(at..end)),
        2 => {
            if let Some(byte) = message.get_mut(at) {
                *byte ^= 1 << dice.roll(8);
            }
        }
        3 => {
            let copy = message[at..end].to_vec();
            message.splice(at..at, copy);
        }
        _ => {
            let pieces = [
                "\r\n", "\n", "\r", "\r\n\r\n", "\0", "\"", "<", ">", ";", ",", ":", "@", "%", "é",
                "--",
            ];
            let piece = dice.pick(&pieces).bytes();
            message.splice(at..at, piece);
        }
    }
}

/// Everything that was sent reads as a message, or is the answer to one that does not.
fn check_sent(bench: &mut Bench) -> usize {
    let sent = std::mem::take(&mut bench.sent);
    for sent in &sent {
        if let Sent::Bytes(bytes) = sent {
            let is_refusal =
                [&b"SIP/2.0 4"[..], b"SIP/2.0 5"].iter().any(|start| bytes.starts_with(start));
            assert!(is_refusal || bytes == b"\r\n", "{}", String::from_utf8_lossy(bytes));
        }
    }
    sent.len()
}

#[test]
fn splits_flips_and_insertions_never_panic() {
    let seeds = seeds();
    let mut answered = 0;
    for round in 0..6000 {
        let mut dice = Dice(round);
        let mut bench = Bench::registered();
        if round % 3 == 0 {
            bench.ring(&invite("in", "z9hG4bK-0"));
        }
        for _ in 0..3 {
            let mut message = seeds[dice.roll(seeds.len())].clone();
            for _ in 0..=dice.roll(3) {
                mutate(&mut message, &mut dice);
            }
            let cut = dice.roll(message.len() + 1);
            match dice.roll(4) {
                // One message in two frames is two frames (RFC 7118 §5).
                0 => {
                    bench.receive(&message[..cut]);
                    bench.receive(&message[cut..]);
                }
                _ => bench.receive(&message),
            }
        }
        answered += check_sent(&mut bench);
        bench.advance(Duration::from_secs(400));
        check_sent(&mut bench);
    }
    assert!(answered > 3000, "only {answered} answers");
}

#[test]
fn mutations_within_a_call_neither_panic_nor_leave_it_open_for_ever() {
    for round in 0..1500 {
        let mut dice = Dice(round);
        let mut bench = Bench::registered();
        let (id, ok) = bench.established_incoming();
        for seq in 2..6 {
            let method = dice
                .pick(&["INVITE", "BYE", "ACK", "OPTIONS", "UPDATE", "INFO", "NOTIFY", "REFER"]);
            let branch = format!("z9hG4bK-{seq}");
            let mut message =
                in_dialog(&ok, method, seq, &branch, dice.pick(&["", SDP])).into_bytes();
            for _ in 0..dice.roll(3) {
                mutate(&mut message, &mut dice);
            }
            bench.receive(&message);
            if dice.roll(2) == 0 {
                bench.input(Input::Media(MediaReply::Answer(id, OUR_SDP.into())));
            }
        }
        bench.command(Command::HangUp(id));
        // Before the registration is renewed, which nobody would answer here.
        bench.advance(Duration::from_secs(300));
        check_sent(&mut bench);
        bench.receive(in_dialog(&ok, "BYE", 90, "z9hG4bK-last", ""));
        let last = bench.response(481);
        assert!(header(&last.headers, "CSeq").starts_with("90 "));
    }
}
