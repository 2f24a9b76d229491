//! Session descriptions (RFC 8866), as far as the telephone must read them itself.
//!
//! The browser makes and understands them; here is only what decides whether an offer is worth
//! ringing for.

/// Whether a browser could ever accept this offer: it has an audio stream over DTLS-SRTP
/// (RFC 8827 §6.5 demands it) and names the certificate that will be used.
pub fn is_usable_offer(sdp: &str) -> bool {
    let mut lines = sdp.lines().map(str::trim_end);
    let fingerprint = sdp.lines().any(|line| line.starts_with("a=fingerprint:"));
    fingerprint && lines.any(is_secure_audio)
}

/// `m=audio <port> <proto> …` with a port and a secure profile.
fn is_secure_audio(line: &str) -> bool {
    let Some(media) = line.strip_prefix("m=audio ") else {
        return false;
    };
    let mut fields = media.split(' ');
    let port = fields.next().unwrap_or_default();
    let profile = fields.next().unwrap_or_default();
    port != "0" && profile.contains("TLS/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_needs_audio_over_dtls_with_a_fingerprint() {
        let good = "v=0\r\na=fingerprint:sha-256 AA\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
        assert!(is_usable_offer(good));
        assert!(!is_usable_offer(&good.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP")));
        assert!(!is_usable_offer(&good.replace("a=fingerprint", "a=nothing")));
        assert!(!is_usable_offer(&good.replace("audio 9", "audio 0")));
        assert!(!is_usable_offer(""));
    }
}
