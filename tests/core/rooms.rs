//! What each room of the house refuses to know, where the compiler does not see to it.

use std::fs;
use std::path::Path;

/// A room, and the names that its code must not have.
const REFUSALS: &[(&str, &[&str])] = &[
    ("ui", &["sip::"]),
    ("platform", &["crate::phone", "crate::sip", "crate::station", "crate::driver", "crate::ui"]),
    ("media", &["crate::phone", "crate::sip::ua", "crate::station", "crate::platform"]),
    ("phone", &["crate::station", "crate::platform", "crate::driver", "crate::ui"]),
    ("sip", &["crate::phone", "crate::station", "crate::platform", "crate::driver", "crate::ui"]),
    ("station", &["crate::platform", "crate::driver", "crate::ui", "web_sys", "wasm_bindgen"]),
];

fn search(folder: &Path, refused: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            search(&path, refused, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        let code =
            text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in code {
            if refused.iter().any(|name| line.contains(name)) {
                found.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
}

#[test]
fn no_room_knows_what_it_refuses_to_know() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for (room, refused) in REFUSALS {
        search(&source.join(room), refused, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
