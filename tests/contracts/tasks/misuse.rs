//! Misuse panics with words that say what to do, at the line of whoever did it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use polling::yield_now;
use tasks::{promise, spawn, stop};
pub(crate) use workbook_tests::blame::panic_of;

use crate::{Virtual, executor, run};

#[track_caller]
fn says(misuse: impl FnOnce(), wanted: &str) {
    let words = panic_of(misuse);
    assert!(words.contains(wanted), "it says: {words}");
}

#[test]
fn what_needs_an_executor_says_so() {
    let wanted = "needs an executor that is running on this thread: call it in a task";
    says(|| drop(spawn(async {})), &format!("spawn {wanted}"));
    says(|| tasks::call_soon(|| ()), &format!("call_soon {wanted}"));
    says(|| stop(), &format!("stop {wanted}"));
    let kept = promise::<u32>();
    says(|| kept.add_done_callback(|_| ()), "add_done_callback needs");
}

fn closed() -> Virtual {
    let mut executor = executor();
    executor.close();
    executor
}

#[test]
fn a_closed_executor_says_so() {
    let wanted = "the executor is closed: make a new one with Executor::new";
    says(|| drop(closed().spawn(async {})), wanted);
    says(|| closed().call_soon(|| ()), wanted);
    says(|| closed().run_until_complete(async {}), wanted);
    says(|| closed().run_forever(), wanted);
    let mut executor = executor();
    let task = executor.spawn(async {});
    executor.run_until_complete(yield_now());
    executor.close();
    says(|| task.add_done_callback(|()| ()), wanted);
}

#[test]
fn a_loop_inside_a_loop_says_so() {
    let wanted =
        "a loop inside a loop would stop the outer one; await the future instead";
    says(|| run(async { run(async {}) }), wanted);
    let mut inner = executor();
    says(|| run(async { inner.run_forever() }), wanted);
    // It was refused before anything changed.
    inner.run_until_complete(yield_now());
}

#[test]
fn a_root_that_was_stopped_has_no_result() {
    let mut executor = executor();
    let stopped = async {
        stop();
        yield_now().await;
        yield_now().await;
    };
    let wanted = "stop() was called before the future was over";
    says(|| executor.run_until_complete(stopped), wanted);
    executor.run_until_complete(yield_now());
}

/// The words of a panic inside a poll, which has no line of the caller.
pub(crate) fn words_of(misuse: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(misuse)).unwrap_err();
    *payload.downcast::<String>().unwrap()
}

#[test]
fn a_result_is_given_once() {
    let mut executor = executor();
    let mut task = executor.spawn(async { 7 });
    executor.run_until_complete(&mut task);
    let wanted = "Task-1 (spawned in misuse.rs): its result is gone";
    says(|| task.add_done_callback(|_| ()), wanted);
    let words = words_of(|| _ = executor.run_until_complete(&mut task));
    assert!(
        words.contains("its result was taken; await a handle once"),
        "{words}"
    );
}
