//! The sign-in form, made into an account, or into what is wrong with it.

use crate::sip::wire::{Host, SipUri, Uri};

/// What is needed to sign in, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The address of record, without parameters.
    pub address: SipUri,
    /// The password.
    pub password: String,
    /// The URL of the WebSocket server.
    pub server: String,
}

/// What is wrong with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountError {
    /// The SIP address is not of the form `name@domain`.
    Address,
    /// The password is missing.
    Password,
    /// The server is no `ws:` or `wss:` URL.
    Server,
    /// The server is a `ws:` URL, which a page that came over HTTPS may not open.
    ServerNotSecure,
}

/// Without the password.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Account").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Account {
    /// Reads the form. `page_is_https` says how the page came to the browser.
    pub fn parse(
        address: &str,
        password: &str,
        server: &str,
        page_is_https: bool,
    ) -> Result<Self, AccountError> {
        let address = parse_address(address.trim()).ok_or(AccountError::Address)?;
        if password.is_empty() {
            return Err(AccountError::Password);
        }
        let server = server.trim();
        let host = if let Some(host) = strip_prefix(server, "wss://") {
            host
        } else if let Some(host) = strip_prefix(server, "ws://") {
            if page_is_https && !is_loopback(host) {
                return Err(AccountError::ServerNotSecure);
            }
            host
        } else {
            return Err(AccountError::Server);
        };
        if !is_authority(host.split(['/', '?']).next().unwrap_or_default())
            || server.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#')
        {
            return Err(AccountError::Server);
        }
        Ok(Self { address, password: password.to_owned(), server: server.to_owned() })
    }

    /// Whether the server is reached over TLS.
    pub fn is_secure(&self) -> bool {
        strip_prefix(&self.server, "wss://").is_some()
    }
}

fn parse_address(text: &str) -> Option<SipUri> {
    let has_scheme = strip_prefix(text, "sip:").is_some() || strip_prefix(text, "sips:").is_some();
    let uri = if has_scheme {
        Uri::parse(text).ok()?
    } else {
        Uri::parse(&["sip:", text].concat()).ok()?
    };
    let Uri::Sip(mut address) = uri else {
        return None;
    };
    address.user.as_ref().filter(|user| !user.is_empty())?;
    address.password = None;
    address.params = Default::default();
    address.headers.clear();
    Some(address)
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Whether this is a host, perhaps with a port. A browser throws at any other.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    Host::parse(host).is_ok() && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Browsers trust the own machine without TLS.
fn is_loopback(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
        strip_prefix(host, name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str, server: &str) -> Result<String, AccountError> {
        Account::parse(address, "x", server, true)
            .map(|account| Uri::Sip(account.address).to_string())
    }

    #[test]
    fn an_address_may_come_with_or_without_its_scheme() {
        for text in ["1001@example.com", " sip:1001@example.com ", "SIP:1001@example.com;lr"] {
            assert_eq!(parse(text, "wss://s").as_deref(), Ok("sip:1001@example.com"), "{text}");
        }
        for text in ["", "1001", "@example.com", "1001@", "sip:example.com", "tel:1001", "a b@c"] {
            assert_eq!(parse(text, "wss://s"), Err(AccountError::Address), "{text}");
        }
    }

    #[test]
    fn a_server_is_a_websocket_url_that_this_page_may_open() {
        let address = "1001@example.com";
        for url in [
            "wss://sip.example.com:7443/ws",
            "ws://127.0.0.1:8088",
            "ws://localhost/x",
            "wss://[::1]:1/",
        ] {
            assert!(parse(address, url).is_ok(), "{url}");
        }
        for url in [
            "",
            "sip.example.com",
            "https://x",
            "wss://",
            "wss:///ws",
            "wss://a b",
            "wss://a:99999",
            "wss://a#b",
            "wss://a:x",
        ] {
            assert_eq!(parse(address, url), Err(AccountError::Server), "{url}");
        }
        for url in ["ws://sip.example.com", "ws://localhost.evil.example"] {
            assert_eq!(parse(address, url), Err(AccountError::ServerNotSecure), "{url}");
        }
        assert!(Account::parse(address, "x", "ws://sip.example.com", false).is_ok());
    }

    #[test]
    fn a_password_is_needed() {
        let error = Account::parse("1001@example.com", "", "wss://s", true);
        assert_eq!(error, Err(AccountError::Password));
    }
}
