//! The recordings that are kept.

use super::*;
use crate::phone::entry::{Entry, Outcome};
use crate::phone::recordings::{Kept, Recordings};
use std::time::Duration;

fn kept(id: u64, finished: bool) -> Kept {
    Kept {
        id,
        party: Party { name: Some("Ana".into()), address: "1002".into(), ..Party::default() },
        uri: "sip:1002@example.com".into(),
        length: Duration::from_millis(61_500),
        bytes: 250_000,
        kind: "audio/webm;codecs=opus".into(),
        finished,
        rest: String::new(),
    }
}

fn loaded(all: &[Kept]) -> Recordings {
    let texts: Vec<_> = all.iter().map(Kept::write).collect();
    let mut recordings = Recordings::default();
    recordings.load(&texts, |_| false);
    recordings
}

fn offered(recordings: &Recordings) -> Option<u64> {
    recordings.offered().map(|kept| kept.id)
}

#[test]
fn what_is_written_is_read_again_and_nonsense_is_passed_over() {
    let mut recordings = loaded(&[kept(7, true), kept(9, true)]);
    recordings.load(&["".into(), "1\t2".into(), "x\t\t1\t2\tk\ta\tu\tn".into()], |_| false);
    assert_eq!(recordings.of(None), [9, 7], "the newest first");
    assert_eq!(recordings.get(7), Some(&kept(7, true)));
    assert_eq!(recordings.room(), 500_000);
    let mut sly = kept(8, true);
    sly.party.name = Some("A\tb\nc".into());
    let recordings = loaded(&[sly]);
    let name = recordings.get(8).and_then(|kept| kept.party.name.clone());
    assert_eq!(name.as_deref(), Some("A b c"));
}

#[test]
fn a_recording_that_broke_off_is_offered_until_the_user_has_heard_of_it() {
    let mut recordings = loaded(&[kept(7, false), kept(9, true)]);
    assert_eq!(offered(&recordings), Some(7));
    let known = recordings.dismiss().expect("something to write");
    assert_eq!((known.id, known.finished), (7, true));
    assert_eq!((offered(&recordings), recordings.dismiss()), (None, None));
    assert_eq!(recordings.of(None), [9, 7], "it stays");
}

#[test]
fn what_a_newer_telephone_has_written_of_a_recording_outlasts_an_older_one() {
    let newer = [kept(7, false).write().as_str(), "\tnote=for\\tMaría"].concat();
    let mut recordings = Recordings::default();
    recordings.load(std::slice::from_ref(&newer), |_| false);
    let known = recordings.dismiss().expect("something to write");
    assert!(known.write().ends_with("\tnote=for\\tMaría"), "{}", known.write());
    assert!(known.write().contains("\tfinished="));
}

#[test]
fn recordings_of_telephones_that_knew_no_names_of_fields_are_read() {
    let older =
        "7\tfinished\t61500\t250000\taudio/webm;codecs=opus\t1002\tsip:1002@example.com\tAna";
    let mut recordings = Recordings::default();
    recordings.load(&[older.into()], |_| false);
    assert_eq!(recordings.get(7), Some(&kept(7, true)));
}

#[test]
fn what_another_page_records_now_is_neither_offered_nor_listed() {
    let texts = [kept(7, false).write(), kept(8, false).write()];
    let mut recordings = Recordings::default();
    recordings.load(&texts, |id| id == 8);
    assert_eq!(recordings.of(None), [7]);
}

#[test]
fn a_new_recording_is_offered_once_and_before_older_ones() {
    let mut recordings = loaded(&[kept(7, false)]);
    recordings.add(kept(8, true));
    assert_eq!(offered(&recordings), Some(8));
    assert_eq!(recordings.dismiss(), None, "nothing is written");
    assert_eq!(offered(&recordings), Some(7));
    recordings.remove(7);
    assert_eq!((offered(&recordings), recordings.of(None)), (None, vec![8]));
}

#[test]
fn two_of_the_same_moment_have_names_of_their_own() {
    let mut recordings = Recordings::default();
    let first = recordings.fresh_id(1000);
    recordings.add(kept(first, true));
    assert_eq!((first, recordings.fresh_id(1000)), (1000, 1001));
}

#[test]
fn a_recording_belongs_to_the_call_in_which_it_was_made() {
    let call = |at, ended, uri: &str| Entry {
        id: ended,
        at,
        outcome: Outcome::Made,
        party: Party::default(),
        uri: uri.into(),
        length: None,
        cause: None,
        quality: None,
        rest: String::new(),
    };
    let recordings = loaded(&[kept(1500, true), kept(1700, true), kept(3000, true)]);
    let of = |entry| recordings.of(Some(&entry));
    assert_eq!(of(call(1000, 2000, "sip:1002@example.com")), [1700, 1500]);
    assert!(of(call(1000, 2000, "sip:1003@example.com")).is_empty(), "a call beside it");
    assert!(of(call(2000, 2500, "sip:1002@example.com")).is_empty());
}

#[test]
fn a_file_is_named_by_moment_and_party_with_nothing_that_a_disk_refuses() {
    let named = |name: Option<&str>, address: &str, kind: &str| {
        let mut kept = kept(1, true);
        kept.party =
            Party { name: name.map(str::to_owned), address: address.into(), ..Party::default() };
        kept.kind = kind.into();
        kept.file_name("2026-11-26 14.05")
    };
    let webm = "audio/webm;codecs=opus";
    assert_eq!(named(Some("José Pérez"), "1", webm), "2026-11-26 14.05 José Pérez.webm");
    assert_eq!(named(None, "+57 604 1", "audio/mp4"), "2026-11-26 14.05 +57 604 1.m4a");
    assert_eq!(named(Some("../a:b\"c|\\<>?*"), "1", "audio/ogg"), "2026-11-26 14.05 ..abc.ogg");
    assert_eq!(named(None, "", webm), "2026-11-26 14.05.webm", "a hidden caller");
}
