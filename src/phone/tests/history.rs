//! The calls of the past: what each becomes, and what the user does with them.

use super::contacts::contacts;
use super::*;
use crate::phone::contacts::Contacts;
use crate::phone::entry::{Entry, Finished, Outcome};
use crate::phone::history::{History, KEPT};
use crate::phone::kept::{SEEN, Shelf, Write};
use crate::sip::ua::MediaFailure;
use std::time::Duration;

const ANA: &str = "sip:1002@example.com";
/// In 2026.
pub(super) const NOW: u64 = 1_790_000_000_000;
pub(super) const MINUTE: u64 = 60_000;

fn at(seconds: u64) -> Instant {
    Instant::from_duration(Duration::from_secs(seconds))
}

/// A call that begins after 10 s, is answered after 15 s if it is, and ends after 75 s.
fn call(incoming: bool, answered: bool, reason: EndReason) -> Finished {
    let mut phone = signed_in();
    let mut tell = |seconds, event| phone.handle_event(at(seconds), Event::Call(CallId(1), event));
    if incoming {
        tell(10, CallEvent::Incoming(Box::new(Caller::new(Some("Ana".into()), uri(ANA)))));
    } else {
        tell(10, CallEvent::Outgoing(uri(ANA)));
    }
    if answered {
        tell(15, CallEvent::Answered);
    }
    let call = phone.call().expect("a call").clone();
    Finished { call, ended: at(75), reason }
}

fn entry(incoming: bool, answered: bool, reason: EndReason) -> Entry {
    let mut history = History::default();
    history.add(call(incoming, answered, reason), NOW, &Contacts::default());
    history.entries().next().expect("an entry").clone()
}

pub(super) fn missed() -> Finished {
    call(true, false, EndReason::Cancelled)
}

fn missed_from(caller: &str) -> Finished {
    let mut phone = signed_in();
    incoming(&mut phone, 1, caller);
    let call = phone.call().expect("a call").clone();
    Finished { call, ended: at(0), reason: EndReason::Cancelled }
}

pub(super) fn made() -> Finished {
    call(false, true, EndReason::HungUpHere)
}

pub(super) fn history(calls: impl IntoIterator<Item = Finished>) -> History {
    let mut history = History::default();
    for (index, call) in calls.into_iter().enumerate() {
        history.add(call, NOW + index as u64 * 1000, &Contacts::default());
    }
    history
}

fn rejected(status: u16) -> EndReason {
    EndReason::Rejected { status, reason: String::new(), retry_after: None }
}

/// What a browser would have kept after these changes.
fn keep(kept: &mut Vec<(u64, String)>, writes: impl IntoIterator<Item = Write>) {
    for write in writes {
        match write {
            Write::Put(Shelf::Calls, id, text) => {
                kept.retain(|(other, _)| *other != id);
                kept.push((id, text));
            }
            Write::Delete(Shelf::Calls, id) => kept.retain(|(other, _)| *other != id),
            other => panic!("{other:?}"),
        }
    }
}

fn loaded(kept: &[(u64, String)], marks: &[String]) -> History {
    let texts: Vec<_> = kept.iter().map(|(_, text)| text.clone()).collect();
    let mut history = History::default();
    history.load(&texts, marks, &Contacts::default());
    history
}

#[test]
fn a_call_out_is_made_or_has_failed_for_a_reason() {
    for (answered, reason, outcome, cause) in [
        (true, EndReason::HungUpHere, Outcome::Made, None),
        (true, EndReason::HungUpThere, Outcome::Made, None),
        (true, EndReason::Transferred, Outcome::Made, None),
        (true, EndReason::ProtocolFailure(Misbehaviour::NoAck), Outcome::Made, Some(Cause::Broken)),
        (false, EndReason::HungUpHere, Outcome::Made, None),
        (false, rejected(486), Outcome::Failed, Some(Cause::Status(486))),
        (false, EndReason::Unauthorized, Outcome::Failed, Some(Cause::Status(403))),
        (false, EndReason::NoLine, Outcome::Failed, Some(Cause::NoLine)),
        (
            false,
            EndReason::NoMedia(MediaFailure::MicrophoneRefused),
            Outcome::Failed,
            Some(Cause::Microphone),
        ),
        (
            false,
            EndReason::NoMedia(MediaFailure::Incompatible),
            Outcome::Failed,
            Some(Cause::Status(488)),
        ),
    ] {
        let entry = entry(false, answered, reason.clone());
        assert_eq!((entry.outcome, entry.cause), (outcome, cause), "{reason:?}");
        assert_eq!(entry.length.is_some(), answered, "{reason:?}");
    }
}

