//! The room of the messages.

use crate::ui::text::text;
use leptos::prelude::*;

/// The room.
#[component]
pub(crate) fn Messages() -> impl IntoView {
    view! { <section class="room"><h1>{text().messages}</h1></section> }
}
