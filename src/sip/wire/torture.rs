//! The messages of RFC 4475 §3.1, and mutations of them.

use super::*;

macro_rules! data {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"), "/tests/core/data/torture/", $name, ".dat"
        )).as_slice())),*]
    };
}

const DATA: [(&str, &[u8]); 32] = data! {
    "badaspec" "baddate" "baddn" "badinv01" "badvers" "bigcode" "clerr" "dblreq" "esc01" "esc02"
    "escnull" "escruri" "intmeth" "longreq" "ltgtruri" "lwsdisp" "lwsruri" "lwsstart"
    "mismatch01" "mismatch02" "mpart01" "ncl" "noreason" "quotbal" "regbadct" "scalar02"
    "scalarlg" "semiuri" "transports" "trws" "unreason" "wsinv"
};

const GOOD: [&[u8]; 4] = [
    b"INVITE sip:1001@x.invalid;transport=ws SIP/2.0\r\nRecord-Route: <sip:192.0.2.1;r2=on;lr>,\r\n \
    <sip:192.0.2.1;transport=ws;r2=on;lr>\r\nv: SIP/2.0/WSS p.example;branch=z9hG4bKa;rport, \
    SIP/2.0/UDP [2001:db8::1]:5060;received=2001:db8::2;branch=z9hG4bKb\r\nMax-Forwards: 69\r\n\
    f: \"Jos\xE9 \\\"P\\\"\" <sip:1002@example.com>;tag=a\r\nt: <sip:1001@example.com>\r\ni: x@y\r\n\
    CSeq: 102 INVITE\r\nm: <sip:1002@192.0.2.7:5060;ob>;+sip.instance=\"<urn:uuid:1>\"\r\n\
    k: 100rel, timer\r\nx: 1800;refresher=uac\r\nc: application/sdp\r\nl: 5\r\n\r\nv=0\r\n",
    b"SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKc\r\n\
    From: <sip:1001@example.com>;tag=a\r\nTo: <sip:1001@example.com>;tag=b\r\nCall-ID: z\r\n\
    CSeq: 1 REGISTER\r\nWWW-Authenticate: Digest realm=\"example.com\", nonce=\"Z1\", \
    algorithm=SHA-256, qop=\"auth,auth-int\", stale=true\r\nContent-Length: 0\r\n\r\n",
    b"SIP/2.0 200 OK\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKc\nFrom: sip:1001@h;tag=a\n\
    To: sip:1001@h;tag=b\nCall-ID: z\nCSeq: 2 REGISTER\nContact: <sip:a@x>;expires=60, *\n\n",
    b"NOTIFY tel:+34600;phone-context=x SIP/2.0\r\nVia: SIP/2.0/WSS x;branch=z9hG4bKd\r\n\
    From: A <sip:a@h?X=%20>;tag=1\r\nTo: sip:b@h;tag=2\r\nCall-ID: n\r\nCSeq: 9 NOTIFY\r\n\
    Event: dialog;id=1\r\nSubscription-State: active;expires=9\r\nl: 4\r\n\r\n\0\xFF\r\n",
];

fn data(name: &str) -> &'static [u8] {
    DATA.iter().find(|(key, _)| *key == name).expect("a file of that name").1
}

fn request(name: &str) -> Request {
    match parse(data(name)) {
        Ok(Frame::Request(request)) => request,
        other => panic!("{name}: {other:?}"),
    }
}

