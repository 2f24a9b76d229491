//! For browsers that cannot carry a call.

use crate::ui::components::buttons::mark;
use crate::ui::text::text;
use crate::ui::view::html;
use leptos::prelude::*;

/// Says what is missing, which browsers have it, and what else may help.
pub(crate) fn unsupported() -> AnyView {
    html::main()
        .child(
            html::section().class("message").child(mark()).child(
                html::div()
                    .child(html::h1().child(text().no_webrtc))
                    .child(html::p().class("lead").child(text().no_webrtc_lead))
                    .child(Vec::from(
                        text()
                            .no_webrtc_remedies
                            .map(|remedy| html::p().class("remedy").child(remedy)),
                    )),
            ),
        )
        .into_any()
}
