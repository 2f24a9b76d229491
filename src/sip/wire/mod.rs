//! SIP messages on the wire: what a WebSocket frame holds, and how to fill one (RFC 3261 §7,
//! RFC 7118).
//!
//! This is the only room that knows `rsip`: its `Header` and tokenizer are the model of a header,
//! and everything in which rsip fails on real messages is mended here. Values are parsed by small
//! hand-written scanners; text that is echoed goes back byte for byte. Nothing here knows
//! transactions, dialogs or policy.
//!
//! Header text is held as `str`. A byte that is not UTF-8 is held as the private-use character
//! U+F700 plus the byte (U+F780 to U+F7FF) and is written as that byte again; a genuine character
//! of that range counts as three such bytes, so the mapping is exact.

mod auth;
mod event;
mod headers;
mod host;
mod identity;
mod message;
mod message_summary;
mod method;
mod multipart;
mod name_addr;
mod normalize;
mod params;
mod parse;
mod rack;
mod reason;
mod replaces;
mod scan;
mod session_expires;
mod sipfrag;
mod status;
mod text;
#[cfg(test)]
mod torture;
mod uri;
mod uri_compare;
mod verstat;
mod via;

pub use auth::{Algorithm, Challenge, Qop, auth_param};
pub use event::{EventType, SubscriptionState, Termination};
pub use headers::Headers;
pub use host::Host;
pub use identity::{Diversion, Identity, answer_after, diversions, extensions, is_anonymous};
pub use message::{Request, Response};
pub use message_summary::{MessageCounts, MessageSummary};
pub use method::{CSeq, Method};
pub use multipart::{Part, split_parts};
pub use name_addr::{Contacts, NameAddr};
pub use normalize::{MAX_HEADER, MAX_HEADERS, MAX_MESSAGE};
pub use params::Params;
pub use parse::{Frame, WireError, parse};
pub use rack::RAck;
pub use reason::{Reason, ReasonProtocol};
pub use replaces::Replaces;
pub use scan::{ValueError, is_token, quote, split_commas, unquote};
pub use session_expires::{Refresher, SessionExpires};
pub use sipfrag::{SIPFRAG, parse_sipfrag, sipfrag};
pub use status::reason_phrase;
pub use text::{MOST_MARKS, display_text, escape_user, is_hidden, is_mark, unescape};
pub use uri::{SipUri, TelUri, Uri, UriError, is_public_number};
pub use verstat::Verstat;
pub use via::Via;
