//! Session timers (RFC 4028): how long a session lasts without a refresh, and who sends it.

use super::config::Policy;
use crate::sip::timer::{TRANSACTION_TIMEOUT, earliest};
use crate::sip::wire::{Headers, Refresher, Request, Response, SessionExpires};
use crate::time::Instant;
use std::time::Duration;

/// RFC 4028 §5: no shorter interval may be asked for.
const LEAST: u32 = 90;
/// No peer makes us ask for a longer interval than this.
const LONGEST: u32 = 24 * 3600;

/// The timer of a session; it does not run where the peer knows none.
#[derive(Debug, Default)]
pub(super) struct SessionTimer {
    running: Option<Running>,
    /// The Min-SE that a 422 demanded, in every proposal from then on (RFC 4028 §7.4).
    least: Option<u32>,
}

#[derive(Debug)]
struct Running {
    seconds: u32,
    /// Whether the refreshes are ours.
    ours: bool,
    refresh_at: Option<Instant>,
    /// When the session is ended for want of a refresh.
    end_at: Instant,
}

/// What is due.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Refresh,
    End,
}

/// Puts what we propose into an INVITE that makes a session.
pub(super) fn propose(policy: &Policy, headers: &mut Headers) {
    let seconds = u32::try_from(policy.session_expires.as_secs()).unwrap_or(LONGEST).min(LONGEST);
    if seconds > 0 {
        headers.push("Session-Expires", seconds.max(LEAST).to_string());
    }
}

/// Raises the proposal in a request to what its 422 demands. Returns whether that makes a
/// difference, so that it can go out again.
pub(super) fn raise(headers: &mut Headers, response: &Response) -> bool {
    let Some(least) = min_se(&response.headers).filter(|least| *least <= LONGEST) else {
        return false;
    };
    let Some(asked) = session_expires(headers).filter(|asked| asked.seconds < least) else {
        return false;
    };
    headers.set("Session-Expires", SessionExpires { seconds: least, ..asked }.to_string());
    headers.set("Min-SE", least.to_string());
    true
}

/// Whether the peer proposes an interval that is too short, and understands a 422.
pub(super) fn is_too_short(request: &Request) -> bool {
    request.headers.has_token("Supported", "timer")
        && session_expires(&request.headers).is_some_and(|asked| asked.seconds < LEAST)
}

/// Says in a 422 what would be long enough.
pub(super) fn demand(response: &mut Response) {
    response.headers.push("Min-SE", LEAST.to_string());
}

impl SessionTimer {
    /// Puts what we propose into a request inside the dialog: the interval that runs, and the
    /// refresher that there is.
    pub(super) fn propose(&self, policy: &Policy, headers: &mut Headers) {
        match &self.running {
            Some(running) => {
                let refresher = if running.ours { Refresher::Uac } else { Refresher::Uas };
                let seconds = running.seconds.max(self.least.unwrap_or(0));
                let value = SessionExpires { seconds, refresher: Some(refresher) };
                headers.push("Session-Expires", value.to_string());
            }
            None => propose(policy, headers),
        }
        if let Some(least) = self.least {
            headers.push("Min-SE", least.to_string());
        }
    }

    /// Our `request` was accepted: runs as the response says (RFC 4028 §7.2).
    pub(super) fn handle_accepted(&mut self, now: Instant, request: &Request, response: &Response) {
        self.least = min_se(&request.headers).or(self.least);
        self.running = session_expires(&response.headers).map(|granted| {
            let ours = granted.refresher != Some(Refresher::Uas);
            // RFC 4028 §5: whatever is granted, nobody refreshes more often.
            Running::new(now, granted.seconds.max(LEAST), ours)
        });
    }

    /// We accept the peer's `request`: runs, and says so in the response (RFC 4028 §9).
    pub(super) fn accept(
        &mut self,
        now: Instant,
        policy: &Policy,
        request: &Request,
        headers: &mut Headers,
    ) {
        self.running = None;
        let supported = request.headers.has_token("Supported", "timer");
        let asked = session_expires(&request.headers);
        let seconds = match asked {
            Some(asked) => asked.seconds,
            None if supported => {
                let ours = u32::try_from(policy.session_expires.as_secs()).unwrap_or(LONGEST);
                // The caller may want no refresh more often than this.
                ours.max(if ours > 0 { min_se(&request.headers).unwrap_or(0) } else { 0 })
            }
            None => 0,
        };
        if seconds < LEAST {
            return;
        }
        // A caller that knows no timers cannot refresh.
        let refresher = match asked.and_then(|asked| asked.refresher) {
            _ if !supported => Refresher::Uas,
            Some(refresher) => refresher,
            None => Refresher::Uac,
        };
        if refresher == Refresher::Uac {
            headers.push("Require", "timer");
        }
        let value = SessionExpires { seconds, refresher: Some(refresher) };
        headers.push("Session-Expires", value.to_string());
        self.running = Some(Running::new(now, seconds, refresher == Refresher::Uas));
    }

    /// The peer wants longer intervals than that of our `request`.
    pub(super) fn handle_too_short(&mut self, request: &Request, response: &Response) -> bool {
        let mut headers = request.headers.clone();
        let raised = raise(&mut headers, response);
        if raised {
            self.least = min_se(&headers);
        }
        raised
    }

    /// A refresh of ours failed, which the session survives for now: another one follows in half
    /// of the time that is left.
    pub(super) fn handle_failure(&mut self, now: Instant) {
        if let Some(running) = &mut self.running
            && running.ours
        {
            let again = now + running.end_at.since(now) / 2;
            running.refresh_at =
                (running.end_at.since(again) > Duration::from_secs(1)).then_some(again);
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) -> Due {
        match &mut self.running {
            Some(running) if running.end_at <= now => {
                self.running = None;
                Due::End
            }
            Some(running) if running.refresh_at.is_some_and(|at| at <= now) => {
                running.refresh_at = None;
                Due::Refresh
            }
            _ => Due::Nothing,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let running = self.running.as_ref()?;
        earliest(running.refresh_at, Some(running.end_at))
    }
}

impl Running {
    fn new(now: Instant, seconds: u32, ours: bool) -> Self {
        let interval = Duration::from_secs(seconds.into());
        // RFC 4028 §10: the BYE comes a third of the interval before its end, or 32 s.
        let margin = (interval / 3).min(TRANSACTION_TIMEOUT);
        Self {
            seconds,
            ours,
            refresh_at: ours.then(|| now + interval / 2),
            end_at: now + (interval - margin),
        }
    }
}

fn session_expires(headers: &Headers) -> Option<SessionExpires> {
    SessionExpires::parse(headers.get("Session-Expires")?).ok()
}

/// Min-SE has parameters too, none of which means anything.
fn min_se(headers: &Headers) -> Option<u32> {
    SessionExpires::parse(headers.get("Min-SE")?).ok().map(|least| least.seconds)
}
