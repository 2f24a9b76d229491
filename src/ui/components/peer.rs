//! The other side of a call: picture, name and number.

use crate::phone::Party;
use crate::ui::components::buttons::icon;
use crate::ui::text::{fill, text};
use crate::ui::view::html;
use crate::ui::words::label;
use leptos::prelude::*;

/// Shows who the call is with, and below it what the call is doing.
pub(crate) fn peer(party: Party, state: AnyView) -> AnyView {
    let name = label(text(), &party).to_owned();
    let mark = |here: bool| (here && party.verified && !party.hidden).then(verified);
    let address =
        party.name.is_some().then(|| html::p().child(party.address.clone()).child(mark(true)));
    let via = party.via.as_deref();
    let via = via.map(|via| html::p().child(fill(text().via, "{peer}", via)));
    let picture = match initials(party.name.as_deref().unwrap_or_default()) {
        Some(initials) => initials.into_any(),
        None => icon("#user"),
    };
    html::div()
        .class("peer")
        .child(html::div().class("avatar").attr("aria-hidden", "true").child(picture))
        .child(html::h1().child(name).child(mark(party.name.is_none())))
        .child(address)
        .child(via)
        .child(state)
        .into_any()
}

/// Says that the number is the caller's own, as far as our server knows.
fn verified() -> AnyView {
    html::span()
        .class("verified")
        .attr("title", text().verified)
        .child(icon("#verified"))
        .child(html::span().class("sr-only").child(text().verified))
        .into_any()
}

/// The first letters of the first and the last word of a name; the style sets them in capitals.
fn initials(name: &str) -> Option<String> {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let initials: String = words.next().into_iter().chain(words.next_back()).collect();
    (!initials.is_empty()).then_some(initials)
}
