//! What chapter 10 promises.

#[path = "wakers/at_clone.rs"]
mod at_clone;
#[path = "sync/budget.rs"]
mod budget;
#[path = "sync/channels.rs"]
mod channels;
#[path = "sync/common.rs"]
mod common;
#[path = "sync/foreign.rs"]
mod foreign;
#[path = "sync/futures.rs"]
mod futures;
#[path = "wakers/heard.rs"]
mod heard;
#[path = "sync/model.rs"]
mod model;
#[path = "sync/queues.rs"]
mod queues;
#[path = "sync/suspended.rs"]
mod suspended;
#[path = "sync/threads.rs"]
mod threads;
#[path = "sync/turns.rs"]
mod turns;
#[path = "sync/waits.rs"]
mod waits;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
