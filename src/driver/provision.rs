//! Reading what whoever hosts the page has decided.

use crate::platform::storage::{self, Area};
use crate::platform::{json, page};
use crate::portal::{Document, Provision};

/// Where index.html keeps the last `config.json` that was one.
const LAST: &str = "webphone.config";

/// Reads it, once. What is wrong with it is said in the console, for them.
pub async fn provision() -> Provision {
    let text = page::config().await;
    let last = || storage::get(Area::Local, LAST).ok().flatten().and_then(|text| read(&text).ok());
    let (provision, mistakes) = Provision::read(read(&text), last, page::meta);
    for mistake in mistakes {
        page::complain(&["WebPhone, configuration: ", &mistake.to_string()].concat());
    }
    provision
}

fn read(text: &str) -> Result<Document, String> {
    if text.is_empty() { Ok(Document::default()) } else { json::parse(text) }
}
