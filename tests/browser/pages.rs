//! What pages leave to each other and tell each other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::platform::Lock;
use webphone::platform::channel::Channel;
use webphone::platform::locks::Claim;
use webphone::platform::timer::sleep;
use webphone::platform::vault::Vault;

#[wasm_bindgen_test]
async fn a_vault_gives_back_its_last_text_until_it_is_cleared() {
    let vault = Vault::open().await.expect("a database");
    vault.clear().await.expect("nothing is kept");
    assert_eq!(vault.read().await, None);
    for (text, nonce) in [("first", 1), ("péssword\nand more", 2)] {
        vault.write(text, [nonce; 12]).await.expect("it is kept");
        assert_eq!(vault.read().await.as_deref(), Some(text));
    }
    let again = Vault::open().await.expect("a database");
    assert_eq!(again.read().await.as_deref(), Some("péssword\nand more"));
    again.clear().await.expect("nothing is kept");
    assert_eq!(vault.read().await, None);
}

#[wasm_bindgen_test]
async fn a_lock_is_one_pages_until_it_is_dropped_or_taken_away() {
    let name = "webphone.test.claim";
    let lost = Rc::new(Cell::new(false));
    let noted = lost.clone();
    let first = Lock::claim(name, Claim::IfFree, move || noted.set(true)).await;
    assert!(first.is_some());
    assert!(Lock::claim(name, Claim::IfFree, || ()).await.is_none(), "it is held");
    let second = Lock::claim(name, Claim::AtOnce, || ()).await;
    assert!(second.is_some());
    while !lost.get() {
        sleep(Duration::from_millis(5)).await;
    }
    drop(first); // It holds nothing any more.
    assert!(Lock::claim(name, Claim::IfFree, || ()).await.is_none(), "the second one holds it");
    drop(second);
    let third = Lock::claim(name, Claim::InTurn, || ()).await;
    assert!(third.is_some(), "whoever waits has it as soon as it is free");
}

#[wasm_bindgen_test]
async fn who_is_on_a_channel_hears_the_others_until_it_is_dropped() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let noted = heard.clone();
    let name = "webphone.test.channel";
    let near = Channel::open(name, move |text| noted.borrow_mut().push(text)).expect("a channel");
    let far = Channel::open(name, |_| ()).expect("a channel");
    far.tell("one");
    near.tell("itself");
    while heard.borrow().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    drop(near);
    far.tell("two");
    sleep(Duration::from_millis(50)).await;
    assert_eq!(*heard.borrow(), ["one"]);
}
