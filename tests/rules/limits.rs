//! No test target can hang for ever.

use std::fs;

use workbook_tests::root;

use crate::assert_none;

/// What ends a target of ordinary tests, and what starts one of trials, each of which has a limit.
const ENDS: &str = "#[test]\nfn _a_test_that_hangs_is_ended() {\n    workbook_tests::limits::watch_over_all();\n}";
const STARTS: &str = " run(";

#[test]
fn every_target_has_a_limit() {
    let tests = root().join("tests");
    let manifest = fs::read_to_string(tests.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let targets = manifest["test"].as_array().unwrap();
    let broken = targets.iter().filter_map(|target| {
        let path = target["path"].as_str().unwrap();
        let text = fs::read_to_string(tests.join(path)).unwrap();
        let is_ordinary = target.get("harness").is_none();
        let needed = if is_ordinary { ENDS } else { STARTS };
        let there = text.replace("\r\n", "\n").contains(needed);
        (!there).then(|| format!("tests/{path} has none: {needed}"))
    });
    assert_none("a test that hangs is ended", broken.collect());
}
