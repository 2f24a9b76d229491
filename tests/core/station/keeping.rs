//! What is kept of an account, and when it is written.

use super::*;
use webphone::phone::Notice;
use webphone::phone::contact::Contact;
use webphone::phone::kept::{Shelf, Write};
use webphone::station::ContactAct;

/// The database of the account, where what a page could write no more is left too.
const BOOK: &str = "webphone:sip:1001@example.com";

const LEAVING: Input<'static> = Input::Page(Page::Leaving { has_worker: false });

/// A desk whose database is being opened.
fn opening() -> Desk {
    opening_after("")
}

/// The same, where an earlier page has left these calls.
fn opening_after(left: &str) -> Desk {
    let mut desk = Desk::new();
    desk.browser.set(BOOK, left);
    desk.has_database = false;
    let (mut desk, register) = desk.sign_in(false);
    desk.grant(&register);
    desk
}

/// The same, open and empty.
fn open() -> Desk {
    let mut desk = opening();
    desk.input(Input::Kept(Kept::Read(Default::default())));
    desk
}

/// Somebody is added to the contacts, which is to be kept.
fn save(desk: &mut Desk, name: &str) {
    let contact = Box::new(Contact { name: name.into(), ..Contact::default() });
    desk.act(Act::Contact(ContactAct::Save(contact)));
}

/// The batches that went out since this was asked last, by their numbers and whom they keep.
fn batches(desk: &mut Desk) -> Vec<(u32, Vec<String>)> {
    let batches = desk.asked.drain(..).filter_map(|asked| match asked {
        Output::Keep(number, writes) => Some((number, writes.iter().map(name).collect())),
        _ => None,
    });
    batches.collect()
}

fn name(write: &Write) -> String {
    match write {
        Write::Put(Shelf::Contacts, _, card) => {
            let line = card.lines().find_map(|line| line.strip_prefix("FN:"));
            line.unwrap_or_default().to_owned()
        }
        Write::Put(Shelf::Calls, id, _) => format!("call {id}"),
        other => format!("{other:?}"),
    }
}

