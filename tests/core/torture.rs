//! The messages of RFC 4475 and RFC 5118, through `examples/sipcheck`: the answer that the user
//! agent gives each of them by itself.
//!
//! Those of RFC 4475 §3.1 are byte-exact; the others were written from the text of the RFCs.

#[path = "../../examples/sipcheck/check.rs"]
mod check;
#[path = "../../examples/sipcheck/fault.rs"]
mod fault;
#[path = "../../examples/sipcheck/run.rs"]
mod run;
#[path = "../../examples/sipcheck/values.rs"]
mod values;

use check::{Report, check};
use run::{Mode, run};
use std::ffi::OsString;
use std::path::PathBuf;

/// A file, what it is, and the final answer: 0 where it waits for the user, or is dropped.
type Row = (&'static str, &'static str, u16);

const SYNTAX: [Row; 32] = [
    // Its To has a tag, and names no dialog that we know (RFC 3261 §12.2.2).
    ("wsinv", "request", 481),
    ("intmeth", "request", 501),
    ("esc01", "request", 0),
    ("escnull", "request", 405),
    ("esc02", "request", 501),
    ("lwsdisp", "request", 200),
    ("longreq", "request", 0),
    ("dblreq", "request", 405),
    ("semiuri", "request", 200),
    ("transports", "request", 200),
    // Its second part says nothing of its handling, so that it is required (RFC 3261 §20.11), and
    // no telephone can show an application/octet-stream.
    ("mpart01", "request", 415),
    ("unreason", "response", 0),
    ("noreason", "response", 0),
    ("badinv01", "request", 400),
    ("clerr", "request", 400),
    ("ncl", "request", 400),
    ("scalar02", "request", 400),
    ("scalarlg", "response", 0),
    ("quotbal", "request", 400),
    ("ltgtruri", "request", 400),
    ("lwsruri", "request", 400),
    ("lwsstart", "request", 0),
    ("trws", "request", 200),
    ("escruri", "request", 400),
    ("baddate", "request", 0),
    ("regbadct", "request", 400),
    ("badaspec", "request", 200),
    ("baddn", "request", 400),
    ("badvers", "request", 505),
    ("mismatch01", "request", 400),
    ("mismatch02", "request", 400),
    ("bigcode", "response", 0),
];

const MEANING: [Row; 17] = [
    ("badbranch", "request", 200),
    ("insuf", "request", 400),
    ("unkscm", "request", 416),
    ("novelsc", "request", 416),
    ("unksm2", "request", 405),
    ("bext01", "request", 420),
    ("invut", "request", 415),
    ("regaut01", "request", 405),
    ("multi01", "request", 400),
    ("mcl01", "request", 400),
    ("bcast", "response", 0),
    ("zeromf", "request", 200),
    ("cparam01", "request", 405),
    ("cparam02", "request", 405),
    ("regescrt", "request", 405),
    ("sdp01", "request", 406),
    ("inv2543", "request", 0),
];

const IPV6: [Row; 11] = [
    ("ipv6-good", "request", 405),
    ("ipv6-bad", "request", 400),
    ("port-ambiguous", "request", 405),
    ("port-unambiguous", "request", 405),
    ("via-received-param-with-delim", "request", 481),
    ("via-received-param-no-delim", "request", 200),
    ("ipv6-in-sdp", "request", 0),
    ("mult-ip-in-header", "request", 481),
    ("mult-ip-in-sdp", "request", 0),
    ("ipv4-mapped-ipv6", "request", 0),
    ("ipv6-bug-abnf-3-colons", "request", 200),
];

fn report(folder: &str, name: &str) -> Report {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/core/data");
    let file = data.join(folder).join(name).with_extension("dat");
    check(&std::fs::read(file).expect(name))
}

fn judge(folder: &str, rows: &[Row]) {
    for (name, kind, expected) in rows {
        let report = report(folder, name);
        assert_eq!((report.kind, report.reply.unwrap_or(0)), (*kind, *expected), "{name}");
        let rings = report.events.iter().any(|event| event.starts_with("Incoming "));
        let invite = report.method.as_deref() == Some("INVITE") && *kind == "request";
        assert_eq!(rings, invite && *expected == 0, "{name}: {:?}", report.events);
        assert_eq!(rings, !report.events.is_empty(), "{name}: {:?}", report.events);
    }
}

fn header<'a>(report: &'a Report, name: &str) -> Option<&'a str> {
    let header = report.reply_headers.iter().find(|(key, _)| key == name);
    header.map(|(_, value)| value.as_str())
}

#[test]
fn messages_of_odd_syntax_get_their_answers() {
    judge("torture", &SYNTAX);
}

#[test]
fn messages_of_odd_meaning_get_their_answers() {
    judge("rfc4475", &MEANING);
    let extension = report("rfc4475", "bext01");
    let unsupported = "nothingSupportsThis, nothingSupportsThisEither";
    assert_eq!(header(&extension, "Unsupported"), Some(unsupported));
    let format = report("rfc4475", "invut");
    assert!(header(&format, "Accept").is_some_and(|value| value.contains("application/sdp")));
    assert_eq!(header(&format, "Accept-Encoding"), Some("identity"));
    assert!(header(&report("torture", "intmeth"), "Allow").is_some());
}

