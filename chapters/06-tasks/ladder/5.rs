//! The night of the taxis, on tasks
//!
//! Everything together: tasks, and the clock of chapter 5 to wait with.
//!
//!     /// Clones are the same runtime.
//!     #[derive(Clone)]
//!     pub struct Runtime {
//!         pub executor: Executor,
//!         pub timers: Timers,
//!     }
//!
//!     /// Makes a runtime, and drives what `program` makes of it.
//!     pub fn run<F: Future + 'static>(program: impl FnOnce(Runtime) -> F) -> F::Output
//!
//! The check lets the three taxis of the book drive on it, each in a task of its own, and compares what they say with
//! what ours print.
//!
//! needs: 5.4
//!
//! hint: What the program sleeps on and what the loop waits with must be the same clock.
//!
//! hint: Timers; a `TimerPark` on them, with a `ThreadPark` below; an executor with its unparker; a runtime; `block_on`.
//!
//! hint: Line for line:
//!
//!     let timers = Timers::new();
//!     let mut park = TimerPark::new(&timers, ThreadPark::new());
//!     let executor = Executor::new(park.unparker());
//!     let future = program(Runtime {
//!         executor: executor.clone(),
//!         timers,
//!     });
//!     executor.block_on(&mut park, future)
//!
//! done: The night in which chapter 2's loop resumed three coroutines is now played by your own tasks, line for line.
//! Nothing in it is ours: the heap, the clock, the sleep, the queue and the loop are yours. What it cannot do yet is
//! hear anything from outside. Chapter 7 gives it ears.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use ladder::Taxi;
use mine::tasks::{Runtime, run};

/// One taxi's night: wait, go on, wait.
async fn night(runtime: Runtime, mut taxi: Taxi) {
    while let Some(next) = taxi.go_on(runtime.timers.now()) {
        let wait = next - runtime.timers.now();
        runtime.timers.sleep(wait).await;
    }
}

async fn simulation(runtime: Runtime) -> Duration {
    let start = |taxi| runtime.executor.spawn(night(runtime.clone(), taxi));
    let taxis = Taxi::three().map(start);
    for taxi in taxis {
        taxi.await;
    }
    runtime.timers.now()
}

/// Gives way so often.
async fn yields(times: usize) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

async fn sleeps(runtime: Runtime, seconds: u64) {
    runtime.timers.sleep(Duration::from_secs(seconds)).await;
}

/// When a task is over that gives way three times while another one sleeps.
async fn meanwhile(runtime: Runtime) -> Duration {
    runtime.executor.spawn(sleeps(runtime.clone(), 50));
    runtime.executor.spawn(yields(3)).await;
    runtime.timers.now()
}

fn main() {
    ladder::tries("a task that gives way three times, while another one sleeps for 50 s");
    ladder::hangs(
        "it never ends: is the executor that the program spawns on the one that is driven?",
    );
    let now = run(meanwhile);
    ladder::check!(
        now == Duration::ZERO,
        "the clock jumped to {now:?}, though somebody was ready: only who is idle may jump"
    );

    ladder::tries("the taxi simulation");
    ladder::hangs("the night never ends: does the clock jump that the taxis sleep on?");
    let total = run(simulation).as_secs();
    ladder::say(format_args!(
        "total: {total} s, as long as the last taxi was out"
    ));
    ladder::prints_as("06-tasks", "taxi");
}
