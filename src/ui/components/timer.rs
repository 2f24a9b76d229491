//! Time on the display.

use crate::time::Instant;

/// Minutes and seconds, with hours before them where there are any.
pub(crate) fn elapsed(since: Instant, now: Instant) -> String {
    let seconds = (now - since).as_secs();
    let two = |value: u64| [if value < 10 { "0" } else { "" }, &value.to_string()].concat();
    let short = [&two(seconds / 60 % 60), ":", &two(seconds % 60)].concat();
    match seconds / 3600 {
        0 => short,
        hours => [&hours.to_string(), ":", &short].concat(),
    }
}
