//! What chapter 16 promises.

#[cfg(unix)]
#[path = "cores/service.rs"]
mod service;
#[path = "cores/spawning.rs"]
mod spawning;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
