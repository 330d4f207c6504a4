//! What chapter 6 promises, at its public interface.

use common::{Log, Told, Virtual, executor, watchdog};
use event_loop::Clock;

#[path = "tasks/common.rs"]
mod common;
#[path = "tasks/ends.rs"]
mod ends;
#[path = "tasks/futures.rs"]
mod futures;
#[path = "tasks/handles.rs"]
mod handles;
#[path = "tasks/limit.rs"]
mod limit;
#[path = "tasks/misuse.rs"]
mod misuse;
#[path = "tasks/model.rs"]
mod model;
#[path = "tasks/nesting.rs"]
mod nesting;
#[path = "tasks/order.rs"]
mod order;
#[path = "tasks/others_code.rs"]
mod others_code;
#[path = "tasks/program.rs"]
mod program;
#[path = "tasks/random.rs"]
mod random;
#[path = "tasks/runs.rs"]
mod runs;
#[path = "tasks/safe.rs"]
mod safe;
#[path = "tasks/sizes.rs"]
mod sizes;
#[path = "tasks/threads.rs"]
mod threads;
#[path = "tasks/turns.rs"]
mod turns;

/// Runs on virtual time.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    tasks::run(Clock::virtual_time(), future)
}

/// Runs by `clock`.
#[track_caller]
fn run_on<F: Future>(clock: Clock, future: F) -> F::Output {
    tasks::run(clock, future)
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
