//! Event and Subscription-State, the two headers of notifications (RFC 6665 §8.2).

use super::Params;
use super::scan::{ValueError, is_token, parse_u32};

/// The value of Event: a package and the `id` that tells its subscriptions apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventType {
    /// The package, with its templates, in lower case.
    pub package: String,
    /// The `id`.
    pub id: Option<String>,
}

impl EventType {
    /// Reads an Event value.
    pub fn parse(text: &str) -> Result<EventType, ValueError> {
        let (package, params) = Params::split(text)?;
        if !is_token(package) {
            return Err(ValueError::Syntax);
        }
        let id = params.get("id").map(str::to_owned);
        Ok(EventType { package: package.to_ascii_lowercase(), id })
    }
}

/// The value of Subscription-State. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// The subscription holds, for so much longer.
    Active(Option<u32>),
    /// It waits for somebody's consent, for so much longer. A state that nobody has heard of
    /// counts as this one.
    Pending(Option<u32>),
    /// It is over.
    Terminated {
        /// Why.
        reason: Termination,
        /// Not before so much time should it be asked for again.
        retry_after: Option<u32>,
    },
}

/// Why a subscription is over (RFC 6665 §4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// It should be made anew at once, perhaps with another server.
    Deactivated,
    /// It should be made anew later.
    Probation,
    /// The subscriber is not allowed.
    Rejected,
    /// It was not refreshed.
    Timeout,
    /// Nobody gave consent in time.
    GiveUp,
    /// There is nothing to subscribe to.
    NoResource,
    /// What is subscribed to cannot change any more.
    Invariant,
    /// No reason, or one that nobody has heard of.
    Other,
}

impl SubscriptionState {
    /// Reads a Subscription-State value.
    pub fn parse(text: &str) -> Result<SubscriptionState, ValueError> {
        let (state, params) = Params::split(text)?;
        if !is_token(state) {
            return Err(ValueError::Syntax);
        }
        let seconds = |name| params.get(name).and_then(parse_u32);
        if state.eq_ignore_ascii_case("active") {
            return Ok(SubscriptionState::Active(seconds("expires")));
        }
        if !state.eq_ignore_ascii_case("terminated") {
            return Ok(SubscriptionState::Pending(seconds("expires")));
        }
        let reason = params.get("reason").unwrap_or_default();
        let known = REASONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(reason));
        let reason = known.map_or(Termination::Other, |(_, reason)| *reason);
        Ok(SubscriptionState::Terminated { reason, retry_after: seconds("retry-after") })
    }
}

const REASONS: [(&str, Termination); 7] = [
    ("deactivated", Termination::Deactivated),
    ("probation", Termination::Probation),
    ("rejected", Termination::Rejected),
    ("timeout", Termination::Timeout),
    ("giveup", Termination::GiveUp),
    ("noresource", Termination::NoResource),
    ("invariant", Termination::Invariant),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_a_package_and_perhaps_an_id() {
        let read = |text| EventType::parse(text).map(|event| (event.package, event.id));
        assert_eq!(read("Message-Summary"), Ok(("message-summary".into(), None)));
        assert_eq!(read(" refer ; id=93"), Ok(("refer".into(), Some("93".into()))));
        assert_eq!(read("presence.winfo"), Ok(("presence.winfo".into(), None)));
        for text in ["", ";id=1", "a b", "a;", "a,b"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn subscription_states_carry_times_and_reasons() {
        use SubscriptionState::{Active, Pending, Terminated};
        let over = |reason, retry_after| Terminated { reason, retry_after };
        let table = [
            ("active;expires=3599", Active(Some(3599))),
            ("Active", Active(None)),
            ("active;expires=never", Active(None)),
            ("active;expires=99999999999", Active(None)),
            ("pending ; expires = 60", Pending(Some(60))),
            ("waiting", Pending(None)),
            ("terminated", over(Termination::Other, None)),
            ("terminated;reason=Timeout", over(Termination::Timeout, None)),
            ("terminated;reason=probation;retry-after=20", over(Termination::Probation, Some(20))),
            ("terminated;reason=dunno;retry-after=5", over(Termination::Other, Some(5))),
        ];
        for (text, expected) in table {
            assert_eq!(SubscriptionState::parse(text), Ok(expected), "{text}");
        }
        for (name, reason) in REASONS {
            let text = ["terminated;reason=", name].concat();
            assert_eq!(SubscriptionState::parse(&text), Ok(over(reason, None)));
        }
        for text in ["", ";expires=1", "active active"] {
            assert!(SubscriptionState::parse(text).is_err(), "{text}");
        }
    }
}
