//! What chapter 10 promises.

#[path = "sync/common.rs"]
mod common;
#[path = "sync/futures.rs"]
mod futures;
#[path = "sync/turns.rs"]
mod turns;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
