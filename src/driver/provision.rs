//! Reading what whoever hosts the page has decided.

use crate::platform::{json, page};
use crate::portal::{Document, Provision};

/// Reads it, once. What is wrong with it is said in the console, for them.
pub async fn provision() -> Provision {
    let text = page::config().await;
    let document = if text.is_empty() { Ok(Document::default()) } else { json::parse(&text) };
    let (provision, mistakes) = Provision::read(document, page::meta);
    for mistake in mistakes {
        page::complain(&["WebPhone, configuration: ", &mistake.to_string()].concat());
    }
    provision
}
