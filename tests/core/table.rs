//! docs/sip.md must not rot: what it names as a test is one, and each row has one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of all functions in the Rust files below `folder`.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let after = text.split("fn ").skip(1).filter_map(|rest| rest.split_once("()"));
            names.extend(after.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_test_that_the_table_of_rules_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    functions(&root.join("src"), &mut known);
    functions(&root.join("tests"), &mut known);
    let table = include_str!("../../docs/sip.md");
    let mut named = 0;
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let &[_, deed, tests] = &cells[..] else { panic!("three cells: {row}") };
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty() || deed.contains("not done"), "no test: {row}");
        for test in &tests {
            assert!(known.contains(*test), "{test} does not exist: {row}");
        }
        named += tests.len();
    }
    assert!(named > 150, "only {named} tests are named");
}
