//! Storage, the page and its events.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;
use webphone::platform::storage::{self, Area, StorageError};
use webphone::platform::{Listener, page};

use crate::support::{Log, Uncaught};

#[wasm_bindgen_test]
fn stored_strings_come_back_from_their_own_area() {
    for (area, other) in [(Area::Local, Area::Session), (Area::Session, Area::Local)] {
        let key = "webphone.test.áéí";
        assert_eq!(storage::remove(area, key), Ok(()));
        assert_eq!(storage::get(area, key), Ok(None));
        assert_eq!(storage::set(area, key, "uno\u{0}dos 📞"), Ok(()));
        assert_eq!(storage::get(area, key), Ok(Some("uno\u{0}dos 📞".into())));
        assert_eq!(storage::get(other, key), Ok(None));
        assert_eq!(storage::set(area, key, ""), Ok(()));
        assert_eq!(storage::get(area, key), Ok(Some(String::new())));
        assert_eq!(storage::remove(area, key), Ok(()));
        assert_eq!(storage::get(area, key), Ok(None));
    }
}

#[wasm_bindgen_test]
fn a_value_beyond_the_quota_is_refused_and_the_old_one_stays() {
    let key = "webphone.test.quota";
    assert_eq!(storage::set(Area::Local, key, "old"), Ok(()));
    let huge = "x".repeat(12 * 1024 * 1024);
    assert_eq!(storage::set(Area::Local, key, &huge), Err(StorageError::Full));
    assert_eq!(storage::get(Area::Local, key), Ok(Some("old".into())));
    assert_eq!(storage::remove(Area::Local, key), Ok(()));
}

#[wasm_bindgen_test]
fn the_browser_of_the_tests_can_carry_calls() {
    assert!(page::has_webrtc());
    assert!(page::is_secure_context());
    assert!(page::languages().iter().all(|tag| !tag.is_empty()));
    assert!(!page::languages().is_empty());
}

#[wasm_bindgen_test]
fn query_parameters_are_read_by_name_and_decoded() {
    let history = web_sys::window().and_then(|window| window.history().ok()).expect("the history");
    let address = |query: &str| {
        history
            .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(query))
            .expect("a new address");
    };
    address("?lang=es&server=wss%3A%2F%2Fpbx%2Fws&empty=");
    assert_eq!(page::query_parameter("lang").as_deref(), Some("es"));
    assert_eq!(page::query_parameter("server").as_deref(), Some("wss://pbx/ws"));
    assert_eq!(page::query_parameter("empty").as_deref(), Some(""));
    assert_eq!(page::query_parameter("absent"), None);
    address("?");
    assert_eq!(page::query_parameter("lang"), None);
}

#[wasm_bindgen_test]
fn meta_title_and_language_belong_to_the_document() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let meta = document.create_element("meta").expect("an element");
    meta.set_attribute("name", "webphone-test")
        .and_then(|()| meta.set_attribute("content", "wss://pbx/ws"))
        .expect("attributes");
    document.document_element().expect("a root").append_child(&meta).expect("a place");
    assert_eq!(page::meta("webphone-test").as_deref(), Some("wss://pbx/ws"));
    assert_eq!(page::meta("absent"), None);
    assert_eq!(page::meta("faulty\"name"), None);
    meta.remove();

    page::set_title("Teléfono");
    assert_eq!(document.title(), "Teléfono");
    page::set_language("es");
    assert_eq!(
        document.document_element().and_then(|root| root.get_attribute("lang")).as_deref(),
        Some("es")
    );
}

#[wasm_bindgen_test]
fn a_listener_hears_until_it_is_dropped() {
    let window = web_sys::window().expect("a window");
    let document = window.document().expect("a document");
    let fire = |kind: &str| {
        let event = || Event::new(kind).expect("an event");
        window.dispatch_event(&event()).expect("dispatched");
        document.dispatch_event(&event()).expect("dispatched");
    };
    let uncaught = Uncaught::watch();
    let log = Log::new();
    let (on_window, on_document) = (log.writer(), log.writer());
    let first = Listener::on_window("webphone-test", move |event| {
        on_window(["window ", &event.type_()].concat());
    });
    let second = Listener::on_document("webphone-test", move |event| {
        on_document(["document ", &event.type_()].concat());
    });
    fire("webphone-test");
    assert_eq!(log.entries(), ["window webphone-test", "document webphone-test"]);
    drop(first);
    fire("webphone-test");
    assert_eq!(log.entries().len(), 3);
    drop(second);
    fire("webphone-test");
    assert_eq!(log.entries().len(), 3);
    assert!(uncaught.is_empty());
}
