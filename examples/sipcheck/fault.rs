//! What makes a request malformed, in words: whoever debugs a server wants more than a status.

use webphone::sip::wire::{CSeq, Contacts, NameAddr, Request, Uri, Via, reason_phrase};

/// Why `request` was rejected with `status` before anybody looked into it.
pub(crate) fn fault(status: u16, request: &Request) -> String {
    let found = if status == 400 { malformed(request) } else { None };
    found.unwrap_or_else(|| reason_phrase(status).to_owned())
}

fn malformed(request: &Request) -> Option<String> {
    let headers = &request.headers;
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
        match headers.all(name).count() {
            0 => return Some(["no ", name].concat()),
            1 => {}
            _ if name == "Via" => {}
            _ => return Some(["more than one ", name].concat()),
        }
    }
    let cseq = headers.get("CSeq").map(CSeq::parse)?;
    let faults = [
        ("Via", headers.all("Via").find_map(|via| Via::parse_list(via).err())),
        ("From", NameAddr::parse(headers.get("From")?).err()),
        ("To", NameAddr::parse(headers.get("To")?).err()),
        ("CSeq", cseq.as_ref().err().copied()),
        ("Contact", Contacts::parse(headers).err()),
    ];
    for (name, fault) in faults {
        if let Some(fault) = fault {
            return Some(format!("{name}: {fault}"));
        }
    }
    if cseq.is_ok_and(|cseq| cseq.method != request.method) {
        return Some("CSeq: another method than that of the request".to_owned());
    }
    // What was read as a URI has been written as one; what was not is kept as it came.
    match Uri::parse(&request.uri.to_string()) {
        Err(fault) => Some(format!("Request-URI: {fault}")),
        Ok(Uri::Sip(uri)) if !uri.headers.is_empty() => {
            Some("Request-URI: headers in it".to_owned())
        }
        Ok(_) => Some("framing: a header line or Content-Length".to_owned()),
    }
}
