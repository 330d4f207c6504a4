//! How much memory an idle task takes, ours and tokio's.
//!
//! ```sh
//! cargo run --release --manifest-path crates/bench/Cargo.toml --bin idle
//! ```
#![forbid(unsafe_code)]

use std::alloc::System;
use std::hint::black_box;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context, Poll};

use event_loop::Clock;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The queue and the list of tasks have grown to this power of two; what they take for a task is told apart.
const TASKS: usize = 1 << 16;

/// Bytes asked for, for each task.
struct Taken {
    /// In allocations of the task's own: what a second batch takes, after a first one of the same size is gone.
    own: usize,
    /// With its share of the queue and of the list, which stay.
    all: usize,
}

/// What `TASKS` tasks take that `spawn` makes; `end` ends one.
async fn measure<T>(spawn: impl Fn() -> T, end: impl AsyncFn(T)) -> Taken {
    let mut handles: Vec<T> = Vec::with_capacity(TASKS);
    let mut taken = [0; 2];
    for taken in &mut taken {
        let region = Region::new(ALLOCATOR);
        handles.extend((0..TASKS).map(|_| spawn()));
        let stats = region.change();
        *taken = (stats.bytes_allocated - stats.bytes_deallocated) / TASKS;
        for handle in handles.drain(..) {
            end(handle).await;
        }
    }
    let [all, own] = taken;
    Taken { own, all }
}

/// A future that has `N` bytes of state and never ends.
struct Idle<const N: usize>([u8; N]);

impl<const N: usize> Future for Idle<N> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        black_box(&self.0);
        Poll::Pending
    }
}

fn ours<const N: usize>() -> Taken {
    let spawn = || task_cell::spawn(Idle([0; N]));
    task_cell::run(
        Clock::real(),
        measure(spawn, async |task| {
            task.abort();
            task.await.expect_err("it was aborted");
        }),
    )
}

fn theirs<const N: usize>() -> Taken {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    let spawn = || tokio::spawn(Idle([0; N]));
    runtime.block_on(measure(spawn, async |task| {
        task.abort();
        task.await.expect_err("it was aborted");
    }))
}

fn row<const N: usize>(goal: usize) -> bool {
    let (ours, theirs) = (ours::<N>(), theirs::<N>());
    let met = ours.own <= goal;
    let said = if met { "met" } else { "MISSED" };
    println!(
        "idle task, {N:2} bytes of state: {:4} ({:4})   tokio {:4} ({:4})   goal {goal} {said}",
        ours.own, ours.all, theirs.own, theirs.all
    );
    met
}

fn main() -> ExitCode {
    println!("bytes of its own (and with its share of queue and list)");
    match [row::<0>(128), row::<64>(192)] {
        [true, true] => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