/// One batch, as [`batches`] has it.
fn batch(number: u32, names: &[&str]) -> (u32, Vec<String>) {
    (number, names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn what_is_to_be_kept_waits_until_the_database_is_open_and_goes_together() {
    let mut desk = opening();
    save(&mut desk, "Ana");
    save(&mut desk, "Bob");
    assert_eq!(batches(&mut desk), []);
    desk.input(Input::Kept(Kept::Read(Default::default())));
    assert_eq!(batches(&mut desk), [batch(1, &["Ana", "Bob"])]);
}

#[test]
fn one_batch_is_written_at_a_time() {
    let mut desk = open();
    save(&mut desk, "Ana");
    assert_eq!(batches(&mut desk), [batch(1, &["Ana"])]);
    save(&mut desk, "Bob");
    save(&mut desk, "Carla");
    assert_eq!(batches(&mut desk), []);
    desk.input(Input::Kept(Kept::Written(1)));
    assert_eq!(batches(&mut desk), [batch(2, &["Bob", "Carla"])]);
}

#[test]
fn what_could_not_be_written_is_said_and_tried_again_in_half_a_minute() {
    let mut desk = open();
    save(&mut desk, "Ana");
    batches(&mut desk);
    desk.input(Input::Kept(Kept::Failed(1)));
    assert_eq!(desk.phone().notice(), Some(&Notice::NothingKept));
    assert_eq!(batches(&mut desk), []);
    desk.advance(Duration::from_secs(30));
    assert_eq!(batches(&mut desk), [batch(2, &["Ana"])]);
    desk.input(Input::Kept(Kept::Written(2)));
    assert_eq!(desk.phone().notice(), None);
}

#[test]
fn what_could_not_be_written_goes_with_what_is_to_be_written_next() {
    let mut desk = open();
    save(&mut desk, "Ana");
    desk.input(Input::Kept(Kept::Failed(1)));
    desk.act(Act::DismissNotice);
    batches(&mut desk);
    save(&mut desk, "Bob");
    assert_eq!(batches(&mut desk), [batch(2, &["Ana", "Bob"])]);
    desk.input(Input::Kept(Kept::Failed(2)));
    assert_eq!(desk.phone().notice(), None, "it is said once");
}

#[test]
fn a_page_that_goes_away_writes_at_once_and_leaves_its_calls_to_the_next() {
    let mut desk = open();
    desk.call("1002");
    save(&mut desk, "Ana");
    assert_eq!(batches(&mut desk), [batch(1, &["Ana"])]);
    save(&mut desk, "Bob");
    desk.input(LEAVING);
    let now = [batch(2, &["Bob"]), batch(3, &["call 1790000000000"])];
    assert_eq!(batches(&mut desk), now, "though one is under way");
    let left = desk.browser.get(BOOK).unwrap_or_default();
    assert_eq!(left.lines().count(), 1, "{left}");
    desk.input(Input::Page(Page::Back));
    save(&mut desk, "Carla");
    assert_eq!(batches(&mut desk), [], "one at a time again");
}

#[test]
fn batches_that_fail_side_by_side_are_tried_again_in_their_order() {
    let mut desk = open();
    save(&mut desk, "Ana");
    desk.input(LEAVING);
    save(&mut desk, "Bob");
    batches(&mut desk);
    desk.input(Input::Page(Page::Back));
    desk.input(Input::Kept(Kept::Failed(2)));
    desk.input(Input::Kept(Kept::Failed(1)));
    desk.advance(Duration::from_secs(30));
    assert_eq!(batches(&mut desk), [batch(3, &["Ana", "Bob"])]);
}

#[test]
fn a_page_that_goes_away_does_not_try_without_a_pause_what_fails() {
    let mut desk = open();
    save(&mut desk, "Ana");
    desk.input(LEAVING);
    batches(&mut desk);
    desk.input(Input::Kept(Kept::Failed(1)));
    assert_eq!(batches(&mut desk), []);
    desk.advance(Duration::from_secs(30));
    assert_eq!(batches(&mut desk), [batch(2, &["Ana"])]);
}

#[test]
fn what_failed_does_not_come_back_over_what_is_newer() {
    let mut desk = open();
    save(&mut desk, "Ana");
    let id = desk.phone().contacts().all().next().expect("Ana").id;
    desk.input(LEAVING);
    desk.act(Act::Contact(ContactAct::Delete(id)));
    save(&mut desk, "Bob");
    desk.input(Input::Page(Page::Back));
    batches(&mut desk);
    desk.input(Input::Kept(Kept::Failed(1)));
    desk.input(Input::Kept(Kept::Written(2)));
    desk.input(Input::Kept(Kept::Written(3)));
    desk.advance(Duration::from_secs(60));
    assert_eq!(batches(&mut desk), []);
    assert_eq!(desk.phone().notice(), None, "all is kept");
}

#[test]
fn a_database_that_another_tab_holds_is_waited_for_and_that_is_said() {
    let mut desk = opening();
    desk.advance(Duration::from_millis(4999));
    assert_eq!(desk.phone().notice(), None);
    desk.advance(Duration::from_millis(1));
    assert_eq!(desk.phone().notice(), Some(&Notice::BookIsLate));
    save(&mut desk, "Ana");
    desk.input(Input::Kept(Kept::Read(Default::default())));
    assert_eq!(desk.phone().notice(), None);
    assert_eq!(batches(&mut desk), [batch(1, &["Ana"])], "nothing is lost");
}

#[test]
fn where_the_browser_keeps_nothing_that_is_said_and_nothing_is_written() {
    let mut desk = opening();
    desk.input(Input::Kept(Kept::Unavailable));
    assert_eq!(desk.phone().notice(), Some(&Notice::NothingKept));
    save(&mut desk, "Ana");
    desk.advance(Duration::from_secs(60));
    assert_eq!(batches(&mut desk), []);
    assert_eq!(desk.phone().contacts().all().count(), 1, "for this visit it is there");
}

#[test]
fn calls_that_an_earlier_page_has_left_are_shown_and_written() {
    let line = "7\t7\tmade\t\t\t1002\tsip:1002@example.com\tAna";
    let mut desk = opening_after(line);
    desk.input(Input::Kept(Kept::Read(Default::default())));
    assert_eq!(batches(&mut desk), [batch(1, &["call 7"])]);
    assert_eq!(desk.phone().history().search("Ana", None), [7]);
    assert_eq!(desk.browser.get(BOOK), None, "no other page writes them again");
}

#[test]
fn what_waits_is_written_when_the_user_signs_out_and_nothing_after_it() {
    let mut desk = open();
    save(&mut desk, "Ana");
    save(&mut desk, "Bob");
    batches(&mut desk);
    desk.act(Act::SignOut);
    assert_eq!(batches(&mut desk), [batch(2, &["Bob"])]);
    desk.input(Input::Kept(Kept::Failed(2)));
    desk.advance(Duration::from_secs(60));
    assert_eq!(batches(&mut desk), []);
    assert_eq!(desk.phone().notice(), None, "it is another account's by now");
}
