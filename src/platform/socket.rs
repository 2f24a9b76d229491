//! The WebSocket to the SIP server: one connection, from opening to its end.
//!
//! It carries frames and knows nothing of what is in them (RFC 7118 §5: one SIP message per
//! message of the socket, text or binary). It never reconnects; a connection that has ended is
//! dropped and another one opened by whoever decides that.

use std::cell::Cell;
use std::rc::Rc;

use super::page::is_https;
use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, Url, WebSocket};

use super::failure;
use super::held::hold;

/// The subprotocol that a SIP server must agree to (RFC 7118 §4).
const SUBPROTOCOL: &str = "sip";

/// The close code reported for a server that does not agree to it: protocol error
/// (RFC 6455 §7.4.1).
const PROTOCOL_ERROR: u16 = 1002;

/// What happens on a socket, in the order: at most one `Open`, frames, one `Closed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEvent {
    /// The connection is up and the server speaks SIP.
    Open,
    /// A message of the server's, text or binary, as its bytes.
    Frame(Vec<u8>),
    /// The connection has ended, or never came about. No event follows.
    Closed {
        /// The close code of RFC 6455 §7.4.1. 1006 stands for a connection that broke or could
        /// not be made; browsers hide from pages why. 1002 with `was_open` false also stands
        /// for a server that did not select the subprotocol `sip`.
        code: u16,
        /// The reason the server gave, mostly empty.
        reason: String,
        /// Whether `Open` was reported before.
        was_open: bool,
    },
}

/// Why a socket could not be opened or a frame not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketError {
    /// The address is not a `ws:` or `wss:` URL, or has a fragment.
    BadUrl,
    /// The address is `ws:` and the page came by `https:`; browsers forbid that except towards
    /// the own computer.
    Insecure,
    /// The socket is not open yet or not any more.
    NotOpen,
    /// The browser refused for a reason of its own, given in its words.
    Refused(String),
}

/// A connection to a SIP server. Dropping it closes it, and no event is delivered after that.
#[derive(Debug)]
pub struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn Fn(Event)>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_close: Closure<dyn Fn(CloseEvent)>,
}

impl Socket {
    /// Begins to connect to `url`, asking for the subprotocol `sip`. Events arrive later, never
    /// during this call; `on_event` may drop the socket.
    ///
    /// # Errors
    /// [`SocketError::BadUrl`], [`SocketError::Insecure`] or [`SocketError::Refused`]. A server
    /// that cannot be reached is no error here but a [`SocketEvent::Closed`].
    pub fn open(url: &str, on_event: impl Fn(SocketEvent) + 'static) -> Result<Self, SocketError> {
        check(url)?;
        let socket =
            match take_line(url) {
                Ok(Some(begun)) => begun,
                _ => WebSocket::new_with_str(url, SUBPROTOCOL).map_err(
                    |error| match failure::name(&error).as_str() {
                        "SyntaxError" => SocketError::BadUrl,
                        "SecurityError" => SocketError::Insecure,
                        _ => SocketError::Refused(failure::describe(&error)),
                    },
                )?,
            };
        hold(&socket);
        socket.set_binary_type(BinaryType::Arraybuffer);

        let on_event: Rc<dyn Fn(SocketEvent)> = Rc::new(on_event);
        let was_open = Rc::new(Cell::new(false));

        let on_open = {
            let (socket, on_event, was_open) =
                (socket.clone(), Rc::clone(&on_event), Rc::clone(&was_open));
            Closure::<dyn Fn(Event)>::new(move |_| {
                if socket.protocol() == SUBPROTOCOL {
                    was_open.set(true);
                    on_event(SocketEvent::Open);
                } else {
                    silence(&socket);
                    on_event(SocketEvent::Closed {
                        code: PROTOCOL_ERROR,
                        reason: "the server did not select the subprotocol sip".into(),
                        was_open: false,
                    });
                }
            })
        };
        let on_message = {
            let on_event = Rc::clone(&on_event);
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(bytes) = bytes(&event.data()) {
                    on_event(SocketEvent::Frame(bytes));
                }
            })
        };
        let on_close = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
            on_event(SocketEvent::Closed {
                code: event.code(),
                reason: event.reason(),
                was_open: was_open.get(),
            });
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self { socket, _on_open: on_open, _on_message: on_message, _on_close: on_close })
    }

    /// Sends one message: as text if it is UTF-8, else as binary, as RFC 7118 §5 asks.
    ///
    /// # Errors
    /// [`SocketError::NotOpen`] unless the socket is open, [`SocketError::Refused`] if the
    /// browser refuses. Success means that the browser has taken the message, no more.
    pub fn send(&self, frame: &[u8]) -> Result<(), SocketError> {
        // A browser drops in silence what is sent on a closing socket.
        if self.socket.ready_state() != WebSocket::OPEN {
            return Err(SocketError::NotOpen);
        }
        match std::str::from_utf8(frame) {
            Ok(text) => self.socket.send_with_str(text),
            Err(_) => self.socket.send_with_u8_array(frame),
        }
        .map_err(|error| SocketError::Refused(failure::describe(&error)))
    }

    /// Begins to close the connection; [`SocketEvent::Closed`] follows. Over a dead network that
    /// takes the browser's own time, a minute or more: drop the socket instead where it matters.
    pub fn close(&self) {
        // Without a code and reason, closing has no way to fail.
        let _ = self.socket.close();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        silence(&self.socket);
    }
}

