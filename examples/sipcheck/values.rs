//! The parts of URIs and of addresses with names, as JSON. What is escaped is shown unescaped.

use super::json::Object;
use webphone::sip::wire::{NameAddr, Params, Uri, unescape, unquote};

/// The parts of a URI.
pub(crate) fn uri(text: &str) -> String {
    let object = Object::new().text("input", text);
    match Uri::parse(text) {
        Ok(uri) => parts(object, &uri, "params", "headers").raw("error", "null").end(),
        Err(error) => object.text("error", &error.to_string()).end(),
    }
}

/// The parts of a value such as From or Contact; of a list, those of each value.
pub(crate) fn name_addr(text: &str) -> String {
    let object = Object::new().text("input", text);
    let several = || NameAddr::parse_list(text).ok().filter(|list| list.len() > 1);
    match NameAddr::parse(text) {
        Ok(read) => address(object, &read).raw("error", "null").end(),
        Err(error) => match several() {
            Some(list) => {
                let values: Vec<String> =
                    list.iter().map(|read| address(Object::new(), read).end()).collect();
                let values = ["[", &values.join(","), "]"].concat();
                object.raw("values", &values).raw("error", "null").end()
            }
            None => object.text("error", &error.to_string()).end(),
        },
    }
}

fn address(object: Object, read: &NameAddr) -> Object {
    let object = object.maybe("display", read.display.as_deref());
    parts(object, &read.uri, "uri_params", "uri_headers")
        .raw("params", &params(&read.params, |value| unquote(value).unwrap_or_default()))
        .maybe("tag", read.tag())
}

fn parts(object: Object, uri: &Uri, params_name: &str, headers_name: &str) -> Object {
    let text = uri.to_string();
    let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let object = object
        .text("uri", &text)
        .text("scheme", &scheme)
        .maybe("user", uri.user().as_deref())
        .maybe("host", uri.host().as_deref());
    match uri {
        Uri::Sip(sip) => {
            let port = sip.port.map_or_else(|| "null".to_owned(), |port| port.to_string());
            // A header may come again, a member of an object may not.
            let mut values: Vec<(String, String)> = Vec::new();
            for (name, value) in &sip.headers {
                let (name, value) = (unescape(name), unescape(value));
                match values.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, values)) => *values = [values.as_str(), ", ", &value].concat(),
                    None => values.push((name, value)),
                }
            }
            let headers =
                values.iter().fold(Object::new(), |object, (name, value)| object.text(name, value));
            object
                .maybe("password", sip.password.as_deref().map(unescape).as_deref())
                .raw("port", &port)
                .raw(params_name, &params(&sip.params, unescape))
                .raw(headers_name, &headers.end())
        }
        Uri::Tel(tel) => object.raw(params_name, &params(&tel.params, unescape)),
        Uri::Other(_) => object,
    }
}

fn params(params: &Params, read: fn(&str) -> String) -> String {
    let mut object = Object::new();
    for (name, value) in params.iter() {
        object = object.maybe(&unescape(name), value.map(read).as_deref());
    }
    object.end()
}
