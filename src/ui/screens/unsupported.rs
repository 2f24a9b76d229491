//! For browsers that cannot carry a call.

use crate::ui::components::buttons::mark;
use crate::ui::element::el;
use crate::ui::text::text;
use leptos::prelude::*;

/// Says what is missing, which browsers have it, and what else may help.
#[component]
pub(crate) fn Unsupported() -> impl IntoView {
    el("main")
        .child(
            el("section").class("message").child(mark()).child(
                el("div")
                    .child(el("h1").child(text().no_webrtc))
                    .child(el("p").class("lead").child(text().no_webrtc_lead))
                    .child(Vec::from(
                        text()
                            .no_webrtc_remedies
                            .map(|remedy| el("p").class("remedy").child(remedy)),
                    )),
            ),
        )
        .into_any()
}
