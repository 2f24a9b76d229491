//! The socket, as far as it can be tested without a SIP server.

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::platform::{Socket, SocketError, SocketEvent};

use crate::support::{Log, Uncaught, wait_until};

/// A port that nothing listens on and that browsers do not block.
const UNREACHABLE: &str = "ws://127.0.0.1:48739/";

fn never_came_about(event: &SocketEvent) -> bool {
    matches!(event, SocketEvent::Closed { code: 1006, was_open: false, .. })
}

#[wasm_bindgen_test]
fn addresses_that_are_no_socket_are_errors() {
    for url in [
        "",
        "nonsense",
        "/ws",
        "wss://",
        "wss://host:notaport/",
        "https://host/",
        "sip:1001@host",
        "wss://host/#fragment",
    ] {
        assert_eq!(Socket::open(url, |_| ()).err(), Some(SocketError::BadUrl), "{url}");
    }
}

#[wasm_bindgen_test]
async fn an_unreachable_server_closes_a_socket_that_was_never_open() {
    let log = Log::new();
    let socket = Socket::open(UNREACHABLE, log.writer()).expect("a valid address");
    assert_eq!(socket.send(b"early"), Err(SocketError::NotOpen));
    wait_until("the end of the socket", || !log.is_empty()).await;
    assert!(never_came_about(&log.entries()[0]), "{:?}", log.entries());
    assert_eq!(socket.send(b"late"), Err(SocketError::NotOpen));
}

#[wasm_bindgen_test]
async fn a_server_without_websocket_closes_a_socket_that_was_never_open() {
    let host = web_sys::window()
        .and_then(|window| window.location().host().ok())
        .expect("the host of this page");
    let log = Log::new();
    let _socket = Socket::open(&format!("ws://{host}/"), log.writer()).expect("a valid address");
    wait_until("the end of the socket", || !log.is_empty()).await;
    assert!(never_came_about(&log.entries()[0]), "{:?}", log.entries());
}

#[wasm_bindgen_test]
async fn a_closed_socket_reports_its_end_once() {
    let log = Log::new();
    let socket = Socket::open(UNREACHABLE, log.writer()).expect("a valid address");
    socket.close();
    socket.close();
    wait_until("the end of the socket", || !log.is_empty()).await;
    let witness = Log::new();
    let _witness = Socket::open(UNREACHABLE, witness.writer()).expect("a valid address");
    wait_until("the end of a later socket", || !witness.is_empty()).await;
    assert_eq!(log.entries().len(), 1, "{:?}", log.entries());
}

#[wasm_bindgen_test]
async fn a_dropped_socket_is_silent() {
    let uncaught = Uncaught::watch();
    let dropped = Log::new();
    drop(Socket::open(UNREACHABLE, dropped.writer()).expect("a valid address"));
    // A socket that is opened later ends later.
    let witness = Log::new();
    let _witness = Socket::open(UNREACHABLE, witness.writer()).expect("a valid address");
    wait_until("the end of a later socket", || !witness.is_empty()).await;
    assert_eq!(dropped.entries(), []);
    assert!(uncaught.is_empty());
}

#[wasm_bindgen_test]
async fn a_socket_may_be_dropped_by_its_own_event() {
    use std::cell::RefCell;
    use std::rc::Rc;

    let log = Log::new();
    let write = log.writer();
    let holder = Rc::new(RefCell::new(None));
    let inside = Rc::clone(&holder);
    let socket = Socket::open(UNREACHABLE, move |event| {
        inside.take();
        write(event);
    })
    .expect("a valid address");
    holder.replace(Some(socket));
    wait_until("the end of the socket", || !log.is_empty()).await;
    assert!(holder.borrow().is_none());
}
