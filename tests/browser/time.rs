//! Clocks, timers and randomness.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::entropy::Entropy;
use webphone::platform::timer::sleep;
use webphone::platform::{CryptoEntropy, Interval, Timeout, clock};

use crate::support::{Log, Uncaught, wait_until};

#[wasm_bindgen_test]
async fn the_clock_advances_with_a_sleep() {
    let began = clock::now();
    sleep(Duration::from_millis(30)).await;
    // Browsers round their clock by up to a millisecond.
    assert!(clock::now().since(began) >= Duration::from_millis(29));
}

#[wasm_bindgen_test]
fn the_time_of_day_is_of_this_century() {
    assert!(clock::wall_clock_ms() > 1.7e12);
}

#[wasm_bindgen_test]
async fn a_timeout_fires_once() {
    let log = Log::new();
    let write = log.writer();
    let _timer = Timeout::new(Duration::from_millis(1), move || write(()));
    wait_until("the timeout", || !log.is_empty()).await;
    sleep(Duration::from_millis(30)).await;
    assert_eq!(log.entries().len(), 1);
}

#[wasm_bindgen_test]
async fn a_dropped_timer_never_fires() {
    let uncaught = Uncaught::watch();
    let log = Log::new();
    let (once, often) = (log.writer(), log.writer());
    drop(Timeout::new(Duration::from_millis(1), move || once("once")));
    drop(Interval::new(Duration::from_millis(1), move || {
        often("often");
    }));
    // Timers fire in the order of their times.
    sleep(Duration::from_millis(30)).await;
    assert_eq!(log.entries(), Vec::<&str>::new());
    assert!(uncaught.is_empty());
}

#[wasm_bindgen_test]
async fn a_timer_may_be_dropped_by_its_own_callback() {
    let count = Rc::new(Cell::new(0));
    let holder = Rc::new(RefCell::new(None));
    let (counting, inside) = (Rc::clone(&count), Rc::clone(&holder));
    holder.replace(Some(Interval::new(Duration::from_millis(1), move || {
        inside.take();
        counting.set(counting.get() + 1);
    })));
    wait_until("the first tick", || count.get() > 0).await;
    sleep(Duration::from_millis(30)).await;
    assert_eq!(count.get(), 1);
}

#[wasm_bindgen_test]
async fn a_timeout_may_replace_itself_in_its_own_callback() {
    let holder = Rc::new(RefCell::new(None::<Timeout>));
    let log = Log::new();
    let (inside, first, second) = (Rc::clone(&holder), log.writer(), log.writer());
    holder.replace(Some(Timeout::new(Duration::ZERO, move || {
        inside.replace(Some(Timeout::new(Duration::ZERO, move || second("second"))));
        first("first");
    })));
    wait_until("both timeouts", || log.entries().len() == 2).await;
    assert_eq!(log.entries(), ["first", "second"]);
}

#[wasm_bindgen_test]
async fn an_interval_fires_again_and_again() {
    let log = Log::new();
    let write = log.writer();
    let _timer = Interval::new(Duration::from_millis(1), move || write(()));
    wait_until("three ticks", || log.entries().len() >= 3).await;
}

#[wasm_bindgen_test]
fn random_bytes_differ_between_calls() {
    let mut entropy = CryptoEntropy::new().expect("a generator");
    let (mut first, mut second) = ([0; 32], [0; 32]);
    entropy.fill(&mut first);
    entropy.fill(&mut second);
    assert_ne!(first, second);
    assert_ne!(first, [0; 32]);
}

#[wasm_bindgen_test]
fn more_random_bytes_than_the_browser_gives_at_once_are_all_filled() {
    let mut bytes = vec![0; 200_000];
    CryptoEntropy::new().expect("a generator").fill(&mut bytes);
    for chunk in bytes.chunks(32) {
        assert!(chunk.iter().any(|byte| *byte != 0));
    }
}
