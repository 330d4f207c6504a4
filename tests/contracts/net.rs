//! What chapter 12 promises, at its public interface.

#[path = "net/faults.rs"]
mod faults;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
