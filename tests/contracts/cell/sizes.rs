//! How large a future may be: it lies on the stack before it is in its cell.

use std::thread;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, spawn};
use wakers::ThreadPark;

/// What a thread has if nobody asks for another size.
const STACK: usize = 2 << 20;

/// An eighth of it without optimisation, where each move is a copy of its own; else nearly a half.
const LARGE: usize = if cfg!(debug_assertions) {
    STACK / 8
} else {
    STACK / 16 * 7
};

/// Runs `test` on a stack of an ordinary thread. (One that overflows ends the process.)
fn on_a_stack(test: fn()) {
    let thread = thread::Builder::new().stack_size(STACK).spawn(test);
    thread.unwrap().join().unwrap();
}

async fn large() -> u8 {
    let state = [7; LARGE];
    yield_now().await;
    state[LARGE - 1]
}

#[test]
fn a_large_future_is_spawned_in_a_task() {
    on_a_stack(|| {
        task_cell::run(Clock::virtual_time(), async {
            assert_eq!(spawn(large()).await.unwrap(), 7);
        });
    });
}

#[test]
fn a_large_future_is_spawned_between_runs() {
    on_a_stack(|| {
        let mut executor = Executor::new(ThreadPark::new());
        let task = executor.spawn(large());
        assert_eq!(executor.run_until_complete(task).unwrap(), 7);
    });
}

#[test]
fn a_large_future_is_the_root() {
    on_a_stack(|| assert_eq!(task_cell::run(Clock::virtual_time(), large()), 7));
}
