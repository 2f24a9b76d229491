//! Shows what WebPhone's user agent does with a message, for whoever debugs a server.
//!
//! `sipcheck FILE…` feeds each file, as one WebSocket frame, to a user agent that is registered as
//! `sip:1001@example.com` over WSS, and prints one line of JSON a file. `reply` is the final status
//! that it sends by itself: `null` where it drops the frame or waits for the user.
//! `sipcheck --uri FILE…` and `sipcheck --nameaddr FILE…` read a value from each line and print its
//! parts.

mod check;
mod json;
mod values;

use std::process::ExitCode;

const USAGE: &str = "usage: sipcheck [--uri|--nameaddr] FILE...";

fn main() -> ExitCode {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mode = if files.first().is_some_and(|first| first.starts_with("--")) {
        files.remove(0)
    } else {
        String::new()
    };
    if files.is_empty() || !["", "--", "--uri", "--nameaddr"].contains(&mode.as_str()) {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    let mut code = ExitCode::SUCCESS;
    for file in &files {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("sipcheck: {file}: {error}");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let read: fn(&str) -> String = match mode.as_str() {
            "--uri" => values::uri,
            "--nameaddr" => values::name_addr,
            _ => {
                println!("{}", check::check(&bytes).to_json(file));
                continue;
            }
        };
        for line in String::from_utf8_lossy(&bytes).lines() {
            println!("{}", read(line));
        }
    }
    code
}