#[test]
fn a_call_in_is_received_missed_declined_or_taken_elsewhere() {
    for (answered, reason, outcome) in [
        (true, EndReason::HungUpThere, Outcome::Received),
        (true, EndReason::NoLine, Outcome::Received),
        (false, EndReason::Cancelled, Outcome::Missed),
        (false, EndReason::NotAnswered, Outcome::Missed),
        (false, EndReason::NoLine, Outcome::Missed),
        (false, EndReason::AnsweredElsewhere, Outcome::AnsweredElsewhere),
        (false, EndReason::DeclinedElsewhere, Outcome::Declined),
        (false, EndReason::DeclinedHere, Outcome::Declined),
        (false, EndReason::HungUpHere, Outcome::Declined),
    ] {
        assert_eq!(entry(true, answered, reason.clone()).outcome, outcome, "{reason:?}");
    }
}

#[test]
fn an_entry_says_who_when_and_how_long() {
    let entry = entry(true, true, EndReason::HungUpThere);
    assert_eq!(
        entry.party,
        Party { name: Some("Ana".into()), address: "1002".into(), ..Party::default() }
    );
    assert_eq!(entry.uri, ANA);
    assert_eq!(entry.at, NOW - 65_000, "when it began");
    assert_eq!(entry.length, Some(Duration::from_secs(60)), "from the answer on");
    assert!(entry.can_be_called());
}

#[test]
fn a_caller_who_hides_cannot_be_called_back() {
    let mut phone = signed_in();
    incoming(&mut phone, 1, "sip:anonymous@anonymous.invalid");
    tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
    let history = phone.history();
    assert_eq!(history.entries().map(Entry::can_be_called).collect::<Vec<_>>(), [false]);
}

#[test]
fn of_a_caller_who_hides_no_address_is_kept() {
    let mut phone = signed_in();
    let mut caller = Caller::new(Some("Ana".into()), uri(ANA));
    caller.anonymous = true;
    tell(&mut phone, CallEvent::Incoming(Box::new(caller)));
    tell(&mut phone, CallEvent::Ended(EndReason::Cancelled));
    let mut kept = Vec::new();
    keep(&mut kept, phone.take_writes());
    let history = loaded(&kept, &[]);
    let entry = history.entries().next().expect("an entry");
    assert!(entry.party.hidden && !entry.can_be_called());
    assert!(!kept[0].1.contains("1002") && !kept[0].1.contains("Ana"), "{kept:?}");
}

#[test]
fn a_caller_who_was_turned_away_was_missed() {
    let mut phone = signed_in();
    let caller = Box::new(Caller::new(Some("Ana".into()), uri(ANA)));
    phone.set_settings(Settings { do_not_disturb: true, ..Settings::default() });
    phone.handle_event(at(5), Event::Missed(caller.clone()));
    let entry = phone.history().entries().next().expect("an entry");
    assert_eq!((entry.outcome, entry.cause), (Outcome::Missed, None));

    phone.set_settings(Settings::default());
    phone.set_time_of_day(NOW);
    phone.handle_event(at(10), Event::Missed(caller));
    let history = phone.history();
    let entry = history.entries().next().expect("an entry");
    let told = (entry.outcome, entry.cause, entry.length);
    assert_eq!(told, (Outcome::Missed, Some(Cause::InCall), None));
    assert_eq!((entry.uri.as_str(), entry.party.label(), entry.at), (ANA, "Ana", NOW));
    assert_eq!(history.missed(), 2);
    assert_eq!(phone.calls(), []);
}

#[test]
fn signing_out_ends_the_calls_for_the_history_too() {
    let mut phone = signed_in();
    up(&mut phone, 1, ANA);
    incoming(&mut phone, 2, "sip:1003@example.com");
    phone.sign_out(at(30));
    let mut kept = Vec::new();
    keep(&mut kept, phone.take_writes());
    let outcomes: Vec<_> = loaded(&kept, &[]).entries().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::Declined, Outcome::Made]);
    assert_eq!(phone.history().entries().count(), 0, "nobody is signed in");
    tell(&mut phone, CallEvent::Ended(EndReason::HungUpHere));
    assert_eq!(phone.take_writes(), [], "not twice");
}

#[test]
fn the_newest_call_comes_first_and_two_of_one_moment_are_two() {
    let mut history = history([made(), missed()]);
    history.add(made(), NOW + 1000, &Contacts::default());
    let rows: Vec<_> = history.entries().map(|entry| (entry.id, entry.outcome)).collect();
    assert_eq!(
        rows,
        [(NOW + 1001, Outcome::Made), (NOW + 1000, Outcome::Missed), (NOW, Outcome::Made)]
    );
}

