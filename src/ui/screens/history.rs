//! The room of the history.

use crate::ui::text::text;
use leptos::prelude::*;

/// The room.
#[component]
pub(crate) fn History() -> impl IntoView {
    view! { <section class="room"><h1>{text().history}</h1></section> }
}
