//! Text messages, as conversations.

use super::contacts::contacts;
use super::*;
use crate::phone::kept::Shelf;
use crate::phone::messages::{Delivery, Message};
use crate::sip::ua::{MessageEvent, MessageId};
use crate::sip::wire::Identity;
use std::collections::BTreeMap;
use std::sync::Arc;

const BOB: &str = "sip:1002@example.com";

/// A message comes in; another text is another message.
pub(super) fn receive(phone: &mut Phone, from: &str, text: &str) {
    let key = text.bytes().fold(9, |key, byte| (key * 31 + u64::from(byte)) % (1 << 40));
    receive_as(phone, from, text, key);
}

fn receive_as(phone: &mut Phone, from: &str, text: &str, key: u64) {
    let from = Box::new(Caller::new(Some("Bob".into()), uri(from)));
    let event = MessageEvent::Received { from, text: text.into(), key };
    assert_eq!(phone.handle_event(Instant::default(), Event::Message(event)), []);
}

/// What is kept, in the order of its numbers.
#[derive(Default)]
struct Kept(BTreeMap<u64, String>);

impl Kept {
    /// Keeps what a telephone wants to be kept.
    fn take(&mut self, phone: &mut Phone) {
        for write in phone.take_writes() {
            match write {
                Write::Put(Shelf::Messages, number, text) => drop(self.0.insert(number, text)),
                Write::Delete(Shelf::Messages, number) => drop(self.0.remove(&number)),
                other => panic!("{other:?}"),
            }
        }
    }

    /// The telephone of the next visit.
    fn next(&mut self) -> Phone {
        let mut phone = signed_in();
        phone.load_messages(&self.0.values().cloned().collect::<Vec<_>>());
        self.take(&mut phone);
        phone
    }
}

fn said(phone: &Phone, with: &str) -> Vec<String> {
    conversation(phone, with).into_iter().map(|message| message.text).collect()
}

fn send(phone: &mut Phone, to: &str, text: &str) -> Vec<Command> {
    phone.send_message(Some(uri(to)), text)
}

fn outcome(phone: &mut Phone, event: MessageEvent) {
    phone.handle_event(Instant::default(), Event::Message(event));
}

fn failed(id: u32, status: u16) -> MessageEvent {
    MessageEvent::Failed { id: MessageId(id), status, reason: "No".into() }
}

fn conversation(phone: &Phone, with: &str) -> Vec<Message> {
    let conversation = phone.messages().with(&uri(with));
    conversation.map(|with| with.messages.clone()).unwrap_or_default()
}

fn deliveries(phone: &Phone) -> Vec<Delivery> {
    conversation(phone, BOB).iter().map(|message| message.delivery).collect()
}

#[test]
fn what_is_sent_stands_in_its_conversation_until_it_is_delivered() {
    let mut phone = signed_in();
    phone.set_time_of_day(5000);
    let command =
        Command::SendMessage { id: MessageId(1), to: uri(BOB), text: "hola\namigo".into() };
    assert_eq!(send(&mut phone, BOB, " hola\r\namigo "), [command]);
    assert_eq!(deliveries(&phone), [Delivery::Sending]);
    outcome(&mut phone, MessageEvent::Delivered(MessageId(1)));
    let message = Message {
        id: MessageId(1),
        number: 5000,
        text: "hola\namigo".into(),
        at: 5000,
        delivery: Delivery::Delivered,
        rest: String::new(),
    };
    assert_eq!(conversation(&phone, BOB), [message]);
}

#[test]
fn what_was_not_delivered_says_why_and_can_be_sent_again() {
    let mut phone = signed_in();
    send(&mut phone, BOB, "hi");
    assert_eq!(phone.retry_message(MessageId(1)), [], "it is on its way");
    outcome(&mut phone, failed(1, 480));
    assert_eq!(deliveries(&phone), [Delivery::Failed(480)]);
    let again = Command::SendMessage { id: MessageId(1), to: uri(BOB), text: "hi".into() };
    assert_eq!(phone.retry_message(MessageId(1)), [again]);
    assert_eq!(deliveries(&phone), [Delivery::Sending]);
    outcome(&mut phone, MessageEvent::Delivered(MessageId(1)));
    assert_eq!(deliveries(&phone), [Delivery::Delivered]);
    assert_eq!(phone.retry_message(MessageId(1)), [], "it has arrived");
    assert_eq!(phone.retry_message(MessageId(9)), []);
}

