//! A user agent without a browser and without a server, under a clock that is told the time: what the native
//! tests, fuzzing, the benchmarks and sipcheck have in common.

use std::time::Duration;
use webphone::entropy::Entropy;
use webphone::sip::ua::{Command, LinkEvent, Policy, Server};
use webphone::sip::wire::{self, Frame, Host, Request, Response, SipUri};
use webphone::sip::{Config, Input, Output, UserAgent};
use webphone::time::Instant;

/// More than one input can lead to; what goes on beyond it never ends.
const MOST_OUTPUTS: usize = 10_000;

/// Random bytes that are the same in each run.
pub(crate) struct Seeded(pub(crate) u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            // xorshift64: any sequence without repetition will do.
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *byte = (self.0 >> 24) as u8;
        }
    }
}

/// Its only server.
pub(crate) const SERVER: Server = Server { secure: true, priority: 1, weight: 1 };

/// The account: `sip:1001@example.com`, password `secret`, over WSS.
pub(crate) fn config() -> Config {
    Config {
        address: SipUri::new(Some("1001"), Host::Name("example.com".into())),
        display_name: Some("Ana".into()),
        auth_user: None,
        password: "secret".into(),
        servers: vec![SERVER],
        instance: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6".into(),
        product: "WebPhone/test".into(),
        expires: Duration::from_secs(600),
        max_calls: 1,
        policy: Policy::default(),
    }
}

/// A user agent, and the time.
pub(crate) struct Agent {
    pub(crate) ua: UserAgent,
    pub(crate) now: Instant,
    /// When it wants to be woken.
    pub(crate) deadline: Option<Instant>,
}

impl Agent {
    pub(crate) fn new(config: Config) -> Self {
        let ua = UserAgent::new(config, Box::new(Seeded(0x9E37_79B9_7F4A_7C15)));
        Self { ua, now: Instant::default(), deadline: None }
    }

    /// One that is registered: the registrar has agreed at once.
    pub(crate) fn registered(config: Config) -> Self {
        let mut agent = Self::new(config);
        agent.input(Input::Command(Command::Connect), |_| {});
        let mut grant = None;
        agent.input(Input::Link(LinkEvent::Opened), |output| {
            if let Output::Send(frame) = output
                && let Ok(Frame::Request(register)) = wire::parse(&frame)
            {
                grant = Some(granted(&register).write());
            }
        });
        agent.input(Input::Frame(&grant.expect("a REGISTER")), |_| {});
        agent
    }

    /// Feeds one input, and hands what comes of it to `take`.
    pub(crate) fn input(&mut self, input: Input<'_>, mut take: impl FnMut(Output)) {
        self.ua.handle_input(self.now, input);
        for _ in 0..MOST_OUTPUTS {
            match self.ua.poll_output() {
                Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                output => take(output),
            }
        }
        panic!("the outputs never end");
    }
}

/// The registrar's consent.
fn granted(register: &Request) -> Response {
    let mut response = Response::to_request(register, 200);
    let to = [register.headers.get("To").unwrap_or_default(), ";tag=registrar"].concat();
    response.headers.set("To", to);
    response.headers.push("Contact", register.headers.get("Contact").unwrap_or_default());
    response
}
