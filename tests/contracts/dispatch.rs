//! What chapter 21's dispatch promises.

#[path = "dispatch/crowd.rs"]
mod crowd;
#[path = "dispatch/nights.rs"]
mod nights;
#[path = "dispatch/orders.rs"]
mod orders;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
