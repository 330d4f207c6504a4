//! What chapter 14 promises.

#[path = "threads/cancelling.rs"]
mod cancelling;
#[path = "threads/common.rs"]
mod common;
#[path = "threads/ends.rs"]
mod ends;
#[path = "threads/files.rs"]
mod files;
#[path = "threads/foreign.rs"]
mod foreign;
#[path = "threads/jobs.rs"]
mod jobs;
#[path = "threads/loops.rs"]
mod loops;
#[path = "threads/names.rs"]
mod names;
#[path = "threads/pool.rs"]
mod pool;
#[path = "threads/remote.rs"]
mod remote;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
