//! The sign-in form, made into an account, or into what is wrong with it.

use super::numbers::without_scheme;
use crate::sip::ua::Server;
use crate::sip::wire::{Host, SipUri, Uri};

/// What is needed to sign in, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The address of record, without parameters.
    pub address: SipUri,
    /// The password.
    pub password: String,
    /// The WebSocket servers, of which one is used at a time: the URL of each, and when it is its turn.
    pub servers: Vec<(String, Server)>,
}

/// What is wrong with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountError {
    /// The SIP address is not of the form `name@domain`.
    Address,
    /// The password is missing.
    Password,
    /// There is no server, or one that is no `ws:` or `wss:` URL.
    Server,
    /// The server is a `ws:` URL of another computer, to which everything would go unencrypted.
    ServerNotSecure,
}

/// Without the password.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Account").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Account {
    /// Reads the form. Several servers stand in the order in which they are tried, unless
    /// `;priority=` says another; `;weight=` shares the telephones among those of one priority
    /// (RFC 2782). Without TLS only the own computer may be spoken to, and `page_host`, if the page
    /// itself came from there in the clear.
    pub fn parse(
        address: &str,
        password: &str,
        servers: &str,
        page_host: Option<&str>,
    ) -> Result<Self, AccountError> {
        let address = parse_address(address.trim()).ok_or(AccountError::Address)?;
        if password.is_empty() {
            return Err(AccountError::Password);
        }
        let listed = servers.split([' ', ',']).filter(|text| !text.is_empty());
        let servers = listed.zip(1..).map(|(text, turn)| parse_server(text, turn, page_host));
        let servers = servers.collect::<Result<Vec<_>, _>>()?;
        if servers.is_empty() {
            return Err(AccountError::Server);
        }
        Ok(Self { address, password: password.to_owned(), servers })
    }

    /// As a text to be kept, of three lines, which [`Self::read`] reads.
    pub fn write(&self) -> String {
        let servers = self.servers.iter().map(|(url, Server { priority, weight, .. })| {
            [url, ";priority=", &priority.to_string(), ";weight=", &weight.to_string()].concat()
        });
        let servers = servers.collect::<Vec<_>>().join(" ");
        [&Uri::Sip(self.address.clone()).to_string(), &self.password, &servers]
            .map(String::as_str)
            .join("\n")
    }

    /// Reads what [`Self::write`] has written, and the lines that follow it.
    pub fn read(text: &str, page_host: Option<&str>) -> Option<(Self, Vec<String>)> {
        let mut lines = text.split('\n');
        let [address, password, servers] = [lines.next()?, lines.next()?, lines.next()?];
        let account = Self::parse(address, password, servers, page_host).ok()?;
        Some((account, lines.map(str::to_owned).collect()))
    }
}

/// Reads one server of a list, in which `turn` is its place.
fn parse_server(
    text: &str,
    turn: u16,
    page_host: Option<&str>,
) -> Result<(String, Server), AccountError> {
    let mut server = Server { secure: false, priority: turn, weight: 1 };
    let mut url = text;
    while let Some((rest, param)) = url.rsplit_once(';') {
        let (name, value) = param.split_once('=').unwrap_or_default();
        let field = match name {
            "priority" => &mut server.priority,
            "weight" => &mut server.weight,
            _ => break,
        };
        *field = value.parse().map_err(|_| AccountError::Server)?;
        url = rest;
    }
    let host = if let Some(host) = without_scheme(url, "wss://") {
        server.secure = true;
        host
    } else if let Some(host) = without_scheme(url, "ws://") {
        // Nobody on the way should read a call, or try passwords on what is sent.
        if !may_be_plain(host, page_host) {
            return Err(AccountError::ServerNotSecure);
        }
        host
    } else {
        return Err(AccountError::Server);
    };
    if !is_authority(host.split(['/', '?']).next().unwrap_or_default())
        || url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#')
    {
        return Err(AccountError::Server);
    }
    Ok((url.to_owned(), server))
}

fn parse_address(text: &str) -> Option<SipUri> {
    let has_scheme =
        without_scheme(text, "sip:").is_some() || without_scheme(text, "sips:").is_some();
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

/// Whether this is a host, perhaps with a port. A browser throws at any other.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, ""),
    };
    Host::parse(host).is_ok() && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Whether the host of a URL may be spoken to in the clear.
fn may_be_plain(url: &str, page_host: Option<&str>) -> bool {
    let authority = url.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
    let host = host.map_or(authority, |(host, _)| host);
    let is_own = match Host::parse(host) {
        Ok(Host::V4(address)) => address.is_loopback(),
        Ok(Host::V6(address)) => address.is_loopback(),
        Ok(Host::Name(name)) => name.eq_ignore_ascii_case("localhost"),
        Err(_) => false,
    };
    is_own || page_host.is_some_and(|page| page.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str, server: &str) -> Result<String, AccountError> {
        Account::parse(address, "x", server, Some("10.0.0.9"))
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
            "ws://127.8.9.1?x",
            "ws://10.0.0.9:8080/ws",
            "ws://[::1]:80/x",
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
        for url in
            ["ws://sip.example.com", "ws://localhost.evil.example", "ws://10.0.0.1", "ws://[::2]"]
        {
            assert_eq!(parse(address, url), Err(AccountError::ServerNotSecure), "{url}");
        }
    }

    #[test]
    fn several_servers_stand_in_their_order_or_say_another() {
        let turns = |servers: &str| {
            let account = Account::parse("1001@example.com", "x", servers, None)?;
            let turn = |(url, server): (String, Server)| (url, server.priority, server.weight);
            Ok(account.servers.into_iter().map(turn).collect::<Vec<_>>())
        };
        let turn = |url: &str, priority, weight| (url.to_owned(), priority, weight);
        assert_eq!(
            turns(" wss://a, wss://b/ws;x=1  wss://c "),
            Ok(vec![turn("wss://a", 1, 1), turn("wss://b/ws;x=1", 2, 1), turn("wss://c", 3, 1)])
        );
        assert_eq!(
            turns("wss://a;priority=5;weight=70 wss://b;weight=30;priority=5"),
            Ok(vec![turn("wss://a", 5, 70), turn("wss://b", 5, 30)])
        );
        for wrong in [" , ", "wss://a b", "wss://a;weight=x", "wss://a;priority=70000"] {
            assert_eq!(turns(wrong), Err(AccountError::Server), "{wrong}");
        }
        assert_eq!(turns("wss://a ws://b"), Err(AccountError::ServerNotSecure));
    }

    #[test]
    fn what_is_kept_of_an_account_is_read_as_it_was() {
        let servers = "wss://a;priority=5;weight=70 wss://b/ws;x=1";
        let account = Account::parse("1001@example.com", " p w ", servers, None);
        let account = account.expect("an account");
        let kept = [&account.write(), "one", "two"].join("\n");
        assert_eq!(Account::read(&kept, None), Some((account, vec!["one".into(), "two".into()])));
        assert_eq!(Account::read("sip:1001@example.com\nx", None), None);
    }

    #[test]
    fn a_password_is_needed() {
        let error = Account::parse("1001@example.com", "", "wss://s", None);
        assert_eq!(error, Err(AccountError::Password));
    }
}