fn response(name: &str) -> Response {
    match parse(data(name)) {
        Ok(Frame::Response(response)) => response,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn each_message_is_accepted_rejected_or_dropped_as_the_rfc_asks() {
    let requests = "badaspec baddate dblreq esc01 esc02 escnull intmeth longreq lwsdisp lwsstart \
        mpart01 semiuri transports trws wsinv";
    let bad_requests = "baddn badinv01 clerr escruri ltgtruri lwsruri mismatch01 mismatch02 ncl \
        quotbal regbadct scalar02";
    for (name, message) in DATA {
        let has = |list: &str| list.split_whitespace().any(|item| item == name);
        let read = parse(message);
        let as_expected = match &read {
            Ok(Frame::Request(_)) => has(requests),
            Ok(Frame::Response(_)) => has("noreason unreason"),
            Err(WireError::Reject { status: 400, .. }) => has(bad_requests),
            Err(WireError::Reject { status: 505, .. }) => name == "badvers",
            Err(WireError::Drop(_)) => has("bigcode scalarlg"),
            _ => false,
        };
        assert!(as_expected, "{name}: {read:?}");
    }
}

#[test]
fn wsinv_is_read_through_its_white_space() {
    let read = request("wsinv");
    assert_eq!(read.uri.to_string(), "sip:vivekg@chair-dnrc.example.com;unknownparam");
    assert_eq!(read.to().expect("To").tag(), Some("1918181833n"));
    let from = read.from().expect("From");
    assert_eq!(from.display.as_deref(), Some("J Rosenberg \\\""));
    assert_eq!(from.tag(), Some("98asjd8"));
    assert_eq!(read.cseq(), Some(CSeq { seq: 9, method: Method::Invite }));
    assert_eq!(read.headers.get("Max-Forwards"), Some("0068"));
    assert_eq!(read.headers.get("Subject"), Some(""));
    assert_eq!(
        read.headers.get("NewFangledHeader"),
        Some("newfangled value continued newfangled value")
    );
    assert_eq!(read.headers.get("UnknownHeaderWithUnusualValue"), Some(";;,,;;,;"));
    let vias = read.headers.values("Via");
    let vias: Vec<_> = vias.iter().map(|via| Via::parse(via).expect(via)).collect();
    let branches: Vec<_> = vias.iter().filter_map(Via::branch).collect();
    assert_eq!(branches, ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]);
    let route = NameAddr::parse(read.headers.get("Route").expect("Route")).expect("a route");
    assert_eq!(
        route.uri.to_string(),
        "sip:services.example.com;lr;unknownwith=value;unknown-no-value"
    );
    let contact = read.contact().expect("a contact");
    assert_eq!(contact.display.as_deref(), Some("Quoted string \"\""));
    assert_eq!(contact.params.to_string(), ";newparam=newvalue;secondparam;q=0.33");
    assert_eq!(read.body.len(), 150);
}

#[test]
fn odd_methods_users_and_bytes_survive() {
    let read = request("intmeth");
    assert_eq!(read.method.as_str(), "!interesting-Method0123456789_*+`.%indeed'~");
    let to = read.to().expect("To");
    assert_eq!(to.display.as_deref(), Some("BEL:\u{7} NUL:\0 DEL:\u{7f}"));
    assert_eq!(to.uri.user().as_deref(), Some("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"));
    let from = read.from().expect("From");
    assert_eq!(from.display.as_deref(), Some("token1~` token2'+_ token3*%!.-"));
    assert_eq!(from.tag(), Some("_token~1'+`*%!-."));
    assert_eq!(from.params.unquoted("fromParam''~+*_!.-%").as_deref(), Some("работающий"));
    assert_eq!(read.call_id(), "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
    assert_eq!(read.headers.get("extensionHeader-!.%*+_`'~"), Some("\u{FEFF}大停電"));
    let echo = Response::to_request(&read, 501).write();
    let to = &b"To: \"BEL:\\\x07 NUL:\\\0 DEL:\\\x7F\" <sip:1_unusual.URI"[..];
    assert!(echo.windows(to.len()).any(|window| window == to));
}

#[test]
fn escapes_mean_what_they_escape_in_uris_only() {
    let read = request("esc01");
    assert_eq!(read.uri.user().as_deref(), Some("sips:user@example.com"));
    assert_eq!(read.uri.host().as_deref(), Some("example.net"));
    assert_eq!(read.to().expect("To").uri.user().as_deref(), Some("user"));
    let contact = read.contact().expect("a contact").uri;
    assert_eq!(contact.user().as_deref(), Some("caller"));
    assert_eq!(contact.param("lr").as_deref(), Some(""));
    assert_eq!(contact.param("name").as_deref(), Some("value%41"));

    let read = request("esc02");
    assert_eq!(read.method, Method::Other("RE%47IST%45R".into()));
    assert_eq!(read.to().expect("To").display.as_deref(), Some("%Z%45"));
    match Contacts::parse(&read.headers) {
        Ok(Contacts::List(list)) => assert_eq!(list.len(), 2),
        other => panic!("{other:?}"),
    }

    let read = request("escnull");
    assert_eq!(read.to().expect("To").uri.user().as_deref(), Some("null-\0-null"));
    match Contacts::parse(&read.headers) {
        Ok(Contacts::List(list)) => {
            let [one, two] = &list[..] else { panic!("{list:?}") };
            assert!(!one.uri.equivalent(&two.uri));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(request("semiuri").uri.user().as_deref(), Some("user;par=u@example.net"));
}

#[test]
fn framing_survives_length_binary_and_what_follows() {
    let read = request("dblreq");
    assert_eq!((&read.method, read.body.len()), (&Method::Register, 0));
    let read = request("mpart01");
    assert_eq!(read.body.len(), 553);
    assert!(data("mpart01").ends_with(&read.body) && read.body.contains(&0));
    let read = request("longreq");
    assert_eq!(read.headers.all("Via").count(), 34);
    assert_eq!(read.via().expect("a Via").host.to_string(), "sip33.example.com");
    let transports: Vec<_> = request("transports")
        .headers
        .values("Via")
        .iter()
        .map(|via| Via::parse(via).expect(via).transport)
        .collect();
    assert_eq!(transports, ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
    assert_eq!(request("lwsdisp").from().expect("From").display.as_deref(), Some("caller"));
    let to = request("badaspec").to().expect("To");
    assert_eq!(to.uri.to_string(), "sip:t.watson@example.org");
    assert_eq!(request("lwsstart").uri.to_string(), "sip:user@example.com");
    assert_eq!(response("noreason").reason, "");
    assert!(response("unreason").reason.starts_with("= 2**3 * 5**2 но сто"));
}

#[test]
fn what_is_written_reads_the_same() {
    for message in DATA.iter().map(|(_, message)| *message).chain(GOOD) {
        check_frame(message);
    }
    for message in GOOD {
        assert!(parse(message).is_ok(), "{}", String::from_utf8_lossy(message));
    }
}

#[test]
fn mutations_neither_panic_nor_change_when_written_and_read_again() {
    let seeds: Vec<&[u8]> = DATA.iter().map(|(_, message)| *message).chain(GOOD).collect();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut accepted = 0;
    for round in 0..20_000 {
        let mut message = seeds[round % seeds.len()].to_vec();
        for _ in 0..=random.below(3) {
            mutate(&mut message, &seeds, &mut random);
        }
        accepted += usize::from(check_frame(&message));
    }
    assert!(accepted > 2_000, "only {accepted} of the mutations were messages");
}

/// Reads a frame and everything in it; says whether it holds a message, which must then survive
/// being written.
fn check_frame(frame: &[u8]) -> bool {
    let read = parse(frame);
    let (written, headers) = match &read {
        Ok(Frame::Request(request)) => {
            check_answer(request);
            (request.write(), &request.headers)
        }
        Ok(Frame::Response(response)) => (response.write(), &response.headers),
        Err(WireError::Reject { request, .. }) => {
            check_answer(request);
            check_values(&request.headers);
            return false;
        }
        _ => return false,
    };
    assert_eq!(parse(&written), read, "{}", String::from_utf8_lossy(frame));
    check_values(headers);
    true
}

/// The answer to a request holds its headers on lines of their own and no others.
fn check_answer(request: &Request) {
    let answer = Response::to_request(request, 400);
    let written = answer.write();
    let lines = written.split(|byte| *byte == b'\n').count();
    assert_eq!(lines, answer.headers.iter().count() + 4);
    assert_eq!(written.iter().filter(|byte| **byte == b'\r').count(), lines - 1);
}

fn check_values(headers: &Headers) {
    for (name, value) in headers.iter() {
        for part in split_commas(value) {
            if let Ok(read) = NameAddr::parse(part) {
                assert!(read.uri.equivalent(&read.uri), "{part}");
                assert_eq!(NameAddr::parse(&read.to_string()), Ok(read), "{part}");
            }
            if let Ok(read) = Via::parse(part) {
                assert_eq!(Via::parse(&read.to_string()), Ok(read), "{part}");
            }
        }
        if let Ok((_, params)) = Params::split(value) {
            let again = ["x", &params.to_string()].concat();
            assert_eq!(Params::split(&again), Ok(("x", params)), "{value}");
        }
        if let Ok(read) = CSeq::parse(value) {
            assert_eq!(CSeq::parse(&read.to_string()), Ok(read));
        }
        let _ = Challenge::parse(value);
        assert!(display_text(value).chars().all(|ch| !ch.is_control()));
        assert_eq!(unescape(&escape_user(value)), *value);
        assert!(headers.has(name));
    }
}

fn mutate(message: &mut Vec<u8>, seeds: &[&[u8]], random: &mut Random) {
    const PIECES: [&[u8]; 24] = [
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n ",
        b"\r\n\r\n",
        b" ",
        b"\t",
        b"\0",
        b"\xFF",
        b"\xEF\x9E\x80",
        b"\xC3",
        b"\"",
        b"\\",
        b"<",
        b">",
        b";",
        b",",
        b":",
        b"=",
        b"@",
        b"%",
        b"%4",
        b"[::1]",
        b"?",
    ];
    let at = random.below(message.len() + 1);
    let end = (at + random.below(24)).min(message.len());
    match random.below(6) {
        0 => {
            if let Some(byte) = message.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => drop(message.drain(at..end)),
        2 => message.truncate(at),
        3 => {
            let piece = message[at..end].to_vec();
            message.splice(at..at, piece);
        }
        4 => {
            let other = seeds[random.below(seeds.len())];
            let from = random.below(other.len());
            let to = (from + random.below(80)).min(other.len());
            message.splice(at..end, other[from..to].iter().copied());
        }
        _ => drop(message.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
    }
}

/// xorshift64: the same mutations on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}
