//! What chapter 17 promises.

#[path = "web/files.rs"]
mod files;
#[path = "web/folders.rs"]
mod folders;
#[path = "web/outside.rs"]
mod outside;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