#[test]
fn nothing_is_sent_where_there_is_nothing_to_read_or_nobody_to_read_it() {
    let mut phone = signed_in();
    assert_eq!(send(&mut phone, BOB, " \n\u{202e}\t"), []);
    assert_eq!(phone.send_message(None, "hi"), []);
    assert_eq!(phone.notice(), Some(&Notice::CannotDial));
    assert!(phone.messages().conversations().is_empty());
}

#[test]
fn all_ways_of_writing_an_address_are_one_conversation() {
    let mut phone = signed_in();
    send(&mut phone, BOB, "one");
    receive(&mut phone, "sip:1002@EXAMPLE.com;transport=ws", "two");
    receive(&mut phone, "sip:1%30%302@example.com", "three");
    receive(&mut phone, "sip:1002@other.example", "elsewhere");
    assert_eq!(conversation(&phone, BOB).len(), 3);
    assert_eq!(phone.messages().conversations().len(), 2);
}

#[test]
fn the_newest_conversation_comes_first() {
    let mut phone = signed_in();
    receive(&mut phone, BOB, "one");
    receive(&mut phone, "sip:1003@example.com", "two");
    let order = |phone: &Phone| -> Vec<String> {
        let all = phone.messages().conversations();
        all.iter().map(|with| with.party.address.clone()).collect()
    };
    assert_eq!(order(&phone), ["1003", "1002"]);
    send(&mut phone, BOB, "three");
    assert_eq!(order(&phone), ["1002", "1003"]);
}

#[test]
fn what_came_in_counts_until_it_is_seen() {
    let mut phone = signed_in();
    receive(&mut phone, BOB, "one");
    receive(&mut phone, BOB, "two");
    receive(&mut phone, "sip:1003@example.com", "three");
    assert_eq!(phone.messages().unread(), 3);
    phone.mark_read(&uri("sip:1002@example.com;transport=ws"));
    assert_eq!(phone.messages().unread(), 1);
    assert_eq!(deliveries(&phone), [Delivery::Read, Delivery::Read]);
    phone.mark_read(&uri("sip:9999@example.com"));
    assert_eq!(phone.messages().unread(), 1);
}

#[test]
fn a_conversation_is_deleted_and_brought_back() {
    let mut kept = Kept::default();
    let mut phone = signed_in();
    receive(&mut phone, BOB, "one");
    receive(&mut phone, "sip:1003@example.com", "two");
    kept.take(&mut phone);
    phone.delete_conversation(&uri(BOB));
    kept.take(&mut phone);
    assert!(conversation(&phone, BOB).is_empty());
    assert_eq!((phone.messages().unread(), kept.0.len()), (1, 1));
    receive(&mut phone, BOB, "three");
    phone.undo_conversation();
    kept.take(&mut phone);
    assert_eq!(said(&phone, BOB), ["one", "three"]);
    assert_eq!(kept.0.len(), 3);
    phone.undo_conversation();
    assert_eq!(said(&phone, BOB), ["one", "three"], "not twice");
}

#[test]
fn a_deletion_that_was_put_away_is_not_undone() {
    let mut phone = signed_in();
    receive(&mut phone, BOB, "one");
    phone.delete_conversation(&uri(BOB));
    assert!(phone.messages().deleted().is_some());
    phone.forget_conversation();
    phone.undo_conversation();
    assert!(phone.messages().deleted().is_none() && conversation(&phone, BOB).is_empty());
}

#[test]
fn what_is_delivered_while_it_is_deleted_is_not_kept_and_comes_back_delivered() {
    let mut kept = Kept::default();
    let mut phone = signed_in();
    send(&mut phone, BOB, "hi");
    phone.delete_conversation(&uri(BOB));
    outcome(&mut phone, MessageEvent::Delivered(MessageId(1)));
    kept.take(&mut phone);
    assert_eq!(kept.0.len(), 0);
    phone.undo_conversation();
    assert_eq!(deliveries(&phone), [Delivery::Delivered]);
}

