//! The rules that every chapter keeps, read from the files and manifests as they are.
//!
//! Each test lists all that breaks its rule, not only the first.

mod clocks;
mod counts;
mod examples;
mod floor;
mod hooks;
mod ladders;
mod limits;
mod manifests;
mod package;
mod readme;
mod snapshots;
mod sources;

/// Fails with every line of `broken`, if there is any.
#[track_caller]
fn assert_none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
