//! The room of the contacts.

use crate::ui::text::text;
use leptos::prelude::*;

/// The room.
#[component]
pub(crate) fn Contacts() -> impl IntoView {
    view! { <section class="room"><h1>{text().contacts}</h1></section> }
}
