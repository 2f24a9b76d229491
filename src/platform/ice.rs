//! STUN and TURN servers and candidates in the browser's form.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    RtcConfiguration, RtcIceCandidate, RtcIceCandidateInit, RtcIceServer, RtcIceTransportPolicy,
    RtcPeerConnection,
};

use super::page::set;
use crate::media::candidates;
use crate::media::ice::IceConfig;
use crate::media::sdp::fragment::{Candidate, Candidates};

/// A configuration in the browser's form, with everything over one RTP and RTCP port.
pub(super) fn to_js(ice: &IceConfig) -> RtcConfiguration {
    let servers = Array::new();
    for server in &ice.servers {
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
    if ice.relay_only {
        config.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    set(&config, "rtcpMuxPolicy", &"require".into());
    // What is found before it is asked for, is there when it is: Chromium finds the last of it after a
    // tenth of a second.
    set(&config, "iceCandidatePoolSize", &1.into());
    config
}

/// A candidate that came after its description, if the far end can use it.
pub(super) fn late(candidate: &RtcIceCandidate, relay_only: bool) -> Option<Candidates> {
    let mut line = candidate.candidate();
    if !candidates::is_worth_telling(&line, relay_only) {
        return None;
    }
    if relay_only {
        line = candidates::relays_only(&line);
    }
    // web-sys does not have it.
    let ufrag = Reflect::get(candidate, &JsValue::from_str("usernameFragment"));
    let ufrag = ufrag.ok().and_then(|ufrag| ufrag.as_string()).unwrap_or_default();
    let list = vec![Candidate { mid: candidate.sdp_mid().unwrap_or_default(), line }];
    Some(Candidates { ufrag, list, complete: false })
}

/// Gives the browser candidates of the far end. What it cannot use, it says, and is passed over.
pub(super) fn add(connection: &RtcPeerConnection, more: &Candidates) {
    let end = Candidate { mid: String::new(), line: String::new() };
    for candidate in more.list.iter().chain(more.complete.then_some(&end)) {
        let init = RtcIceCandidateInit::new(&candidate.line);
        match candidate.mid.as_str() {
            "" => init.set_sdp_m_line_index(Some(0)),
            mid => init.set_sdp_mid(Some(mid)),
        }
        if !more.ufrag.is_empty() {
            set(&init, "usernameFragment", &more.ufrag.as_str().into());
        }
        let added = connection.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
        spawn_local(async {
            let _ = JsFuture::from(added).await;
        });
    }
}
