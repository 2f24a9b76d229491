//! Which STUN and TURN servers a call may use.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{RtcConfiguration, RtcIceServer, RtcIceTransportPolicy};

use crate::phone::candidates::Wanted;

/// The servers and the policy for one peer connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IceConfig {
    /// STUN and TURN servers; none is fine where both ends see each other or the server relays.
    pub servers: Vec<IceServer>,
    /// Allow relayed media only, so that the far end does not learn this computer's address.
    pub relay_only: bool,
}

/// One STUN or TURN server. The credential is a secret, so it is not shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IceServer {
    /// Its addresses, `stun:` or `turn:` URIs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// The user name for TURN, empty for STUN.
    pub username: String,
    /// The password for TURN, empty for STUN.
    pub credential: String,
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(&self.urls).finish()
    }
}

impl IceConfig {
    /// The candidates that a description must wait for under this configuration.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted::new(!self.servers.is_empty(), self.relay_only)
    }

    /// This configuration in the browser's form, with everything over one RTP and RTCP port.
    pub(super) fn to_js(&self) -> RtcConfiguration {
        let servers = Array::new();
        for server in &self.servers {
            let urls = Array::new();
            for url in &server.urls {
                urls.push(&JsValue::from_str(url));
            }
            let js = RtcIceServer::new();
            js.set_urls(&urls);
            if !server.username.is_empty() {
                js.set_username(&server.username);
                js.set_credential(&server.credential);
            }
            servers.push(&js);
        }
        let config = RtcConfiguration::new();
        config.set_ice_servers(&servers);
        if self.relay_only {
            config.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
        }
        // web-sys has no setter for this one. Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(
            &config,
            &JsValue::from_str("rtcpMuxPolicy"),
            &JsValue::from_str("require"),
        );
        config
    }
}
