//! What is measured of the calls, on the telephone and in its history.

use super::*;
use crate::media::encryption::{Encryption, Lock};
use crate::media::quality::Sample;
use crate::media::quality::sample::{Flow, Inbound, Link, Microphone};
use crate::media::sdp::security::Fingerprint;
use crate::media::verification::Keys;
use crate::phone::contacts::Contacts;
use crate::phone::history::History;
use crate::phone::kept::{Shelf, Write};
use std::time::Duration;

const ANA: &str = "sip:1002@example.com";

fn keys(theirs: u8) -> Keys {
    let key = |byte| Fingerprint { hash: "sha-256", bytes: vec![byte; 32] };
    Keys { ours: key(0), theirs: key(theirs) }
}

/// What is measured in this second of a call in which both speak.
fn sample(second: u64) -> Sample {
    let flow = Flow { packets: 50 * second, bytes: 4_000 * second };
    Sample {
        link: Link::Up,
        inbound: Some(Inbound { flow, energy: Some(second * 1_000_000), ..Inbound::default() }),
        outbound: Some(flow),
        microphone: Some(Microphone { live: true, energy: Some(second * 1_000_000) }),
        ..Sample::default()
    }
}

fn measure(phone: &mut Phone, second: u64, sample: &Sample) {
    let now = Instant::from_duration(Duration::from_secs(second));
    phone.take_sample(now, CallId(1), sample, Some(keys(1)));
}

fn lock(phone: &Phone) -> Lock {
    phone.call().map(|call| call.lock.clone()).unwrap_or_default()
}

#[test]
fn nothing_is_claimed_before_the_encryption_is_up() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    measure(&mut phone, 1, &sample(1));
    assert_eq!(lock(&phone), Lock::Open, "nobody has answered");
    tell(&mut phone, CallEvent::Answered);
    for link in [Link::Down, Link::Unsecured] {
        measure(&mut phone, 2, &Sample { link, ..sample(2) });
        assert_eq!(lock(&phone), Lock::Open, "{link:?}");
    }
    measure(&mut phone, 3, &sample(3));
    assert_eq!(lock(&phone), Lock::Server);
}

#[test]
fn two_webphones_have_a_code_that_the_user_verifies() {
    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    tell(&mut phone, CallEvent::Product("WebPhone/0.1.0".into()));
    tell(&mut phone, CallEvent::Answered);
    measure(&mut phone, 1, &sample(1));
    assert_eq!(lock(&phone), Lock::Direct { keys: keys(1), verified: false });
    phone.set_verified(CallId(1), true);
    measure(&mut phone, 2, &sample(2));
    assert_eq!(lock(&phone), Lock::Direct { keys: keys(1), verified: true });
    let now = Instant::from_duration(Duration::from_secs(3));
    phone.take_sample(now, CallId(1), &sample(3), Some(keys(2)));
    assert_eq!(lock(&phone), Lock::Changed);

    let mut phone = signed_in();
    tell(&mut phone, CallEvent::Outgoing(uri(ANA)));
    tell(&mut phone, CallEvent::Product("Asterisk PBX 22 (not a WebPhone/1)".into()));
    tell(&mut phone, CallEvent::Answered);
    measure(&mut phone, 1, &sample(1));
    assert_eq!(lock(&phone), Lock::Server);
}

#[test]
fn a_call_on_hold_is_not_judged() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    (1..=5).for_each(|second| measure(&mut phone, second, &sample(second)));
    let quality = |phone: &Phone| phone.call().map(|call| call.quality.clone()).expect("a call");
    assert_eq!(quality(&phone).bars(), Some(4));
    let _ = phone.hold(CallId(1));
    for second in 6..30 {
        if second == 8 {
            held(&mut phone, 1, true);
        }
        measure(&mut phone, second, &sample(5));
        assert_eq!((quality(&phone).warning(), quality(&phone).bars()), (None, None));
    }
}

#[test]
fn the_history_keeps_how_a_call_was() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    (1..=9).for_each(|second| measure(&mut phone, second, &sample(second)));
    tell(&mut phone, CallEvent::Ended(EndReason::ProtocolFailure(Misbehaviour::NoAck)));
    let writes = phone.take_writes();
    let [Write::Put(Shelf::Calls, _, line)] = &writes[..] else { panic!("{writes:?}") };
    let mut again = History::default();
    again.load(std::slice::from_ref(line), &[], &Contacts::default());
    let entry = again.entries().next().expect("an entry");
    assert_eq!(phone.history().entries().next(), Some(entry));
    let quality = entry.quality.as_ref().expect("how it was");
    assert_eq!((quality.mos, quality.worst), (440, 440));
    assert_eq!(quality.encryption, Encryption::Encrypted);
    assert!(entry.cause.is_some());
    // Lines of telephones that knew no names of fields are read as ever: with how it sounded beside the
    // cause, and of those before them.
    let (_, summary) = line.split_once("quality=").expect("the summary");
    let summary = summary.split('\t').next().unwrap_or_default();
    for (cause, known) in [(["broken ", summary].concat(), true), ("broken".into(), false)] {
        let older = format!("7\t7\treceived\t9000\t{cause}\t1002\tsip:1002@example.com\tAna");
        let mut before = History::default();
        before.load(&[older], &[], &Contacts::default());
        let entry = before.entries().next().expect("an entry");
        assert_eq!((entry.quality.is_some(), entry.cause.is_some()), (known, true));
        assert_eq!(entry.party.name.as_deref(), Some("Ana"));
    }
}
