//! `config.json`, as the browser reads it.

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::platform::json;
use webphone::portal::{Document, Mistake, Provision};

#[wasm_bindgen_test]
fn every_kind_of_value_is_read_as_what_it_is() {
    let document = json::parse::<Document>(
        r#"{ "server": ["wss://a.example.com", "wss://b.example.com"], "maxCalls": 4, "vouches": true,
             "voicemail": null, "via": "ws", "realms": { "a": [1, { "b": null }] }, "keys": 1.5,
             "ice": [1], "nobody": false }"#,
    );
    let meta = |name: &str| (name == "webphone-voicemail").then(|| "*97".to_owned());
    let (provision, mistakes) = Provision::read(document, || None, meta);
    assert_eq!(provision.server, "wss://a.example.com wss://b.example.com");
    assert_eq!((provision.settings.max_calls, provision.vouches), (4, true));
    assert_eq!((provision.voicemail.as_deref(), provision.plain_via), (Some("*97"), true));
    let wrong: Vec<_> = mistakes
        .iter()
        .map(|mistake| match mistake {
            Mistake::Wrong(name, _) => *name,
            Mistake::Unknown(_) => "unknown",
            Mistake::NotJson(_) => "no JSON",
        })
        .collect();
    assert_eq!(wrong, ["unknown", "keys", "realms", "ice"]);
}

#[wasm_bindgen_test]
fn what_is_no_object_is_refused_with_a_reason() {
    for text in ["", "{", "{\"maxCalls\": 4,}", "3", "[]", "null", "\"maxCalls\""] {
        let read = json::parse::<Document>(text);
        assert!(read.is_err_and(|why| !why.is_empty()), "{text}");
    }
}
