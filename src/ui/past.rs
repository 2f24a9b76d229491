//! What is said of calls and messages of the past: when, how long, and what went wrong.

use super::text::{Text, fill};
use crate::phone::entry::{Entry, Outcome};
use crate::phone::{Cause, Refusal};
use crate::platform::{calendar, clock, page};
use std::time::Duration;

/// When something was, for those who read it at `now`.
pub(crate) fn when(text: &Text, at: f64, now: f64, language: &str) -> String {
    let time = calendar::time(at, language);
    let day = match calendar::days_between(at, now) {
        0 => text.today.to_owned(),
        1 => text.yesterday.to_owned(),
        2..=6 => capital(calendar::weekday(at, language)),
        _ => calendar::day(at, now, language),
    };
    [&day, " ", &time].concat()
}

/// The same where it stands beside much else: of today, the time of day alone.
pub(crate) fn when_in_brief(text: &Text, at: f64) -> String {
    let (now, language) = (clock::wall_clock_ms(), page::variety(text.tag));
    match calendar::days_between(at, now) {
        0 => calendar::time(at, &language),
        _ => when(text, at, now, &language),
    }
}

/// How long the call was, or why it was not.
pub(crate) fn told(text: &Text, entry: &Entry) -> String {
    let cause = entry.cause.map(|cause| self::cause(text, cause));
    let lasted = entry.length.map(|length| length_of(text, length));
    let kind = match entry.outcome {
        Outcome::Made if lasted.is_none() => Some(text.not_answered),
        Outcome::AnsweredElsewhere => Some(text.elsewhere),
        Outcome::Declined => Some(text.declined_call),
        _ => None,
    };
    let told = lasted.into_iter().chain(cause.or(kind).map(str::to_owned));
    told.collect::<Vec<_>>().join(" · ")
}

/// What became of a call, for those who do not see the picture.
pub(crate) fn kind(text: &Text, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Made => text.made,
        Outcome::Failed => text.failed,
        Outcome::Received => text.received,
        Outcome::Missed => text.missed_call,
        Outcome::AnsweredElsewhere => text.elsewhere,
        Outcome::Declined => text.declined_call,
    }
}

fn cause(text: &Text, cause: Cause) -> &'static str {
    match cause {
        Cause::Status(status) => match Refusal::of(status) {
            Refusal::Busy => text.cause_busy,
            Refusal::Declined => text.declined_call,
            Refusal::Unknown => text.cause_unknown,
            Refusal::NoAnswer => text.not_answered,
            Refusal::Unavailable => text.cause_unavailable,
            Refusal::Forbidden => text.cause_forbidden,
            Refusal::Incompatible => text.cause_sound,
            Refusal::Trouble => text.cause_server,
            Refusal::Elsewhere | Refusal::TooLong | Refusal::NotServed | Refusal::Other => {
                text.failed
            }
        },
        Cause::Microphone => text.cause_microphone,
        Cause::NoLine => text.cause_line,
        Cause::Broken => text.cause_broken,
        Cause::InCall => text.cause_in_call,
    }
}

/// "45 s", "3 min", "1 h 5 min".
pub(crate) fn length_of(text: &Text, length: Duration) -> String {
    let seconds = length.as_secs();
    let part = |template, value: u64| fill(template, "{n}", &value.to_string());
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => part(text.seconds, seconds),
        (0, minutes) => part(text.minutes, minutes),
        (hours, minutes) => [&part(text.hours, hours), " ", &part(text.minutes, minutes)].concat(),
    }
}

/// Spanish writes the days of the week small, but not where a line begins.
fn capital(mut word: String) -> String {
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}