#[test]
fn what_is_kept_comes_back_as_it_was() {
    let reasons = [
        (true, true, EndReason::HungUpThere),
        (true, false, EndReason::Cancelled),
        (true, false, EndReason::AnsweredElsewhere),
        (true, false, EndReason::DeclinedHere),
        (false, false, rejected(603)),
        (false, false, EndReason::NoLine),
        (false, false, EndReason::ProtocolFailure(Misbehaviour::NoAck)),
        (false, false, EndReason::NoMedia(MediaFailure::MicrophoneInUse)),
        (false, true, EndReason::HungUpHere),
    ];
    let mut kept = Vec::new();
    let mut history = History::default();
    for (incoming, answered, reason) in reasons {
        let mut finished = call(incoming, answered, reason);
        finished.call.party.name = Some("Tab\there".into());
        keep(&mut kept, history.add(finished, NOW, &Contacts::default()));
    }
    let before: Vec<_> = history.entries().cloned().collect();
    let after: Vec<_> = loaded(&kept, &[]).entries().cloned().collect();
    assert_eq!(after.len(), 9);
    assert!(after.iter().all(|entry| entry.party.name.as_deref() == Some("Tab here")));
    assert!(before.iter().zip(&after).all(|(a, b)| {
        let same_party = Entry { party: b.party.clone(), ..a.clone() };
        same_party == *b
    }));
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let mut kept = Vec::new();
    keep(&mut kept, history_writes(missed()));
    let mut texts: Vec<_> =
        ["", "\t\t\t\t\t\t\t", "x", "1\t2\tmade", "1\t2\tother\t\t\t\t\t", "-1\t2\tmade\t\t\t\t\t"]
            .map(str::to_owned)
            .to_vec();
    texts.push(kept.remove(0).1);
    let mut history = History::default();
    history.load(&texts, &["?".into()], &Contacts::default());
    assert_eq!((history.entries().count(), history.missed()), (1, 1));
}

#[test]
fn what_a_newer_telephone_has_written_of_a_call_outlasts_an_older_one() {
    let mut kept = Vec::new();
    keep(&mut kept, history_writes(missed()));
    let (id, line) = kept.remove(0);
    let newer = [line.as_str(), "\tcause=tired\tquality=q9,5\tmood=so\\tso\tstars=5"].concat();
    let mut history = History::default();
    history.load(std::slice::from_ref(&newer), &[], &Contacts::default());
    history.delete(id);
    assert_eq!(history.undo(), [Write::Put(Shelf::Calls, id, newer)]);
}

#[test]
fn calls_of_telephones_that_knew_no_names_of_fields_are_read_and_written_with_names() {
    let older = "7\t5\treceived\t9000\t\t1002\tsip:1002@example.com\tAna";
    let mut history = History::default();
    history.load(&[older.into()], &[], &Contacts::default());
    history.delete(7);
    let named = "id=7\tat=5\toutcome=received\tlength=9000\taddress=1002\turi=sip:1002@example.com\tname=Ana";
    assert_eq!(history.undo(), [Write::Put(Shelf::Calls, 7, named.into())]);
}

fn history_writes(finished: Finished) -> Vec<Write> {
    History::default().add(finished, NOW, &Contacts::default())
}

#[test]
fn a_call_that_ends_before_the_past_is_read_stays() {
    let mut kept = Vec::new();
    keep(&mut kept, history_writes(made()));
    let mut history = History::default();
    keep(&mut kept, history.add(missed(), NOW + 5, &Contacts::default()));
    let texts: Vec<_> = kept.into_iter().map(|(_, text)| text).collect();
    history.load(&texts, &[], &Contacts::default());
    let outcomes: Vec<_> = history.entries().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::Missed, Outcome::Made]);
}

#[test]
fn missed_calls_count_until_the_user_looks_and_do_not_come_back() {
    let mut history = history([missed(), made(), missed()]);
    assert_eq!(history.missed(), 2);
    let newest = NOW + 2000;
    let mark = history.look();
    assert_eq!(mark, Some(Write::Put(Shelf::Marks, SEEN, newest.to_string())));
    assert_eq!((history.missed(), history.look()), (0, None), "once is enough");
    let mut kept = Vec::new();
    keep(&mut kept, history.add(missed(), NOW + 9000, &Contacts::default()));
    assert_eq!(history.missed(), 1);
    // The next visit.
    assert_eq!(loaded(&kept, &[newest.to_string()]).missed(), 1);
    assert_eq!(loaded(&kept, &[(NOW + 9000).to_string()]).missed(), 0);
    assert_eq!(loaded(&kept, &[]).missed(), 1);
}

