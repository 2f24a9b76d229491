//! The parts of URIs and of addresses with names, as JSON. What is escaped is shown unescaped.

use serde_json::{Map, Value, json};
use webphone::sip::wire::{NameAddr, Params, Uri, unescape, unquote};

/// The parts of a URI.
pub(crate) fn uri(text: &str) -> String {
    match Uri::parse(text) {
        Ok(uri) => {
            let mut object = begin(text);
            parts(&mut object, &uri, "params", "headers");
            end(object, Value::Null)
        }
        Err(error) => end(begin(text), json!(error.to_string())),
    }
}

/// The parts of a value such as From or Contact; of a list, those of each value.
pub(crate) fn name_addr(text: &str) -> String {
    let mut object = begin(text);
    let several = || NameAddr::parse_list(text).ok().filter(|list| list.len() > 1);
    match NameAddr::parse(text) {
        Ok(read) => address(&mut object, &read),
        Err(error) => match several() {
            Some(list) => {
                let values = list.iter().map(|read| {
                    let mut object = Map::new();
                    address(&mut object, read);
                    object
                });
                object.insert("values".into(), values.collect());
            }
            None => return end(object, json!(error.to_string())),
        },
    }
    end(object, Value::Null)
}

fn begin(text: &str) -> Map<String, Value> {
    Map::from_iter([("input".to_owned(), json!(text))])
}

fn end(mut object: Map<String, Value>, error: Value) -> String {
    object.insert("error".into(), error);
    Value::Object(object).to_string()
}

fn address(object: &mut Map<String, Value>, read: &NameAddr) {
    object.insert("display".into(), json!(read.display));
    parts(object, &read.uri, "uri_params", "uri_headers");
    let own = params(&read.params, |value| unquote(value).unwrap_or_default());
    object.insert("params".into(), own);
    object.insert("tag".into(), json!(read.tag()));
}

fn parts(object: &mut Map<String, Value>, uri: &Uri, params_name: &str, headers_name: &str) {
    let text = uri.to_string();
    let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    object.insert("uri".into(), json!(text));
    object.insert("scheme".into(), json!(scheme));
    object.insert("user".into(), json!(uri.user()));
    object.insert("host".into(), json!(uri.host()));
    match uri {
        Uri::Sip(sip) => {
            // A header may come again, a member of an object may not.
            let mut headers = Map::new();
            for (name, value) in &sip.headers {
                let (name, value) = (unescape(name), unescape(value));
                let joined = match headers.get(&name).and_then(Value::as_str) {
                    Some(known) => [known, ", ", &value].concat(),
                    None => value,
                };
                headers.insert(name, json!(joined));
            }
            object.insert("password".into(), json!(sip.password.as_deref().map(unescape)));
            object.insert("port".into(), json!(sip.port));
            object.insert(params_name.into(), params(&sip.params, unescape));
            object.insert(headers_name.into(), Value::Object(headers));
        }
        Uri::Tel(tel) => {
            object.insert(params_name.into(), params(&tel.params, unescape));
        }
        Uri::Other(_) => {}
    }
}

fn params(params: &Params, read: fn(&str) -> String) -> Value {
    params.iter().map(|(name, value)| (unescape(name), json!(value.map(read)))).collect()
}