/// Closes `socket` and takes its handlers away, so that nothing is heard of it any more.
fn silence(socket: &WebSocket) {
    socket.set_onopen(None);
    socket.set_onmessage(None);
    socket.set_onclose(None);
    let _ = socket.close();
}

/// More of a message is not copied, in letters or bytes: its beginning is enough to refuse it, and
/// memory that the page has once taken it keeps.
const TOO_LONG: u32 = 128 * 1024;

/// The bytes of a message, given the event's data: a string's UTF-8 or a buffer's content. Of what is
/// too long by far only the beginning.
pub fn bytes(data: &JsValue) -> Option<Vec<u8>> {
    match data.dyn_ref::<JsString>() {
        Some(text) if text.length() > TOO_LONG => bytes(&text.slice(0, TOO_LONG)),
        Some(text) => Some(ascii(text).unwrap_or_else(|| String::from(text).into_bytes())),
        None => data.dyn_ref::<ArrayBuffer>().map(|buffer| {
            let length = buffer.byte_length().min(TOO_LONG);
            Uint8Array::new_with_byte_offset_and_length(buffer, 0, length).to_vec()
        }),
    }
}

/// The bytes of a text that is ASCII, as nearly all messages are. The browser's encoder takes a
/// third of the time that the way through `String` takes, letter by letter.
fn ascii(text: &JsString) -> Option<Vec<u8>> {
    thread_local! {
        static ENCODER: TextEncoder = TextEncoder::new();
    }
    let mut bytes = vec![0; text.length() as usize];
    let read = ENCODER.with(|encoder| encoder.encode_into(text, &mut bytes).read());
    // Any other letter takes more bytes than it counts for in the length, and leaves no room.
    (read == text.length()).then_some(bytes)
}

#[wasm_bindgen]
extern "C" {
    /// The connection to `url` that index.html has begun, which is handed out once, and says `open`
    /// after that.
    #[wasm_bindgen(catch, js_name = takeLine)]
    fn take_line(url: &str) -> Result<Option<WebSocket>, JsValue>;
}

// The binding in `web_sys` would copy the text before it is encoded.
#[wasm_bindgen]
extern "C" {
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, bytes: &mut [u8]) -> Encoded;

    type Encoded;
    #[wasm_bindgen(method, getter)]
    fn read(this: &Encoded) -> u32;
}

/// Refuses what no browser would connect to. Newer browsers take `http:` addresses as well and
/// report mixed content only as a broken connection, which would hide the cause.
fn check(url: &str) -> Result<(), SocketError> {
    let url = Url::new(url).map_err(|_| SocketError::BadUrl)?;
    if !url.hash().is_empty() {
        return Err(SocketError::BadUrl);
    }
    match url.protocol().as_str() {
        "wss:" => Ok(()),
        "ws:" if is_https() && !is_loopback(&url.hostname()) => Err(SocketError::Insecure),
        "ws:" => Ok(()),
        _ => Err(SocketError::BadUrl),
    }
}

/// Whether `host` names the own computer (Secure Contexts §3.1).
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host == "[::1]"
}
