//! How large a future and its output may be: both lie on the stack before they are in their boxes.

use std::thread;

use event_loop::Clock;
use polling::yield_now;
use tasks::{Executor, spawn};
use wakers::ThreadPark;

/// What a thread has if nobody asks for another size.
const STACK: usize = 2 << 20;

/// A thirty-second of it: without optimisation each move is a copy of its own.
const LARGE: usize = STACK / 32;

/// Runs `test` on a stack of an ordinary thread. (One that overflows ends the process.)
fn on_a_stack(test: fn()) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(test);
    thread.unwrap().join().unwrap();
}

/// A future with a large state, and a large output.
async fn large() -> [u8; LARGE] {
    let state = [7; LARGE];
    yield_now().await;
    state
}

#[test]
fn a_large_output_is_given_to_whoever_awaits_the_task() {
    on_a_stack(|| {
        tasks::run(Clock::virtual_time(), async {
            assert_eq!(spawn(large()).await[LARGE - 1], 7);
        });
    });
}

#[test]
fn a_large_output_is_kept_between_runs() {
    on_a_stack(|| {
        let mut executor = Executor::new(ThreadPark::new());
        let task = executor.spawn(large());
        assert_eq!(executor.run_until_complete(task)[LARGE - 1], 7);
    });
}

#[test]
fn a_large_output_is_that_of_the_root() {
    on_a_stack(|| {
        let output = tasks::run(Clock::virtual_time(), large());
        assert_eq!(output[LARGE - 1], 7);
    });
}