#[test]
fn a_text_hides_nothing_from_its_reader() {
    let mut phone = signed_in();
    receive(&mut phone, BOB, "a\u{7}\u{202e}b\r\nc\rd\u{2066}\u{0}\u{200d}");
    assert_eq!(conversation(&phone, BOB)[0].text, "ab\nc\nd\u{200d}");
    receive(&mut phone, BOB, "\u{202e}\r\n");
    assert_eq!(conversation(&phone, BOB).len(), 1, "nothing to read");
}

#[test]
fn who_sent_it_is_who_the_server_says() {
    let mut phone = signed_in();
    let mut caller = Caller::new(Some("Not the bank".into()), uri("sip:bank@evil.example"));
    caller.asserted = vec![Identity { name: Some("Bob".into()), uri: uri(BOB) }];
    let event = MessageEvent::Received { from: Box::new(caller), text: "hi".into(), key: 1 };
    phone.handle_event(Instant::default(), Event::Message(event));
    let conversation = phone.messages().with(&uri(BOB)).expect("a conversation");
    assert_eq!(conversation.party.label(), "Bob");
    assert!(!conversation.party.verified, "it has said nothing of having looked");
}

#[test]
fn messages_outlive_the_telephone() {
    let mut kept = Kept::default();
    let mut phone = signed_in();
    phone.set_time_of_day(7000);
    receive(&mut phone, BOB, "one");
    phone.set_time_of_day(7001);
    receive(&mut phone, "sip:1003@example.com", "two");
    phone.set_time_of_day(7002);
    send(&mut phone, BOB, "three");
    outcome(&mut phone, MessageEvent::Delivered(MessageId(3)));
    phone.mark_read(&uri(BOB));
    kept.take(&mut phone);
    let mut next = kept.next();
    let shown = |phone: &Phone| -> Vec<(String, u64, Delivery)> {
        let all = phone.messages().conversations().iter().flat_map(|with| &with.messages);
        all.map(|message| (message.text.clone(), message.at, message.delivery)).collect()
    };
    assert_eq!(shown(&next), shown(&phone));
    assert_eq!(shown(&next).len(), 3);
    assert_eq!(next.messages().with(&uri(BOB)).map(|with| with.party.label()), Some("Bob"));
    assert_eq!(next.take_writes(), [], "what was read need not be written");
    let sent = send(&mut next, BOB, "four");
    assert!(matches!(sent[0], Command::SendMessage { id: MessageId(4), .. }), "{sent:?}");
}

#[test]
fn two_pages_of_an_account_lose_nothing_of_each_other() {
    let mut kept = Kept::default();
    let (mut one, mut two) = (signed_in(), signed_in());
    one.set_time_of_day(7000);
    two.set_time_of_day(7500);
    send(&mut one, BOB, "from one");
    send(&mut two, BOB, "from two");
    // The server sends it to both.
    one.set_time_of_day(8000);
    two.set_time_of_day(8001);
    receive_as(&mut one, BOB, "to both", 5);
    receive_as(&mut two, BOB, "to both", 5);
    kept.take(&mut one);
    kept.take(&mut two);
    one.mark_read(&uri(BOB));
    kept.take(&mut one);
    let next = kept.next();
    assert_eq!(said(&next, BOB), ["from one", "from two", "to both"]);
    assert_eq!(next.messages().unread(), 0);
}

#[test]
fn what_comes_before_the_kept_messages_are_read_stands_behind_them() {
    let mut kept = Kept::default();
    let mut phone = signed_in();
    phone.set_time_of_day(7000);
    receive_as(&mut phone, BOB, "old", 1);
    receive_as(&mut phone, BOB, "both", 2);
    kept.take(&mut phone);
    let mut next = signed_in();
    next.set_time_of_day(9000);
    receive_as(&mut next, BOB, "both", 2);
    send(&mut next, BOB, "new");
    next.load_messages(&kept.0.values().cloned().collect::<Vec<_>>());
    assert_eq!(said(&next, BOB), ["old", "both", "new"]);
    outcome(&mut next, MessageEvent::Delivered(MessageId(2)));
    assert_eq!(conversation(&next, BOB)[2].delivery, Delivery::Delivered);
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let mut phone = signed_in();
    phone.load_messages(&["".into(), "1\tr\t0\t1\tsip:1002@example.com\t\thi".into()]);
    assert_eq!(said(&phone, BOB), ["hi"]);
}