#[test]
fn deleting_one_call_can_be_undone() {
    let mut kept = Vec::new();
    let mut history = History::default();
    for (index, finished) in [missed(), made(), missed()].into_iter().enumerate() {
        keep(&mut kept, history.add(finished, NOW + index as u64, &Contacts::default()));
    }
    assert_eq!(history.delete(7), None);
    keep(&mut kept, history.delete(NOW + 1));
    assert_eq!((history.entries().count(), kept.len(), history.deleted()), (2, 2, 1));
    keep(&mut kept, history.undo());
    assert_eq!((history.entries().count(), kept.len(), history.deleted()), (3, 3, 0));
    assert_eq!(history.entries().nth(1).map(|entry| entry.outcome), Some(Outcome::Made));
    assert_eq!(history.undo(), [], "once is enough");
}

#[test]
fn deleting_all_calls_can_be_undone() {
    let mut kept = Vec::new();
    let mut history = History::default();
    assert_eq!(history.delete_all(), []);
    for index in 0..3 {
        keep(&mut kept, history.add(missed(), NOW + index, &Contacts::default()));
    }
    keep(&mut kept, history.delete_all());
    assert_eq!((history.missed(), kept.len(), history.deleted()), (0, 0, 3));
    // A call that comes meanwhile stays.
    keep(&mut kept, history.add(made(), NOW + 9, &Contacts::default()));
    keep(&mut kept, history.undo());
    assert_eq!((history.entries().count(), kept.len(), history.missed()), (4, 4, 3));
    keep(&mut kept, history.delete_all());
    history.forget_deleted();
    assert_eq!(history.undo(), []);
}

#[test]
fn the_oldest_calls_go_when_there_are_too_many() {
    let mut history = History::default();
    for index in 0..KEPT as u64 {
        assert_eq!(history.add(made(), NOW + index, &Contacts::default()).len(), 1);
    }
    let writes = history.add(missed(), NOW + KEPT as u64, &Contacts::default());
    assert_eq!(writes.last(), Some(&Write::Delete(Shelf::Calls, NOW)));
    assert_eq!((writes.len(), history.entries().count()), (2, KEPT));
    // What strangers have done in vain goes first.
    let writes = history.add(made(), NOW + MINUTE, &Contacts::default());
    assert_eq!(writes.last(), Some(&Write::Delete(Shelf::Calls, NOW + KEPT as u64)));
}

#[test]
fn a_flood_of_calls_deletes_nothing() {
    let mut history = History::default();
    let contacts = contacts(&[("Ana", &["1002"])]);
    for index in 0..9_000 {
        history.add(made(), NOW + index, &contacts);
    }
    let (mut at, before) = (NOW + 9_000, history.entries().count());
    // Ten of each, a thousand a minute, for ten minutes.
    for caller in 0..1_000 {
        for _ in 0..10 {
            at += 60;
            history.add(missed_from(&format!("sip:{caller}@evil.example")), at, &contacts);
        }
    }
    let made = history.entries().filter(|entry| entry.outcome == Outcome::Made).count();
    assert_eq!(made, before, "what was kept before");
    assert!(history.entries().count() <= before + 11 * 60, "sixty a minute");
    history.add(missed_from("sip:1002@example.com"), at, &contacts);
    let newest = history.entries().next().expect("a call");
    assert_eq!(newest.party.address, "1002", "a contact is heard in the noise");
    // One who never stops has ten rows a minute.
    let mut history = History::default();
    for second in 0..60 {
        history.add(missed_from("sip:9@evil.example"), NOW + second, &contacts);
    }
    assert_eq!(history.entries().count(), 10);
}

#[test]
fn an_address_is_kept_without_what_is_of_one_request_only() {
    let mut history = History::default();
    let long = ["sip:", &"a".repeat(600), "@h"].concat();
    for (from, kept) in [
        ("sip:1002@EXAMPLE.com:5070;maddr=evil.example;x=1", "sip:1002@example.com:5070"),
        ("sip:1002@h?Replaces=x", "sip:1002@h"),
        (&long, ""),
    ] {
        history.add(missed_from(from), NOW, &Contacts::default());
        let newest = history.entries().next().expect("a call");
        assert_eq!(newest.uri, kept);
        assert_eq!(newest.can_be_called(), !kept.is_empty());
    }
}
