//! What is said of how a call sounds and of how it is kept secret.

use super::text::{Text, fill};
use super::words;
use crate::media::encryption::{Encryption, Lock};
use crate::media::quality::sample::Codec;
use crate::media::quality::{Figures, Mos, Summary, Warning};
use crate::phone::Phone;

/// What is wrong with what the user hears now, or with what is heard of the user: the cause, and what
/// can be done. The gravest, of all calls that are heard.
pub(crate) fn trouble(text: &Text, phone: &Phone) -> Option<(Warning, String, &'static str)> {
    let heard = phone.calls().iter().filter(|call| call.is_up() && phone.is_heard(call.id));
    // What waits for a touch to be played is said elsewhere.
    let heard = heard.filter(|call| !call.sound_blocked);
    let troubled = heard.filter_map(|call| Some((call.quality.warning()?, call)));
    let (warning, call) = troubled.min_by_key(|(warning, _)| *warning)?;
    let (cause, remedy) = warned(text, warning);
    Some((warning, fill(cause, "{peer}", words::label(text, &call.party)), remedy))
}

fn warned(text: &Text, warning: Warning) -> (&'static str, &'static str) {
    match warning {
        Warning::NoWay => (text.no_way, text.check_network),
        Warning::NotSecured => (text.not_secured, text.call_again),
        Warning::NothingArrives => (text.nothing_arrives, text.call_again),
        Warning::MicrophoneStopped => (text.microphone_stopped, text.check_microphone),
        Warning::MicrophoneSilent => (text.microphone_silent, text.check_microphone),
        Warning::NothingLeaves => (text.nothing_leaves, text.call_again),
        Warning::NothingArrivesThere => (text.nothing_arrives_there, text.check_network),
        Warning::LossHere => (text.loss_here, text.better_network),
        Warning::LossThere => (text.loss_there, text.better_network),
        Warning::Jitter => (text.uneven, text.better_network),
        Warning::RoundTrip => (text.long_way, text.shorter_way),
        Warning::Poor => (text.poor_sound, text.better_network),
        Warning::SilenceArrives => (text.silence_arrives, text.perhaps_muted),
    }
}

/// What the bars mean.
pub(crate) fn grade(text: &Text, bars: Option<u8>) -> &'static str {
    match bars {
        None => text.measuring,
        Some(0) => text.cause_sound,
        Some(1) => text.grade_bad,
        Some(2) => text.grade_poor,
        Some(3) => text.grade_fair,
        Some(_) => text.grade_good,
    }
}

/// How a call is kept secret, in a few words.
pub(crate) fn lock(text: &Text, lock: &Lock) -> &'static str {
    match lock {
        Lock::Open => text.not_yet_encrypted,
        Lock::Server => text.encrypted_to_server,
        Lock::Direct { verified: true, .. } => text.encrypted_verified,
        Lock::Direct { .. } | Lock::Changed => text.encrypted,
    }
}

/// What this means.
pub(crate) fn lock_meaning(text: &Text, lock: &Lock) -> &'static str {
    match lock {
        Lock::Open => "",
        Lock::Server => text.encrypted_to_server_meaning,
        Lock::Direct { verified: true, .. } => text.digits_compared,
        Lock::Direct { .. } => text.compare_digits,
        Lock::Changed => text.key_changed,
    }
}

/// Names and values.
pub(crate) type Rows = Vec<(&'static str, String)>;

/// The figures of a call that goes on.
pub(crate) fn figures(text: &Text, now: &Figures) -> Rows {
    let lost = match now.loss_there {
        Some(there) => arrows(&tenths(text, now.loss), &tenths(text, there), " %"),
        None => [&tenths(text, now.loss), " %"].concat(),
    };
    let (arrives, leaves) = now.rates;
    let rates = arrows(&kilo(arrives), &kilo(leaves), " kbit/s");
    let mut rows = vec![(text.score, score(text, now.mos)), (text.lost, lost)];
    rows.push((text.jitter, milliseconds(now.jitter)));
    rows.extend(now.round_trip.map(|trip| (text.round_trip, milliseconds(trip))));
    rows.push((text.bit_rate, rates));
    rows.extend(now.codec.as_ref().map(|codec| (text.codec, self::codec(codec))));
    rows.extend(now.route.map(|way| {
        let by = if way.tcp { ", TCP" } else { ", UDP" };
        (text.route, [route(text, way.relayed), by].concat())
    }));
    rows.extend(now.video.map(|video| {
        let (width, height) = video.size;
        let parts = [&width.to_string(), " × ", &height.to_string(), ", ", &video.rate.to_string()];
        (text.picture, [&parts.concat(), "/s"].concat())
    }));
    rows
}

/// The figures of a call that is over.
pub(crate) fn summary(text: &Text, call: &Summary) -> Rows {
    let worst = fill(text.worst, "{n}", &tenths(text, u32::from(call.worst) / 10));
    let mut rows = vec![
        (text.score, [&score(text, call.mos), ", ", &worst].concat()),
        (text.lost, [&tenths(text, call.loss), " %"].concat()),
        (text.jitter, milliseconds(call.jitter)),
    ];
    rows.extend(call.round_trip.map(|trip| (text.round_trip, milliseconds(trip))));
    rows.extend(call.codec.as_ref().map(|codec| (text.codec, self::codec(codec))));
    rows.push((text.route, route(text, call.relayed).to_owned()));
    let encryption = match call.encryption {
        Encryption::None => None,
        Encryption::Encrypted => Some(text.encrypted),
        Encryption::Verified => Some(text.encrypted_verified),
    };
    rows.extend(encryption.map(|encryption| (text.encryption, encryption.to_owned())));
    rows
}

fn score(text: &Text, mos: Mos) -> String {
    [&tenths(text, u32::from(mos) / 10), " / 5"].concat()
}

fn route(text: &Text, relayed: bool) -> &'static str {
    if relayed { text.through_relay } else { text.direct }
}

fn codec(codec: &Codec) -> String {
    [&codec.name, ", ", &(codec.clock_rate / 1000).to_string(), " kHz"].concat()
}

/// What arrives, and what leaves.
fn arrows(here: &str, there: &str, unit: &str) -> String {
    ["↓ ", here, "  ↑ ", there, unit].concat()
}

fn kilo(bits: u64) -> String {
    ((bits + 500) / 1000).to_string()
}

fn milliseconds(value: u32) -> String {
    [&value.to_string(), " ms"].concat()
}

/// A number of tenths, with the decimal mark of the language.
fn tenths(text: &Text, value: u32) -> String {
    [&(value / 10).to_string(), text.decimal_mark, &(value % 10).to_string()].concat()
}
