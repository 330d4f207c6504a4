//! How much memory an idle task takes, ours and tokio's. Only the binary `allocations` can tell: its allocator
//! counts.

use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll};

use event_loop::Clock;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::row::{Code, Side, Work};
use crate::timing::tokio;

/// The queue and the list of tasks have grown to this power of two, so that they grow no more.
const TASKS: u64 = 1 << 16;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let side = |name, code| Side {
        name,
        code: Code::Memory(code),
    };
    let work = |name, ours, theirs| Work {
        counted: 0,
        ..Work::new(name, TASKS, vec![side("ours", ours), side("tokio", theirs)])
    };
    vec![
        work("idle", ours::<0>, theirs::<0>),
        work("idle-64", ours::<64>, theirs::<64>),
    ]
}

/// The bytes asked for by each of `count` tasks that `spawn` makes; `end` ends one.
///
/// Only the task's own are meant. So it is a second batch that counts, after a first one of the same size is gone,
/// for which the queue and the list of tasks have grown.
async fn measure<T>(count: u64, spawn: impl Fn() -> T, end: impl AsyncFn(T)) -> u64 {
    let mut handles: Vec<T> = Vec::with_capacity(count as usize);
    let mut taken = 0;
    for _batch in 0..2 {
        let region = Region::new(&INSTRUMENTED_SYSTEM);
        handles.extend((0..count).map(|_| spawn()));
        let stats = region.change();
        taken = (stats.bytes_allocated - stats.bytes_deallocated) as u64 / count;
        for handle in handles.drain(..) {
            end(handle).await;
        }
    }
    taken
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

/// The bytes of each idle task of ours, with `N` bytes of state.
pub(crate) fn ours<const N: usize>(count: u64) -> u64 {
    let spawn = || task_cell::spawn(Idle([0; N]));
    task_cell::run(
        Clock::real(),
        measure(count, spawn, async |task| {
            task.abort();
            task.await.expect_err("it was aborted");
        }),
    )
}

fn theirs<const N: usize>(count: u64) -> u64 {
    let spawn = || tokio::spawn(Idle([0; N]));
    tokio().block_on(measure(count, spawn, async |task| {
        task.abort();
        task.await.expect_err("it was aborted");
    }))
}
