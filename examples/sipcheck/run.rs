//! Goes through the files and prints what is in them.

use super::{check, values};
use std::ffi::OsString;
use std::io::{self, Write};

/// What a file holds.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    /// One frame.
    Frame,
    /// A URI on each line.
    Uri,
    /// An address with its name on each line.
    NameAddr,
}

/// Prints the reports to `out`, and which files could not be read to `errors`. Returns whether all
/// could; an error is one of writing.
pub(crate) fn run(
    mode: Mode,
    files: &[OsString],
    out: &mut impl Write,
    errors: &mut impl Write,
) -> io::Result<bool> {
    let mut all_read = true;
    for file in files {
        let name = file.to_string_lossy();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                writeln!(errors, "sipcheck: {name}: {error}")?;
                all_read = false;
                continue;
            }
        };
        let read: fn(&str) -> String = match mode {
            Mode::Frame => {
                writeln!(out, "{}", check::check(&bytes).to_json(&name))?;
                continue;
            }
            Mode::Uri => values::uri,
            Mode::NameAddr => values::name_addr,
        };
        for line in String::from_utf8_lossy(&bytes).lines() {
            writeln!(out, "{}", read(line))?;
        }
    }
    Ok(all_read)
}
