//! How much memory an idle task takes, ours and others'. Only the binary `allocations` can tell: its allocator
//! counts.

use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll};

use event_loop::Clock;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::peers::{Compio, LocalExecutor, LocalPool, Monoio, Peer};
use crate::python;
use crate::row::{Side, Work};
use crate::timing::tokio;

/// The queue and the list of tasks have grown to this power of two, so that they grow no more.
const TASKS: u64 = 1 << 16;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    vec![work::<0>("idle"), work::<64>("idle-64")]
}

fn work<const N: usize>(name: &'static str) -> Work {
    let sides = vec![
        Side::memory("ours", ours::<N>),
        Side::memory("tokio", theirs::<N>),
        on::<N, LocalExecutor>(),
        on::<N, LocalPool>(),
        on::<N, Monoio>(),
        on::<N, Compio>(),
        python::only_asyncio(name, 16),
    ];
    Work {
        counted: 0,
        ..Work::new(name, TASKS, sides)
    }
}

/// Those that cannot abort a task: it ends when it is polled first, which is after all have been counted.
fn on<const N: usize, P: Peer>() -> Side {
    Side {
        absent: P::absent,
        ..Side::memory(P::NAME, |count| {
            let spawn = || P::spawn(Ends([0; N]));
            P::run(measure(count, spawn, async |task| task.await))
        })
    }
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

/// The same, which ends at once.
struct Ends<const N: usize>([u8; N]);

impl<const N: usize> Future for Ends<N> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        black_box(&self.0);
        Poll::Ready(())
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
