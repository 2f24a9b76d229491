//! What each room of the house refuses to know, where the compiler does not see to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the names that its code must not have.
const REFUSALS: &[(&str, &[&str])] = &[
    ("ui", &["sip::"]),
    ("platform", &["crate::phone", "crate::sip", "crate::station", "crate::driver", "crate::ui"]),
    ("media", &["crate::phone", "crate::sip::ua", "crate::station", "crate::platform"]),
    ("phone", &["crate::station", "crate::platform", "crate::driver", "crate::ui"]),
    ("sip", &["crate::phone", "crate::station", "crate::platform", "crate::driver", "crate::ui"]),
    ("portal", &["crate::sip", "crate::station", "crate::platform", "crate::driver", "crate::ui"]),
    // The driver carries out: it has no command for the user agent, and changes nothing of the telephone.
    ("driver", &["Command", "mut Phone"]),
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

/// The files of the user agent that may know each other both ways: it, and those of its parts that also
/// say what it does with them.
const USER_AGENT: [&str; 5] = ["message", "mod", "relations", "subscription::list", "unserved"];

#[test]
fn the_files_of_the_user_agent_know_each_other_one_way() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sip/ua");
    let files = files(&room, "");
    let known: BTreeMap<_, _> =
        files.iter().map(|(name, path)| (name.as_str(), uses(name, path, &files))).collect();
    assert!(known["session"].contains("core"), "the lines that begin with use are read");
    for (name, path) in &files {
        let text = fs::read_to_string(path).expect("a source file");
        let inline = text.lines().find(|line| {
            let is_code = !line.trim_start().starts_with("//") && !line.contains("use ");
            is_code && ["super::", "crate::sip::ua::"].iter().any(|path| line.contains(path))
        });
        assert_eq!(inline, None, "{name}: what it knows stands in its use lines");
    }
    let reached = |from: &str| {
        let mut reached = BTreeSet::new();
        let mut left = vec![from.to_owned()];
        while let Some(next) = left.pop() {
            let new = known[next.as_str()].iter().filter(|name| reached.insert(name.to_string()));
            left.extend(new.cloned());
        }
        reached
    };
    let in_rings: Vec<_> = known.keys().filter(|name| reached(name).contains(**name)).collect();
    assert_eq!(in_rings, USER_AGENT.iter().collect::<Vec<_>>());
}

/// The modules below `folder`, by the path that leads there.
fn files(folder: &Path, prefix: &str) -> BTreeMap<String, PathBuf> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("a file").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let name = [prefix, &stem].concat();
        if path.is_dir() {
            all.extend(files(&path, &format!("{name}::")));
        } else {
            all.insert(name, path);
        }
    }
    all
}

/// The modules that the `use` lines of `path`, the module `name`, lead to.
fn uses(name: &str, path: &Path, files: &BTreeMap<String, PathBuf>) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("a source file");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let here: Vec<_> = name.split("::").filter(|part| *part != "mod").collect();
    let mut found = BTreeSet::new();
    let mut lines = code.lines();
    let mut before = "";
    while let Some(line) = lines.next() {
        let is_code = before != "#[cfg(doc)]";
        before = line;
        let Some((_, first)) = line.split_once("use ").filter(|(start, _)| {
            is_code && (start.is_empty() || start.starts_with("pub") && !start.contains("//"))
        }) else {
            continue;
        };
        let mut tree = first.to_owned();
        while !tree.ends_with(';') {
            tree.push_str(lines.next().expect("the end of a use").trim());
        }
        let tree = tree.trim_end_matches(';');
        let (path, leaves) = tree.split_once("::{").unwrap_or((tree, ""));
        let leaves = leaves.trim_end_matches('}').split(',').map(str::trim);
        for leaf in leaves {
            let full = [path, "::", leaf].concat();
            found.extend(module(&here, &full, files).filter(|found| found != name));
        }
    }
    found
}

/// The module of the user agent that a path in the module `here` leads to.
fn module(here: &[&str], path: &str, files: &BTreeMap<String, PathBuf>) -> Option<String> {
    let inside = path.strip_prefix("crate::sip::ua");
    let mut parts = if inside.is_some() { Vec::new() } else { here.to_vec() };
    let is_own = inside.is_some() || path.starts_with("super::") || path.starts_with("self::");
    for (index, part) in
        inside.unwrap_or(path).split("::").filter(|one| !one.is_empty()).enumerate()
    {
        match part {
            "super" => _ = parts.pop()?,
            "self" => {}
            part => {
                parts.push(part);
                if !is_module(&parts, files) {
                    parts.pop();
                    // What is neither ours nor a module below is a crate.
                    if index == 0 && !is_own {
                        return None;
                    }
                    break;
                }
            }
        }
    }
    let name = parts.join("::");
    let folder = [name.as_str(), "::mod"].concat();
    let all = [name.as_str(), folder.trim_start_matches("::")];
    all.into_iter().find(|name| files.contains_key(*name)).map(str::to_owned)
}

fn is_module(parts: &[&str], files: &BTreeMap<String, PathBuf>) -> bool {
    let name = parts.join("::");
    files.contains_key(&name) || files.contains_key(&format!("{name}::mod"))
}