#[test]
fn messages_with_ipv6_get_their_answers() {
    judge("rfc5118", &IPV6);
    let received = report("rfc5118", "via-received-param-no-delim");
    let via = "SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3";
    assert_eq!(header(&received, "Via"), Some(via));
}

#[test]
fn a_report_is_one_line_of_json() {
    let line = report("rfc4475", "unkscm").to_json("a \"b\"\n.dat");
    let start = "{\"file\":\"a \\\"b\\\"\\n.dat\",\"kind\":\"request\",\"method\":\"OPTIONS\",\
        \"reply\":416,\"reply_headers\":{\"Via\":";
    assert!(line.starts_with(start), "{line}");
    assert!(line.ends_with("},\"error\":null,\"events\":[]}"), "{line}");
    let ping = check(b"\r\n\r\n").to_json("x");
    assert_eq!(
        ping,
        "{\"file\":\"x\",\"kind\":\"keepalive\",\"method\":null,\"reply\":null,\
         \"reply_headers\":{},\"error\":null,\"events\":[]}"
    );
    assert_eq!(check(b"\0\xFF").kind, "garbage");
    assert_eq!(report("torture", "noreason").method.as_deref(), Some("INVITE"));
    let dropped = report("torture", "bigcode");
    assert_eq!(dropped.error.as_deref(), Some("a malformed response"));
}

#[test]
fn uris_and_names_are_shown_in_parts() {
    let uri = "sips:j%40d:p@[2001:db8::1]:5061;lr;transport=ws?Replaces=a%3Bb";
    let parts = "\"uri\":\"sips:j%40d:p@[2001:db8::1]:5061;lr;transport=ws?Replaces=a%3Bb\",\
        \"scheme\":\"sips\",\"user\":\"j@d\",\"host\":\"[2001:db8::1]\",\"password\":\"p\",\"port\":5061,";
    assert_eq!(
        values::uri(uri),
        format!(
            "{{\"input\":\"{uri}\",{parts}\"params\":{{\"lr\":null,\"transport\":\"ws\"}},\
             \"headers\":{{\"Replaces\":\"a;b\"}},\"error\":null}}"
        )
    );
    let name = values::name_addr("\"Bank <sip:bank@x>\" <sip:evil@y;lr>;tag=1;q=\"a\\\"\"");
    let start = "{\"input\":\"\\\"Bank <sip:bank@x>\\\" <sip:evil@y;lr>;tag=1;q=\\\"a\\\\\\\"\\\"\",\
        \"display\":\"Bank <sip:bank@x>\",\"uri\":\"sip:evil@y;lr\",";
    assert!(name.starts_with(start), "{name}");
    let end = "\"params\":{\"tag\":\"1\",\"q\":\"a\\\"\"},\"tag\":\"1\",\"error\":null}";
    assert!(name.ends_with(end), "{name}");
    assert_eq!(values::uri("nothing"), "{\"input\":\"nothing\",\"error\":\"no URI scheme\"}");
}

#[test]
fn lists_and_repeated_headers_lose_nothing() {
    let list = values::name_addr("\"A, B\" <sip:a@h>, <sip:c@h>;q=1");
    let middle = "\"display\":\"A, B\",\"uri\":\"sip:a@h\",";
    assert!(list.contains(middle), "{list}");
    assert!(list.contains("{\"display\":null,\"uri\":\"sip:c@h\","), "{list}");
    assert!(list.ends_with("\"tag\":null}],\"error\":null}"), "{list}");
    let unquoted = values::name_addr("A, B <sip:a@h>");
    assert!(unquoted.ends_with(",\"error\":\"malformed value\"}"), "{unquoted}");
    let uri = values::uri("sip:h?Route=a&Route=b");
    assert!(uri.contains("\"headers\":{\"Route\":\"a, b\"}"), "{uri}");
}

#[test]
fn a_report_says_what_is_malformed() {
    let table = [
        ("rfc4475", "insuf", "no From"),
        ("rfc4475", "multi01", "more than one From"),
        ("rfc4475", "mcl01", "framing: a header line or Content-Length"),
        ("rfc5118", "ipv6-bad", "Request-URI: malformed port"),
        ("torture", "quotbal", "To: unterminated quoted string"),
        ("torture", "badinv01", "Via: malformed parameter"),
        ("torture", "scalar02", "CSeq: missing or overlarge number"),
        ("torture", "escruri", "Request-URI: headers in it"),
        ("torture", "mismatch01", "CSeq: another method than that of the request"),
        ("torture", "regbadct", "Contact: malformed value"),
        ("torture", "badvers", "Version Not Supported"),
    ];
    for (folder, name, expected) in table {
        assert_eq!(report(folder, name).error.as_deref(), Some(expected), "{name}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_others_reported() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/core/data/rfc4475");
    let files: [OsString; 2] = [data.join("missing").into(), data.join("bext01.dat").into()];
    for (mode, lines) in [(Mode::Frame, 1), (Mode::Uri, 11), (Mode::NameAddr, 11)] {
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        assert!(!run(mode, &files, &mut out, &mut errors).expect("written"));
        let (out, errors) = (String::from_utf8(out), String::from_utf8(errors));
        assert_eq!(out.map(|out| out.lines().count()), Ok(lines));
        let errors = errors.expect("text");
        assert!(errors.starts_with("sipcheck: ") && errors.contains("missing: "), "{errors}");
        assert!(run(mode, &files[1..], &mut Vec::new(), &mut Vec::new()).expect("written"));
    }
}
