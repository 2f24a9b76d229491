//! Text messages, as conversations.

use super::*;
use crate::phone::messages::{Delivery, Message};
use crate::sip::ua::{MessageEvent, MessageId};
use crate::sip::wire::Identity;

const BOB: &str = "sip:1002@example.com";

fn receive(phone: &mut Phone, from: &str, text: &str) {
    let from = Box::new(Caller::new(Some("Bob".into()), uri(from)));
    let event = MessageEvent::Received { from, text: text.into(), id: MessageId(1) };
    assert_eq!(phone.handle_event(Instant::default(), Event::Message(event)), []);
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
        text: "hola\namigo".into(),
        at: 5000,
        delivery: Delivery::Delivered,
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
fn a_conversation_can_be_deleted() {
    let mut phone = signed_in();
    receive(&mut phone, BOB, "one");
    receive(&mut phone, "sip:1003@example.com", "two");
    phone.delete_conversation(&uri(BOB));
    assert!(conversation(&phone, BOB).is_empty());
    assert_eq!(phone.messages().unread(), 1);
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
    let event =
        MessageEvent::Received { from: Box::new(caller), text: "hi".into(), id: MessageId(1) };
    phone.handle_event(Instant::default(), Event::Message(event));
    let conversation = phone.messages().with(&uri(BOB)).expect("a conversation");
    assert_eq!(conversation.party.label(), "Bob");
    assert!(conversation.party.verified);
}

#[test]
fn messages_outlive_the_telephone() {
    let mut phone = signed_in();
    phone.set_time_of_day(7000);
    receive(&mut phone, BOB, "one");
    receive(&mut phone, "sip:1003@example.com", "two");
    send(&mut phone, BOB, "three");
    assert!(phone.take_messages_changed());
    assert!(!phone.take_messages_changed());
    let stored = phone.messages().stored();
    let mut next = signed_in();
    next.load_messages(stored.clone());
    assert!(!next.take_messages_changed(), "what was read need not be written");
    assert_eq!(next.messages().conversations(), phone.messages().conversations());
    assert_eq!(next.messages().stored(), stored);
    let sent = send(&mut next, BOB, "four");
    assert!(matches!(sent[0], Command::SendMessage { id: MessageId(4), .. }), "{sent:?}");
}

#[test]
fn of_too_many_messages_the_oldest_go() {
    let mut phone = signed_in();
    receive(&mut phone, "sip:1003@example.com", "the oldest");
    for number in 0..1000 {
        receive(&mut phone, BOB, &number.to_string());
    }
    assert!(conversation(&phone, "sip:1003@example.com").is_empty());
    receive(&mut phone, BOB, "the newest");
    let messages = conversation(&phone, BOB);
    assert_eq!((messages.len(), messages[0].text.as_str()), (1000, "1"));
}
