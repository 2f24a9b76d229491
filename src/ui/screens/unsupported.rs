//! For browsers that cannot carry a call.

use crate::ui::text::text;
use leptos::prelude::*;

/// Says what is missing and which browsers have it.
#[component]
pub(crate) fn Unsupported() -> impl IntoView {
    view! {
        <main>
            <section class="message">
                <svg class="mark" aria-hidden="true"><use href="#mark"/></svg>
                <div>
                    <h1>{text().no_webrtc}</h1>
                    <p class="lead">{text().no_webrtc_lead}</p>
                </div>
            </section>
        </main>
    }
}
