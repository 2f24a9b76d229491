//! Days and times of day, where the computer is and as its user writes them.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// How many midnights lie between two moments, in milliseconds since 1970, in local time.
pub fn days_between(earlier: f64, later: f64) -> i32 {
    let midnight = |moment: f64| {
        let date = Date::new(&JsValue::from_f64(moment));
        date.set_hours(0);
        date.set_minutes(0);
        date.set_seconds(0);
        date.set_milliseconds(0);
        date.get_time()
    };
    // A day in which the clocks change is an hour shorter or longer.
    ((midnight(later) - midnight(earlier)) / 86_400_000.0).round() as i32
}

/// The time of day, to the minute.
pub fn time(moment: f64, language: &str) -> String {
    written(moment, language, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// The name of the day of the week.
pub fn weekday(moment: f64, language: &str) -> String {
    written(moment, language, &[("weekday", "long")])
}

/// The day, without the year where it is the year of `now`.
pub fn day(moment: f64, now: f64, language: &str) -> String {
    let year = |moment: f64| Date::new(&JsValue::from_f64(moment)).get_full_year();
    let parts = [("day", "numeric"), ("month", "short"), ("year", "numeric")];
    let parts = if year(moment) == year(now) { &parts[..2] } else { &parts };
    written(moment, language, parts)
}

/// The moment to the minute as files are named by it, such as `2026-11-26 14.05`.
pub fn stamp(moment: f64) -> String {
    let date = Date::new(&JsValue::from_f64(moment));
    let two = |number: u32| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let day = [&date.get_full_year().to_string(), "-", &two(date.get_month() + 1), "-"].concat();
    [&day, &two(date.get_date()), " ", &two(date.get_hours()), ".", &two(date.get_minutes())]
        .concat()
}

fn written(moment: f64, language: &str, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (part, form) in parts {
        // A new object takes any property.
        let _ = Reflect::set(&options, &JsValue::from_str(part), &JsValue::from_str(form));
    }
    Date::new(&JsValue::from_f64(moment)).to_locale_string(language, &options).into()
}
