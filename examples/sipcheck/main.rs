//! Shows what WebPhone's user agent does with a message, for whoever debugs a server.
//!
//! `sipcheck FILE…` feeds each file, as one WebSocket frame, to a user agent that is registered as
//! `sip:1001@example.com` over WSS, and prints one line of JSON a file. `reply` is the final status
//! that it sends by itself: `null` where it drops the frame or waits for the user.
//! `sipcheck --uri FILE…` and `sipcheck --nameaddr FILE…` read a value from each line and print its
//! parts.

#[path = "../../tests/agent.rs"]
mod agent;
mod check;
mod fault;
mod run;
mod values;

use run::{Mode, run};
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

const USAGE: &str = "usage: sipcheck [--uri|--nameaddr] FILE...";

fn main() -> ExitCode {
    let mut files: Vec<OsString> = std::env::args_os().skip(1).collect();
    let option = files.first().filter(|first| first.to_string_lossy().starts_with("--"));
    let mode = match option.map(|option| option.to_string_lossy()).as_deref() {
        None | Some("--") => Some(Mode::Frame),
        Some("--uri") => Some(Mode::Uri),
        Some("--nameaddr") => Some(Mode::NameAddr),
        Some(_) => None,
    };
    if option.is_some() {
        files.remove(0);
    }
    let Some(mode) = mode.filter(|_| !files.is_empty()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(mode, &files, &mut io::stdout().lock(), &mut io::stderr().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        // Whoever reads the reports, such as `head`, has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sipcheck: {error}");
            ExitCode::FAILURE
        }
    }
}