#[test]
fn what_a_newer_telephone_has_written_of_a_message_outlasts_an_older_one() {
    let newer = "id=1\tdelivery=u\tstatus=0\tat=1\taddress=sip:1002@example.com\ttext=hi\tstars=5";
    let mut phone = signed_in();
    phone.load_messages(&[newer.into()]);
    phone.mark_read(&uri(BOB));
    let read = newer.replace("delivery=u", "delivery=r");
    assert_eq!(phone.take_writes(), [Write::Put(Shelf::Messages, 1, read)]);
}

#[test]
fn of_too_many_messages_those_of_the_longest_conversation_go() {
    let mut kept = Kept::default();
    let mut phone = signed_in();
    receive(&mut phone, "sip:1003@example.com", "the oldest");
    for number in 0..1000 {
        phone.set_time_of_day(1 + number);
        receive_as(&mut phone, BOB, &number.to_string(), number);
    }
    assert_eq!(said(&phone, "sip:1003@example.com"), ["the oldest"]);
    let messages = conversation(&phone, BOB);
    assert_eq!((messages.len(), messages[0].text.as_str()), (999, "1"));
    kept.take(&mut phone);
    assert_eq!(kept.0.len(), 1000);

    // Another page has kept as many.
    let mut other = signed_in();
    for number in 0..500 {
        other.set_time_of_day(3000 + number);
        send(&mut other, BOB, "more");
    }
    kept.take(&mut other);
    assert_eq!(kept.0.len(), 1500);
    let next = kept.next();
    assert_eq!((conversation(&next, BOB).len(), kept.0.len()), (1000, 1000));
}

#[test]
fn of_whoever_hides_nothing_is_kept_but_the_words() {
    let mut phone = signed_in();
    let mut from = Caller::new(Some("Bob".into()), uri("sip:1002@example.com"));
    from.anonymous = true;
    let event = MessageEvent::Received { from: Box::new(from), text: "hola".into(), key: 7 };
    phone.handle_event(Instant::default(), Event::Message(event));
    let mut kept = Kept::default();
    kept.take(&mut phone);
    let text = kept.0.values().next().expect("a message");
    assert!(text.contains("hola") && !text.contains("1002") && !text.contains("Bob"), "{text}");
}

#[test]
fn a_flood_of_texts_deletes_nobody_elses() {
    let mut phone = signed_in();
    phone.set_contacts(Arc::new(contacts(&[("Ana", &["1002"])])));
    let texts = |phone: &Phone, with: &str| conversation(phone, with).len();
    for number in 0..300 {
        receive_as(&mut phone, "sip:1002@example.com", "of a contact", number);
        receive_as(&mut phone, "sip:1003@example.com", "of a stranger", 1_000 + number);
    }
    send(&mut phone, "sip:1003@example.com", "an answer");
    for number in 0..10_000 {
        let sender = format!("sip:{}@evil.example", number % 700);
        receive_as(&mut phone, &sender, "buy", 10_000 + number);
    }
    assert_eq!(texts(&phone, "sip:1002@example.com"), 300);
    assert_eq!(texts(&phone, "sip:1003@example.com"), 301);
}

#[test]
fn a_text_shows_neither_endless_lines_nor_piles_of_marks() {
    let mut phone = signed_in();
    let pile = "\u{35c}".repeat(50);
    receive(
        &mut phone,
        BOB,
        &format!("a{pile}b\n\n \n\n\n\n\u{200b}\u{e0041}c 👩\u{200d}🦰\u{fe0f}"),
    );
    let text = &conversation(&phone, BOB)[0].text;
    assert_eq!(text, "a\u{35c}\u{35c}\u{35c}\u{35c}b\n\n \nc 👩\u{200d}🦰\u{fe0f}");
}

#[test]
fn the_newest_message_stays_whoever_it_is_of() {
    let mut phone = signed_in();
    phone.set_contacts(Arc::new(contacts(&[("Ana", &["1002"])])));
    for number in 0..1_000 {
        receive_as(&mut phone, BOB, "of a contact", number);
    }
    receive_as(&mut phone, "sip:bank@example.com", "your code", 5_000);
    assert_eq!(said(&phone, "sip:bank@example.com"), ["your code"]);
    send(&mut phone, "sip:1003@example.com", "the first");
    assert_eq!(said(&phone, "sip:1003@example.com"), ["the first"]);
    assert_eq!(said(&phone, "sip:bank@example.com").len(), 0, "it was the least of all then");
}
